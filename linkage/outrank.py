"""Rulings and the model's links → `link` as people decided it, and `candidate` with the decided number first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from linkage.database import count, insert_rows
from linkage.past import CANNOT_TELL, DIFFERENT, SAME
from linkage.rulings import APPLIED, CHANGED, CONTRADICTED, asked_again
from linkage.tables import (
    ACCEPT,
    CANDIDATE,
    COUNCIL,
    DECISION,
    FINGERPRINT,
    LINK,
    NHS,
    NONE,
    ONE_PERSON,
    RECORD,
    REVIEW,
    RULING,
    SCREENED,
    TWO_PEOPLE,
)

SAME_PERSON = f'o.right_id IS NOT DISTINCT FROM "{LINK.name}".right_id'
"""Condition that an outcome is on the person whom the model proposes, so that what speaks against that one still does."""


@dataclass(frozen=True)
class Ruling:
    """One decision on a council record and a register person, as it stands in this run."""

    number: int
    verdict: str
    state: str
    day: str
    other: int


@dataclass(frozen=True)
class Proposal:
    """What the model says of a council record: band, confidence, and the register person (None: nobody)."""

    band: str
    confidence: float
    other: int | None


@dataclass(frozen=True)
class Outcome:
    """What a link becomes."""

    band: str
    confidence: float
    other: int | None
    reason: str


def outrank(database: duckdb.DuckDBPyConnection) -> None:
    """Set the links that decisions are about; those of the model alone stay as they are."""
    if not count(database, RULING.name):
        return
    proposals = _proposals(database)
    asked = {subject: found for subject, found in _rulings(database).items() if subject in proposals}
    own = {
        subject: outcome
        for subject, rulings in asked.items()
        if (outcome := ruled(proposals[subject], rulings)) is not None
    }
    told = {
        subject: outcome
        for subject, rulings in asked.items()
        if (outcome := said_different(proposals[subject], rulings)) is not None
    }
    _set(database, told | own | group_outcomes(_groups(database), proposals, own))
    _set(database, _rivals(database))


def group_outcomes(
    groups: Sequence[tuple[list[int], list[int]]],
    proposals: Mapping[int, Proposal],
    own: Mapping[int, Outcome],
) -> dict[int, Outcome]:
    """What follows for council records that were decided to be one person.

    `groups`: council subjects and register subjects of each. With a register person among them all have that number.
    `own`: subjects on whose proposal people decided otherwise. They keep that, and their proposals reach nobody.
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
    """Records of one person share the number that the model accepts for any of them; if it accepts several, or people
    are `asked` again about another one, somebody must look."""
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
    """What the decisions on one record make of the model's proposal; None leaves it as it is."""
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
    """That a record is like nobody because somebody took its candidate away; None where that is not so."""
    applied = [each for each in rulings if each.verdict == DIFFERENT and each.state == APPLIED]
    if proposal.other is not None or not applied:
        return None
    day = max(applied, key=lambda each: each.number).day
    reason = f"Decided on {day} to be somebody else than a person of the register; nobody else there shares enough with it."
    return Outcome(NONE, proposal.confidence, None, reason)


def _again(ruling: Ruling) -> str:
    return asked_again(ruling.number, ruling.verdict, ruling.state, ruling.day)


def _proposals(database: duckdb.DuckDBPyConnection) -> dict[int, Proposal]:
    """What the model says of every council record that a decision is about, unless it may not be linked."""
    rows = database.execute(
        f"""
        SELECT link.subject_id, link.band, link.confidence, r.subject_id
        FROM "{LINK.name}" link LEFT JOIN "{RECORD.name}" r ON r.row_id = link.right_id
        WHERE link.subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}") AND link.subject_id IN (
            SELECT left_subject FROM "{RULING.name}" UNION SELECT right_subject FROM "{RULING.name}"
            UNION SELECT subject_id FROM "{ONE_PERSON.name}"
        )
        """
    ).fetchall()
    return {row[0]: Proposal(*row[1:]) for row in rows}


def _groups(database: duckdb.DuckDBPyConnection) -> list[tuple[list[int], list[int]]]:
    rows = database.execute(
        f"""
        SELECT coalesce(list(subject_id ORDER BY subject_id) FILTER (dataset = '{COUNCIL}'), []),
            coalesce(list(subject_id ORDER BY subject_id) FILTER (dataset = '{NHS}'), [])
        FROM "{ONE_PERSON.name}" JOIN "{FINGERPRINT.name}" USING (subject_id)
        GROUP BY group_id ORDER BY group_id
        """
    ).fetchall()
    return [(list(council), list(numbers)) for council, numbers in rows]


