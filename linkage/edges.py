"""Links, compared pairs, merges and decisions → `edge`: two subjects that something speaks for being one person.

Accepted links, close pairs of council records and the source's own merges are edges.
"""

import math

import duckdb

from linkage.cluster_risk import WEAK_BITS
from linkage.duplicates import duplicate_prior
from linkage.housemates import housemates_sql
from linkage.model import Model
from linkage.tables import (
    ACCEPT,
    CANDIDATE,
    COUNCIL,
    DECISION,
    EDGE,
    KNOWN_DUPLICATE,
    LINK,
    MERGED,
    NHS,
    PAIR,
    RECORD,
    REVIEW,
    SCREENED,
    TWO_PEOPLE,
    create_sql,
)
from linkage.thin_ties import kin_sql, thin_sql

KNOWN = 60.0
"""Bits of a merge by the source, which nothing but a conflict takes apart."""

PROPOSED = f"""
    SELECT subject_id, other_id AS number, list_contains(guards, 'close_rival') AS tied
    FROM "{LINK.name}" JOIN "{CANDIDATE.name}" USING (subject_id)
    WHERE rank = 1 AND (band IN ('{ACCEPT}', '{REVIEW}') OR method = '{DECISION}')
"""
"""The register person that is proposed for a record, or that people decided about, and whether another fits as well."""


def make_edges(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `edge`: accepted links; council records that the model takes for one person, but for those who look like
    kin, are thinly evidenced or were decided to be different; and merges of the source, except with records that may
    not be linked."""
    needed = math.log2(model.join / (1 - model.join))
    database.execute(create_sql(EDGE))
    database.execute(
        f"""
        INSERT INTO "{EDGE.name}"
        SELECT DISTINCT link.subject_id, r.subject_id, coalesce(link.match_weight, 0), true
        FROM "{LINK.name}" link JOIN "{RECORD.name}" r ON r.row_id = link.right_id
        WHERE link.band = '{ACCEPT}' AND r.dataset = '{NHS}'
        """
    )
    _make_ties(database, model, needed)
    database.execute(
        f"""
        INSERT INTO "{EDGE.name}"
        SELECT left_subject, right_subject, max(weight), false FROM tie
        WHERE (left_id, right_id) NOT IN ({housemates_sql(model, needed)})
        GROUP BY left_subject, right_subject
        """
    )
    database.execute("DROP TABLE tie")
    database.execute(
        f"""
        INSERT INTO "{EDGE.name}"
        WITH closed AS (SELECT subject_id FROM "{SCREENED.name}" WHERE reason <> ?)
        SELECT left_subject, right_subject, {KNOWN!r}, true FROM "{KNOWN_DUPLICATE.name}"
        WHERE left_subject NOT IN (SELECT subject_id FROM closed)
          AND right_subject NOT IN (SELECT subject_id FROM closed)
        """,
        [MERGED],
    )


def _make_ties(database: duckdb.DuckDBPyConnection, model: Model, needed: float) -> None:
    """Make `tie`: pairs of council rows of at least `needed` bits that nothing in the two rows keeps apart, nor the
    register, which may have a person for each of them, or two whom one of them fits alike."""
    database.execute(
        f"""
        CREATE TEMP TABLE tie AS
        WITH proposed AS ({PROPOSED})
        SELECT p.left_id, p.right_id, l.subject_id AS left_subject, r.subject_id AS right_subject,
            p.weight, p.relative_weight
        FROM ({council_pairs_sql(database, model)}) p
        JOIN "{RECORD.name}" l ON l.row_id = p.left_id
        JOIN "{RECORD.name}" r ON r.row_id = p.right_id
        LEFT JOIN proposed one ON one.subject_id = l.subject_id
        LEFT JOIN proposed other ON other.subject_id = r.subject_id
        WHERE p.weight >= {needed!r}
          AND NOT coalesce(one.number <> other.number OR one.tied OR other.tied, false)
          AND (l.nhs_number IS NULL OR r.nhs_number IS NULL OR list_has_any(l.nhs_numbers, r.nhs_numbers)
              OR p.weight >= {WEAK_BITS!r})
          AND NOT {kin_sql(model)}
          AND NOT {thin_sql(model, "p.weight")}
          AND (least(l.subject_id, r.subject_id), greatest(l.subject_id, r.subject_id)) NOT IN (
              SELECT (left_subject, right_subject) FROM "{TWO_PEOPLE.name}"
          )
        """
    )


def council_pairs_sql(database: duckdb.DuckDBPyConnection, model: Model) -> str:
    """SELECT of the compared pairs of council rows with the evidence that they are one person, prior included."""
    return f"""
        SELECT p.*, p.match_weight + {duplicate_prior(database, model)!r} AS weight
        FROM "{PAIR.name}" p
        JOIN "{RECORD.name}" r ON r.row_id = p.right_id AND r.dataset = '{COUNCIL}'
    """
