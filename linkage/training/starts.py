"""Scored pairs and a model → the results of expectation maximisation from several starts, and how far apart they are.

Expectation maximisation finds a local maximum of the likelihood. If runs from very different starts end in the same
place, the data decide it and not the start.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from linkage.model import Model, ModelComparison, prior_bits
from linkage.scoring.maximise import LARGEST_WEIGHT, EmSetup, evidence, run_em

ROUNDS = 50
"""Rounds of each run."""
WIDE_GAP = 0.5
"""Bits by which the weight of a level may differ between starts without a warning."""
RAREST = 0.001
"""Levels with a lower m are not compared between starts: a handful of pairs moves them."""
SHARES = {"as documented": 0.9, "more careless": 0.5, "more careful": 0.99}
"""Start → the share_in_register that it begins with."""


@dataclass(frozen=True)
class Reached:
    """The result of one start: the model, the log2 likelihood under it of the pairs and of the documented m, and the prior (log2
    odds)."""

    start: str
    model: Model
    likelihood: float
    prior: float


def careless(shares: Mapping[str, float]) -> dict[str, float]:
    """m of careless typing, for a start: 30 % of the true pairs are spread evenly over all levels. `shares`: level → m."""
    return {level: 0.7 * m + 0.3 / len(shares) for level, m in shares.items()}


def careful(shares: Mapping[str, float]) -> dict[str, float]:
    """m of careful typing, for a start: frequent levels become more frequent, and rare ones rarer. `shares`: level → m."""
    total = sum(m**1.5 for m in shares.values())
    return {level: m**1.5 / total for level, m in shares.items()}


def run_from_starts(em: EmSetup, records: int) -> list[Reached]:
    """The result of each start, the likeliest first; `records` is how many council records can be linked."""
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
    """The most bits by which the m of a level differs between two starts, and the level ("close of surname")."""
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
    """Log2 likelihood of the model, relative to one in which no pair is true: of all pairs, and of the m of `em.model` as
    `em.prior_pairs` true pairs."""
    import numpy

    odds = numpy.exp2(numpy.minimum(evidence(em, model) + prior, LARGEST_WEIGHT))
    found = float(numpy.log2(1 + numpy.bincount(em.pairs.record, weights=odds)).sum())
    found += records * math.log2(1 - model.share_in_register)
    for before, after in zip(em.model.comparisons, model.comparisons, strict=True):
        for old, new in zip(before.levels, after.levels, strict=True):
            if not old.missing:
                found += em.prior_pairs * old.m * math.log2(new.m)
    return round(found, 1)
