"""Compared pairs → `candidate` and `link`: for every council subject one decision, its confidence and its reason.

A decision on a record is not a pairwise score. Its candidates are one per NHS Number (the best pair of rows counts), and
they compete with each other and with the hypothesis that the person is not in the register at all:
p_i = o_i / (1 + sum of all o), where o_i = 2^evidence times the prior odds of any one person of the register.
"""

import math
from collections.abc import Sequence
from typing import Any

import duckdb

from linkage.database import count_subjects, insert_rows
from linkage.model import DECIMALS, Model, prior_bits
from linkage.objections import OBJECTED
from linkage.proposal import proposal_sql
from linkage.reason import Compared, sentence
from linkage.scoring.confidence import band_of, confidence, estimate_share, status_of
from linkage.scoring.maximise import LARGEST_WEIGHT
from linkage.tables import (
    ACCEPT,
    CANDIDATE,
    COUNCIL,
    LINK,
    NHS,
    NONE,
    NOT_LINKED,
    PAIR,
    RECORD,
    REVIEW,
    SCREENED,
    SCREENED_BAND,
    create_sql,
)

MOST_CANDIDATES = 50
"""Candidates of a record that compete, the best ones; the others would add next to nothing to the sum of odds."""
NOBODY = "Nobody in the register shares enough with this record to be compared."
SOMEBODY_ELSE_S = "The NHS Number that it holds is in the register, but that person shares too little else with this record."


def decide(
    database: duckdb.DuckDBPyConnection, model: Model, people: int, share: float | None = None
) -> float:
    """Make `candidate` and `link`; return the share of council subjects whose person is in the register.

    `people` is the number of people in the register. The share is estimated unless it is given, as in a run by changes.
    """
    _find_best_pairs(database)
    share = _share_in_register(database, model, people) if share is None else share
    _make_candidates(database, people, share)
    _find_sureness(database, model)
    _make_links(database, model)
    return share


def _find_best_pairs(database: duckdb.DuckDBPyConnection) -> None:
    """Make `best_pair`: for each council subject and register subject their pair of rows with most evidence (bits, no prior)."""
    database.execute(
        f"""
        CREATE TABLE best_pair AS
        SELECT l.subject_id, r.subject_id AS other_id, p.left_id, p.right_id, p.match_weight AS evidence
        FROM "{PAIR.name}" p
        JOIN "{RECORD.name}" l ON l.row_id = p.left_id
        JOIN "{RECORD.name}" r ON r.row_id = p.right_id
        WHERE r.dataset = '{NHS}'
        QUALIFY row_number() OVER (
            PARTITION BY l.subject_id, r.subject_id ORDER BY p.match_weight DESC, p.left_id, p.right_id
        ) = 1
        """
    )


def _share_in_register(database: duckdb.DuckDBPyConnection, model: Model, people: int) -> float:
    """Share of linkable council subjects whose person is in the register, estimated from their candidates."""
    evidence: dict[int, list[float]] = {}
    for subject, weight in database.execute(
        "SELECT subject_id, evidence FROM best_pair ORDER BY subject_id, evidence DESC, other_id"
    ).fetchall():
        evidence.setdefault(subject, []).append(weight)
    totals = [
        math.fsum(math.exp2(min(weight, LARGEST_WEIGHT)) for weight in found) for found in evidence.values()
    ]
    return estimate_share(totals, count_subjects(database, COUNCIL), people, model.share_in_register)


def _make_candidates(database: duckdb.DuckDBPyConnection, people: int, share: float) -> None:
    """Make `candidate` from `best_pair`, which goes: weights with the prior, and ranks."""
    database.execute(
        f"""
        CREATE TABLE "{CANDIDATE.name}" AS
        SELECT subject_id, other_id, left_id, right_id,
            round(evidence + {prior_bits(share, people)!r}, {DECIMALS}) AS match_weight,
            row_number() OVER (PARTITION BY subject_id ORDER BY evidence DESC, other_id) AS rank,
            count(*) OVER (PARTITION BY subject_id) AS candidates
        FROM best_pair
        """
    )
    database.execute("DROP TABLE best_pair")


