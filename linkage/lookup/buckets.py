"""The register's rows and the blocking rules → the SQLite table `bucket`, an index from entry to row_ids; and look-ups in
it.

A bucket has the entries that begin with the same bits, about a hundred, and their rows in two blobs. A look-up reads one
bucket for each of its entries. One SQLite row per whole entry would take twice as much space as people's own values.
"""

import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import duckdb

from linkage import model_folder
from linkage.block import LARGEST_BLOCK
from linkage.database import count
from linkage.lookup.entries import entries_sql, numbered_sql
from linkage.model import Model

TABLE = "CREATE TABLE bucket (number INTEGER PRIMARY KEY, entries BLOB NOT NULL, rows BLOB NOT NULL) STRICT"
MASK = 0xFFFFFFFF
"""The last 32 bits of an entry, which a bucket keeps. That two entries share these and the bucket costs one needless
comparison in millions of look-ups."""
ENTRY_BITS = 63
RULE_BITS = 32
"""A bucket's number is the number of its rule, followed by the first bits of its entries in this many bits."""
ENTRIES_A_BUCKET = 128
"""Entries that a bucket has on average, at most."""
ENTRIES_A_SLICE = 4_000_000
"""Entries that are read into memory at once."""


def write_buckets(database: duckdb.DuckDBPyConnection, store: sqlite3.Connection, model: Model) -> list[int]:
    """Fill `bucket`, without keys that too many rows share; return `bits`: for each rule how many first bits of an entry its
    buckets go by."""
    types = model_folder.record_columns()
    keys = sorted({key for keys in model.rules for key in keys})
    lists = {key for key in keys if types[key].endswith("[]")}
    database.execute(f"CREATE TEMP TABLE numbered AS {numbered_sql(keys, lists)}")
    bits = []
    for rule, rule_keys in enumerate(model.rules):
        database.execute(f"CREATE OR REPLACE TEMP TABLE found AS {entries_sql(rule, rule_keys, lists)}")
        # The record that is looked up would be one row more in the block, so a block of LARGEST_BLOCK is too large.
        database.execute(
            f"""
            DELETE FROM found WHERE entry IN (SELECT entry FROM found GROUP BY entry HAVING count(*) >= {LARGEST_BLOCK})
            """
        )
        bits.append(_bits(count(database, "found")))
        store.executemany("INSERT INTO bucket VALUES (?, ?, ?)", _buckets(database, rule, bits[-1]))
    database.execute("DROP TABLE found")
    database.execute("DROP TABLE numbered")
    return bits


def _buckets(database: duckdb.DuckDBPyConnection, rule: int, bits: int) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, entries and rows of the buckets of one rule."""
    import numpy

    slices = min(1 << bits, 1 + count(database, "found") // ENTRIES_A_SLICE)
    edges = [(1 << bits) * each // slices for each in range(slices + 1)]
    for first, last in pairwise(edges):
        found = database.execute(
            f"""
            SELECT (entry >> {ENTRY_BITS - bits}) AS bucket, (entry & {MASK})::UINTEGER AS entry, row_id::INTEGER AS row_id
            FROM found WHERE entry >> {ENTRY_BITS - bits} >= ? AND entry >> {ENTRY_BITS - bits} < ?
            ORDER BY ALL
            """,
            [first, last],
        ).fetchnumpy()
        entries, rows = found["entry"].astype("<u4"), found["row_id"].astype("<i4")
        numbers, starts = numpy.unique(found["bucket"], return_index=True)
        ends = [*starts[1:].tolist(), len(entries)]
        for number, start, end in zip(numbers.tolist(), starts.tolist(), ends, strict=False):
            yield _number(rule, number), entries[start:end].tobytes(), rows[start:end].tobytes()


def rows_of(
    store: sqlite3.Connection, bits: Sequence[int], entries: Iterable[tuple[int, int]]
) -> Iterator[int]:
    """The row_ids of the rows that have any of the `entries` (number of a rule, entry); `bits` is what `write_buckets`
    returned."""
    for rule, entry in entries:
        number = _number(rule, entry >> (ENTRY_BITS - bits[rule]))
        found = store.execute("SELECT entries, rows FROM bucket WHERE number = ?", [number]).fetchall()
        for packed, rows in found:
            known, last = memoryview(packed).cast("I"), entry & MASK
            first = bisect_left(known, last)
            yield from memoryview(rows).cast("i")[first : bisect_left(known, last + 1, first)]


def _bits(entries: int) -> int:
    """How many first bits of an entry the buckets of a rule with so many `entries` go by."""
    return max(0, (entries // ENTRIES_A_BUCKET).bit_length())


def _number(rule: int, first_bits: int) -> int:
    """The number of the bucket of the rule in which entries with these first bits are."""
    return rule << RULE_BITS | first_bits
