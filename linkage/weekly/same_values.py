"""The records of a workspace's last run → `fingerprint`: a record keeps its fingerprint while it says the same.

If a council's system writes dates, postcodes or codes in another way, what is received changes but not what is compared. If newer
software cleans better, what is cleaned changes but not what is received. In neither case did a person's values change, so the
fingerprint, by which people and decisions are recognised, changes only if both change. A decision may then hold although better
cleaning shows something new. That is the lesser fault: if every update voided all decisions, a year of clerical work would have
to be done again before people had their NHS Numbers back.
"""

import duckdb

from linkage.database import insert_rows, lend_file
from linkage.past import Past
from linkage.tables import FINGERPRINT
from linkage.tabular import literal

RECORDS = "records.parquet"
READ = "dataset, record_id, fingerprint, coalesce(received, fingerprint) AS received, cleaned"
"""The columns read from `RECORDS`; former software wrote no `received` and no `cleaned`."""


def keep_fingerprints(database: duckdb.DuckDBPyConnection, past: Past) -> None:
    """Give records in `fingerprint` the fingerprint that they had before.

    A record with an id of the last run keeps that one's if it was received or is cleaned to the same. A record with another id
    gets the fingerprint of records that had the same values, cleaned in the last run or received in any run, if they all had
    the same one. Without a past, and where the last run's file is gone or damaged, nothing is kept.
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
                -- Most records are unchanged and have the right fingerprint already.
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
    """SELECT of the subjects in `other`, each with the fingerprints that records of the same `values` had in the last run."""
    return f"""
        SELECT subject_id, had.fingerprint FROM other JOIN (
            SELECT DISTINCT dataset, {values}, fingerprint FROM last_records SEMI JOIN other USING (dataset, {values})
        ) had USING (dataset, {values})
    """
