"""An answer tells whom it is about, by which run, and what may have changed since; what it shows is not taken for more."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from small_workspace import COUNCIL, HEADING, NHS, N, write
from typer.testing import CliRunner

from linkage import pipeline
from linkage.clerical.decisions import decide
from linkage.cli import app
from linkage.config import LinkJob
from linkage.pages import moments
from linkage.pages.wording import TEST_DATA
from linkage.runs.known import Care, known, known_text
from linkage.weekly.run_names import current
from linkage.weekly.workspace import run


def test_the_answer_repeats_the_number_that_was_asked_about_so_that_many_are_not_mixed_up(
    fresh: Path,
) -> None:
    for number in (N[0], N[2]):
        grouped = f"{number[:3]} {number[3:6]} {number[6:]}"
        found = known(current(fresh), grouped)
        assert (found["asked"], found["nhs_number"]) == (number, number)
        assert f"NHS Number {number}\n" in known_text(found)


def test_of_a_number_that_was_replaced_the_new_one_is_told(tmp_path: Path) -> None:
    with (tmp_path / "council.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADING, *COUNCIL])
    with (tmp_path / "nhs.csv").open("w", encoding="utf-8", newline="") as file:
        heading = ["NHS Number", *HEADING[1:], "Superseded NHS Numbers"]
        csv.writer(file).writerows([heading, [*NHS[0], N[5]], *([*row, ""] for row in NHS[1:])])
    council, nhs = pipeline.council(tmp_path / "council.csv"), pipeline.nhs(tmp_path / "nhs.csv")
    pipeline.link(LinkJob(council, nhs, tmp_path / "run"))
    found = known(tmp_path / "run", N[5])
    assert (found["asked"], found["nhs_number"]) == (N[5], N[0])
    assert f"NHS Number {N[5]}, which {N[0]} has replaced\n" in known_text(found)
    assert "does not record when it was made" in known_text(found)
    assert "council.csv and nhs.csv" in known_text(found)


def test_made_up_people_are_said_to_be_so(fresh: Path) -> None:
    found = known(current(fresh), N[0])
    assert found["test_data"]
    assert known_text(found).startswith(TEST_DATA)


def test_the_run_the_day_it_was_made_and_its_age_are_told(
    fresh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = known(current(fresh), N[0])
    made = datetime.fromisoformat(found["run"]["made"])
    assert found["run"]["name"] == current(fresh).name
    assert (
        f"By run {current(fresh).name} of {made:%Y-%m-%d %H:%M} UTC, from council.csv and nhs.csv."
        in known_text(found)
    )
    assert timedelta() <= datetime.now(UTC) - made < timedelta(days=1)
    monkeypatch.setattr(moments, "now", lambda: made + timedelta(days=21, hours=2))
    assert f"{made:%H:%M} UTC, 21 days ago, from" in known_text(known(current(fresh), N[0]))


def test_a_run_that_is_not_the_current_one_any_more_says_so(fresh: Path) -> None:
    first = current(fresh)
    assert "BEWARE" not in known_text(known(first, N[0]))
    write(fresh, COUNCIL[1:])
    run(fresh)
    assert "came or changed" not in known_text(known(first, N[0]))
    assert f"BEWARE: the workspace has a newer run, {current(fresh).name}" in known_text(known(first, N[0]))
    assert "BEWARE" not in known_text(known(current(fresh), N[0]))


def test_what_people_decided_on_the_patient_since_the_run_is_told_but_not_what_they_decided_on_others(
    fresh: Path,
) -> None:
    decide(fresh, ("1", N[0]), "different")
    decide(fresh, ("3", N[2]), "same")
    since = "BEWARE: 1 decision on this patient or these records was made or withdrawn since that run"
    for number in (N[0], N[2]):
        found = known(current(fresh), number)
        assert (found["run"]["decided_since"], since in known_text(found)) == (1, True)
    assert known(current(fresh), N[1])["run"]["decided_since"] == 0
    run(fresh)
    assert known(current(fresh), N[0])["run"]["decided_since"] == 0


def test_files_that_the_run_has_not_read_are_told(fresh: Path) -> None:
    found = known(current(fresh), N[0])
    assert (found["run"]["unread"], "BEWARE" in known_text(found)) == ([], False)
    (fresh / "in" / "objections.csv").write_text("NHS Number\n", encoding="utf-8")
    settings = fresh / "linkage.toml"
    told = settings.read_text(encoding="utf-8").replace(
        '[objections]\nfile = ""', '[objections]\nfile = "in/objections.csv"'
    )
    settings.write_text(told, encoding="utf-8")
    write(fresh, COUNCIL[1:])
    found = known(current(fresh), N[0])
    assert found["run"]["unread"] == ["council.csv", "objections.csv"]
    assert "BEWARE: council.csv and objections.csv came or changed after that run." in known_text(found)
    run(fresh)
    assert known(current(fresh), N[0])["run"]["unread"] == []
    settings.write_text("[", encoding="utf-8")
    assert known(current(fresh), N[0])["run"]["unread"] == []


def test_what_a_person_decided_is_not_given_a_confidence(fresh: Path) -> None:
    decide(fresh, ("3", N[2]), "same")
    run(fresh)
    found = known(current(fresh), N[2])
    assert found["records"][0]["method"] == "decision"
    assert "confidence" not in known_text(found)
    assert "Decided by a person" in known_text(found)


def test_that_care_is_given_now_is_not_said(fresh: Path) -> None:
    assert "The care may have ended" in known_text(known(current(fresh), N[0]))
    assert "The care may have ended" not in known_text(known(current(fresh), N[2]))


def test_rows_of_one_record_are_told_apart_and_what_is_empty_is_said_to_be(tmp_path: Path) -> None:
    with (tmp_path / "council.csv").open("w", encoding="utf-8", newline="") as file:
        heading = [*HEADING, "Team", "Team Telephone"]
        rows = [[*COUNCIL[0], "East", ""], [*COUNCIL[0], "", "0161 496 0002"]]
        csv.writer(file).writerows(
            [heading, *rows, *([*row, "West", "0161 496 0003"] for row in COUNCIL[1:])]
        )
    with (tmp_path / "nhs.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["NHS Number", *HEADING[1:]], *NHS])
    council, nhs = pipeline.council(tmp_path / "council.csv"), pipeline.nhs(tmp_path / "nhs.csv")
    pipeline.link(LinkJob(council, nhs, tmp_path / "run"))
    care = Care(tmp_path / "council.csv", ("Team", "Team Telephone"))
    told = known_text(known(tmp_path / "run", N[0], care))
    assert (
        "  2 rows of the file, in its order, which need not be that of time\n"
        "  row 1  Team: East\n"
        "         Team Telephone: (empty)\n"
        "  row 2  Team: (empty)\n"
        "         Team Telephone: 0161 496 0002\n"
    ) in told
    assert "  Team: West\n  Team Telephone: 0161 496 0003\n" in known_text(
        known(tmp_path / "run", N[1], care)
    )


def test_of_columns_with_like_headings_all_are_shown(tmp_path: Path) -> None:
    with (tmp_path / "council.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [[*HEADING, "Team", "TEAM", "Team"], [*COUNCIL[0], "East", "West", "South"]]
        )
    with (tmp_path / "nhs.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["NHS Number", *HEADING[1:]], *NHS])
    council, nhs = pipeline.council(tmp_path / "council.csv"), pipeline.nhs(tmp_path / "nhs.csv")
    pipeline.link(LinkJob(council, nhs, tmp_path / "run"))

    def shown(wanted: str) -> list[dict[str, str]]:
        care = Care(tmp_path / "council.csv", (wanted,))
        found: list[dict[str, str]] = known(tmp_path / "run", N[0], care)["records"][0]["care"]
        return found

    assert shown("team") == [{"Team": "East", "TEAM": "West", "Team (2)": "South"}]
    assert shown("Team (2)") == [{"Team (2)": "South"}]


def test_a_script_has_the_same_in_json(fresh: Path) -> None:
    done = CliRunner().invoke(app, ["known", str(fresh), N[0], "--json"])
    assert done.exit_code == 0
    for name in ("asked", "made", "unread", "decided_since", "test_data", "unlinked", "method"):
        assert f'"{name}"' in done.output
