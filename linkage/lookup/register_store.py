"""A prepared register's file, opened for reading → the rows that have an entry, and how common a value is."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import Any

import duckdb

from linkage import __version__
from linkage.lookup.buckets import rows_of
from linkage.lookup.entries import identity_of
from linkage.lookup.expression import Row

FORMAT = 7
"""The version of the file's layout: a register with another one is refused."""
APPLICATION = 0x4C4E4B52
"""SQLite's application_id in the file of a prepared register."""


def versions() -> dict[str, str]:
    """The versions that must be the same when a prepared register is made and when it is read."""
    return {"linkage": __version__, "duckdb": duckdb.__version__}


class DamagedError(sqlite3.DatabaseError):
    """The file holds something that was not written so."""


class RegisterStore:
    """A `one_record.Store` in SQLite; for the thread that opened it."""

    def __init__(self, file: sqlite3.Connection, about: dict[str, Any]) -> None:
        """`about` is what the file says about itself."""
        self._file = file
        self._bits: list[int] = about["bucket_bits"]
        self._columns = list(about["content"])
        self._dates = [name for name, kind in about["content"].items() if kind == "DATE"]
        self._rarest: dict[str, float] = about["rarest"]

    def find(self, entries: Iterable[tuple[int, int]]) -> set[int]:
        """The row_ids of the rows that have any of the `entries`: (number of a rule, entry)."""
        return set(rows_of(self._file, self._bits, entries))

    def row(self, row_id: int) -> Row:
        """The values kept of a register row; DamagedError if they cannot be read."""
        found = self._file.execute("SELECT content FROM record WHERE row_id = ?", [row_id]).fetchall()
        try:
            [(content,)] = found
            row = dict(zip(self._columns, json.loads(content), strict=True))
            for name in self._dates:
                if row[name]:
                    row[name] = date.fromisoformat(row[name])
        except (ValueError, TypeError):
            # The error's message may have a person's values.
            raise DamagedError from None
        return row

    def bits(self, column: str, value: str) -> float:
        """Log2 of the share of the register's people who have `value` in `column`."""
        found = self._file.execute(
            "SELECT bits FROM frequency WHERE number = ?", [identity_of(column, value)]
        ).fetchall()
        return float(found[0][0]) if found else self._rarest[column]

    def bearers(self, forename: str) -> int:
        """How many rows of the register have the forename."""
        found = self._file.execute(
            "SELECT rows FROM bearers WHERE number = ?", [identity_of("forename", forename)]
        ).fetchall()
        return int(found[0][0]) if found else 0

    def close(self) -> None:
        """Let the file go."""
        self._file.close()
