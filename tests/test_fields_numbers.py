"""How NHS Numbers, telephone numbers, e-mail addresses, genders and statuses are read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.fields import contact, gender, nhs_number, status


def nhs(*values: str | None) -> dict[str, Any]:
    return dict(
        zip(nhs_number.COLUMNS, nhs_number.clean(*(*values, *[None] * (3 - len(values)))), strict=True)
    )


@pytest.mark.parametrize(
    "received",
    ["9000000009", "900 000 0009", "900-000-0009", " 9000000009 ", "9000000009.0", "900\u00a0000\u00a00009"],
)
def test_a_number_is_ten_digits_however_it_is_written(received: str) -> None:
    read = nhs(received)
    assert (read["nhs_number"], read["nhs_number_flags"]) == ("9000000009", [])
    assert (read["nhs_number_range"], read["nhs_number_received"]) == ("test", received)


@pytest.mark.parametrize(
    ("received", "flag"),
    [
        ("9000000008", "check_digit"),
        ("0000000000", "placeholder"),
        ("9999999999", "placeholder"),
        ("0123456789", "placeholder"),
        ("900000009", "format"),
        ("90000000099", "format"),
        ("９００００００００９", "format"),
        ("ABCD 123", "format"),
        ("unknown", "format"),
        ("9.00E+09", "precision_lost"),
        ("9E9", "precision_lost"),
    ],
)
def test_what_is_no_number_says_why_and_is_not_guessed(received: str, flag: str) -> None:
    read = nhs(received)
    assert (read["nhs_number"], read["nhs_numbers"]) == (None, [])
    assert read["nhs_number_flags"] == [f"nhs_number_{flag}"]


def test_the_numbers_that_a_number_replaces_are_numbers_of_the_person() -> None:
    read = nhs("9000000009", "9000000017; 9000000008;9000000009", "900 000 0025")
    assert read["nhs_numbers"] == ["9000000009", "9000000017"]
    assert read["nhs_number_superseded_by"] == "9000000025"


def test_an_empty_number_is_missing_without_a_flag() -> None:
    assert nhs(None)["nhs_number_flags"] == []
    assert nhs(" ")["nhs_number"] is None


@given(st.integers(0, 999_999_999))
def test_one_wrong_digit_never_passes_the_check(stem: int) -> None:
    nine = f"{stem:09}"
    passing = [digit for digit in range(10) if nhs_number.check_digit_holds(f"{nine}{digit}")]
    assert len(passing) <= 1


@given(st.one_of(st.text(max_size=15), st.from_regex(r"9[0-9]{9}", fullmatch=True)))
def test_any_text_can_be_a_number_and_reading_twice_is_reading_once(text: str) -> None:
    once = nhs(text)["nhs_number"]
    assert once is None or nhs(once)["nhs_number"] == once


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("0161 496 0000", "01614960000"),
        ("+44 161 496 0000", "01614960000"),
        ("+44 (0)161 496 0000", "01614960000"),
        ("0044 161 496 0000", "01614960000"),
        ("07700 900123", "07700900123"),
        ("7700900123", "07700900123"),
        ("7700900123.0", "07700900123"),
        ("01204 52345", "0120452345"),
    ],
)
def test_a_telephone_number_is_national_digits(received: str, expected: str) -> None:
    assert contact.clean(received, None, None)[0] == [expected]


@pytest.mark.parametrize(
    "received",
    ["07000000000", "00000000000", "07777777777", "01234567890", "999", "n/a", "ex directory", "1", "0161"],
)
def test_a_placeholder_is_no_telephone_number(received: str) -> None:
    assert contact.clean(received, received, None)[0] == []


def test_all_contacts_of_a_person_are_one_list() -> None:
    contacts, received = contact.clean(
        "0161 496 0000 / 07700 900123", "07700900123", "Ann.Lee@Example.ORG; none@x.uk"
    )
    assert contacts == ["01614960000", "07700900123", "ann.lee@example.org"]
    assert received == "0161 496 0000 / 07700 900123 07700900123 Ann.Lee@Example.ORG; none@x.uk"


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_text_can_be_a_contact_and_cleaning_twice_is_cleaning_once(
    one: str, two: str, three: str
) -> None:
    contacts, _ = contact.clean(one, two, three)
    numbers = [item for item in contacts if "@" not in item]
    assert contact.clean("; ".join(numbers), None, None)[0] == numbers


@pytest.mark.parametrize(
    ("received", "title", "expected"),
    [
        ("M", None, "male"), ("1", None, "male"), ("Male", None, "male"), ("man", None, "male"), ("1.0",
        None, "male"),
        ("F", None, "female"), ("2", None, "female"), ("female", None, "female"), ("Woman", None, "female"),
        ("U", None, None), ("0", None, None), ("9", None, None), ("Not known", None, None), ("other",
        None, None),
        (None, "Mr", "male"), (None, "Mrs.", "female"), ("U", "Miss", "female"), ("F", "Mr", "female"),
        (None, "Dr", None), ("I", "Mr", None), ("Non-binary", "Ms", None), (None, None, None),
    ],
)  # fmt: skip
def test_gender_is_its_word_or_code_and_only_then_the_title(
    received: str | None, title: str | None, expected: str | None
) -> None:
    assert gender.clean(received, title) == (expected, received)


def test_status_says_only_what_was_received() -> None:
    assert status.clean(None, None, None, None, None, None) == (None, None, False, None, None, None, [])
    assert status.clean("N", " 123 ", None, "R", "White", "3")[:6] == (False, "123", True, True, "White", "3")
    assert status.clean("Y", None, "2020-01-01", "U", None, None)[:4] == (True, None, True, False)
    assert status.clean("-", " ", "", "Very restricted", "", "")[:4] == (None, None, False, True)


def confidential(received: str) -> tuple[bool | None, list[str]]:
    """What is read of a mark of sensitivity, and the flags."""
    found = status.clean(None, None, None, received, None, None)
    return found[3], found[-1]


@pytest.mark.parametrize(
    "received",
    ["Y", "yes", "1", "R", "V", "s", "S - Sensitive", "Restricted access", "HIGHLY CONFIDENTIAL", "Redacted"],
)
def test_what_says_that_a_record_is_restricted_marks_it(received: str) -> None:
    assert confidential(received) == (True, [])


@pytest.mark.parametrize(
    "received",
    [
        "N", "no", "False", "0", "0.0", "None", "U", "Normal", "Standard", "Unrestricted", "U - Unrestricted", "Not restricted",
        "Not sensitive", "N - Not Sensitive", "non-confidential", "No longer restricted", "No restrictions",
    ],
)  # fmt: skip
def test_what_plainly_says_that_it_is_not_marks_nothing(received: str) -> None:
    assert confidential(received) == (False, [])


@pytest.mark.parametrize(
    "received", [" ", "-", "--", ".", "N/A", "n/k", "Unknown", "Not known", "[]", "Not applicable"]
)
def test_what_says_nothing_marks_nothing(received: str) -> None:
    assert confidential(received) == (None, [])


@pytest.mark.parametrize(
    "received",
    [
        "Sensitive - no contact with father", "Restricted - not to be disclosed", "Do not disclose", "No disclosure",
        "Not restricted; do not disclose", "No - restricted", "Not yet restricted", "Witness protection", "S-Flag", "X",
        "\u2713", "*", "?", "\u4fdd\u5bc6", "2024-03-01", "No contact", "N.B. refuge", "maybe", "B",
    ],
)  # fmt: skip
def test_what_is_no_plain_no_marks_a_record_and_is_flagged(received: str) -> None:
    assert confidential(received) == (True, ["confidential_format"])


@pytest.mark.parametrize(
    ("received", "client", "flags"),
    [
        ("Y", True, []), ("Y - Client", True, []), ("Service User", True, []), ("N", False, []), ("0", False, []),
        ("-", None, []), ("N/A", None, []), ("Unknown", None, []),
        *((text, False, ["is_client_format"]) for text in ("Carer", "Informal Carer", "Relative of client", "Not a client", "?")),
    ],
)  # fmt: skip
def test_whoever_is_said_to_be_something_else_than_a_client_is_none(
    received: str, client: bool | None, flags: list[str]
) -> None:
    found = status.clean(received, None, None, None, None, None)
    assert (found[0], found[-1]) == (client, flags)


@pytest.mark.parametrize("nothing", ["N", "no", "None", "N/A", "-", "0", " ", "Not merged"])
def test_a_word_for_nothing_is_no_record_that_a_record_was_merged_into(nothing: str) -> None:
    assert status.clean(None, nothing, nothing, None, None, None)[1:3] == (None, False)


@pytest.mark.parametrize(
    ("day", "merged"),
    [
        ("2020-01-01", True), ("yes", True), ("1900-01-01 00:00:00", False), ("31/12/9999", False),
        ("44000", True),
    ],
)  # fmt: skip
def test_a_day_that_stands_for_none_is_none_on_which_a_record_was_merged(day: str, merged: bool) -> None:
    assert status.clean(None, None, day, None, None, None)[1:3] == (None, merged)


@given(st.text(), st.text(), st.text())
def test_any_text_can_be_a_gender_or_a_status(one: str, two: str, three: str) -> None:
    found, _ = gender.clean(one, two)
    assert found is None or gender.clean(found, None)[0] == found
    assert len(status.clean(one, two, three, one, two, three)) == len(status.COLUMNS)
