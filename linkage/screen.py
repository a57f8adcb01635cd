"""Record table and objections → `screened`: the subjects that may not be linked, each with its reason.

Objections to the use of the NHS Number are honoured first (`objections.py`), before any matching.
"""

import duckdb

from linkage.objections import leave_out, plain_id_sql, reach
from linkage.objections_followed import follow
from linkage.past import Past
from linkage.same_person import one_person_sql, said
from linkage.tables import COUNCIL, KNOWN_DUPLICATE, MERGED, NHS, RECORD, SCREENED, create_sql

CONFIDENTIAL = "marked confidential"
ALSO_CONFIDENTIAL = "may be one person with a record marked confidential"
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
NOTHING = f"""
    dataset = '{COUNCIL}' AND NOT (
        coalesce(surname, forename) IS NOT NULL
        AND (date_of_birth_text IS NOT NULL OR postcode IS NOT NULL OR address_key IS NOT NULL OR nhs_number IS NOT NULL)
    )
"""
"""Condition on a row that says too little; it has to hold of all rows of a subject."""


def screen(database: duckdb.DuckDBPyConnection, past: Past) -> dict[str, int]:
    """Make `screened` and `known_duplicate` of a council and a register; return how many records of the
    council and rows of the register are left out by reason, such as {"council: not a client": 3}.

    Reads `objection` (record_id, nhs_number) where there is one; what `past` holds of decisions says whom else an
    objection or a mark is about. A council subject has one reason, the first that holds: an objection, confidential, may be one
    person with one who is, the others of `MARKED` in their order, then too little to link.
    """
    _screen_council(database, NOTHING_TO_LINK, NOTHING, past)
    leave_out(database, NO_NHS_NUMBER, f"dataset = '{NHS}' AND nhs_number IS NULL")
    if not is_test(database):
        leave_out(database, TEST_NUMBER, f"dataset = '{NHS}' AND nhs_number_range = 'test'")
    return _counted(database)


def screen_one(database: duckdb.DuckDBPyConnection, past: Past) -> dict[str, int]:
    """As `screen`, for a dataset that is compared with itself: a name is enough to look for its duplicates."""
    _screen_council(database, NO_NAME, "coalesce(surname, forename) IS NULL", past)
    return _counted(database)


def _screen_council(database: duckdb.DuckDBPyConnection, too_little: str, condition: str, past: Past) -> None:
    database.execute(create_sql(SCREENED))
    _known_duplicates(database)
    follow(database, past)
    with said(database, past):
        reach(database)
        leave_out(database, CONFIDENTIAL, MARKED[CONFIDENTIAL])
        leave_out(database, ALSO_CONFIDENTIAL, f"subject_id IN ({one_person_sql(CONFIDENTIAL)})")
    for reason in (NOT_A_CLIENT, MERGED):
        leave_out(database, reason, MARKED[reason])
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


def _known_duplicates(database: duckdb.DuckDBPyConnection) -> None:
    """Pairs of council subjects that the source merged: evidence for clusters, and labels for training.

    The record merged into may be named as `plain_id_sql` reads an id; if then several could be meant, it is none.
    """
    database.execute(
        f"""
        CREATE TABLE "{KNOWN_DUPLICATE.name}" AS
        WITH named AS (
            SELECT subject_id, record_id AS name FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}'
        ),
        plain AS (
            SELECT any_value(subject_id) AS subject_id, {plain_id_sql("name")} AS name FROM named
            GROUP BY ALL HAVING count(DISTINCT subject_id) = 1
        ),
        merged AS (
            SELECT subject_id, merged_into FROM "{RECORD.name}"
            WHERE dataset = '{COUNCIL}' AND merged_into IS NOT NULL
        ),
        pair AS (
            SELECT merged.subject_id AS one, named.subject_id AS other FROM merged JOIN named ON name = merged_into
            UNION ALL
            SELECT merged.subject_id, plain.subject_id FROM merged JOIN plain ON name = {plain_id_sql("merged_into")}
        )
        SELECT DISTINCT least(one, other) AS left_subject, greatest(one, other) AS right_subject
        FROM pair WHERE one <> other
        """
    )
