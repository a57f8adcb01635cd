"""Ids of a whole file that stand for other people than last week are told; a few that do are not."""

import json
import shutil
from pathlib import Path

import pytest
from command_line import CommandLine

from linkage.population import generate
from linkage.reading.lists import read_rows
from linkage.tabular import write_rows
from linkage.weekly.run_names import current
from linkage.weekly.settings import Settings
from linkage.weekly.workspace import init, run

TOLD = "have another name and another birth date than before: was a column sorted by itself"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of 120 clients after its first week."""
    folder = tmp_path_factory.mktemp("first") / "weekly"
    generate(900, 120, 5, folder / "in")
    init(folder, Settings(), "ada")
    run(folder)
    return folder


@pytest.fixture
def weekly(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first, tmp_path / "weekly"))


def slip(file: Path, column: str, first_rows: float) -> int:
    """Move a column of that share of a file's rows down by a row; return how many."""
    rows = read_rows(file)
    moved = rows[: round(first_rows * len(rows))]
    values = [row[column] for row in moved]
    for row, value in zip(moved, [*values[1:], *values[:1]], strict=True):
        row[column] = value
    write_rows(file, list(rows[0]), [list(row.values()) for row in rows])
    return len(moved)


def cautions(folder: Path) -> list[str]:
    told: list[str] = json.loads((current(folder) / "manifest.json").read_text(encoding="utf-8"))["cautions"]
    return [caution for caution in told if TOLD in caution]


@pytest.mark.parametrize(
    ("file", "column", "ids"),
    [("council.csv", "Person ID", "record ids"), ("nhs.csv", "NHS_NUMBER", "NHS Numbers")],
)
def test_a_column_of_ids_that_slipped_by_a_row_is_told_by_the_run_and_by_compare(
    weekly: Path,
    file: str,
    column: str,
    ids: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    slip(weekly / "in" / file, column, 1)
    run(weekly)
    (told,) = cautions(weekly)
    assert told.startswith(f"In {file} ")
    assert f"{ids} that were known" in told
    linkage = CommandLine(monkeypatch, capsys)
    page = weekly / "compare.html"
    done = " ".join(linkage("compare", "1", "2", "--workspace", weekly, "--page", page).out.split())
    assert "BEWARE: In run 0002-" in done
    assert f"{ids} that were known {TOLD}" in done
    assert TOLD in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("share", [0, 0.4])
def test_a_week_like_the_last_and_one_of_some_ids_given_out_again_are_not_told(
    weekly: Path, share: float, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bool(slip(weekly / "in" / "council.csv", "Person ID", share)) == bool(share)
    run(weekly)
    assert cautions(weekly) == []
    linkage = CommandLine(monkeypatch, capsys)
    assert "BEWARE" not in linkage("compare", "1", "2", "--workspace", weekly).out


def test_other_forms_of_dates_or_names_are_nobody_else(weekly: Path) -> None:
    file = weekly / "in" / "council.csv"
    rows = read_rows(file)
    for row in rows:
        row["Surname"], row["Forename"] = row["Forename"], row["Surname"]
    write_rows(file, list(rows[0]), [list(row.values()) for row in rows])
    run(weekly)
    assert cautions(weekly) == []


def test_of_a_few_ids_nothing_is_told(fresh: Path) -> None:
    slip(fresh / "in" / "council.csv", "Person ID", 1)
    run(fresh)
    assert cautions(fresh) == []
