"""Which two records of a council become one person, among those of a town."""

import pytest
from small_run import made_up_number

from linkage import pipeline
from linkage.config import DedupeJob
from linkage.people.ties import NAMELESS, RIVAL, TWO_PERSONS
from linkage.population import generate
from linkage.reading.lists import read_rows
from linkage.tabular import write_rows

FIRST, SECOND, THIRD = made_up_number(100), made_up_number(200), made_up_number(300)
SURNAMES = [
    "Abdy",
    "Ainscough",
    "Brockhole",
    "Cuthell",
    "Fenwick",
    "Xenakis",
    "Pickersgill",
    "Ormerod",
    "Tunnacliffe",
    "Warbrick",
    "Yewdall",
    "Zeller",
    "Quarmby",
]
HOME = {"Town": "Rochdale", "Postcode": "OL16 3ZZ", "Is Client": "Y"}
BORN = "02/03/1971"
PEOPLE: dict[str, list[dict[str, str]]] = {
    "two numbers": [
        {"Forename": "Zyxwvutia", "NHS Number": FIRST, "Date of Birth": BORN},
        {"Forename": "Zyxwvutia", "NHS Number": SECOND, "Date of Birth": BORN},
    ],
    "two forenames": [
        {"Forename": "Barnabas", "Date of Birth": "12/08/1966"},
        {"Forename": "Cornelius", "Date of Birth": "12/08/1966"},
    ],
    "two forenames, one number": [
        {"Forename": "Ottoline", "NHS Number": THIRD, "Date of Birth": "30/10/1959"},
        {"Forename": "Cordelia", "NHS Number": THIRD, "Date of Birth": "30/10/1959"},
    ],
    "twins and an initial": [
        {"Forename": "Daniel", "Date of Birth": "07/06/1974"},
        {"Forename": "Dennis", "Date of Birth": "07/06/1974"},
        {"Forename": "D", "Date of Birth": "07/06/1974"},
        {"Forename": "D", "Date of Birth": "07/06/1974", "Telephone": "01632 960001"},
    ],
    "three generations": [
        {"Forename": "Robert", "Date of Birth": "14/03/1938"},
        {"Forename": "Robert", "Date of Birth": "02/11/1965"},
        {"Forename": "Robert", "Date of Birth": "27/08/1991"},
        {"Forename": "Robert"},
    ],
    "one person": [
        {"Forename": "Theodora", "Date of Birth": "19/04/1956", "Telephone": "01632 960002"},
        {"Forename": "T", "Date of Birth": "19/04/1956", "Telephone": "01632 960002"},
        {"Forename": "Theodora", "Telephone": "01632 960002"},
        {"Forename": "Theodora", "Date of Birth": "04/19/1956", "Telephone": "01632 960002"},
    ],
    "day and month": [
        {"Forename": "Margaret", "Date of Birth": "03/05/1938"},
        {"Forename": "Margaret", "Date of Birth": "05/03/1938"},
    ],
    "born twice": [
        {
            "Forename": "Leopold",
            "Middle Names": "Aurelian",
            "Telephone": "01632 960003",
            "Date of Birth": "02/07/1941",
        },
        {
            "Forename": "Leopold",
            "Middle Names": "Aurelian",
            "Telephone": "01632 960003",
            "Date of Birth": "02/07/1968",
        },
    ],
    "newborn twins": [
        {"Forename": "Baby Boy", "Date of Birth": "07/06/2024"},
        {"Forename": "Baby Girl", "Date of Birth": "07/06/2024"},
        {"Forename": "Peter", "Date of Birth": "07/06/2024"},
    ],
    "twins of names alike": [
        {"Forename": "Ronald", "Gender": "M", "Date of Birth": "11/10/1949"},
        {"Forename": "Donald", "Gender": "M", "Date of Birth": "11/10/1949"},
        {"Forename": "Ronaald", "Gender": "M", "Date of Birth": "11/10/1949"},
    ],
    "father and son": [
        {"Forename": "Robert", "Date of Birth": "14/03/1938", "Telephone": "01632 960005"},
        {"Forename": "Robert Jnr", "Telephone": "01632 960005"},
    ],
    "brothers of one first name": [
        {"Forename": "Mohammed", "Middle Names": "Ali", "Gender": "M", "Date of Birth": "12/05/1961"},
        {"Forename": "Mohammed Umar", "Gender": "M", "Date of Birth": "12/05/1963"},
        {"Forename": "Mohammed", "Gender": "M", "Telephone": "01632 960004"},
    ],
    "twins of one initial": [
        {"Forename": "Jane", "Gender": "F", "Date of Birth": "23/01/1962"},
        {"Forename": "J", "Gender": "M", "Date of Birth": "23/01/1962"},
    ],
}
"""Records of each home, which has a surname of its own."""


Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    """Rows of persons.csv and duplicates.csv."""
    folder = tmp_path_factory.mktemp("town")
    generate(4_000, 400, 3, folder / "made")
    rows = read_rows(folder / "made" / "council.csv")
    for place, (name, records) in enumerate(PEOPLE.items()):
        own = {"Surname": SURNAMES[place], "House No": str(place + 1), "Street": f"{SURNAMES[place]} Bank"}
        rows += [
            dict.fromkeys(rows[0], "") | HOME | own | record | {"Person ID": f"{name} {number}"}
            for number, record in enumerate(records)
        ]
    write_rows(folder / "council.csv", list(rows[0]), [list(row.values()) for row in rows])
    pipeline.dedupe(DedupeJob(pipeline.council(folder / "council.csv"), folder / "run"))
    return {name: read_rows(folder / "run" / f"{name}.csv") for name in ("persons", "duplicates")}


