"""How addresses are read, and when two are one home."""

from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.fields import address
from linkage.values.addresses import Address, address_words, read_words


def read_address(text: str) -> Address:
    return read_words(address_words(text))


def read(**inputs: str) -> dict[str, Any]:
    return dict(
        zip(address.COLUMNS, address.clean(*(inputs.get(name) for name in address.READS)), strict=True)
    )


@pytest.mark.parametrize(
    ("received", "unit", "number", "building", "street"),
    [
        ("12 High Street, Bury", None, "12", None, "HIGH STREET"),
        ("12, High St, Bury", None, "12", None, "HIGH STREET"),
        ("12 HIGH ST BURY", None, "12", None, "HIGH STREET"),
        ("No. 12 High Street", None, "12", None, "HIGH STREET"),
        ("012 High Street", None, "12", None, "HIGH STREET"),
        ("12-14 High Street", None, "12", None, "HIGH STREET"),
        ("12A High Rd", None, "12A", None, "HIGH ROAD"),
        ("12 A High Rd", None, "12A", None, "HIGH ROAD"),
        ("FLAT 3, 12 HIGH STREET", "3", "12", None, "HIGH STREET"),
        ("12 FLAT 3 HIGH STREET", "3", "12", None, "HIGH STREET"),
        ("Apt 3B 12 High Street", "3B", "12", None, "HIGH STREET"),
        ("3, 12 High Street", "3", "12", None, "HIGH STREET"),
        ("Flat 3/12 High Street", "3", "12", None, "HIGH STREET"),
        ("12 High Street, Flat 3", "3", "12", None, "HIGH STREET"),
        ("FLAT 3 ROSE COURT 12 HIGH STREET", "3", "12", "ROSE COURT", "HIGH STREET"),
        ("3 Rose Court, 12 High Street", "3", "12", "ROSE COURT", "HIGH STREET"),
        ("Flat 3, Rose Court, High Street", "3", None, "ROSE COURT", "HIGH STREET"),
        ("3 Rose Court High St", "3", None, "ROSE COURT", "HIGH STREET"),
        ("3 Rose Court, Bury", "3", None, "ROSE COURT", None),
        ("Room 4, Oakwood Care Home, Park Rd", "4", None, "OAKWOOD CARE HOME", "PARK ROAD"),
        ("Rose Cottage, High Street", None, None, "ROSE COTTAGE", "HIGH STREET"),
        ("Rose Cottage High Street Bury", None, None, "ROSE COTTAGE", "HIGH STREET"),
        ("12 Rose Cottages, High Street", None, "12", "ROSE COTTAGES", "HIGH STREET"),
        ("Rosedene, High Street", None, None, "ROSEDENE", "HIGH STREET"),
        ("Meadow View, 21 Chapel Lane", None, "21", "MEADOW VIEW", "CHAPEL LANE"),
        ("Park View Care Home, 12 Park Road", None, "12", "PARK VIEW CARE HOME", "PARK ROAD"),
        ("The Old Vicarage Church Lane Bury", None, None, "OLD VICARAGE", "CHURCH LANE"),
        ("12 Old Mill Lane", None, "12", None, "OLD MILL LANE"),
        ("12 St Johns St", None, "12", None, "ST JOHNS STREET"),
        ("12 St. John's Road, St Helens", None, "12", None, "ST JOHNS ROAD"),
        ("Flat 1, 12 Saint Marys Rd", "1", "12", None, "ST MARYS ROAD"),
        ("Ground Floor Flat, 12 High Street", "GROUND", "12", None, "HIGH STREET"),
        ("1st Floor Flat 9 Kings Rd", "FIRST", "9", None, "KINGS ROAD"),
        ("12 Broadway, Bury", None, "12", None, "BROADWAY"),
        ("12 Cherry Trees, Bury", None, "12", None, "CHERRY TREES"),
        ("5 Green Lane West", None, "5", None, "GREEN LANE WEST"),
        ("12 Park View", None, "12", None, "PARK VIEW"),
        ("12 High Street, Bury, BL9 0AQ", None, "12", None, "HIGH STREET"),
        ("12 High Street Bury BL90AQ UK", None, "12", None, "HIGH STREET"),
        ("High Street, Bury", None, None, None, "HIGH STREET"),
        ("12", None, "12", None, None),
    ],
)
def test_an_address_is_taken_apart(
    received: str, unit: str | None, number: str | None, building: str | None, street: str | None
) -> None:
    assert read_address(received) == (unit, number, building, street)


