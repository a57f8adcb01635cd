"""Two council records of little evidence are joined only if what is the person's own agrees, or two of it and a home; two of
another forename only if they also hold one NHS Number."""

from dataclasses import replace

import duckdb
import pytest

from linkage import model, model_folder
from linkage.people.tie_conditions import COMMON, OWN, _agrees, kin_sql, opposed_sql, thin_sql

CHOSEN = model_folder.load("default")
ALIKE = {"forename": "exact", "surname": "exact", "date_of_birth": "exact"}


def thin(bits: float, **levels: str) -> bool:
    """Whether a pair at these levels (all others: missing) is too thin."""
    return holds(thin_sql(CHOSEN, repr(bits)), levels)


def kin(**levels: str) -> bool:
    """Whether two records at these levels (all others: missing) look like kin."""
    return holds(kin_sql(CHOSEN), levels)


def holds(condition: str, levels: dict[str, str]) -> bool:
    numbers = {each.name: {level.name: level.number for level in each.levels} for each in CHOSEN.comparisons}
    columns = {f"level_{name}": -1 for name in numbers}
    columns |= {f"level_{name}": numbers[name][level] for name, level in levels.items()}
    row = ", ".join(f'{number} AS "{name}"' for name, number in columns.items())
    database = duckdb.connect()
    found = database.execute(f"SELECT {condition} FROM (SELECT {row}) p").fetchall()
    database.close()
    return bool(found[0][0])


@pytest.mark.parametrize(
    "levels",
    [
        ALIKE,
        {"forename": "nickname", "surname": "exact", "middle_names": "same", "date_of_birth": "swapped"},
        {"forename": "exact", "surname": "exact", "address": "same_place", "date_of_birth": "year"},
        {"forename": "nickname", "date_of_birth": "exact", "surname": "differs_woman", "contact": "shared"},
        {"forename": "exact", "middle_names": "same", "surname": "exact", "address": "same_place"},
        {"forename": "exact", "surname": "exact", "nhs_number": "same"},
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
        # A father and his son of one name, where one record has no birth date.
        {"forename": "exact", "surname": "exact", "address": "same_place", "contact": "shared"},
        {"forename": "exact", "surname": "exact", "middle_names": "same", "date_of_birth": "differs"},
        {"forename": "exact", "surname": "exact", "middle_names": "same", "date_of_birth": "one_digit"},
    ],
)
def test_weak_ties_do_not_join_strangers_and_relatives(levels: dict[str, str]) -> None:
    assert thin(5.0, **levels)
    assert not thin(10.0, **levels)


def test_a_model_without_a_comparison_can_be_asked_too() -> None:
    none = replace(CHOSEN, comparisons=())
    found = duckdb.execute(
        f"SELECT {thin_sql(none, '5.0')}, {thin_sql(replace(none, shows_relatives=False), '5.0')}"
    )
    assert found.fetchall() == [(True, False)]


def test_fewer_bits_do_where_the_whole_birth_date_agrees() -> None:
    levels = {"forename": "initial", "surname": "differs_woman"}
    assert not thin(6.0, date_of_birth="exact", **levels)
    assert thin(6.0, date_of_birth="one_digit", **levels)


def test_a_postcode_is_no_home() -> None:
    levels = {"forename": "exact", "surname": "exact", "date_of_birth": "estimated_near"}
    assert thin(7.0, address="same_postcode", **levels)
    assert not thin(7.0, address="same_line", **levels)


@pytest.mark.parametrize(
    "levels",
    [
        {"forename": "differs"},
        {"forename": "differs", "date_of_birth": "swapped", "nhs_number": "same", "address": "same_place"},
        {"forename": "differs", "surname": "exact", "address": "same_place", "contact": "shared"},
        {"forename": "differs", "surname": "exact", "date_of_birth": "exact", "nhs_number": "same"},
        {"date_of_birth": "exact", "surname": "exact", "address": "same_place", "contact": "shared"},
        {"forename": "exact", "middle_names": "differs", "surname": "exact", "date_of_birth": "exact"},
        {"forename": "reordered", "surname": "exact", "date_of_birth": "one_digit"},
    ],
)
def test_another_forename_or_none_looks_like_kin(levels: dict[str, str]) -> None:
    assert kin(**levels)


