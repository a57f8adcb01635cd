"""How two people are compared, field by field: which level a pair reaches."""

import re
from functools import cache
from types import ModuleType
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import shelf
from linkage.fields import Input

FIELDS: dict[str, ModuleType] = shelf.load_all("fields")
COMPARED = {field.COMPARISON.name: field for field in FIELDS.values() if hasattr(field, "COMPARISON")}


def reads(field: ModuleType) -> tuple[str, ...]:
    return tuple(getattr(field, "READS", tuple(declared.name for declared in field.INPUTS)))


def record(person: dict[str, str]) -> dict[str, Any]:
    cleaned: dict[str, Any] = {}
    for field in FIELDS.values():
        cleaned |= dict(
            zip(field.COLUMNS, field.clean(*(person.get(name) for name in reads(field))), strict=True)
        )
    return cleaned


def select(person: dict[str, str]) -> tuple[str, list[Any]]:
    kinds = {name: kind for field in FIELDS.values() for name, kind in field.COLUMNS.items()}
    derived = {
        name: both for field in FIELDS.values() for name, both in getattr(field, "DERIVED", {}).items()
    }
    values = record(person)
    columns = ", ".join(f'CAST(? AS {kinds[name]}) AS "{name}"' for name in values)
    more = ", ".join(
        f'CAST({expression} AS {kind}) AS "{name}"' for name, (kind, expression) in derived.items()
    )
    return f"SELECT *, {more} FROM (SELECT {columns})", list(values.values())


def sql() -> str:
    """The level of each comparison, for the rows of `one` on the left and those of `other` on the right."""
    cases = []
    for name, field in COMPARED.items():
        *conditions, last = field.COMPARISON.levels
        when = " ".join(f"WHEN {level.condition} THEN '{level.name}'" for level in conditions)
        cases.append(f"CASE {when} ELSE '{last.name}' END AS \"{name}\"")
    names = [name for field in FIELDS.values() for name in (*field.COLUMNS, *getattr(field, "DERIVED", {}))]
    sides = ", ".join(f'one."{name}" AS "{name}_l", other."{name}" AS "{name}_r"' for name in names)
    return f"SELECT {', '.join(cases)} FROM (SELECT {sides} FROM one, other)"


LEVELS_SQL = sql()


@cache
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def levels(left: dict[str, str], right: dict[str, str]) -> dict[str, str]:
    """The level that the pair reaches in each comparison."""
    for name, person in (("one", left), ("other", right)):
        select_sql, values = select(person)
        database().execute(f"CREATE OR REPLACE TABLE {name} AS {select_sql}", values)
    (reached,) = database().execute(LEVELS_SQL).fetchall()
    return dict(zip(COMPARED, reached, strict=True))


