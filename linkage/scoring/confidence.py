"""Weights of a record's candidates → how sure its best one is, and the band that this earns.

p_i = o_i / (1 + sum of all o), where o_i = 2^weight and the 1 stands for a person who is not in the register at all.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from operator import itemgetter

from linkage.model import Model
from linkage.tables import ACCEPT, CANDIDATES_SHOWN, NONE, REVIEW


def estimate_share(totals: Sequence[float], linkable: int, people: int, start: float) -> float:
    """Fixed point of share = mean of P(in register | candidates), with two pseudo-records at `start`.

    `totals`: for each record with candidates, the sum of 2^evidence over them.
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
    """Probability of the first candidate and of one of the first `CANDIDATES_SHOWN`, from all candidates' weights in bits (prior
    included), best first.

    Ranked and computed relative to the best, so that nothing is lost above 53 bits.
    """
    odds = [math.exp2(weight - weights[0]) for weight in weights]
    total = math.fsum(odds) + math.exp2(max(-1000.0, min(1000.0, -weights[0])))
    return 1.0 / total, math.fsum(odds[:CANDIDATES_SHOWN]) / total


def calibrate(points: Sequence[tuple[float, float]], raw: float) -> float:
    """The calibrated probability for `raw`: a monotone line through the model's (raw, right) points, in log odds."""
    if not points:
        return raw
    at = bisect_right(points, _kept(raw), key=itemgetter(0))
    if at == 0:
        return min(raw, points[0][1])
    if at == len(points):
        return points[-1][1]
    (before, low), (after, high) = (map(log_odds, point) for point in points[at - 1 : at + 1])
    part = (log_odds(raw) - before) / (after - before) if after > before else 1.0
    return probability(low + part * (high - low))


def log_odds(share: float) -> float:
    """ln(p / (1 - p)), with p kept within 1e-9 of 0 and 1."""
    kept = _kept(share)
    return math.log(kept / (1 - kept))


def probability(odds: float) -> float:
    """The probability of log odds."""
    return 1.0 / (1.0 + math.exp(-odds))


def _kept(share: float) -> float:
    return min(1 - 1e-9, max(1e-9, share))


def confidence(weights: Sequence[float], model: Model) -> tuple[float, float, float | None]:
    """Confidence in the best candidate and in the best three, and the margin in bits, from a record's candidates as `posterior`
    takes them; there is no margin to a single one."""
    best, best_three = (round(calibrate(model.calibration, raw), 6) for raw in posterior(weights))
    return best, best_three, round(weights[0] - weights[1], 6) if len(weights) > 1 else None


def band_of(confidence: float, best_three: float, guards: Sequence[str], model: Model) -> str:
    """accept, review or none. A guard turns an accept into a review; nothing is proposed where nobody is likely.

    Two or three candidates that are as likely as each other are a question for a human, not nobody: twins of one initial, or
    a person whom the register has under several numbers.
    """
    if confidence >= model.accept and not guards:
        return ACCEPT
    return REVIEW if best_three >= model.review else NONE


def status_of(band: str, guards: Sequence[str]) -> str:
    """NHS NUMBER STATUS INDICATOR CODE (NHS Data Dictionary). Never "01": only PDS verifies a number."""
    if band == ACCEPT:
        return "02"
    return "05" if "nhs_number_conflict" in guards else "04"
