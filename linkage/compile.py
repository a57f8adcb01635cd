"""A model and the record table → one SELECT that compares and weighs pairs as Splink's `predict` would, only sooner.

Splink defines and trains a model; this is its second executor. Of every comparison the levels that cost little are tried
first, then the costly ones, one comparison after the other. Before each, pairs are dropped that even the best of their
levels still open could not lift to the lowest useful weight: few are left when edit distances are due.
"""

import math
import re

from linkage.model import Model, ModelComparison, ModelLevel

COSTS = ((3, re.compile("levenshtein", re.IGNORECASE)), (2, re.compile("jaro", re.IGNORECASE)))
"""What a condition costs that calls such a function; any other costs 1. `damerau_levenshtein` takes 13 times
`jaro_winkler_similarity`."""
SIDED = re.compile(r"\b([a-z_][a-z0-9_]*)_[lr]\b", re.IGNORECASE)
SLACK = 1e-6
OPEN = -2
"""Stands for a level that the conditions tried so far have not settled."""


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
    return _weighed_sql(model, lowest, _levels_sql(model, lowest))


def compared_sql(model: Model) -> str:
    """SELECT of the pairs of `candidate_pair` with their levels, none left out: row_id_l, row_id_r, gamma_<comparison>.

    `splink_model.count_frequencies` comes first.
    """
    levels = ", ".join(f'{_case(c.levels)}::TINYINT AS "gamma_{c.name}"' for c in model.comparisons)
    return f"SELECT row_id_l, row_id_r, {levels} FROM ({_sides(model)})"


def side_sql(model: Model) -> str:
    """The columns that are read of a record and of the frequency of its values (tf_<column>), for a SELECT."""
    taken = [f'"{name}"' for name in _read(model)]
    return ", ".join([*taken, *(f'log2("tf_{name}") AS "bits_{name}"' for name in _all_frequent(model))])


def _weighed_sql(model: Model, lowest: float, pairs: str) -> str:
    """SELECT of the `pairs`, which have their levels, with their weights, if those are at least `lowest` bits."""
    levels = ", ".join(f'"gamma_{c.name}"' for c in model.comparisons)
    weights = ", ".join(_weights(c) for c in model.comparisons)
    total = " + ".join(_total(c) for c in model.comparisons)
    return f"""
        SELECT * FROM (SELECT row_id_l, row_id_r, {levels}, {weights} FROM ({pairs}))
        WHERE {total} >= {lowest!r}
    """


def _levels_sql(model: Model, lowest: float) -> str:
    """SELECT of the pairs that could weigh `lowest` bits, with their levels.

    `reachable` is the most bits that a pair can still get: of its settled levels, and of the best that are open.
    """
    tried = {c.name: _affordable(c, 1) for c in model.comparisons}
    levels = ", ".join(
        f'{_case(c.levels[: tried[c.name]])}::TINYINT AS "gamma_{c.name}"' for c in model.comparisons
    )
    reachable = " + ".join(_reachable(c, tried[c.name]) for c in model.comparisons)
    query = f"SELECT *, {reachable} AS reachable FROM (SELECT *, {levels} FROM ({_sides(model)}))"
    for cost in (2, 3):
        for comparison in model.comparisons:
            done, upto = tried[comparison.name], _affordable(comparison, cost)
            if done < upto:
                query = f"SELECT * FROM ({query}) WHERE reachable >= {lowest - SLACK!r}"
                query = _try_more(comparison, done, upto, query)
                tried[comparison.name] = upto
    return query


def _try_more(comparison: ModelComparison, done: int, upto: int, query: str) -> str:
    """`query` with the levels from `done` to before `upto` tried where the level is open."""
    level = f'"gamma_{comparison.name}"'
    query = f"""
        SELECT * REPLACE (
            (CASE WHEN {level} = {OPEN} THEN {_case(comparison.levels[done:upto])} ELSE {level} END)::TINYINT AS {level}
        ), {level} = {OPEN} AS was_open
        FROM ({query})
    """
    gain = f"{_reachable(comparison, upto)} - {_best(comparison, done)}"
    return f"""
        SELECT * EXCLUDE (was_open) REPLACE (
            (CASE WHEN was_open THEN reachable + {gain} ELSE reachable END) AS reachable
        )
        FROM ({query})
    """


def _columns_of(comparison: ModelComparison) -> set[str]:
    read = {name for level in comparison.levels for name in SIDED.findall(level.condition)}
    return read | _frequent(comparison)


def _frequent(comparison: ModelComparison) -> set[str]:
    return {level.term_frequency for level in comparison.levels if level.term_frequency}


def _sides(model: Model) -> str:
    """SELECT of each pair with both records' columns and the bits of their term frequencies."""
    joins = " ".join(f'LEFT JOIN "frequency_{name}" USING ("{name}")' for name in _all_frequent(model))
    records = f"SELECT row_id, {side_sql(model)} FROM record {joins}"
    return f"""
        SELECT left_id AS row_id_l, right_id AS row_id_r, {_both(model)}
        FROM candidate_pair
        JOIN ({records}) l ON l.row_id = left_id
        JOIN ({records}) r ON r.row_id = right_id
    """


def _read(model: Model) -> list[str]:
    return sorted(set().union(*(_columns_of(c) for c in model.comparisons)))


def _all_frequent(model: Model) -> list[str]:
    return sorted(set().union(*(_frequent(c) for c in model.comparisons)))


def _both(model: Model) -> str:
    """The columns of both records, l and r, for a SELECT."""
    named = [*_read(model), *(f"bits_{name}" for name in _all_frequent(model))]
    return ", ".join(f'{side}."{name}" AS "{name}_{side}"' for name in named for side in "lr")


def _affordable(comparison: ModelComparison, cost: int) -> int:
    """How many levels there are before the first that costs more than `cost`."""
    for place, level in enumerate(comparison.levels):
        if max((each for each, function in COSTS if function.search(level.condition)), default=1) > cost:
            return place
    return len(comparison.levels)


def _case(levels: tuple[ModelLevel, ...]) -> str:
    """The number of the first of `levels` whose condition holds, else OPEN."""
    cases = " ".join(f"WHEN {level.condition or 'true'} THEN {level.number}" for level in levels)
    return f"(CASE {cases} ELSE {OPEN} END)" if cases else str(OPEN)


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


def _reachable(comparison: ModelComparison, tried: int) -> str:
    """Bits of the comparison's level, or the most it can get if none of the first `tried` levels holds."""
    cases = " ".join(f"WHEN {level.number} THEN {_bits(level)}" for level in comparison.levels[:tried])
    best = _best(comparison, tried)
    return f'(CASE "gamma_{comparison.name}" {cases} ELSE {best} END)' if cases else best


def _best(comparison: ModelComparison, tried: int) -> str:
    """The most bits that the levels behind the first `tried` can give."""
    rest = ", ".join(_bits(level) for level in comparison.levels[tried:])
    return f"greatest({rest})" if rest else _double(0)


def _bits(level: ModelLevel) -> str:
    weight = _double(level.weight)
    return f"{weight} + {_rarity(level)}" if level.term_frequency else weight


def _double(number: float) -> str:
    """A literal that DuckDB does not take for a decimal, which would be cast again for every pair."""
    return f"{number!r}::DOUBLE"


def _total(comparison: ModelComparison) -> str:
    adjustment = f' + "mw_tf_adj_{comparison.name}"' if _frequent(comparison) else ""
    return f'"mw_{comparison.name}"{adjustment}'
