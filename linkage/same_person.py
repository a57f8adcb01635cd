"""Record table and decisions → which subjects are said to be one person, or may be taken for one, without comparing anybody.

Before anything is compared, this is what carries an objection or a mark from one record of a person to the others.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from linkage.clerical.locate import locate
from linkage.clerical.rulings import APPLIED, CHANGED, rulings_from
from linkage.database import insert_rows
from linkage.past import SAME, Past
from linkage.scoring.compile import SIDED, sided_sql
from linkage.tables import COUNCIL, KNOWN_DUPLICATE, RECORD, SCREENED

SAME_PERSON = """
    date_of_birth_text_l = date_of_birth_text_r
    AND (len(nhs_numbers_l) = 0 OR len(nhs_numbers_r) = 0)
    AND (
        forename_l = forename_r
        OR list_contains(forename_others_l, forename_r)
        OR list_contains(forename_others_r, forename_l)
        OR forename_initial_l = forename_initial_r AND (forename_l = forename_initial_l OR forename_r = forename_initial_r)
    )
    AND (
        list_has_any(places_l, places_r)
        OR (list_has_any(surname_names_l, surname_names_r) OR list_has_any(surname_parts_l, surname_parts_r))
            AND NOT coalesce(date_of_birth_weak_l OR date_of_birth_weak_r, false)
    )
"""
"""Condition on two rows that they may be taken for one person: birth date, forename (or its initial), and a surname or home, now
or before; and one of them holds no NHS Number, which would tell. A form of a forename may be a twin's own: Emma, Emily. It only
asks whether values are equal, so that look-ups can ask it of their digests."""
COLUMNS = sorted(set(SIDED.findall(SAME_PERSON)))
"""What `SAME_PERSON` reads of a row."""

NOT_TWO = "(least(subject_id, other_id), greatest(subject_id, other_id)) NOT IN (SELECT (one, other) FROM said_to_be_two)"
"""Condition that nobody decided that `subject_id` and `other_id` are two people; within `said`."""


@contextmanager
def said(database: duckdb.DuckDBPyConnection, past: Past) -> Iterator[None]:
    """For as long as it is open there are `said_to_be_one`: two subjects that the council has merged or somebody decided to be
    the same, also if their records have changed since; and `said_to_be_two`, smaller subject first: those decided to be
    different. Decisions that were replaced or contradict each other say nothing."""
    located = locate(database, past) if past.decisions else []
    rulings = rulings_from(located, set(), set())
    decided = [
        (each.left, each.right)
        for each in located
        if each.decision.verdict == SAME and rulings.states.get(each.decision.number) in (APPLIED, CHANGED)
    ]
    database.execute(
        f"""
        CREATE TEMP TABLE said_to_be_one AS
        SELECT left_subject AS one, right_subject AS other FROM "{KNOWN_DUPLICATE.name}"
        """
    )
    insert_rows(database, "said_to_be_one", decided)
    database.execute("CREATE TEMP TABLE said_to_be_two (one BIGINT, other BIGINT)")
    insert_rows(database, "said_to_be_two", sorted(rulings.apart))
    yield
    for table in ("said_to_be_one", "said_to_be_two"):
        database.execute(f"DROP TABLE {table}")


def same_person_sql(dataset: str, reason: str) -> str:
    """SELECT of the subjects of a dataset that may be taken for somebody who is screened for the reason; within `said`."""
    return f"""
        SELECT subject_id FROM (
            SELECT l.subject_id, r.subject_id AS other_id, {sided_sql(COLUMNS)}
            FROM "{RECORD.name}" l
            JOIN (FROM "{RECORD.name}" WHERE subject_id IN ({_screened_sql(reason)})) r
                ON l.date_of_birth_text = r.date_of_birth_text
            WHERE l.dataset = '{dataset}'
        )
        WHERE {SAME_PERSON} AND {NOT_TWO}
    """


def said_to_be_one_sql(reason: str) -> str:
    """SELECT of the subjects that are said to be one person with somebody who is screened for the reason; within `said`."""
    screened = _screened_sql(reason)
    return (
        f"SELECT unnest([one, other]) FROM said_to_be_one WHERE one IN ({screened}) OR other IN ({screened})"
    )


def one_person_sql(reason: str) -> str:
    """SELECT of the council subjects that are said to be one person with a council subject that is screened for the reason, or
    hold an NHS Number that it holds, or may be taken for it; within `said`."""
    held = (
        f"SELECT subject_id, unnest(nhs_numbers) AS held FROM \"{RECORD.name}\" WHERE dataset = '{COUNCIL}'"
    )
    return f"""
        {said_to_be_one_sql(reason)}
        UNION ALL {same_person_sql(COUNCIL, reason)}
        UNION ALL SELECT l.subject_id FROM ({held}) l
        JOIN (SELECT subject_id AS other_id, held FROM ({held}) WHERE subject_id IN ({_screened_sql(reason)})) USING (held)
        WHERE {NOT_TWO}
    """


def _screened_sql(reason: str) -> str:
    return f"SELECT subject_id FROM \"{SCREENED.name}\" WHERE reason = '{reason}'"
