"""The array types that the population is made of, and helpers for them."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Text = npt.NDArray[np.object_]
Generator = np.random.Generator

NOBODY = -1
MALE = 1
FEMALE = 2
TODAY = int(np.datetime64("2025-09-30").astype("datetime64[D]").astype(np.int64))
DAYS_IN_YEAR = 365.25


def days(text: str) -> int:
    """Days since 1970 of a date written yyyy-mm-dd."""
    return int(np.datetime64(text).astype("datetime64[D]").astype(np.int64))


def years_of(birth: Ints) -> Ints:
    """Calendar year of dates given as days since 1970."""
    return birth.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def ages_of(birth: Ints) -> Floats:
    """Age in years on the day that the exports are made."""
    return (TODAY - birth) / DAYS_IN_YEAR


def chance(rng: Generator, rate: Floats | float, size: int) -> Flags:
    """A flag for each of `size` rows that is set with probability `rate`."""
    return rng.random(size) < rate


def pick(rng: Generator, weights: Floats, size: int) -> Ints:
    """`size` positions in `weights`, each with its share of the weight."""
    edges = np.cumsum(weights)
    drawn = np.searchsorted(edges, rng.random(size) * edges[-1], side="right")
    positions: Ints = np.minimum(drawn, len(weights) - 1).astype(np.int64)
    return positions
