"""Record table and objections → `screened`: the subjects that may not be linked, each with its reason.

Objections to the use of the NHS Number are honoured here, before any matching (Health and Social Care Act 2012, s.251A).
"""

import duckdb

from linkage.database import count, has_table, insert_rows
from linkage.locate import locate
from linkage.past import SAME, Past
from linkage.rulings import APPLIED, CHANGED, weigh
from linkage.tables import COUNCIL, KNOWN_DUPLICATE, MERGED, NHS, RECORD, SCREENED, create_sql

OBJECTION = "objection to the use of the NHS Number"
CONFIDENTIAL = "marked confidential"
NOT_A_CLIENT = "not a client"
NOTHING_TO_LINK = "too little to link: needs a name and a date of birth, address or held NHS Number"
NO_NAME = "too little to compare: has no name"
NO_NHS_NUMBER = "register row without a valid NHS Number"
TEST_NUMBER = "test NHS Number in a live register"

MARKED = {
    CONFIDENTIAL: f"dataset = '{COUNCIL}' AND coalesce(is_confidential, false)",
    NOT_A_CLIENT: f"dataset = '{COUNCIL}' AND (is_client = false OR record_id = '-1')",
    MERGED: f"dataset = '{COUNCIL}' AND coalesce(is_merged, false) AND coalesce(merged_into <> record_id, true)",
}
"""Reason → condition on a row of which one is enough to screen its council subject."""


def _id(column: str) -> str:
    """Expression for a record id however a spreadsheet or a program may have left it: without its first zeros, without the
    ".0" of a column of numbers of which some are missing, in either case."""
    return f"ltrim(regexp_replace(upper({column}), '[.]0$', ''), '0')"


def plain_id(record_id: str) -> str:
    """What `_id` makes of one record id."""
    return record_id.upper().removesuffix(".0").lstrip("0")


OBJECTS = f"""
    ((dataset = '{COUNCIL}' AND {_id("record_id")} IN (
                SELECT {_id("record_id")} FROM objection WHERE record_id IS NOT NULL))
    OR row_id IN (
        SELECT row_id FROM (SELECT row_id, unnest(nhs_numbers) AS held FROM "{RECORD.name}")
        WHERE held IN (SELECT nhs_number FROM objection)
    ))
"""
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
NOTHING = f"""
    dataset = '{COUNCIL}' AND NOT (
        coalesce(surname, forename) IS NOT NULL
        AND (date_of_birth_text IS NOT NULL OR postcode IS NOT NULL OR address_key IS NOT NULL OR nhs_number IS NOT NULL)
    )
"""


def screen(database: duckdb.DuckDBPyConnection, past: Past) -> dict[str, int]:
    """Make `screened` and `known_duplicate` of a council and a register; return how many records of the
    council and rows of the register are left out by reason, such as {"council: not a client": 3}.

    Reads `objection` (record_id, nhs_number) where there is one; what `past` holds of decisions says whom else an
    objection is about. A council subject has one reason: the first that holds in the order of this module's constants.
    """
    _screen_council(database, NOTHING_TO_LINK, NOTHING, past)
    _add(database, NO_NHS_NUMBER, f"dataset = '{NHS}' AND nhs_number IS NULL")
    if not is_test(database):
        _add(database, TEST_NUMBER, f"dataset = '{NHS}' AND nhs_number_range = 'test'")
    return _counted(database)


