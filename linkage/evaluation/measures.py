"""Answers and the truth, as plain numbers → the measures that linkage is judged by."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from math import sqrt
from typing import Any

BINS = 15
CLAIMS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999, 1.0)
ORACLE_PRECISION = 0.999
Z95 = 1.959963984540054


def share(part: float, whole: float) -> float | None:
    """`part` of `whole`, or None of nothing."""
    return part / whole if whole else None


def harmonic_mean(precision: float | None, recall: float | None) -> float | None:
    """F1 of two shares; None if either is None, 0 if both are 0."""
    if precision is None or recall is None:
        return None
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def wilson(successes: float, total: int, z: float = Z95) -> list[float] | None:
    """The score interval of a share (source: Wilson 1927), of 95 % unless `z` says otherwise; None of nothing."""
    if not total:
        return None
    p, z2 = successes / total, z * z
    middle = (p + z2 / (2 * total)) / (1 + z2 / total)
    half = z * sqrt(p * (1 - p) / total + z2 / (4 * total * total)) / (1 + z2 / total)
    return [max(0.0, middle - half), min(1.0, middle + half)]


def rounded(value: Any) -> Any:
    """`value` with every float in it rounded to 6 decimals."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, (list, tuple)) else value


def calibration(
    proposals: Iterable[tuple[float, bool]], bins: int = BINS, weights: Sequence[float] | None = None
) -> dict[str, Any]:
    """Brier score and expected calibration error of (confidence, right) in bins of equal weight.

    Each proposal stands for as many as `weights` says, or for one; "n" and the claims count proposals. Source: Naeini,
    Cooper and Hauskrecht 2015, with equal-mass bins. Proposals of equal confidence stay in the order they came in: sorted
    by outcome too, the wrong ones would fall into one bin.
    """
    found = list(proposals)
    weighed = zip(found, weights or [1.0] * len(found), strict=True)
    ordered = [(*proposal, weight) for proposal, weight in sorted(weighed, key=lambda one: one[0][0])]
    if not ordered:
        return {"n": 0, "brier": None, "ece": None, "reliability": [], "claims": []}
    total = sum(weight for *_, weight in ordered)
    reliability, error = [], 0.0
    for start, end in pairwise(_cuts([weight for *_, weight in ordered], bins)):
        if part := ordered[start:end]:
            size = sum(weight for *_, weight in part)
            said = sum(confidence * weight for confidence, _, weight in part) / size
            was = sum(right * weight for _, right, weight in part) / size
            reliability.append({"n": len(part), "confidence": said, "right": was})
            error += size * abs(said - was)
    return {
        "n": len(ordered),
        "brier": sum(weight * (confidence - right) ** 2 for confidence, right, weight in ordered) / total,
        "ece": error / total,
        "reliability": reliability,
        "claims": by_claim((confidence, right) for confidence, right, _ in ordered),
    }


def _cuts(weights: Sequence[float], bins: int) -> list[int]:
    """The places at which `weights` are cut into bins of about equal weight; an item belongs to the bin that its middle is in."""
    middles = [reached - weight / 2 for reached, weight in zip(accumulate(weights), weights, strict=True)]
    total = sum(weights)
    return [bisect_left(middles, place * total / bins) for place in range(bins)] + [len(weights)]


def by_claim(proposals: Iterable[tuple[float, bool]]) -> list[dict[str, Any]]:
    """How many of (confidence, right) were right by range of confidence, from just above `above`; empty ranges left out."""
    found: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in proposals:
        found.setdefault(bisect_left(CLAIMS, confidence), []).append((confidence, right))
    return [
        {
            "above": CLAIMS[max(place - 1, 0)],
            "n": len(part),
            "confidence": sum(confidence for confidence, _ in part) / len(part),
            "right": sum(right for _, right in part),
            "interval": wilson(sum(right for _, right in part), len(part)),
        }
        for place, part in sorted(found.items())
    ]


def oracle(proposals: Iterable[tuple[float, bool]], findable: int) -> dict[str, Any]:
    """The best recall at any confidence threshold whose precision is at least 0.999.

    An oracle: the threshold is chosen with the truth in hand, so it is a bound and not a result.
    """
    best: dict[str, Any] = {"chosen_with_the_truth": True, "precision_at_least": ORACLE_PRECISION}
    best |= {"threshold": None, "precision": None, "recall": None}
    ordered = sorted(proposals, reverse=True)
    right = 0
    for place, (confidence, is_right) in enumerate(ordered, start=1):
        right += is_right
        last_of_its_confidence = place == len(ordered) or ordered[place][0] != confidence
        if last_of_its_confidence and right and right / place >= ORACLE_PRECISION:
            best |= {"threshold": confidence, "precision": right / place, "recall": share(right, findable)}
    return best


def judge_clusters(predicted: dict[str, str], true: dict[str, str]) -> dict[str, Any]:
    """Pairwise and B-cubed precision, recall and F1 of record id → cluster, over the records of `true`.

    A record without a predicted cluster is one of its own. Pairs are counted from the sizes of groups,
    never listed. B-cubed source: Bagga and Baldwin 1998.
    """
    cells = Counter((predicted.get(record, f"\0alone {record}"), person) for record, person in true.items())
    found: Counter[str] = Counter()
    real: Counter[str] = Counter()
    for (cluster, person), size in cells.items():
        found[cluster] += size
        real[person] += size
    together, both = _pairs(found.values()), _pairs(cells.values())
    by_pairs = share(both, together), share(both, _pairs(real.values()))
    b_cubed = (
        share(sum(size * size / found[cluster] for (cluster, _), size in cells.items()), len(true)),
        share(sum(size * size / real[person] for (_, person), size in cells.items()), len(true)),
    )
    return {
        "records": len(true),
        "clusters": len(found),
        "people": len(real),
        "pairwise": _scores(*by_pairs),
        "wrong_pairs": together - both,
        "b_cubed": _scores(*b_cubed),
    }


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def _scores(precision: float | None, recall: float | None) -> dict[str, float | None]:
    return {"precision": precision, "recall": recall, "f1": harmonic_mean(precision, recall)}
