"""A discharge team asks by NHS Number: what is certain is shown, what is doubtful is not, and nothing is claimed beyond."""

import csv
import json
from pathlib import Path

import pytest
from small_run import made_up_number
from small_workspace import N as IN_WORKSPACE
from typer.testing import CliRunner

from linkage import pipeline
from linkage.cli import app
from linkage.config import LinkJob
from linkage.errors import InputError, MappingError
from linkage.runs.known import Care, known, known_text
from linkage.shown import WITHHELD
from linkage.weekly import audit
from linkage.weekly.run_names import current
from linkage.weekly.store import open_store

N = [made_up_number(100 * place) for place in range(1, 8)]
HEADING = [
    "Person ID",
    "Forename",
    "Surname",
    "Date of Birth",
    "Address",
    "Postcode",
    "Allocated Team",
    "Team Telephone",
]
PEOPLE = [
    ["007", "Zyxwvutia", "Qwertson", "02/03/1941", "4 Mill Lane", "M13 0AQ", "East", "0161 496 0001"],
    ["12", "Barnabas", "Uppingly", "12/11/1950", "9 Mill Lane", "M13 0AQ", "West", "0161 496 0002"],
    ["13", "Jack", "Whitfield", "05/05/2012", "5 Mill Lane", "M13 0AQ", "North", "0161 496 0003"],
]  # fmt: skip
REGISTER = [
    [N[0], N[5], *PEOPLE[0][1:6]],
    [N[5], "", *PEOPLE[0][1:6]],
    [N[1], "", *PEOPLE[1][1:6]],
    [N[2], "", "Harry", *PEOPLE[2][2:6]],
    *([made_up_number(1000 + 20 * at), "", f"A{at}da", f"Hol{chr(97 + at)}royd", f"0{at + 1}/06/1930", f"{at} Brow", "OL1 1AA"] for at in range(8)),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both files and the run in it."""
    folder = tmp_path_factory.mktemp("known")
    files = {
        "council": [HEADING, *PEOPLE],
        "nhs": [["NHS Number", "Superseded NHS Numbers", *HEADING[1:6]], *REGISTER],
    }
    for name, rows in files.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    pipeline.link(
        LinkJob(pipeline.council(folder / "council.csv"), pipeline.nhs(folder / "nhs.csv"), folder / "run")
    )
    return folder


def test_a_patient_who_is_linked_is_told_with_the_record_and_whom_to_call(folder: Path) -> None:
    care = Care(folder / "council.csv", ("Allocated Team", "Team Telephone"))
    found = known(folder / "run", N[0], care)
    assert (found["answer"], [each["record_id"] for each in found["records"]]) == ("known", ["007"])
    assert found["records"][0]["care"] == [{"Allocated Team": "East", "Team Telephone": "0161 496 0001"}]
    assert "Allocated Team: East" in known_text(found)
    assert "West" not in known_text(found)


def test_capitals_and_signs_of_a_heading_do_not_matter(folder: Path) -> None:
    found = known(folder / "run", N[0], Care(folder / "council.csv", ("allocated_team",)))
    assert found["records"][0]["care"] == [{"Allocated Team": "East"}]


def test_home_and_telephone_of_a_sensitive_patient_are_withheld_and_the_team_is_told(
    folder: Path, tmp_path: Path
) -> None:
    with (tmp_path / "nhs.csv").open("w", encoding="utf-8", newline="") as file:
        heading = ["NHS Number", "Superseded NHS Numbers", *HEADING[1:6], "Sensitive Flag"]
        csv.writer(file).writerows([heading, [*REGISTER[0], "S"], *([*row, ""] for row in REGISTER[1:])])
    council = folder / "council.csv"
    pipeline.link(LinkJob(pipeline.council(council), pipeline.nhs(tmp_path / "nhs.csv"), tmp_path / "run"))
    care = Care(council, ("Address", "Postcode", "Allocated Team"))
    hidden = {"Address": WITHHELD, "Postcode": WITHHELD, "Allocated Team": "East"}
    assert known(tmp_path / "run", N[0], care)["records"][0]["care"] == [hidden]
    shown = {"Address": "4 Mill Lane", "Postcode": "M13 0AQ", "Allocated Team": "East"}
    assert known(folder / "run", N[0], care)["records"][0]["care"] == [shown]


def test_a_second_telephone_or_postcode_of_a_sensitive_patient_is_withheld_too(tmp_path: Path) -> None:
    more = ["Telephone", "Home Telephone", "Post Code", "E-mail", "E-mail", "Team"]
    files = {
        "council": [
            [*HEADING[:6], *more],
            [
                *PEOPLE[0][:6],
                "0161 496 0004",
                "0161 496 0005",
                "M13 0AQ",
                "a@example.org",
                "b@example.org",
                "East",
            ],
        ],
        "nhs": [["NHS Number", *HEADING[1:6], "Sensitive Flag"], [N[0], *PEOPLE[0][1:6], "S"]],
    }
    for name, rows in files.items():
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    council = pipeline.council(tmp_path / "council.csv", "", {"email": "E-mail"})
    pipeline.link(LinkJob(council, pipeline.nhs(tmp_path / "nhs.csv"), tmp_path / "run"))
    found = known(tmp_path / "run", N[0], Care(tmp_path / "council.csv", [*more[:4], "Team"]))
    hidden = dict.fromkeys([*more[:4], "Postcode", "E-mail (2)"], WITHHELD)
    assert [record["care"] for record in found["records"]] == [[hidden | {"Team": "East"}]]


def test_a_number_that_was_replaced_finds_who_has_the_new_one(folder: Path) -> None:
    assert known(folder / "run", N[5])["records"] == known(folder / "run", N[0])["records"]


def test_of_a_record_that_waits_for_a_decision_nothing_is_shown(folder: Path) -> None:
    care = Care(folder / "council.csv", ("Allocated Team", "Team Telephone"))
    found = known(folder / "run", N[2], care)
    assert (found["answer"], found["records"], found["waiting"]) == ("ask", [], 1)
    told = known_text(found)
    assert "duty desk" in told
    assert not [value for value in PEOPLE[2] if value in told.replace("13 ", "")]


def test_that_nobody_is_linked_is_not_said_to_mean_that_there_is_no_care(folder: Path) -> None:
    told = known_text(known(folder / "run", N[6]))
    assert "does not show that the patient has no care: 1 of 3 records" in told
    assert "could not be read" not in told


def test_rows_that_could_not_be_read_are_told_where_no_record_is_linked(folder: Path, tmp_path: Path) -> None:
    with (tmp_path / "council.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADING, *PEOPLE, ["14", "Too", "Short"]])
    council, nhs = pipeline.council(tmp_path / "council.csv"), pipeline.nhs(folder / "nhs.csv")
    pipeline.link(LinkJob(council, nhs, tmp_path / "run"))
    found = known(tmp_path / "run", N[6])
    assert found["unread"] == 1
    assert "1 row of the council's file could not be read." in known_text(found)


def test_of_whoever_objects_nothing_is_told_but_how_many_records_are_linked_to_nobody(
    folder: Path, tmp_path: Path
) -> None:
    with (tmp_path / "council.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADING, *PEOPLE, ["008", *PEOPLE[0][1:]]])
    (tmp_path / "objections.csv").write_text("record_id\n007\n", encoding="utf-8")
    council, nhs = pipeline.council(tmp_path / "council.csv"), pipeline.nhs(folder / "nhs.csv")
    pipeline.link(LinkJob(council, nhs, tmp_path / "run", objections=tmp_path / "objections.csv"))
    assert known(tmp_path / "run", N[0])["records"] == []
    told = known_text(known(tmp_path / "run", N[6]))
    assert (
        "3 of 4 records are linked to nobody, among them confidential ones and those of people who object"
        in told
    )


def test_what_cannot_be_answered_is_refused_without_the_value(folder: Path) -> None:
    with pytest.raises(InputError, match="not valid") as refused:
        known(folder / "run", N[0][:-1] + str((int(N[0][-1]) + 1) % 10))
    assert N[0][:-1] not in str(refused.value)
    with pytest.raises(InputError, match="is not the folder of a run"):
        known(folder, N[0])
    for number in (N[0], N[6]):
        with pytest.raises(InputError, match=r"nhs\.csv is not the council's file of this run"):
            known(folder / "run", number, Care(folder / "nhs.csv", ("Surname",)))
    listed = 'has no column "Key worker". It has: Person ID, .*Team Telephone'
    with pytest.raises(MappingError, match=listed):
        known(folder / "run", N[0], Care(folder / "council.csv", ("Key worker",)))


def test_of_a_workspace_the_current_run_is_asked(fresh: Path) -> None:
    done = CliRunner().invoke(app, ["known", str(fresh), IN_WORKSPACE[0]])
    assert (done.exit_code, "Known to the council: record 1\n" in done.output) == (0, True)
    with pytest.raises(MappingError, match="go together"):
        CliRunner().invoke(app, ["known", str(fresh), N[0], "--show", "Team"], catch_exceptions=False)


def test_the_trail_of_a_workspace_says_that_somebody_asked_but_never_of_whom(fresh: Path) -> None:
    run = current(fresh)
    CliRunner().invoke(app, ["known", str(fresh), IN_WORKSPACE[0]])
    known(run, N[6])
    with open_store(fresh) as store:
        *_, first, second = audit.entries(store)
        assert audit.verify(store, fresh) == []
    for entry in (first, second):
        assert (entry["action"], entry["purpose"], entry["who"]) == ("known", "direct care", audit.somebody())
        assert json.loads(entry["detail"]) == {"run": run.name, "shown": []}
