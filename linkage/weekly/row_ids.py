"""Rows that are new or changed, and the order of those kept → `changed_id`: their row and subject ids, between the kept ones.

What a run gives follows from the order of ids, not from the ids. In the state they are spread, so that there is room
between any two of them, and rows that have not changed keep theirs.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import duckdb

from linkage.database import insert_rows
from linkage.weekly.state import Kept, lend

ROOM = 1 << 24
"""How far apart kept ids are: more rows than may be new in a run."""

Key = tuple[Any, ...]


def spread_sql(identifier: str) -> str:
    """Expression for an id of a full run as the state keeps it."""
    return f"({identifier} + 1) * {ROOM}"


def give_ids(database: duckdb.DuckDBPyConnection, datasets: list[str], kept: Kept) -> None:
    """Make `changed_id` (dataset, row_number, row_id, subject_id) of the rows in `changed_record`: row ids in the order that
    `standardise.ROW_ORDER` gives all rows, subject ids in that of datasets and cleaned record ids."""
    dataset_order = f"list_position({datasets!r}, dataset)"
    with lend(database, kept, "kept_row") as kept_rows, lend(database, kept, "kept_subject") as kept_subjects:
        rows = database.execute(
            f"""
            SELECT dataset, row_number, {dataset_order} AS dataset_order, received_id, content, record_id, kept.subject_id
            FROM (SELECT dataset, row_number, record_id AS received_id, content FROM row_key)
            JOIN changed_record USING (dataset, row_number)
            LEFT JOIN {kept_subjects} kept USING (dataset, record_id)
            ORDER BY dataset_order, received_id, content, row_number
            """
        ).fetchall()
        row_order = _columns(
            database, f"SELECT {dataset_order}, record_id, content, kept_id FROM {kept_rows} ORDER BY kept_id"
        )
        subject_order = _columns(
            database,
            f"SELECT {dataset_order}, record_id, subject_id FROM {kept_subjects} ORDER BY subject_id",
        )
    row_ids = between(row_order, [row[2:5] for row in rows])
    new = sorted({(row[2], row[5]) for row in rows if row[6] is None})
    new_subjects = dict(zip(new, between(subject_order, new), strict=True))
    database.execute(
        "CREATE TABLE changed_id (dataset VARCHAR, row_number BIGINT, row_id BIGINT, subject_id BIGINT)"
    )
    placed = [
        (row[0], row[1], row_id, new_subjects[row[2], row[5]] if row[6] is None else row[6])
        for row, row_id in zip(rows, row_ids, strict=True)
    ]
    insert_rows(database, "changed_id", placed)


def _columns(database: duckdb.DuckDBPyConnection, query: str) -> list[Sequence[Any]]:
    """What a SELECT gives, column by column."""
    found: dict[str, Any] = database.execute(query).fetchnumpy()
    return list(found.values())


def between(order: list[Sequence[Any]], keys: Sequence[Key]) -> list[int]:
    """For each of `keys`, which are in order, an id after those of all keys in `order` that are not greater.

    `order`: the parts of the kept keys in their order, column by column, and their ids last.
    """
    *parts, ids = order
    found: list[int] = []
    for key in keys:
        place = bisect_right(range(len(ids)), key, key=lambda at: tuple(part[at] for part in parts))
        before = int(ids[place - 1]) if place else 0
        found.append(max(before, found[-1] if found else 0) + 1)
    return found
