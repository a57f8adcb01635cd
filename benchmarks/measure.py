"""Judged answers → the figures of one benchmark, the same for the product and for Splink."""

from collections.abc import Sequence
from typing import Any

from linkage.evaluation.groups import members
from linkage.evaluation.judged import Judged
from linkage.evaluation.links import judge_links
from linkage.evaluation.measures import oracle, share

KEPT = (
    "counts", "precision", "precision_interval", "recall", "recall_interval", "recall_with_screened", "f1", "right",
    "wrong", "review_share", "proposals", "not_in_register", "oracle", "confident", "recall_gaps", "traps", "guards",
)  # fmt: skip
KEPT_BY_GROUP = ("n", "in_register", "precision", "recall", "wrong")


def link_figures(records: Sequence[Judged], weights: dict[str, float], reached: set[str]) -> dict[str, Any]:
    """All that is told of a link; `weights` by record id are in bits, `reached` the ids that blocking found.

    `oracle` chooses its threshold on confidence, `oracle_by_weight` on the weight, which tells very certain answers
    apart; both know the truth. `reach` is of blocking alone. Screened records count nowhere.
    """
    told = judge_links(records)
    eligible = [record for record in records if record.band != "screened"]
    proposals = [record for record in eligible if record.proposed and record.band in ("accept", "review")]
    findable = sum(record.in_register for record in eligible)
    return {
        **{name: told[name] for name in KEPT},
        "oracle_by_weight": oracle(
            [(weights[record.record_id], record.right) for record in proposals], findable
        ),
        "ece": told["calibration"]["ece"],
        "brier": told["calibration"]["brier"],
        "fates": told["misses"]["fates"],
        "reach": reach(eligible, reached),
        "by": {
            kind: {
                group: {name: told["by"][kind][group][name] for name in KEPT_BY_GROUP}
                | {"reach": reach(found, reached)}
                for group, found in groups.items()
            }
            for kind, groups in members(eligible).items()
        },
    }


def reach(records: Sequence[Judged], reached: set[str]) -> float | None:
    """Share of the records with a right answer whose right answer was compared with them."""
    findable = [record for record in records if record.in_register]
    return share(sum(record.record_id in reached for record in findable), len(findable))
