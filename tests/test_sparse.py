"""A person learns before linking, and with the results, that hardly any row of a file tells the birth date, the house or the postcode."""

import json
from pathlib import Path

import pytest
from command_line import CommandLine
from small_run import made_up_number

from linkage.check import check
from linkage.config import Dataset
from linkage.database import open_database
from linkage.population import generate
from linkage.sparse import FEWEST

BORN, HOUSE, POSTCODE = (
    "A whole birth date (day, month and year, and no 1 January)",
    "A house with a number or a name",
    "A postcode that can be used",
)
USUAL = ("17/03/1951", "12", "Quay Street", "LS1 1AA")
HEADINGS = "Person ID,NHS Number,Forename,Surname,Date of Birth,House No,Street,Postcode"


def file(folder: Path, name: str, rare: int, told: tuple[str, ...], rows: int = FEWEST) -> Path:
    """A file of which the first so many rows tell what is usual, and all others `told`."""
    lines = [
        f"{place},{made_up_number(100 * place)},Ada,Quill,{','.join(USUAL if place < rare else told)}"
        for place in range(rows)
    ]
    path = folder / name
    path.write_text("\n".join([HEADINGS, *lines]), encoding="utf-8")
    return path


def problems(folder: Path, path: Path, kind: str = "council") -> list[str]:
    with open_database(folder, threads=2) as database:
        found: list[str] = check(database, Dataset(kind, path))["problems"]
        return found


def hardly_told(said: list[str]) -> list[str]:
    return [each for each in said if " stands in " in each]


NO_DAY = [("1951", *USUAL[1:]), ("03/1951", *USUAL[1:]), ("01/01/1951", *USUAL[1:]), ("", *USUAL[1:])]


@pytest.mark.parametrize(
    ("told", "wanting"),
    [
        *((told, BORN) for told in NO_DAY),
        (("17/03/1951", "", "Quay Street", "LS1 1AA"), HOUSE),
        (("17/03/1951", "", "", "LS1 1AA"), HOUSE),
        (("17/03/1951", "12", "Quay Street", ""), POSTCODE),
        (("17/03/1951", "12", "Quay Street", "ZZ99 3VZ"), POSTCODE),
    ],
)
def test_what_hardly_any_row_tells_is_said_with_its_count_and_with_what_it_costs(
    tmp_path: Path, told: tuple[str, ...], wanting: str
) -> None:
    (said,) = hardly_told(problems(tmp_path, file(tmp_path, "people.csv", 3, told)))
    assert said.startswith(f"{wanting} stands in 3 of the {FEWEST} rows of people.csv, so ")
    assert "links wait for a person to decide" in said
    assert not any(value and value in said for value in (*USUAL, *told))


def test_a_town_in_the_place_of_a_house_is_none_and_a_name_of_few_rows_is_one(tmp_path: Path) -> None:
    town = ("17/03/1951", "", "Heywood", "LS1 1AA")
    path = file(tmp_path, "people.csv", 3, town, FEWEST + 3)
    path.write_text(path.read_text(encoding="utf-8").replace("Street", "Address Line 1", 1), encoding="utf-8")
    (said,) = hardly_told(problems(tmp_path, path))
    assert said.startswith(f"{HOUSE} stands in 3 of the {FEWEST + 3} rows of people.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("Heywood", "Rosedene", 1), encoding="utf-8")
    assert hardly_told(problems(tmp_path, path)) == []


@pytest.mark.parametrize("kind", ["council", "nhs"])
def test_what_half_of_the_rows_tell_is_nothing_to_be_told(tmp_path: Path, kind: str) -> None:
    nothing = ("1951", "", "", "")
    for rare, sentences in ((FEWEST // 2, 0), (FEWEST // 2 - 1, 3)):
        path = file(tmp_path, f"{rare}.csv", rare, nothing)
        assert len(hardly_told(problems(tmp_path, path, kind))) == sentences


def test_of_a_short_list_a_person_sees_it(tmp_path: Path) -> None:
    path = file(tmp_path, "people.csv", 0, ("1951", "", "", "LS1 1AA"), FEWEST - 1)
    assert hardly_told(problems(tmp_path, path)) == []


def test_a_run_says_so_of_both_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    linkage = CommandLine(monkeypatch, capsys)
    council = file(tmp_path, "council.csv", 0, ("1951", "12", "Quay Street", "LS1 1AA"))
    nhs = file(tmp_path, "nhs.csv", 0, ("17/03/1951", "12", "Quay Street", ""))
    done = linkage("link", council, nhs, "--out", tmp_path / "run")
    told = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))["cautions"]
    assert [each.partition(", so ")[0] for each in told] == [
        f"{BORN} stands in 0 of the {FEWEST} rows of council.csv",
        f"{POSTCODE} stands in 0 of the {FEWEST} rows of nhs.csv",
    ]
    assert f"BEWARE: {BORN}" in done.out


def test_a_file_without_a_column_of_birth_dates_is_told_so_once(tmp_path: Path) -> None:
    path = file(tmp_path, "people.csv", FEWEST, USUAL)
    path.write_text(path.read_text(encoding="utf-8").replace("Date of Birth", "Day"), encoding="utf-8")
    (told,) = [each for each in problems(tmp_path, path) if "birth" in each]
    assert told == "No column was recognised for date_of_birth."


@pytest.mark.parametrize("hard", [False, True])
def test_nothing_is_said_of_files_as_councils_and_registers_have_them(tmp_path: Path, hard: bool) -> None:
    made = tmp_path / "made"
    generate(3_000, 600, 8, made, hard)
    for kind in ("council", "nhs"):
        assert hardly_told(problems(tmp_path, made / f"{kind}.csv", kind)) == []
