"""Record table → pairs of a council's row and a register's row, or of one file's rows, that are two strangers, for counting u.

The rows of both files come in, because only a council's have initials and slips. Random pairs hold true pairs and people
of one home: few, but among the pairs that agree on a birth date or a telephone number they would be the most.

Training counts u in them; a run raises the model's u where its own strangers agree more often than the model knows.
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
"""Rows of each file that are drawn from."""
PAIRS_OF_A_RUN = 400_000
FEWEST_SEEN = 20
"""Strangers at a level from which a run's own u counts."""
MOST_CHANCE = 0.9
PLACES = 9
SAME_PERSON = (
    ("date_of_birth_text", "forename_sound"),
    ("date_of_birth_text", "surname_sound"),
    ("date_of_birth_text", "name_pair"),
    ("forename_sound", "surname_sound"),
    ("nhs_number",),
    ("subject_id",),
)
"""Keys that a true pair has in common in spite of its mistakes, the last one two rows of one record. Strangers who share one
are left out too: about one pair in a hundred thousand, and a hundredth of those with one birth date."""


def adapt_to_strangers(database: duckdb.DuckDBPyConnection, model: Model, other: str, seed: int = 1) -> Model:
    """`model` with the u of these data where strangers agree more often than it knows; before pairs are scored. `other` is the
    dataset that the council's is compared with; `seed` draws the strangers.

    A council that writes initials, or birth dates by their year, has many strangers who agree on them, and so has a
    community of few names. Adapting m alone would take such agreement for evidence. What strangers show more often relatives
    and twins do too, but for the birth date, which makes twins. Levels that count by the frequency of their value have their own.
    """
    if compile.refusal(model, set(columns_of(database, RECORD.name))):
        return model
    pairs = draw_strangers(database, seed, PAIRS_OF_A_RUN, other)
    if not pairs:
        return model
    # Initials hide true pairs from what tells them from strangers: of one council row's pairs one may be true.
    true = pairs / min(count_subjects(database, other), MOST_ROWS)
    found = tally(database, model, "stranger_pair")
    database.execute("DROP TABLE stranger_pair")
    return replace(
        model, comparisons=tuple(_raised(each, found[each.name], true) for each in model.comparisons)
    )


def _raised(comparison: ModelComparison, seen: dict[str, int], true: float) -> ModelComparison:
    """The comparison with u, and those of relatives and twins, raised to what was `seen` among strangers, of whom up to `true`
    may be one person."""
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
    """Make `stranger_pair` (left_id, right_id) of the council's rows and those of `other` and return its number of pairs, of
    `sampled` that are drawn; the same for the same seed.

    0 if there are no strangers, or fewer than two rows of a dataset that can be linked: too few to count anything in.
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
    """Make `drawn_row`: rows of the council and of `other`, numbered by dataset, with what tells that two may be one person,
    and their homes that are small enough to be a family's in `other`; return how many there are of each."""
    # A number for all keys in one: two pairs in 2^64 would only be left out for nothing.
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
