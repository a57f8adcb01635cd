"""Scored pairs as arrays and a model → the model with the m that make the pairs most likely.

Expectation maximisation (Dempster, Laird and Rubin 1977) in which the pairs of one record compete: at most one is true.
Pure numbers; `linkage.adapt` reads them from the database.
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
"""True pairs that the m of the trained model count as."""
ROUNDS = 20
LARGEST_WEIGHT = 500.0
"""Weights are cut off here before 2^weight is taken, since doubles end at 2^1024 and odds are added up."""
MOST_DIFFERENT = 0.2
"""Largest plausible m of the last level ("differs") of forename, surname and date of birth."""
MOST_CHANGE = 0.05
"""Bits by which one more round may change the prior where the estimate has converged."""


@dataclass(frozen=True)
class ScoredPairs:
    """Pairs as arrays of one length: the number (from 0) of the record whose candidate each is, its evidence in bits against
    strangers, relatives and twins, and its levels.

    `levels` has one array per comparison, of Splink's gamma (-1: missing).
    """

    record: "Integers"
    stranger: "Floats"
    relative: "Floats"
    twin: "Floats"
    levels: tuple["Integers", ...]


Update = Callable[[Model, "Floats"], tuple[Model, float]]
"""The M step for the shares: model and posteriors of all pairs → the model with new shares, and the new prior (log2 odds that
a pair is true)."""


Count = Callable[["Integers", "Floats", int], "Floats"]
"""The M step for m: levels (gamma) and posteriors of pairs, and how many levels there are → expected true pairs at each level;
place 0 is gamma -1."""


def all_pairs(numbers: "Integers", posteriors: "Floats", levels: int) -> "Floats":
    """`Count` of all pairs, as in training: the m will weigh other pairs than these."""
    import numpy

    return numpy.bincount(numbers + 1, weights=posteriors, minlength=levels + 1).astype(float)


def all_but_surest(numbers: "Integers", posteriors: "Floats", levels: int) -> "Floats":
    """`Count` of all pairs but the surest at each level, as in a run: the m will weigh these same pairs.

    Otherwise a pair that is alone at a level would raise its own weight: by nine bits among 120 records, at a level that
    seven in a million true pairs are at.
    """
    import numpy

    surest = numpy.zeros(levels + 1)
    numpy.maximum.at(surest, numbers + 1, posteriors)
    return all_pairs(numbers, posteriors, levels) - surest


@dataclass(frozen=True)
class EmSetup:
    """What a run of expectation maximisation is given.

    `model` weighed the `pairs`; its m count as `prior_pairs` true pairs (infinity: m stay as they are). `people` is the size
    of the population. `update` and `count` are the M steps for the shares and for m.
    """

    model: Model
    pairs: ScoredPairs
    people: int
    update: Update
    prior_pairs: float
    rounds: int = ROUNDS
    count: Count = all_pairs


def is_fit(adapted: Model) -> bool:
    """Whether the m are plausible: true pairs seldom differ altogether in forename, surname or birth date.

    In data with hardly any true pairs the estimate may take namesakes or neighbours for one person; then it is not.
    """
    return all(
        comparison.levels[-1].m <= MOST_DIFFERENT
        for comparison in adapted.comparisons
        if comparison.name in ("forename", "surname", "date_of_birth")
    )


def maximise(model: Model, pairs: ScoredPairs, people: int, start: float, update: Update) -> Model:
    """The model with the m and shares that make `pairs` most likely; with new shares only, and its own m, if the new m are
    implausible or the estimate does not converge.

    `people` is the size of the population, `start` the prior to begin with (log2 odds).
    """
    em = EmSetup(model, pairs, people, update, PRIOR_PAIRS, count=all_but_surest)
    adapted, prior = run_em(em, model, start)
    if is_fit(adapted) and _has_converged(em, adapted, prior):
        return adapted
    return run_em(replace(em, prior_pairs=math.inf), model, start)[0]


def _has_converged(em: EmSetup, adapted: Model, prior: float) -> bool:
    """Whether one more round leaves the prior as it is, to `MOST_CHANGE` bits.

    If each round finds more true pairs than the last, ever more strangers are taken for one person, which `is_fit` sees late.
    """
    _, later = run_em(replace(em, rounds=1), adapted, prior)
    return abs(later - prior) <= MOST_CHANGE


def run_em(em: EmSetup, begin: Model, prior: float) -> tuple[Model, float]:
    """The model and the prior (log2 odds) after the rounds of `em`, which begin with the m of `begin` and with `prior`."""
    adapted = begin
    for _ in range(em.rounds):
        posteriors = posterior_of(em.pairs.record, evidence(em, adapted) + prior)
        adapted, prior = em.update(_with_m(em, adapted, posteriors), posteriors)
    return adapted, prior


def evidence(em: EmSetup, adapted: Model) -> "Floats":
    """Evidence in each pair under the m and shares of `adapted`, in bits, without the prior."""
    return _against(adapted, em.pairs, em.people) + _shift(em.model, adapted, em.pairs)


def posterior_of(record: "Integers", weight: "Floats") -> "Floats":
    """The E step: probability that each pair is true, o_i / (1 + sum of the o of its record's pairs).

    `record` is the number (from 0) of each pair's record; `weight` is in bits, prior included.
    """
    import numpy

    odds = numpy.exp2(numpy.minimum(weight, LARGEST_WEIGHT))
    found: Floats = odds / (1 + numpy.bincount(record, weights=odds)[record])
    return found


def relatives_per_person(model: Model, pairs: ScoredPairs, people: int, posteriors: "Floats") -> float:
    """Expected relatives per person: the pairs that are not true, each as likely a relative as its evidence says."""
    import numpy

    different = (1 - posteriors) * numpy.exp2(_against(model, pairs, people))
    relatives = share_of_pairs(model.relatives, people) * numpy.exp2(-pairs.relative) * different
    return 2 * float(relatives.sum()) / people


def _against(model: Model, pairs: ScoredPairs, people: int) -> "Floats":
    """Evidence of each pair against strangers, relatives and twins together, in bits, as `linkage.model.mixture_sql` has it."""
    import numpy

    relatives, twins = share_of_pairs(model.relatives, people), share_of_pairs(model.twins, people)
    found: Floats = -numpy.log2(
        (1 - relatives - twins) * numpy.exp2(-pairs.stranger)
        + relatives * numpy.exp2(-pairs.relative)
        + twins * numpy.exp2(-pairs.twin)
    )
    return found


def _with_m(em: EmSetup, adapted: Model, posteriors: "Floats") -> Model:
    """`adapted` with m from the expected true pairs at each level, to which the m of `em.model` add `prior_pairs`."""
    prior_pairs = em.prior_pairs
    if math.isinf(prior_pairs):
        return adapted
    comparisons = []
    for comparison, numbers in zip(em.model.comparisons, em.pairs.levels, strict=True):
        counted = em.count(numbers, posteriors, len(comparison.levels))
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
    """Bits that the m of `adapted` add to each pair's weight under `model`."""
    import numpy

    total = numpy.zeros(len(pairs.record))
    for before, after, numbers in zip(model.comparisons, adapted.comparisons, pairs.levels, strict=True):
        shifts = shifts_of(before, after)
        by_number = numpy.array([shifts.get(number, 0.0) for number in range(-1, len(before.levels))])
        total += by_number[numbers + 1]
    return total


def shifts_of(before: ModelComparison, after: ModelComparison) -> dict[int, float]:
    """Gamma → log2(new m / old m), rounded so that the last bits of a sum decide nothing."""
    return {
        old.number: round(math.log2(new.m / old.m), DECIMALS)
        for old, new in zip(before.levels, after.levels, strict=True)
        if not old.missing
    }
