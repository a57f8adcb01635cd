"""Compared pairs and a model → the model with the m of these data, and the pairs weighed by it.

How often true pairs disagree on a field is a habit of those who typed it in, so it differs from council to council. The
shipped m are where the estimate starts and count as `PRIOR_PAIRS` true pairs that have been seen before; expectation
maximisation (Dempster, Laird and Rubin 1977) on the candidates of each record adds those of this run. u is not touched:
a pair's evidence against strangers, relatives and twins has the same m in its numerator, so a new m shifts them alike.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import duckdb

from linkage.database import count_subjects
from linkage.model import Model, ModelComparison, prior_bits
from linkage.tables import COUNCIL, NHS, PAIR, RECORD

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

    Floats = NDArray[float64]
    Integers = NDArray[int64]

PRIOR_PAIRS = 100.0
ROUNDS = 20
LARGEST_WEIGHT = 500.0
LARGEST_HOME = 8
FEWEST_KIN = 0.001
"""Relatives per person in a register that shows none."""
DECIMALS = 6


@dataclass(frozen=True)
class ScoredPairs:
    """Pairs in columns: the record whose candidate each is, its weight in bits without the prior, and its levels.

    `levels` is one array per comparison, in Splink's numbers (-1: missing). Pairs of one record compete: at most one of
    them is true.
    """

    record: "Integers"
    weight: "Floats"
    levels: tuple["Integers", ...]


Prior = Callable[["Floats"], float]
"""Posteriors of all pairs → log2 odds that a pair is true before it is compared."""


def adapt_to_homes(database: duckdb.DuckDBPyConnection, model: Model) -> Model:
    """`model` with as many relatives and twins as the homes of this register hold; comes before pairs are scored."""
    factor = home_mates(database) / (model.relatives + model.twins)
    return replace(
        model,
        relatives=round(max(model.relatives * factor, FEWEST_KIN), DECIMALS),
        twins=round(max(model.twins * factor, FEWEST_KIN / 100), DECIMALS),
    )


def home_mates(database: duckdb.DuckDBPyConnection) -> float:
    """How many others a person of the register shares a home with or shared one, on average.

    Homes of more than `LARGEST_HOME` people are none: they are care homes and blocks.
    """
    found = database.execute(
        f"""
        SELECT coalesce(sum(people * (people - 1)), 0) FROM (
            SELECT count(DISTINCT subject_id) AS people
            FROM (SELECT subject_id, unnest(places) AS home FROM "{RECORD.name}" WHERE dataset = '{NHS}')
            GROUP BY home HAVING people BETWEEN 2 AND {LARGEST_HOME}
        )
        """
    ).fetchall()
    return int(found[0][0]) / max(count_subjects(database, NHS), 1)


def adapt_to_register(
    database: duckdb.DuckDBPyConnection, model: Model, people: int, prior_pairs: float = PRIOR_PAIRS
) -> Model:
    """`model` with the m and the share in the register of these data; `pair` is weighed anew.

    `people` is the number of people in the register.
    """
    linkable = count_subjects(database, COUNCIL)

    def share(posteriors: "Floats") -> float:
        found = float(posteriors.sum()) + 2 * model.share_in_register
        return min(0.999, max(0.001, found / (linkable + 2)))

    def prior(posteriors: "Floats") -> float:
        return prior_bits(share(posteriors), people)

    pairs = _scored(database, model, f"r.dataset = '{NHS}'", "l.subject_id")
    start = prior_bits(model.share_in_register, people)
    adapted, posteriors = maximise(model, pairs, start, prior, prior_pairs)
    _weigh(database, model, adapted)
    return replace(adapted, share_in_register=round(share(posteriors), 4))


def adapt_to_duplicates(database: duckdb.DuckDBPyConnection, model: Model) -> Model:
    """`model` with the m of the true pairs within one dataset and its share of duplicates; `pair` is weighed anew."""
    records = max(count_subjects(database, COUNCIL), 2)

    def prior(posteriors: "Floats") -> float:
        return math.log2((2 * float(posteriors.sum()) + 2 * model.share_duplicate) / (records + 2) / records)

    pairs = _scored(
        database, model, f"r.dataset = '{COUNCIL}'", "row_number() OVER (ORDER BY left_id, right_id)"
    )
    adapted, posterior = maximise(model, pairs, math.log2(model.share_duplicate / records), prior)
    _weigh(database, model, adapted)
    return replace(adapted, share_duplicate=round(2.0 ** prior(posterior) * records, DECIMALS))


def maximise(
    model: Model, pairs: ScoredPairs, start: float, prior: Prior, prior_pairs: float = PRIOR_PAIRS
) -> tuple[Model, "Floats"]:
    """The model with the m that make `pairs` most likely, and the posterior of every pair under it.

    `start` is the prior to begin with, in bits; the m of `model` count as `prior_pairs` true pairs.
    """
    adapted, bits = model, start
    posteriors = posterior_of(pairs, pairs.weight, bits)
    for _ in range(ROUNDS):
        adapted = _with_m(model, pairs, posteriors, prior_pairs)
        bits = prior(posteriors)
        posteriors = posterior_of(pairs, pairs.weight + _shift(model, adapted, pairs), bits)
    return adapted, posteriors


def posterior_of(pairs: ScoredPairs, weight: "Floats", prior: float) -> "Floats":
    """Probability of each pair, against the others of its record and against none of them: o_i / (1 + sum of all o)."""
    import numpy

    odds = numpy.exp2(numpy.minimum(weight + prior, LARGEST_WEIGHT))
    _, place = numpy.unique(pairs.record, return_inverse=True)
    found: Floats = odds / (1 + numpy.bincount(place, weights=odds)[place])
    return found


def _with_m(model: Model, pairs: ScoredPairs, posteriors: "Floats", prior_pairs: float) -> Model:
    """`model` with m counted over the pairs, each as true as its posterior, after `prior_pairs` of its own m."""
    import numpy

    comparisons = []
    for comparison, numbers in zip(model.comparisons, pairs.levels, strict=True):
        counted = numpy.bincount(numbers + 1, weights=posteriors, minlength=len(comparison.levels) + 1)
        total = float(counted[1:].sum()) + prior_pairs
        levels = tuple(
            level
            if level.missing
            else replace(level, m=(float(counted[level.number + 1]) + prior_pairs * level.m) / total)
            for level in comparison.levels
        )
        comparisons.append(replace(comparison, levels=levels))
    return replace(model, comparisons=tuple(comparisons))


def _shift(model: Model, adapted: Model, pairs: ScoredPairs) -> "Floats":
    """Bits to add to each pair's weight because of the new m."""
    import numpy

    total = numpy.zeros(len(pairs.weight))
    for before, after, numbers in zip(model.comparisons, adapted.comparisons, pairs.levels, strict=True):
        shifts = shifts_of(before, after)
        by_number = numpy.array([shifts.get(number, 0.0) for number in range(-1, len(before.levels))])
        total += by_number[numbers + 1]
    return total


