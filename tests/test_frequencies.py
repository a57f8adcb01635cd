"""How frequent a name is in the register: names that go together, and rare ones."""

from dataclasses import replace

import duckdb
import pytest
from small_run import small_model

from linkage.model import Model
from linkage.scoring.frequencies import NAMED, count_frequencies


def named_model() -> Model:
    """A model whose surname weighs by how frequent it is among the people of the forename."""
    found = small_model()
    comparisons = tuple(
        replace(one, levels=tuple(replace(level, term_frequency=NAMED) for level in one.levels))
        for one in found.comparisons
    )
    return replace(found, comparisons=comparisons)


def frequencies(people: list[tuple[str | None, str, int]]) -> dict[str, float]:
    """Full name → frequency of its surname, where the register has so many people of each name."""
    database = duckdb.connect()
    database.execute(
        f"CREATE TABLE record (subject_id BIGINT, dataset VARCHAR, forename VARCHAR, surname VARCHAR, {NAMED} VARCHAR)"
    )
    rows = [
        (forename, surname, f"{forename or ''} {surname}")
        for forename, surname, n in people
        for _ in range(n)
    ]
    database.executemany(
        "INSERT INTO record VALUES (?, 'nhs', ?, ?, ?)", [(place, *row) for place, row in enumerate(rows)]
    )
    count_frequencies(database, named_model())
    return dict(database.execute(f"SELECT {NAMED}, tf_{NAMED} FROM frequency_{NAMED}").fetchall())


def test_a_surname_is_as_frequent_as_it_is_among_the_people_of_the_forename() -> None:
    found = frequencies([("MOHAMMED", "KHAN", 101), ("MOHAMMED", "ALI", 99), ("JOHN", "SMITH", 9_800)])
    assert found["MOHAMMED KHAN"] == pytest.approx((100 - 20) / 200)
    assert found["JOHN SMITH"] == pytest.approx(9_801 / 10_001)


def test_names_that_do_not_go_together_are_as_frequent_as_the_surname() -> None:
    found = frequencies(
        [("ANN", "SMITH", 25), ("ANN", "LEE", 975), ("BEN", "SMITH", 1_000), ("BEN", "LEE", 2_000)]
    )
    assert found["ANN SMITH"] == pytest.approx(1_026 / 4_001)


@pytest.mark.parametrize("bearers", [1, 2, 5])
def test_a_rare_name_stays_rare_though_all_who_have_it_are_namesakes(bearers: int) -> None:
    found = frequencies([("ZEBEDEE", "QUILL", bearers), ("ANN", "LEE", 10_000)])
    assert found["ZEBEDEE QUILL"] == pytest.approx((bearers + 1) / (10_001 + bearers))


def test_a_person_without_a_forename_has_the_frequency_of_the_surname() -> None:
    found = frequencies([(None, "LEE", 50), ("ANN", "LEE", 50), ("ANN", "RAY", 900)])
    assert found[" LEE"] == pytest.approx(101 / 1_001)
