"""A model and the record table → one SELECT that compares and weighs pairs as Splink's `predict` would, only sooner.

Splink defines and trains a model; this is its second executor. Of every comparison the levels that cost little are tried
first; a pair is dropped when even the best levels of what is left could not lift it to the lowest useful weight. Only
pairs that are left pay for string distances.
"""

import math
import re

from linkage.model import Model, ModelComparison, ModelLevel

COSTLY = re.compile(r"\b(?:jaro|jaro_winkler|damerau|levenshtein|editdist3|jaccard)\w*\(", re.IGNORECASE)
SIDED = re.compile(r"\b([a-z_][a-z0-9_]*)_[lr]\b", re.IGNORECASE)
SLACK = 1e-6
OPEN = -2
"""Stands for a level that the cheap conditions have not settled."""


def refusal(model: Model, columns: set[str]) -> str:
    """Why `model` cannot be compiled over a record table of these columns; empty if it can."""
    for comparison in model.comparisons:
        unknown = ", ".join(sorted(_columns_of(comparison) - columns))
        if unknown:
            return f"{comparison.name} reads {unknown}, which the record table does not have"
        if comparison.levels[-1].condition or not all(level.condition for level in comparison.levels[:-1]):
            return f"{comparison.name} needs a condition for every level but the last"
    return ""


def scored_sql(model: Model, lowest: float) -> str:
    """SELECT of the pairs of `candidate_pair` whose evidence against strangers is at least `lowest` bits.

    Columns are named as Splink names them: row_id_l, row_id_r, gamma_<comparison>, mw_<comparison>, and
    mw_tf_adj_<comparison> where term frequencies count. `splink_model.count_frequencies` comes first.
    """
    opened = ", ".join(_case(_cheap(c), str(OPEN)) + f' AS "open_{c.name}"' for c in model.comparisons)
    reachable = " + ".join(_reachable(c) for c in model.comparisons)
    levels = ", ".join(_level(c) for c in model.comparisons)
    numbers = ", ".join(f'"gamma_{c.name}"' for c in model.comparisons)
    weights = ", ".join(_weights(c) for c in model.comparisons)
    total = " + ".join(_total(c) for c in model.comparisons)
    return f"""
        SELECT * FROM (
            SELECT row_id_l, row_id_r, {numbers}, {weights}
            FROM (
                SELECT *, {levels} FROM (SELECT *, {opened} FROM ({_sides(model)})) WHERE {reachable} >= {lowest - SLACK!r}
            )
        )
        WHERE {total} >= {lowest!r}
    """


def _columns_of(comparison: ModelComparison) -> set[str]:
    read = {name for level in comparison.levels for name in SIDED.findall(level.condition)}
    return read | _frequent(comparison)


def _frequent(comparison: ModelComparison) -> set[str]:
    return {level.term_frequency for level in comparison.levels if level.term_frequency}


def _sides(model: Model) -> str:
    """SELECT of each pair with both records' columns and the bits of their term frequencies."""
    columns = sorted(set().union(*(_columns_of(c) for c in model.comparisons)))
    frequent = sorted(set().union(*(_frequent(c) for c in model.comparisons)))
    taken = [f'"{name}"' for name in columns] + [f'log2("tf_{name}") AS "bits_{name}"' for name in frequent]
    joins = " ".join(f'LEFT JOIN "frequency_{name}" USING ("{name}")' for name in frequent)
    records = f"SELECT row_id, {', '.join(taken)} FROM record {joins}"
    named = columns + [f"bits_{name}" for name in frequent]
    both = ", ".join(f'{side}."{name}" AS "{name}_{side}"' for name in named for side in "lr")
    return f"""
        SELECT left_id AS row_id_l, right_id AS row_id_r, {both}
        FROM candidate_pair
        JOIN ({records}) l ON l.row_id = left_id
        JOIN ({records}) r ON r.row_id = right_id
    """


def _cheap(comparison: ModelComparison) -> list[ModelLevel]:
    """The levels before the first one that is costly to try; all if none is."""
    levels = list(comparison.levels)
    costly = [place for place, level in enumerate(levels) if COSTLY.search(level.condition)]
    return levels[: costly[0]] if costly else levels


def _case(levels: list[ModelLevel], otherwise: str) -> str:
    """The number of the first of `levels` whose condition holds."""
    cases = " ".join(f"WHEN {x.condition} THEN {x.number}" for x in levels if x.condition)
    last = otherwise if not levels or levels[-1].condition else str(levels[-1].number)
    return f"(CASE {cases} ELSE {last} END)" if cases else last


def _level(comparison: ModelComparison) -> str:
    """The level's number, with the costly conditions tried where the cheap ones left it open."""
    rest = list(comparison.levels[len(_cheap(comparison)) :])
    settled = f'"open_{comparison.name}"'
    if rest:
        settled = f"CASE WHEN {settled} = {OPEN} THEN {_case(rest, str(OPEN))} ELSE {settled} END"
    return f'{settled}::TINYINT AS "gamma_{comparison.name}"'


def _weights(comparison: ModelComparison) -> str:
    """The level's weight and, where frequencies count, what the value's own frequency adds to it."""
    name = comparison.name
    cases = " ".join(f"WHEN {level.number} THEN {_double(level.weight)}" for level in comparison.levels)
    weights = f'(CASE "gamma_{name}" {cases} END) AS "mw_{name}"'
    if not _frequent(comparison):
        return weights
    cases = " ".join(f"WHEN {x.number} THEN {_rarity(x)}" for x in comparison.levels if x.term_frequency)
    return f'{weights}, (CASE "gamma_{name}" {cases} ELSE {_double(0)} END) AS "mw_tf_adj_{name}"'


def _rarity(level: ModelLevel) -> str:
    """Bits that a value rarer than u says adds to a level: log2(u / its frequency), the commoner of both values."""
    bits = f'greatest("bits_{level.term_frequency}_l", "bits_{level.term_frequency}_r")'
    return f"coalesce({_double(math.log2(level.u))} - {bits}, {_double(0)})"


def _reachable(comparison: ModelComparison) -> str:
    """The most bits that the comparison can still give: of its level, or of the best level that is open."""
    cheap = _cheap(comparison)
    cases = " ".join(f"WHEN {level.number} THEN {_bits(level)}" for level in cheap)
    rest = [_bits(level) for level in comparison.levels[len(cheap) :]]
    best = f"greatest({', '.join(rest)})" if rest else _double(0)
    return f'(CASE "open_{comparison.name}" {cases} ELSE {best} END)' if cases else best


def _bits(level: ModelLevel) -> str:
    weight = _double(level.weight)
    return f"{weight} + {_rarity(level)}" if level.term_frequency else weight


def _double(number: float) -> str:
    """A literal that DuckDB does not take for a decimal, which would be cast again for every pair."""
    return f"{number!r}::DOUBLE"


def _total(comparison: ModelComparison) -> str:
    adjustment = f' + "mw_tf_adj_{comparison.name}"' if _frequent(comparison) else ""
    return f'"mw_{comparison.name}"{adjustment}'
