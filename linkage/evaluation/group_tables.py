"""The answer of an evaluation → its tables by group of people, in which small groups and small counts are not shown.

What hangs on a few people of a group (precision, wrong links, reach, intervals of recall) is in the answer only.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from linkage.evaluation.causes import LINKED
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
HIDDEN_ROW = (disclosure.HIDDEN, disclosure.HIDDEN, disclosure.TOO_FEW, disclosure.HIDDEN)
OVERLAPPING = ("scenario",)
"""Kinds of which a record may be in several groups: added up, small ones would count it several times."""


def recall_tables(by: dict[str, dict[str, dict[str, Any]]]) -> Iterable[Html]:
    """For each kind of group: records, those in the register, the share of these that was linked rightly, and its interval."""
    headings = ("Group", "Records", "In the register", "Recall", "95% interval")
    for kind, groups in by.items():
        counts = {group: (told["n"], told["in_register"], told["right"]) for group, told in groups.items()}
        rows = [
            (
                group,
                disclosure.published(n),
                disclosure.published(findable),
                *disclosure.rate(right, findable),
            )
            for group, (n, findable, right) in _shown(kind, counts).items()
        ]
        yield table(f"By {KINDS.get(kind, kind)}", headings, rows)


def missed_tables(found: dict[str, dict[str, dict[str, Any]]], fates: dict[str, int]) -> Iterable[Html]:
    """For each kind of group: its share of those linked rightly and of the missed, and the standardised difference of the two."""
    headings = (
        "Group",
        "Of those linked rightly",
        "Of the missed",
        "Standardised difference",
        "95% interval",
    )
    linked = fates.get(LINKED, 0)
    missed = sum(fates.values()) - linked
    for kind, groups in found.items():
        counts = {
            group: (told["n_linked"] + told["n_missed"], told["n_linked"], told["n_missed"])
            for group, told in groups.items()
        }
        shown = _shown(kind, counts)
        hidden = _hidden(shown)
        rows = [
            (group, *(HIDDEN_ROW if group in hidden else _difference((here, lost), (linked, missed))))
            for group, (_, here, lost) in shown.items()
        ]
        yield table(f"Linked and missed by {KINDS.get(kind, kind)}", headings, rows)


def _shown(kind: str, counts: Mapping[str, tuple[int, int, int]]) -> Mapping[str, Sequence[int]]:
    """The groups that may be shown. Small ones are added up, or left out if a record may be in several groups of the kind."""
    if kind in OVERLAPPING:
        return {group: told for group, told in counts.items() if disclosure.suppressed(told[0]) is not None}
    return disclosure.gathered(counts)


def _hidden(shown: Mapping[str, Sequence[int]]) -> set[str]:
    """The groups (records, linked, missed) that are too small to be shown; and further ones, smallest first, until those
    hidden have enough missed records in all. Otherwise the number missed of a hidden group could be worked out from the
    total."""
    few = {
        group
        for group, (n, linked, missed) in shown.items()
        if n < disclosure.ENOUGH or min(linked, missed) <= disclosure.SMALL
    }
    rest = sorted((missed, group) for group, (_, _, missed) in shown.items() if group not in few)
    while few and rest and sum(shown[group][2] for group in few) <= disclosure.SMALL:
        few.add(rest.pop(0)[1])
    return few


def _difference(here: tuple[int, int], whole: tuple[int, int]) -> tuple[object, ...]:
    """Shares of those linked rightly and of the missed, their standardised difference and its interval."""
    one, other = (part / total for part, total in zip(here, whole, strict=True))
    value = standardised_difference(one, other)
    if value is None:
        return HIDDEN_ROW
    interval = interval_of_difference(value, *whole)
    told = f"{value:+.2f}"
    return (
        f"{one:.0%}",
        f"{other:.0%}",
        element("strong", told) if matters(value, interval) else told,
        f"{interval[0]:+.2f} to {interval[1]:+.2f}",
    )
