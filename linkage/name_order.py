"""The cleaned rows of a run → a caution where a column of whole names seems to have the surname first."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from linkage.ingest import Ingested
from linkage.tables import RECORD
from linkage.values.text import fold

REFERENCE = Path(__file__).parent / "reference"
LISTS = (("forenames", "name"), ("surnames", "surname"))
"""The lists of names in `REFERENCE`, and the column of each."""
FEWEST_TELLING = 20
"""Names whose order is known that a file must have; fewer may be chance."""
MANY = 1 / 3
"""Share of such names with the surname first from which there is a caution. In made-up files in the right order it is
less than 1 in 100, and up to 17 in 100 where most families are of South Asian origin; in files in the other order it is
84 to 99 in 100."""


def surname_first(database: duckdb.DuckDBPyConnection, received: Sequence[Ingested]) -> list[str]:
    """A sentence for each file whose surnames come from a column of whole names in which they seem to be the first words.

    The order of a name is known if one of forename and surname, as read, is in the list of forenames only and the other
    in the list of surnames only. Names with a comma are left out, since they are read the right way round.
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
    """The set of folded names in each of `LISTS`; a name may be in both."""
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
