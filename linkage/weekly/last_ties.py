"""The records of a workspace's last run → `last_tie`: which council records it joined by their evidence.

Term frequencies are counted anew, models are trained anew and neighbours come and go, so the evidence for the same two
records may cross the threshold from run to run. A former tie needs a little less to stay (`ties.WAVER`), so that
unchanged people keep their person_id.
"""

import duckdb

from linkage.database import lend_file
from linkage.past import Past
from linkage.tables import LAST_TIE, create_sql
from linkage.tabular import literal
from linkage.weekly.same_values import RECORDS


def find_last_ties(database: duckdb.DuckDBPyConnection, past: Past) -> None:
    """Make `last_tie`; it is empty without a past, and where the last run's file is gone, damaged or of former software."""
    database.execute(create_sql(LAST_TIE))
    if past.folder is None or not (past.folder / RECORDS).is_file():
        return
    with lend_file(database, past.folder / RECORDS) as lent:
        try:
            database.execute(
                f"""
                INSERT INTO "{LAST_TIE.name}"
                SELECT DISTINCT least(fingerprint, other), greatest(fingerprint, other)
                FROM (SELECT fingerprint, unnest(tied) AS other FROM read_parquet({literal(lent)}))
                """
            )
        except (duckdb.BinderException, duckdb.InvalidInputException, duckdb.IOException):
            return
