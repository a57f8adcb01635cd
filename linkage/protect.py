"""Candidates, pairs, people and decisions → `protected`: the subjects whose home and telephone must not be shown.

PDS leaves the home and telephone of sensitive people out of its answers. The council's own address for them may be the
secret. So it is withheld of every council record that may be such a person's, and of every record that may be the same
person's as one of those, also where people decided that it is not.
"""

import duckdb

from linkage.shown import SENSITIVE
from linkage.tables import CANDIDATE, COUNCIL, DUPLICATE, PERSON, PROTECTED, RECORD, TWO_PEOPLE

TIES = f"""
    SELECT other_id AS one, subject_id AS other FROM "{CANDIDATE.name}" WHERE other_id IN ({SENSITIVE})
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


def protect(database: duckdb.DuckDBPyConnection) -> None:
    """Make `protected`: sensitive people of the register, and the council subjects that ties lead to from them.

    People of the register who are not sensitive are not protected, and no tie leads on from them.
    """
    database.execute(
        f"""
        CREATE OR REPLACE TABLE "{PROTECTED.name}" AS
        WITH RECURSIVE tie AS MATERIALIZED ({TIES}),
        to_council AS MATERIALIZED (
            SELECT one, other FROM (FROM tie UNION SELECT other, one FROM tie)
            WHERE one <> other AND other IN (SELECT subject_id FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}')
        ),
        found AS (
            {SENSITIVE}
            UNION
            SELECT other FROM found JOIN to_council ON one = found.subject_id
        )
        SELECT subject_id FROM found ORDER BY subject_id
        """
    )
