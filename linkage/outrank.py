"""Decisions and the model's links → `link` as people decided it, and `candidate` with the decided NHS Number first.

The rules are the pure functions of `linkage.clerical.outcomes`.
"""

from collections.abc import Mapping

import duckdb

from linkage.clerical.outcomes import Outcome, Proposal, Ruling, group_outcomes, ruled, said_different
from linkage.database import count, insert_rows
from linkage.tables import (
    ACCEPT,
    CANDIDATE,
    COUNCIL,
    DECISION,
    FINGERPRINT,
    LINK,
    NHS,
    ONE_PERSON,
    RECORD,
    REVIEW,
    RULING,
    SCREENED,
    TWO_PEOPLE,
)

SAME_PERSON = f'o.right_id IS NOT DISTINCT FROM "{LINK.name}".right_id'
"""Condition that the outcome is about the person whom the model proposes, so that its guards still apply."""


def outrank(database: duckdb.DuckDBPyConnection) -> None:
    """Change the links that decisions are about; the others stay as the model made them."""
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


def _proposals(database: duckdb.DuckDBPyConnection) -> dict[int, Proposal]:
    """Council subject → the model's proposal, for those that a decision is about and that are not screened."""
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
    """Council subject → review, for records that were decided to be different people but are linked to the same NHS Number."""
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
    """Make the decided register person the first candidate, and add them where the model had not compared them."""
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