def shifts_of(before: ModelComparison, after: ModelComparison) -> dict[int, float]:
    """Level number → log2 of the new m over the old one, rounded so that no last bit decides."""
    return {
        old.number: round(math.log2(new.m / old.m), DECIMALS)
        for old, new in zip(before.levels, after.levels, strict=True)
        if not old.missing
    }


def _weigh(database: duckdb.DuckDBPyConnection, model: Model, adapted: Model) -> None:
    """Weigh `pair` anew."""
    shifted, total = [], []
    for before, after in zip(model.comparisons, adapted.comparisons, strict=True):
        cases = " ".join(f"WHEN {number} THEN {bits!r}" for number, bits in shifts_of(before, after).items())
        shift = f'CASE "level_{before.name}" {cases} ELSE 0 END'
        shifted.append(f'round("weight_{before.name}" + {shift}, {DECIMALS}) AS "weight_{before.name}"')
        total.append(shift)
    added = " + ".join(total)
    shifted += [
        f"round({name} + {added}, {DECIMALS}) AS {name}" for name in ("stranger_weight", "match_weight")
    ]
    database.execute(
        f'CREATE OR REPLACE TABLE "{PAIR.name}" AS SELECT * REPLACE ({", ".join(shifted)}) FROM "{PAIR.name}"'
    )


def _scored(database: duckdb.DuckDBPyConnection, model: Model, where: str, record: str) -> ScoredPairs:
    """The pairs of `pair` that meet a condition, best pair of rows of each two subjects, in a fixed order."""
    levels = ", ".join(f'CAST("level_{c.name}" AS BIGINT) AS "level_{c.name}"' for c in model.comparisons)
    found: dict[str, Any] = database.execute(
        f"""
        SELECT {record} AS record, match_weight AS weight, {levels}
        FROM "{PAIR.name}" p
        JOIN "{RECORD.name}" l ON l.row_id = p.left_id
        JOIN "{RECORD.name}" r ON r.row_id = p.right_id
        WHERE {where}
        QUALIFY row_number() OVER (
            PARTITION BY l.subject_id, r.subject_id ORDER BY match_weight DESC, left_id, right_id
        ) = 1
        ORDER BY left_id, right_id
        """
    ).fetchnumpy()
    return ScoredPairs(
        found["record"], found["weight"], tuple(found[f"level_{c.name}"] for c in model.comparisons)
    )
