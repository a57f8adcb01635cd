"""Which two records of a council become one person, among those of a town."""

import csv

import pytest
from small_run import made_up_number

from linkage import pipeline
from linkage.config import DedupeJob
from linkage.population import generate

FIRST, SECOND = made_up_number(100), made_up_number(200)
HOME = {"House No": "7", "Street": "Quarry Bank", "Town": "Rochdale", "Postcode": "OL16 3ZZ"}
BORN = {"Surname": "Qwertson", "Date of Birth": "02/03/1971", "Is Client": "Y"} | HOME
PAIRS = {
    "two numbers": (
        {"Forename": "Zyxwvutia", "NHS Number": FIRST},
        {"Forename": "Zyxwvutia", "NHS Number": SECOND},
    ),
    "two forenames": ({"Forename": "Barnabas"}, {"Forename": "Cornelius"}),
    "two forenames, one number": (
        {"Forename": "Ottoline", "NHS Number": FIRST},
        {"Forename": "Cordelia", "NHS Number": FIRST},
    ),
}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Record id → person_id; each of `PAIRS` has a surname of its own."""
    folder = tmp_path_factory.mktemp("town")
    generate(4_000, 400, 3, folder / "made")
    with (folder / "made" / "council.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for place, (name, pair) in enumerate(PAIRS.items()):
        rows += [
            dict.fromkeys(rows[0], "")
            | BORN
            | {"Surname": f"Qwert{'abc'[place] * 3}", "House No": str(place + 1)}
            | record
            | {"Person ID": f"{name} {side}"}
            for side, record in enumerate(pair)
        ]
    with (folder / "council.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    pipeline.dedupe(DedupeJob(pipeline.council(folder / "council.csv"), folder / "run"))
    with (folder / "run" / "persons.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["record_id"]: row["person_id"] for row in csv.DictReader(file)}


def one_person(people: dict[str, str], name: str) -> bool:
    return people[f"{name} 0"] == people[f"{name} 1"]


def test_two_held_numbers_do_not_keep_apart_what_all_else_joins(people: dict[str, str]) -> None:
    assert one_person(people, "two numbers")


def test_two_forenames_of_one_home_and_birth_date_are_twins_unless_they_hold_one_number(
    people: dict[str, str],
) -> None:
    assert not one_person(people, "two forenames")
    assert one_person(people, "two forenames, one number")
