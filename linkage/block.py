"""Record table and blocking rules → `candidate_pair`: the pairs of rows worth comparing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from linkage.database import columns_of
from linkage.tables import CANDIDATE_PAIR, CERTAIN, COUNCIL, RECORD, SCREENED, SET_ASIDE, ensure_sql

Rules = tuple[tuple[str, ...], ...]
SetAside = Callable[[duckdb.DuckDBPyConnection, str, int], int]
"""Called with a table of keyed rows and the number of a rule: deletes the rows whose key too many share, notes their open
subjects in `set_aside`, and returns how many pairs those keys would have made."""
LARGEST_BLOCK = 100
"""Rows that may share a key. A key that more rows share says too little about who is who."""


@dataclass(frozen=True)
class RuleCount:
    """What one blocking rule found: pairs to compare, and pairs of over-large blocks that were set aside."""

    keys: tuple[str, ...]
    pairs: int
    set_aside: int


def block(database: duckdb.DuckDBPyConnection, rules: Rules, first: int = 0) -> list[RuleCount]:
    """Make `candidate_pair`, or add to it: pairs of a council row and a register row, and of two council rows.

    `first` is the number of the first of `rules` among all rules of the model. Rows of screened subjects take no part. A
    council subject in `certain` (see `score.find_certain`) starts no pairs. A key that more than `LARGEST_BLOCK` rows share
    makes no pairs; stricter rules find those people. This makes loose rules affordable: they find rare values in any
    register, and common ones in a small one.
    """
    return block_by(database, rules, first, _set_aside)


def block_by(
    database: duckdb.DuckDBPyConnection, rules: Rules, first: int, set_aside: SetAside
) -> list[RuleCount]:
    """As `block`; `set_aside` decides which keys too many rows share."""
    make_found(database)
    lists = make_keyed(database, sorted({key for keys in rules for key in keys}))
    counts = []
    for number, keys in enumerate(rules, start=first):
        make_shared(database, key_sql(keys, lists))
        aside = set_aside(database, "shared", number)
        counts.append(RuleCount(keys, add_pairs(database, number, "shared", "shared"), aside))
    # The keys' memory is freed before the pairs of all rules are put together.
    database.execute("DROP TABLE keyed")
    keep_found(database)
    return counts


def make_found(database: duckdb.DuckDBPyConnection) -> None:
    """Make an empty `found`, which collects the pairs of each rule, and `set_aside` unless it is there."""
    database.execute("CREATE TABLE found (left_id BIGINT, right_id BIGINT, rules BIGINT)")
    database.execute(ensure_sql(SET_ASIDE))


def keep_found(database: duckdb.DuckDBPyConnection) -> None:
    """Move the pairs of `found` that are new into `candidate_pair`, each once with the bits of all rules that found it."""
    database.execute(ensure_sql(CANDIDATE_PAIR))
    database.execute(
        f"""
        INSERT INTO "{CANDIDATE_PAIR.name}"
        SELECT left_id, right_id, bit_or(rules) FROM found
        ANTI JOIN "{CANDIDATE_PAIR.name}" USING (left_id, right_id) GROUP BY left_id, right_id
        """
    )
    database.execute("DROP TABLE found")


def make_keyed(database: duckdb.DuckDBPyConnection, keys: list[str]) -> set[str]:
    """Make `keyed`, the rows that take part with the columns `keys` as numbers; return those of the keys that are lists."""
    types = columns_of(database, RECORD.name)
    lists = {key for key in keys if types[key].endswith("[]")}
    database.execute(ensure_sql(CERTAIN))
    database.execute(f"CREATE TEMP TABLE keyed AS {keyed_sql(keys, lists)}")
    return lists


def keyed_sql(keys: list[str], lists: set[str]) -> str:
    """SELECT of each row with its keys as numbers; `lists` are those of the keys that are lists.

    `is_open`: a row of a council subject that is not in `certain`, so that pairs are sought for it. Numbers (64-bit hashes)
    join faster than texts; a collision only adds a pair, which scoring drops.
    """
    return f"""
        SELECT row_id, subject_id, dataset = '{COUNCIL}' AS is_council,
            dataset = '{COUNCIL}' AND subject_id NOT IN (SELECT subject_id FROM "{CERTAIN.name}") AS is_open,
            {numbers_sql(keys, lists, _number_sql)}
        FROM "{RECORD.name}"
        WHERE subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")
    """


def numbers_sql(keys: Sequence[str], lists: set[str], number: Callable[[str, str], str]) -> str:
    """The columns `keys` as numbers, lists as lists of numbers, for a SELECT.

    `number` makes the expression for one value's number from the name of its column and the expression for the value.
    """
    numbers = {
        key: f'list_transform("{key}", lambda value: {number(key, "value")})'
        if key in lists
        else number(key, f'"{key}"')
        for key in keys
    }
    return ", ".join(f'{made} AS "{key}"' for key, made in numbers.items())


def _number_sql(_: str, value: str) -> str:
    return f"CASE WHEN {value} IS NOT NULL THEN hash({value}) END"


def make_shared(database: duckdb.DuckDBPyConnection, keyed: str) -> None:
    """Make `shared`: of the SELECT `keyed` of rows and keys, those whose key an open row has too.

    A register is far larger than a council's file, so this drops most of its rows.
    """
    database.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE shared AS
        SELECT * FROM ({keyed}) WHERE key IN (SELECT key FROM ({keyed}) WHERE is_open)
        """
    )