PEOPLE: list[tuple[str, str, dict[str, str], dict[str, str]]] = [
    ("forename", "missing", {}, {"forename": "Ann"}),
    ("forename", "exact", {"forename": "Ann"}, {"forename": "ANN"}),
    ("forename", "exact", {"forename": "Anne-Marie"}, {"forename": "Annemarie"}),
    ("forename", "exact", {"forename": "Xiao Ming"}, {"forename": "XIAOMING"}),
    ("forename", "swapped", {"forename": "Chen", "surname": "Wei"}, {"forename": "Wei", "surname": "Chen"}),
    ("forename", "other_name", {"forename": "Mary Bronwen"}, {"forename": "Bronwen"}),
    ("forename", "other_name", {"forename": "Xerxes (known as Bo)"}, {"forename": "Bo"}),
    ("forename", "nickname", {"forename": "Bill"}, {"forename": "William"}),
    ("forename", "nickname", {"forename": "Sean"}, {"forename": "John"}),
    ("forename", "initial", {"forename": "J"}, {"forename": "John"}),
    ("forename", "initial", {"forename": "J"}, {"forename": "J"}),
    ("forename", "close", {"forename": "Michelle"}, {"forename": "Micheele"}),
    ("forename", "close", {"forename": "Kulwinder"}, {"forename": "Kulvinder"}),
    ("forename", "differs", {"forename": "J"}, {"forename": "Mary"}),
    ("forename", "like", {"forename": "Hassan"}, {"forename": "Hussain"}),
    ("forename", "close", {"forename": "Jane"}, {"forename": "Jsne"}),
    ("forename", "reordered", {"forename": "Michael Lee"}, {"forename": "Lee Michael"}),
    ("forename", "swapped", {"forename": "Li", "surname": "Xiao Ming"}, {"forename": "Xiao Ming", "surname": "Li"}),
    ("forename", "exact", {"forename": "JosÃ©"}, {"forename": "José"}),
    ("forename", "exact", {"forename": "Mst Rahela"}, {"forename": "Rahela"}),
    ("forename", "exact", {"forename": "Md Rahim"}, {"forename": "Rahim"}),
    ("forename", "other_name", {"forename": "K Ramesh"}, {"forename": "Ramesh"}),
    ("forename", "other_name", {"forename": "Md Rahim"}, {"forename": "Mohammed", "middle_names": "Rahim"}),
    ("forename", "nickname", {"forename": "Md"}, {"forename": "Mohammed", "middle_names": "Rahim"}),
    ("forename", "nickname", {"forename": "Oleksandr"}, {"forename": "Alexander"}),
    ("forename", "close", {"forename": "Fran?oise"}, {"forename": "Françoise"}),
    ("forename", "close", {"forename": "Jörn"}, {"forename": "Joern"}),
    ("middle_names", "missing", {"forename": "Ann"}, {"forename": "Ann", "middle_names": "Jo"}),
    ("middle_names", "missing", {"forename": "Lee"}, {"forename": "Michael", "middle_names": "Lee"}),
    ("middle_names", "same", {"forename": "Ann Jo"}, {"forename": "Ann", "middle_names": "JO"}),
    ("middle_names", "initial", {"forename": "Ann", "middle_names": "J"}, {"forename": "Ann Jo"}),
    ("middle_names", "close", {"forename": "Ann Jo May"}, {"forename": "Ann Jo"}),
    ("middle_names", "differs", {"forename": "Ann Jo"}, {"forename": "Ann May"}),
    ("surname", "missing", {"surname": "Smith"}, {}),
    ("surname", "missing", {"forename": "Chen", "surname": "Wei"}, {"forename": "Wei", "surname": "Chen"}),
    ("surname", "exact", {"forename": "Ali", "surname": "Ali"}, {"forename": "Ali", "surname": "Ali"}),
    ("surname", "exact", {"surname": "O'Brien"}, {"surname": "O Brien"}),
    ("surname", "former", {"surname": "Smith", "previous_surname": "Jones"}, {"surname": "Jones"}),
    ("surname", "part", {"surname": "Smith-Jones"}, {"surname": "Jones"}),
    ("surname", "close", {"surname": "Chaudhry"}, {"surname": "Chowdhury"}),
    ("surname", "close", {"surname": "Müller"}, {"surname": "Mueller"}),
    ("surname", "close", {"surname": "Gholizadeh"}, {"surname": "Qolizade"}),
    ("surname", "exact", {"surname": "Leopold Everingham", "lone_name": "Leopold Everingham"}, {"surname": "Everingham"}),
    ("surname", "like", {"surname": "Dickson"}, {"surname": "Diclesom"}),
    ("surname", "differs_woman", {"surname": "Smith", "gender": "F"}, {"surname": "Brown"}),
    ("surname", "differs", {"surname": "Smith", "gender": "M"}, {"surname": "Brown"}),
    ("date_of_birth", "missing", {"date_of_birth": "01/01/1900"}, {"date_of_birth": "01/01/1900"}),
    ("date_of_birth", "exact_weak", {"date_of_birth": "01/01/1950"}, {"date_of_birth": "1950-01-01"}),
    ("date_of_birth", "exact", {"date_of_birth": "02/03/1950"}, {"date_of_birth": "1950-03-02"}),
    ("date_of_birth", "swapped", {"date_of_birth": "02/03/1950"}, {"date_of_birth": "03/02/1950"}),
    ("date_of_birth", "one_digit", {"date_of_birth": "02/03/1950"}, {"date_of_birth": "02/03/1951"}),
    ("date_of_birth", "two_parts", {"date_of_birth": "02/03/1950"}, {"date_of_birth": "02/03/1961"}),
    ("date_of_birth", "estimated_year", {"date_of_birth": "01/01/1950"}, {"date_of_birth": "24/07/1951"}),
    ("date_of_birth", "estimated_near", {"date_of_birth": "01/01/1950"}, {"date_of_birth": "24/07/1954"}),
    ("date_of_birth", "one_digit", {"date_of_birth": "12/83/1950"}, {"date_of_birth": "12/03/1950"}),
    ("date_of_birth", "two_digits", {"date_of_birth": "02/03/1950"}, {"date_of_birth": "03/03/1951"}),
    ("date_of_birth", "year", {"date_of_birth": "02/03/1950"}, {"date_of_birth": "24/07/1950"}),
    ("date_of_birth", "differs", {"date_of_birth": "02/03/1950"}, {"date_of_birth": "24/07/1961"}),
    ("gender", "missing", {"gender": "U"}, {"gender": "F"}),
    ("gender", "same", {"gender": "2"}, {"gender": "F"}),
    ("gender", "differs", {"gender": "1"}, {"gender": "F"}),
    ("address", "missing", {"address": "12 High Street"}, {"postcode": "M13 0AQ"}),
    ("address", "missing", {"postcode": "ZZ99 3VZ"}, {"postcode": "ZZ99 3VZ"}),
    ("address", "same_place", {"address": "12 High St", "postcode": "M13 0AQ"},
     {"address_line_1": "12", "address_line_2": "High Street", "postcode": "m130aq"}),
    ("address", "same_place", {"address": "CafÃ© Cottage, King?s Lane", "postcode": "M13 0AQ"},
     {"address": "Café Cottage, King’s Lane", "postcode": "M13 0AQ"}),
    ("address", "former_place", {"address": "12 High St", "postcode": "M13 0AQ"},
     {"postcode": "OL1 1DB", "previous_address": "12 High Street", "previous_postcode": "M13 0AQ"}),
    ("address", "same_line", {"address": "12 High St", "postcode": "M13 0AQ"},
     {"address": "12 High Street", "postcode": "M14 0AQ"}),
    ("address", "same_line", {"address": "12 High St"}, {"address": "12 High Street", "postcode": "M14 0AQ"}),
    ("address", "close_line", {"address": "12 High St", "postcode": "M13 0AQ"},
     {"address": "Flat 2, 12 Hgh Street", "postcode": "M13 0AQ"}),
    ("address", "same_postcode", {"address": "Flat 1, 12 High St", "postcode": "M13 0AQ"},
     {"address": "Flat 2, 12 High St", "postcode": "M13 0AQ"}),
    ("address", "same_postcode", {"address": "12 High St", "postcode": "M13 0AQ"}, {"postcode": "M13 0AQ"}),
    ("address", "former_postcode", {"postcode": "M13 0AQ"}, {"previous_postcode": "M13 0AQ"}),
    ("address", "same_street", {"address": "12 High St", "postcode": "M13 0AQ"},
     {"address": "14 High Street", "postcode": "OL1 1DB"}),
    ("address", "close_postcode", {"postcode": "M13 0AQ"}, {"postcode": "M31 0AQ"}),
    ("address", "close_postcode", {"postcode": "M13 0AQ"}, {"postcode": "M13 0AB"}),
    ("address", "sector", {"postcode": "M13 0AQ"}, {"postcode": "M13 0BL"}),
    ("address", "outcode", {"postcode": "M13 0AQ"}, {"postcode": "M13 9BL"}),
    ("address", "differs", {"postcode": "M13 0AQ"}, {"postcode": "OL1 1DB"}),
    ("birth_place", "missing", {"birth_place": "England"}, {"birth_place": "England"}),
    ("birth_place", "same", {"birth_place": "Lahore"}, {"birth_place": "LAHORE"}),
    ("birth_place", "close", {"birth_place": "Lahore"}, {"birth_place": "Lahore, Pakistan"}),
    ("birth_place", "differs", {"birth_place": "Lahore"}, {"birth_place": "Oldham"}),
    ("contact", "missing", {"phone": "0161 496 0000"}, {"phone": "n/a"}),
    ("contact", "shared", {"phone": "0161 496 0000"}, {"mobile": "+44 161 496 0000"}),
    ("contact", "differs", {"phone": "0161 496 0000"}, {"email": "ann@example.org"}),
    ("nhs_number", "missing", {"nhs_number": "9000000009"}, {"nhs_number": "9000000008"}),
    ("nhs_number", "same", {"nhs_number": "9000000009"},
     {"nhs_number": "9000000017", "superseded_nhs_numbers": "9000000009"}),
    ("nhs_number", "differs", {"nhs_number": "9000000009"}, {"nhs_number": "9000000017"}),
]  # fmt: skip


