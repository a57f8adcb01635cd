"""The DuckDB functions that conditions call, for single values in Python. A test holds each to DuckDB's own."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any

import duckdb
import jellyfish

from linkage.database import open_small_database

SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""What `trim` takes away: Unicode's separators, which a tab or a line break is not."""
LONGEST_PREFIX = 4
BOOSTED = 0.7


@lru_cache(maxsize=1 << 14)
def jaro_winkler(one: str, other: str) -> float:
    """Winkler's similarity (1990), with the same last bit as DuckDB's.

    Jaro's similarity is the same everywhere. The last bit of Winkler's bonus depends on the processor that DuckDB was
    compiled for, and decides if the sum is exactly at a threshold. All thresholds are whole hundredths, so DuckDB is
    asked for such sums.
    """
    similarity = float(jellyfish.jaro_similarity(one, other))
    if similarity <= BOOSTED or similarity == 1.0:
        return similarity
    prefix = 0
    for first, second in zip(one[:LONGEST_PREFIX], other[:LONGEST_PREFIX], strict=False):
        if first != second:
            break
        prefix += 1
    found = similarity + prefix * 0.1 * (1.0 - similarity)
    if abs(found * 100 - round(found * 100)) > 1e-9:
        return found
    with _database().cursor() as asked:
        [(told,)] = asked.execute("SELECT jaro_winkler_similarity(?, ?)", [one, other]).fetchall()
    return float(told)


@cache
def _database() -> duckdb.DuckDBPyConnection:
    return open_small_database()


def greatest(values: Sequence[Any]) -> Any:
    """The greatest of the values that are not null."""
    return max((value for value in values if value is not None), default=None)


def least(values: Sequence[Any]) -> Any:
    """The least of the values that are not null."""
    return min((value for value in values if value is not None), default=None)


def filtered(values: list[Any] | None, holds: Callable[[Any], bool]) -> list[Any] | None:
    """The values of a list for which a condition holds; no list gives none."""
    return None if values is None else [value for value in values if holds(value)]


def _split_part(text: str, separator: str, number: int) -> str:
    parts = text.split(separator)
    return parts[number - 1] if number <= len(parts) else ""


STRICT: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "contains": lambda text, part: part in text,
    "damerau_levenshtein": jellyfish.damerau_levenshtein_distance,
    "date_diff": lambda _, first, last: _days(first, last),
    "hamming": lambda one, other: sum(map(str.__ne__, one, other)),
    "jaro_winkler_similarity": jaro_winkler,
    "left": lambda text, length: text[:length],
    "len": len,
    "length": len,
    "list_contains": lambda values, value: value in values,
    "list_extract": lambda values, place: values[place - 1] if len(values) >= place else None,
    "list_has_any": lambda values, others: not set(values).isdisjoint(others),
    "right": lambda text, length: text[-length:],
    "split_part": _split_part,
    "starts_with": str.startswith,
    "substr": lambda text, first, length: text[first - 1 : first - 1 + length],
    "trim": lambda text: text.strip(SPACES),
}
"""Name → function, for functions that give NULL if any argument is NULL; these are called without NULLs. `date_diff` is
in days."""


def _days(first: date, last: date) -> int:
    return (last - first).days
