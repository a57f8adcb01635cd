"""Compared pairs of council records and the people found → `duplicate`: pairs that are or may be one person, and why."""

import math

import duckdb

from linkage.database import insert_rows
from linkage.model import Model
from linkage.reason import agreement
from linkage.tables import COUNCIL, DUPLICATE, PAIR, PERSON, RECORD, create_sql


def duplicate_prior(database: duckdb.DuckDBPyConnection, model: Model) -> float:
    """Log2 odds that two given council records are one person."""
    subjects = database.execute(
        f"""SELECT count(DISTINCT subject_id) FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}'"""
    ).fetchall()[0][0]
    return round(math.log2(model.share_duplicate / max(subjects, 2)), 6)


def find_duplicates(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `duplicate`: the best pair of rows of every two records with a confidence of at least `model.review`."""
    prior = duplicate_prior(database, model)
    levels = ", ".join(f'p."level_{comparison.name}"' for comparison in model.comparisons)
    rows = []
    for left, right, weight, joined, *numbers in database.execute(
        f"""
        SELECT p.left_id, p.right_id, p.match_weight + {prior!r}, a.person_id = b.person_id, {levels}
        FROM "{PAIR.name}" p
        JOIN "{RECORD.name}" l ON l.row_id = p.left_id AND l.dataset = '{COUNCIL}'
        JOIN "{RECORD.name}" r ON r.row_id = p.right_id AND r.dataset = '{COUNCIL}'
        JOIN "{PERSON.name}" a ON a.subject_id = l.subject_id
        JOIN "{PERSON.name}" b ON b.subject_id = r.subject_id
        WHERE p.match_weight + {prior!r} >= {math.log2(model.review / (1 - model.review))!r}
          AND l.subject_id <> r.subject_id
        QUALIFY row_number() OVER (
            PARTITION BY least(l.subject_id, r.subject_id), greatest(l.subject_id, r.subject_id)
            ORDER BY p.match_weight DESC, p.left_id, p.right_id
        ) = 1
        ORDER BY p.left_id, p.right_id
        """
    ).fetchall():
        confidence = 1 / (1 + math.exp2(-weight))
        rows.append((left, right, weight, confidence, joined, f"{agreement(model, tuple(numbers))}."))
    database.execute(create_sql(DUPLICATE))
    insert_rows(database, DUPLICATE.name, rows)
