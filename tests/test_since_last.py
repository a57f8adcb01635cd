"""A run of a workspace says so where much has gone since the last one."""

import csv
import json
from pathlib import Path

import pytest
from small_workspace import COUNCIL, HEADING, NHS, write

from linkage.ingest import Ingested
from linkage.past import LastRun
from linkage.weekly.run_names import current
from linkage.weekly.settings import Settings, settings_text
from linkage.weekly.since_last import since_last
from linkage.weekly.workspace import run


def cautions(fresh: Path) -> list[str]:
    told: list[str] = json.loads((current(fresh) / "manifest.json").read_text(encoding="utf-8"))["cautions"]
    return told


def test_a_week_like_the_last_has_nothing_to_say(fresh: Path) -> None:
    run(fresh)
    assert cautions(fresh) == []


def test_a_heading_that_was_renamed_is_missed(fresh: Path) -> None:
    with (fresh / "in" / "nhs.csv").open("w", encoding="utf-8", newline="") as file:
        renamed = ["NHS Number", *("Letters" if name == "Gender" else name for name in HEADING[1:])]
        csv.writer(file).writerows([renamed, *NHS])
    run(fresh)
    (told,) = cautions(fresh)
    assert told.startswith(
        "nhs.csv has no column for gender, which the last run's file had (not used: Letters)"
    )
    assert "has no column for gender" in (current(fresh) / "report.html").read_text(encoding="utf-8")


def test_a_column_that_was_emptied_is_missed_like_one_that_is_gone_and_said_once(fresh: Path) -> None:
    write(fresh, COUNCIL, [[*row[:5], ""] for row in NHS])
    run(fresh)
    (told,) = cautions(fresh)
    assert (
        told
        == "nhs.csv has nothing in Gender (gender), where the last run's file had: was it exported whole?"
    )
    assert "has nothing in Gender (gender)" in (current(fresh) / "report.html").read_text(encoding="utf-8")
    run(fresh)
    assert cautions(fresh) == []


def test_a_column_that_is_still_empty_or_filled_again_is_not_missed(fresh: Path) -> None:
    emptied = [[*row[:5], ""] for row in NHS]
    for nhs in (emptied, emptied, NHS):
        write(fresh, COUNCIL, nhs)
        run(fresh)
    assert cautions(fresh) == []


def test_a_list_of_objections_that_is_gone_is_missed(fresh: Path) -> None:
    (fresh / "in" / "objections.csv").write_text("record_id\n2\n", encoding="utf-8")
    for objections, told in (("in/objections.csv", 0), ("", 1)):
        text = settings_text(Settings(objections=objections))
        (fresh / "linkage.toml").write_text(text, encoding="utf-8")
        run(fresh)
        assert sum("No file of objections was read" in caution for caution in cautions(fresh)) == told


def test_a_list_of_objections_that_has_no_row_any_more_is_missed_once_and_one_that_never_had_any_is_not(
    fresh: Path,
) -> None:
    text = settings_text(Settings(objections="in/objections.csv"))
    (fresh / "linkage.toml").write_text(text, encoding="utf-8")
    gone = "objections.csv has 0 rows, where the last run's file had 1: is it whole?"
    for objecting, told in (("", []), ("2\n", []), ("", [gone]), ("", [])):
        (fresh / "in" / "objections.csv").write_text(f"record_id\n{objecting}", encoding="utf-8")
        run(fresh)
        assert [caution for caution in cautions(fresh) if "objections.csv" in caution] == told


@pytest.mark.parametrize(
    ("rows", "accepted", "said"), [(80, 90, 0), (79, 90, 1), (80, 89, 1), (79, 89, 2), (120, 130, 0)]
)
def test_a_fifth_of_the_rows_or_a_tenth_of_the_links_may_go_before_anything_is_said(
    rows: int, accepted: int, said: int
) -> None:
    found = Ingested("nhs", "nhs.csv", "", rows, 0, "", {"surname": ["Surname"]})
    last = LastRun({"nhs": ("surname",)}, {"nhs": 100}, 100)
    assert len(since_last(last, [found], accepted)) == said


def test_half_a_register_and_the_links_that_go_with_it_are_missed(fresh: Path) -> None:
    write(fresh, COUNCIL, NHS[:2])
    manifest, _ = run(fresh)
    rows, links = cautions(fresh)
    assert rows == "nhs.csv has 2 rows, where the last run's file had 5: is it whole?"
    assert links.startswith(f"{manifest['counts']['accept']} records are linked, where the last run linked ")


@pytest.mark.parametrize("left", ["", "{}", '{"inputs": []}', "no JSON"])
def test_a_last_run_of_which_nothing_can_be_read_is_none(fresh: Path, left: str) -> None:
    (current(fresh) / "manifest.json").write_text(left, encoding="utf-8")
    run(fresh)
    assert cautions(fresh) == []
