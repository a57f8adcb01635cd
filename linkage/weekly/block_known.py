"""Record table, blocking rules and the large keys of the last full run → `candidate_pair`: of all rows, or of fresh ones.

`block` counts in each run which keys too many rows share. A workspace keeps the large keys of its last full run
instead: then whether two rows are compared depends on these two alone, so that pairs of unchanged rows need not be
sought again.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from linkage.block import (
    LARGEST_BLOCK,
    RuleCount,
    Rules,
    add_pairs,
    block_by,
    keep_found,
    key_sql,
    make_found,
    make_keyed,
    note_set_aside,
)
from linkage.tables import CERTAIN

MOST_FRESH = 10 * LARGEST_BLOCK
"""Fresh rows that may share a key that was not large in the last full run: all of them are compared with each other."""


class GrownError(Exception):
    """More than `MOST_FRESH` fresh rows share a key, so the large keys have to be found anew, by a full run."""


def find_large_keys(database: duckdb.DuckDBPyConnection, rules: Rules) -> None:
    """Make `large_key` (rule, key, row_count): the keys of each rule that more than `LARGEST_BLOCK` rows share."""
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
    """As `block`, but with the keys in `large_key` as those that too many rows share."""
    return block_by(database, rules, first, _set_aside)


@contextmanager
def keyed_rows(database: duckdb.DuckDBPyConnection, rules: Rules) -> Iterator[set[str]]:
    """While the context is open, there is the table `keyed` (see `make_keyed`) with the keys of all `rules`, which
    `block_fresh` reads; yields those of the keys that are lists."""
    yield make_keyed(database, sorted({key for keys in rules for key in keys}))
    database.execute("DROP TABLE keyed")


def block_fresh(
    database: duckdb.DuckDBPyConnection, rules: Rules, lists: set[str], first: int = 0
) -> list[RuleCount]:
    """As `block_known`, for the pairs with at least one row in the table `fresh` (row_id).

    Reads `keyed` (see `keyed_rows`) and works out anew which rows are open, since `certain` may have changed since
    `keyed` was made. GrownError if more than `MOST_FRESH` fresh rows share a key.
    """
    make_found(database)
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
        # `shared`: the rows that a fresh row may pair with. The register is far larger than the council, so of its rows
        # only those are taken that share a key with a fresh row that is open.
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
    keep_found(database)
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
    """`block.SetAside` by the keys that `large_key` has for the rule."""
    large = f"SELECT key, row_count FROM large_key WHERE rule = {number}"
    found = database.execute(
        f"""
        SELECT coalesce(sum(row_count), 0)::BIGINT FROM "{table}" JOIN ({large}) USING (key) WHERE is_open
        """
    ).fetchall()
    note_set_aside(database, number, table, f"SELECT key FROM ({large})")
    return int(found[0][0])
