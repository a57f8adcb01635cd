"""Who had each id before and who has it now → a caution where very many ids have become somebody else's.

If a column of ids was sorted by itself, or slipped by a row, all ids and all people are still in the file, so no other check
notices. A single id may be given to somebody else; half of them are not.
"""

from pathlib import Path

import duckdb

from linkage.database import has_table, open_database
from linkage.runs.run_folder import table_of
from linkage.tables import COUNCIL, FINGERPRINT, HELD, NHS

FEWEST = 20
"""Known ids that a dataset must have to be checked."""
MOST = 0.5
"""Share of the known ids that may be somebody else's without a caution."""
CALLED = {COUNCIL: "record ids", NHS: "NHS Numbers"}
COLUMNS = ("dataset", "record_id", "birth", "names")
Told = dict[str, str]
"""Dataset → the caution about its ids: a sentence that follows "In council.csv "."""


def since_held(database: duckdb.DuckDBPyConnection) -> Told:
    """The cautions on a run's records, compared with the records as the workspace last saw them."""
    return _told(database, HELD.name, FINGERPRINT.name) if has_table(database, HELD.name) else {}


def between(before: Path, after: Path) -> Told:
    """The cautions on the records of the run in the folder `after`, compared with those of the run in `before`."""
    with open_database() as database:
        for name, run in (("records_before", before), ("records_after", after)):
            database.register(name, table_of(run, "records.parquet", COLUMNS))
        return _told(database, "records_before", "records_after")


def _told(database: duckdb.DuckDBPyConnection, before: str, after: str) -> Told:
    rows = database.execute(
        f"""
        SELECT dataset, count(*), count(*) FILTER (
            held.birth <> '' AND now.birth <> '' AND held.birth <> now.birth
            AND held.names <> '' AND now.names <> '' AND held.names <> now.names
        )
        FROM "{before}" held JOIN "{after}" now USING (dataset, record_id) GROUP BY dataset ORDER BY dataset
        """
    ).fetchall()
    return {
        dataset: f"{others:,} of the {known:,} {CALLED[dataset]} that were known have another name and another birth date than "
        "before: was a column sorted by itself, or did it slip by a row? Look at the file before these results are used."
        for dataset, known, others in rows
        if known >= FEWEST and others > MOST * known
    }
