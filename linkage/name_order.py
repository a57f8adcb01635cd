"""The cleaned rows of a run → whether the surname stands first in a column of whole names, in a sentence with counts."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from linkage.ingest import Ingested
from linkage.tables import RECORD
from linkage.values.text import fold

REFERENCE = Path(__file__).parent / "reference"
LISTS = (("forenames", "name"), ("surnames", "surname"))
"""Lists of names in `REFERENCE`, and the column of each."""
FEWEST_TELLING = 20
"""Names of which the order is known, below which they may be chance."""
MANY = 1 / 3
"""Share of those with the surname first from which it is told. Of made-up files in the right order less than 1 in 100 is so, and up to 17 where
most families are of South Asian origin; of those in the other order 84 to 99."""


def surname_first(database: duckdb.DuckDBPyConnection, received: Sequence[Ingested]) -> list[str]:
    """A sentence for each file whose surnames come from a column of whole names and seem to be its first words.

    A name tells if its first word is only a forename and its last only a surname, or the other way round; one with a comma does not.
    """
    asked = [
        file
        for file in received
        if "full_name" in file.recognised and "surname" not in {*file.recognised} - {*file.empty}
    ]
    if not asked:
        return []
    forenames, surnames = _known_names()
    found = {
        dataset: (first, telling)
        for dataset, first, telling in database.execute(
            f"""
            WITH known AS (
                SELECT unnest(CAST(? AS VARCHAR[])) AS name, true AS given
                UNION ALL SELECT unnest(CAST(? AS VARCHAR[])), false
            )
            SELECT dataset, count(*) FILTER (family.given), count(*)
            FROM "{RECORD.name}" JOIN known AS given ON given.name = forename JOIN known AS family ON family.name = surname
            WHERE given.given <> family.given AND NOT contains(surname_received, ',')
            GROUP BY dataset
            """,
            [sorted(forenames - surnames), sorted(surnames - forenames)],
        ).fetchall()
    }
    return [
        f"The names in {' + '.join(file.recognised['full_name'])} of {file.file} look as if the surname stood first: {first:,} of the "
        f"{telling:,} that tell begin with a surname and end with a forename. Without a comma the last word is read as the surname, "
        "so many of these people are not found: export the file again with a comma behind the surname (SMITH, JOHN), or with "
        "forename and surname in a column each."
        for file in asked
        for first, telling in [found.get(file.dataset, (0, 0))]
        if telling >= FEWEST_TELLING and first >= MANY * telling
    ]


def _known_names() -> list[set[str]]:
    """The folded names of each of `LISTS`, which may have some in common."""
    # Their own short-lived database: the run's may not read files.
    with duckdb.connect() as database:
        return [
            {
                folded
                for (name,) in database.execute(
                    f"SELECT DISTINCT {column} FROM read_parquet(?)", [str(REFERENCE / f"{file}.parquet")]
                ).fetchall()
                if (folded := fold(name))
            }
            for file, column in LISTS
        ]