def _find_sureness(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `sureness`: for each subject with a candidate the confidence in the best one and in the best three, and the margin."""
    ranked: dict[int, list[float]] = {}
    for subject, weight in database.execute(
        f"""SELECT subject_id, match_weight FROM "{CANDIDATE.name}" WHERE rank <= {MOST_CANDIDATES} ORDER BY subject_id, rank"""
    ).fetchall():
        ranked.setdefault(subject, []).append(weight)
    database.execute(
        "CREATE TABLE sureness (subject_id BIGINT, confidence DOUBLE, best_three DOUBLE, margin DOUBLE)"
    )
    # Most records have one candidate, and many of these weigh the same: each set of weights is worked out once.
    sure = {weights: confidence(weights, model) for weights in set(map(tuple, ranked.values()))}
    rows = [(subject, *sure[tuple(weights)]) for subject, weights in ranked.items()]
    insert_rows(database, "sureness", rows)


def decision(row: Sequence[Any], model: Model) -> tuple[Any, ...]:
    """A row of `proposal_sql` → a row of `decision_row`: with the band, the method, the guards that count and the reason."""
    subject, number, weight, margin, candidates, confidence, best_three, guards, left, right, *gammas = row
    band = band_of(confidence, best_three, guards, model)
    guards = [] if band == NONE else guards
    compared = Compared(tuple(gammas), tuple(guards), margin, candidates)
    method = "exact" if compared.is_exact(model) else "probabilistic"
    reason = sentence(model, compared, band)
    proposed = number if band in (ACCEPT, REVIEW) else None
    return (
        subject, proposed, band, confidence, weight, margin, candidates, method, guards, reason,
        status_of(band, guards), left, right,
    )  # fmt: skip


def _make_links(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `link`: one row for every council subject, also for those screened and those without a candidate.

    `nhs_number_status` is a code of the NHS Data Dictionary: see `scoring.confidence.status_of`. A
    screened record has "02" if it holds a number that may be handed on, else "07".
    """
    proposed = database.execute(proposal_sql(database, model)).fetchall()
    rows = [decision(row, model) for row in proposed]
    database.execute(
        """
        CREATE TABLE decision_row (subject_id BIGINT, nhs_number VARCHAR, band VARCHAR, confidence DOUBLE,
            match_weight DOUBLE, margin DOUBLE, candidates BIGINT, method VARCHAR, guards VARCHAR[], reason VARCHAR,
            nhs_number_status VARCHAR, left_id BIGINT, right_id BIGINT)
        """
    )
    insert_rows(database, "decision_row", rows)
    database.execute(create_sql(LINK))
    database.execute(
        f"""
        INSERT INTO "{LINK.name}" BY NAME
        SELECT c.subject_id, c.record_id, d.nhs_number,
            CASE WHEN s.reason IS NOT NULL THEN '{SCREENED_BAND}' ELSE coalesce(d.band, '{NONE}') END AS band,
            coalesce(d.confidence, 0) AS confidence, d.match_weight, d.margin, coalesce(d.candidates, 0) AS candidates,
            coalesce(d.method, 'probabilistic') AS method, coalesce(d.guards, []) AS guards,
            CASE WHEN s.reason IS NOT NULL THEN '{NOT_LINKED}' || s.reason || '.'
                WHEN d.reason IS NOT NULL THEN d.reason
                WHEN c.nhs_number_held IN (SELECT unnest(nhs_numbers) FROM "{RECORD.name}" WHERE dataset = '{NHS}')
                    THEN '{SOMEBODY_ELSE_S}'
                ELSE '{NOBODY}' END AS reason,
            -- The number of one who objects to its use is not handed on.
            CASE WHEN s.reason IS DISTINCT FROM '{OBJECTED}' THEN c.nhs_number_held END AS nhs_number_held,
            CASE WHEN s.reason = '{OBJECTED}' THEN '07'
                WHEN s.reason IS NOT NULL THEN CASE WHEN c.nhs_number_held IS NULL THEN '07' ELSE '02' END
                ELSE coalesce(d.nhs_number_status, '04') END AS nhs_number_status,
            d.left_id, d.right_id
        FROM (
            SELECT subject_id, any_value(record_id) AS record_id, min(nhs_number) AS nhs_number_held
            FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}' GROUP BY subject_id
        ) c
        LEFT JOIN (SELECT subject_id, any_value(reason) AS reason FROM "{SCREENED.name}" GROUP BY 1) s USING (subject_id)
        LEFT JOIN decision_row d USING (subject_id)
        ORDER BY c.subject_id
        """
    )
