"""Two council records of little evidence are joined only if what is the person's own agrees, or two of it and a home; two of
another forename born on one day only if they hold one NHS Number."""

from dataclasses import replace
from typing import Any

import duckdb
import pytest

from linkage import model
from linkage.thin_ties import kin_sql, thin_sql

CHOSEN = model.load("default")
ALIKE = {"forename": "exact", "surname": "exact", "date_of_birth": "exact"}


def thin(bits: float, **levels: str) -> bool:
    """Whether a pair at these levels (all others: missing) is too thin."""
    return holds(thin_sql(CHOSEN, repr(bits)), levels)


def kin(**levels: str) -> bool:
    """Whether two records of one birth date at these levels (all others: missing) look like kin."""
    return holds(kin_sql(CHOSEN), {"date_of_birth": "exact"} | levels)


def holds(condition: str, levels: dict[str, str]) -> bool:
    columns: dict[str, Any] = {
        f"level_{comparison.name}": next(
            (level.number for level in comparison.levels if level.name == levels.get(comparison.name)), -1
        )
        for comparison in CHOSEN.comparisons
    }
    row = ", ".join(f'{number} AS "{name}"' for name, number in columns.items())
    born = "(SELECT DATE '1970-02-01' AS date_of_birth)"
    database = duckdb.connect()
    found = database.execute(f"SELECT {condition} FROM (SELECT {row}) p, {born} l, {born} r").fetchall()
    database.close()
    return bool(found[0][0])


@pytest.mark.parametrize(
    "levels",
    [
        ALIKE,
        {"forename": "nickname", "surname": "exact", "middle_names": "same"},
        {"forename": "exact", "surname": "exact", "address": "same_place"},
        {"forename": "nickname", "date_of_birth": "exact", "surname": "differs_woman", "contact": "shared"},
    ],
)
def test_weak_ties_join_where_three_agree_or_two_and_a_home_or_telephone(levels: dict[str, str]) -> None:
    assert not thin(5.0, **levels)


@pytest.mark.parametrize(
    "levels",
    [
        {"forename": "initial", "surname": "differs_woman", "date_of_birth": "exact"},
        {"forename": "exact", "surname": "exact", "date_of_birth": "estimated_near", "address": "differs"},
        {"forename": "initial", "surname": "exact", "address": "same_place", "contact": "shared"},
        {"forename": "exact", "surname": "exact", "middle_names": "same", "date_of_birth": "differs"},
    ],
)
def test_weak_ties_do_not_join_strangers_and_relatives(levels: dict[str, str]) -> None:
    assert thin(5.0, **levels)
    assert not thin(10.0, **levels)


def test_a_model_without_a_comparison_can_be_asked_too() -> None:
    none = replace(CHOSEN, comparisons=())
    found = duckdb.execute(f"SELECT {thin_sql(none, '5.0')}, {thin_sql(replace(none, relatives=0.0), '5.0')}")
    assert found.fetchall() == [(True, False)]


@pytest.mark.parametrize(
    "levels",
    [
        {"forename": "differs"},
        {"forename": "differs", "surname": "exact", "address": "same_place", "contact": "shared"},
        {"forename": "differs", "surname": "exact", "nhs_number": "same"},
        {"forename": "differs", "date_of_birth": "differs", "nhs_number": "differs", "address": "same_place"},
    ],
)
def test_another_forename_and_one_birth_date_look_like_twins(levels: dict[str, str]) -> None:
    assert kin(**levels)


@pytest.mark.parametrize("shared", [{"address": "same_place"}, {"contact": "shared"}])
def test_a_held_number_and_a_home_or_telephone_in_common_are_not_twins(shared: dict[str, str]) -> None:
    assert not kin(forename="differs", surname="exact", nhs_number="same", **shared)
    assert not kin(forename="nickname", surname="exact", **shared)
