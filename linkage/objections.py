"""Record table and the list of objections → who else of `screened` an objection reaches.

An objection to the use of the NHS Number is honoured before any matching (Health and Social Care Act 2012, s.251A). It names a
record or a number; it is about a person, and reaches what can be tied to that person without comparing anybody: by numbers
held, by what the council or somebody has said to be one person, and by name and birth date.
"""

import duckdb

from linkage.clerical.locate import locate
from linkage.clerical.rulings import APPLIED, CHANGED, weigh
from linkage.database import count, has_table, insert_rows
from linkage.past import SAME, Past
from linkage.scoring.compile import SIDED, sided_sql
from linkage.tables import COUNCIL, FOLLOWED, KNOWN_DUPLICATE, NHS, OBJECTION, RECORD, SCREENED

OBJECTED = "objection to the use of the NHS Number"


def plain_id_sql(column: str) -> str:
    """Expression for a record id however a spreadsheet or a program may have left it: without its first zeros, without the
    ".0" of a column of numbers of which some are missing, in either case."""
    return f"ltrim(regexp_replace(upper({column}), '[.]0$', ''), '0')"


def plain_id(record_id: str) -> str:
    """What `plain_id_sql` makes of one record id."""
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
"""Condition on a row that the list names it: by its id or a former one, or by its number, which is the register person's if there is one."""
NAME = plain_id_sql("record_id")
IS_FOLLOWED = f'SELECT name FROM "{FOLLOWED.name}" WHERE subject_id IS NOT NULL'
NAMES_NOBODY = f"""
    NOT coalesce({NAME} IN (SELECT {NAME} FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}'), false)
    AND NOT coalesce({NAME} IN ({IS_FOLLOWED}), false)
    AND NOT coalesce(nhs_number IN (SELECT unnest(nhs_numbers) FROM "{RECORD.name}"), false)
"""
"""Condition on an objection that it names nobody of either file."""
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
"""Condition on a row of the register. Birth date and initial agree, for a council may hold somebody else's number."""
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


def reach(database: duckdb.DuckDBPyConnection, past: Past) -> None:
    """Screen council subjects named in `objection`, by record id or by an NHS Number they hold or held, and register
    people named, with the council subjects that hold any of their numbers; nobody where there is no such table.

    An objection on a record holds for those that the council has merged with it, for those that somebody decided to be
    the same person, for the register person of the number it holds, and for whoever may be taken for the same person by
    `SAME_PERSON`, unless somebody decided that they are two.
    """
    if not has_objections(database):
        return
    leave_out(database, OBJECTED, NAMED)
    _said(database, past)
    _add_those_of_one_person(database)
    leave_out(database, OBJECTED, IS_HELD_BY_ONE_WHO_OBJECTS)
    # Names and numbers carry an objection one step only: one that was written down by mistake leads to a stranger.
    # Names go to the register first, which may know several of a person's.
    for dataset in (NHS, COUNCIL):
        leave_out(database, OBJECTED, f"subject_id IN ({_same_person_sql(dataset)})")
    leave_out(database, OBJECTED, HOLDS_A_NUMBER_OF_ONE_WHO_OBJECTS)
    _add_those_of_one_person(database)
    for table in ("said_to_be_one", "said_to_be_two"):
        database.execute(f"DROP TABLE {table}")


def leave_out(database: duckdb.DuckDBPyConnection, reason: str, condition: str) -> None:
    """Screen subjects of which some row meets the condition."""
    database.execute(
        f"""
        INSERT INTO "{SCREENED.name}" BY NAME
        SELECT DISTINCT subject_id, ? AS reason FROM "{RECORD.name}"
        WHERE {condition} AND subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")
        """,
        [reason],
    )


def _same_person_sql(dataset: str) -> str:
    """SELECT of the subjects of a dataset that may be taken for somebody who objects."""
    return f"""
        SELECT subject_id FROM (
            SELECT l.subject_id, r.subject_id AS other_id, {sided_sql(COLUMNS)}
            FROM "{RECORD.name}" l
            JOIN (SELECT * FROM "{RECORD.name}" SEMI JOIN "{SCREENED.name}" USING (subject_id)) r
                ON l.date_of_birth_text = r.date_of_birth_text
            WHERE l.dataset = '{dataset}'
        )
        WHERE {SAME_PERSON}
          AND (least(subject_id, other_id), greatest(subject_id, other_id)) NOT IN (SELECT (one, other) FROM said_to_be_two)
    """


def _add_those_of_one_person(database: duckdb.DuckDBPyConnection) -> None:
    """Screen whoever is said to be one person with somebody who objects, and so on."""
    objecting = f'(SELECT subject_id FROM "{SCREENED.name}")'
    before = -1
    while (found := count(database, SCREENED.name)) > before:
        before = found
        leave_out(
            database,
            OBJECTED,
            f"""subject_id IN (
                SELECT unnest([one, other]) FROM said_to_be_one WHERE one IN {objecting} OR other IN {objecting}
            )""",
        )


def _said(database: duckdb.DuckDBPyConnection, past: Past) -> None:
    """Make `said_to_be_one`: two subjects that the council has merged or somebody decided to be the same, also if their
    records have changed since; and `said_to_be_two`, smaller subject first: those decided to be different. Decisions
    that were replaced or contradict each other say nothing."""
    located = locate(database, past) if past.decisions else []
    rulings = weigh(located, set(), set())
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


def has_objections(database: duckdb.DuckDBPyConnection) -> bool:
    """Whether a list of objections was read."""
    return has_table(database, OBJECTION.name)


def unmatched_objections(database: duckdb.DuckDBPyConnection) -> int:
    """Objections that named nobody of either file; comes after `screen`."""
    return _objections_that(database, NAMES_NOBODY)


def followed_objections(database: duckdb.DuckDBPyConnection) -> int:
    """Objections on a former id of a record that is there under another; comes after `screen`."""
    return _objections_that(database, f"{NAME} IN ({IS_FOLLOWED})")


def lost_objections(database: duckdb.DuckDBPyConnection) -> int:
    """Objections on a record that is remembered, that named nobody of either file; none without a list."""
    if not has_objections(database):
        return 0
    return _objections_that(database, f'{NAMES_NOBODY} AND {NAME} IN (SELECT name FROM "{FOLLOWED.name}")')


def _objections_that(database: duckdb.DuckDBPyConnection, condition: str) -> int:
    found = database.execute(f'SELECT count(*) FROM "{OBJECTION.name}" WHERE {condition}').fetchall()
    return int(found[0][0])
