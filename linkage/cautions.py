"""The cleaned rows of a run and its files → what a person should know before using the results, in sentences."""

from collections.abc import Sequence

import duckdb

from linkage import roles
from linkage.ingest import Ingested
from linkage.tables import COUNCIL, NHS, RECORD

CUT_NUMBER = "list_contains(flags, 'nhs_number_precision_lost')"
CUT_ID = f"dataset = '{COUNCIL}' AND regexp_full_match(record_id, '[0-9]([.][0-9]+)?[Ee][+][0-9]+')"
"""Conditions on a row of which a spreadsheet has rounded the NHS Number or the record id."""
MANY = 0.1
"""Share of birth dates that cannot be used from which a run says so."""


def cautions(database: duckdb.DuckDBPyConnection, received: Sequence[Ingested]) -> list[str]:
    """Sentences with counts, most weighty first; none holds a value of a person."""
    both = any(found.dataset == NHS for found in received)
    return [
        *(roles.doubt(database, received) if both else []),
        *_told(
            database,
            received,
            CUT_ID,
            "{rows:,} rows of {file} have a record id that a spreadsheet has cut (as in 1E+06), so "
            "that different people are taken for one: export the file again with the record id as text.",
        ),
        *_told(
            database,
            received,
            CUT_NUMBER,
            "{rows:,} rows of {file} have an NHS Number that a spreadsheet has cut (as in "
            "9E+09), so it is not used: export the file again with the NHS Number as text.",
        ),
        *_unread_births(database, received),
    ]


def _told(
    database: duckdb.DuckDBPyConnection, received: Sequence[Ingested], condition: str, words: str
) -> list[str]:
    """For each file with rows of `record` that meet the condition: the words with `rows` and `file` filled in."""
    found = dict(
        database.execute(
            f'SELECT dataset, count(*) FROM "{RECORD.name}" WHERE {condition} GROUP BY dataset'
        ).fetchall()
    )
    return [words.format(rows=found[x.dataset], file=x.file) for x in received if x.dataset in found]


def _unread_births(database: duckdb.DuckDBPyConnection, received: Sequence[Ingested]) -> list[str]:
    """A caution for each file of whose birth dates a tenth or more cannot be read."""
    found = dict(
        database.execute(
            f"""
            SELECT dataset, count(*) FILTER (date_of_birth IS NULL) / count(*) FROM "{RECORD.name}"
            WHERE date_of_birth_received IS NOT NULL GROUP BY dataset
            """
        ).fetchall()
    )
    return [
        f"{found[x.dataset]:.0%} of the birth dates of {x.file} cannot be used: is the month before the day? `linkage check` "
        "tells which formats are read."
        for x in received
        if found.get(x.dataset, 0) >= MANY
    ]