def _rivals(database: duckdb.DuckDBPyConnection) -> dict[int, Outcome]:
    """Of records that were decided to be different people those that have one number: somebody must look whose it is."""
    rows = database.execute(
        f"""
        WITH linked AS (
            SELECT link.subject_id, link.confidence, r.subject_id AS other_id
            FROM "{LINK.name}" link JOIN "{RECORD.name}" r ON r.row_id = link.right_id WHERE band = '{ACCEPT}'
        )
        SELECT unnest([l.subject_id, r.subject_id]), unnest([l.confidence, r.confidence]), l.other_id
        FROM "{TWO_PEOPLE.name}"
        JOIN linked l ON l.subject_id = left_subject
        JOIN linked r ON r.subject_id = right_subject AND r.other_id = l.other_id
        """
    ).fetchall()
    reason = "Decided to be somebody else than another record, which fits this NHS Number too."
    return {subject: Outcome(REVIEW, sure, other, reason) for subject, sure, other in rows}


def _rulings(database: duckdb.DuckDBPyConnection) -> dict[int, list[Ruling]]:
    """Council subject → the decisions on it and a register person."""
    found: dict[int, list[Ruling]] = {}
    for number, verdict, state, day, council, other in database.execute(
        f"""
        SELECT number, verdict, state, day, left_subject, right_subject FROM "{RULING.name}"
        WHERE left_dataset = '{COUNCIL}' AND right_dataset = '{NHS}' AND left_subject IS NOT NULL
          AND right_subject IS NOT NULL ORDER BY number
        """
    ).fetchall():
        found.setdefault(council, []).append(Ruling(number, verdict, state, day, other))
    return found


def _set(database: duckdb.DuckDBPyConnection, outcomes: Mapping[int, Outcome]) -> None:
    database.execute(
        "CREATE TABLE outcome (subject_id BIGINT, band VARCHAR, confidence DOUBLE, other_id BIGINT, reason VARCHAR)"
    )
    rows = [
        (subject, found.band, found.confidence, found.other, found.reason)
        for subject, found in sorted(outcomes.items())
    ]
    insert_rows(database, "outcome", rows)
    _put_first(database)
    database.execute(
        f"""
        UPDATE "{LINK.name}" SET band = o.band, confidence = o.confidence, nhs_number = o.nhs_number,
            match_weight = o.match_weight, margin = NULL, method = '{DECISION}', reason = o.reason,
            guards = CASE WHEN o.band = '{REVIEW}' AND {SAME_PERSON} THEN guards ELSE [] END,
            nhs_number_status = CASE WHEN o.band = '{ACCEPT}' THEN '02'
                WHEN o.band = '{REVIEW}' AND {SAME_PERSON} AND nhs_number_status = '05' THEN '05' ELSE '04' END,
            left_id = o.left_id, right_id = o.right_id
        FROM (
            SELECT outcome.*, f.record_id AS nhs_number, c.match_weight, c.left_id, c.right_id FROM outcome
            LEFT JOIN "{FINGERPRINT.name}" f ON f.subject_id = outcome.other_id
            LEFT JOIN "{CANDIDATE.name}" c
              ON c.subject_id = outcome.subject_id AND c.other_id = outcome.other_id
        ) o
        WHERE "{LINK.name}".subject_id = o.subject_id
        """
    )
    database.execute("DROP TABLE outcome")


def _put_first(database: duckdb.DuckDBPyConnection) -> None:
    """The decided register person becomes the first candidate, also where the model had none."""
    database.execute(
        f"""
        INSERT INTO "{CANDIDATE.name}" BY NAME
        SELECT subject_id, other_id, l.row_id AS left_id, r.row_id AS right_id, 0 AS rank
        FROM outcome
        JOIN (SELECT subject_id, min(row_id) AS row_id FROM "{RECORD.name}" GROUP BY 1) l USING (subject_id)
        JOIN (SELECT subject_id AS other_id, min(row_id) AS row_id FROM "{RECORD.name}" GROUP BY 1) r USING (other_id)
        WHERE (subject_id, other_id) NOT IN (SELECT (subject_id, other_id) FROM "{CANDIDATE.name}")
        """
    )
    database.execute(
        f"""
        UPDATE "{CANDIDATE.name}" SET rank = placed.place FROM (
            SELECT c.subject_id, c.other_id, row_number() OVER (
                PARTITION BY c.subject_id ORDER BY c.other_id IS DISTINCT FROM outcome.other_id, c.rank
            ) AS place
            FROM "{CANDIDATE.name}" c JOIN outcome USING (subject_id) WHERE outcome.other_id IS NOT NULL
        ) placed
        WHERE "{CANDIDATE.name}".subject_id = placed.subject_id AND "{CANDIDATE.name}".other_id = placed.other_id
        """
    )
