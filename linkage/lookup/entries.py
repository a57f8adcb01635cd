"""A row and the blocking rules → its entries: the numbers under which a prepared register finds the rows that share a key.

A value becomes a number together with its column's name, the same in DuckDB for a register and in Python for one row: a half
of its MD5. The numbers of a rule's columns and of the rule itself, xored, are an entry.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import product
from operator import xor
from typing import Any

from linkage.block import combined_sql, numbers_sql
from linkage.tables import RECORD, SCREENED


def number_of(name: str, value: Any) -> int:
    """The number (64 bits) of a value of the column `name`."""
    digest = hashlib.md5(f"{name}={value}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little")


def number_sql(name: str, value: str) -> str:
    """The same for an expression in DuckDB; null where that is null."""
    return f"md5_number_lower('{name}=' || CAST({value} AS VARCHAR))"


def identity_of(name: str, value: str) -> int:
    """The number that stands for a value of the column `name` in SQLite (63 bits)."""
    return number_of(name, value) >> 1


def identity_sql(name: str) -> str:
    """The same in DuckDB for the column `name`."""
    return f"""({number_sql(name, f'"{name}"')} >> 1)::BIGINT"""


def numbered_sql(keys: Sequence[str], lists: set[str]) -> str:
    """SELECT of row_id and the numbers of `keys` of every row that may be found; `lists` are those keys that are lists."""
    return f"""
        SELECT row_id, {numbers_sql(keys, lists, number_sql)} FROM "{RECORD.name}"
        WHERE subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")
    """


def entries_sql(rule: int, keys: Sequence[str], lists: set[str]) -> str:
    """SELECT of row_id and entry (63 bits) of the rule number `rule` from `numbered`, the table of `numbered_sql`."""
    number = f"{number_of('rule', rule)}::UBIGINT"
    for key in keys:
        number = f'xor({number}, "{key}")'
    combined = combined_sql(keys, lists, "row_id", "numbered")
    return f"SELECT DISTINCT row_id, ({number} >> 1)::BIGINT AS entry FROM ({combined})"


def entries_of(rule: int, keys: Sequence[str], numbers: Mapping[str, Sequence[int]]) -> Iterator[int]:
    """The entries of one row for the rule number `rule`, from the numbers of its values of each of `keys`."""
    for values in product(*(numbers[key] for key in keys)):
        yield reduce(xor, values, number_of("rule", rule)) >> 1
