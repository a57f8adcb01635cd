"""Records and the flags of those to be spoilt → their birth date or gender wrong, estimated or missing."""

import numpy as np

from linkage.population.arrays import MALE, Flags, Generator, Text
from linkage.population.council import Council
from linkage.population.world import World

PLACEHOLDERS = np.array(["01/01/1900", "01/01/1900", "01/01/1901", "11/11/1911", "31/12/1899"], dtype=object)


def dob_typo(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """One part of the date wrong in 93 of 100, else two."""
    for row in np.flatnonzero(chosen).tolist():
        day, month, year = (int(part) for part in council["Date of Birth"][row].split("/"))
        parts = rng.permutation(3)[: 1 if rng.random() < 0.93 else 2].tolist()
        if 0 in parts:
            day = _digit_wrong(rng, day, 28)
        if 1 in parts:
            month = _digit_wrong(rng, month, 12)
        if 2 in parts:
            year += int(rng.choice([-10, -2, -1, 1, 2, 10]))
        council["Date of Birth"][row] = (
            f"{min(day, 28) if month == 2 else min(day, 30):02d}/{month:02d}/{year}"
        )
    council.tag("dob_typo", np.flatnonzero(chosen))


def _digit_wrong(rng: Generator, number: int, largest: int) -> int:
    """Another day or month, usually a near one or the digits turned round."""
    turned = int(f"{number:02d}"[::-1])
    if 1 <= turned <= largest and turned != number and rng.random() < 0.3:
        return turned
    return (number - 1 + int(rng.choice([1, 2, 3, largest - 1, 10 % largest]))) % largest + 1


def day_month_swap(_rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """Day and month in each other's place, where that gives a date."""
    for row in np.flatnonzero(chosen).tolist():
        day, month, year = council["Date of Birth"][row].split("/")
        if int(day) <= 12 and day != month:
            council["Date of Birth"][row] = f"{month}/{day}/{year}"
            council.tag("day_month_swap", np.array([row]))


def january_first(_rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """1 January of the right year, without saying that the date is estimated."""
    rows = np.flatnonzero(chosen)
    council["Date of Birth"][rows] = ["01/01/" + date[-4:] for date in council["Date of Birth"][rows]]
    council.tag("january_first", rows)


def estimated_dob(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """1 January of about the right year, marked as estimated."""
    rows = np.flatnonzero(chosen)
    off = np.rint(rng.normal(0, 1.6, len(rows))).astype(np.int64)
    years = [int(date[-4:]) for date in council["Date of Birth"][rows]]
    council["Date of Birth"][rows] = [
        f"01/01/{year + wrong}" for year, wrong in zip(years, off.tolist(), strict=True)
    ]
    council["DOB Estimated"][rows] = "Y"
    council.tag("estimated_dob", rows)


def placeholder_dob(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """A date that stands for none."""
    rows = np.flatnonzero(chosen)
    council["Date of Birth"][rows] = PLACEHOLDERS[rng.integers(0, len(PLACEHOLDERS), len(rows))]
    council.tag("placeholder_dob", rows)


def no_dob(_rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """No date at all."""
    council["Date of Birth"][chosen] = ""
    council.tag("no_dob", chosen)


def gender_wrong(_rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """The other gender."""
    other: Text = np.where(council.sex == MALE, "F", "M").astype(object)
    council["Gender"][chosen] = other[chosen]
    council.tag("gender_wrong", chosen)


def gender_missing(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """Unknown, indeterminate or blank."""
    rows = np.flatnonzero(chosen)
    council["Gender"][rows] = np.array(["U", "U", "", "I"], dtype=object)[rng.integers(0, 4, len(rows))]
    council.tag("gender_missing", rows)
