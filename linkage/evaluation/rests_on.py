"""Labels of the links that a threshold accepts → how few they are, and whether the advice would stand at the worst they allow."""

from math import ceil
from typing import Any

from linkage.evaluation.costs import Costs, calibrated_rule

NONE_SEEN = 3
"""Where none of n is wrong, up to about 3 / n of all are, 95 % sure: the rule of three (source: Hanley and Lippman-Hand 1983)."""


def rests_on(labels: int, wrong: int, links: float, costs: Costs) -> dict[str, Any]:
    """`labels` of the `links` that would be accepted, `wrong` of them wrong, and the share of wrong links that they leave
    possible ("at_most"; None where some are wrong, since the advice reckons with those).

    "holds": whether accepting would still cost no more than looking at the links, or leaving them, if as many were wrong;
    "needed": how many labels without a wrong one show that it does, None where none ever do.
    """
    bearable = 1 - calibrated_rule(costs)["accept"]
    at_most = min(1.0, NONE_SEEN / labels) if labels and not wrong else None
    return {
        "labels": labels,
        "wrong": wrong,
        "at_most": at_most,
        "links": links,
        "holds": at_most is None or at_most <= bearable,
        "needed": ceil(round(NONE_SEEN / bearable, 6)) if bearable else None,
    }


def rests_on_words(result: dict[str, Any]) -> list[str]:
    """What `trade_off`'s answer rests on, in sentences; none where no sample was labelled."""
    told = result["rests_on"]
    if not told:
        return []
    if not told["labels"]:
        return ["No label is of a link that this would accept."]
    labels = f"This rests on {told['labels']:,} labels of links that it would accept"
    if told["wrong"]:
        return [f"{labels}, {told['wrong']:,} of them wrong."]
    worst = f"{100 * told['at_most']:.2g} % of the links ({told['at_most'] * told['links']:,.0f} of {told['links']:,.0f})"
    found = [f"{labels}, none of them wrong: up to about {worst} may be wrong all the same."]
    return found if told["holds"] else [*found, _too_many(result)]


def _too_many(result: dict[str, Any]) -> str:
    """That the advice would be another at the worst, and what to do until then."""
    needed, rule = result["rests_on"]["needed"], result["calibrated_rule"]["accept"]
    said = "At these costs that would be too many to accept them"
    if needed:
        said += f"; about {needed:,} labels without a wrong one show that it is not so"
    if result["suggested"]["accept"] < rule:
        said += f". Until then do not go below {rule:.6g}, the threshold of an exact confidence"
    return f"{said}."
