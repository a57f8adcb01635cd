"""Compared pairs of council records, people and rulings → `duplicate`: pairs that are or may be one person, and why."""

import math
from typing import Any

import duckdb

from linkage.clerical.rulings import CHANGED, CONTRADICTED, asked_again
from linkage.database import insert_rows
from linkage.model import Model
from linkage.past import DIFFERENT, SAME
from linkage.reason import agreement
from linkage.tables import COUNCIL, DUPLICATE, PAIR, PERSON, RECORD, REVIEW, RULING, UNTIED, create_sql

JOINED = "joined"
UNLIKE_OTHERS = "records that are close to them look like two people"
"""Said of a tie of two who are not one person."""

AS_BEFORE = "Joined as in the run before, for which the evidence was enough."
"""Said of two that are joined by a little less than it takes."""


def duplicate_prior(database: duckdb.DuckDBPyConnection, model: Model) -> float:
    """Log2 odds that two given council records are one person."""
    subjects = database.execute(
        f"""SELECT count(DISTINCT subject_id) FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}'"""
    ).fetchall()[0][0]
    return round(math.log2(model.share_duplicate / max(subjects, 2)), 6)


def find_duplicates(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `duplicate`: the best pair of rows of every two records with a confidence of at least `model.review`, and
    every two that a decision has to be made on again."""
    again = _asked_again(database)
    rows: list[tuple[object, ...]] = []
    needed = math.log2(model.join / (1 - model.join))
    untied = {(one, other): why for one, other, why in database.execute(f'FROM "{UNTIED.name}"').fetchall()}
    for left, right, weight, joined, one, other, *numbers in _alike(database, model):
        pair = min(one, other), max(one, other)
        _, asked = again.pop(pair, ("", ""))
        band = JOINED if joined and not asked else REVIEW
        doubt = asked or _doubt(untied.get(pair, ""), joined, weight >= needed)
        reason = f"{doubt} {agreement(model, tuple(numbers))}.".strip()
        rows.append((left, right, weight, 1 / (1 + math.exp2(-weight)), band, reason))
    # Two that were decided to be different and are not alike are what the model says, too.
    unlike = {pair: asked for pair, (verdict, asked) in again.items() if verdict == SAME}
    database.execute(create_sql(DUPLICATE))
    insert_rows(database, DUPLICATE.name, rows)
    for (left, right), asked in sorted(unlike.items()):
        database.execute(
            f"""
            INSERT INTO "{DUPLICATE.name}"
            SELECT min(row_id) FILTER (subject_id = ?), min(row_id) FILTER (subject_id = ?), NULL, NULL, ?, ?
            FROM "{RECORD.name}"
            """,
            [left, right, REVIEW, asked],
        )


def _doubt(why: str, joined: bool, enough: bool) -> str:
    """Why two records were not joined, or what spoke against it; "" if nothing did."""
    if joined:
        if why:
            return f"Joined by way of others, not by itself: {why}."
        return "" if enough else AS_BEFORE
    return f"Not joined: {why or UNLIKE_OTHERS}."


def _alike(database: duckdb.DuckDBPyConnection, model: Model) -> list[tuple[Any, ...]]:
    """Two rows, their weight, whether they were joined, their subjects, and the levels of the comparisons."""
    prior = duplicate_prior(database, model)
    levels = ", ".join(f'p."level_{comparison.name}"' for comparison in model.comparisons)
    return database.execute(
        f"""
        SELECT p.left_id, p.right_id, p.match_weight + {prior!r}, a.person_id = b.person_id,
            a.subject_id, b.subject_id, {levels}
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
    ).fetchall()


def _asked_again(database: duckdb.DuckDBPyConnection) -> dict[tuple[int, int], tuple[str, str]]:
    """Two council subjects, smaller first → the verdict that has to be given again, and why.

    A "same" on changed records does not if the model has come to join them.
    """
    rows = database.execute(
        f"""
        SELECT left_subject, right_subject, number, verdict, state, day
        FROM "{RULING.name}"
        JOIN "{PERSON.name}" a ON a.subject_id = left_subject
        JOIN "{PERSON.name}" b ON b.subject_id = right_subject
        WHERE left_dataset = '{COUNCIL}' AND right_dataset = '{COUNCIL}' AND left_subject <> right_subject
          AND (state = ? OR state = ? AND verdict IN (?, ?) AND a.person_id <> b.person_id)
        ORDER BY number
        """,
        [CONTRADICTED, CHANGED, SAME, DIFFERENT],
    ).fetchall()
    return {(min(row[:2]), max(row[:2])): (row[3], asked_again(*row[2:])) for row in rows}
