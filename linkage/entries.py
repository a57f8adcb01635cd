"""A row and the blocking rules → its entries: the numbers under which a prepared register finds the rows that share a key.

A value becomes a number together with its column's name; the numbers of a rule's columns and of the rule itself, xored, are
an entry. DuckDB makes them for a register, Python for one row, from DuckDB's numbers of its few values. DuckDB's `hash` is
quick and gives one of some ten thousand values another's number: a row is compared in vain, as in `block`. Where a number
stands for its value it is from MD5, which is slower and does not.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from linkage.tables import RECORD, SCREENED


def text_of(name: str, value: Any) -> str:
    """What is hashed of a value of the column `name`."""
    return f"{name}={value}"


def rule_text(rule: int) -> str:
    """What is hashed of the rule's number."""
    return f"rule {rule}"


def number_sql(name: str, value: str) -> str:
    """Expression for the number of the value of the column `name`; null where that is null."""
    return f"CASE WHEN {value} IS NOT NULL THEN hash('{name}=' || CAST({value} AS VARCHAR)) END"


def identity_sql(name: str) -> str:
    """Expression for the number that stands for the value of the column `name`."""
    return f"""(md5_number_lower('{name}=' || "{name}") >> 1)::BIGINT"""


def identity_of(name: str, value: str) -> int:
    """The same for one value."""
    digest = hashlib.md5(text_of(name, value).encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little") >> 1


def numbered_sql(keys: Sequence[str], lists: set[str]) -> str:
    """SELECT of row_id and the numbers of `keys` of every row that may be found; `lists` are those keys that are lists."""
    each = {
        key: f'list_transform("{key}", lambda value: {number_sql(key, "value")})'
        if key in lists
        else number_sql(key, f'"{key}"')
        for key in keys
    }
    named = ", ".join(f'{number} AS "{key}"' for key, number in each.items())
    return f"""
        SELECT row_id, {named} FROM "{RECORD.name}"
        WHERE subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")
    """


def entries_sql(rule: int, keys: Sequence[str], lists: set[str]) -> str:
    """SELECT of row_id and entry (63 bits) of the rule number `rule` from `numbered`, the table of `numbered_sql`."""
    listed = ", ".join(f'"{key}"' for key in keys)
    query = f"SELECT row_id, {listed} FROM numbered"
    # Lists unnested side by side would be zipped; one after the other they make every combination.
    for key in (key for key in keys if key in lists):
        query = f'SELECT * EXCLUDE ("{key}"), unnest("{key}") AS "{key}" FROM ({query})'
    number = f"hash('{rule_text(rule)}')"
    for key in keys:
        number = f'xor({number}, "{key}")'
    filled = " AND ".join(f'"{key}" IS NOT NULL' for key in keys)
    return f"SELECT DISTINCT row_id, ({number} >> 1)::BIGINT AS entry FROM ({query}) WHERE {filled}"


def entries_of(rule_number: int, keys: Sequence[str], numbers: Mapping[str, Sequence[int]]) -> Iterator[int]:
    """The entries of one row, from the number of the rule and the numbers of its values of each of `keys`."""
    for values in product(*(numbers[key] for key in keys)):
        entry = rule_number
        for value in values:
            entry ^= value
        yield entry >> 1
