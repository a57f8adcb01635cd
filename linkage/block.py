"""Record table and blocking rules → `candidate_pair`: the pairs of rows worth comparing."""

from dataclasses import dataclass

import duckdb

from linkage.database import columns_of, count
from linkage.tables import CANDIDATE_PAIR, COUNCIL, NHS, RECORD

LARGEST_BLOCK = 2_000_000


@dataclass(frozen=True)
class RuleCount:
    """What one blocking rule found: pairs to compare, and pairs of over-large blocks that were set aside."""

    keys: tuple[str, ...]
    pairs: int
    set_aside: int


def block(database: duckdb.DuckDBPyConnection, rules: tuple[tuple[str, ...], ...]) -> list[RuleCount]:
    """Make `candidate_pair`: council rows against NHS rows, and council rows against each other.

    Rows of screened subjects take no part. Blocks of more than `LARGEST_BLOCK` pairs say nothing about who is who; they
    are set aside and counted.
    """
    database.execute(
        f"""CREATE TABLE "{CANDIDATE_PAIR.name}_found" (left_id BIGINT, right_id BIGINT, rules BIGINT)"""
    )
    lists = _list_columns(database)
    counts = [_apply(database, number, keys, lists) for number, keys in enumerate(rules)]
    database.execute(
        f"""
        CREATE TABLE "{CANDIDATE_PAIR.name}" AS
        SELECT left_id, right_id, bit_or(rules) AS rules
        FROM "{CANDIDATE_PAIR.name}_found" GROUP BY left_id, right_id
        """
    )
    database.execute(f'DROP TABLE "{CANDIDATE_PAIR.name}_found"')
    return counts


def _list_columns(database: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for name, kind in columns_of(database, RECORD.name).items() if kind == "VARCHAR[]"}


def _apply(
    database: duckdb.DuckDBPyConnection, number: int, keys: tuple[str, ...], lists: set[str]
) -> RuleCount:
    """Add the pairs that one rule finds to `candidate_pair_found`."""
    filled = " AND ".join(f'"{key}" IS NOT NULL' for key in keys)
    listed = ", ".join(f'"{key}"' for key in keys)
    query = f"""
        SELECT row_id, dataset, subject_id, {listed} FROM "{RECORD.name}"
        WHERE subject_id NOT IN (SELECT subject_id FROM screened)
    """
    # Lists unnested side by side would be zipped; one after the other they make every combination.
    for key in (key for key in keys if key in lists):
        query = f'SELECT * EXCLUDE ("{key}"), unnest("{key}") AS "{key}" FROM ({query})'
    database.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE keyed AS
        SELECT DISTINCT row_id, dataset, subject_id, hash({listed}) AS key FROM ({query}) WHERE {filled}
        """
    )
    database.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE key_size AS
        SELECT key, a * b AS pairs FROM (
            SELECT key, count(*) FILTER (dataset = '{COUNCIL}') AS a, count(*) AS b FROM keyed GROUP BY key
        ) WHERE a > 0 AND b > 1
        """
    )
    set_aside = database.execute(
        f"SELECT coalesce(sum(pairs), 0)::BIGINT FROM key_size WHERE pairs > {LARGEST_BLOCK}"
    ).fetchall()
    before = count(database, f"{CANDIDATE_PAIR.name}_found")
    database.execute(
        f"""
        INSERT INTO "{CANDIDATE_PAIR.name}_found"
        SELECT l.row_id, r.row_id, CAST(1 AS BIGINT) << {number}
        FROM keyed l
        JOIN key_size ON l.key = key_size.key AND key_size.pairs <= {LARGEST_BLOCK}
        JOIN keyed r ON l.key = r.key
        WHERE l.dataset = '{COUNCIL}' AND l.subject_id <> r.subject_id
          AND (r.dataset = '{NHS}' OR l.row_id < r.row_id)
        """
    )
    return RuleCount(keys, count(database, f"{CANDIDATE_PAIR.name}_found") - before, int(set_aside[0][0]))
