"""Weights of a record's candidates → the confidence in the best one, and the band of the link.

p_i = o_i / (1 + sum of all o), where o_i = 2^weight and the 1 stands for a person who is not in the register at all.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter

from linkage.model import Model
from linkage.tables import ACCEPT, CANDIDATES_SHOWN, NONE, REVIEW


def estimate_share(totals: Sequence[float], linkable: int, people: int, start: float) -> float:
    """The share of records with their person in the register: the fixed point of share = mean of P(in register | candidates).

    `totals`: for each record with candidates, the sum of 2^evidence over them. `linkable` counts all records, with and
    without candidates; `people` is the size of the register. Two more records are added that have the share `start`. The
    share is kept between 0.001 and 0.999, since there are no odds of 0 or 1.
    """
    share = start
    for _ in range(50):
        odds = share / ((1 - share) * max(people, 1))
        found = math.fsum(odds * total / (1 + odds * total) for total in totals)
        updated = min(0.999, max(0.001, (found + 2 * start) / (linkable + 2)))
        if abs(updated - share) < 1e-7:
            break
        share = updated
    return round(share, 4)


def posterior(weights: Sequence[float]) -> tuple[float, float]:
    """Probability that the person is the first candidate, and that it is one of the first `CANDIDATES_SHOWN`.

    `weights` are those of all candidates in bits, prior included, best first. Odds are taken relative to the best, so that
    they do not overflow and their order is kept above 53 bits.
    """
    odds = [math.exp2(weight - weights[0]) for weight in weights]
    total = math.fsum(odds) + math.exp2(max(-1000.0, min(1000.0, -weights[0])))
    return 1.0 / total, math.fsum(odds[:CANDIDATES_SHOWN]) / total


def calibrate(points: Sequence[tuple[float, float]], raw: float) -> float:
    """The calibrated probability for the posterior `raw`.

    Between the model's `points` (posterior, share that was right), which rise, it is interpolated in log odds. Below the
    first point it is at most that point's share, above the last point it is that point's share. Without points it is `raw`.
    """
    if not points:
        return raw
    at = bisect_right(points, _inside(raw), key=itemgetter(0))
    if at == 0:
        return min(raw, points[0][1])
    if at == len(points):
        return points[-1][1]
    (before, low), (after, high) = (map(log_odds, point) for point in points[at - 1 : at + 1])
    part = (log_odds(raw) - before) / (after - before) if after > before else 1.0
    return probability(low + part * (high - low))


def log_odds(share: float) -> float:
    """ln(p / (1 - p)), with p kept within 1e-9 of 0 and 1."""
    inside = _inside(share)
    return math.log(inside / (1 - inside))


def probability(odds: float) -> float:
    """The probability of log odds."""
    return 1.0 / (1.0 + math.exp(-odds))


def _inside(share: float) -> float:
    return min(1 - 1e-9, max(1e-9, share))


def confidence(weights: Sequence[float], model: Model) -> tuple[float, float, float | None]:
    """Confidence in the best candidate and in the best three (calibrated), and the margin in bits (None for a single candidate).

    `weights` as for `posterior`.
    """
    best, best_three = (round(calibrate(model.calibration, raw), 6) for raw in posterior(weights))
    return best, best_three, round(weights[0] - weights[1], 6) if len(weights) > 1 else None


def band_of(confidence: float, best_three: float, guards: Sequence[str], model: Model) -> str:
    """The band of a link: accept, review or none.

    Accept takes the model's `accept` and no guard. Review takes `review` for the best three candidates together, because two
    or three equally likely ones are a question for a human: twins of one initial, or a person with several numbers.
    """
    if confidence >= model.accept and not guards:
        return ACCEPT
    return REVIEW if best_three >= model.review else NONE


def status_of(band: str, guards: Sequence[str]) -> str:
    """NHS NUMBER STATUS INDICATOR CODE of the NHS Data Dictionary: "02" for an accepted number, "05" where the council
    holds another one, "04" for the rest. Never "01", verified: only PDS verifies a number."""
    if band == ACCEPT:
        return "02"
    return "05" if "nhs_number_conflict" in guards else "04"
