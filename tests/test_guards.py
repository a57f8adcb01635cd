"""What a guard reads of a proposed link decides whether it fires; the cases of `known_cases/` hold how they work together."""

from typing import Any

import pytest

from linkage import shelf
from linkage.lookup import expression


def level(comparison: str, name: str) -> int:
    """The number of a level, as guards read it."""
    compared = shelf.load("fields", comparison).COMPARISON
    names = [each.name for each in reversed(compared.levels) if not each.missing]
    return names.index(name)


def guard(name: str) -> Any:
    return expression.holds(shelf.load("guards", name).CONDITION, expression.of_row)


twins, someone_else = guard("twins"), guard("someone_else")
SAME_FORENAME, SHORT_FORM, INITIAL, CLOSE, LIKE = (
    level("forename", name) for name in ("exact", "nickname", "initial", "close", "like")
)
SAME_HOME, SAME_LINE, SAME_POSTCODE, SECTOR = (
    level("address", name) for name in ("same_place", "same_line", "same_postcode", "sector")
)
ONE_DIGIT, TWO_PARTS, SWAPPED, ESTIMATED_YEAR = (
    level("date_of_birth", name) for name in ("one_digit", "two_parts", "swapped", "estimated_year")
)
SAME_SURNAME, FORMER_SURNAME, CLOSE_SURNAME, MARRIED = (
    level("surname", name) for name in ("exact", "former", "close", "differs_woman")
)
SAME_BIRTH_DATE, FIRST_OF_JANUARY = (level("date_of_birth", name) for name in ("exact", "exact_weak"))

MOTHER: dict[str, Any] = {
    "shows_relatives": True,
    "in_register": 0.3,
    "level_date_of_birth": -1,
    "level_forename": 8,
    "level_middle_names": -1,
    "forename_skeleton_l": "ASLD",
    "forename_skeleton_r": "ASLD",
    "forename_l": "ISOLDE",
    "forename_r": "ISOLDE",
    "forename_others_l": [],
    "forename_others_r": [],
    "forename_variants_l": [],
    "forename_variants_r": [],
    "surname_l": "BRACKWITH",
    "surname_r": "BRACKWITH",
    "level_surname": 6,
    "middle_names_l": None,
    "middle_names_r": None,
    "middle_names_shared": False,
    "contacts_l": ["01614960187"],
    "contacts_r": ["01614960187"],
    "own_contacts": None,
    "nhs_numbers_l": [],
    "nhs_numbers_r": ["9000000009"],
}
"""A record without a birth date, and a daughter of the same name with the household's telephone."""
MOBILE = {
    "contacts_l": ["07700900187"],
    "contacts_r": ["07700900187"],
    "own_contacts": ["07700900187"],
}


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ({}, True),
        ({"own_contacts": ["01614960187"]}, False),
        # A daughter called as her mother and married, or a sister: the landline is the register person's own and the household's.
        ({"own_contacts": ["01614960187"], "surname_r": "DORAN", "level_surname": 1}, True),
        ({"own_contacts": ["01614960187"], "forename_r": "ISOLDA", "level_forename": 2}, True),
        (MOBILE, False),
        (MOBILE | {"forename_r": "ISOLDA", "level_forename": 2}, False),
        (MOBILE | {"forename_r": "MARY", "level_forename": 5}, True),
        (MOBILE | {"surname_r": "DORAN", "level_surname": 1}, True),
        ({"in_register": 0.9}, False),
        ({"in_register": 0.9, "forename_r": "ISOLDA"}, True),
        ({"in_register": 0.9, "surname_r": None}, True),
        ({"in_register": 0.9, "contacts_r": ["01614960188"]}, True),
        ({"middle_names_l": "MARY", "middle_names_r": "MARY"}, False),
        ({"middle_names_l": "KAUR", "middle_names_r": "KAUR", "middle_names_shared": True}, True),
        ({"nhs_numbers_l": ["9000000009"]}, False),
        ({"level_date_of_birth": 9}, False),
    ],
)
def test_without_a_birth_date_something_has_to_be_the_persons_own(told: dict[str, Any], fires: bool) -> None:
    """Or, where most people are in the register, the names are the same: few are absent whose namesake at home is there."""
    assert guard("no_birth_date")(MOTHER | told, {}) is fires


