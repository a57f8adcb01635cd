"""Decisions of people → `ruling`, `one_person` and `two_people`, and what they change in `pair` and `link`.

A decision outranks the model. Before candidates are ranked, pairs that were decided to be different are taken out; after
it, links are set to what was decided. A decision on a record whose values have changed since is not used to join
anybody: the link goes to review again, unless the model has come to say the same.
"""

from dataclasses import dataclass

import duckdb

from linkage.database import insert_rows
from linkage.past import CANNOT_TELL, Past, Side
from linkage.rulings import CHANGED, CONTRADICTED, Located, weigh
from linkage.tables import (
    COUNCIL,
    FINGERPRINT,
    NHS,
    ONE_PERSON,
    PAIR,
    RECORD,
    RULING,
    SCREENED,
    TWO_PEOPLE,
    create_sql,
)

ASKED_AGAIN = (CHANGED, CONTRADICTED)


@dataclass(frozen=True)
class Found:
    """The subject that a side of a decision is now (None: not there) and whether it is as it was shown. `by_id` is what
    its id stands for where it was found by its values."""

    subject: int | None
    fresh: bool
    by_id: "Found | None" = None


def settle(database: duckdb.DuckDBPyConnection, past: Past) -> None:
    """Make `ruling`, `one_person` and `two_people` from the standing decisions; take pairs that they rule out away."""
    located = _locate(database, past)
    rulings = weigh(located, _register_subjects(database, located), _screened(database))
    for table in (RULING, ONE_PERSON, TWO_PEOPLE):
        database.execute(create_sql(table))
    rows = [
        (found.decision.number, found.left, found.right, found.decision.verdict,
         rulings.states[found.decision.number], found.decision.at[:10], *found.decision.pair)
        for found in located
    ]  # fmt: skip
    insert_rows(database, RULING.name, rows)
    insert_rows(database, ONE_PERSON.name, sorted(rulings.groups.items()))
    insert_rows(database, TWO_PEOPLE.name, sorted(rulings.apart))
    if rows:
        _take_pairs_away(database)


def _locate(database: duckdb.DuckDBPyConnection, past: Past) -> list[Located]:
    """The subjects that each decision is about: by record id and values, by values alone, or by record id alone.

    Of two records with the same values, one of which has changed since, it is by record id.
    """
    sides = {side for decision in past.decisions for side in (decision.left, decision.right)}
    known = dict(zip(sorted(sides), _find(database, sorted(sides), past), strict=True))
    located = []
    for decision in past.decisions:
        left, right = known[decision.left], known[decision.right]
        if left.subject == right.subject:
            left, right = left.by_id or left, right.by_id or right
        located.append(Located(decision, left.subject, right.subject, left.fresh and right.fresh))
    return located


def _find(database: duckdb.DuckDBPyConnection, sides: list[Side], past: Past) -> list[Found]:
    """For each side what it is now."""
    database.execute(
        "CREATE OR REPLACE TABLE side (place BIGINT, dataset VARCHAR, record_id VARCHAR, shown VARCHAR)"
    )
    live = past.live_numbers
    rows = [
        (place, side.dataset, live.get(side.record_id, side.record_id) if side.dataset == NHS else side.record_id,
         side.shown)
        for place, side in enumerate(sides)
    ]  # fmt: skip
    insert_rows(database, "side", rows)
    by_id = {
        place: Found(subject, fresh)
        for place, subject, fresh in database.execute(
            f"""
            SELECT place, subject_id, fingerprint = shown
            FROM side JOIN (
                SELECT subject_id, dataset, record_id, fingerprint FROM "{FINGERPRINT.name}"
                UNION ALL
                SELECT subject_id, dataset, unnest(former_numbers), fingerprint FROM "{FINGERPRINT.name}"
            ) USING (dataset, record_id) ORDER BY place, subject_id DESC
            """
        ).fetchall()
    }
    by_values = dict(
        database.execute(
            f"""
            SELECT place, min(subject_id)
            FROM side JOIN "{FINGERPRINT.name}" f ON f.dataset = side.dataset AND f.fingerprint = side.shown
            GROUP BY place HAVING count(*) = 1
            """
        ).fetchall()
    )
    database.execute("DROP TABLE side")
    found = []
    for place in range(len(sides)):
        same_id = by_id.get(place, Found(None, False))
        moved = by_values.get(place)
        found.append(same_id if same_id.fresh or moved is None else Found(moved, True, by_id.get(place)))
    return found


def _register_subjects(database: duckdb.DuckDBPyConnection, located: list[Located]) -> set[int]:
    """Of the subjects that decisions are about those of the register."""
    asked = sorted(
        {subject for found in located for subject in (found.left, found.right) if subject is not None}
    )
    rows = database.execute(
        f"""SELECT subject_id FROM "{FINGERPRINT.name}" WHERE dataset = '{NHS}' AND subject_id IN (SELECT unnest(?))""",
        [asked],
    ).fetchall()
    return {subject for (subject,) in rows}


def _screened(database: duckdb.DuckDBPyConnection) -> set[int]:
    return {
        subject for (subject,) in database.execute(f'SELECT subject_id FROM "{SCREENED.name}"').fetchall()
    }


def _take_pairs_away(database: duckdb.DuckDBPyConnection) -> None:
    """Pairs decided to be different cannot be candidates, nor can two council records of which nobody could tell.

    A "different" on records whose evidence has changed stays, so that it can be asked again.
    """
    asked_again = ", ".join(f"'{state}'" for state in ASKED_AGAIN)
    database.execute(
        f"""
        CREATE TABLE ruled_out AS
        SELECT left_subject, right_subject FROM "{TWO_PEOPLE.name}"
        WHERE (left_subject, right_subject) NOT IN (
            SELECT (least(left_subject, right_subject), greatest(left_subject, right_subject)) FROM "{RULING.name}"
            WHERE state IN ({asked_again}) AND left_subject IS NOT NULL AND right_subject IS NOT NULL
        )
        UNION
        SELECT least(left_subject, right_subject), greatest(left_subject, right_subject) FROM "{RULING.name}"
        WHERE verdict = '{CANNOT_TELL}' AND state NOT IN ({asked_again})
          AND left_dataset = '{COUNCIL}' AND right_dataset = '{COUNCIL}'
        """
    )
    database.execute(
        f"""
        DELETE FROM "{PAIR.name}" WHERE (left_id, right_id) IN (
            SELECT (l.row_id, r.row_id) FROM ruled_out
            JOIN "{RECORD.name}" l ON l.subject_id = ruled_out.left_subject
            JOIN "{RECORD.name}" r ON r.subject_id = ruled_out.right_subject
        ) OR (right_id, left_id) IN (
            SELECT (l.row_id, r.row_id) FROM ruled_out
            JOIN "{RECORD.name}" l ON l.subject_id = ruled_out.left_subject
            JOIN "{RECORD.name}" r ON r.subject_id = ruled_out.right_subject
        )
        """
    )
    database.execute("DROP TABLE ruled_out")
