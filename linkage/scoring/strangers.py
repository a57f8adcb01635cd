"""Record table → random pairs of rows of two strangers, in which u is counted: of the council and the register, or of one file.

Pairs across both files are needed because only the council's rows have initials and slips. Random pairs include a few true pairs
and people of one home; these are left out, since among the pairs that agree on a birth date or telephone number they would be
the majority.

Training counts u in such pairs. A run raises the model's u where its own strangers agree more often than the model says.
"""

from dataclasses import replace

import duckdb

from linkage.database import columns_of, count, count_subjects
from linkage.homes import LARGEST_HOME
from linkage.model import Model, ModelComparison
from linkage.scoring import compile
from linkage.scoring.tally import tally
from linkage.tables import COUNCIL, NHS, RECORD, SCREENED

MOST_ROWS = 50_000
"""Rows of each file that pairs are drawn from."""
PAIRS_OF_A_RUN = 400_000
"""Pairs that a run draws; training draws more."""
FEWEST_SEEN = 20
"""Pairs of strangers at a level from which a run's own u is used."""
MOST_CHANCE = 0.9
"""The highest u that a level is raised to."""
PLACES = 9
"""Decimals of a raised u."""
SAME_PERSON = (
    ("date_of_birth_text", "forename_sound"),
    ("date_of_birth_text", "surname_sound"),
    ("date_of_birth_text", "name_pair"),
    ("forename_sound", "surname_sound"),
    ("nhs_number",),
    ("subject_id",),
)
"""Keys of which a true pair has at least one in common in spite of its mistakes (the last: two rows of one record); pairs that
share one are left out. So are a few strangers: about one pair in a hundred thousand, and one in a hundred of those with the same
birth date."""


def adapt_to_strangers(database: duckdb.DuckDBPyConnection, model: Model, other: str, seed: int = 1) -> Model:
    """`model` with u raised to that of these data, at levels where strangers agree more often than it says. For before scoring.

    `other` is the dataset that the council's is compared with; `seed` draws the strangers. A council that writes initials, or
    only years of birth, has many strangers who agree on them, and so has a community with few names; if only m were adapted, such
    agreement would count as evidence. relative_u and twin_u are raised by the same factor, but for the twins' birth date. The
    last level and levels with term frequencies stay.
    """
    if compile.refusal(model, set(columns_of(database, RECORD.name))):
        return model
    pairs = draw_strangers(database, seed, PAIRS_OF_A_RUN, other)
    if not pairs:
        return model
    # Some true pairs have no key of SAME_PERSON in common, where there are initials only. At most one of each council row's
    # pairs with all people is true.
    true = pairs / min(count_subjects(database, other), MOST_ROWS)
    found = tally(database, model, "stranger_pair")
    database.execute("DROP TABLE stranger_pair")
    return replace(
        model, comparisons=tuple(_raised(each, found[each.name], true) for each in model.comparisons)
    )


def _raised(comparison: ModelComparison, seen: dict[str, int], true: float) -> ModelComparison:
    """The comparison with u, relative_u and twin_u raised where needed.

    `seen`: level → pairs of strangers at it, of which up to `true` may be true pairs.
    """
    total = sum(seen.values())
    levels = []
    for level in comparison.levels:
        strangers = seen.get(level.name, 0) - true
        if level.term_frequency or level is comparison.levels[-1] or strangers < FEWEST_SEEN:
            levels.append(level)
            continue
        factor = max(1.0, strangers / total / level.u)
        twin_factor = 1.0 if comparison.name == "date_of_birth" else factor
        levels.append(
            replace(
                level,
                u=round(min(level.u * factor, MOST_CHANCE), PLACES),
                relative_u=round(min(level.relative_u * factor, MOST_CHANCE), PLACES),
                twin_u=round(min(level.twin_u * twin_factor, MOST_CHANCE), PLACES),
            )
        )
    return replace(comparison, levels=tuple(levels))


def draw_strangers(database: duckdb.DuckDBPyConnection, seed: int, sampled: int, other: str = NHS) -> int:
    """Make `stranger_pair` (left_id, right_id): pairs of a council row and a row of `other`; return how many there are.

    `sampled` pairs are drawn (all, if there are fewer), the same for the same seed, and those that may not be strangers are
    left out. Return 0, without the table, if a dataset has fewer than two rows that may be linked.
    """
    left, right = _draw_rows(database, seed, other)
    if min(left, right) < 2:
        return 0
    places = f"SELECT range % {left} AS l, hash(range, $seed) % {right} AS r FROM range({sampled})"
    if left * right <= sampled:
        places = f"SELECT range % {left} AS l, range // {left} AS r FROM range({left * right})"
    same = " OR ".join(f"a.same_{number} = b.same_{number}" for number in range(len(SAME_PERSON)))
    database.execute(
        f"""
        CREATE OR REPLACE TABLE stranger_pair AS
        SELECT a.row_id AS left_id, b.row_id AS right_id
        FROM ({places})
        JOIN drawn_row a ON a.drawn = l AND a.dataset = '{COUNCIL}'
        JOIN drawn_row b ON b.drawn = r AND b.dataset = '{other}'
        WHERE NOT coalesce({same}, false) AND NOT coalesce(list_has_any(a.homes, b.homes), false)
        """,
        {"seed": seed} if "$seed" in places else None,
    )
    database.execute("DROP TABLE drawn_row")
    return count(database, "stranger_pair")


def _draw_rows(database: duckdb.DuckDBPyConnection, seed: int, other: str) -> tuple[int, int]:
    """Make `drawn_row`: up to `MOST_ROWS` rows of each dataset, numbered from 0 in `drawn`, with the keys of `SAME_PERSON` as
    same_0, same_1 …, and with the homes that are small enough in `other` to be a family's. Return how many of each."""
    # Each key is one hash of its columns; a collision would only leave out a pair.
    same = ", ".join(
        f"CASE WHEN {' AND '.join(f'{key} IS NOT NULL' for key in keys)} THEN hash({', '.join(keys)}) END AS same_{number}"
        for number, keys in enumerate(SAME_PERSON)
    )
    database.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE drawn_row AS
        WITH place AS (
            SELECT row_id, row_number() OVER (PARTITION BY dataset ORDER BY hash(row_id, ?), row_id) - 1 AS drawn
            FROM "{RECORD.name}" WHERE subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")
            QUALIFY drawn < {MOST_ROWS}
        ),
        small AS (
            SELECT home FROM (
                SELECT subject_id, unnest(places) AS home FROM "{RECORD.name}" WHERE dataset = '{other}'
            ) GROUP BY home HAVING count(DISTINCT subject_id) <= {LARGEST_HOME}
        ),
        lived AS (
            SELECT row_id, list(home) AS homes FROM (
                SELECT row_id, unnest(places) AS home FROM "{RECORD.name}" SEMI JOIN place USING (row_id)
            ) SEMI JOIN small USING (home) GROUP BY row_id
        )
        SELECT drawn, row_id, dataset, {same}, homes
        FROM "{RECORD.name}" JOIN place USING (row_id) LEFT JOIN lived USING (row_id)
        """,
        [seed],
    )
    left, right = (count(database, "drawn_row", f"dataset = '{name}'") for name in (COUNCIL, other))
    return left, right
