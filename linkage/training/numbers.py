"""Counted pairs → the probabilities of each level. None is 0 or 1: levels that were not seen get the pseudo-counts
`HALF`, `SEEN_KIN` and `parameters.SEEN_PAIRS`."""

from typing import Any

from linkage import model_folder
from linkage.fields import Comparison
from linkage.model import Model
from linkage.scoring.tally import Tally

FLOOR = 1e-7
"""The lowest probability of a level; the highest is 1 - FLOOR."""
HALF = 0.5
"""Pairs of strangers that are added at every level (Jeffreys' prior)."""
SEEN_KIN = 100.0
"""Pairs across the files that the estimate from the register's relatives counts as: with few twins, the register decides."""
# The chances that a council holds somebody else's NHS Number are assumed, not counted: a register has every number once.
HELD_NUMBER = {
    "same": {"u": 0.001, "relative_u": 0.01, "twin_u": 0.02},
    "differs": {"u": 0.999, "relative_u": 0.99, "twin_u": 0.98},
}

Numbers = dict[str, dict[str, dict[str, float]]]
"""Comparison → level → m, u, relative_u and twin_u."""


def fill_strangers(found: Tally, numbers: Numbers) -> None:
    """Fill `u` from the counts of strangers; a comparison without any pairs keeps its starting values."""
    for comparison, levels in found.items():
        total = sum(levels.values())
        for level, pairs in levels.items():
            if total:
                numbers[comparison][level]["u"] = _kept((pairs + HALF) / (total + HALF * len(levels)))


def fill_kin_of_register(found: Tally, numbers: Numbers, chance: str, else_as: str) -> None:
    """Fill `chance` (`relative_u` or `twin_u`) from the counts of relatives or twins within the register.

    A register has no initials and slips of the kind that councils have. So levels that were not seen get the probability
    `else_as` of the level; but not for the birth date, in which relatives and twins differ.
    """
    for comparison, levels in found.items():
        total = sum(levels.values())
        for level, pairs in levels.items():
            own = numbers[comparison][level]
            # One pair is added that is spread over the levels as `else_as`, so that no level has probability 0.
            share = (pairs + own[else_as]) / (total + 1)
            own[chance] = _kept(share if pairs or comparison == "date_of_birth" else own[else_as])


def fill_kin_across(found: Tally, numbers: Numbers, chance: str) -> None:
    """Fill `chance` (`relative_u` or `twin_u`) from pairs of a council row and a relative's or twin's register row; the
    estimate from the register counts as `SEEN_KIN` such pairs."""
    for comparison, levels in found.items():
        total = sum(levels.values())
        before = sum(numbers[comparison][level][chance] for level in levels)
        for level, pairs in levels.items():
            own = numbers[comparison][level]
            own[chance] = _kept((pairs + SEEN_KIN * own[chance] / before) / (total + SEEN_KIN))


def fill_m(found: Model, numbers: Numbers) -> None:
    """Fill `m` from the estimated model. No level weighs less than the last one ("differs"): where true pairs are hardly
    ever at a level its m is uncertain, and agreement is never worse evidence than none."""
    for comparison in found.comparisons:
        last = comparison.levels[-1]
        least = {
            level.name: max(level.m, level.u * last.m / last.u)
            for level in comparison.levels
            if not level.missing
        }
        total = sum(least.values())
        for name, m in least.items():
            numbers[comparison.name][name]["m"] = _kept(m / total)


def hold_number(numbers: Numbers) -> None:
    """Set u, relative_u and twin_u of a held NHS Number to the assumed `HELD_NUMBER`."""
    for level, known in HELD_NUMBER.items():
        if "nhs_number" in numbers:
            numbers["nhs_number"][level] |= known


def share_birthday(numbers: Numbers) -> None:
    """Set twin_u of the birth date to m: twins have the same birth date, with mistakes as often as one person's."""
    for level in numbers.get("date_of_birth", {}).values():
        level["twin_u"] = level["m"]


def starting_parameters(fields: list[str]) -> dict[str, Any]:
    """The starting values of parameters.json: m from the fields' sources; u 0.01 at each level but the last."""
    comparisons = {}
    for field in fields:
        comparison = model_folder.comparison_of(field)
        comparisons[comparison.name] = {
            "levels_digest": model_folder.digest(comparison),
            "levels": _starting_levels(comparison),
        }
    return {
        "share_in_register": 0.9,
        "share_duplicate": 0.05,
        "relatives": 1.5,
        "twins": 0.01,
        "calibration": [],
        "calibrated_on": "not calibrated: the confidence is the model's own posterior",
        "comparisons": comparisons,
    }


def _starting_levels(comparison: Comparison) -> dict[str, dict[str, float]]:
    compared = [level for level in comparison.levels if not level.missing]
    total = sum(max(level.m, 0.001) for level in compared)
    chances = [0.01] * (len(compared) - 1) + [1 - 0.01 * (len(compared) - 1)]
    return {
        level.name: {
            "m": max(level.m, 0.001) / total,
            "u": chance,
            "relative_u": chance,
            "twin_u": chance,
        }
        for level, chance in zip(compared, chances, strict=True)
    }


def _kept(found: float) -> float:
    """A probability kept between `FLOOR` and 1 - `FLOOR`, rounded to nine decimals."""
    return round(min(1 - FLOOR, max(FLOOR, found)), 9)
