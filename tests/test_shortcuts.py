"""A field's shortcut and its `clean` give the same answers, whatever the text."""

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import shelf
from linkage.cleaning import answers, clean_field, joins, reads
from linkage.database import insert_rows, open_small_database
from linkage.reading.profile import inputs
from linkage.standardise import receive
from linkage.tables import COUNCIL, raw

Row = dict[str, str | None]

PLAIN = {
    "nhs_number": ["9434765919", "943 476 5919", "943-476-5919", "9000000009", "0000000000", "9876543210"],
    "superseded_nhs_numbers": ["9000000009", "9434765919;9000000017", "9000000017"],
    "superseded_by": ["9000000017"],
    "phone": [
        "01614960123",
        "0161 496 0123",
        "0161 4960123",
        "01611111111",
        "01612345678",
        "+44 161 496 0123",
    ],
    "mobile": ["07700900123", "07700 900123", "07700 900 123", "01614960123"],
    "email": ["Jo.Smith@example.org", "none@example.org", "n.o.n.e@x.uk", "a@b.co.uk", "a@b", "x y@b.com"],
    "postcode": [
        "M13 0AQ",
        "m13 0aq",
        "M130AQ",
        "M1 1AA",
        "ZZ99 3VZ",
        "BF1 1AA",
        "EC1A 1BB",
        "M0 1AA",
        "OL12 6LL",
    ],
    "previous_postcode": ["M13 0AQ", "M1 1AA", "M1 1AA; M2 2BB", "NFA", "OL12 6LL"],
    "uprn": ["10001976139", "00012", "12.0", "x", "0"],
}
WORDS = [
    "Flat", "FLAT", "Apt", "Block", "Room", "Ground", "Floor", "Rose", "Church", "St", "Road", "Street", "Court",
    "House", "High", "Mary's", "The", "Cottage", "Care Home", "UK", "NFA", "Unknown", "Stoke-on-Trent", "No", "Fl'at",
    "A", "1", "2", "15", "16", "15B", "3a", "07", "77771", "123456", "12-14", "2'5", "3 & 4", "1/2", "2'", "1st", "M1", "2AB",
    "M13 0AQ", "Æble", ",", ",", "-", "(", ")", ".",
]  # fmt: skip
NAMES = [
    "Ann", "ANN", "Marie", "Mary-Ann", "Smith", "O'Brien", "Mc", "Donald", "de", "la", "Von", "Jo", "J", "A", "X", "N",
    "Mr", "Mrs", "Md", "Jr", "Baby", "Twin", "Twina", "One", "Un", "Born", "Not", "Known", "No", "Name", "nk", "aka",
    "nee", "(Bill)", "known as", "Te", "st", "AAA", "ZZ", "Zoë", "/", ",", "'Al'", "Unknown", "Person", "-",
]  # fmt: skip
NAMED = ("forename", "middle_names", "preferred_name", "full_name", "surname", "previous_surname")
ALPHABET = st.sampled_from([*"Aa1205 ,.;-/'?&()@\u00e9\u2019", "7777", "ST ", "\n"])


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_small_database() as connection:
        yield connection


def shortcut_fields() -> dict[str, ModuleType]:
    return {name: field for name, field in shelf.load_all("fields").items() if hasattr(field, "SHORTCUT")}


def texts(name: str) -> st.SearchStrategy[str | None]:
    made = [st.none(), st.lists(ALPHABET, min_size=1, max_size=8).map("".join)]
    if name in ("address", "flat", "house_number", "building", "street", "town", "previous_address") or (
        name.startswith("address_line")
    ):
        made += [st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)] * 2
    if name in NAMED:
        made += [st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(" ".join)] * 3
        made += [st.none()] * (3 if name in ("preferred_name", "full_name") else 0)
    if name in PLAIN:
        made += [st.sampled_from(PLAIN[name])] * 3
    return st.one_of(made).map(lambda text: text and (text.strip() or None))


@pytest.mark.parametrize("name", shortcut_fields())
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_a_shortcut_gives_what_clean_gives(name: str, data: Any, database: duckdb.DuckDBPyConnection) -> None:
    field = shortcut_fields()[name]
    taken = [column for column in reads(field) if column in inputs()]
    rows = data.draw(
        st.lists(st.fixed_dictionaries({column: texts(column) for column in taken}), min_size=20, max_size=60)
    )
    assert_same(database, name, field, rows)


@pytest.mark.parametrize("email", ["Joſé@example.org", "JOſ@example.org", "jo@example.uK", "İ@x.uk"])
def test_a_shortcut_takes_no_letter_for_another_case_of_a_plain_one(
    email: str, database: duckdb.DuckDBPyConnection
) -> None:
    assert_same(database, "contact", shortcut_fields()["contact"], [{"email": email}])


def assert_same(database: duckdb.DuckDBPyConnection, name: str, field: ModuleType, rows: list[Row]) -> None:
    names = list(inputs())
    table = raw(COUNCIL)
    listed = ", ".join(f'"{column}" VARCHAR' for column in names)
    database.execute(f'CREATE OR REPLACE TABLE "{table}" (row_number BIGINT, {listed})')
    insert_rows(database, table, [(place, *(row.get(n) for n in names)) for place, row in enumerate(rows)])
    receive(database, [COUNCIL])
    clean_field(database, name, field)
    told = ", ".join(answers(name, field).values())
    given_to_clean = ", ".join(f'received."{column}"' for column in reads(field))
    found = database.execute(
        f"SELECT ({told}), ({given_to_clean}) FROM received {joins(name, field)} ORDER BY row_number"
    ).fetchall()
    database.execute(f'DROP VIEW received; DROP TABLE "cleaned_{name}"')
    clean: Callable[..., Any] = field.clean
    assert len(found) == len(rows)
    for answer, values in found:
        assert answer == clean(*values), values
