"""Counts of people by group → a table that may be released by itself: nobody stands alone, small counts are hidden.

Four rules, each against one way to find out about a person:
- A group of up to 7 records is put together with others, and with the next smallest group if they are still so few.
  Else what all tables but one of the same records add up to would tell how many the few are, and who they might be.
- A count of up to 7 is hidden. Else the one person of a group would be seen to be linked, or not to be.
- 0 is hidden like 1 to 7. Were hidden counts at least 1, seven of them that add up to 7 would each be known to be 1.
- Other counts are rounded to the nearest 5, and shares are worked out from what is shown. Else a total less all rows but
  one would be the hidden count of that row.
They hold for one table by itself. Beside exact totals of the same records (as in the rest of a report) or other tables of
them, bounds on a hidden count become narrower, and sometimes exact.

Source of hiding and rounding: NHS Digital, Hospital Episode Statistics disclosure control, from September 2018; of the
attacks: Hundepool and others 2012, Statistical Disclosure Control, on secondary suppression and linked tables.
"""

from collections.abc import Mapping, Sequence

HIDDEN = "*"
SMALL = 7
ROUNDING = 5
GATHERED = "All smaller groups"


def suppressed(number: int) -> int | None:
    """The count that may be released: up to 7 is None, others go to the nearest 5."""
    return None if number <= SMALL else (2 * number + ROUNDING) // (2 * ROUNDING) * ROUNDING


def published(number: int) -> int | str:
    """A count as it stands in a table."""
    counted = suppressed(number)
    return HIDDEN if counted is None else counted


def share(part: int, whole: int) -> float | None:
    """The share of two counts, worked out from the released ones only; None where either is hidden."""
    counted, of = suppressed(part), suppressed(whole)
    return None if counted is None or of is None else min(1.0, counted / of)


def span(part: int, whole: int) -> tuple[float, float] | None:
    """The least and the greatest share that two released counts may stand for; None where either is hidden."""
    counted, of = suppressed(part), suppressed(whole)
    if counted is None or of is None:
        return None
    off = ROUNDING // 2
    return (counted - off) / (of + off), min(1.0, (counted + off) / (of - off))


def rate(part: int, whole: int) -> str:
    """`share` as a percentage; "*" where it is hidden."""
    found = share(part, whole)
    return HIDDEN if found is None else f"{found:.0%}"


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
