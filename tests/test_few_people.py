"""Files of a few people: that nobody's relatives are seen in them says nothing about whether there are any."""

import csv
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest
from small_run import made_up_number

from linkage import pipeline
from linkage.adapt import adapt_to_duplicates
from linkage.config import DedupeJob, LinkJob
from linkage.model import Model
from linkage.population import generate

Person = tuple[str, str, str, str]
"""Forename, surname, date of birth and first line of the address."""

TWINS: list[tuple[Person, Person]] = [
    (("Jack", "Whitfield", "05/05/2012", "4 Mill Lane"), ("Harry", "Whitfield", "05/05/2012", "4 Mill Lane")),
    (("Sarah", "Tetlow", "05/06/1956", "5 Mill Lane"), ("Susan", "Tetlow", "05/06/1956", "5 Mill Lane")),
    (("Amy", "Lees", "05/07/1996", "6 Mill Lane"), ("Tom", "Lees", "05/07/1996", "6 Mill Lane")),
]
FEW = [2, 30, 200]


def strangers(people: int) -> list[Person]:
    """Unrelated people, each of a name and a home of their own."""
    names = ["Ada", "Bram", "Cleo", "Dov", "Esme", "Finn", "Gwen", "Hugo", "Iris", "Jude"]
    return [
        (
            names[at % 10], f"{names[at // 10 % 10]}{names[at % 7].lower()}s",
            f"{at % 28 + 1:02d}/0{at % 9 + 1}/{1930 + at % 80}", f"{at + 1} {names[at // 3 % 10]} Street",
        )
        for at in range(people)
    ]  # fmt: skip


def written(file: Path, id_name: str, people: Iterable[tuple[str, Person]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow([id_name, "Forename", "Surname", "Date of Birth", "Address", "Postcode"])
        writer.writerows([identifier, *person, "OL16 3ZZ"] for identifier, person in people)
    return file


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.mark.parametrize("patients", FEW)
def test_a_twin_is_not_taken_for_the_person_however_short_the_register(tmp_path: Path, patients: int) -> None:
    council = written(
        tmp_path / "council.csv", "Person ID", ((f"x{at}", one) for at, (one, _) in enumerate(TWINS))
    )
    there = [other for _, other in TWINS] + strangers(patients)
    register = written(
        tmp_path / "nhs.csv",
        "NHS Number",
        ((made_up_number(10 * at), person) for at, person in enumerate(there)),
    )
    pipeline.link(LinkJob(pipeline.council(council), pipeline.nhs(register), tmp_path / "run"))
    assert {row["band"] for row in rows(tmp_path / "run" / "links.csv")} <= {"review", "none"}


@pytest.mark.parametrize("others", FEW)
def test_twins_are_two_people_however_short_the_file(tmp_path: Path, others: int) -> None:
    people = [person for pair in TWINS for person in pair] + strangers(others)
    file = written(
        tmp_path / "people.csv", "Person ID", ((f"x{at}", person) for at, person in enumerate(people))
    )
    pipeline.dedupe(DedupeJob(pipeline.council(file), tmp_path / "run"))
    person_of = {row["record_id"]: row["person_id"] for row in rows(tmp_path / "run" / "persons.csv")}
    assert len({person_of[f"x{at}"] for at in range(6)}) == 6


def test_a_file_without_homes_does_not_show_that_nobody_has_kin_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(14_000, 4_500, 8, tmp_path)
    told = [[row["Person ID"], row["Forename"], row["Surname"], row["Date of Birth"]]
            for row in rows(tmp_path / "council.csv")]  # fmt: skip
    with (tmp_path / "people.csv").open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([["Person ID", "Forename", "Surname", "Date of Birth"], *told])
    found = deduplicated(tmp_path / "people.csv", tmp_path / "run", monkeypatch)
    assert found.relatives < 0.01
    assert found.shows_relatives


def test_few_clients_of_a_large_area_show_that_some_of_them_are_kin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(50_000, 1_500, 8, tmp_path / "made", hard=True)
    assert deduplicated(tmp_path / "made" / "council.csv", tmp_path / "run", monkeypatch).shows_relatives


def deduplicated(file: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> Model:
    """The model by which a dedupe of `file` went."""
    adapted: list[Model] = []

    def seen(database: duckdb.DuckDBPyConnection, model: Model) -> Model:
        adapted.append(adapt_to_duplicates(database, model))
        return adapted[0]

    monkeypatch.setattr(pipeline, "adapt_to_duplicates", seen)
    pipeline.dedupe(DedupeJob(pipeline.council(file), out))
    return adapted[0]