def screen_one(database: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """As `screen`, for a dataset that is compared with itself: a name is enough to look for its duplicates."""
    _screen_council(database, NO_NAME, "coalesce(surname, forename) IS NULL", Past())
    return _counted(database)


def _screen_council(database: duckdb.DuckDBPyConnection, too_little: str, condition: str, past: Past) -> None:
    database.execute(create_sql(SCREENED))
    _known_duplicates(database)
    _objections(database, past)
    for reason, marked in MARKED.items():
        _add(database, reason, marked)
    _add_where_all(database, too_little, condition)


def _counted(database: duckdb.DuckDBPyConnection) -> dict[str, int]:
    # Rows of a register that have no valid number are nobody's, and several may hold the same invalid one.
    rows = database.execute(
        f"""
        SELECT dataset || ': ' || reason, CASE WHEN dataset = '{NHS}' THEN count(*) ELSE count(DISTINCT subject_id) END
        FROM "{SCREENED.name}" JOIN "{RECORD.name}" USING (subject_id) GROUP BY dataset, reason ORDER BY 1
        """
    ).fetchall()
    return dict(rows)


def is_test(database: duckdb.DuckDBPyConnection) -> bool:
    """Whether every valid NHS Number of the register is from the range kept for tests (9xxxxxxxxx)."""
    found = database.execute(
        f"""
        SELECT count(*) FILTER (nhs_number_range = 'test'), count(*)
        FROM "{RECORD.name}" WHERE dataset = '{NHS}' AND nhs_number IS NOT NULL
        """
    ).fetchall()
    tests, numbers = found[0]
    return bool(numbers and tests == numbers)


def _add(database: duckdb.DuckDBPyConnection, reason: str, condition: str) -> None:
    """Screen subjects of which some row meets the condition."""
    database.execute(
        f"""
        INSERT INTO "{SCREENED.name}" BY NAME
        SELECT DISTINCT subject_id, ? AS reason FROM "{RECORD.name}"
        WHERE {condition} AND subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")
        """,
        [reason],
    )


def _add_where_all(database: duckdb.DuckDBPyConnection, reason: str, condition: str) -> None:
    """Screen subjects of which every row meets the condition."""
    database.execute(
        f"""
        INSERT INTO "{SCREENED.name}" BY NAME
        SELECT subject_id, ? AS reason FROM "{RECORD.name}"
        WHERE subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")
        GROUP BY subject_id HAVING bool_and({condition})
        """,
        [reason],
    )


def _objections(database: duckdb.DuckDBPyConnection, past: Past) -> None:
    """Screen council subjects named in `objection`, by record id or by an NHS Number they hold or held, and
    register people named, with the council subjects that hold any of their numbers.

    An objection on a record holds for those that the council has merged with it, for those that somebody decided to be
    the same person, and for the register person of the number it holds.
    """
    if not has_objections(database):
        return
    _add(database, OBJECTION, OBJECTS)
    _said_to_be_one(database, past)
    _add_those_of_one_person(database)
    # Numbers carry an objection one step only: one that was written down by mistake leads to a stranger.
    _add(database, OBJECTION, IS_HELD_BY_ONE_WHO_OBJECTS)
    _add(database, OBJECTION, HOLDS_A_NUMBER_OF_ONE_WHO_OBJECTS)
    _add_those_of_one_person(database)
    database.execute("DROP TABLE said_to_be_one")


def _add_those_of_one_person(database: duckdb.DuckDBPyConnection) -> None:
    """Screen whoever is said to be one person with somebody who objects, and so on."""
    objecting = f'(SELECT subject_id FROM "{SCREENED.name}")'
    before = -1
    while (found := count(database, SCREENED.name)) > before:
        before = found
        _add(
            database,
            OBJECTION,
            f"""subject_id IN (
                SELECT unnest([one, other]) FROM said_to_be_one WHERE one IN {objecting} OR other IN {objecting}
            )""",
        )


def _said_to_be_one(database: duckdb.DuckDBPyConnection, past: Past) -> None:
    """Make `said_to_be_one`: two subjects that the council has merged or somebody decided to be the same, also if their
    records have changed since; not by decisions that were replaced or contradict each other."""
    database.execute(
        f"""
        CREATE TEMP TABLE said_to_be_one AS
        SELECT left_subject AS one, right_subject AS other FROM "{KNOWN_DUPLICATE.name}"
        """
    )
    if past.decisions:
        located = locate(database, past)
        states = weigh(located, set(), set()).states
        decided = [
            (each.left, each.right)
            for each in located
            if each.decision.verdict == SAME and states.get(each.decision.number) in (APPLIED, CHANGED)
        ]
        insert_rows(database, "said_to_be_one", decided)


def has_objections(database: duckdb.DuckDBPyConnection) -> bool:
    """Whether a list of objections was read."""
    return has_table(database, "objection")


def unmatched_objections(database: duckdb.DuckDBPyConnection) -> int:
    """Objections that named nobody of either file; comes after `screen`."""
    found = database.execute(
        f"""
        SELECT count(*) FROM objection
        WHERE NOT coalesce({_id("record_id")} IN (
                SELECT {_id("record_id")} FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}'), false)
          AND NOT coalesce(nhs_number IN (SELECT unnest(nhs_numbers) FROM "{RECORD.name}"), false)
        """
    ).fetchall()
    return int(found[0][0])


def _known_duplicates(database: duckdb.DuckDBPyConnection) -> None:
    """Pairs of council subjects that the source merged: evidence for clusters, and labels for training.

    The record merged into may be named as `_id` says; if then several could be meant, it is none.
    """
    database.execute(
        f"""
        CREATE TABLE "{KNOWN_DUPLICATE.name}" AS
        WITH named AS (
            SELECT subject_id, record_id AS name FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}'
        ),
        plain AS (
            SELECT any_value(subject_id) AS subject_id, {_id("name")} AS name FROM named
            GROUP BY ALL HAVING count(DISTINCT subject_id) = 1
        ),
        merged AS (
            SELECT subject_id, merged_into FROM "{RECORD.name}"
            WHERE dataset = '{COUNCIL}' AND merged_into IS NOT NULL
        ),
        pair AS (
            SELECT merged.subject_id AS one, named.subject_id AS other FROM merged JOIN named ON name = merged_into
            UNION ALL
            SELECT merged.subject_id, plain.subject_id FROM merged JOIN plain ON name = {_id("merged_into")}
        )
        SELECT DISTINCT least(one, other) AS left_subject, greatest(one, other) AS right_subject
        FROM pair WHERE one <> other
        """
    )