def people(town: dict[str, Rows], name: str) -> list[list[int]]:
    """Which records of a home are one person."""
    found: dict[str, list[int]] = {}
    for row in town["persons"]:
        if row["record_id"].rstrip("0123456789") == f"{name} ":
            found.setdefault(row["person_id"], []).append(int(row["record_id"].split()[-1]))
    return sorted(sorted(each) for each in found.values())


def told(town: dict[str, Rows], name: str, one: int, other: int) -> tuple[str, str]:
    """Band and reason of a pair in duplicates.csv."""
    sides = {f"{name} {one}", f"{name} {other}"}
    [row] = [row for row in town["duplicates"] if {row["left_record"], row["right_record"]} == sides]
    return row["band"], row["reason"]


def test_two_held_numbers_do_not_keep_apart_what_all_else_joins(town: dict[str, Rows]) -> None:
    assert people(town, "two numbers") == [[0, 1]]


def test_two_forenames_of_one_home_and_birth_date_are_twins_unless_they_hold_one_number(
    town: dict[str, Rows],
) -> None:
    assert people(town, "two forenames") == [[0], [1]]
    assert people(town, "two forenames, one number") == [[0, 1]]


def test_what_fits_both_twins_joins_neither_nor_another_of_the_kind_and_all_are_listed(
    town: dict[str, Rows],
) -> None:
    assert people(town, "twins and an initial") == [[0], [1], [2], [3]]
    for one, other in ((0, 2), (1, 2), (0, 3), (1, 3), (2, 3)):
        band, reason = told(town, "twins and an initial", one, other)
        assert (band, RIVAL in reason) == ("review", True)


def test_twins_of_names_alike_are_two_people_and_a_slip_is_the_one_it_is_nearer_to(
    town: dict[str, Rows],
) -> None:
    assert people(town, "twins of names alike") == [[0, 2], [1]]
    assert people(town, "twins of one initial") == [[0], [1]]
    assert people(town, "brothers of one first name") == [[0], [1], [2]]
    for name in ("twins of names alike", "twins of one initial", "brothers of one first name"):
        band, reason = told(town, name, 0, 1)
        assert (band, TWO_PERSONS in reason) == ("review", True)


def test_what_has_no_forename_is_joined_with_nobody_of_the_family_and_listed(town: dict[str, Rows]) -> None:
    assert people(town, "newborn twins") == [[0], [1], [2]]
    for one, other in ((0, 1), (0, 2), (1, 2)):
        band, reason = told(town, "newborn twins", one, other)
        assert (band, NAMELESS in reason) == ("review", True)


def test_what_has_no_birth_date_joins_none_of_several_namesakes(town: dict[str, Rows]) -> None:
    assert people(town, "three generations") == [[0], [1], [2], [3]]
    for namesake in range(3):
        assert told(town, "three generations", namesake, 3)[0] == "review"


def test_junior_without_a_birth_date_is_not_his_namesake_at_home(town: dict[str, Rows]) -> None:
    assert people(town, "father and son") == [[0], [1]]
    band, reason = told(town, "father and son", 0, 1)
    assert (band, TWO_PERSONS in reason) == ("review", True)


def test_two_birth_dates_a_generation_apart_wait_for_a_human_whatever_else_agrees(
    town: dict[str, Rows],
) -> None:
    assert people(town, "born twice") == [[0], [1]]
    band, reason = told(town, "born twice", 0, 1)
    assert (band, TWO_PERSONS in reason) == ("review", True)


def test_an_initial_a_missing_birth_date_and_a_slip_of_one_person_are_joined(town: dict[str, Rows]) -> None:
    assert people(town, "one person") == [[0, 1, 2, 3]]


def test_day_and_month_the_other_way_round_are_joined_and_listed(town: dict[str, Rows]) -> None:
    assert people(town, "day and month") == [[0, 1]]
    band, reason = told(town, "day and month", 0, 1)
    assert (band, "day and month of birth the other way round" in reason) == ("joined", True)
