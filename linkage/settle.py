"""Decisions of people → `ruling`, `one_person` and `two_people`; and `pair` without the pairs that they rule out.

A decision outranks the model. Before candidates are ranked, pairs that were decided to be different are deleted; afterwards
`outrank` sets links to what was decided. A decision on a record whose values have changed since joins nobody: the link goes
to review again, unless the model has come to say the same.
"""

import duckdb

from linkage.clerical.locate import locate
from linkage.clerical.rulings import CHANGED, CONTRADICTED, Located, rulings_from
from linkage.database import insert_rows
from linkage.past import CANNOT_TELL, WITHDRAWN, Past
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


def settle(database: duckdb.DuckDBPyConnection, past: Past) -> None:
    """Make `ruling`, `one_person` and `two_people` from the standing decisions, and delete the pairs that they rule out."""
    located = locate(database, past)
    rulings = rulings_from(located, _register_subjects(database, located), _screened(database))
    for table in (RULING, ONE_PERSON, TWO_PEOPLE):
        database.execute(create_sql(table))
    rows = [
        (found.decision.number, found.left, found.right, found.decision.verdict,
         rulings.states[found.decision.number], found.decision.at[:10], *found.decision.pair)
        for found in located if found.decision.verdict != WITHDRAWN
    ]  # fmt: skip
    insert_rows(database, RULING.name, rows)
    insert_rows(database, ONE_PERSON.name, sorted(rulings.groups.items()))
    insert_rows(database, TWO_PEOPLE.name, sorted(rulings.apart))
    if rows:
        _take_pairs_away(database)


def _register_subjects(database: duckdb.DuckDBPyConnection, located: list[Located]) -> set[int]:
    """The register subjects among those that decisions are about."""
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
    """Delete from `pair` those decided to be different, and those of two council records where people could not tell.

    Pairs whose decision has to be made again (`ASKED_AGAIN`) stay, so that people are shown them.
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