@pytest.mark.parametrize("shared", [{"address": "same_place"}, {"contact": "shared"}])
def test_a_held_number_a_birth_date_and_a_home_or_telephone_in_common_are_not_kin(
    shared: dict[str, str],
) -> None:
    assert not kin(forename="differs", date_of_birth="exact", nhs_number="same", **shared)
    assert not kin(forename="nickname", surname="exact", **shared)
    assert not kin(date_of_birth="exact", surname="exact", nhs_number="same", **shared)
    assert not kin(forename="reordered", date_of_birth="exact", **shared)


def opposed(
    levels: dict[str, str],
    born: tuple[int | None, int | None] = (None, None),
    chosen: model.Model = CHOSEN,
    names: tuple[str, str] = ("ADA", "ADA"),
    bearers: tuple[int, int] = (20, 20),
    listed: bool = False,
    flags: tuple[list[str], list[str]] = ([], []),
    dates: tuple[str, str] = ("1971-03-02", "1971-03-02"),
    firsts_of_january: bool = False,
    middle: tuple[str, str] = ("", ""),
) -> bool:
    """Whether two records at these levels (all others: missing), born in these years, with these forenames, by which so many
    are called, and with these flags, birth dates and middle names look like two people."""
    sides = [
        f"""(SELECT {year or "NULL"} AS date_of_birth_year, '{name}' AS forename, {called} AS bearers,
            {listed} AS is_listed, {told}::VARCHAR[] AS flags, DATE '{date}' AS date_of_birth,
            {firsts_of_january} AS date_of_birth_weak, nullif('{second}', '') AS middle_names, 'X' AS forename_skeleton,
            CAST([] AS VARCHAR[]) AS forename_variants, list_filter(['{second}'], lambda name: name <> '') AS forename_others)"""
        for year, name, called, told, date, second in zip(
            born, names, bearers, flags, dates, middle, strict=True
        )
    ]
    return holds(f"(SELECT {opposed_sql(chosen)} FROM {sides[0]} l, {sides[1]} r)", levels)


@pytest.mark.parametrize(
    "levels",
    [
        {"forename": "differs", "surname": "exact", "date_of_birth": "exact", "address": "same_place"},
        {"forename": "exact", "surname": "exact", "date_of_birth": "differs", "nhs_number": "same"},
        {"forename": "exact", "middle_names": "differs", "surname": "exact", "date_of_birth": "one_digit"},
    ],
)
def test_another_forename_or_another_birth_date_are_two_people(levels: dict[str, str]) -> None:
    assert opposed(levels)
    assert not opposed(levels, chosen=replace(CHOSEN, shows_relatives=False))


def test_birth_dates_a_generation_apart_are_two_peoples_and_a_slip_is_not() -> None:
    levels = {"forename": "exact", "date_of_birth": "two_parts"}
    assert opposed(levels, (1941, 1968))
    assert not opposed(levels, (1941, 1947))


def test_half_a_name_and_two_firsts_of_january_are_brothers_where_the_dates_differ() -> None:
    levels = {"forename": "exact", "surname": "exact", "date_of_birth": "one_digit", "address": "same_place"}
    dates, abdul, second = ("1990-01-01", "1986-01-01"), ("ABDUL", "ABDUL"), ("", "AZIZ")
    assert opposed(levels, dates=dates, firsts_of_january=True)
    assert opposed(levels, dates=dates, names=abdul, middle=second)
    assert not opposed(levels, dates=dates)
    assert not opposed(levels, firsts_of_january=True, names=abdul, middle=second)
    assert not opposed(levels, dates=dates, names=abdul)


def test_a_name_that_one_has_first_and_the_other_second_is_little_where_another_stands_beside_it() -> None:
    levels = {"forename": "other_name", "surname": "exact", "date_of_birth": "exact", "address": "same_place"}
    assert opposed(levels, names=("KAUR", "JASWINDER"), middle=("DAVINDER", "KAUR"))
    assert opposed(levels, names=("JASWINDER", "KAUR"), middle=("KAUR", "DAVINDER"))
    assert not opposed(levels, names=("KAUR", "JASWINDER"), middle=("JASWINDAR", "KAUR"))
    assert not opposed(levels, names=("JOHN", "THOMAS"), middle=("", "JOHN"))
    assert not opposed(
        levels | {"nhs_number": "same"}, names=("KAUR", "JASWINDER"), middle=("DAVINDER", "KAUR")
    )


