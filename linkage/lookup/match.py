"""What the stages say of one record → the answer of a look-up: the decision, and what to know before acting on it."""

from dataclasses import dataclass, replace
from datetime import date

from linkage.lookup.one_record import Answer
from linkage.model import Model
from linkage.scoring.confidence import calibrate, posterior
from linkage.tables import CANDIDATES_EXPLAINED, NONE, NOT_LINKED, REVIEW, SCREENED_BAND

AHEAD = 1.0
"""Bits by which the best candidate must lead to be named: it is then twice as likely as the next."""


@dataclass(frozen=True)
class Candidate:
    """A person of the register whom the values may describe: bits of evidence (prior included), calibrated probability,
    the first date of death that the register has of them, and whether it marks them as sensitive, or somebody who shares a
    home or telephone with them."""

    nhs_number: str
    match_weight: float
    confidence: float
    date_of_death: date | None = None
    sensitive: bool = False


@dataclass(frozen=True)
class Match:
    """The decision on one person's values, as in a run's links: `nhs_number` is None where nobody is proposed, `band` is
    accept, review, none or screened, `reason` is the sentence, `candidates` are the best five, best first.

    Where several people fit equally well, `tied` has their NHS Numbers and `nhs_number` is None: a run shows the first of
    few, and of many, of whom no three are likely together, it shows nobody. `date_of_death` is that of the person who is proposed; `sensitive` is true if they, or one of those tied, or
    somebody who shares a home or telephone with these, are marked so in the register. Of a field in `unread` the value was not understood, and so not used; one in `impossible`
    names a day that does not exist, whose digits were compared all the same.
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


def match_of(answer: Answer, chosen: Model) -> Match:
    """The answer of a look-up by the model `chosen`."""
    return replace(_decided(answer, chosen), unread=answer.unread, impossible=answer.impossible)


def _decided(answer: Answer, chosen: Model) -> Match:
    if answer.screened:
        return Match(SCREENED_BAND, None, 0.0, None, None, (), f"{NOT_LINKED}{answer.screened}.", ())
    if not answer.decision:
        return Match(NONE, None, 0.0, None, None, (), answer.nobody, ())
    _, number, band, confidence, weight, margin, _, _, guards, reason, *_ = answer.decision
    candidates = _candidates(answer, chosen)
    match = Match(band, number, confidence, weight, margin, tuple(guards), reason, candidates)
    tied = [row for row, other in answer.candidates if weight - other < AHEAD]
    likely = band == REVIEW or (band == NONE and _together(answer, len(tied)) >= chosen.review)
    if likely and len(tied) > 1:
        numbers = tuple(row["record_id"] for row in tied)
        return replace(match, nhs_number=None, tied=numbers, sensitive=any(row["sensitive"] for row in tied))
    if number:
        best = candidates[0]
        return replace(match, date_of_death=best.date_of_death, sensitive=best.sensitive)
    return match


def _together(answer: Answer, best: int) -> float:
    """Probability that the person is one of the `best` candidates."""
    weights = [weight for _, weight in answer.candidates]
    first, _ = posterior(weights)
    return sum(first * 2 ** (weight - weights[0]) for weight in weights[:best])


def _candidates(answer: Answer, chosen: Model) -> tuple[Candidate, ...]:
    """Each with its own posterior: o_i / (1 + sum of all o)."""
    weights = [weight for _, weight in answer.candidates]
    best, _ = posterior(weights)
    return tuple(
        Candidate(
            row["record_id"],
            weight,
            round(calibrate(chosen.calibration, best * 2 ** (weight - weights[0])), 6),
            row["first_date_of_death"],
            row["sensitive"],
        )
        for row, weight in answer.candidates[:CANDIDATES_EXPLAINED]
    )