@pytest.mark.parametrize(
    "inputs",
    [
        {"address": "Flat 3, Rose Court, 12 High Street, Bury"},
        {"address": "FLAT 3 ROSE COURT 12 HIGH ST BURY BL9 0AQ"},
        {"address_line_1": "Flat 3", "address_line_2": "Rose Court", "address_line_3": "12 High St"},
        {"address_line_1": "Flat 3 Rose Court", "address_line_2": "12", "address_line_3": "High Street"},
        {"address_line_1": "FLAT 3 ROSE COURT 12", "address_line_2": "HIGH STREET", "address_line_5": "BURY"},
        {
            "flat": "3",
            "building": "Rose Court",
            "house_number": "12",
            "street": "High Street",
            "town": "Bury",
        },
        {"flat": "Flat 3", "house_number": "12", "street": "High St"},
        {"flat": "3", "address": "12 High Street, Bury"},
        {"flat": "Flat 3", "address": "Flat 3, Rose Court, 12 High Street"},
        {"address": "Rose Court", "flat": "3", "house_number": "12", "street": "High St"},
        {"address": "Flat 3, High Street, Bury", "house_number": "12"},
        {"address": "Flat 3, 12 High Street, Bury", "house_number": "12"},
        {"address": "High Street", "flat": "3", "building": "Rose Court", "house_number": "12"},
        {
            "address": "rose court, 12 High Street",
            "flat": "3",
            "building": "Rose Court",
            "house_number": "12",
        },
    ],
)
def test_one_home_is_one_place_however_its_lines_are_cut(inputs: dict[str, str]) -> None:
    found = read(**inputs, postcode="bl90aq")
    assert found["place"] == "BL9 0AQ|3|12"
    assert found["places"] == ["BL9 0AQ|3|12"]
    assert found["address_key"] == "3|12|HIGH STREET"


def test_the_place_of_a_house_without_a_number_is_its_name() -> None:
    assert read(address="Rose Cottage, High Street", postcode="BL9 0AQ")["place"] == "BL9 0AQ||ROSE COTTAGE"


def test_a_postcode_within_the_address_serves_where_there_is_no_other() -> None:
    assert read(address="12 High Street, Bury, BL9 0AQ")["place"] == "BL9 0AQ||12"


@pytest.mark.parametrize(
    "inputs",
    [
        {"address": "12 High Street"},
        {"address": "12 High Street", "postcode": "ZZ99 3VZ"},
        {"address": "High Street", "postcode": "BL9 0AQ"},
        {"postcode": "BL9 0AQ"},
    ],
)
def test_there_is_no_place_without_a_postcode_or_without_a_number_or_name(inputs: dict[str, str]) -> None:
    assert read(**inputs)["place"] is None


@pytest.mark.parametrize("received", ["High Street, Bury", "12", "Rose Cottage", "Unknown", "", "..."])
def test_there_is_no_address_key_where_it_would_fit_many_homes(received: str) -> None:
    assert read(address=received)["address_key"] is None


def test_homes_of_former_addresses_are_places_of_the_person() -> None:
    found = read(
        address="12 High Street",
        postcode="BL9 0AQ",
        previous_address="Flat 3, 4 Low Road; 7 Mill Lane, Bury, M13 0AQ; 9 Green Lane",
        previous_postcode="OL1 1DB;OL1 2DB",
    )
    assert found["places"] == ["BL9 0AQ||12", "OL1 1DB|3|4", "M13 0AQ||7"]


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("Oakwood Care Home, Park Road", True),
        ("Oakwood Nursing Home, Park Road", True),
        ("The Elms Residential Home, Park Road", True),
        ("The Elms Rest Home, Park Road", True),
        ("Oakwood Lodge, Park Road", False),
        ("12 Rest Harrow Road", False),
        ("12 Nursery Road", False),
    ],
)
def test_a_care_home_is_told_by_clear_words_only(received: str, expected: bool) -> None:
    assert read(address=received)["address_care_home"] is expected


