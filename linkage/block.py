"""Record table and blocking rules → `candidate_pair`: the pairs of rows worth comparing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from linkage.database import columns_of
from linkage.tables import CANDIDATE_PAIR, CERTAIN, COUNCIL, RECORD, SCREENED, SET_ASIDE, ensure_sql

Rules = tuple[tuple[str, ...], ...]
SetAside = Callable[[duckdb.DuckDBPyConnection, str, int], int]
"""Takes the keys that too many rows share out of a table, for the rule of a number; gives the pairs they stand for."""
LARGEST_BLOCK = 100
"""Rows that may share a key: a key that more have says too little about who is who."""


@dataclass(frozen=True)
class RuleCount:
    """What one blocking rule found: pairs to compare, and pairs of over-large blocks that were set aside."""

    keys: tuple[str, ...]
    pairs: int
    set_aside: int


def block(database: duckdb.DuckDBPyConnection, rules: Rules, first: int = 0) -> list[RuleCount]:
    """Make `candidate_pair`: council rows against NHS rows, and council rows against each other; or add to it.

    Rows of screened subjects take no part, and nothing is looked for that council subjects in `certain` (see `score`)
    might match. `first` is the number of the first of `rules`. A key that more than `LARGEST_BLOCK` rows share is left to the stricter rules,
    which is what makes loose rules affordable: they find rare values in any register, and common ones in a small one.
    """
    return block_by(database, rules, first, _set_aside)


def block_by(
    database: duckdb.DuckDBPyConnection, rules: Rules, first: int, set_aside: SetAside
) -> list[RuleCount]:
    """As `block`; what says which keys too many rows share is `set_aside`."""
    begin(database)
    lists = make_keyed(database, sorted({key for keys in rules for key in keys}))
    counts = []
    for number, keys in enumerate(rules, start=first):
        both = key_sql(keys, lists)
        make_shared(database, both, f"SELECT key FROM ({both}) WHERE is_open")
        aside = set_aside(database, "shared", number)
        counts.append(RuleCount(keys, add_pairs(database, number, "shared", "shared"), aside))
    # What the keys take in memory is free for the pairs.
    database.execute("DROP TABLE keyed")
    finish(database)
    return counts


def begin(database: duckdb.DuckDBPyConnection) -> None:
    """Make an empty `found` and, the first time, `set_aside`."""
    database.execute("CREATE TABLE found (left_id BIGINT, right_id BIGINT, rules BIGINT)")
    database.execute(ensure_sql(SET_ASIDE))


def finish(database: duckdb.DuckDBPyConnection) -> None:
    """Make `candidate_pair` of the pairs in `found`, or add them to it."""
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
    """Make `keyed`: each row with its keys as numbers; return the keys that are lists."""
    types = columns_of(database, RECORD.name)
    lists = {key for key in keys if types[key].endswith("[]")}
    database.execute(ensure_sql(CERTAIN))
    database.execute(f"CREATE TEMP TABLE keyed AS {keyed_sql(keys, lists)}")
    return lists


def keyed_sql(keys: list[str], lists: set[str]) -> str:
    """SELECT of each row with its keys as numbers; `lists` are those of the keys that are lists.

    A number is compared sooner than a text. Two texts with one number would only be compared for nothing.
    """
    return f"""
        SELECT row_id, subject_id, dataset = '{COUNCIL}' AS is_council,
            dataset = '{COUNCIL}' AND subject_id NOT IN (SELECT subject_id FROM "{CERTAIN.name}") AS is_open,
            {numbers_sql(keys, lists, _number_sql)}
        FROM "{RECORD.name}"
        WHERE subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")
    """


def numbers_sql(keys: Sequence[str], lists: set[str], number: Callable[[str, str], str]) -> str:
    """The columns `keys` as numbers, lists as lists of numbers; `number`: column, expression for a value of it → its number."""
    numbers = {
        key: f'list_transform("{key}", lambda value: {number(key, "value")})'
        if key in lists
        else number(key, f'"{key}"')
        for key in keys
    }
    return ", ".join(f'{made} AS "{key}"' for key, made in numbers.items())


def _number_sql(_: str, value: str) -> str:
    return f"CASE WHEN {value} IS NOT NULL THEN hash({value}) END"


def make_shared(database: duckdb.DuckDBPyConnection, both: str, wanted: str) -> None:
    """Make `shared`: of `both`, a SELECT of rows and their keys, those with a key that the SELECT `wanted` gives.

    A register is far larger than a council, so that most of its rows are done with here.
    """
    database.execute(f"CREATE OR REPLACE TEMP TABLE shared AS SELECT * FROM ({both}) WHERE key IN ({wanted})")


def add_pairs(database: duckdb.DuckDBPyConnection, number: int, council: str, both: str) -> int:
    """Add to `found` the pairs of the open rows of `council` and the rows of `both` that share a key; return how many."""
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
    """SELECT of row_id, subject_id, is_council, is_open and key: a number for each combination of the values of `keys`."""
    told = "row_id, subject_id, is_council, is_open"
    listed = ", ".join(f'"{key}"' for key in keys)
    return f"SELECT {told}, hash({listed}) AS key FROM ({combined_sql(keys, lists, told, table)})"


def combined_sql(keys: Sequence[str], lists: set[str], told: str, table: str) -> str:
    """SELECT of the columns `told` and `keys` of `table`: a row for each combination of values, none of them missing."""
    listed = ", ".join(f'"{key}"' for key in keys)
    query = f'SELECT {told}, {listed} FROM "{table}"'
    # Lists unnested side by side would be zipped; one after the other they make every combination.
    for key in (key for key in keys if key in lists):
        query = f'SELECT * EXCLUDE ("{key}"), unnest("{key}") AS "{key}" FROM ({query})'
    filled = " AND ".join(f'"{key}" IS NOT NULL' for key in keys)
    return f"SELECT * FROM ({query}) WHERE {filled}"


def _set_aside(database: duckdb.DuckDBPyConnection, table: str, number: int) -> int:
    """Take the keys that too many rows share out of `table`, and note in `set_aside` whose they are; return how many
    pairs they stand for."""
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
    """Move from `table` to `set_aside` the rows whose keys the SELECT `large` gives, as the subjects that are open."""
    database.execute(
        f"""
        INSERT INTO "{SET_ASIDE.name}"
        SELECT DISTINCT subject_id, {number} FROM "{table}" WHERE is_open AND key IN ({large})
        """
    )
    database.execute(f'DELETE FROM "{table}" WHERE key IN ({large})')
