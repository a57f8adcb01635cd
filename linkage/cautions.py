"""The cleaned rows of a run and its files → what a person should know before using the results, in sentences."""

from collections.abc import Sequence

import duckdb

from linkage import roles
from linkage.ingest import Ingested
from linkage.tables import NHS, RECORD

CUT = "nhs_number_precision_lost"
"""What the field NHS Number says of a number that a spreadsheet has rounded, such as 9.0E+09."""


def cautions(database: duckdb.DuckDBPyConnection, received: Sequence[Ingested]) -> list[str]:
    """Sentences with counts, most weighty first; none holds a value of a person."""
    both = any(found.dataset == NHS for found in received)
    return [*(roles.doubt(database, received) if both else []), *_cut_numbers(database, received)]


def _cut_numbers(database: duckdb.DuckDBPyConnection, received: Sequence[Ingested]) -> list[str]:
    cut = dict(
        database.execute(
            f"""
            SELECT dataset, count(*) FROM "{RECORD.name}" WHERE list_contains(flags, ?) GROUP BY dataset
            """,
            [CUT],
        ).fetchall()
    )
    return [
        f"{cut[found.dataset]:,} rows of {found.file} have an NHS Number that a spreadsheet has cut (as in 9E+09), so it is "
        "not used: export the file again with the NHS Number as text."
        for found in received
        if found.dataset in cut
    ]
