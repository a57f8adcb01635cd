"""New and changed rows → `changed_id`: row and subject ids for them, which lie between the kept ids in the right order.

The results of a run depend on the order of ids only. The state keeps ids spread `ROOM` apart, so that unchanged rows keep their
ids and new ones find room between any two.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import duckdb

from linkage.database import insert_rows
from linkage.weekly.state import Kept, lend

ROOM = 1 << 24
"""The distance between two kept ids: more than the rows that may be new in a run."""

Key = tuple[Any, ...]


def spread_sql(identifier: str) -> str:
    """Expression for a full run's id as the state keeps it."""
    return f"({identifier} + 1) * {ROOM}"


def give_ids(database: duckdb.DuckDBPyConnection, datasets: list[str], kept: Kept) -> None:
    """Make `changed_id` (dataset, row_number, row_id, subject_id) for the rows in `changed_record`.

    Row ids follow the order of `standardise.ROW_ORDER` among all rows, subject ids that of dataset and cleaned record id. A
    subject that the state has keeps its id.
    """
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
    """The columns of a SELECT's result, as arrays."""
    found: dict[str, Any] = database.execute(query).fetchnumpy()
    return list(found.values())


def between(order: list[Sequence[Any]], keys: Sequence[Key]) -> list[int]:
    """For each of `keys` (sorted) a new id, greater than the ids of all kept keys that are not greater, and less than the
    next one.

    `order` has the kept keys, sorted, as columns: the parts of the key, then the id.
    """
    *parts, ids = order
    found: list[int] = []
    for key in keys:
        place = bisect_right(range(len(ids)), key, key=lambda at: tuple(part[at] for part in parts))
        before = int(ids[place - 1]) if place else 0
        found.append(max(before, found[-1] if found else 0) + 1)
    return found
