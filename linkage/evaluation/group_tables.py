"""The answer of an evaluation → its tables by group of people, in which small groups and small counts are not shown.

What hangs on a few people of a group (precision, wrong links, reach, intervals of recall) is in the answer only.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from linkage.evaluation.groups import interval_of_difference, matters, standardised_difference
from linkage.pages import disclosure
from linkage.pages.page import Html, element, table

KINDS = {
    "scenario": "what was done to the record",
    "origin": "origin of the name",
    "sex": "sex",
    "born": "decade of birth",
    "ethnicity": "ethnic group",
    "deprivation": "deprivation",
}
FATES_OF_LINKED = ("linked", "linked to somebody else")
OVERLAPPING = ("scenario",)
"""Kinds of which a record may be in several groups: added up, small ones would count it several times."""


def recall_tables(by: dict[str, dict[str, dict[str, Any]]]) -> Iterable[Html]:
    """For each kind of group: records, those in the register, those linked rightly, and the share of these."""
    headings = ("Group", "Records", "In the register", "Linked rightly", "Recall")
    for kind, groups in by.items():
        counts = {group: (told["n"], told["in_register"], told["right"]) for group, told in groups.items()}
        rows = [
            (group, *map(disclosure.published, numbers), disclosure.rate(numbers[2], numbers[1]))
            for group, numbers in _shown(kind, counts).items()
        ]
        yield table(f"By {KINDS.get(kind, kind)}", headings, rows)


def missed_tables(found: dict[str, dict[str, dict[str, Any]]], fates: dict[str, int]) -> Iterable[Html]:
    """For each kind of group: its share of the linked and of the missed, and the standardised difference of the two."""
    headings = ("Group", "Of the linked", "Of the missed", "Standardised difference", "95% interval")
    linked = sum(fates.get(name, 0) for name in FATES_OF_LINKED)
    missed = sum(fates.values()) - linked
    for kind, groups in found.items():
        counts = {
            group: (told["n_linked"] + told["n_missed"], told["n_linked"], told["n_missed"])
            for group, told in groups.items()
        }
        rows = [
            (
                group,
                disclosure.rate(here, linked),
                disclosure.rate(lost, missed),
                *_difference((here, lost), (linked, missed)),
            )
            for group, (_, here, lost) in _shown(kind, counts).items()
        ]
        yield table(f"Linked and missed by {KINDS.get(kind, kind)}", headings, rows)


def _shown(kind: str, counts: Mapping[str, tuple[int, int, int]]) -> Mapping[str, Sequence[int]]:
    """The groups that may be told: small ones put together, or left out where a record is in several."""
    if kind in OVERLAPPING:
        return {group: told for group, told in counts.items() if disclosure.suppressed(told[0]) is not None}
    return disclosure.gathered(counts)


def _difference(here: tuple[int, int], whole: tuple[int, int]) -> tuple[object, object]:
    """The difference and its interval, by what may be shown of the linked and the missed, of a group and altogether.

    The interval reaches from the least to the greatest difference that the rounded counts may stand for: of few missed
    people rounding moves the share by more than chance does.
    """
    one, other = (disclosure.span(part, total) for part, total in zip(here, whole, strict=True))
    middle = [disclosure.share(part, total) for part, total in zip(here, whole, strict=True)]
    value = standardised_difference(*middle)
    if one is None or other is None or value is None:
        return disclosure.HIDDEN, disclosure.HIDDEN
    least, most = standardised_difference(one[0], other[1]), standardised_difference(one[1], other[0])
    low = value if least is None else interval_of_difference(least, *whole)[0]
    high = value if most is None else interval_of_difference(most, *whole)[1]
    told = f"{value:+.2f}"
    return element("strong", told) if matters(value, (low, high)) else told, f"{low:+.2f} to {high:+.2f}"
