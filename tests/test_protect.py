"""Whose home and telephone no output shows: sensitive people, and every council record that may be theirs."""

from pathlib import Path

import duckdb
import pytest
from small_run import fill, small_database, small_run

from linkage.lists import read_rows
from linkage.outputs import duplicates
from linkage.protect import protect
from linkage.shown import WITHHELD

# Council subjects 0 to 3, each on its own until a test ties them; of the register 10, 11 and 12, of whom 11 is sensitive.
TIED = ("candidate", "duplicate", "person", "two_people")


@pytest.fixture
def database() -> duckdb.DuckDBPyConnection:
    made = small_database()
    for table in TIED:
        made.execute(f"DELETE FROM {table}")
    made.execute("UPDATE record SET is_confidential = true WHERE subject_id = 11")
    return made


def protected(database: duckdb.DuckDBPyConnection) -> list[int]:
    protect(database)
    return [subject for (subject,) in database.execute("FROM protected ORDER BY subject_id").fetchall()]


def person(name: str, subject: int, dataset: str = "council") -> tuple[object, ...]:
    return (name, subject, dataset, str(subject), None, 1, None)


def test_a_sensitive_person_and_nobody_else_is_protected_where_nothing_ties(
    database: duckdb.DuckDBPyConnection,
) -> None:
    assert protected(database) == [11]


def test_a_record_is_protected_however_far_down_its_sensitive_candidate_stands(
    database: duckdb.DuckDBPyConnection,
) -> None:
    fill(database, "candidate", [(1, 12, 1, 12, 9.0, 1), (1, 11, 1, 11, -9.0, 9), (2, 12, 2, 12, 9.0, 1)])
    assert protected(database) == [1, 11]


def test_a_record_that_people_decided_not_to_be_the_sensitive_person_is_protected(
    database: duckdb.DuckDBPyConnection,
) -> None:
    fill(database, "two_people", [(1, 11), (2, 12)])
    assert protected(database) == [1, 11]


def test_records_that_are_or_may_be_one_person_are_protected_together_from_the_first_to_the_last(
    database: duckdb.DuckDBPyConnection,
) -> None:
    fill(database, "candidate", [(3, 11, 3, 11, 9.0, 1)])
    fill(database, "person", [person("P-1", 2), person("P-1", 3), person("P-2", 1), person("P-3", 0)])
    fill(database, "duplicate", [(1, 2, 2.0, 0.8, "review", "")])
    assert protected(database) == [1, 2, 3, 11]


def test_a_person_of_the_register_who_is_not_sensitive_is_not_protected_and_leads_on_to_nobody(
    database: duckdb.DuckDBPyConnection,
) -> None:
    fill(database, "candidate", [(1, 11, 1, 11, 9.0, 2), (1, 12, 1, 12, 9.5, 1), (2, 12, 2, 12, 9.0, 1)])
    fill(database, "person", [person("P-1", 1), person("P-1", 12, "nhs"), person("P-2", 2)])
    fill(database, "two_people", [(0, 12)])
    assert protected(database) == [1, 11]


def test_neither_of_two_records_at_one_address_shows_it_once_one_may_be_a_sensitive_persons(
    tmp_path: Path,
) -> None:
    run = small_run()
    run.database.execute("UPDATE record SET is_confidential = true WHERE row_id = 11")
    protect(run.database)
    duplicates.write(run, tmp_path)
    waiting, joined = read_rows(tmp_path / "duplicates.csv")
    homes = [row[f"address_{side}"] for row in (waiting, joined) for side in ("left", "right")]
    assert homes == [WITHHELD] * 4
