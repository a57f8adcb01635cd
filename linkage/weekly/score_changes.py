"""Kept pairs and fresh rows → `pair`, as if every pair were compared anew.

A pair of two unchanged rows keeps its weights. Pairs are sought and scored for *fresh* rows: new, changed, or no longer
screened; and, with the loose rules, for council records that were certain and no longer are (see `score.find_certain`).
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from linkage.block import RuleCount
from linkage.model import Model
from linkage.score import find_certain, score
from linkage.scoring.compile import columns_read
from linkage.scoring.statistics import Statistics
from linkage.tables import CANDIDATE_PAIR, CERTAIN, COUNCIL, PAIR, RECORD, SCREENED
from linkage.weekly.block_known import block_fresh, keyed_rows

TAKES_PART = f'subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")'
"""Condition that a row of `record` may be compared: its subject is not screened."""


def compare_changes(
    database: duckdb.DuckDBPyConnection, statistics: Statistics
) -> tuple[list[RuleCount], str]:
    """Make `pair` from `kept_pair` and the pairs of fresh rows; return the same as `pipeline.compare`."""
    model, people = statistics.scoring, statistics.people
    _known_pairs(database)
    _find_fresh(database)
    database.execute(f'CREATE TABLE "{PAIR.name}" AS SELECT * EXCLUDE (strict) FROM known_pair WHERE strict')
    with keyed_rows(database, model.rules) as lists:
        rules = block_fresh(database, model.blocking, lists)
        with only_compared(database, model, 0):
            scored_by = score(database, model, people)
        if model.loose:
            find_certain(database, people)
            _find_reopened(database)
            strict = len(rules)
            rules += block_fresh(database, model.loose, lists, strict)
    if model.loose:
        _forget_known(database)
        with only_compared(database, model, strict):
            score(database, model, people, first=strict)
        _add_known_loose(database)
    database.execute("DROP TABLE known_pair")
    database.execute("DROP TABLE fresh")
    return rules, scored_by


@contextmanager
def only_compared(database: duckdb.DuckDBPyConnection, model: Model, first: int) -> Iterator[None]:
    """While the context is open, `record` has only the compared columns, and only the rows in pairs that a blocking rule
    of number `first` or above found. These are few, so that scoring does not go through all rows."""
    compared = ", ".join(f'"{name}"' for name in columns_read(model))
    found = f'SELECT left_id, right_id FROM "{CANDIDATE_PAIR.name}" WHERE rules >= {1 << first}'
    database.execute(f'ALTER TABLE "{RECORD.name}" RENAME TO whole_record')
    database.execute(
        f"""
        CREATE TABLE "{RECORD.name}" AS
        SELECT row_id, dataset, subject_id, {compared} FROM whole_record
        WHERE row_id IN (SELECT unnest([left_id, right_id]) FROM ({found}))
        """
    )
    yield
    # `score` keeps the table `rarity` for its next call; this one has these rows only.
    database.execute("DROP TABLE IF EXISTS rarity")
    database.execute(f'DROP TABLE "{RECORD.name}"')
    database.execute(f'ALTER TABLE whole_record RENAME TO "{RECORD.name}"')


def in_play_sql() -> str:
    """SELECT of the rows that may be compared: row_id, and is_open: whether it is a council row whose match is not
    certain, so that the loose rules are tried for it."""
    return f"""
        SELECT row_id, dataset = '{COUNCIL}' AND subject_id NOT IN (SELECT subject_id FROM "{CERTAIN.name}") AS is_open
        FROM "{RECORD.name}" WHERE {TAKES_PART}
    """


def _known_pairs(database: duckdb.DuckDBPyConnection) -> None:
    """Make `known_pair`: the kept pairs of two rows that are still there, unchanged and not screened."""
    database.execute(
        f"""
        CREATE TABLE known_pair AS
        WITH away AS (
            SELECT kept_id FROM gone UNION ALL SELECT row_id FROM "{RECORD.name}" WHERE NOT ({TAKES_PART})
        )
        SELECT * FROM kept_pair WHERE left_id NOT IN (FROM away) AND right_id NOT IN (FROM away)
        """
    )


def _find_fresh(database: duckdb.DuckDBPyConnection) -> None:
    """Make `fresh`: rows that may be compared now, and were not there as they are, or were screened, in the last full run."""
    database.execute(
        f"""
        CREATE TABLE fresh AS
        SELECT row_id FROM "{RECORD.name}"
        WHERE {TAKES_PART} AND row_id IN (
            SELECT row_id FROM changed_id UNION ALL SELECT kept_id FROM kept_row WHERE NOT was_in_play)
        """
    )


def _find_reopened(database: duckdb.DuckDBPyConnection) -> None:
    """Add to `fresh` the council rows that are open for the loose rules now and were not in the last full run."""
    database.execute(
        f"""
        INSERT INTO fresh
        SELECT row_id FROM ({in_play_sql()}) JOIN kept_row ON kept_id = row_id
        WHERE is_open AND NOT was_open AND row_id NOT IN (SELECT row_id FROM fresh)
        """
    )


def _forget_known(database: duckdb.DuckDBPyConnection) -> None:
    """Delete from `candidate_pair` those that are in `known_pair`, since they have been scored."""
    database.execute(
        f"""
        DELETE FROM "{CANDIDATE_PAIR.name}"
        WHERE (left_id, right_id) IN (SELECT (left_id, right_id) FROM known_pair)
        """
    )


def _add_known_loose(database: duckdb.DuckDBPyConnection) -> None:
    """Add to `pair` the known pairs that only loose rules found, if one of their rows is still open for these rules."""
    database.execute(
        f"""
        INSERT INTO "{PAIR.name}"
        WITH open_row AS (SELECT row_id FROM ({in_play_sql()}) WHERE is_open)
        SELECT * EXCLUDE (strict) FROM known_pair
        WHERE NOT strict AND (left_id IN (FROM open_row) OR right_id IN (FROM open_row))
        """
    )
