"""A person learns before linking, and with the results, that the surname stands first in a column of whole names."""

import csv
import json
from pathlib import Path

import pytest
from command_line import CommandLine
from small_run import made_up_number

from linkage.check import check
from linkage.config import Dataset
from linkage.database import open_database
from linkage.name_order import FEWEST_TELLING
from linkage.population import generate

PEOPLE = [("Margaret", "Smith"), ("Kevin", "Hughes"), ("Dorothy", "Wright"), ("Peter", "Robinson")]
"""Forenames that are no surnames, and surnames that are no forenames."""
SILENT = [("Jaswinder", "Kaur"), ("Scott", "Lewis"), ("James", "Thomas")]
"""Names that are in neither list of the reference, or in both."""


def file(folder: Path, whole_names: list[str], name: str = "people.csv") -> Path:
    lines = [
        f'{place},{made_up_number(100 * place)},"{whole}",17/03/1951,LS1 1AA'
        for place, whole in enumerate(whole_names)
    ]
    path = folder / name
    path.write_text(
        "\n".join(["Person ID,NHS Number,Client Name,Date of Birth,Postcode", *lines]), encoding="utf-8"
    )
    return path


def said_of(folder: Path, path: Path, kind: str = "council") -> list[str]:
    with open_database(folder, threads=2) as database:
        return [
            each for each in check(database, Dataset(kind, path))["problems"] if "surname stood first" in each
        ]


def reversed_(people: list[tuple[str, str]], rows: int) -> list[str]:
    return [f"{surname} {forename}".upper() for forename, surname in (people * rows)[:rows]]


def in_order(people: list[tuple[str, str]], rows: int) -> list[str]:
    return [f"{forename} {surname}" for forename, surname in (people * rows)[:rows]]


def test_a_column_with_the_surname_first_is_told_with_its_heading_its_counts_and_the_remedy(
    tmp_path: Path,
) -> None:
    names = reversed_(PEOPLE, 30) + reversed_(SILENT, 50) + in_order(PEOPLE, 2)
    (said,) = said_of(tmp_path, file(tmp_path, names))
    assert said.startswith(
        "The names in Client Name of people.csv look as if the surname stood first: 30 of the 32 that tell begin with a "
        "surname and end with a forename. "
    )
    assert "a comma behind the surname (SMITH, JOHN)" in said
    assert "a column each" in said


def test_middle_names_and_titles_hide_nothing(tmp_path: Path) -> None:
    names = [f"MR {name} PETER" for name in reversed_(PEOPLE, FEWEST_TELLING)]
    assert len(said_of(tmp_path, file(tmp_path, names))) == 1


@pytest.mark.parametrize(
    "names",
    [
        in_order(PEOPLE, 100),
        in_order(PEOPLE, 90) + reversed_(PEOPLE, 10),
        [name.replace(" ", ", ") for name in reversed_(PEOPLE, 100)],
        reversed_(SILENT, 100),
        reversed_(PEOPLE, FEWEST_TELLING - 1) + reversed_(SILENT, 100),
    ],
    ids=[
        "in order",
        "some reversed",
        "with a comma",
        "names of which nothing is known",
        "hardly any that tell",
    ],
)
def test_nothing_is_told_of_other_columns(tmp_path: Path, names: list[str]) -> None:
    assert said_of(tmp_path, file(tmp_path, names)) == []


def test_names_in_two_columns_are_not_asked_after(tmp_path: Path) -> None:
    path = file(tmp_path, reversed_(PEOPLE, 100))
    text = path.read_text(encoding="utf-8").replace("Client Name", "Surname,Client Name", 1)
    path.write_text(text.replace(',"', ',Quill,"'), encoding="utf-8")
    assert said_of(tmp_path, path) == []


def test_a_run_says_so_of_both_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    linkage = CommandLine(monkeypatch, capsys)
    council = file(tmp_path, reversed_(PEOPLE, 100), "council.csv")
    nhs = file(tmp_path, reversed_(PEOPLE, 101), "nhs.csv")
    done = linkage("link", council, nhs, "--out", tmp_path / "run")
    told = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))["cautions"]
    assert [each.partition(" look ")[0] for each in told if "surname stood first" in each] == [
        "The names in Client Name of council.csv",
        "The names in Client Name of nhs.csv",
    ]
    assert "BEWARE: The names in Client Name of council.csv" in done.out


def whole(person: dict[str, str], *order: str) -> str:
    return " ".join(person[name] for name in order if person[name])


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize(
    ("order", "sentences"),
    [
        (("Forename", "Middle Names", "Surname"), 0),
        (("Surname", "Forename", "Middle Names"), 1),
        (("Surname", "Forename"), 1),
    ],
)
def test_the_names_of_a_made_up_council_tell_their_order(
    tmp_path: Path, hard: bool, order: tuple[str, ...], sentences: int
) -> None:
    generate(2_000, 400, 8, tmp_path / "made", hard)
    with (tmp_path / "made" / "council.csv").open(encoding="utf-8", newline="") as made:
        names = [whole(person, *order) for person in csv.DictReader(made)]
    assert len(said_of(tmp_path, file(tmp_path, names))) == sentences
