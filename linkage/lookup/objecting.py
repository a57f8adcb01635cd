"""The list of objections → what a prepared register keeps of it, and whether an objection reaches the person who is looked up.

It keeps record ids and NHS Numbers as they are; of the names, birth dates and homes of those who object it keeps digests.
"""

import json
import sqlite3
from typing import Any

import duckdb

from linkage.database import count
from linkage.lookup import expression
from linkage.lookup.entries import identity_of, number_of
from linkage.lookup.expression import Row
from linkage.lookup.register_store import DamagedError
from linkage.objections import OBJECTED, plain_id
from linkage.same_person import COLUMNS, SAME_PERSON
from linkage.tables import OBJECTION, RECORD, SCREENED

TABLES = """
    CREATE TABLE objection (record_id TEXT, nhs_number TEXT) STRICT;
    CREATE TABLE objecting (birth INTEGER, content TEXT NOT NULL) STRICT;
    CREATE INDEX objecting_birth ON objecting (birth);
"""
BIRTH = "date_of_birth_text"


def write_objections(database: duckdb.DuckDBPyConnection, store: sqlite3.Connection) -> int:
    """Write the objections, with all NHS Numbers that the register has of these people, and the digests of their register rows.

    Return how many objections give a record id only: these reach only a look-up with that id.
    """
    objecting = f'"{RECORD.name}" JOIN "{SCREENED.name}" USING (subject_id) WHERE reason = \'{OBJECTED}\''
    named = database.execute(
        f"""
        SELECT record_id, nhs_number FROM "{OBJECTION.name}"
        UNION SELECT NULL, unnest(nhs_numbers) FROM {objecting} ORDER BY ALL
        """
    ).fetchall()
    store.executemany("INSERT INTO objection VALUES (?, ?)", named)
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    rows = database.execute(
        f'SELECT {columns} FROM {objecting} AND "{BIRTH}" IS NOT NULL ORDER BY row_id'
    ).fetchall()
    kept = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    store.executemany(
        "INSERT INTO objecting VALUES (?, ?)",
        [(identity_of(BIRTH, row[BIRTH]), json.dumps(list(_digested(row).values()))) for row in kept],
    )
    return count(database, OBJECTION.name, "nhs_number IS NULL")


class Objecting:
    """Who objected, in the file of a prepared register."""

    def __init__(self, file: sqlite3.Connection) -> None:
        """Use the open file of a prepared register."""
        self._file = file
        named = file.execute("SELECT record_id, nhs_number FROM objection").fetchall()
        self._records = {plain_id(record) for record, _ in named if record}
        self._numbers = {number for _, number in named if number}
        self._same_person = expression.holds(SAME_PERSON, expression.of_pair)

    def __call__(self, asked: Row) -> bool:
        """Whether an objection reaches a cleaned council row: by its id, a number that it holds, or name and birth date."""
        if plain_id(asked["record_id"]) in self._records or not self._numbers.isdisjoint(
            asked["nhs_numbers"]
        ):
            return True
        return asked[BIRTH] is not None and self._is_one_of_them(asked)

    def _is_one_of_them(self, asked: Row) -> bool:
        row = _digested(asked)
        found = self._file.execute(
            "SELECT content FROM objecting WHERE birth = ?", [identity_of(BIRTH, asked[BIRTH])]
        )
        try:
            objecting = [dict(zip(COLUMNS, json.loads(content), strict=True)) for (content,) in found]
        except (ValueError, TypeError):
            raise DamagedError from None
        return any(self._same_person(row, each) for each in objecting)


def _digested(row: Row) -> dict[str, Any]:
    """The columns that `SAME_PERSON` reads, with a number in place of every text. Equal texts have equal numbers in all
    columns."""
    return {name: _digest(row[name]) for name in COLUMNS}


def _digest(value: Any) -> Any:
    if isinstance(value, list):
        return [_digest(each) for each in value]
    return number_of("objecting", value) if isinstance(value, str) else value
