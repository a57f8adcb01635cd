"""A model and two rows → the levels and weights of the pair, as `scoring.compile` and `score` give them in a run."""

import math
from dataclasses import dataclass

from linkage.lookup import expression
from linkage.lookup.expression import Row
from linkage.model import DECIMALS, Model, ModelComparison, ModelLevel, share_of_pairs

SCALE = 10.0**DECIMALS


@dataclass(frozen=True)
class Pair:
    """The register row; the pair's evidence in bits, without the prior; and the level (gamma) and weight in bits of every
    comparison, in the model's order."""

    row: Row
    evidence: float
    levels: tuple[int, ...]
    weights: tuple[float, ...]


class Scorer:
    """Compares pairs of rows. A row has the columns that levels read and, for term frequencies, bits_<column>: log2 of
    the share of people with the value."""

    def __init__(self, model: Model, people: int, lowest: float) -> None:
        """`people` is the number of people in the register. Pairs of fewer than `lowest` bits against strangers are dropped.

        ModelError where a condition is not understood.
        """
        self._comparisons = [_Compared(comparison) for comparison in model.comparisons]
        self._lowest = lowest
        relatives = share_of_pairs(model.relatives, people)
        twins = share_of_pairs(model.twins, people)
        self._shares = (1 - relatives - twins, relatives, twins)

    def compare(self, left: Row, right: Row) -> Pair | None:
        """The pair, or None where it has fewer than `lowest` bits."""
        levels, bits, total = [], [], 0.0
        for compared in self._comparisons:
            level = compared.level(left, right)
            rarity = _rarity(level, left, right) if level.term_frequency else 0.0
            total = total + level.weight + rarity
            levels.append(level)
            bits.append(level.weight + rarity)
        if total < self._lowest:
            return None
        weights = tuple(rounded(each) for each in bits)
        against = (
            sum(weights),
            sum(level.relative_weight for level in levels),
            sum(level.twin_weight for level in levels),
        )
        odds = sum(share * math.pow(2, -weight) for share, weight in zip(self._shares, against, strict=True))
        return Pair(right, rounded(-math.log2(odds)), tuple(level.number for level in levels), weights)


class _Compared:
    def __init__(self, comparison: ModelComparison) -> None:
        conditions = [level.condition for level in comparison.levels[:-1]]
        self._place = expression.first_that_holds(conditions, expression.of_pair)
        self._levels = [_Level.of(level) for level in comparison.levels]

    def level(self, left: Row, right: Row) -> "_Level":
        return self._levels[self._place(left, right)]


@dataclass(frozen=True)
class _Level:
    """A `ModelLevel` with its weights worked out."""

    number: int
    weight: float
    relative_weight: float
    twin_weight: float
    term_frequency: str
    u_bits: float

    @classmethod
    def of(cls, level: ModelLevel) -> "_Level":
        frequent = level.term_frequency and f"bits_{level.term_frequency}"
        return cls(
            level.number, level.weight, level.relative_weight, level.twin_weight, frequent, math.log2(level.u)
        )


def _rarity(level: _Level, left: Row, right: Row) -> float:
    """The term-frequency adjustment of a level in bits: log2(u / frequency), of the commoner of both values."""
    bits = [row[level.term_frequency] for row in (left, right) if row[level.term_frequency] is not None]
    return level.u_bits - max(bits) if bits else 0.0


def rounded(bits: float) -> float:
    """Bits rounded to `DECIMALS`; halves are rounded away from zero, as in DuckDB."""
    scaled = abs(bits) * SCALE
    whole = math.floor(scaled)
    if scaled - whole >= 0.5:
        whole += 1
    return math.copysign(whole, bits) / SCALE
