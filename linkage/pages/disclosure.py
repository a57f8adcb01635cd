"""Counts of people by group → a table that may be released by itself: nobody stands alone, small counts are hidden.

Five rules, each against one way to find out about a person:
- A group of up to 7 records is put together with others, and with the next smallest group if they are still so few.
  Else what all tables but one of the same records add up to would tell how many the few are, and who they might be.
- A count of up to 7 is hidden. Else the one person of a group would be seen to be linked, or not to be.
- 0 is hidden like 1 to 7. Were hidden counts at least 1, seven of them that add up to 7 would each be known to be 1.
- Other counts are rounded to the nearest 5. Else a total less all rows but one would be the hidden count of that row.
- A rate is that of the exact counts, to the percent (of 1,000 records and more to a tenth), and told of at least 100 records:
  one of rounded counts is false by up to a third where they are few. The count that it is of is not shown beside it. Where up
  to 7 are in it, or all but up to 7, it is a bound that holds of any number of up to 7.
They hold for one table by itself. Beside exact totals of the same records (as in the rest of a report) or other tables of
them, bounds on a hidden count become narrower, and sometimes exact.

Source of hiding and rounding: NHS Digital, Hospital Episode Statistics disclosure control, from September 2018; of the
attacks: Hundepool and others 2012, Statistical Disclosure Control, on secondary suppression and linked tables.
"""

from collections.abc import Mapping, Sequence
from math import ceil

from linkage.evaluation.measures import wilson

HIDDEN = "*"
SMALL = 7
ROUNDING = 5
ENOUGH = 100
FINE = 1000
TOO_FEW = "too few to say"
GATHERED = "All smaller groups"


def suppressed(number: int) -> int | None:
    """The count that may be released: up to 7 is None, others go to the nearest 5."""
    return None if number <= SMALL else (2 * number + ROUNDING) // (2 * ROUNDING) * ROUNDING


def published(number: int) -> int | str:
    """A count as it stands in a table."""
    counted = suppressed(number)
    return HIDDEN if counted is None else counted


def rate(part: int, whole: int) -> tuple[str, str]:
    """The share of exact counts and its 95 % interval (Wilson's) as they may be released, in words."""
    if whole < ENOUGH:
        return TOO_FEW, HIDDEN
    if part <= SMALL:
        return (
            f"at most {_percent(ceil(100 * SMALL / whole) / 100)}",
            f"0% to {_percent(_wilson(SMALL, whole)[1])}",
        )
    if whole - part <= SMALL:
        most = whole - SMALL
        return (
            f"at least {_percent(100 * most // whole / 100)}",
            f"{_percent(_wilson(most, whole)[0])} to 100%",
        )
    digits = int(whole >= FINE)
    low, high = _wilson(part, whole)
    return _percent(part / whole, digits), f"{_percent(low, digits)} to {_percent(high, digits)}"


def _wilson(part: int, whole: int) -> list[float]:
    return wilson(part, whole) or [0.0, 1.0]


def _percent(share: float, digits: int = 0) -> str:
    """A share that is not all, so never as 100 %."""
    return f"{min(share, 1 - 10 ** -(digits + 2)):.{digits}%}"


def gathered(groups: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    """Group → its records and other counts, in; those of more than 7 records, and last all others added up, out.

    Where the others are up to 7 records even so, the smallest group goes with them; where there is none, nothing is left.
    """
    kept = {group: list(counts) for group, counts in groups.items() if counts[0] > SMALL}
    small = [counts for counts in groups.values() if counts[0] <= SMALL]
    if not small:
        return kept
    name = GATHERED
    if kept and sum(counts[0] for counts in small) <= SMALL:
        least = min(kept, key=lambda group: kept[group][0])
        small.append(kept.pop(least))
        name = f"{least} and all smaller groups"
    together = [sum(column) for column in zip(*small, strict=True)]
    return {**kept, name: together} if together[0] > SMALL else kept
