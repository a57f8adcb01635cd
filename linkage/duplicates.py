"""Compared pairs of council records, people and rulings → `duplicate`: pairs that are or may be one person, and why."""

import math
from typing import Any

import duckdb

from linkage.clerical.rulings import CHANGED, CONTRADICTED, asked_again
from linkage.database import insert_rows
from linkage.model import Model
from linkage.past import DIFFERENT, SAME
from linkage.people.ties import council_pairs_sql
from linkage.reason import agreement
from linkage.tables import COUNCIL, DUPLICATE, PERSON, RECORD, REVIEW, RULING, UNTIED, create_sql

JOINED = "joined"
UNLIKE_OTHERS = "records that are close to them look like two people"
"""Why two records with a tie were not joined, where the tie itself has nothing against it."""

AS_BEFORE = "Joined as in the run before, for which the evidence was enough."
"""Why two records were joined with slightly too little evidence (see `ties.WAVER`)."""


def find_duplicates(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `duplicate`: the best pair of rows of every two council records with a probability of at least `model.review`, and
    every two on which people have to decide again."""
    again = _asked_again(database)
    rows: list[tuple[object, ...]] = []
    needed = math.log2(model.join / (1 - model.join))
    untied = {(one, other): why for one, other, why in database.execute(f'FROM "{UNTIED.name}"').fetchall()}
    for left, right, weight, joined, one, other, *gammas in _alike(database, model):
        pair = min(one, other), max(one, other)
        _, asked = again.pop(pair, ("", ""))
        band = JOINED if joined and not asked else REVIEW
        doubt = asked or _doubt(untied.get(pair, ""), joined, weight >= needed)
        reason = f"{doubt} {agreement(model, tuple(gammas))}.".strip()
        rows.append((left, right, weight, 1 / (1 + math.exp2(-weight)), band, reason))
    # Of the pairs to decide again only "same" is left here: if two decided to be different are not alike, the model agrees.
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
    """The sentence on why two records were not joined, or were joined though something speaks against it; "" if nothing does."""
    if joined:
        if why:
            return f"Joined by way of others, not by itself: {why}."
        return "" if enough else AS_BEFORE
    return f"Not joined: {why or UNLIKE_OTHERS}."


def _alike(database: duckdb.DuckDBPyConnection, model: Model) -> list[tuple[Any, ...]]:
    """For every two council subjects above the review threshold: their best rows, the weight with prior, whether they
    were joined, the subjects, and the levels in the model's order."""
    levels = ", ".join(f'p."level_{comparison.name}"' for comparison in model.comparisons)
    return database.execute(
        f"""
        SELECT p.left_id, p.right_id, p.weight, a.person_id = b.person_id, a.subject_id, b.subject_id, {levels}
        FROM ({council_pairs_sql(database, model)}) p
        JOIN "{RECORD.name}" l ON l.row_id = p.left_id
        JOIN "{RECORD.name}" r ON r.row_id = p.right_id
        JOIN "{PERSON.name}" a ON a.subject_id = l.subject_id
        JOIN "{PERSON.name}" b ON b.subject_id = r.subject_id
        WHERE p.weight >= {math.log2(model.review / (1 - model.review))!r} AND l.subject_id <> r.subject_id
        QUALIFY row_number() OVER (
            PARTITION BY least(l.subject_id, r.subject_id), greatest(l.subject_id, r.subject_id)
            ORDER BY p.weight DESC, p.left_id, p.right_id
        ) = 1
        ORDER BY p.left_id, p.right_id
        """
    ).fetchall()


def _asked_again(database: duckdb.DuckDBPyConnection) -> dict[tuple[int, int], tuple[str, str]]:
    """Two council subjects, smaller first → the verdict that people have to give again, and a sentence why.

    Verdicts on records that have changed since need not be given again where the model has come to join the two.
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
