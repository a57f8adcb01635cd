"""Counts of people by group → counts that may be published: small ones hidden, others rounded.

Source of the rule: NHS Digital, Hospital Episode Statistics disclosure control, from September 2018.
"""

from collections.abc import Sequence

HIDDEN = "*"
SMALL = 7
ROUNDING = 5


def suppressed(number: int) -> int | None:
    """The count that may be published: 0 stays, 1 to 7 become None, others go to the nearest 5."""
    if number == 0:
        return 0
    return None if number <= SMALL else (2 * number + ROUNDING) // (2 * ROUNDING) * ROUNDING


def rate(part: int, whole: int) -> str:
    """A percentage of two counts, worked out from the published ones only; "*" where either is hidden."""
    counted, of = suppressed(part), suppressed(whole)
    if counted is None or of is None:
        return HIDDEN
    return f"{min(100.0, 100 * counted / of):.0f}%" if of else "–"


def gathered(rows: Sequence[tuple[str, int, int, int]]) -> list[tuple[str, int, int, int]]:
    """The rows, with those of up to 7 records put together as the last."""
    small = [row for row in rows if row[1] <= SMALL]
    kept = [row for row in rows if row[1] > SMALL]
    if not small:
        return kept
    total, accepted, review = (sum(numbers) for numbers in zip(*(row[1:] for row in small), strict=True))
    return [*kept, ("All smaller groups", total, accepted, review)]