WOMAN: dict[str, Any] = MOTHER | {
    "in_register": 0.9,
    "contacts_l": [],
    "gender_l": "female",
    "gender_r": "female",
    "middle_names_l": "C",
    "middle_names_r": "CLARE",
    "level_middle_names": level("middle_names", "initial"),
}
"""A record without a birth date or a telephone, and a woman of its names and middle initial."""


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ({}, False),
        ({"level_surname": CLOSE_SURNAME, "surname_l": "BRACKWIT"}, False),
        ({"level_surname": MARRIED, "surname_l": "DORAN"}, True),
        ({"forename_l": "ISOLDA"}, True),
        # Sons are often called after their fathers, and may have the initial too.
        ({"gender_l": "male", "gender_r": "male"}, True),
        ({"gender_l": None}, True),
        ({"in_register": 0.6}, True),
        ({"middle_names_r": "KAUR", "middle_names_l": "K", "middle_names_shared": True}, True),
        ({"middle_names_r": "K", "middle_names_l": "KAUR"}, True),
        ({"middle_names_r": "B", "middle_names_l": "BIBI"}, True),
        ({"forename_l": "NOOR", "forename_r": "NOOR"}, True),
        ({"level_middle_names": 0}, True),
    ],
)
def test_without_a_birth_date_a_womans_middle_initial_will_do(told: dict[str, Any], fires: bool) -> None:
    assert guard("no_birth_date")(WOMAN | told, {}) is fires


MARRIED_SINCE = {"surname_l": "DORAN", "level_surname": FORMER_SURNAME, "contacts_l": []}


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ({}, False),
        ({"forename_l": "ISOLDA"}, True),
        ({"level_surname": MARRIED}, True),
        # Half of the women of a home are called so.
        ({"surname_l": "KAUR"}, True),
        ({"surname_r": "BEGUM"}, True),
    ],
)
def test_without_a_birth_date_a_former_surname_will_do(told: dict[str, Any], fires: bool) -> None:
    """A namesake at home would have the surname of now."""
    assert guard("no_birth_date")(MOTHER | MARRIED_SINCE | told, {}) is fires


TWIN: dict[str, Any] = MOTHER | {
    "date_of_birth_l": "1948-04-09",
    "date_of_birth_r": "1948-04-09",
    "level_address": SAME_HOME,
    "surname_names_l": ["THISTLEWOOD"],
    "surname_names_r": ["THISTLEWOOD"],
    "level_forename": INITIAL,
    "level_surname": 6,
    "forename_bearers": 0,
    "forename_skeleton_l": "J",
    "forename_joined_l": "ISOLDE",
    "forename_joined_r": "ISOLDE",
    "gender_l": "male",
    "gender_r": "female",
}
"""A man of whom only the initial is known, and a woman of his home, birth date and initial with the household's telephone."""


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ({}, True),
        ({"gender_l": "female"}, False),
        ({"gender_l": None}, False),
        ({"level_forename": SHORT_FORM}, True),
        ({"level_forename": SAME_FORENAME}, False),
        ({"own_contacts": ["01614960187"]}, True),
        # Both may have it from their mother's family.
        ({"middle_names_l": "MARY", "middle_names_r": "MARY"}, True),
        # It may have been looked up for the twin.
        ({"nhs_numbers_l": ["9000000009"]}, True),
        ({"shows_relatives": False}, False),
    ],
)
def test_an_initial_or_a_short_form_of_another_gender_may_be_a_twins(
    told: dict[str, Any], fires: bool
) -> None:
    assert twins(TWIN | told, {}) is fires


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ({}, True),
        ({"level_forename": INITIAL}, True),
        ({"level_forename": SAME_FORENAME}, False),
        ({"level_date_of_birth": ONE_DIGIT}, False),
        ({"level_date_of_birth": -1}, False),
        ({"own_contacts": ["01614960187"]}, True),
        ({"middle_names_l": "MARY", "middle_names_r": "MARY"}, False),
        ({"middle_names_l": "KAUR", "middle_names_r": "KAUR", "middle_names_shared": True}, True),
        ({"nhs_numbers_l": ["9000000009"]}, False),
        # Nothing of the person's own makes up for another forename and another birth date.
        ({"level_forename": 0, "level_date_of_birth": 0, "nhs_numbers_l": ["9000000009"]}, True),
    ],
)
def test_a_form_of_the_name_and_a_birth_date_of_two_slips_may_be_a_sisters(
    told: dict[str, Any], fires: bool
) -> None:
    sister = MOTHER | BORN | {"level_forename": SHORT_FORM, "level_date_of_birth": TWO_PARTS}
    assert someone_else(sister | told, {}) is fires


