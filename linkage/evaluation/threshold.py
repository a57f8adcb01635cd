"""A run's folder, the costs of mistakes, and labels if there are any → the trade-off at every threshold, and the best
thresholds."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from linkage.errors import InputError
from linkage.evaluation.costs import Costs, calibrated_rule
from linkage.evaluation.estimate import labelled_strata
from linkage.evaluation.isotonic import Observation
from linkage.evaluation.judged import read_links
from linkage.evaluation.labels import read_sample
from linkage.evaluation.measures import rounded, share
from linkage.evaluation.rests_on import Labelled, is_shown, rests_on
from linkage.evaluation.sample import Best, best_candidates
from linkage.evaluation.truth import true_numbers
from linkage.evaluation.weakness import weaknesses
from linkage.pages.wording import counted
from linkage.past import CANNOT_TELL, SAME
from linkage.tables import DECISION, SCREENED_BAND

SHOWN = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999, 0.99999)
NOT_KNOWN = "not known from this run, which keeps no guards of pairs below its own review threshold"
FLATTERED = "the bands were chosen on the very answers that judge them, so they look better than they would on other records"
UNSEEN = (
    "recall is at most what is told: people whose best candidate is somebody else, or nobody, are not seen"
)
TRUTH, SAMPLE, CLAIM = "the truth", "a labelled sample", "the confidence itself: nothing was labelled"


@dataclass(frozen=True)
class Weighed:
    """A best candidate, how many records it stands for, and what share of those it is right for."""

    confidence: float
    weight: float
    right: float
    guarded: bool


def trade_off(
    folder: Path, costs: Costs, truth: Path | None = None, sample: Path | None = None
) -> dict[str, Any]:
    """What each acceptance threshold would give, and the two thresholds that cost least.

    Without `truth` and `sample` the confidence stands in for labels, so the result is as good as the calibration. Guards
    hold at every threshold: a link that one stopped can at best be reviewed. At "unknown" and below the run kept no
    guards, so accepting there is neither suggested nor shown, nor is a threshold that no link reaches. Records that
    people decided on are left out, since no threshold changes them. Reviewers are taken to be right. Costs are per record
    with a candidate. Every threshold is shown with the suggested review threshold, or with itself where that is lower.
    "cautions" says why a sample's labels are weak evidence, that labels flatter what was chosen on them, and whom recall
    leaves out; "rests_on" (None without a sample) what those at the suggested threshold cannot exclude.
    """
    listed = best_candidates(folder)
    best = [one for one in listed if not one.decided]
    if not best:
        raise InputError(f"no record of {folder} has a candidate, so there is no threshold to choose.")
    source = TRUTH if truth else SAMPLE if sample else CLAIM
    pairs, missing = [Weighed(x.confidence, 1, x.confidence, x.guarded) for x in best], 0.0
    if truth:
        pairs, missing = _by_truth(folder, best, truth)
    elif sample:
        pairs = _by_sample(folder, listed, sample)
    labels = [Observation(pair.confidence, pair.right > 0) for pair in pairs] if source == SAMPLE else []
    findable = sum(pair.weight * pair.right for pair in pairs) + missing
    unknown = max((one.confidence for one in best if not one.guards_known), default=0.0)
    accept, review = suggest(pairs, costs, unknown)
    highest = max(pair.confidence for pair in pairs)
    shown = sorted({*(at for at in SHOWN if unknown < at <= highest), accept})
    at_best = _at(pairs, accept, review, findable, costs)
    result: dict[str, Any] = rounded(
        {
            "source": source,
            "costs": {"false": costs.false, "missed": costs.missed, "review": costs.review},
            "calibrated_rule": calibrated_rule(costs),
            "suggested": {"accept": accept, "review": review, **at_best},
            "unknown": unknown,
            "thresholds": [
                {"accept": at, "review": min(review, at), **_at(pairs, at, min(review, at), findable, costs)}
                for at in shown
            ],
            "rests_on": rests_on(_labelled(pairs, accept), costs) if labels else None,
        }
    )
    cautions = [] if source == CLAIM else [FLATTERED]
    if source == TRUTH:
        cautions += _below_the_rule(pairs, accept, calibrated_rule(costs)["accept"])
    else:
        cautions.append(UNSEEN)
    return result | {"cautions": [*(weaknesses(labels) if labels else []), *cautions]}


def suggest(pairs: Sequence[Weighed], costs: Costs, unknown: float = 0.0) -> tuple[float, float]:
    """The thresholds (accept, review) at which accepting, reviewing and missing together cost least on `pairs`.

    Nothing at `unknown` or below is accepted. No threshold is above a confidence of 1, so where there is one, accepting
    nothing is no choice. With pairs in order of confidence, the cost of accepting the first i and reviewing up to the
    j-th is A(i) + R(j) with j >= i, so one pass finds the least. Of equals the stricter acceptance is taken.
    """
    ordered = sorted(pairs, key=lambda pair: -pair.confidence)
    ends = [
        place
        for place in range(len(ordered) + 1)
        if place == len(ordered)
        or ordered[place].confidence < (ordered[place - 1].confidence if place else 1.0)
    ]
    reviewed = list(accumulate((_review_cost(pair, costs) for pair in ordered), initial=0.0))
    extra = list(accumulate((_accept_cost(p, costs) - _review_cost(p, costs) for p in ordered), initial=0.0))
    found = (float("inf"), 0, 0)
    lowest = (float("inf"), 0)
    for place in reversed(ends):
        lowest = min(lowest, (reviewed[place], place))
        if not place or ordered[place - 1].confidence > unknown:
            found = min(found, (extra[place] + lowest[0], place, lowest[1]))
    return _threshold(ordered, found[1]), _threshold(ordered, found[2])


def trade_off_table(result: dict[str, Any]) -> list[tuple[str, str]]:
    """The figures of `trade_off`'s answer as (label, value) for a terminal."""
    suggested, rule = result["suggested"], result["calibrated_rule"]
    return [
        ("Judged by", result["source"]),
        (
            f"Suggested{'' if is_shown(result) else ', not shown by these labels'}: accept from, review from",
            f"{accept_words(suggested)}, {suggested['review']:.6g}",
        ),
        ("  of an exact confidence, by the costs alone", f"{rule['accept']:.6g}, {rule['review']:.6g}"),
        *([(f"Accept from {result['unknown']:.6g} or less", NOT_KNOWN)] if result["unknown"] else []),
        ("Each line below", f"people look at pairs from {suggested['review']:.6g}, as suggested"),
        ("Cost", cost_words(result)),
        *((f"Accept from {row['accept']:.6g}", told(row)) for row in result["thresholds"]),
    ]


