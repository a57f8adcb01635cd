"""What people decided on pairs of records → who is one person, who is not, and which decisions cannot be used.

"Same" is transitive: A = B and B = C make one person of three. "Different" then holds for everybody on either side.
Decisions that contradict each other are told, and none of them is used to join anybody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from linkage.past import DIFFERENT, SAME, WITHDRAWN, Decision
from linkage.tables import NHS, RULING

APPLIED = "applied"
CHANGED = "a record has changed since: decide again"
CONTRADICTED = "contradicts other decisions"
ABSENT = "a record is not there"
BARRED = "a record may not be linked"
REPLACED = "a later decision is about the same records"
TORN = f"""
    SELECT unnest([left_subject, right_subject]) AS subject_id FROM "{RULING.name}" WHERE state = '{CONTRADICTED}'
"""
"""SELECT of the subjects about which decisions contradict each other: until people settle it, they are joined with nobody."""


@dataclass(frozen=True)
class Located:
    """A decision and the subjects that it is about (None: not there); `fresh` if both are as they were shown; `followed`
    if one has another id than the record that was shown."""

    decision: Decision
    left: int | None
    right: int | None
    fresh: bool = True
    followed: bool = False


@dataclass(frozen=True)
class Rulings:
    """`groups`: subject → smallest subject of those decided to be one person with it. `apart`: pairs decided not to
    be, smaller subject first. `states`: decision number → what became of it."""

    groups: dict[int, int] = field(default_factory=dict)
    apart: frozenset[tuple[int, int]] = frozenset()
    states: dict[int, str] = field(default_factory=dict)


def standing(decisions: Iterable[Decision]) -> list[Decision]:
    """The last decision on each pair, unless it was withdrawn; in the order of their nhs_subjects."""
    return [decision for decision in latest(decisions) if decision.verdict != WITHDRAWN]


def latest(decisions: Iterable[Decision]) -> list[Decision]:
    """The last decision or withdrawal on each pair, in the order of their nhs_subjects."""
    last = {decision.pair: decision for decision in sorted(decisions, key=lambda each: each.number)}
    return sorted(last.values(), key=lambda each: each.number)


def rulings_from(located: Sequence[Located], nhs_subjects: set[int], barred: set[int]) -> Rulings:
    """What follows from the `latest` decisions, each with the subjects it is about.

    `nhs_subjects` are the subjects of the register among them, of which a person has one. `barred` may not be linked.
    """
    last, states = _last(located)
    joining = {}
    for pair, found in last.items():
        state = _state(found, pair, barred)
        states[found.decision.number] = state
        if found.decision.verdict == SAME and state == APPLIED:
            joining[pair] = found
    different = {pair: found for pair, found in last.items() if found.decision.verdict == DIFFERENT}
    groups = _groups(joining)
    broken = _broken(groups, different, nhs_subjects)
    for pair, found in [*joining.items(), *different.items()]:
        if groups.get(pair[0], pair[0]) == groups.get(pair[1], pair[1]) and groups.get(pair[0]) in broken:
            states[found.decision.number] = CONTRADICTED
    groups = {subject: group for subject, group in groups.items() if group not in broken}
    return Rulings(groups, _apart(different, groups), states)


def _last(located: Sequence[Located]) -> tuple[dict[tuple[int, int], Located], dict[int, str]]:
    """The last decision on each pair of subjects, unless it was withdrawn; and what became of the others."""
    withdrawn = {found.decision.number for found in located if found.decision.verdict == WITHDRAWN}
    states: dict[int, str] = {}
    last: dict[tuple[int, int], Located] = {}
    for found in sorted(located, key=lambda each: each.decision.number):
        if found.left is None or found.right is None:
            states[found.decision.number] = ABSENT
            continue
        pair = _pair(found.left, found.right)
        before = last.get(pair)
        # A decision on the record with this id is not undone by the withdrawal of one that followed its values here.
        if found.decision.number in withdrawn and found.followed and before and not before.followed:
            continue
        if before is not None:
            states[before.decision.number] = REPLACED
        last[pair] = found
    return (
        {pair: found for pair, found in last.items() if found.decision.number not in withdrawn},
        {number: state for number, state in states.items() if number not in withdrawn},
    )


def contradictions(decisions: Sequence[Decision]) -> list[Decision]:
    """The standing decisions that contradict each other, whatever has become of their records."""
    sides = sorted({(side.dataset, side.record_id) for each in decisions for side in (each.left, each.right)})
    place = {side: number for number, side in enumerate(sides)}
    located = [Located(each, place[each.pair[:2]], place[each.pair[2:]]) for each in decisions]
    nhs_subjects = {number for side, number in place.items() if side[0] == NHS}
    states = rulings_from(located, nhs_subjects, set()).states
    return [each for each in decisions if states[each.number] == CONTRADICTED]


def asked_again(number: int, verdict: str, state: str, day: str) -> str:
    """Why a decision that contradicts others, or on a record that has changed, has to be made again: a sentence."""
    if state == CONTRADICTED:
        return f"Decision {number} contradicts others: see decisions.csv."
    said = "the same" if verdict == SAME else "different"
    when = f" on {day}" if day else ""
    return f"Decided to be {said}{when}, but a record has changed since: decide again."


def ordered(decision: Decision) -> Decision:
    """The decision with its sides in the order that `Decision` promises."""
    left, right = sorted((decision.left, decision.right))
    return replace(decision, left=left, right=right)


def _pair(first: int, second: int) -> tuple[int, int]:
    return (min(first, second), max(first, second))


def _state(found: Located, pair: tuple[int, int], barred: set[int]) -> str:
    if found.decision.verdict == SAME and barred & set(pair):
        return BARRED
    if pair[0] == pair[1]:
        return CONTRADICTED if found.decision.verdict == DIFFERENT else APPLIED
    return APPLIED if found.fresh else CHANGED


def _groups(joining: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Subject → the smallest of its group, for groups of two and more."""
    parent: dict[int, int] = {}

    def root(subject: int) -> int:
        parent.setdefault(subject, subject)
        while parent[subject] != subject:
            subject = parent[subject]
        return subject

    for left, right in sorted(joining):
        low, high = sorted((root(left), root(right)))
        parent[high] = low
    return {subject: root(subject) for subject in sorted(parent)}


def _broken(groups: dict[int, int], different: Iterable[tuple[int, int]], nhs_subjects: set[int]) -> set[int]:
    """Groups that hold two NHS Numbers, or two records that were decided to be different."""
    held: dict[int, int] = {}
    for subject, group in groups.items():
        held[group] = held.get(group, 0) + (subject in nhs_subjects)
    broken = {group for group, count in held.items() if count > 1}
    return broken | {
        groups[left] for left, right in different if left in groups and groups[left] == groups.get(right)
    }


def _apart(different: Iterable[tuple[int, int]], groups: dict[int, int]) -> frozenset[tuple[int, int]]:
    members: dict[int, list[int]] = {}
    for subject, group in groups.items():
        members.setdefault(group, []).append(subject)
    found: set[tuple[int, int]] = set()
    for left, right in different:
        for one in members.get(groups.get(left, left), [left]):
            found.update(
                _pair(one, other) for other in members.get(groups.get(right, right), [right]) if one != other
            )
    return frozenset(found)