@pytest.mark.parametrize(
    "levels",
    [
        {"surname": "exact", "address": "same_place"},
        {"forename": "initial", "surname": "exact", "date_of_birth": "exact"},
        {"forename": "exact", "date_of_birth": "swapped"},
        {"forename": "differs", "date_of_birth": "exact", "nhs_number": "same", "address": "same_place"},
    ],
)
def test_what_is_missing_an_initial_a_slip_and_a_common_number_oppose_nobody(levels: dict[str, str]) -> None:
    assert not opposed(levels)


TWINS = {"forename": "close", "surname": "exact", "date_of_birth": "exact", "address": "same_place"}


@pytest.mark.parametrize(
    "levels",
    [
        TWINS,
        TWINS | {"forename": "like", "date_of_birth": "exact_weak"},
        TWINS | {"forename": "initial", "gender": "differs"},
        TWINS | {"forename": "nickname", "gender": "differs"},
    ],
)
def test_two_names_alike_or_two_genders_of_one_birth_date_are_twins(levels: dict[str, str]) -> None:
    assert opposed(levels)
    assert not opposed(levels, chosen=replace(CHOSEN, shows_relatives=False))
    assert not opposed(levels | {"date_of_birth": "one_digit"})
    assert not opposed(levels | {"date_of_birth": "exact", "nhs_number": "same"})


def test_a_name_that_nobody_is_called_by_is_a_slip_of_the_pen_but_for_a_womans_form() -> None:
    assert not opposed(TWINS, names=("HARPREET", "HARPREAT"), bearers=(20, 2))
    assert opposed(TWINS, names=("NADIR", "NADIRA"), bearers=(20, 2))
    assert opposed(TWINS, names=("NADIRA", "NADIR"), bearers=(2, 2))
    assert not opposed(TWINS | {"gender": "same"}, names=("NADIR", "NADIRA"), bearers=(20, 2))


def test_a_name_that_hardly_anybody_has_beside_one_that_many_have_is_a_slip_however_large_the_file() -> None:
    assert not opposed(TWINS, names=("RITA", "RITTA"), bearers=(200, 9))
    assert not opposed(TWINS, names=("JOHN", "JON"), bearers=(2_000, 9), listed=True)
    assert opposed(TWINS, names=("RONALD", "DONALD"), bearers=(2_000, 900))
    assert opposed(TWINS, names=("RONALD", "DONALD"), bearers=(2, 1), listed=True)


@pytest.mark.parametrize("forename", ["initial", "nickname", "exact"])
def test_an_initial_or_a_short_form_of_no_other_gender_is_no_twins(forename: str) -> None:
    assert not opposed(TWINS | {"forename": forename})
    assert not opposed(TWINS | {"forename": forename, "gender": "same"})


def test_junior_and_senior_are_two_people_and_so_is_either_without_a_birth_date() -> None:
    levels = {"forename": "exact", "surname": "exact", "date_of_birth": "exact", "address": "same_place"}
    junior, senior = ["surname_junior"], ["forename_senior"]
    assert opposed(levels, flags=(junior, senior))
    assert not opposed(levels, flags=(junior, junior))
    assert not opposed(levels, flags=(junior, []))
    undated = levels | {"date_of_birth": "missing"}
    assert opposed(undated, flags=(junior, []))
    assert opposed(undated, flags=([], senior))
    assert not opposed(undated)
    assert not opposed(undated, flags=(junior, []), chosen=replace(CHOSEN, shows_relatives=False))


def test_a_level_that_a_field_does_not_have_is_a_fault_and_not_one_that_never_agrees() -> None:
    for comparison, levels in (OWN | COMMON).items():
        assert "IN" in _agrees(CHOSEN, comparison, levels)
    with pytest.raises(KeyError, match="surname has no level same"):
        _agrees(CHOSEN, "surname", ("exact", "same"))
