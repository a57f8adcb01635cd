"""Judged records → where right numbers were lost, what guards stopped, and which traps caught the run."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from linkage.evaluation.judged import Judged
from linkage.evaluation.measures import share, wilson

LINKED = "linked"
NO_CANDIDATE = "no link, and the right number no candidate"
# What can become of a record whose number is in the register, in the order of a report.
FATES = (
    LINKED,
    "linked to somebody else",
    "in review",
    "in review as somebody else",
    "best candidate, but too unsure",
    "behind another candidate",
    NO_CANDIDATE,
    "not told by the run",
    "absent from the run",
)
# Scenario tags of records that invite a wrong link: absent_<relative>_present, and a held number of somebody else.
ABSENT = "absent_"
HELD_WRONG = "held_wrong"


def misses(records: Sequence[Judged]) -> dict[str, Any]:
    """What became of the records whose number is in the register, and how many had it among their candidates at all.

    `reach` is the share whose right number was compared and kept; those that blocking (or a weight too low to be
    kept) lost are `never_a_candidate`, whatever band they ended in. Both are None if the run kept no evidence.
    """
    findable = [record for record in records if record.in_register]
    fates = Counter(fate(record) for record in findable)
    told = [record for record in findable if is_told(record)]
    never = sum(record.truth not in record.candidates for record in told)
    known = any(record.candidates for record in records)
    return {
        "fates": {name: fates[name] for name in FATES if fates[name]},
        "never_a_candidate": never if known else None,
        "not_told": len(findable) - len(told) if known else None,
        "reach": reach(findable) if known else None,
        "reach_interval": wilson(len(told) - never, len(told)) if known else None,
    }


def reach(records: Sequence[Judged]) -> float | None:
    """Share of the records in the register, where the run tells, whose right number is among their candidates."""
    told = [record for record in records if record.in_register and is_told(record)]
    return share(sum(record.truth in record.candidates for record in told), len(told))


def is_told(record: Judged) -> bool:
    """Whether the run's evidence shows if the right number was a candidate: it has the best few candidates only, and
    nothing of a record that was not in the run."""
    if record.band == "absent":
        return False
    return record.truth in record.candidates or record.compared <= len(record.candidates)


def fate(record: Judged) -> str:
    """Which of `FATES` a record in the register met."""
    if record.band == "absent":
        return "absent from the run"
    if record.accepted:
        return LINKED if record.right else "linked to somebody else"
    if record.band == "review":
        return "in review" if record.right else "in review as somebody else"
    if record.truth in record.candidates:
        first = record.candidates[0] == record.truth
        return "best candidate, but too unsure" if first else "behind another candidate"
    return NO_CANDIDATE if is_told(record) else "not told by the run"


def guards(records: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """Guard → how many records in review it fired on, how many links it stopped, how many of both were wrong, and how
    many of these links no other guard stopped.

    A link counts as stopped if its confidence is at least that of the least confident link accepted; the other records in
    review are too unsure to be accepted without a guard as well.
    """
    accepted_from = min((record.confidence for record in records if record.accepted), default=1.0)
    reviews = [record for record in records if record.band == "review"]
    names = sorted({guard for record in records for guard in record.guards})
    return {
        name: _guard([record for record in reviews if name in record.guards], accepted_from) for name in names
    }


def _guard(fired: Sequence[Judged], accepted_from: float) -> dict[str, Any]:
    stopped = [record for record in fired if record.confidence >= accepted_from]
    alone = [record for record in stopped if len(record.guards) == 1]
    wrong = _wrong(stopped)
    return {
        "fired": len(fired),
        "fired_wrong": _wrong(fired),
        "stopped": len(stopped),
        "wrong": wrong,
        "share_wrong": share(wrong, len(stopped)),
        "alone": len(alone),
        "alone_wrong": _wrong(alone),
    }


def _wrong(records: Sequence[Judged]) -> int:
    return sum(not record.right for record in records)


def traps(records: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """Kind of trap → records in it and how many of them were wrongly accepted.

    Kinds: the relative or namesake who is in the register while the client is not ("twin", "sibling" …), and
    "held_wrong", records that hold somebody else's NHS Number.
    """
    found: dict[str, list[Judged]] = {}
    for record in records:
        for kind, tag in record.groups:
            if kind == "scenario" and (tag.startswith(ABSENT) or tag == HELD_WRONG):
                found.setdefault(tag.removeprefix(ABSENT).removesuffix("_present"), []).append(record)
    return {name: _wrong_accepts(members) for name, members in sorted(found.items())}


def _wrong_accepts(records: Sequence[Judged]) -> dict[str, Any]:
    wrong = sum(record.accepted and not record.right for record in records)
    return {
        "n": len(records),
        "wrong": wrong,
        "share": share(wrong, len(records)),
        "share_interval": wilson(wrong, len(records)),
    }