@pytest.mark.parametrize(("comparison", "level", "left", "right"), PEOPLE)
def test_a_pair_reaches_its_level_whichever_side_is_which(
    comparison: str, level: str, left: dict[str, str], right: dict[str, str]
) -> None:
    assert levels(left, right)[comparison] == level
    assert levels(right, left)[comparison] == level


def test_every_level_of_every_comparison_is_reached_by_an_example() -> None:
    declared = {(name, level.name) for name, field in COMPARED.items() for level in field.COMPARISON.levels}
    assert {(comparison, level) for comparison, level, _, _ in PEOPLE} == declared


person = st.fixed_dictionaries(
    {},
    optional={
        "forename": st.sampled_from(["Ann", "Anne-Marie", "A", "Wei", "Bill"]),
        "surname": st.sampled_from(["Wei", "Smith", "Smith-Jones", "Ann"]),
        "gender": st.sampled_from(["F", "M", "U"]),
        "date_of_birth": st.sampled_from(["01/01/1950", "02/03/1950", "03/02/1950", "02/03/1951"]),
        "address": st.sampled_from(["12 High Street", "Flat 3, 12 High Street", "NFA"]),
        "postcode": st.sampled_from(["M13 0AQ", "M13 0AB", "OL1 1DB", "QX1 1AA"]),
        "previous_postcode": st.sampled_from(["M13 0AQ", "OL1 1DB"]),
        "phone": st.sampled_from(["01614960000", "07700900123"]),
        "nhs_number": st.sampled_from(["9000000009", "9000000017"]),
    },
)


