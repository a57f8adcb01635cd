"""What people decide on two council records holds for everybody who is one person with them, and is asked again."""

import shutil
from pathlib import Path

import pytest
from small_run import made_up_number
from small_workspace import COUNCIL, HEADING, N, make_workspace, write
from typer.testing import CliRunner

from linkage.clerical import decisions
from linkage.cli import app
from linkage.errors import MappingError
from linkage.past import Decision
from linkage.reading.lists import read_rows
from linkage.tabular import write_rows
from linkage.weekly.run_names import current
from linkage.weekly.workspace import run

TWIN = ["1b", *COUNCIL[0][1:]]
"""A second record of record 1, which the model takes for the same person."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_workspace(tmp_path_factory.mktemp("template") / "weekly")
    write(folder, [*COUNCIL, TWIN])
    run(folder)
    return folder


@pytest.fixture
def weekly(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "weekly"))


def decide(folder: Path, left: str, right: str, verdict: str) -> Decision:
    return decisions.decide(folder, (f"council:{left}", f"council:{right}"), verdict, "ada")


def people(out: Path) -> dict[str, str]:
    return {row["record_id"]: row["person_id"] for row in read_rows(out / "persons.csv")}


def pair(out: Path, left: str, right: str) -> dict[str, str]:
    """The row of duplicates.csv that shows two records, empty if none does."""
    rows = read_rows(out / "duplicates.csv")
    return next((row for row in rows if {row["left_record"], row["right_record"]} == {left, right}), {})


def test_same_makes_one_person_of_all_that_it_leads_to(weekly: Path) -> None:
    decide(weekly, "2", "3", "same")
    decide(weekly, "3", "4", "same")
    run(weekly)
    found = people(current(weekly))
    assert found["2"] == found["3"] == found["4"] != found["5"]


def test_different_holds_for_all_who_are_the_same_person(weekly: Path) -> None:
    assert people(current(weekly))["1"] == people(current(weekly))["1b"]
    decide(weekly, "1", "3", "same")
    decide(weekly, "3", "1b", "different")
    run(weekly)
    found = people(current(weekly))
    assert found["1"] == found["3"] != found["1b"]
    assert pair(current(weekly), "1", "1b") == {}


def test_a_decision_on_a_record_that_has_changed_is_asked_again_in_duplicates(weekly: Path) -> None:
    decide(weekly, "2", "3", "same")
    decide(weekly, "1", "1b", "different")
    changed = [[*row[:4], "M40 2XY", row[5]] if row[0] in "13" else row for row in [*COUNCIL, TWIN]]
    write(weekly, changed)
    run(weekly)
    out = current(weekly)
    for left, right in (("2", "3"), ("1", "1b")):
        found = pair(out, left, right)
        assert (found["band"], found["verdict"]) == ("review", "")
        assert "a record has changed since: decide again." in found["reason"]
        assert people(out)[left] != people(out)[right]
    worked = [row | {"verdict": "same"} for row in read_rows(out / "duplicates.csv")]
    decisions.import_rows(weekly, worked, "duplicates.csv", "ada")
    run(weekly)
    found_now = people(current(weekly))
    assert (found_now["2"], found_now["1"]) == (found_now["3"], found_now["1b"])


def test_a_record_on_which_decisions_contradict_each_other_is_joined_with_nobody_and_has_no_number(
    weekly: Path,
) -> None:
    for number in (N[1], N[0]):
        decisions.decide(weekly, ("council:1", number), "same", "ada")
    run(weekly)
    rows = {row["record_id"]: row for row in read_rows(current(weekly) / "persons.csv")}
    assert rows["1"]["person_id"] != rows["1b"]["person_id"]
    assert rows["1"]["nhs_number"] == ""
    assert rows["1b"]["nhs_number"] == N[0]
    assert pair(current(weekly), "1", "1b")["band"] == "review"
    decisions.undo(weekly, 1)
    run(weekly)
    found = people(current(weekly))
    assert found["1"] == found["1b"]


def test_pairs_that_contradict_each_other_wait_in_duplicates(weekly: Path) -> None:
    for left, right, verdict in (("2", "3", "same"), ("3", "4", "same"), ("2", "4", "different")):
        decide(weekly, left, right, verdict)
    run(weekly)
    found = people(current(weekly))
    assert len({found["2"], found["3"], found["4"]}) == 3
    assert pair(current(weekly), "2", "3")["reason"] == "Decision 1 contradicts others: see decisions.csv."


def test_cannot_tell_keeps_two_records_off_the_list(weekly: Path) -> None:
    assert pair(current(weekly), "1", "1b")["band"] == "joined"
    decide(weekly, "1", "1b", "cannot-tell")
    run(weekly)
    assert pair(current(weekly), "1", "1b") == {}


def test_a_number_that_somebody_could_not_tell_does_not_come_by_way_of_a_duplicate(weekly: Path) -> None:
    decisions.decide(weekly, ("1b", f"nhs:{N[0]}"), "cannot-tell", "ada")
    run(weekly)
    found = {row["record_id"]: row for row in read_rows(current(weekly) / "persons.csv")}
    assert found["1"]["person_id"] == found["1b"]["person_id"]
    assert (found["1"]["nhs_number"], found["1b"]["nhs_number"]) == (N[0], "")
    assert "could not tell" in found["1b"]["conflict"]


def test_a_record_is_not_decided_on_with_itself(weekly: Path) -> None:
    with pytest.raises(MappingError, match="one and the same"):
        decide(weekly, "1", "1", "same")
    with pytest.raises(MappingError, match="one and the same"):
        decisions.decide(weekly, (N[0], f"nhs:{N[0]}"), "different")
    row = {"left_record": "1", "right_record": "1", "verdict": "same"}
    with pytest.raises(MappingError, match=r"row 2: .*one and the same"):
        decisions.import_rows(weekly, [row], "duplicates.csv")
    assert decisions.all_decisions(weekly) == []


def dedupe(file: Path, out: Path, *words: object) -> Path:
    done = CliRunner().invoke(app, [str(word) for word in ("dedupe", file, "--out", out, *words)])
    assert done.exit_code == 0, done.output
    return out


def test_verdicts_in_the_duplicates_of_one_file_are_obeyed_when_it_is_deduped_again(tmp_path: Path) -> None:
    like_a_number = made_up_number(300)
    write_rows(tmp_path / "council.csv", HEADING, [*COUNCIL, [like_a_number, *COUNCIL[0][1:]]])
    first = dedupe(tmp_path / "council.csv", tmp_path / "first")
    row = pair(first, "1", like_a_number)
    assert (row["band"], people(first)["1"]) == ("joined", people(first)[like_a_number])
    write_rows(tmp_path / "worked.csv", list(row), [list((row | {"verdict": "different"}).values())])
    outs = [
        dedupe(tmp_path / "council.csv", tmp_path / name, "--decisions", tmp_path / "worked.csv")
        for name in ("second", "third")
    ]
    assert people(outs[0])["1"] != people(outs[0])[like_a_number]
    assert [each["state"] for each in read_rows(outs[0] / "decisions.csv")] == ["applied"]
    contents = [{file.name: file.read_bytes() for file in out.iterdir()} for out in outs]
    assert contents[0] == contents[1]
