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
from linkage.weekly.places import place_rows
from linkage.weekly.state import Kept, lend

KEPT_RECORD = "record"
OF_THIS_RUN = ("row_id", "dataset", "subject_id", "record_id", "row_number")
"""Columns of a record that follow from all rows. The row number is that of a row in this run's file; of rows that have not
changed nobody asks for it."""


def standardise_changes(database: duckdb.DuckDBPyConnection, datasets: list[str], kept: Kept) -> None:
    """Make `record` as `standardise` does, with other ids in the same order: rows that `row_key` knows are taken from
    `kept`, the others, which are `placed`, are cleaned."""
    changed = "SELECT dataset, row_number FROM row_key WHERE kept_id IS NULL"
    with only_rows(database, datasets, changed):
        standardise(database, datasets)
    database.execute(f'ALTER TABLE "{RECORD.name}" RENAME TO changed_record')
    place_rows(database, datasets, kept)
    taken = [name for name in columns_of(database, "changed_record") if name not in OF_THIS_RUN]
    columns = ", ".join(f'"{name}"' for name in taken)
    with lend(database, kept, KEPT_RECORD) as kept_rows:
        database.execute(
            f"""
            CREATE TABLE "{RECORD.name}" AS
            SELECT placed.row_id, dataset, placed.subject_id, record_id, row_number, {columns}
            FROM changed_record JOIN placed USING (dataset, row_number)
            UNION ALL
            SELECT row_id, dataset, subject_id, record_id, NULL, {columns}
            FROM {kept_rows} WHERE row_id NOT IN (SELECT kept_id FROM gone)
            """
        )
    database.execute("DROP TABLE changed_record")


def fingerprint_changes(database: duckdb.DuckDBPyConnection, datasets: list[str], kept: Kept) -> None:
    """Make `fingerprint` as the function of that name does, from `kept` where a subject's rows are as they were."""
    database.execute(
        f"""
        CREATE TABLE touched AS
        SELECT subject_id FROM "{RECORD.name}" SEMI JOIN placed USING (row_id)
        UNION
        SELECT kept_subject FROM kept_row SEMI JOIN gone USING (kept_id)
        UNION
        SELECT unnest([subject_id, kept_subject]) FROM "{RECORD.name}" JOIN kept_row ON kept_id = row_id
        WHERE subject_id <> kept_subject
        """
    )
    database.execute(
        f"""
        UPDATE "{RECORD.name}" record SET row_number = row_key.row_number FROM row_key
        WHERE row_key.kept_id = record.row_id AND record.subject_id IN (FROM touched)
        """
    )
    rows = f'SELECT dataset, row_number FROM "{RECORD.name}" SEMI JOIN touched USING (subject_id)'
    with only_rows(database, datasets, rows):
        fingerprint(database, datasets)
    with lend(database, kept, "kept_fingerprint") as kept_fingerprints:
        database.execute(
            f"""
            INSERT INTO "{FINGERPRINT.name}" BY NAME
            SELECT * FROM {kept_fingerprints} ANTI JOIN touched USING (subject_id)
            """
        )
    database.execute("DROP TABLE touched")


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
