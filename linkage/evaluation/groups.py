"""Judged records → quality by group of people, and how those linked rightly differ from those who were missed."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from math import hypot, sqrt
from statistics import NormalDist
from typing import Any

from linkage.evaluation.causes import reach
from linkage.evaluation.judged import Judged
from linkage.evaluation.measures import Z95, share, wilson

CONFIDENT = 0.999
# Groups smaller than this are shown but not held against the claim.
LARGE = 300
NOTABLE = 0.1


def members(records: Sequence[Judged]) -> dict[str, dict[str, list[Judged]]]:
    """Kind of group ("scenario", "origin", "sex", "born" …) → group → its records, sorted."""
    found: dict[str, dict[str, list[Judged]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        for kind, group in record.groups:
            found[kind][group].append(record)
    return {kind: dict(sorted(groups.items())) for kind, groups in sorted(found.items())}


def by_group(
    records: Sequence[Judged], quality: Callable[[Sequence[Judged]], dict[str, Any]]
) -> dict[str, dict[str, dict[str, Any]]]:
    """Kind of group → group → its `quality`, and its `reach` where the run kept evidence."""
    known = any(record.candidates for record in records)
    return {
        kind: {
            group: {**quality(found), "reach": reach(found) if known else None}
            for group, found in groups.items()
        }
        for kind, groups in members(records).items()
    }


def gaps(by: dict[str, dict[str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Kind of group → best and worst recall among its `groups` with at least 300 (`least`) records in the register.

    "interval" is of the difference, and holds all differences between these groups at once with 95 % certainty, since the
    best and the worst were picked for being so. All are None where fewer than two groups are so large. "left_out": smaller
    groups with anybody in the register, and their records there (where a record is in several groups, once for each).
    """
    found = {}
    for kind, groups in by.items():
        recalls = sorted(
            (told["recall"], group) for group, told in groups.items() if told["in_register"] >= LARGE
        )
        small = [told["in_register"] for told in groups.values() if 0 < told["in_register"] < LARGE]
        found[kind] = {
            **_gap(recalls, groups),
            "least": LARGE,
            "groups": len(recalls),
            "left_out": {"groups": len(small), "in_register": sum(small)},
        }
    return found


def _gap(recalls: Sequence[tuple[float, str]], groups: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if len(recalls) < 2:
        return {"worst": None, "best": None, "difference": None, "interval": None}
    (low, worst), (high, best) = recalls[0], recalls[-1]
    ends = (high, groups[best]["in_register"]), (low, groups[worst]["in_register"])
    interval = interval_of_gap(*ends, len(recalls) * (len(recalls) - 1) // 2)
    return {"worst": worst, "best": best, "difference": high - low, "interval": interval}


def interval_of_gap(one: tuple[float, int], other: tuple[float, int], pairs: int) -> list[float]:
    """The 95 % interval of the difference of two shares, each told with its number, as one of so many `pairs`.

    From the two score intervals (source: Newcombe 1998, method 10), widened for the number of pairs (Bonferroni).
    """
    z = NormalDist().inv_cdf(1 - 0.05 / (2 * pairs))
    spans = [wilson(share * number, number, z) or [0.0, 1.0] for share, number in (one, other)]
    (high, low), ((from_high, to_high), (from_low, to_low)) = (one[0], other[0]), spans
    return [
        high - low - hypot(high - from_high, to_low - low),
        high - low + hypot(to_high - high, low - from_low),
    ]


def confident(records: Sequence[Judged]) -> dict[str, Any]:
    """Of the links proposed with a confidence of 0.999 or more: how many are right, overall and by group.

    `claimed` is their mean confidence. Groups with at least 300 records are told.
    """
    return {
        "from": CONFIDENT,
        **_confident(records),
        "by": {
            kind: {group: _confident(found) for group, found in groups.items() if len(found) >= LARGE}
            for kind, groups in members(records).items()
        },
    }


def _confident(records: Sequence[Judged]) -> dict[str, Any]:
    sure = [record for record in records if record.proposed and record.confidence >= CONFIDENT]
    right = sum(record.right for record in sure)
    return {
        "n": len(sure),
        "right": right,
        "share": share(right, len(sure)),
        "share_interval": wilson(right, len(sure)),
        "claimed": share(sum(record.confidence for record in sure), len(sure)),
    }


def linked_unlinked(records: Sequence[Judged]) -> dict[str, dict[str, dict[str, Any]]]:
    """Kind of group → group → how many of it were linked rightly and how many missed, its share of each, and the
    standardised difference.

    Records linked to somebody else count as missed, as in recall. Only records in the register count, so that being
    missed is not confused with being absent. "interval" is that of the difference.
    """
    findable = [record for record in records if record.in_register]
    linked = sum(_linked(record) for record in findable)
    missed = len(findable) - linked
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for kind, groups in members(findable).items():
        for group, records_of_group in groups.items():
            here = sum(_linked(record) for record in records_of_group)
            shares = share(here, linked), share(len(records_of_group) - here, missed)
            difference = standardised_difference(*shares)
            interval = None if difference is None else interval_of_difference(difference, linked, missed)
            found.setdefault(kind, {})[group] = {
                "n_linked": here,
                "n_missed": len(records_of_group) - here,
                "linked": shares[0],
                "missed": shares[1],
                "difference": difference,
                "interval": interval,
            }
    return found


def _linked(record: Judged) -> bool:
    return record.accepted and record.right


def standardised_difference(one: float | None, other: float | None) -> float | None:
    """Difference of two shares in units of their pooled standard deviation; None where there is none.

    Source: Austin 2009, for binary variables.
    """
    if one is None or other is None:
        return None
    spread = sqrt((one * (1 - one) + other * (1 - other)) / 2)
    if spread == 0:
        return 0.0 if one == other else None
    return (one - other) / spread


def interval_of_difference(difference: float, one: int, other: int) -> list[float]:
    """The 95 % interval of a standardised difference of `one` and `other` records (source: Austin 2009)."""
    error = sqrt((one + other) / (one * other) + difference**2 / (2 * (one + other)))
    return [difference - Z95 * error, difference + Z95 * error]


def matters(difference: float, interval: Sequence[float]) -> bool:
    """Whether a standardised difference is beyond 0.1 either way, which is usually taken to matter, and not by chance.

    Source: Austin 2009; for linkage: Harron and others 2017.
    """
    return abs(difference) > NOTABLE and interval[0] * interval[1] > 0
