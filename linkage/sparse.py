"""The cleaned rows of a run → cautions on what few rows of a file have, though links depend on it: whole birth dates, houses and
postcodes."""

from collections.abc import Sequence

import duckdb

from linkage.ingest import Ingested
from linkage.tables import RECORD

FEWEST = 100
"""Rows that a file must have to be checked; in a shorter list people see it themselves."""
LITTLE = 0.5
"""Share of the rows below which there is a caution. Ordinary files are far above: in made-up ones, 95 in 100 rows or more
have such a birth date, 98 a house and 93 a postcode."""
LARGEST_HOUSE = 100
"""Rows with one house name, and without a number or flat, from which it is not a house: a town in the first line of an
address looks like one."""
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
"""What rows should have, in words → the condition that a row has it, and the consequence where few rows do, in words."""


def hardly_told(database: duckdb.DuckDBPyConnection, received: Sequence[Ingested]) -> list[str]:
    """A sentence for each file and each of `TELLING` that fewer than `LITTLE` of its rows have.

    Files without a column for the birth date have a caution of their own (`cautions._not_there`).
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
