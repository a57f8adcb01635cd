"""A model → one SELECT over `record` that compares and weighs pairs as Splink's `predict` would, only faster.

A test holds the results to Splink's. `linkage.scoring.prune` first drops the pairs that cannot matter.

Term frequencies are kept as bits: bits_<column> is log2 of the share of people with the value, so it is negative, and the
greater of two is the commoner value's.
"""

import math
import re
from collections.abc import Iterable, Sequence

from linkage.model import Model, ModelComparison, ModelLevel
from linkage.scoring.frequencies import frequency_columns

SIDED = re.compile(r"\b([a-z_][a-z0-9_]*)_[lr]\b", re.IGNORECASE)
"""A column of one side in a condition, such as surname_l; the group is the column of `record`."""

ONE_EDIT = re.compile(r"\bdamerau_levenshtein\((\w+), (\w+)\) = 1\b")
NEAR = r"(abs(length(\1) - length(\2)) <= 1)"
NEAR_AND_ALIKE = rf"({NEAR} AND (length(\1) < 4 OR jaro_winkler_similarity(\1, \2) >= 0.7))"
"""Replacements for `ONE_EDIT`: conditions that any two texts one edit apart meet, at a tenth of the cost. Most such texts
have a similarity above 0.8, but texts that repeat two letters have less, such as ABAB and BABAB with 0.77."""


def refusal(model: Model, columns: set[str]) -> str:
    """Why `model` cannot be compiled for a record table with these columns; empty if it can."""
    for comparison in model.comparisons:
        unknown = ", ".join(sorted(_columns_of(comparison) - columns))
        if unknown:
            return f"{comparison.name} reads {unknown}, which the record table does not have"
        if comparison.levels[-1].condition or not all(level.condition for level in comparison.levels[:-1]):
            return f"{comparison.name} needs a condition for every level but the last"
    return ""


def sided_sql(columns: Iterable[str]) -> str:
    """The columns of the records aliased l and r as <column>_l and <column>_r, for a SELECT whose rows conditions read."""
    return ", ".join(f'l."{name}" AS "{name}_l", r."{name}" AS "{name}_r"' for name in columns)


def scored_sql(model: Model, lowest: float, pairs: str) -> str:
    """SELECT of the pairs in the table `pairs` (left_id, right_id) with at least `lowest` bits against strangers.

    Columns have Splink's names: row_id_l, row_id_r, gamma_<comparison>, mw_<comparison>, and mw_tf_adj_<comparison>
    where term frequencies count. It reads the table `rarity` (see `rarity_sql`).
    """
    levels = ", ".join(f'"gamma_{c.name}"' for c in model.comparisons)
    weights = ", ".join(_weights(c) for c in model.comparisons)
    total = " + ".join(_total(c) for c in model.comparisons)
    rarities = "".join(
        f', {side}."bits_{name}" AS "bits_{name}_{side}"'
        for name in frequency_columns(model)
        for side in "lr"
    )
    # Frequencies are joined after the levels are known, when pairs no longer carry texts: the planner may put pairs into a
    # hash table, which texts would make many times larger.
    return f"""
        SELECT * FROM (
            SELECT row_id_l, row_id_r, {levels}, {weights} FROM (
                SELECT compared.*{rarities} FROM ({compared_sql(model, pairs)}) compared
                JOIN rarity l ON l.row_id = row_id_l JOIN rarity r ON r.row_id = row_id_r
            )
        )
        WHERE {total} >= {lowest!r}
    """


def compared_sql(model: Model, pairs: str) -> str:
    """SELECT of all pairs of the table `pairs` with their levels: row_id_l, row_id_r, gamma_<comparison>."""
    levels = ", ".join(f'{_case(c.levels)}::TINYINT AS "gamma_{c.name}"' for c in model.comparisons)
    sides = sides_sql(pairs, {name: f'"{name}"' for name in columns_read(model)}, ())
    return f"SELECT row_id_l, row_id_r, {levels} FROM ({sides})"


def _columns_of(comparison: ModelComparison) -> set[str]:
    read = {name for level in comparison.levels for name in SIDED.findall(level.condition)}
    return read | _frequent(comparison)


def _frequent(comparison: ModelComparison) -> set[str]:
    return {level.term_frequency for level in comparison.levels if level.term_frequency}


