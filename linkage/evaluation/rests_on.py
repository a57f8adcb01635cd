"""Labels of the links that a threshold accepts → how few they are, and whether the advice would stand at the worst they allow."""

from dataclasses import dataclass
from math import ceil
from typing import Any

from linkage.evaluation.costs import Costs, calibrated_rule

NONE_SEEN = 3
"""Where none of n is wrong, up to about 3 / n of all are, 95 % sure: the rule of three (source: Hanley and Lippman-Hand 1983)."""


@dataclass(frozen=True)
class Labelled:
    """Links that would be accepted, how many labels there are of them and how many of these are wrong, and the links that a
    label stands for where labels are fewest."""

    links: float
    labels: int
    wrong: int
    fewest: float


def rests_on(found: Labelled, costs: Costs) -> dict[str, Any]:
    """What is `found`, and the share of wrong links that it leaves possible ("at_most"; None where some are wrong, since
    the advice reckons with those), if all that are wrong were where labels are fewest.

    "holds": whether accepting would still cost no more than looking at the links, or leaving them, if as many were wrong (None
    where that is not known); "needed": how many labels without a wrong one show that it does, None where none ever do.
    """
    bearable = 1 - calibrated_rule(costs)["accept"]
    at_most = None
    if found.labels and not found.wrong:
        at_most = min(NONE_SEEN * found.fewest / found.links, max(0.0, 1 - found.labels / found.links))
    return {
        "labels": found.labels,
        "wrong": found.wrong,
        "at_most": at_most,
        "links": found.links,
        "holds": None if at_most is None else at_most <= bearable,
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
    if not told["at_most"]:
        return [f"{labels}, which are all of them, and none is wrong."]
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
