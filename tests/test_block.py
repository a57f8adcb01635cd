"""Blocking finds the pairs that agree on every key of a rule, and sets over-large blocks aside."""

import itertools
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import block as stage
from linkage.block import RuleCount, block
from linkage.tables import SCREENED, create_sql

RULES = (("surname", "born"), ("places", "surname"), ("places", "names"))
Row = tuple[int, str, int, str | None, int | None, list[str], list[str]]
words = st.lists(st.sampled_from("xyz"), max_size=2, unique=True)
cells = st.tuples(
    st.sampled_from(["council", "nhs"]),
    st.none() | st.sampled_from("ab"),
    st.none() | st.sampled_from([1950, 1951]),
    words,
    words,
)


def database_of(rows: list[Row], screened: set[int]) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect()
    database.execute(
        """
        CREATE TABLE record (row_id BIGINT, dataset VARCHAR, subject_id BIGINT, surname VARCHAR, born INTEGER,
            places VARCHAR[], names VARCHAR[])
        """
    )
    database.execute(create_sql(SCREENED))
    for row in rows:
        database.execute("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    for subject in screened:
        database.execute("INSERT INTO screened VALUES (?, 'a test')", [subject])
    return database


def agree(left: Any, right: Any) -> bool:
    if isinstance(left, list):
        return bool(set(left) & set(right))
    return left is not None and left == right


def expected(rows: list[Row], screened: set[int]) -> dict[tuple[int, int], int]:
    """Pair → a bit for each rule, from the definition."""
    found: dict[tuple[int, int], int] = {}
    places = {"surname": 3, "born": 4, "places": 5, "names": 6}
    for left, right in itertools.permutations(rows, 2):
        wanted = right[1] == "nhs" or left[0] < right[0]
        if left[1] != "council" or not wanted or left[2] == right[2] or {left[2], right[2]} & screened:
            continue
        for number, keys in enumerate(RULES):
            if all(agree(left[places[key]], right[places[key]]) for key in keys):
                found[left[0], right[0]] = found.get((left[0], right[0]), 0) | 1 << number
    return found


@settings(max_examples=40)
@given(st.lists(cells, max_size=8), st.sets(st.integers(0, 7), max_size=2))
def test_pairs_are_those_that_agree_on_every_key_of_a_rule(
    drawn: list[tuple[str, str | None, int | None, list[str], list[str]]], screened: set[int]
) -> None:
    rows: list[Row] = [(place, drawn[place][0], place, *drawn[place][1:]) for place in range(len(drawn))]
    with database_of(rows, screened) as database:
        block(database, RULES)
        found = database.execute("SELECT left_id, right_id, rules FROM candidate_pair").fetchall()
    assert {(left, right): rules for left, right, rules in found} == expected(rows, screened)
    assert len(found) == len(expected(rows, screened))


def test_blocks_that_are_too_large_are_set_aside_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "LARGEST_BLOCK", 8)
    datasets = ["council"] * 4 + ["nhs"] * 8
    surnames = ["a", "a", "a", "b"] * 3
    rows: list[Row] = [(place, datasets[place], place, surnames[place], 1950, [], []) for place in range(12)]
    with database_of(rows, set()) as database:
        counts = block(database, (("surname", "born"),))
        pairs = database.execute("SELECT left_id, right_id FROM candidate_pair ORDER BY ALL").fetchall()
        whose = database.execute("SELECT subject_id, rule FROM set_aside ORDER BY ALL").fetchall()
    assert pairs == [(3, 7), (3, 11)]
    assert whose == [(0, 0), (1, 0), (2, 0)]
    assert counts == [RuleCount(("surname", "born"), 2, 3 * 9)]


def test_nothing_more_is_looked_for_that_a_certain_record_might_match() -> None:
    datasets = ["council", "council", "council", "nhs", "nhs"]
    born = [1950, 1951, 1950, 1950, 1951]
    rows: list[Row] = [(place, datasets[place], place, "a", born[place], [], []) for place in range(5)]
    with database_of(rows, set()) as database:
        block(database, (("surname", "born"),))
        database.execute("INSERT INTO certain VALUES (0)")
        counts = block(database, (("surname",),), first=1)
        pairs = database.execute(
            "SELECT left_id, right_id, rules FROM candidate_pair ORDER BY ALL"
        ).fetchall()
    strict, loose = [(0, 2, 1), (0, 3, 1), (1, 4, 1), (2, 3, 1)], [(0, 1, 2), (1, 2, 2), (1, 3, 2), (2, 4, 2)]
    assert pairs == sorted(strict + loose)
    assert counts[0].pairs == len(loose) + 3