def add_pairs(database: duckdb.DuckDBPyConnection, number: int, council: str, both: str) -> int:
    """Add to `found` the pairs of an open row of the table `council` and a row of the table `both` that share a key.

    Return how many. `number` is the rule's. A pair of two council rows has the smaller id left; where both are open it
    is made once.
    """
    inserted = database.execute(
        f"""
        INSERT INTO found
        SELECT CASE WHEN r.is_council THEN least(l.row_id, r.row_id) ELSE l.row_id END,
            CASE WHEN r.is_council THEN greatest(l.row_id, r.row_id) ELSE r.row_id END,
            CAST(1 AS BIGINT) << {number}
        FROM {council} l JOIN {both} r USING (key)
        WHERE l.is_open AND l.subject_id <> r.subject_id AND (NOT r.is_open OR l.row_id < r.row_id)
        """
    ).fetchall()
    return int(inserted[0][0])


def key_sql(keys: tuple[str, ...], lists: set[str], table: str = "keyed") -> str:
    """SELECT of row_id, subject_id, is_council, is_open and key, from `keyed` or a `table` like it: one row for each
    combination of values of the columns `keys`, whose hash is the key."""
    others = "row_id, subject_id, is_council, is_open"
    listed = ", ".join(f'"{key}"' for key in keys)
    return f"SELECT {others}, hash({listed}) AS key FROM ({combined_sql(keys, lists, others, table)})"


def combined_sql(keys: Sequence[str], lists: set[str], others: str, table: str) -> str:
    """SELECT of the columns `others` and `keys` of `table`: one row for each combination of the values of `keys`, lists
    unnested; without combinations in which a value is missing."""
    listed = ", ".join(f'"{key}"' for key in keys)
    query = f'SELECT {others}, {listed} FROM "{table}"'
    # Lists unnested side by side would be zipped; one after the other they make every combination.
    for key in (key for key in keys if key in lists):
        query = f'SELECT * EXCLUDE ("{key}"), unnest("{key}") AS "{key}" FROM ({query})'
    filled = " AND ".join(f'"{key}" IS NOT NULL' for key in keys)
    return f"SELECT * FROM ({query}) WHERE {filled}"


def _set_aside(database: duckdb.DuckDBPyConnection, table: str, number: int) -> int:
    """`SetAside` by counting: keys that more than `LARGEST_BLOCK` rows of `table` share."""
    large = f"""
        SELECT key, count(*) FILTER (is_open) * count(*) AS pairs FROM "{table}"
        GROUP BY key HAVING count(*) > {LARGEST_BLOCK}
    """
    pairs = database.execute(f"SELECT coalesce(sum(pairs), 0)::BIGINT FROM ({large})").fetchall()[0][0]
    if pairs:
        database.execute(f"CREATE OR REPLACE TEMP TABLE large AS {large}")
        note_set_aside(database, number, table, "SELECT key FROM large")
    return int(pairs)


def note_set_aside(database: duckdb.DuckDBPyConnection, number: int, table: str, large: str) -> None:
    """Delete from `table` the rows with a key in the SELECT `large`, and add their open subjects to `set_aside`."""
    database.execute(
        f"""
        INSERT INTO "{SET_ASIDE.name}"
        SELECT DISTINCT subject_id, {number} FROM "{table}" WHERE is_open AND key IN ({large})
        """
    )
    database.execute(f'DELETE FROM "{table}" WHERE key IN ({large})')
