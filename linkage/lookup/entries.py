"""A row and the blocking rules → its entries: the numbers under which a prepared register finds rows that share a
blocking key.

A value's number is half of the MD5 of its column's name and the value, which DuckDB (for a register) and Python (for one
record) work out alike. An entry is the numbers of a rule's columns and of the rule itself, combined by exclusive or.
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
    """As `number_of`, as an expression for DuckDB; `value` is the expression for the value. NULL where that is NULL."""
    return f"md5_number_lower('{name}=' || CAST({value} AS VARCHAR))"


def identity_of(name: str, value: str) -> int:
    """The number by which SQLite finds a value of the column `name` (63 bits, since its integers are signed)."""
    return number_of(name, value) >> 1


def identity_sql(name: str) -> str:
    """As `identity_of`, as an expression for DuckDB over the column `name`."""
    return f"""({number_sql(name, f'"{name}"')} >> 1)::BIGINT"""


def numbered_sql(keys: Sequence[str], lists: set[str]) -> str:
    """SELECT of row_id and the columns `keys` as numbers, for every row that is not screened; `lists` are those of the keys that
    are lists."""
    return f"""
        SELECT row_id, {numbers_sql(keys, lists, number_sql)} FROM "{RECORD.name}"
        WHERE subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")
    """


def entries_sql(rule: int, keys: Sequence[str], lists: set[str]) -> str:
    """SELECT of row_id and entry (63 bits) for the rule of number `rule`, from `numbered`, the table that `numbered_sql`
    selects."""
    number = f"{number_of('rule', rule)}::UBIGINT"
    for key in keys:
        number = f'xor({number}, "{key}")'
    combined = combined_sql(keys, lists, "row_id", "numbered")
    return f"SELECT DISTINCT row_id, ({number} >> 1)::BIGINT AS entry FROM ({combined})"


def entries_of(rule: int, keys: Sequence[str], numbers: Mapping[str, Sequence[int]]) -> Iterator[int]:
    """The entries of one row for the rule of number `rule` with the columns `keys`; `numbers`: column → numbers of its values."""
    for values in product(*(numbers[key] for key in keys)):
        yield reduce(xor, values, number_of("rule", rule)) >> 1
