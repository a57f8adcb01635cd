"""Record table, blocking rules and the keys known to be large → `candidate_pair`: of all rows, or of fresh rows only.

`block` counts which keys too many rows share. Here that was counted before, in the last full run, and stays as it was
then: what is compared with a row does not depend on the other rows, so the pairs of two rows that have not changed
need not be looked for again.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from linkage.block import (
    LARGEST_BLOCK,
    RuleCount,
    Rules,
    add_pairs,
    begin,
    block_by,
    finish,
    key_sql,
    make_keyed,
    note_set_aside,
)
from linkage.tables import CERTAIN

MOST_FRESH = 10 * LARGEST_BLOCK
"""Fresh rows that may share a key that was not large: more would be compared each with each."""


class GrownError(Exception):
    """Far more rows share a key than when large keys were found, so these have to be found anew."""


def find_large_keys(database: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Make `large_key`: the keys of each rule that more than `LARGEST_BLOCK` rows share, and how many rows do."""
    lists = make_keyed(database, sorted({key for keys in rules for key in keys}))
    database.execute("CREATE TABLE large_key (rule BIGINT, key UBIGINT, row_count BIGINT)")
    for number, keys in enumerate(rules):
        database.execute(
            f"""
            INSERT INTO large_key
            SELECT {number}, key, count(*) FROM ({key_sql(keys, lists)})
            GROUP BY key HAVING count(*) > {LARGEST_BLOCK}
            """
        )
    database.execute("DROP TABLE keyed")


def block_known(database: duckdb.DuckDBPyConnection, rules: Rules, first: int = 0) -> list[RuleCount]:
    """As `block`, by `large_key`."""
    return block_by(database, rules, first, _set_aside)


@contextmanager
def keyed_rows(database: duckdb.DuckDBPyConnection, rules: Rules) -> Iterator[set[str]]:
    """For as long as the context is open, `keyed` holds the rows that take part with the keys of all `rules`, which
    `block_fresh` reads; yields the keys that are lists."""
    yield make_keyed(database, sorted({key for keys in rules for key in keys}))
    database.execute("DROP TABLE keyed")


def block_fresh(
    database: duckdb.DuckDBPyConnection, rules: Rules, lists: set[str], first: int = 0
) -> list[RuleCount]:
    """As `block_known`, for the pairs of which at least one row is in `fresh` (row_id); GrownError if far more of these
    share a key than may. Reads `keyed` (see `keyed_rows`), which may be older than `certain`."""
    begin(database)
    database.execute(
        f"""
        CREATE TEMP TABLE keyed_council AS
        SELECT * REPLACE (subject_id NOT IN (SELECT subject_id FROM "{CERTAIN.name}") AS is_open)
        FROM keyed WHERE is_council;
        CREATE TEMP TABLE keyed_fresh AS
        SELECT * FROM (FROM keyed_council UNION ALL FROM keyed WHERE NOT is_council) SEMI JOIN fresh USING (row_id)
        """
    )
    counts = []
    for number, keys in enumerate(rules, start=first):
        fresh = key_sql(keys, lists, "keyed_fresh")
        database.execute(f"CREATE OR REPLACE TEMP TABLE fresh_key AS {fresh}")
        _check_growth(database, number)
        set_aside = _set_aside(database, "fresh_key", number)
        # Of the register only what an open row may be paired with is looked for, since it is ten times the council.
        database.execute(
            f"""
            CREATE OR REPLACE TEMP TABLE shared AS
            SELECT * FROM ({key_sql(keys, lists, "keyed_council")}) WHERE key IN (SELECT key FROM fresh_key)
            UNION ALL
            SELECT * FROM ({key_sql(keys, lists)})
            WHERE NOT is_council AND key IN (SELECT key FROM fresh_key WHERE is_open)
            """
        )
        pairs = add_pairs(database, number, "shared", "fresh_key")
        pairs += add_pairs(database, number, "fresh_key", "shared")
        counts.append(RuleCount(keys, pairs, set_aside))
    database.execute("DROP TABLE keyed_council; DROP TABLE keyed_fresh")
    finish(database)
    return counts


def _check_growth(database: duckdb.DuckDBPyConnection, number: int) -> None:
    grown = database.execute(
        f"""
        SELECT count(*) FROM (
            SELECT key FROM fresh_key GROUP BY key HAVING count(*) > {MOST_FRESH}
        ) WHERE key NOT IN (SELECT key FROM large_key WHERE rule = ?)
        """,
        [number],
    ).fetchall()
    if grown[0][0]:
        raise GrownError


def _set_aside(database: duckdb.DuckDBPyConnection, table: str, number: int) -> int:
    """Take the large keys of a rule out of `table`, as `block` does; return how many pairs they stand for."""
    large = f"SELECT key, row_count FROM large_key WHERE rule = {number}"
    found = database.execute(
        f"""
        SELECT coalesce(sum(row_count), 0)::BIGINT FROM "{table}" JOIN ({large}) USING (key) WHERE is_open
        """
    ).fetchall()
    note_set_aside(database, number, table, f"SELECT key FROM ({large})")
    return int(found[0][0])