@pytest.mark.parametrize(
    ("received", "flags"),
    [
        ("NFA", ["no_fixed_abode"]),
        ("No fixed abode, Bury", ["no_fixed_abode"]),
        ("Unknown", ["address_unknown"]),
        ("not known", ["address_unknown"]),
        ("-", ["address_unknown"]),
        ("12 High Street", []),
    ],
)
def test_what_is_no_address_says_why(received: str, flags: list[str]) -> None:
    assert read(address=received)["address_flags"] == flags


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("10001020913", "10001020913"),
        ("010001020913.0", "10001020913"),
        ("0", None),
        ("1.0E+10", None),
        ("x", None),
    ],
)
def test_a_property_number_is_digits(received: str, expected: str | None) -> None:
    assert read(uprn=received)["uprn"] == expected


words = st.lists(
    st.sampled_from(
        ["12", "3", "12A", "A", ",", "Flat", "Room", "Ground", "Floor", "Rose", "Court", "House", "High",
         "Street", "St",
         "Road", "Green", "Park", "The", "No", "BL9", "0AQ", "12-14", "Care", "Home", "UK", "é", "Ж", "North"]
    ),
    max_size=9,
).map(" ".join)  # fmt: skip


def test_a_text_of_very_many_digits_is_read_at_once() -> None:
    before = process_time()
    read_address("7" * 20_000 + "-")
    assert process_time() - before < 1


@given(st.one_of(st.text(max_size=30), words))
def test_any_text_can_be_an_address_and_its_parts_read_as_themselves(text: str) -> None:
    found = read_address(text)
    assert len(read(address=text, previous_address=text, flat=text, postcode=text)) == len(address.COLUMNS)
    # "1, A Street" written without its comma is number 1A: a street whose name begins with a lone letter is left out.
    told = found.street and found.street.endswith(("STREET", "ROAD")) and len(found.street.split()[0]) > 1
    if found.number and told and not found.building:
        unit = (
            f"FLAT {found.unit}, " if found.unit and found.unit[0].isdigit() and "." not in found.unit else ""
        )
        again = read_address(f"{unit}{found.number} {found.street}")
        assert (again.number, again.street) == (found.number, found.street)


@given(st.integers(1, 999), st.integers(1, 99), st.sampled_from(["High", "St Johns", "Old Mill", "Green"]),
       st.sampled_from([("Street", "St"), ("Road", "Rd"), ("Avenue", "Ave"), ("Lane", "Ln")]),
       st.sampled_from([" ", ", ", "\n"]))  # fmt: skip
def test_spelling_and_separators_do_not_change_the_home(
    number: int, flat: int, name: str, kind: tuple[str, str], separator: str
) -> None:
    full = read_address(f"Flat {flat}, {number} {name} {kind[0]}, Bury")
    short = read_address(f"FLAT {flat}{separator}{number} {name.upper()} {kind[1]}{separator}BURY")
    assert full == short == (str(flat), str(number), None, f"{name} {kind[0]}".upper())


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ({"town": "Heywood"}, None),
        ({"town": "Heywood", "county": "Greater Manchester"}, None),
        ({"building": "Rosedene", "town": "Heywood"}, "OL10 2UR||ROSEDENE"),
        ({"town": "12 High Street, Heywood"}, "OL10 2UR||12"),
        ({"address_line_1": "HEYWOOD ", "town": "Heywood"}, None),
        (
            {
                "address_line_1": "Heywood",
                "address_line_2": "Lancashire",
                "town": "Heywood",
                "county": "Lancashire",
            },
            None,
        ),
        (
            {"address_line_1": "Rosedene", "address_line_2": "Heywood", "town": "Heywood"},
            "OL10 2UR||ROSEDENE",
        ),
        ({"address_line_1": "Rosedene", "town": "Heywood"}, "OL10 2UR||ROSEDENE"),
        ({"address": "Rosedene"}, "OL10 2UR||ROSEDENE"),
    ],
)
def test_a_town_alone_is_no_house(told: dict[str, str], place: str | None) -> None:
    found = read(postcode="OL10 2UR", **told)
    assert found["place"] == place
    assert found["address_received"] == " ".join([", ".join(told.values()), "OL10 2UR"])
