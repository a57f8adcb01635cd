"""Rows received and what was kept of the last full run → `record` and `fingerprint`, as if all rows were read anew.

What a row is cleaned to follows from the row alone, so only new and changed rows are; which rows are one subject follows
from all of them. A subject's fingerprint stays as it was if its rows are the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from linkage.database import columns_of
from linkage.fingerprint import fingerprint
from linkage.standardise import standardise
from linkage.tables import FINGERPRINT, RECORD, raw
from linkage.weekly.state import Kept, lend

KEPT_RECORD = "record"
OF_THIS_RUN = ("row_id", "dataset", "subject_id", "record_id", "row_number")
"""Columns of a record that follow from all rows, or are told of every row anew."""


def standardise_changes(database: duckdb.DuckDBPyConnection, datasets: list[str], kept: Kept) -> None:
    """Make `record` as `standardise` does: rows that `row_key` knows are taken from `kept`, the others are cleaned."""
    changed = "SELECT dataset, row_number FROM row_key WHERE kept_id IS NULL"
    with only_rows(database, datasets, changed):
        standardise(database, datasets)
    database.execute(f'ALTER TABLE "{RECORD.name}" RENAME TO changed_record')
    columns = [name for name in columns_of(database, "changed_record") if name not in OF_THIS_RUN]
    with lend(database, kept, KEPT_RECORD) as kept_rows:
        _place(database, kept_rows)
        _gather(database, kept_rows, ", ".join(f'cleaned."{name}"' for name in columns))
    database.execute("DROP TABLE placed")
    database.execute("DROP TABLE changed_record")


def _place(database: duckdb.DuckDBPyConnection, kept_rows: str) -> None:
    """Make `placed`: `row_key` with the subject of each row."""
    database.execute(
        f"""
        CREATE TABLE placed AS
        SELECT row_id, dataset, row_number, kept_id, dense_rank() OVER (ORDER BY side, subject) - 1 AS subject_id
        FROM (
            SELECT row_key.*, changed_record.record_id AS subject
            FROM row_key JOIN changed_record USING (dataset, row_number)
            UNION ALL
            SELECT row_key.*, kept.record_id
            FROM row_key JOIN {kept_rows} kept ON kept.row_id = row_key.kept_id
        )
        """
    )


def _gather(database: duckdb.DuckDBPyConnection, kept_rows: str, columns: str) -> None:
    """Make `record` of `changed_record` and the kept rows that are still there."""
    selected = f"""
        SELECT placed.row_id, placed.dataset, placed.subject_id, cleaned.record_id, placed.row_number, {columns}
        FROM placed
    """
    database.execute(
        f"""
        CREATE TABLE "{RECORD.name}" AS
        {selected} JOIN changed_record cleaned USING (dataset, row_number)
        UNION ALL
        {selected} JOIN {kept_rows} cleaned ON cleaned.row_id = placed.kept_id
        """
    )


def fingerprint_changes(database: duckdb.DuckDBPyConnection, datasets: list[str]) -> None:
    """Make `fingerprint` as the function of that name does, from `kept_fingerprint` where a subject's rows are as they were."""
    database.execute(
        f"""
        CREATE TABLE same_subject AS
        SELECT subject_id, kept_subject, now.record_id
        FROM (
            SELECT subject_id, min(record.record_id) AS record_id, count(*) AS row_count, min(kept_subject) AS kept_subject
            FROM "{RECORD.name}" record JOIN row_key USING (row_id) LEFT JOIN kept_row USING (kept_id)
            GROUP BY subject_id
            HAVING count(*) = count(kept_subject) AND min(kept_subject) = max(kept_subject)
        ) now
        JOIN kept_fingerprint kept USING (kept_subject, row_count)
        WHERE now.record_id = kept.record_id
        """
    )
    touched = f"""
        SELECT dataset, row_number FROM "{RECORD.name}"
        WHERE subject_id NOT IN (SELECT subject_id FROM same_subject)
    """
    with only_rows(database, datasets, touched):
        fingerprint(database, datasets)
    columns = ", ".join(name for name in FINGERPRINT.columns if name != "subject_id")
    database.execute(
        f"""
        INSERT INTO "{FINGERPRINT.name}" BY NAME
        SELECT subject_id, {columns} FROM same_subject
        JOIN (SELECT * EXCLUDE (record_id), record_id AS kept_record_id FROM kept_fingerprint) USING (kept_subject)
        """
    )
    database.execute("DROP TABLE same_subject")


@contextmanager
def only_rows(database: duckdb.DuckDBPyConnection, datasets: list[str], rows: str) -> Iterator[None]:
    """For as long as the context is open, the raw tables hold only `rows`, a SELECT of dataset and row_number."""
    for dataset in datasets:
        database.execute(f'ALTER TABLE "{raw(dataset)}" RENAME TO "whole_{dataset}"')
        database.execute(
            f"""
            CREATE TABLE "{raw(dataset)}" AS SELECT * FROM "whole_{dataset}"
            WHERE row_number IN (SELECT row_number FROM ({rows}) WHERE dataset = '{dataset}')
            """
        )
    yield
    for dataset in datasets:
        database.execute(f'DROP TABLE "{raw(dataset)}"')
        database.execute(f'ALTER TABLE "whole_{dataset}" RENAME TO "{raw(dataset)}"')
