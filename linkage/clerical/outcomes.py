"""What the model proposes for a record, and what people decided about it → what its link becomes. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linkage.clerical.rulings import APPLIED, CHANGED, CONTRADICTED, asked_again
from linkage.past import CANNOT_TELL, DIFFERENT, SAME
from linkage.tables import ACCEPT, NONE, REVIEW


@dataclass(frozen=True)
class Ruling:
    """One decision on a council record and the register person `other`, with its state in this run (see `rulings`)."""

    number: int
    verdict: str
    state: str
    day: str
    other: int


@dataclass(frozen=True)
class Proposal:
    """The model's link of a council record: band, confidence, and the subject of the register person (None: nobody)."""

    band: str
    confidence: float
    other: int | None


@dataclass(frozen=True)
class Outcome:
    """What a link becomes: band, confidence, the subject of the register person (None: nobody), and the reason, a sentence."""

    band: str
    confidence: float
    other: int | None
    reason: str


def group_outcomes(
    groups: Sequence[tuple[list[int], list[int]]],
    proposals: Mapping[int, Proposal],
    own: Mapping[int, Outcome],
) -> dict[int, Outcome]:
    """Council subject → outcome, for records that people decided to be one person with others.

    `groups`: the council subjects and register subjects of each such person. If there is a register person, all records get that
    number. Otherwise they share the number that the model accepts for one of them. `own`: subjects with an outcome by a decision
    on their own proposal; they keep it, and their proposals do not count for the others.
    """
    outcomes: dict[int, Outcome] = {}
    for council, numbers in groups:
        linked = {subject: proposals[subject] for subject in council if subject in proposals}
        if numbers:
            reason = "Decided by a person to be this person of the register."
            outcomes |= {subject: Outcome(ACCEPT, 1.0, numbers[0], reason) for subject in linked}
        else:
            free = {subject: found for subject, found in linked.items() if subject not in own}
            asked = {
                own[subject].other for subject in linked if subject in own and own[subject].band == REVIEW
            }
            outcomes |= _shared(free, asked)
    return outcomes


def _shared(free: Mapping[int, Proposal], asked: set[int | None]) -> dict[int, Outcome]:
    """The outcomes of records of one person: all get the number that the model accepts for any of them; if it accepts
    several numbers, or people are `asked` again about another one, those that were accepted go to review."""
    accepted = {subject: found for subject, found in free.items() if found.band == ACCEPT}
    numbers = {found.other for found in accepted.values()}
    if len(numbers | asked) == 1 and accepted:
        surest = max(found.confidence for found in accepted.values())
        reason = "Decided to be the same person as another record, which is linked to this NHS Number."
        shared = Outcome(ACCEPT, surest, next(iter(numbers)), reason)
        return {subject: shared for subject in free if subject not in accepted}
    reason = (
        "Decided to be the same person as another record, which is linked to another NHS Number."
        if len(numbers) > 1
        else "Decided to be the same person as another record, for which a decision on another NHS Number waits."
    )
    return {
        subject: Outcome(REVIEW, found.confidence, found.other, reason) for subject, found in accepted.items()
    }


def ruled(proposal: Proposal, rulings: Sequence[Ruling]) -> Outcome | None:
    """The outcome for one record by the decisions on it and register people; None if they leave the model's proposal as it is."""
    for ruling in sorted(rulings, key=lambda each: -each.number):
        agrees = proposal.band == ACCEPT and proposal.other == ruling.other
        if ruling.state == CONTRADICTED:
            return Outcome(REVIEW, proposal.confidence, ruling.other, _again(ruling))
        if ruling.verdict == SAME and ruling.state == CHANGED and not agrees:
            return Outcome(REVIEW, proposal.confidence, ruling.other, _again(ruling))
        if proposal.other != ruling.other or proposal.band not in (ACCEPT, REVIEW):
            continue
        if ruling.verdict == DIFFERENT and ruling.state == CHANGED:
            return Outcome(REVIEW, proposal.confidence, ruling.other, _again(ruling))
        if ruling.verdict == CANNOT_TELL and ruling.state == APPLIED:
            reason = f"On {ruling.day} a person looked at the best candidate and could not tell."
            return Outcome(NONE, proposal.confidence, None, reason)
    return None


def said_different(proposal: Proposal, rulings: Sequence[Ruling]) -> Outcome | None:
    """The outcome for a record that has no candidate left because somebody decided that it is a different person; None
    where that is not so."""
    applied = [each for each in rulings if each.verdict == DIFFERENT and each.state == APPLIED]
    if proposal.other is not None or not applied:
        return None
    day = max(applied, key=lambda each: each.number).day
    reason = f"Decided on {day} to be somebody else than a person of the register; nobody else there shares enough with it."
    return Outcome(NONE, proposal.confidence, None, reason)


def _again(ruling: Ruling) -> str:
    return asked_again(ruling.number, ruling.verdict, ruling.state, ruling.day)
