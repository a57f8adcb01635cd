"""A number that was replaced leads to the one that is in use: as the register says it, and no further."""

from collections.abc import Iterable

import duckdb
import pytest

from linkage.fingerprint import tell_former_numbers
from linkage.standardise import resolve_superseded

Row = tuple[str, list[str], str | None]
"""A row of the register: its number, the numbers it says it replaced, and the number that replaced it."""


def insert(database: duckdb.DuckDBPyConnection, rows: Iterable[Row]) -> None:
    """Make `record` of what supersession reads."""
    database.execute(
        """
        CREATE TABLE record (row_id BIGINT, dataset VARCHAR, subject_id BIGINT, record_id VARCHAR, nhs_number VARCHAR,
            nhs_numbers VARCHAR[], nhs_number_superseded_by VARCHAR)
        """
    )
    for row_id, (number, older, following) in enumerate(rows):
        database.execute(
            "INSERT INTO record VALUES (?, 'nhs', ?, ?, ?, ?, ?)",
            [row_id, int(number), number, number, [number, *older], following],
        )


def former(*rows: Row) -> dict[str, list[str]]:
    """Number → those that it replaced."""
    with duckdb.connect(":memory:") as database:
        insert(database, rows)
        resolve_superseded(database)
        database.execute(
            """
            CREATE TABLE fingerprint AS SELECT DISTINCT subject_id, record_id, CAST(['9'] AS VARCHAR[]) AS former_numbers
            FROM record
            """
        )
        tell_former_numbers(database)
        found = database.execute(
            "SELECT record_id, former_numbers FROM fingerprint WHERE len(former_numbers) > 0"
        ).fetchall()
        return dict(found)


def resolved(*rows: Row) -> list[str]:
    """The record id of each row afterwards."""
    with duckdb.connect(":memory:") as database:
        insert(database, rows)
        before = [number for number, *_ in rows]
        moved = resolve_superseded(database)
        found = database.execute("SELECT record_id, subject_id FROM record ORDER BY row_id").fetchall()
        assert moved == sum(one != other for one, (other, _) in zip(before, found, strict=True))
        assert all(int(record_id) == subject_id for record_id, subject_id in found)
        return [record_id for record_id, _ in found]


@pytest.mark.parametrize(
    ("said", "rows", "wanted"),
    [
        ("its own row says so", [("1", [], "2"), ("2", [], None)], ["2", "2"]),
        ("the other's row says so", [("1", [], None), ("2", ["1"], None)], ["2", "2"]),
        ("one of its two rows says so", [("1", [], "2"), ("1", [], None), ("2", [], None)], ["2", "2", "2"]),
        ("a chain of both", [("1", [], "2"), ("2", [], None), ("3", ["2"], None)], ["3", "3", "3"]),
        ("its own row says otherwise", [("1", [], "2"), ("2", [], None), ("3", ["1"], None)], ["2", "2", "3"]),
        ("two claim it", [("1", [], None), ("2", ["1"], None), ("3", ["1"], None)], ["1", "2", "3"]),
        ("its rows name two", [("1", [], "2"), ("1", [], "3"), ("2", [], None), ("3", [], None)], ["1", "1", "2", "3"]),
        ("the successor is not there", [("1", [], "9"), ("2", [], None)], ["1", "2"]),
        ("by itself", [("1", ["1"], "1")], ["1"]),
        ("in a circle of two", [("1", [], "2"), ("2", [], "1")], ["1", "2"]),
        ("in a circle of three", [("1", [], "2"), ("2", [], "3"), ("3", [], "1")], ["1", "2", "3"]),
        ("into a circle", [("1", [], "2"), ("2", [], "3"), ("3", [], "2")], ["1", "2", "3"]),
        ("a long chain", [(str(n), [], str(n + 1)) for n in range(1, 30)] + [("30", [], None)], ["30"] * 30),
    ],
)  # fmt: skip
def test_rows_go_to_the_number_that_replaced_theirs(said: str, rows: list[Row], wanted: list[str]) -> None:
    assert resolved(*rows) == wanted, said


@pytest.mark.parametrize(
    ("said", "rows", "wanted"),
    [
        ("only the other's row names it", [("2", ["1"], None)], {"2": ["1"]}),
        ("its row went to the other", [("1", [], "2"), ("2", [], None)], {"2": ["1"]}),
        ("its own row says otherwise", [("1", [], "2"), ("2", [], None), ("3", ["1"], None)], {"2": ["1"]}),
        ("two name it", [("2", ["1"], None), ("3", ["1"], None)], {}),
        ("it is somebody's", [("1", [], None), ("2", ["1"], None), ("3", ["1"], None)], {}),
        ("in a circle of two", [("1", ["2"], None), ("2", ["1"], None)], {}),
        ("a chain", [("1", [], "2"), ("2", [], None), ("3", ["2", "0"], None)], {"3": ["0", "1", "2"]}),
    ],
)  # fmt: skip
def test_a_person_has_the_numbers_that_theirs_replaced(
    said: str, rows: list[Row], wanted: dict[str, list[str]]
) -> None:
    assert former(*rows) == wanted, said
