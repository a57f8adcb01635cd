"""Labels of the links that a threshold accepts → how few they are, and whether the suggestion would be the same at the
worst they allow."""

from dataclasses import dataclass
from math import ceil, exp, fsum, lgamma, log, sqrt
from typing import Any

from linkage.evaluation.costs import Costs, calibrated_rule

CERTAINTY = 0.95


@dataclass(frozen=True)
class Labelled:
    """What labels say about the links that would be accepted: how many links there are, how many of them have a label,
    for how many links each label of a wrong one stands, and for how many a label stands where labels are fewest."""

    links: float
    labels: int
    wrong: tuple[float, ...]
    fewest: float


def rests_on(found: Labelled, costs: Costs) -> dict[str, Any]:
    """What was `found`, with the largest share of wrong links that the labels leave possible ("at_most"; None without a
    label).

    "holds": whether accepting would still cost no more than reviewing or leaving the links, if as many were wrong.
    "needed": how many labels with no more wrong ones would show that it does; None if none would.
    """
    bearable = 1 - calibrated_rule(costs)["accept"]
    wrong = len(found.wrong)
    at_most = None
    if found.labels:
        not_right = 1 - (found.labels - wrong) / found.links
        at_most = min(most_wrong(found) / found.links, not_right)
    needed = None
    if bearable and wrong <= bearable * found.links:
        needed = ceil(round(gamma_quantile(wrong + 1) / bearable, 6))
    return {
        "labels": found.labels,
        "wrong": wrong,
        "at_most": at_most,
        "links": found.links,
        "holds": at_most is not None and at_most <= bearable,
        "needed": needed and min(needed, ceil(found.links)),
    }


def most_wrong(found: Labelled) -> float:
    """The upper 95 % bound of the number of wrong links, as if links without a label were where labels are fewest.

    Source: Fay and Feuer 1997, the gamma bound of a weighted sum. With equal weights it is the exact bound of a Poisson
    count, and with no wrong one of n it is about 3 / n of all, the rule of three (Hanley and Lippman-Hand 1983).
    """
    weights = (*found.wrong, found.fewest)
    total, squares = fsum(weights), fsum(weight * weight for weight in weights)
    return squares / total * gamma_quantile(total * total / squares)


def gamma_quantile(shape: float) -> float:
    """The 95 % quantile of a gamma variable of this shape and scale 1, by bisection."""
    low, high = 0.0, shape + 4 * sqrt(shape) + 10
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _gamma_at_most(shape, middle) < CERTAINTY else (low, middle)
    return high


def _gamma_at_most(shape: float, value: float) -> float:
    """The regularised lower incomplete gamma function, by its series (source: Abramowitz and Stegun 1964, 6.5.29)."""
    term = exp(shape * log(value) - value - lgamma(shape + 1))
    total, place = term, shape
    while place < value or term > 1e-12 * total:
        place += 1
        term *= value / place
        total += term
    return total


def is_shown(result: dict[str, Any]) -> bool:
    """Whether the suggestion of `trade_off` is the same at the worst that its labels allow; True if no sample was labelled."""
    return result["rests_on"] is None or bool(result["rests_on"]["holds"])


def rests_on_words(result: dict[str, Any]) -> list[str]:
    """What the answer of `trade_off` is based on, in sentences; none if no sample was labelled."""
    told = result["rests_on"]
    if not told:
        return []
    if not told["labels"]:
        return ["No label is of a link that this would accept, so the labels do not show that it is right."]
    wrong = f"{told['wrong']:,}" if told["wrong"] else "none"
    found = f"This rests on {told['labels']:,} labels of links that it would accept, {wrong} of them wrong"
    links = f"{told['at_most'] * told['links']:,.0f} of {told['links']:,.0f}"
    if told["labels"] == told["links"]:
        found += "; every such link is labelled."
    elif told["wrong"]:
        found += f": up to about {100 * told['at_most']:.2g} % of the links ({links}) may be."
    else:
        found += (
            f": up to about {100 * told['at_most']:.2g} % of the links ({links}) may be wrong all the same."
        )
    return [found] if told["holds"] else [found, _not_shown(result)]


def _not_shown(result: dict[str, Any]) -> str:
    """The sentence that the suggestion would be another at the worst, and what to do until then."""
    needed, rule = result["rests_on"]["needed"], result["calibrated_rule"]["accept"]
    said = "At these costs that would be too many to accept them, so these labels do not show the advice to be right"
    if needed:
        without = "no more wrong ones" if result["rests_on"]["wrong"] else "none wrong"
        said += f"; about {needed:,} labels with {without} would"
    if result["suggested"]["accept"] < rule:
        said += f". Until then do not go below {rule:.6g}, the threshold of an exact confidence"
    return f"{said}."