BORN = {
    "date_of_birth_l": "1961-05-12",
    "date_of_birth_r": "1963-05-12",
    "date_of_birth_weak_l": False,
    "date_of_birth_weak_r": False,
    "level_date_of_birth": ONE_DIGIT,
}
OTHER_MIDDLE_NAME = {"level_forename": SAME_FORENAME, "level_middle_names": 0}
DATELESS = {"date_of_birth_l": None, "level_date_of_birth": -1}


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        (BORN | OTHER_MIDDLE_NAME, True),
        (BORN | {"level_forename": level("forename", "reordered")}, True),
        (BORN | {"level_forename": INITIAL}, True),
        (BORN | {"level_forename": INITIAL, "own_contacts": ["01614960187"]}, True),
        (BORN | {"level_forename": INITIAL} | MOBILE, False),
        (BORN | {"level_forename": level("forename", "reordered")} | MOBILE, False),
        (BORN | {"level_forename": INITIAL} | DATELESS | MOBILE | {"level_address": SAME_POSTCODE}, False),
        # A brother of that initial, who lives elsewhere, is whom the council calls.
        (BORN | {"level_forename": INITIAL} | DATELESS | MOBILE | {"level_address": SECTOR}, True),
        (BORN | {"level_forename": INITIAL} | MOBILE | {"own_contacts": None}, True),
        (BORN | {"level_forename": 0} | MOBILE, True),
        (BORN | OTHER_MIDDLE_NAME | MOBILE, True),
        (BORN | {"level_forename": -1}, True),
        (BORN | {"level_forename": -1, "date_of_birth_l": "1963-05-12"}, False),
        (BORN | {"level_forename": 0}, True),
        (BORN | {"level_forename": 0, "middle_names_l": "MARY", "middle_names_r": "MARY"}, True),
        (BORN | {"level_forename": 0, "nhs_numbers_l": ["9000000009"]}, False),
        (BORN | {"level_forename": 0, "date_of_birth_l": "1963-05-12"}, False),
        (BORN | {"level_forename": INITIAL, "middle_names_l": "MARY", "middle_names_r": "MARY"}, False),
        (BORN | OTHER_MIDDLE_NAME | {"date_of_birth_l": None}, True),
        (BORN | OTHER_MIDDLE_NAME | {"date_of_birth_l": "1963-05-12"}, False),
        (BORN | OTHER_MIDDLE_NAME | {"date_of_birth_l": "1963-05-12", "date_of_birth_weak_r": True}, True),
        (BORN | OTHER_MIDDLE_NAME | {"nhs_numbers_l": ["9000000009"]}, False),
        (BORN | {"level_forename": SAME_FORENAME}, False),
        (BORN | {"level_forename": SAME_FORENAME, "forename_l": "ABDUL", "middle_names_r": "AZIZ"}, True),
        (BORN | {"level_forename": SAME_FORENAME, "forename_l": "ABDUL"}, False),
        (
            BORN
            | {"level_forename": SAME_FORENAME, "date_of_birth_weak_l": True, "date_of_birth_weak_r": True},
            True,
        ),
    ],
)
def test_another_middle_name_an_initial_or_names_exchanged_need_the_birth_date(
    told: dict[str, Any], fires: bool
) -> None:
    assert someone_else(MOTHER | told, {}) is fires


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ({"forename_l": "MARY", "forename_joined_l": "MARYJANE"}, True),
        ({"forename_l": "MARY", "forename_joined_l": "MARY", "forename_r": "MARY", "forename_joined_r": "MARYANN"}, True),
        ({"forename_l": "ABDUL", "forename_joined_l": "ABDUL"}, True),
        ({"forename_skeleton_l": "MOHMD"}, True),
        ({"forename_skeleton_r": "MOHMD", "forename_l": "M", "level_forename": INITIAL}, True),
        ({"forename_l": "MOHD", "level_forename": SHORT_FORM}, True),
        ({"forename_l": "NOOR", "forename_r": "NOOR", "forename_joined_l": "NOOR", "forename_joined_r": "NOOR"}, True),
        ({"forename_l": "WAI", "forename_r": "WAI", "forename_joined_l": "WAI", "forename_joined_r": "WAI"}, True),
        ({"forename_l": "MARY", "forename_joined_l": "MARY", "forename_r": "MARIE", "level_forename": CLOSE}, True),
        ({"middle_names_l": "KAUR", "middle_names_r": "SINGH"}, True),
        ({"middle_names_l": "KAUR", "middle_names_r": "ANN"}, False),
        ({}, False),
    ],
)  # fmt: skip
def test_the_second_half_of_a_double_name_is_a_twins_own(told: dict[str, Any], fires: bool) -> None:
    assert twins(TWIN | {"gender_l": "female"} | OTHER_MIDDLE_NAME | told, {}) is fires


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ({"level_address": SAME_LINE}, True),
        ({"level_address": SAME_POSTCODE}, True),
        ({"level_address": SECTOR}, False),
        ({"surname_names_l": ["BRACKWITH"]}, True),
        ({"contacts_l": ["01614960187"]}, True),
    ],
)
def test_twins_share_a_home_a_part_of_it_the_family_s_name_or_its_telephone(
    told: dict[str, Any], fires: bool
) -> None:
    apart = {"level_forename": 0, "surname_names_l": ["BRACKWIT"], "surname_names_r": ["BRACKWITH"]}
    apart |= {"level_address": SECTOR, "contacts_l": []}
    assert twins(TWIN | apart | told, {}) is fires


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ({"level_forename": LIKE}, True),
        ({"level_forename": CLOSE}, False),
        ({"level_forename": CLOSE, "forename_bearers": 1}, True),
        ({"level_forename": CLOSE, "forename_variants_l": ["GURPREET"]}, True),
        ({"level_forename": LIKE, "nhs_numbers_l": ["9000000009"]}, False),
        ({"level_forename": LIKE, "middle_names_l": "WINTERBOTTOM", "middle_names_r": "WINTERBOTTOM"}, True),
    ],
)
def test_a_near_forename_is_a_twins_unless_nobody_is_called_so(told: dict[str, Any], fires: bool) -> None:
    assert twins(TWIN | {"gender_l": "female"} | told, {}) is fires