@settings(max_examples=25, deadline=None)
@given(person, person)
def test_a_comparison_is_symmetric(left: dict[str, str], right: dict[str, str]) -> None:
    assert levels(left, right) == levels(right, left)


@pytest.mark.parametrize("name", sorted(COMPARED))
def test_a_comparison_has_one_level_for_missing_ends_with_the_rest_and_its_starting_values_are_shares(
    name: str,
) -> None:
    *before, last = COMPARED[name].COMPARISON.levels
    [first] = [level for level in before if level.missing]
    between = [level for level in before if not level.missing]
    assert first.m == 0
    assert last.condition == ""
    assert all(level.condition and level.m > 0 and not level.missing for level in between)
    assert sum(level.m for level in (first, *between, last)) == pytest.approx(1)
    assert len({level.wording for level in (first, *between, last)}) == len(between) + 2


def test_the_words_about_an_estimated_birth_date_are_of_its_year_which_alone_is_compared() -> None:
    compared = levels({"date_of_birth": "01/1960"}, {"date_of_birth": "24/12/1961"})
    words = {level.name: level.wording for level in FIELDS["date_of_birth"].COMPARISON.levels}
    assert words[compared["date_of_birth"]].endswith("its year at most one apart")


def test_no_column_and_no_heading_is_claimed_twice() -> None:
    columns = [name for field in FIELDS.values() for name in (*field.COLUMNS, *getattr(field, "DERIVED", {}))]
    assert len(columns) == len(set(columns))
    claimed: dict[str, str] = {}
    for field in FIELDS.values():
        inputs: tuple[Input, ...] = field.INPUTS
        for declared in inputs:
            for heading in (declared.name, *declared.aliases):
                plain = re.sub("[^a-z0-9]", "", heading.lower())
                assert claimed.setdefault(plain, declared.name) == declared.name


def test_every_field_reads_declared_inputs() -> None:
    declared = {one.name for field in FIELDS.values() for one in field.INPUTS}
    declared |= {name for field in FIELDS.values() for name in getattr(field, "WORKED_OUT", {})}
    for field in FIELDS.values():
        assert set(reads(field)) <= declared
