"""What ids stood for before and what they stand for now → cautions where very many are somebody else's.

A column of ids that was sorted by itself, or slipped by a row, leaves every id and every person in the file, so nothing is
missed. One id may be given to somebody else; half of them are not.
"""

from pathlib import Path

import duckdb

from linkage.database import has_table, open_database
from linkage.runs.run_folder import table_of
from linkage.tables import COUNCIL, FINGERPRINT, HELD, NHS

FEWEST = 20
"""Known ids of which it is asked."""
MOST = 0.5
"""Share of the known ids that may be somebody else's before it is told."""
CALLED = {COUNCIL: "record ids", NHS: "NHS Numbers"}
COLUMNS = ("dataset", "record_id", "birth", "names")
Told = dict[str, str]
"""Dataset → what to beware of its ids, in words that follow upon where they are."""


def since_held(database: duckdb.DuckDBPyConnection) -> Told:
    """Of the records of a run, beside the records as a workspace last saw them."""
    return _told(database, HELD.name, FINGERPRINT.name) if has_table(database, HELD.name) else {}


def between(before: Path, after: Path) -> Told:
    """Of the records of the run in the folder `after`, beside those of the run in `before`."""
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
