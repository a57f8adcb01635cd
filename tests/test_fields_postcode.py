"""How postcodes are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.fields import postcode
from linkage.values.postcodes import read_postcode


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("M13 0AQ", "M13 0AQ"),
        ("m130aq", "M13 0AQ"),
        (" m13  0aq ", "M13 0AQ"),
        ("M13-0AQ", "M13 0AQ"),
        ("M13 OAQ", "M13 0AQ"),
        ("MI3 0AQ", "M13 0AQ"),
        ("0L1 1DB", "OL1 1DB"),
        ("S01 2AB", "SO1 2AB"),
        ("SW1A IAA", "SW1A 1AA"),
        ("BL9 OAQ", "BL9 0AQ"),
        ("SK1 5A5", "SK1 5AS"),
        ("W1A 1AA", "W1A 1AA"),
        ("EC1A 1BB", "EC1A 1BB"),
    ],
)
def test_a_postcode_has_one_space_and_slips_are_repaired(received: str, expected: str) -> None:
    assert read_postcode(received) == (expected, "")


@pytest.mark.parametrize(
    ("received", "flag"),
    [
        ("ZZ99 3VZ", "no_fixed_abode"),
        ("zz993vz", "no_fixed_abode"),
        ("NFA", "no_fixed_abode"),
        ("No fixed abode", "no_fixed_abode"),
        ("NF1 1AB", "no_fixed_abode"),
        ("ZZ99 3WZ", "postcode_unknown"),
        ("ZZ99 3CZ", "postcode_unknown"),
        ("nopostcode", "postcode_unknown"),
        ("XXX XXX", "postcode_unknown"),
        ("Unknown", "postcode_unknown"),
        ("-", "postcode_unknown"),
        ("ZZ99 7CZ", "postcode_overseas"),
        ("ZZ99 3AZ", "postcode_overseas"),
        ("BF1 2AU", "postcode_overseas"),
        ("Overseas", "postcode_overseas"),
        ("Manchester", "postcode_invalid"),
    ],
)
def test_what_is_no_postcode_says_why(received: str, flag: str) -> None:
    assert read_postcode(received) == (None, flag)


@pytest.mark.parametrize("received", ["M13", "12345", "2021"])
def test_a_district_alone_or_another_countrys_code_is_kept_as_invalid(received: str) -> None:
    assert read_postcode(received) == (received, "postcode_invalid")


def test_an_unreal_postcode_in_the_right_shape_is_kept_because_it_is_one_slip_away() -> None:
    assert read_postcode("QX13 0AQ") == ("QX13 0AQ", "postcode_invalid")


def test_an_empty_postcode_is_missing_without_a_flag() -> None:
    assert postcode.clean(None, None, None) == (None, [], None, [])
    assert read_postcode("  ") == (None, "")


def test_former_postcodes_are_postcodes_of_the_person() -> None:
    value, postcodes, received, flags = postcode.clean("m130aq", "OL1 1DB; nopostcode;M13 0AQ", None)
    assert (value, postcodes, flags) == ("M13 0AQ", ["M13 0AQ", "OL1 1DB"], [])
    assert received == "m130aq OL1 1DB; nopostcode;M13 0AQ"


def test_a_postcode_in_the_address_is_taken_where_there_is_none_of_its_own() -> None:
    assert postcode.clean(None, None, "12 High Street, Bury, bl9 0aq")[0] == "BL9 0AQ"
    assert postcode.clean("M13 0AQ", None, "12 High Street, Bury, BL9 0AQ")[0] == "M13 0AQ"


@given(st.one_of(st.text(max_size=12), st.from_regex(r"[A-Z0-9]{1,4} ?[A-Z0-9]{3}", fullmatch=True)))
def test_any_text_can_be_a_postcode_and_reading_twice_is_reading_once(text: str) -> None:
    once = read_postcode(text).value
    assert once is None or read_postcode(once).value == once