OTHER_NAME = level("forename", "other_name")


@pytest.mark.parametrize(
    ("council", "register", "fires"),
    [
        ("KAUR DAVINDER", "JASWINDER KAUR", True),
        ("KAUR JASWINDAR", "JASWINDER KAUR", False),
        ("THI MAI", "LINH THI", True),
        ("JOHN OLIVER", "JAMES JOHN", True),
        ("JOHN", "JAMES JOHN", False),
        ("JOHN JOHN", "JAMES JOHN", False),
        ("JOHN J", "JAMES JOHN", False),
        ("JOHN OLIVER", "JAMES JOHN OLIVER", False),
        ("ANNE MARY", "MARY", True),
    ],
)
def test_one_name_in_common_is_little_where_another_stands_beside_it(
    council: str, register: str, fires: bool
) -> None:
    told: dict[str, Any] = {"level_forename": OTHER_NAME, "gender_l": "female"}
    for side, names in (("l", council.split()), ("r", register.split())):
        told |= {f"forename_{side}": names[0], f"middle_names_{side}": " ".join(names[1:]) or None}
        told |= {
            f"forename_others_{side}": [name for name in names[1:] if len(name) > 1 and name != names[0]]
        }
    assert twins(TWIN | told, {}) is fires
    assert someone_else(MOTHER | BORN | told, {}) is fires


