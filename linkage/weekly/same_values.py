"""The records of a workspace's last run → `fingerprint`: a record keeps its fingerprint while it says what it said.

A system that writes dates, postcodes or codes another way changes what is received and nothing that is compared. Newer
software that cleans better changes what is cleaned and nothing that is received. In neither case did anybody's values
change, so the fingerprint, by which people and decisions are known, is another only where both are. That a record is
obeyed although a better reading shows something new is the lesser fault: to void every decision at an update would give a
year of work back, and people their NHS Number only once somebody has done it again.
"""

import duckdb

from linkage.database import insert_rows, lend_file
from linkage.past import Past
from linkage.tables import FINGERPRINT
from linkage.tabular import literal

RECORDS = "records.parquet"
READ = "dataset, record_id, fingerprint, coalesce(received, fingerprint) AS received, cleaned"
"""What is read of it; former software wrote neither of the last two."""


def keep_fingerprints(database: duckdb.DuckDBPyConnection, past: Past) -> None:
    """Give records of `fingerprint` the one they had in the last run: those of an id with the same values, as received or as
    cleaned; and others, if all with such values had the same one, then or, as received, in any run.

    Nothing is kept without a past, nor where the last run's file is gone or damaged. Of a run by former software the
    fingerprints are those received.
    """
    database.execute(f'UPDATE "{FINGERPRINT.name}" SET fingerprint = received WHERE fingerprint <> received')
    if past.folder is None or not (past.folder / RECORDS).is_file():
        return
    with lend_file(database, past.folder / RECORDS) as lent:
        try:
            database.execute(
                f"CREATE TEMP TABLE last_records AS SELECT {READ} FROM read_parquet({literal(lent)})"
            )
        except (duckdb.BinderException, duckdb.InvalidInputException, duckdb.IOException):
            return
    database.execute("CREATE TEMP TABLE rewritten (dataset VARCHAR, fingerprint VARCHAR, received VARCHAR)")
    insert_rows(database, "rewritten", list(past.rewritten))
    _keep(database)
    for table in ("last_records", "rewritten"):
        database.execute(f"DROP TABLE {table}")


def _keep(database: duckdb.DuckDBPyConnection) -> None:
    database.execute(
        f"""
        UPDATE "{FINGERPRINT.name}" SET fingerprint = known.fingerprint
        FROM (
            WITH now AS (
                SELECT subject_id, dataset, record_id, received, cleaned FROM "{FINGERPRINT.name}"
                -- Most records are as they were, and have the fingerprint they had.
                ANTI JOIN (FROM last_records WHERE fingerprint = received) USING (dataset, record_id, received)
            ),
            by_id AS (
                SELECT subject_id, last.fingerprint FROM now JOIN last_records last USING (dataset, record_id)
                WHERE now.received = last.received OR now.cleaned = last.cleaned
            ),
            other AS (FROM now ANTI JOIN by_id USING (subject_id)),
            by_values AS (
                SELECT subject_id, min(fingerprint) AS fingerprint FROM (
                    {_had("received")} UNION {_had("cleaned")}
                    UNION SELECT subject_id, rewritten.fingerprint FROM other JOIN rewritten USING (dataset, received)
                )
                GROUP BY subject_id HAVING count(*) = 1
            )
            FROM by_id UNION ALL FROM by_values
        ) known
        WHERE "{FINGERPRINT.name}".subject_id = known.subject_id
          AND "{FINGERPRINT.name}".fingerprint <> known.fingerprint
        """
    )


def _had(values: str) -> str:
    """SELECT of the other subjects with each fingerprint that their values had in the last run."""
    return f"""
        SELECT subject_id, had.fingerprint FROM other JOIN (
            SELECT DISTINCT dataset, {values}, fingerprint FROM last_records SEMI JOIN other USING (dataset, {values})
        ) had USING (dataset, {values})
    """