def cost_words(result: dict[str, Any]) -> str:
    """The unit of the costs."""
    return f"per record that has a candidate, where a wrong link costs {result['costs']['false']:g}"


def accept_words(row: dict[str, Any]) -> str:
    """The confidence from which links would be accepted, in words; or that none would be, where no link without a guard
    is so sure."""
    return f"{row['accept']:.6g}" if row["accepted"] else "accept nothing"


def told(row: dict[str, Any]) -> str:
    """One threshold's figures in a line."""
    precision, recall = (
        f"{row[name]:.4f}" if row[name] is not None else "-" for name in ("precision", "recall")
    )
    return (
        f"precision {precision}, recall {recall}, wrong {row['wrong']:,.1f}, to review {row['reviewed']:,.0f}, "
        f"cost {row['cost']:.4f}"
    )


def _at(
    pairs: Sequence[Weighed], accept: float, review: float, findable: float, costs: Costs
) -> dict[str, Any]:
    accepted = [pair for pair in pairs if pair.confidence >= accept and not pair.guarded]
    looked_at = [
        pair for pair in pairs if pair.confidence >= review and (pair.guarded or pair.confidence < accept)
    ]
    number, right = sum(pair.weight for pair in accepted), sum(pair.weight * pair.right for pair in accepted)
    reviewed, saved = sum(p.weight for p in looked_at), sum(p.weight * p.right for p in looked_at)
    missed = max(0.0, findable - right - saved)
    cost = costs.false * (number - right) + costs.missed * missed + costs.review * reviewed
    return {
        "accepted": number,
        "wrong": number - right,
        "precision": share(right, number),
        "recall": share(right, findable),
        "reviewed": reviewed,
        "missed": missed,
        "cost": cost / sum(pair.weight for pair in pairs),
    }


