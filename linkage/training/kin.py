"""Record table → pairs of rows of two people who share a home, in which relative_u and twin_u are counted: within the
register, and across the files.

Two NHS Numbers are two people, so relatives need no labels. How a council writes names and addresses shows only across
the files: there a pair is a council record, and somebody who shares a home with the person whom it certainly is.
"""

import duckdb

from linkage.database import count
from linkage.errors import ModelError
from linkage.homes import LARGEST_HOME
from linkage.model import DECIMALS
from linkage.scoring.maximise import LARGEST_WEIGHT
from linkage.tables import COUNCIL, NHS, PAIR, RECORD

MOST_PAIRS = 100_000
"""Pairs of a kind that are drawn, at most."""
CERTAIN = 0.99
"""Posterior from which a record's best candidate certainly is the person."""


def find_homes(database: duckdb.DuckDBPyConnection) -> float:
    """Make `at_home`: pairs of register rows (left_id, right_id, both ways round) of two people with a home in common,
    and whether they have the same birth date (born_together); return the share that has. ModelError if no two people
    share a home."""
    database.execute(
        f"""
        CREATE TABLE at_home AS
        WITH lived AS (
            SELECT DISTINCT row_id, subject_id, date_of_birth_text AS born, unnest(places) AS home
            FROM "{RECORD.name}" WHERE dataset = '{NHS}'
        ),
        small AS (SELECT home FROM lived GROUP BY home HAVING count(DISTINCT subject_id) BETWEEN 2 AND {LARGEST_HOME})
        SELECT DISTINCT l.row_id AS left_id, r.row_id AS right_id, coalesce(l.born = r.born, false) AS born_together
        FROM lived l JOIN small USING (home) JOIN lived r USING (home)
        WHERE l.subject_id <> r.subject_id
        """
    )
    pairs = count(database, "at_home")
    if not pairs:
        raise ModelError(
            "no two people of the register share a home, so relatives cannot be told from the same person"
        )
    return count(database, "at_home", "born_together") / pairs


def draw_kin_of_register(database: duckdb.DuckDBPyConnection, born_together: bool) -> None:
    """Make `kin_pair` (left_id, right_id): pairs of register rows of relatives, or of twins if `born_together`."""
    database.execute(
        f"""
        CREATE OR REPLACE TABLE kin_pair AS SELECT left_id, right_id FROM at_home
        WHERE born_together = ? AND left_id < right_id ORDER BY hash(left_id, right_id), left_id, right_id
        LIMIT {MOST_PAIRS}
        """,
        [born_together],
    )


def find_certain_matches(database: duckdb.DuckDBPyConnection, prior: float) -> int:
    """Make `certain_match` (council subject, register subject) from `pair` and return how many there are.

    `prior` is the log2 odds that a record is any one given person of the register.
    """
    database.execute(
        f"""
        CREATE OR REPLACE TABLE certain_match AS
        WITH candidate AS (
            SELECT l.subject_id AS council, r.subject_id AS person,
                pow(2, least(max(match_weight) + {prior!r}, {LARGEST_WEIGHT!r})) AS odds
            FROM "{PAIR.name}"
            JOIN "{RECORD.name}" l ON l.row_id = left_id
            JOIN "{RECORD.name}" r ON r.row_id = right_id
            WHERE r.dataset = '{NHS}' GROUP BY 1, 2
        )
        SELECT council, person FROM candidate
        QUALIFY round(odds / (1 + sum(odds) OVER (PARTITION BY council)), {DECIMALS}) >= {CERTAIN}
        """
    )
    return count(database, "certain_match")


def draw_kin_across(database: duckdb.DuckDBPyConnection, born_together: bool) -> None:
    """Make `kin_pair` (left_id, right_id): pairs of a council row and a register row of a relative of its person, or of a twin if
    `born_together`."""
    database.execute(
        f"""
        CREATE OR REPLACE TABLE kin_pair AS
        SELECT left_id, right_id FROM (
            SELECT DISTINCT record.row_id AS left_id, at_home.right_id
            FROM certain_match
            JOIN "{RECORD.name}" record ON record.subject_id = council AND record.dataset = '{COUNCIL}'
            JOIN "{RECORD.name}" own ON own.subject_id = person AND own.dataset = '{NHS}'
            JOIN at_home ON at_home.left_id = own.row_id
            WHERE born_together = ?
        )
        ORDER BY hash(left_id, right_id), left_id, right_id LIMIT {MOST_PAIRS}
        """,
        [born_together],
    )
