"""Rows received and the state of the last full run → `record` and `fingerprint`, as if all rows were cleaned anew.

The cleaned values of a row depend on that row alone, so only new and changed rows are cleaned. The ids depend on all rows, so
they are given anew. A subject's fingerprint is kept if all its rows are the same.
"""

import duckdb

from linkage.database import columns_of
from linkage.fingerprint import fingerprint
from linkage.standardise import standardise
from linkage.tables import FINGERPRINT, RECORD, raw
from linkage.weekly.row_ids import give_ids
from linkage.weekly.state import Kept, lend

KEPT_RECORD = "record"
OF_THIS_RUN = ("row_id", "dataset", "subject_id", "record_id", "row_number")
"""Columns of `record` that are not a field's. Unchanged rows have no row_number: nothing reads it."""


def standardise_changes(database: duckdb.DuckDBPyConnection, datasets: list[str], kept: Kept) -> None:
    """Make `record` as `standardise` does, with other ids in the same order: unchanged rows are taken from the state, the
    others are cleaned. Also makes `changed_id` (see `row_ids`), the ids of the latter."""
    for dataset in datasets:
        _keep_changed(database, dataset)
    standardise(database, datasets)
    database.execute(f'ALTER TABLE "{RECORD.name}" RENAME TO changed_record')
    give_ids(database, datasets, kept)
    taken = [name for name in columns_of(database, "changed_record") if name not in OF_THIS_RUN]
    columns = ", ".join(f'"{name}"' for name in taken)
    with lend(database, kept, KEPT_RECORD) as kept_rows:
        database.execute(
            f"""
            CREATE TABLE "{RECORD.name}" AS
            SELECT changed_id.row_id, dataset, changed_id.subject_id, record_id, row_number, {columns}
            FROM changed_record JOIN changed_id USING (dataset, row_number)
            UNION ALL
            SELECT row_id, dataset, subject_id, record_id, NULL, {columns}
            FROM {kept_rows} WHERE row_id NOT IN (SELECT kept_id FROM gone)
            """
        )
    database.execute("DROP TABLE changed_record")


def fingerprint_changes(database: duckdb.DuckDBPyConnection, kept: Kept) -> None:
    """Make `fingerprint` as `fingerprint.fingerprint` does, from the state for subjects whose rows are unchanged."""
    database.execute(
        f"""
        CREATE TABLE touched AS
        SELECT subject_id FROM "{RECORD.name}" SEMI JOIN changed_id USING (row_id)
        UNION
        SELECT kept_subject FROM kept_row SEMI JOIN gone USING (kept_id)
        UNION
        SELECT unnest([subject_id, kept_subject]) FROM "{RECORD.name}" JOIN kept_row ON kept_id = row_id
        WHERE subject_id <> kept_subject
        """
    )
    fingerprint(database, "FROM touched")
    with lend(database, kept, "kept_fingerprint") as kept_fingerprints:
        database.execute(
            f"""
            INSERT INTO "{FINGERPRINT.name}" BY NAME
            SELECT * FROM {kept_fingerprints} ANTI JOIN touched USING (subject_id)
            """
        )
    database.execute("DROP TABLE touched")


def _keep_changed(database: duckdb.DuckDBPyConnection, dataset: str) -> None:
    """Leave in the raw table only the rows that are new or changed."""
    table = raw(dataset)
    database.execute(f'ALTER TABLE "{table}" RENAME TO whole')
    database.execute(
        f"""
        CREATE TABLE "{table}" AS SELECT * FROM whole WHERE row_number IN (
            SELECT row_number FROM row_key WHERE kept_id IS NULL AND dataset = '{dataset}')
        """
    )
    database.execute("DROP TABLE whole")