def columns_read(model: Model) -> list[str]:
    """Columns of `record` that the model's conditions read or whose term frequency counts, sorted."""
    return sorted(set().union(*(_columns_of(c) for c in model.comparisons)))


def rarity_sql(model: Model) -> str:
    """SELECT for the table `rarity`: row_id and bits_<column> for each column whose frequency counts (see the top of this
    file). It reads the tables that `frequencies.count_frequencies` makes."""
    frequent = frequency_columns(model)
    weighed = "".join(f', log2("tf_{name}") AS "bits_{name}"' for name in frequent)
    joins = " ".join(f'LEFT JOIN "frequency_{name}" USING ("{name}")' for name in frequent)
    return f"SELECT row_id{weighed} FROM record {joins}"


def sides_sql(pairs: str, read: dict[str, str], frequent: Sequence[str]) -> str:
    """SELECT of the table `pairs` with values of both records: row_id_l, row_id_r, and <name>_l and <name>_r for each name.

    `read`: name → expression over `record`. bits_<column> is added for each column in `frequent`.
    """
    rarities = [f'"bits_{name}"' for name in frequent]
    columns = ", ".join([*(f'{expression} AS "{name}"' for name, expression in read.items()), *rarities])
    both = ", ".join(
        f'{side}."{name}" AS "{name}_{side}"'
        for name in (*read, *(f"bits_{name}" for name in frequent))
        for side in "lr"
    )
    joined = "JOIN rarity USING (row_id)" if frequent else ""
    left, right = (
        f"""
        SELECT row_id, {columns} FROM (SELECT * FROM record WHERE row_id IN (SELECT {side}_id FROM "{pairs}")) {joined}
        """
        for side in ("left", "right")
    )
    return f"""
        SELECT left_id AS row_id_l, right_id AS row_id_r, {both}
        FROM "{pairs}" JOIN ({left}) l ON l.row_id = left_id JOIN ({right}) r ON r.row_id = right_id
    """


def _case(levels: tuple[ModelLevel, ...]) -> str:
    """Expression for the number of the first of `levels` whose condition holds."""
    cases = " ".join(f"WHEN {_sped_up(level.condition) or 'true'} THEN {level.number}" for level in levels)
    return f"(CASE {cases} END)"


def _sped_up(condition: str) -> str:
    """An equal condition that works out edit distances only for texts that can be one edit apart."""
    return ONE_EDIT.sub(rf"({NEAR_AND_ALIKE} AND damerau_levenshtein(\1, \2) = 1)", condition)


def _weights(comparison: ModelComparison) -> str:
    """The columns mw_<comparison> and, where frequencies count, mw_tf_adj_<comparison>, for a SELECT."""
    name = comparison.name
    cases = " ".join(f"WHEN {level.number} THEN {double(level.weight)}" for level in comparison.levels)
    weights = f'(CASE "gamma_{name}" {cases} END) AS "mw_{name}"'
    if not _frequent(comparison):
        return weights
    cases = " ".join(f"WHEN {x.number} THEN {_rarity(x)}" for x in comparison.levels if x.term_frequency)
    return f'{weights}, (CASE "gamma_{name}" {cases} ELSE {double(0)} END) AS "mw_tf_adj_{name}"'


def _rarity(level: ModelLevel) -> str:
    """Expression for the term-frequency adjustment of a level, in bits: log2(u / frequency), of the commoner of both
    values; 0 where neither has a frequency."""
    bits = f'greatest("bits_{level.term_frequency}_l", "bits_{level.term_frequency}_r")'
    return f"coalesce({double(math.log2(level.u))} - {bits}, {double(0)})"


def bits(level: ModelLevel) -> str:
    """Expression for the weight of a level, with its term-frequency adjustment if it has one."""
    weight = double(level.weight)
    return f"{weight} + {_rarity(level)}" if level.term_frequency else weight


def double(number: float) -> str:
    """A number as a DOUBLE literal. DuckDB would take a bare one for a DECIMAL and cast it for every pair."""
    return f"{number!r}::DOUBLE"


def _total(comparison: ModelComparison) -> str:
    adjustment = f' + "mw_tf_adj_{comparison.name}"' if _frequent(comparison) else ""
    return f'"mw_{comparison.name}"{adjustment}'