def _labelled(pairs: Sequence[Weighed], accept: float) -> Labelled:
    """What is known of the labelled pairs above a threshold that no guard stops."""
    taken = [pair for pair in pairs if pair.confidence >= accept and not pair.guarded]
    weights = [pair.weight for pair in taken]
    wrong = tuple(pair.weight for pair in taken if not pair.right)
    return Labelled(sum(weights), len(taken), wrong, max(weights, default=0.0))


def _below_the_rule(pairs: Sequence[Weighed], accept: float, rule: float) -> list[str]:
    """How few pairs the suggestion is based on, where it is to accept below the threshold of an exact confidence; else
    nothing."""
    between = [pair for pair in pairs if accept <= pair.confidence < rule and not pair.guarded]
    wrong = sum(not pair.right for pair in between)
    if not between:
        return []
    return [
        f"that links below {rule:.6g}, the threshold of an exact confidence, are worth accepting rests on "
        f"{counted(len(between), 'pair')}, {wrong:,} of them wrong"
    ]


def _accept_cost(pair: Weighed, costs: Costs) -> float:
    """The cost of accepting a pair, less that of leaving it unlinked."""
    if pair.guarded:
        return _review_cost(pair, costs)
    return pair.weight * (costs.false * (1 - pair.right) - costs.missed * pair.right)


def _review_cost(pair: Weighed, costs: Costs) -> float:
    """The cost of reviewing a pair, less that of leaving it unlinked."""
    return pair.weight * (costs.review - costs.missed * pair.right)


def _threshold(ordered: Sequence[Weighed], place: int) -> float:
    """A threshold that takes exactly the first `place` pairs: the confidence of the last of them, or 1 for none."""
    return ordered[place - 1].confidence if place else 1.0


def _by_truth(folder: Path, best: Sequence[Best], path: Path) -> tuple[list[Weighed], float]:
    """The pairs with the truth about them, and how many people of the register have no right pair; InputError if it is
    about none of them."""
    answers = true_numbers(path, folder)
    pairs = [
        Weighed(one.confidence, 1, float(answers[one.record_id] == one.nhs_number), one.guarded)
        for one in best
        if one.record_id in answers
    ]
    if not pairs:
        raise InputError(
            f"{path.name} tells of no record of this run that has a candidate: it is of another file."
        )
    findable = sum(
        answers.get(row["record_id"], "") != ""
        for row in read_links(folder)
        if row["band"] != SCREENED_BAND and row.get("method") != DECISION
    )
    return pairs, findable - sum(pair.right for pair in pairs)


def _by_sample(folder: Path, best: Sequence[Best], path: Path) -> list[Weighed]:
    """Labelled pairs that nobody decided on, each weighing as much as its stratum has pairs to a label."""
    weights = {stratum.name: stratum.size / stratum.labelled for stratum in labelled_strata(folder, path)}
    pairs = [
        Weighed(label.of.confidence, weights[label.stratum], float(label.said == SAME), label.of.guarded)
        for label in read_sample(path, best)
        if label.said != CANNOT_TELL and not label.of.decided
    ]
    if not pairs:
        raise InputError(f"{path.name} has labels of records only that people decided on.")
    return pairs
