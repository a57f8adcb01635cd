"""Scored pairs and a model → the best of several runs of expectation maximisation, and how far apart they ended.

Expectation maximisation climbs to the nearest summit of the likelihood. Where runs that begin far apart end at one place,
that place is the data's and not the beginning's.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from linkage.model import Model, ModelComparison, prior_bits
from linkage.scoring.maximise import LARGEST_WEIGHT, EmSetup, evidence, run_em

ROUNDS = 50
WIDE_GAP = 0.5
"""Bits by which the weight of a level may differ between starts without a warning."""
RAREST = 0.001
"""Levels that fewer true pairs are at move with a handful of pairs and say nothing of the summit."""
SHARES = {"as documented": 0.9, "more careless": 0.5, "more careful": 0.99}
"""Start → the share of records in the register that it begins with."""


@dataclass(frozen=True)
class Reached:
    """Where one start led: the model, the log2 likelihood of the pairs and of the documented m under it, and the prior."""

    start: str
    model: Model
    likelihood: float
    prior: float


def careless(shares: Mapping[str, float]) -> dict[str, float]:
    """m of people who write anything down: three tenths of all true pairs fall on any level."""
    return {level: 0.7 * m + 0.3 / len(shares) for level, m in shares.items()}


def careful(shares: Mapping[str, float]) -> dict[str, float]:
    """m of people who hardly slip: what is common is commoner, what is rare is rarer."""
    total = sum(m**1.5 for m in shares.values())
    return {level: m**1.5 / total for level, m in shares.items()}


def run_from_starts(em: EmSetup, records: int) -> list[Reached]:
    """Where each of the starts leads, the likeliest first; `records` is how many may be in the register."""
    begins = {
        "as documented": em.model,
        "more careless": _begun(em.model, careless),
        "more careful": _begun(em.model, careful),
    }
    reached = []
    for start, begin in begins.items():
        model, prior = run_em(em, begin, prior_bits(SHARES[start], em.people))
        reached.append(Reached(start, model, _likelihood(em, model, prior, records), prior))
    return sorted(reached, key=lambda one: -one.likelihood)


def widest_gap(reached: Iterable[Reached]) -> tuple[float, str]:
    """Most bits by which the m of a level differ between two of the starts, and which level that is."""
    found = (0.0, "")
    levels: dict[str, list[float]] = {}
    for one in reached:
        for comparison in one.model.comparisons:
            for level in comparison.levels:
                if not level.missing:
                    levels.setdefault(f"{level.name} of {comparison.name}", []).append(level.m)
    for name, chances in levels.items():
        if max(chances) >= RAREST:
            found = max(found, (math.log2(max(chances) / min(chances)), name))
    return found


def _begun(model: Model, change: Callable[[Mapping[str, float]], dict[str, float]]) -> Model:
    return replace(model, comparisons=tuple(_changed(comparison, change) for comparison in model.comparisons))


def _changed(
    comparison: ModelComparison, change: Callable[[Mapping[str, float]], dict[str, float]]
) -> ModelComparison:
    shares = change({level.name: level.m for level in comparison.levels if not level.missing})
    levels = tuple(replace(level, m=shares.get(level.name, level.m)) for level in comparison.levels)
    return replace(comparison, levels=levels)


def _likelihood(em: EmSetup, model: Model, prior: float, records: int) -> float:
    """Log2 likelihood of all pairs beside none of them being true, and of the m that count as pairs seen before."""
    import numpy

    odds = numpy.exp2(numpy.minimum(evidence(em, model) + prior, LARGEST_WEIGHT))
    found = float(numpy.log2(1 + numpy.bincount(em.pairs.record, weights=odds)).sum())
    found += records * math.log2(1 - model.share_in_register)
    for before, after in zip(em.model.comparisons, model.comparisons, strict=True):
        for old, new in zip(before.levels, after.levels, strict=True):
            if not old.missing:
                found += em.prior_pairs * old.m * math.log2(new.m)
    return round(found, 1)