@pytest.mark.parametrize(
    ("council", "register", "genders", "fires"),
    [
        ("NADIRA", "NADIR", (None, "male"), True),
        ("NADIR", "NADIRA", ("male", None), True),
        ("NADIR", "NADIRA", (None, None), True),
        ("NADIRA", "NADIR", ("male", "male"), False),
        ("NADIRR", "NADIR", (None, "male"), False),
    ],
)
def test_a_forename_with_an_a_behind_it_is_a_sisters_unless_the_gender_is_the_same(
    council: str, register: str, genders: tuple[str | None, str | None], fires: bool
) -> None:
    told = {"forename_l": council, "forename_r": register, "gender_l": genders[0], "gender_r": genders[1]}
    assert twins(TWIN | {"level_forename": CLOSE} | told, {}) is fires


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ({}, False),
        ({"flags_l": ["surname_junior"]}, True),
        ({"flags_r": ["forename_senior"]}, True),
        ({"flags_l": ["surname_junior"], "nhs_numbers_l": ["9000000009"]}, False),
        ({"flags_l": ["surname_junior"], "level_date_of_birth": 9}, False),
        ({"flags_l": ["surname_junior"], "flags_r": ["forename_junior"], "level_date_of_birth": 9}, False),
        ({"flags_l": ["surname_junior"], "flags_r": ["forename_senior"], "level_date_of_birth": 9}, True),
        (
            {"flags_l": ["forename_senior"], "flags_r": ["surname_junior"], "nhs_numbers_l": ["9000000009"]},
            True,
        ),
        ({"flags_l": ["surname_junior"], "shows_relatives": False}, False),
    ],
)
def test_junior_or_senior_is_said_where_there_are_two_of_a_name(told: dict[str, Any], fires: bool) -> None:
    assert guard("junior_or_senior")(MOTHER | {"flags_l": [], "flags_r": []} | told, {}) is fires


COUSIN: dict[str, Any] = MOTHER | {
    "level_forename": SAME_FORENAME,
    "level_date_of_birth": 0,
    "level_address": SAME_POSTCODE,
    "level_middle_names": -1,
    "level_surname": SAME_SURNAME,
    "weight_address": 8.0,
    "weight_surname": 5.0,
    "weight_forename": 5.0,
    "weight_date_of_birth": 1.0,
    "residents": 3,
    "contacts_l": [],
    "date_of_birth_l": "1963-11-26",
    "date_of_birth_r": "1956-03-14",
    "date_of_birth_text_l": "19631126",
    "date_of_birth_text_r": "19560314",
    "date_of_birth_year_l": 1963,
    "date_of_birth_year_r": 1956,
    "date_of_birth_weak_r": False,
    "postcode_sector_l": "OL9 7",
    "postcode_outcode_l": "OL9",
    "postcode_outcode_r": "OL9",
    "postcodes_l": ["OL97FP"],
    "postcodes_r": ["OL97FP"],
    "surname_parts_l": ["DORAN"],
    "surname_parts_r": ["DORAN"],
}
"""Somebody of the same name in another house of the postcode, born seven years apart."""


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ({}, True),
        ({"level_date_of_birth": TWO_PARTS}, True),
        ({"level_date_of_birth": ESTIMATED_YEAR}, True),
        ({"level_date_of_birth": ONE_DIGIT}, False),
        ({"level_address": SAME_HOME}, False),
        ({"shows_relatives": False}, False),
        ({"contacts_l": ["01614960187"]}, False),
        ({"nhs_numbers_l": ["9000000009"]}, False),
        ({"middle_names_l": "MARY", "middle_names_r": "MARY"}, True),
    ],
)
def test_a_postcode_in_common_is_little_where_the_birth_date_has_two_slips(
    told: dict[str, Any], fires: bool
) -> None:
    assert guard("thin_evidence")(COUSIN | told, {}) is fires


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ({}, True),
        ({"level_date_of_birth": TWO_PARTS}, False),
        ({"date_of_birth_year_r": 1951, "level_date_of_birth": TWO_PARTS}, True),
        ({"level_forename": 0}, False),
        ({"nhs_numbers_l": ["9000000009"]}, False),
        ({"middle_names_l": "MARY", "middle_names_r": "MARY"}, False),
    ],
)
def test_a_birth_date_that_agrees_in_nothing_is_a_namesakes(told: dict[str, Any], fires: bool) -> None:
    cousin = COUSIN | {"level_address": SAME_HOME} | told
    assert guard("namesake_at_home")(cousin, {}) is fires


