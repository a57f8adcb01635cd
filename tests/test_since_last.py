"""A run of a workspace says so where much has gone since the last one."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from small_workspace import COUNCIL, HEADING, NHS, make_workspace, write

from linkage.workspace import current, run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("since") / "weekly")


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "weekly"))


def cautions(folder: Path) -> list[str]:
    told: list[str] = json.loads((current(folder) / "manifest.json").read_text(encoding="utf-8"))["cautions"]
    return told


def test_a_week_like_the_last_has_nothing_to_say(folder: Path) -> None:
    run(folder)
    assert cautions(folder) == []


def test_a_heading_that_was_renamed_is_missed(folder: Path) -> None:
    with (folder / "in" / "nhs.csv").open("w", encoding="utf-8", newline="") as file:
        renamed = ["NHS Number", *("Letters" if name == "Gender" else name for name in HEADING[1:])]
        csv.writer(file).writerows([renamed, *NHS])
    run(folder)
    (told,) = cautions(folder)
    assert told.startswith(
        "nhs.csv has no column for gender, which the last run's file had (not used: Letters)"
    )
    assert "has no column for gender" in (current(folder) / "report.html").read_text(encoding="utf-8")


def test_half_a_register_and_the_links_that_go_with_it_are_missed(folder: Path) -> None:
    write(folder, COUNCIL, NHS[:2])
    manifest, _ = run(folder)
    rows, links = cautions(folder)
    assert rows == "nhs.csv has 2 rows, where the last run's file had 5: is it whole?"
    assert links.startswith(f"{manifest['counts']['accept']} records are linked, where the last run linked ")


@pytest.mark.parametrize("left", ["", "{}", '{"inputs": []}', "no JSON"])
def test_a_last_run_of_which_nothing_can_be_read_is_none(folder: Path, left: str) -> None:
    (current(folder) / "manifest.json").write_text(left, encoding="utf-8")
    run(folder)
    assert cautions(folder) == []
