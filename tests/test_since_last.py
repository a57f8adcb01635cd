"""A run of a workspace says so where much has gone since the last one."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from small_workspace import COUNCIL, HEADING, NHS, make_workspace, write

from linkage.ingest import Ingested
from linkage.past import LastRun
from linkage.settings import Settings, settings_text
from linkage.since_last import since_last
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


def test_a_list_of_objections_that_is_gone_is_missed(folder: Path) -> None:
    (folder / "in" / "objections.csv").write_text("record_id\n2\n", encoding="utf-8")
    for objections, told in (("in/objections.csv", 0), ("", 1)):
        text = settings_text(Settings(objections=objections))
        (folder / "linkage.toml").write_text(text, encoding="utf-8")
        run(folder)
        assert sum("No file of objections was read" in caution for caution in cautions(folder)) == told


@pytest.mark.parametrize(
    ("rows", "accepted", "said"), [(80, 90, 0), (79, 90, 1), (80, 89, 1), (79, 89, 2), (120, 130, 0)]
)
def test_a_fifth_of_the_rows_or_a_tenth_of_the_links_may_go_before_anything_is_said(
    rows: int, accepted: int, said: int
) -> None:
    found = Ingested("nhs", "nhs.csv", "", rows, 0, "", {"surname": ["Surname"]})
    last = LastRun({"nhs": ("surname",)}, {"nhs": 100}, 100)
    assert len(since_last(last, [found], accepted)) == said


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
