"""The cleaned rows of a run → what hardly any row of a file tells though links rest on it, in sentences with counts."""

from collections.abc import Sequence

import duckdb

from linkage.ingest import Ingested
from linkage.tables import RECORD

FEWEST = 100
"""Rows of a file of which it is asked: in a shorter list a person sees it."""
LITTLE = 0.5
"""Share of the rows below which it is told: then it is the ordinary row that does not tell. Files as they are do not come
near: of those made up, 95 in 100 rows or more have such a birth date, 98 a house and 93 a postcode."""
LARGEST_HOUSE = 100
"""Rows of one name without a number or a flat from which it is no house's: a town in the first line of an address reads like one."""
BORN = "A whole birth date (day, month and year, and no 1 January)"
TELLING = {
    BORN: (
        "date_of_birth IS NOT NULL AND NOT date_of_birth_weak",
        "little tells people of one name apart, and two to five times as many links wait for a person to decide",
    ),
    "A house with a number or a name": (
        "address_number IS NOT NULL OR address_building IS NOT NULL AND address_building NOT IN (SELECT name FROM town)",
        "who lives together cannot be seen: more links wait for a person to decide, and a relative may be taken for the person",
    ),
    "A postcode that can be used": (
        "postcode IS NOT NULL",
        "homes are known by street and number only: more links wait for a person to decide, and a relative may be taken for the person",
    ),
}
"""What a row may tell → the condition that it does, and what it costs where hardly any row does."""


def hardly_told(database: duckdb.DuckDBPyConnection, received: Sequence[Ingested]) -> list[str]:
    """A sentence for each file and each of `TELLING` that fewer than `LITTLE` of its rows have.

    A file in which no column was taken for the birth date is told of elsewhere.
    """
    towns = f"""
        SELECT address_building AS name FROM "{RECORD.name}"
        WHERE address_building IS NOT NULL AND address_number IS NULL AND address_unit IS NULL
        GROUP BY address_building HAVING count(*) >= {LARGEST_HOUSE}
    """
    counts = ", ".join(f"count(*) FILTER ({condition})" for condition, _ in TELLING.values())
    found = {
        dataset: (rows, telling)
        for dataset, rows, *telling in database.execute(
            f'WITH town AS ({towns}) SELECT dataset, count(*), {counts} FROM "{RECORD.name}" GROUP BY dataset'
        ).fetchall()
    }
    return [
        f"{what} stands in {number:,} of the {rows:,} rows of {file.file}, so {cost}."
        for file in received
        for rows, telling in [found.get(file.dataset, (0, [0] * len(TELLING)))]
        for (what, (_, cost)), number in zip(TELLING.items(), telling, strict=True)
        if rows >= FEWEST and number < LITTLE * rows and (what != BORN or "date_of_birth" in file.recognised)
    ]
