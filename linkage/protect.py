"""Candidates, pairs, people and decisions → `protected`: the subjects whose home or telephone must not be shown.

PDS leaves the home and telephone of sensitive people out of its answers. The council's own address for them may be the
secret. So it is withheld of every council record that may be such a person's, and of every record that may be the same
person's as one of those, also where people decided that it is not. A child who is not marked lives in the same refuge: a home
or number of any of these is withheld of whoever has it, in either file, and of the council records that may be theirs.
"""

import duckdb

from linkage.shown import CONTACT, HOME, SENSITIVE
from linkage.tables import CANDIDATE, COUNCIL, DUPLICATE, PERSON, PROTECTED, RECORD, TWO_PEOPLE

TIES = f"""
    SELECT other_id AS one, subject_id AS other FROM "{CANDIDATE.name}"
    UNION
    SELECT l.subject_id, r.subject_id FROM "{DUPLICATE.name}"
    JOIN "{RECORD.name}" l ON l.row_id = left_id
    JOIN "{RECORD.name}" r ON r.row_id = right_id
    UNION
    SELECT min(subject_id) OVER (PARTITION BY person_id), subject_id
    FROM "{PERSON.name}" WHERE dataset = '{COUNCIL}'
    UNION
    SELECT left_subject, right_subject FROM "{TWO_PEOPLE.name}"
"""
"""Two subjects that are or may be one person, or that people decided not to be."""

SHARED = {
    HOME: f"""
        SELECT subject_id, unnest(
            list_append(CASE WHEN coalesce(len(places), 0) > 0 THEN places ELSE [address_key] END, uprn)
        ) AS shared FROM "{RECORD.name}"
    """,
    CONTACT: f'SELECT subject_id, unnest(contacts) AS shared FROM "{RECORD.name}"',
}
"""What of a subject is not shown → the homes, now and before, or the numbers and addresses of every subject. A home of which
no postcode is known is its street and number."""


def sharing_sql(what: str, subjects: str) -> str:
    """SELECT of the subjects that have a home or contact of one of those that the SELECT `subjects` gives."""
    return f"""
        SELECT DISTINCT subject_id FROM ({SHARED[what]})
        WHERE shared IN (SELECT shared FROM ({SHARED[what]}) WHERE subject_id IN ({subjects}) AND shared IS NOT NULL)
    """


SENSITIVE_OR_WITH_THEM = " UNION ".join([SENSITIVE, *(sharing_sql(what, SENSITIVE) for what in SHARED)])
"""SELECT of the people of a register whose home or telephone is a sensitive person's."""


def protect(database: duckdb.DuckDBPyConnection) -> None:
    """Make `protected`: sensitive people of the register, the council subjects that ties lead to from them, whoever shares a
    home (or a contact) with any of these, and the council subjects that ties lead to from those.

    Ties lead to no other people of the register, and whoever shares a home leads on to no other home.
    """
    database.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE tie AS
        SELECT one, other FROM (WITH both_ways AS ({TIES}) FROM both_ways UNION SELECT other, one FROM both_ways)
        WHERE one <> other AND other IN (SELECT subject_id FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}')
        """
    )
    database.execute(f"CREATE OR REPLACE TEMP TABLE secret AS {_tied_sql(SENSITIVE)}")
    secret = "SELECT subject_id FROM secret"
    selects = [
        f"SELECT subject_id, '{what}' AS what FROM ({_tied_sql(f'{secret} UNION {sharing_sql(what, secret)}')})"
        for what in SHARED
    ]
    database.execute(
        f"""
        CREATE OR REPLACE TABLE "{PROTECTED.name}" AS
        SELECT subject_id, what FROM ({" UNION ALL ".join(selects)}) ORDER BY subject_id, what
        """
    )
    database.execute("DROP TABLE tie; DROP TABLE secret")


def _tied_sql(subjects: str) -> str:
    """SELECT of the subjects that the SELECT `subjects` gives, and of those that ties lead to from them."""
    return f"""
        WITH RECURSIVE found AS (
            ({subjects})
            UNION
            SELECT other AS subject_id FROM found JOIN tie ON one = found.subject_id
        )
        SELECT subject_id FROM found
    """
