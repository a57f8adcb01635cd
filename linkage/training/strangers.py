"""Record table → pairs of a council's row and a register's row that are two strangers, for counting u.

The rows of both files come in, because only a council's have initials and slips. Random pairs hold true pairs and people
of one home: few, but among the pairs that agree on a birth date or a telephone number they would be the most.
"""

import duckdb

from linkage.adapt import LARGEST_HOME
from linkage.database import count
from linkage.errors import InputError
from linkage.tables import COUNCIL, NHS, RECORD, SCREENED

MOST_ROWS = 50_000
"""Rows of each file that are drawn from."""
SAMPLED_PAIRS = 2_500_000
SAME_PERSON = (
    ("date_of_birth_text", "forename_sound"),
    ("date_of_birth_text", "surname_sound"),
    ("date_of_birth_text", "name_pair"),
    ("forename_sound", "surname_sound"),
    ("nhs_number",),
)
"""Keys that a true pair has in common in spite of its mistakes. Strangers who share one are left out too: about one pair
in a hundred thousand, and a hundredth of those with one birth date."""


def draw_strangers(database: duckdb.DuckDBPyConnection, seed: int) -> int:
    """Make `stranger_pair` (left_id, right_id) and return its number of pairs; the same for the same seed.

    InputError if a file has fewer than two rows that can be linked, or if there are no strangers.
    """
    database.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE drawn_row AS
        SELECT row_number() OVER (PARTITION BY dataset ORDER BY hash(row_id, ?), row_id) - 1 AS drawn, *
        FROM "{RECORD.name}" WHERE subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")
        QUALIFY drawn < {MOST_ROWS}
        """,
        [seed],
    )
    left, right = (count(database, "drawn_row", f"dataset = '{name}'") for name in (COUNCIL, NHS))
    if min(left, right) < 2:
        raise InputError(
            f"{left} rows of the council's file and {right} of the register can be linked: training needs thousands of "
            "each. `linkage link` adapts the model that ships to a small file"
        )
    _find_alike(database)
    places = f"SELECT range % {left} AS l, hash(range, $seed) % {right} AS r FROM range({SAMPLED_PAIRS})"
    if left * right <= SAMPLED_PAIRS:
        places = f"SELECT range % {left} AS l, range // {left} AS r FROM range({left * right})"
    database.execute(
        f"""
        CREATE OR REPLACE TABLE stranger_pair AS
        SELECT a.row_id AS left_id, b.row_id AS right_id
        FROM ({places})
        JOIN drawn_row a ON a.drawn = l AND a.dataset = '{COUNCIL}'
        JOIN drawn_row b ON b.drawn = r AND b.dataset = '{NHS}'
        ANTI JOIN alike ON alike.left_id = a.row_id AND alike.right_id = b.row_id
        """,
        {"seed": seed} if "$seed" in places else None,
    )
    database.execute("DROP TABLE drawn_row")
    database.execute("DROP TABLE alike")
    pairs = count(database, "stranger_pair")
    if not pairs:
        raise InputError("the two files hold no two strangers to count chance agreement in")
    return pairs


def _find_alike(database: duckdb.DuckDBPyConnection) -> None:
    """Make `alike`: drawn pairs that may be one person, or two people of a home small enough to be a family's."""
    same = " UNION ".join(
        f"""SELECT l.row_id AS left_id, r.row_id AS right_id
        FROM drawn_row l JOIN drawn_row r USING ({", ".join(keys)})
        WHERE l.dataset = '{COUNCIL}' AND r.dataset = '{NHS}'"""
        for keys in SAME_PERSON
    )
    database.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE alike AS
        WITH small AS (
            SELECT home FROM (
                SELECT subject_id, unnest(places) AS home FROM "{RECORD.name}" WHERE dataset = '{NHS}'
            ) GROUP BY home HAVING count(DISTINCT subject_id) <= {LARGEST_HOME}
        ),
        lived AS (
            SELECT row_id, dataset, home FROM (SELECT row_id, dataset, unnest(places) AS home FROM drawn_row)
            SEMI JOIN small USING (home)
        )
        {same}
        UNION
        SELECT l.row_id, r.row_id FROM lived l JOIN lived r USING (home)
        WHERE l.dataset = '{COUNCIL}' AND r.dataset = '{NHS}'
        """
    )
