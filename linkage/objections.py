"""Record table and the list of objections → the subjects that an objection reaches, in `screened`.

An objection to the use of the NHS Number is honoured before any matching (Health and Social Care Act 2012, s.251A). It names a
record or a number, but it is about a person. So it also reaches records that belong to that person without any comparison: by
numbers they hold, by what the council or somebody has said to be one person, and by equal name and birth date.
"""

import duckdb

from linkage.database import count, has_table
from linkage.same_person import said_to_be_one_sql, same_person_sql
from linkage.tables import COUNCIL, FOLLOWED, NHS, OBJECTION, RECORD, SCREENED

OBJECTED = "objection to the use of the NHS Number"


def plain_id_sql(column: str) -> str:
    """Expression for a record id without what spreadsheets and programs do to it: leading zeros, case, and the ".0" of a
    column of numbers with gaps."""
    return f"ltrim(regexp_replace(upper({column}), '[.]0$', ''), '0')"


def plain_id(record_id: str) -> str:
    """As `plain_id_sql`, for one record id."""
    return record_id.upper().removesuffix(".0").lstrip("0")


NAMED = f"""
    (dataset = '{COUNCIL}' AND {plain_id_sql("record_id")} IN (
        SELECT {plain_id_sql("record_id")} FROM "{OBJECTION.name}" WHERE record_id IS NOT NULL)
    OR subject_id IN (SELECT subject_id FROM "{FOLLOWED.name}")
    OR row_id IN (
        SELECT row_id FROM (SELECT row_id, dataset, unnest(nhs_numbers) AS held FROM "{RECORD.name}")
        WHERE held IN (SELECT nhs_number FROM "{OBJECTION.name}") AND (dataset = '{NHS}' OR held NOT IN (
            SELECT unnest(nhs_numbers) FROM "{RECORD.name}" WHERE dataset = '{NHS}'))
    ))
"""
"""Condition that the list names a row: by its record id or a former one, or by an NHS Number. A number that the register
has names the register's person only, not a council record that holds it."""
NAME = plain_id_sql("record_id")
IS_FOLLOWED = f'SELECT name FROM "{FOLLOWED.name}" WHERE subject_id IS NOT NULL'
NAMES_NOBODY = f"""
    NOT coalesce({NAME} IN (SELECT {NAME} FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}'), false)
    AND NOT coalesce({NAME} IN ({IS_FOLLOWED}), false)
    AND NOT coalesce(nhs_number IN (SELECT unnest(nhs_numbers) FROM "{RECORD.name}"), false)
"""
"""Condition that an objection names nobody in either file."""
IS_HELD_BY_ONE_WHO_OBJECTS = f"""
    row_id IN (
        SELECT register.row_id FROM (
            SELECT row_id, unnest(nhs_numbers) AS held, date_of_birth, forename_initial FROM "{RECORD.name}"
            WHERE dataset = '{NHS}'
        ) register JOIN (
            SELECT unnest(nhs_numbers) AS held, date_of_birth, forename_initial FROM "{RECORD.name}"
            WHERE dataset = '{COUNCIL}' AND subject_id IN (SELECT subject_id FROM "{SCREENED.name}")
        ) objecting USING (held, date_of_birth, forename_initial)
    )
"""
"""Condition that a register row has a number that a council subject who objects holds. Birth date and initial have to
agree, since a council may hold somebody else's number."""
HOLDS_A_NUMBER_OF_ONE_WHO_OBJECTS = f"""
    row_id IN (
        SELECT row_id FROM (
            SELECT row_id, unnest(nhs_numbers) AS held FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}'
        )
        WHERE held IN (
            SELECT unnest(nhs_numbers) FROM "{RECORD.name}" SEMI JOIN "{SCREENED.name}" USING (subject_id)
            WHERE dataset = '{NHS}'
        )
    )
"""


def reach(database: duckdb.DuckDBPyConnection) -> None:
    """Screen everybody whom an objection reaches; nobody where there is no table `objection`. Within `said`.

    These are council subjects that are named, by record id or by an NHS Number; register people who are named, with the
    council subjects that hold one of their numbers; and then whoever is one person with them: records that the council
    merged or somebody decided to be the same, the register person of a number that is held, and whoever `SAME_PERSON`
    takes for the same person, unless somebody decided that they are two.
    """
    if not has_objections(database):
        return
    leave_out(database, OBJECTED, NAMED)
    _add_those_of_one_person(database)
    leave_out(database, OBJECTED, IS_HELD_BY_ONE_WHO_OBJECTS)
    # By names and numbers an objection goes one step only, since a wrong one leads to a stranger. The register comes first, since
    # it may have several names of a person.
    for dataset in (NHS, COUNCIL):
        leave_out(database, OBJECTED, f"subject_id IN ({same_person_sql(dataset, OBJECTED)})")
    leave_out(database, OBJECTED, HOLDS_A_NUMBER_OF_ONE_WHO_OBJECTS)
    _add_those_of_one_person(database)


def leave_out(database: duckdb.DuckDBPyConnection, reason: str, condition: str) -> None:
    """Screen the subjects with a row that meets the condition, unless they are screened already."""
    database.execute(
        f"""
        INSERT INTO "{SCREENED.name}" BY NAME
        SELECT DISTINCT subject_id, ? AS reason FROM "{RECORD.name}"
        WHERE {condition} AND subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")
        """,
        [reason],
    )


def _add_those_of_one_person(database: duckdb.DuckDBPyConnection) -> None:
    """Screen whoever is said to be one person with somebody who objects, until nobody more is found."""
    before = -1
    while (found := count(database, SCREENED.name)) > before:
        before = found
        leave_out(
            database,
            OBJECTED,
            f"subject_id IN ({said_to_be_one_sql(OBJECTED)})",
        )


def has_objections(database: duckdb.DuckDBPyConnection) -> bool:
    """Whether a list of objections was read."""
    return has_table(database, OBJECTION.name)


def unmatched_objections(database: duckdb.DuckDBPyConnection) -> int:
    """How many objections name nobody in either file. For after `screen`."""
    return _objections_that(database, NAMES_NOBODY)


def followed_objections(database: duckdb.DuckDBPyConnection) -> int:
    """How many objections name a former id of a record that has another one now. For after `screen`."""
    return _objections_that(database, f"{NAME} IN ({IS_FOLLOWED})")


def lost_objections(database: duckdb.DuckDBPyConnection) -> int:
    """How many objections name a record that the workspace remembers but nobody in either file; 0 without a list."""
    if not has_objections(database):
        return 0
    return _objections_that(database, f'{NAMES_NOBODY} AND {NAME} IN (SELECT name FROM "{FOLLOWED.name}")')


def _objections_that(database: duckdb.DuckDBPyConnection, condition: str) -> int:
    found = database.execute(f'SELECT count(*) FROM "{OBJECTION.name}" WHERE {condition}').fetchall()
    return int(found[0][0])
