"""Judged records → everything that is measured of a run's links, as one dictionary."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from linkage.evaluation.causes import guards, misses, traps
from linkage.evaluation.groups import by_group, confident, gaps, linked_unlinked
from linkage.evaluation.judged import Judged
from linkage.evaluation.measures import calibration, harmonic_mean, oracle, share, wilson
from linkage.tables import ACCEPT, LINKABLE_BANDS, REVIEW, SCREENED_BAND


def judge_links(records: Sequence[Judged]) -> dict[str, Any]:
    """Everything about the links of a run; recall counts records whose number is in the register.

    `recall` leaves out those that were screened (nobody may link them); `recall_with_screened` does not. Calibration, the
    oracle and what is told of the confident leave out records that people decided on.
    """
    eligible = [record for record in records if record.band != SCREENED_BAND]
    proposals = [record for record in eligible if record.band in (ACCEPT, REVIEW) and record.proposed]
    bands = Counter(record.band for record in records)
    modelled = [record for record in eligible if not record.decided]
    claims = [(record.confidence, record.right) for record in proposals if not record.decided]
    by = by_group(eligible, quality)
    return {
        "counts": {
            "in_register": sum(record.in_register for record in records),
            "not_in_register": sum(not record.in_register for record in records),
            **{band: bands[band] for band in (*LINKABLE_BANDS, SCREENED_BAND, "absent")},
        },
        **quality(eligible),
        "recall_with_screened": quality(records)["recall"],
        "decided": _decided(eligible),
        "review_share": share(bands["review"], len(eligible)),
        "proposals": {**_shares_right(proposals), "recall": share(_right(proposals), _findable(eligible))},
        "review": _shares_right([record for record in proposals if record.band == REVIEW]),
        "bands": {
            band: _band([record for record in eligible if record.band == band]) for band in LINKABLE_BANDS
        },
        "not_in_register": _false_accepts(eligible),
        "by": by,
        "recall_gaps": gaps(by),
        "linked_unlinked": linked_unlinked(eligible),
        "misses": misses(eligible),
        "guards": guards(eligible),
        "traps": traps(eligible),
        "calibration": calibration(claims),
        "confident": confident(modelled),
        "oracle": oracle(
            ((record.confidence, record.best_is_right) for record in modelled), _findable(modelled)
        ),
    }


def quality(records: Sequence[Judged]) -> dict[str, Any]:
    """Precision, recall and F1 of the accepted links, with Wilson 95 % intervals, and how many are wrong."""
    accepted = [record for record in records if record.accepted]
    right, findable = _right(accepted), _findable(records)
    precision, recall = share(right, len(accepted)), share(right, findable)
    return {
        "n": len(records),
        "in_register": findable,
        "precision": precision,
        "precision_interval": wilson(right, len(accepted)),
        "recall": recall,
        "recall_interval": wilson(right, findable),
        "f1": harmonic_mean(precision, recall),
        "right": right,
        "wrong": len(accepted) - right,
    }


def _band(records: Sequence[Judged]) -> dict[str, Any]:
    """How many records of a band are in the register, and for how many the best candidate is the right one."""
    best = sum(record.best_is_right for record in records)
    return {
        "n": len(records),
        "in_register": _findable(records),
        "best_is_right": best,
        "share": share(best, len(records)),
        "share_interval": wilson(best, len(records)),
    }


def _shares_right(records: Sequence[Judged]) -> dict[str, Any]:
    right = _right(records)
    return {
        "n": len(records),
        "right": right,
        "precision": share(right, len(records)),
        "precision_interval": wilson(right, len(records)),
    }


def _false_accepts(records: Sequence[Judged]) -> dict[str, Any]:
    strangers = [record for record in records if not record.in_register]
    accepted = sum(record.accepted for record in strangers)
    return {
        "n": len(strangers),
        "accepted": accepted,
        "share": share(accepted, len(strangers)),
        "share_interval": wilson(accepted, len(strangers)),
    }


def _decided(records: Sequence[Judged]) -> dict[str, Any]:
    """How many links were accepted because people said so, and how many of these are wrong."""
    accepted = [record for record in records if record.accepted and record.decided]
    return {"accepted": len(accepted), "wrong": len(accepted) - _right(accepted)}


def _right(records: Iterable[Judged]) -> int:
    return sum(record.right for record in records)


def _findable(records: Iterable[Judged]) -> int:
    return sum(record.in_register for record in records)
