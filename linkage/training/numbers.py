"""Counted pairs → the numbers of each level, never 0 or 1: a level that is never seen gets what is said at `HALF`, at
`SEEN_KIN` and at `parameters.SEEN_PAIRS`.
"""

from typing import Any

from linkage import model_folder
from linkage.fields import Comparison
from linkage.model import Model
from linkage.scoring.tally import Tally

FLOOR = 1e-7
"""No level is rarer, and none is certain by more."""
HALF = 0.5
"""Pairs of strangers that every level counts as, beside those that were seen (Jeffreys' prior)."""
SEEN_KIN = 100.0
"""Pairs across the files that kin of the register count as: with few twins, those of the register decide."""
# A register has every number once, so neither chance nor kin can be counted in it: a council may hold another's.
HELD_NUMBER = {
    "same": {"u": 0.001, "relative_u": 0.01, "twin_u": 0.02},
    "differs": {"u": 0.999, "relative_u": 0.99, "twin_u": 0.98},
}

Numbers = dict[str, dict[str, dict[str, float]]]
"""Comparison → level → m, u, relative_u and twin_u."""


def fill_strangers(found: Tally, numbers: Numbers) -> None:
    """Fill `u`; a comparison that these files cannot make keeps its starting values."""
    for comparison, levels in found.items():
        total = sum(levels.values())
        for level, pairs in levels.items():
            if total:
                numbers[comparison][level]["u"] = _kept((pairs + HALF) / (total + HALF * len(levels)))


def fill_kin_of_register(found: Tally, numbers: Numbers, chance: str, else_as: str) -> None:
    """Fill `relative_u` or `twin_u` from kin within the register, which has no initials and slips of the kind that councils
    have: at levels that it never shows, kin are as alike as the chance `else_as` says, but for the birth date, which is
    what tells the two kinds apart."""
    for comparison, levels in found.items():
        total = sum(levels.values())
        for level, pairs in levels.items():
            own = numbers[comparison][level]
            # One such pair is added, so that nothing is impossible because it was not seen.
            share = (pairs + own[else_as]) / (total + 1)
            own[chance] = _kept(share if pairs or comparison == "date_of_birth" else own[else_as])


def fill_kin_across(found: Tally, numbers: Numbers, chance: str) -> None:
    """Fill `relative_u` or `twin_u` from kin across the files; what the register said counts as `SEEN_KIN` of them."""
    for comparison, levels in found.items():
        total = sum(levels.values())
        before = sum(numbers[comparison][level][chance] for level in levels)
        for level, pairs in levels.items():
            own = numbers[comparison][level]
            own[chance] = _kept((pairs + SEEN_KIN * own[chance] / before) / (total + SEEN_KIN))


def fill_m(found: Model, numbers: Numbers) -> None:
    """Fill `m`. That something agrees is never worse evidence than that nothing does: a level that true pairs hardly
    show, and of which m thus says little, weighs no less than the last level."""
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
    """Set the chances of a held NHS Number, all but its m, to what is known beforehand."""
    for level, known in HELD_NUMBER.items():
        if "nhs_number" in numbers:
            numbers["nhs_number"][level] |= known


def share_birthday(numbers: Numbers) -> None:
    """Twins were born on one day, so their birth dates agree and are mistaken as one person's do."""
    for level in numbers.get("date_of_birth", {}).values():
        level["twin_u"] = level["m"]


def starting_parameters(fields: list[str]) -> dict[str, Any]:
    """Documented starting values: m from the fields' sources, u spread so that rarer levels are rarer."""
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
    """A trained number within bounds: no level is impossible or certain."""
    return round(min(1 - FLOOR, max(FLOOR, found)), 9)
