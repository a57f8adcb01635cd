"""A model and the record table → one SELECT that compares and weighs pairs as Splink's `predict` would, only sooner.

Splink defines and trains a model; this is its second executor. `linkage.prune` takes away, before, the pairs that cannot
matter.
"""

import math
import re
from collections.abc import Sequence

from linkage.model import Model, ModelComparison, ModelLevel

SIDED = re.compile(r"\b([a-z_][a-z0-9_]*)_[lr]\b", re.IGNORECASE)


def refusal(model: Model, columns: set[str]) -> str:
    """Why `model` cannot be compiled over a record table of these columns; empty if it can."""
    for comparison in model.comparisons:
        unknown = ", ".join(sorted(_columns_of(comparison) - columns))
        if unknown:
            return f"{comparison.name} reads {unknown}, which the record table does not have"
        if comparison.levels[-1].condition or not all(level.condition for level in comparison.levels[:-1]):
            return f"{comparison.name} needs a condition for every level but the last"
    return ""


def compared_sql(model: Model) -> str:
    """SELECT of the pairs of `candidate_pair` with their levels, none left out: row_id_l, row_id_r, gamma_<comparison>.

    `splink_model.count_frequencies` comes first.
    """
    levels = ", ".join(f'{_case(c.levels)}::TINYINT AS "gamma_{c.name}"' for c in model.comparisons)
    return f"SELECT row_id_l, row_id_r, {levels} FROM ({_sides(model)})"


def side_sql(model: Model) -> str:
    """The columns that are read of a record and of the frequency of its values (tf_<column>), for a SELECT."""
    taken = [f'"{name}"' for name in columns_read(model)]
    return ", ".join([*taken, *(f'log2("tf_{name}") AS "bits_{name}"' for name in frequencies_read(model))])


def weighed_sql(model: Model, lowest: float, pairs: str) -> str:
    """SELECT of the `pairs` whose evidence against strangers is at least `lowest` bits.

    `pairs` has row_id_l, row_id_r, and what `side_sql` names of both sides. Columns are named as Splink names them:
    row_id_l, row_id_r, gamma_<comparison>, mw_<comparison>, and mw_tf_adj_<comparison> where term frequencies count.
    """
    settled = ", ".join(f'{_case(c.levels)}::TINYINT AS "gamma_{c.name}"' for c in model.comparisons)
    levels = ", ".join(f'"gamma_{c.name}"' for c in model.comparisons)
    weights = ", ".join(_weights(c) for c in model.comparisons)
    total = " + ".join(_total(c) for c in model.comparisons)
    return f"""
        SELECT * FROM (
            SELECT row_id_l, row_id_r, {levels}, {weights} FROM (SELECT *, {settled} FROM ({pairs}))
        )
        WHERE {total} >= {lowest!r}
    """


def _columns_of(comparison: ModelComparison) -> set[str]:
    read = {name for level in comparison.levels for name in SIDED.findall(level.condition)}
    return read | _frequent(comparison)


def _frequent(comparison: ModelComparison) -> set[str]:
    return {level.term_frequency for level in comparison.levels if level.term_frequency}


def columns_read(model: Model) -> list[str]:
    """Columns of `record` that are compared, or whose frequency counts."""
    return sorted(set().union(*(_columns_of(c) for c in model.comparisons)))


def frequencies_read(model: Model) -> list[str]:
    """Columns whose frequency counts."""
    return sorted(set().union(*(_frequent(c) for c in model.comparisons)))


def _sides(model: Model) -> str:
    """SELECT of each pair with both records' columns and the bits of their term frequencies."""
    frequent = frequencies_read(model)
    joins = " ".join(f'LEFT JOIN "frequency_{name}" USING ("{name}")' for name in frequent)
    records = f"SELECT row_id, {side_sql(model)} FROM record {joins}"
    return f"""
        SELECT left_id AS row_id_l, right_id AS row_id_r,
            {both_sides([*columns_read(model), *(f"bits_{name}" for name in frequent)])}
        FROM candidate_pair
        JOIN ({records}) l ON l.row_id = left_id
        JOIN ({records}) r ON r.row_id = right_id
    """


def both_sides(names: Sequence[str]) -> str:
    """Columns of both records, l and r, for a SELECT: <name>_l and <name>_r."""
    return ", ".join(f'{side}."{name}" AS "{name}_{side}"' for name in names for side in "lr")


def _case(levels: tuple[ModelLevel, ...]) -> str:
    """The number of the first of `levels` whose condition holds."""
    cases = " ".join(f"WHEN {level.condition or 'true'} THEN {level.number}" for level in levels)
    return f"(CASE {cases} END)"


def _weights(comparison: ModelComparison) -> str:
    """The level's weight and, where frequencies count, what the value's own frequency adds to it."""
    name = comparison.name
    cases = " ".join(f"WHEN {level.number} THEN {double(level.weight)}" for level in comparison.levels)
    weights = f'(CASE "gamma_{name}" {cases} END) AS "mw_{name}"'
    if not _frequent(comparison):
        return weights
    cases = " ".join(f"WHEN {x.number} THEN {_rarity(x)}" for x in comparison.levels if x.term_frequency)
    return f'{weights}, (CASE "gamma_{name}" {cases} ELSE {double(0)} END) AS "mw_tf_adj_{name}"'


def _rarity(level: ModelLevel) -> str:
    """Bits that a value rarer than u says adds to a level: log2(u / its frequency), the commoner of both values."""
    bits = f'greatest("bits_{level.term_frequency}_l", "bits_{level.term_frequency}_r")'
    return f"coalesce({double(math.log2(level.u))} - {bits}, {double(0)})"


def bits(level: ModelLevel) -> str:
    """Expression for what a level weighs, the rarity of its value included."""
    weight = double(level.weight)
    return f"{weight} + {_rarity(level)}" if level.term_frequency else weight


def double(number: float) -> str:
    """A literal that DuckDB does not take for a decimal, which would be cast again for every pair."""
    return f"{number!r}::DOUBLE"


def _total(comparison: ModelComparison) -> str:
    adjustment = f' + "mw_tf_adj_{comparison.name}"' if _frequent(comparison) else ""
    return f'"mw_{comparison.name}"{adjustment}'
