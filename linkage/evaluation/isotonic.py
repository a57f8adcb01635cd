"""Confidences with labels → the monotone line through (confidence, share right) that a model's calibration is.

Isotonic regression by pooling adjacent violators (source: Ayer and others 1955; for probabilities: Zadrozny and Elkan
2002). A pool's share is Jeffreys' estimate (right + 1/2) / (n + 1), so that few labels never give 0 or 1 (source: Brown,
Cai and DasGupta 2001), and pools that this puts out of order are pooled again.

Centred isotonic regression (source: Oron and Flournoy 2017): a pool's share is that of its middle, and the line goes straight,
in log odds, from middle to middle. Steps would give the least sure link of a wide pool the share of its surest.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from linkage.scoring.confidence import calibrate, log_odds, probability

Points = tuple[tuple[float, float], ...]

# A run rounds confidence to six decimals, so the true value is anything that rounds to it, and what it shows as 1 may be less.
ROUNDED_BY = 5e-7
ROUNDS_TO_ONE = 1 - ROUNDED_BY
LOWEST, HIGHEST = 1e-9, 1 - 1e-9


@dataclass(frozen=True)
class Observation:
    """A confidence, whether the link was right, and how many records the label stands for."""

    confidence: float
    right: bool
    weight: float = 1.0


@dataclass(frozen=True)
class Pool:
    """A pool of neighbouring confidences with one estimate; `place` and `squares` are the sums of their weighted log odds
    and of their squared weights."""

    low: float
    high: float
    place: float
    weight: float
    squares: float
    right: float

    @property
    def middle(self) -> float:
        """The confidence of their mean log odds."""
        return min(self.high, max(self.low, probability(self.place / self.weight)))

    @property
    def share(self) -> float:
        """Share of right links, as it was observed."""
        return self.right / self.weight

    @property
    def estimate(self) -> float:
        """Jeffreys' estimate of the share; with unequal weights by the effective number of labels (Kish 1965)."""
        number = self.weight * self.weight / self.squares
        return (self.share * number + 0.5) / (number + 1)

    def joined(self, other: "Pool") -> "Pool":
        """This pool and the next as one."""
        return Pool(
            self.low,
            other.high,
            self.place + other.place,
            self.weight + other.weight,
            self.squares + other.squares,
            self.right + other.right,
        )


def calibration_points(
    observations: Iterable[Observation], former: Points = (), trust: float = 1.0
) -> Points:
    """The points (raw, calibrated) of a new calibration, from labels of runs that were calibrated by `former`.

    Between the middles of pools the line is straight in log odds; from the outermost middles to the least and the most
    confident label it is level. Beyond those, where there are no labels, the run's own claim stays, as far as the line
    still rises. With `trust` below 1 each point is a weighted mean of the labels' line and the run's claim; both rise, so
    the mean does.
    """
    pools = isotonic(observations)
    if not pools:
        return former
    points = {pool.middle: pool.estimate for pool in pools}
    least, most = pools[0].low - ROUNDED_BY, pools[-1].high + ROUNDED_BY
    points |= {max(LOWEST, least): pools[0].estimate, min(HIGHEST, most): pools[-1].estimate}
    points.setdefault(LOWEST, min(LOWEST, pools[0].estimate))
    points.setdefault(HIGHEST, max(HIGHEST, pools[-1].estimate))
    mixed = tuple((raw, trust * right + (1 - trust) * raw) for raw, right in sorted(points.items()))
    return composed(former, mixed)


def isotonic(observations: Iterable[Observation]) -> list[Pool]:
    """Pools from the least to the most confident, with estimates that never fall."""
    pools: dict[float, Pool] = {}
    for one in observations:
        low = high = min(HIGHEST, max(LOWEST, one.confidence))
        if one.confidence >= ROUNDS_TO_ONE:
            low, high = ROUNDS_TO_ONE, HIGHEST
        fresh = Pool(low, high, one.weight * log_odds(low), one.weight, one.weight**2, one.weight * one.right)
        pools[low] = pools[low].joined(fresh) if low in pools else fresh
    ordered = [pool for _, pool in sorted(pools.items())]
    return _in_order(_in_order(ordered, lambda pool: pool.share), lambda pool: pool.estimate)


def composed(first: Points, second: Points) -> Points:
    """The one calibration that does what `first` and then `second` does. Both are straight in log odds between points, so
    it is too."""
    if not first:
        return second
    places = {raw for raw, _ in first} | {LOWEST}
    places |= {raw for value, _ in second if (raw := _origin(first, value)) is not None}
    return tuple((raw, calibrate(second, calibrate(first, raw))) for raw in sorted(places))


def _in_order(pools: Sequence[Pool], value: Callable[[Pool], float]) -> list[Pool]:
    """Join neighbours until `value` rises from each pool to the next."""
    done: list[Pool] = []
    for pool in pools:
        done.append(pool)
        while len(done) > 1 and value(done[-2]) >= value(done[-1]):
            last = done.pop()
            done.append(done.pop().joined(last))
    return done


def _origin(points: Points, value: float) -> float | None:
    """The raw confidence that `points` turn into `value`; None if there is none, or a whole stretch."""
    values = [right for _, right in points]
    at = bisect_left(values, value)
    if at == 0:
        return value if value < values[0] and value < points[0][0] else None
    if at == len(values):
        return None
    low, high = log_odds(values[at - 1]), log_odds(values[at])
    if high <= low:
        return None
    start, end = log_odds(points[at - 1][0]), log_odds(points[at][0])
    position = start + (log_odds(value) - low) / (high - low) * (end - start)
    return probability(position)
