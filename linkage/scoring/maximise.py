"""Scored pairs in columns and a model → the model with the m that make them most likely.

Expectation maximisation (Dempster, Laird and Rubin 1977) in which the pairs of one record compete. Only numbers go in and
out: the database is `linkage.adapt`'s.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linkage.model import DECIMALS, Model, ModelComparison, share_of_pairs

if TYPE_CHECKING:
    from numpy import float64, int64
    from numpy.typing import NDArray

    Floats = NDArray[float64]
    Integers = NDArray[int64]

PRIOR_PAIRS = 100.0
ROUNDS = 20
LARGEST_WEIGHT = 500.0
MOST_DIFFERENT = 0.2
"""Largest share of true pairs whose forename, surname or birth date may differ in every way."""
MOST_CHANGE = 0.05
"""Bits by which the odds beforehand may still change in a round after the last one."""


@dataclass(frozen=True)
class ScoredPairs:
    """Pairs in columns: the record whose candidate each is, the evidence in bits against each kind of two different
    people, and the levels.

    `levels` is one array per comparison, in Splink's numbers (-1: missing). Pairs of one record compete: at most one of
    them is true.
    """

    record: "Integers"
    stranger: "Floats"
    relative: "Floats"
    twin: "Floats"
    levels: tuple["Integers", ...]


Update = Callable[[Model, "Floats"], tuple[Model, float]]
"""Model and posteriors of all pairs → the model with other shares, and the log2 odds that a pair is true beforehand."""


Count = Callable[["Integers", "Floats", int], "Floats"]
"""Levels and posteriors of pairs, and the number of levels → true pairs at each level, those at -1 first."""


def all_pairs(numbers: "Integers", posteriors: "Floats", levels: int) -> "Floats":
    """True pairs at each level, for m that will weigh other pairs."""
    import numpy

    return numpy.bincount(numbers + 1, weights=posteriors, minlength=levels + 1).astype(float)


def other_pairs(numbers: "Integers", posteriors: "Floats", levels: int) -> "Floats":
    """True pairs at each level but the surest, for m that will weigh these same pairs: a pair that is alone at a level says
    nothing of how often true pairs are there, or it would raise its own weight, by nine bits where 120 records meet a level
    that seven true pairs in a million are at."""
    import numpy

    surest = numpy.zeros(levels + 1)
    numpy.maximum.at(surest, numbers + 1, posteriors)
    return all_pairs(numbers, posteriors, levels) - surest


@dataclass(frozen=True)
class Climb:
    """What expectation maximisation goes by: the `model` that weighed the `pairs` of a population of `people`, whose m
    count as `prior_pairs` true pairs, the rule for the shares, how many rounds there are, and which pairs count."""

    model: Model
    pairs: ScoredPairs
    people: int
    update: Update
    prior_pairs: float
    rounds: int = ROUNDS
    count: Count = all_pairs


def is_fit(adapted: Model) -> bool:
    """Whether true pairs still agree on who they are. Where they do not, the estimate has taken namesakes or neighbours
    for one person, as it may in data that hold hardly any true pair."""
    return all(
        comparison.levels[-1].m <= MOST_DIFFERENT
        for comparison in adapted.comparisons
        if comparison.name in ("forename", "surname", "date_of_birth")
    )


def maximise(
    model: Model,
    pairs: ScoredPairs,
    people: int,
    start: float,
    update: Update,
    prior_pairs: float = PRIOR_PAIRS,
) -> Model:
    """The model with the m and the shares that make `pairs` of a population of `people` most likely; only with such
    shares if those m are unfit, or do not settle.

    `start` is the prior to begin with, in bits; the m of `model` count as `prior_pairs` true pairs.
    """
    climb = Climb(model, pairs, people, update, prior_pairs, count=other_pairs)
    adapted, prior = climb_from(climb, model, start)
    if is_fit(adapted) and _has_settled(climb, adapted, prior):
        return adapted
    return climb_from(replace(climb, prior_pairs=math.inf), model, start)[0]


def _has_settled(climb: Climb, adapted: Model, prior: float) -> bool:
    """Whether another round would find as many true pairs. Where each finds more than the one before, ever more strangers are
    taken for one person, and m follow them before any of them looks unfit."""
    _, later = climb_from(replace(climb, rounds=1), adapted, prior)
    return abs(later - prior) <= MOST_CHANGE


def climb_from(climb: Climb, begin: Model, prior: float) -> tuple[Model, float]:
    """The model, and the prior in bits, that the rounds of `climb` lead to from the m of `begin` and from `prior`."""
    adapted = begin
    for _ in range(climb.rounds):
        posteriors = posterior_of(climb.pairs.record, evidence(climb, adapted) + prior)
        adapted, prior = climb.update(_with_m(climb, adapted, posteriors), posteriors)
    return adapted, prior


def evidence(climb: Climb, adapted: Model) -> "Floats":
    """Bits of each pair under the m of `adapted`, without the prior."""
    return _against(adapted, climb.pairs, climb.people) + _shift(climb.model, adapted, climb.pairs)


def posterior_of(record: "Integers", weight: "Floats") -> "Floats":
    """Probability of each pair, against the others of its record and against none of them: o_i / (1 + sum of all o).

    `record` numbers records from 0; `weight` is in bits, prior included.
    """
    import numpy

    odds = numpy.exp2(numpy.minimum(weight, LARGEST_WEIGHT))
    found: Floats = odds / (1 + numpy.bincount(record, weights=odds)[record])
    return found


def kin_of(model: Model, pairs: ScoredPairs, people: int, posteriors: "Floats") -> float:
    """Relatives per person among the pairs that are not true."""
    import numpy

    different = (1 - posteriors) * numpy.exp2(_against(model, pairs, people))
    relatives = share_of_pairs(model.relatives, people) * numpy.exp2(-pairs.relative) * different
    return 2 * float(relatives.sum()) / people


def _against(model: Model, pairs: ScoredPairs, people: int) -> "Floats":
    """Evidence against all that two different people can be, in bits: as `linkage.model.mixture_sql`."""
    import numpy

    relatives, twins = share_of_pairs(model.relatives, people), share_of_pairs(model.twins, people)
    found: Floats = -numpy.log2(
        (1 - relatives - twins) * numpy.exp2(-pairs.stranger)
        + relatives * numpy.exp2(-pairs.relative)
        + twins * numpy.exp2(-pairs.twin)
    )
    return found


def _with_m(climb: Climb, adapted: Model, posteriors: "Floats") -> Model:
    """`adapted` with m counted over the pairs, each as true as its posterior, after `prior_pairs` of the model's own m."""
    prior_pairs = climb.prior_pairs
    if math.isinf(prior_pairs):
        return adapted
    comparisons = []
    for comparison, numbers in zip(climb.model.comparisons, climb.pairs.levels, strict=True):
        counted = climb.count(numbers, posteriors, len(comparison.levels))
        total = float(counted[1:].sum()) + prior_pairs
        levels = tuple(
            level
            if level.missing
            else replace(level, m=(float(counted[level.number + 1]) + prior_pairs * level.m) / total)
            for level in comparison.levels
        )
        comparisons.append(replace(comparison, levels=levels))
    return replace(adapted, comparisons=tuple(comparisons))


def _shift(model: Model, adapted: Model, pairs: ScoredPairs) -> "Floats":
    """Bits to add to each pair's weight because of the new m."""
    import numpy

    total = numpy.zeros(len(pairs.record))
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
