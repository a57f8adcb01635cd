"""The `Answer` for one record → the `Match` that a look-up returns: the decision, and what to know before acting on it."""

from dataclasses import dataclass, replace
from datetime import date

from linkage.lookup.one_record import Answer
from linkage.model import Model
from linkage.scoring.confidence import calibrate, posterior
from linkage.tables import CANDIDATES_EXPLAINED, NONE, NOT_LINKED, REVIEW, SCREENED_BAND

AHEAD = 1.0
"""Bits by which the best candidate must be ahead to be named alone: it is then twice as likely as the next."""


@dataclass(frozen=True)
class Candidate:
    """A person of the register whom the values may describe.

    `match_weight` is in bits, prior included; `confidence` is a calibrated probability; `date_of_death` is the earliest that the
    register has. `sensitive`: whether the register marks this person, or somebody who shares a home or telephone with them.
    """

    nhs_number: str
    match_weight: float
    confidence: float
    date_of_death: date | None = None
    sensitive: bool = False


@dataclass(frozen=True)
class Match:
    """The decision on one person's values, as in a run's links.

    `band` is accept, review, none or screened; `nhs_number` is None where nobody is proposed. `confidence` is a calibrated
    probability, `match_weight` and `margin` are in bits. `candidates` are the best five, best first.

    Where several people fit about equally well, `tied` has their NHS Numbers and `nhs_number` is None. (A run would propose the
    first of a few, and nobody where there are too many for three of them to be likely.) `date_of_death` and `sensitive` are
    those of the person proposed; `sensitive` is also true if one of those tied is. `unread`: fields whose value was not
    understood and not used. `impossible`: fields that name a day that does not exist; their digits were compared.
    """

    band: str
    nhs_number: str | None
    confidence: float
    match_weight: float | None
    margin: float | None
    guards: tuple[str, ...]
    reason: str
    candidates: tuple[Candidate, ...]
    tied: tuple[str, ...] = ()
    date_of_death: date | None = None
    sensitive: bool = False
    unread: tuple[str, ...] = ()
    impossible: tuple[str, ...] = ()


def match_of(answer: Answer, model: Model) -> Match:
    """The `Match` for an answer that was found with `model`."""
    return replace(_decided(answer, model), unread=answer.unread, impossible=answer.impossible)


def _decided(answer: Answer, model: Model) -> Match:
    if answer.screened:
        return Match(SCREENED_BAND, None, 0.0, None, None, (), f"{NOT_LINKED}{answer.screened}.", ())
    if not answer.decision:
        return Match(NONE, None, 0.0, None, None, (), answer.nobody, ())
    _, number, band, confidence, weight, margin, _, _, guards, reason, *_ = answer.decision
    candidates = _candidates(answer, model)
    match = Match(band, number, confidence, weight, margin, tuple(guards), reason, candidates)
    tied = [row for row, other in answer.candidates if weight - other < AHEAD]
    likely = band == REVIEW or (band == NONE and _together(answer, len(tied)) >= model.review)
    if likely and len(tied) > 1:
        numbers = tuple(row["record_id"] for row in tied)
        return replace(match, nhs_number=None, tied=numbers, sensitive=any(row["sensitive"] for row in tied))
    if number:
        best = candidates[0]
        return replace(match, date_of_death=best.date_of_death, sensitive=best.sensitive)
    return match


def _together(answer: Answer, best: int) -> float:
    """Probability that the person is one of the first `best` candidates."""
    weights = [weight for _, weight in answer.candidates]
    first, _ = posterior(weights)
    return sum(first * 2 ** (weight - weights[0]) for weight in weights[:best])


def _candidates(answer: Answer, model: Model) -> tuple[Candidate, ...]:
    """The best candidates, each with its calibrated posterior o_i / (1 + sum of all o)."""
    weights = [weight for _, weight in answer.candidates]
    best, _ = posterior(weights)
    return tuple(
        Candidate(
            row["record_id"],
            weight,
            round(calibrate(model.calibration, best * 2 ** (weight - weights[0])), 6),
            row["first_date_of_death"],
            row["sensitive"],
        )
        for row, weight in answer.candidates[:CANDIDATES_EXPLAINED]
    )