@pytest.mark.parametrize(
    ("born", "other", "told", "fires"),
    [
        ("1958-06-17", "1985-06-17", {}, False),
        ("1934-06-17", "1964-06-17", {"level_date_of_birth": ONE_DIGIT}, True),
        ("1958-06-17", "1986-06-17", {}, True),
        ("1958-06-17", "1985-06-18", {}, True),
        # A father and a son go by different forms of one name.
        ("1958-06-17", "1985-06-17", {"forename_l": "ISA"}, True),
    ],
)
def test_exchanged_digits_of_the_year_are_no_namesakes_birth_date(
    born: str, other: str, told: dict[str, Any], fires: bool
) -> None:
    dates: dict[str, Any] = {"level_date_of_birth": TWO_PARTS}
    for side, day in (("l", born), ("r", other)):
        dates |= {f"date_of_birth_text_{side}": day.replace("-", "")}
        dates |= {f"date_of_birth_year_{side}": int(day[:4])}
    assert guard("namesake_at_home")(COUSIN | dates | told, {}) is fires


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ({}, False),
        ({"level_surname": 0}, True),
        ({"level_forename": SHORT_FORM}, True),
        ({"level_date_of_birth": ONE_DIGIT}, True),
        ({"level_date_of_birth": FIRST_OF_JANUARY}, True),
        ({"forename_l": "NOOR", "forename_r": "NOOR"}, True),
        ({"weight_forename": -1.0}, True),
    ],
)
def test_in_a_home_of_many_a_woman_may_have_married(told: dict[str, Any], fires: bool) -> None:
    """There, two women of one forename and one whole birth date are rare."""
    married = {"residents": 30, "level_surname": MARRIED, "weight_surname": -2.0}
    married |= {"level_date_of_birth": SAME_BIRTH_DATE}
    assert guard("shared_address")(COUSIN | married | told, {}) is fires


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ({}, False),
        ({"residents": 8}, True),
        ({"residents": 8, "level_date_of_birth": ONE_DIGIT}, False),
        ({"residents": 8, "level_date_of_birth": ONE_DIGIT, "weight_forename": -2.0}, True),
        ({"residents": 8, "level_date_of_birth": ONE_DIGIT, "level_forename": SHORT_FORM}, True),
        ({"residents": 8, "level_date_of_birth": ESTIMATED_YEAR, "level_forename": CLOSE}, True),
        ({"residents": 8, "level_date_of_birth": ONE_DIGIT, "level_surname": CLOSE_SURNAME}, True),
        ({"residents": 8, "level_date_of_birth": ESTIMATED_YEAR}, True),
        ({"residents": 8, "level_date_of_birth": ESTIMATED_YEAR, "nhs_numbers_l": ["9000000009"]}, False),
        ({"residents": 8, "level_date_of_birth": SWAPPED, "level_forename": SHORT_FORM}, False),
        ({"residents": 7, "level_date_of_birth": ONE_DIGIT, "level_forename": SHORT_FORM}, False),
        (
            {
                "residents": 8,
                "level_date_of_birth": ONE_DIGIT,
                "level_forename": CLOSE,
                "nhs_numbers_l": ["9000000009"],
            },
            False,
        ),
        (
            {
                "residents": 8,
                "level_date_of_birth": ONE_DIGIT,
                "level_forename": CLOSE,
                "middle_names_l": "MARY",
                "middle_names_r": "MARY",
            },
            False,
        ),
    ],
)
def test_in_a_home_of_many_a_near_name_or_birth_date_is_anothers(told: dict[str, Any], fires: bool) -> None:
    assert guard("shared_address")(COUSIN | told, {}) is fires


@pytest.mark.parametrize(
    ("order", "margin", "fires"),
    [
        ("exact", 4.9, True),
        ("exact", 6.5, False),
        ("swapped", 6.5, True),
        ("swapped", 14.0, False),
        ("swapped", None, False),
    ],
)
def test_names_the_other_way_round_do_not_beat_the_same_names_by_a_little(
    order: str, margin: float | None, fires: bool
) -> None:
    assert guard("close_rival")({"level_forename": level("forename", order), "margin": margin}, {}) is fires
