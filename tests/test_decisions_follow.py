"""A decision follows the record that it was made on, and nobody else whose values are the same."""

import shutil
from pathlib import Path

import pytest
from small_workspace import COUNCIL, N, make_workspace, write

from linkage import decisions
from linkage.lists import read_rows
from linkage.workspace import current, run

THIN = ["Ambrose", "Tidewell", "", "", ""]
WHOLE = ["Ambrose", "Tidewell", "04/04/1944", "M22 4ZZ", "M"]


@pytest.fixture(scope="module")
def first_week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("first") / "weekly")


@pytest.fixture
def folder(first_week: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first_week, tmp_path / "weekly"))


def week(folder: Path, *more: list[str]) -> dict[str, tuple[str, str]]:
    """A run with these council records besides the others; band and NHS Number of each record id."""
    write(folder, [*COUNCIL, *more])
    run(folder)
    rows = read_rows(current(folder) / "links.csv")
    return {row["record_id"]: (row["band"], row["nhs_number"]) for row in rows}


def states(folder: Path) -> list[str]:
    return [row["state"] for row in decisions.overview(folder)]


def test_same_does_not_pass_to_a_new_record_that_has_what_the_decided_one_had(folder: Path) -> None:
    week(folder, ["A1", *THIN])
    decisions.decide(folder, ("A1", N[2]), "same")
    found = week(folder, ["A1", *WHOLE], ["B9", *THIN])
    assert (found["A1"], found["B9"][1]) == (("review", N[2]), "")
    assert states(folder) == ["a record has changed since: decide again"]


def test_same_does_not_pass_to_another_record_that_is_thinly_described(folder: Path) -> None:
    week(folder, ["A1", *THIN], ["A2", *THIN])
    decisions.decide(folder, ("A1", N[2]), "same")
    assert week(folder, ["A2", *THIN])["A2"][1] == ""
    assert states(folder) == ["a record is not there"]


def test_same_does_not_pass_to_another_person_of_the_same_values(folder: Path) -> None:
    week(folder, ["A1", *WHOLE], ["A2", *WHOLE])
    decisions.decide(folder, ("council:A1", "council:A2"), "different")
    decisions.decide(folder, ("A1", N[2]), "same")
    assert week(folder, ["A1", *WHOLE], ["A2", *WHOLE])["A1"] == ("accept", N[2])
    assert week(folder, ["A2", *WHOLE])["A2"][1] == ""
    assert states(folder) == ["a record is not there"] * 2


def test_same_follows_a_record_to_new_ids_week_after_week(folder: Path) -> None:
    week(folder, ["A1", *WHOLE])
    decisions.decide(folder, ("A1", N[2]), "same")
    for record in ("B2", "B2", "B3"):
        assert week(folder, [record, *WHOLE])[record] == ("accept", N[2])


def test_same_follows_a_record_whose_id_was_given_to_somebody_else(folder: Path) -> None:
    other = ["Leopold", "Marchbank", "19/09/1979", "M23 5YY", "M"]
    week(folder, ["A1", *WHOLE], ["A2", *other])
    decisions.decide(folder, ("A1", N[2]), "same")
    for _ in range(2):
        found = week(folder, ["A1", *other], ["A2", *WHOLE])
        assert (found["A2"], found["A1"][1]) == (("accept", N[2]), "")


def test_different_follows_the_values_of_a_record_that_is_gone(folder: Path) -> None:
    week(folder, ["A1", *THIN])
    decisions.decide(folder, ("A1", N[2]), "different")
    assert week(folder, ["B2", *THIN])["B2"][1] == ""
    assert states(folder) == ["applied"]


def test_an_undone_decision_brings_no_older_one_back_that_followed_the_record(folder: Path) -> None:
    week(folder, ["A1", *WHOLE])
    decisions.decide(folder, ("A1", N[2]), "same")
    week(folder, ["B2", *WHOLE])
    later = decisions.decide(folder, ("B2", N[2]), "different")
    decisions.undo(folder, later.number)
    assert week(folder, ["B2", *WHOLE])["B2"][1] == ""
    assert week(folder, ["B3", *WHOLE])["B3"][1] == ""
    assert states(folder) == ["a later decision is about the same records"]


def test_a_decision_is_asked_again_when_the_record_that_it_followed_changes(folder: Path) -> None:
    week(folder, ["A1", *WHOLE])
    decisions.decide(folder, ("A1", N[2]), "same")
    week(folder, ["B2", *WHOLE])
    for _ in range(2):
        found = week(folder, ["B2", *WHOLE[:3], "M24 6WW", "M"])
        assert found["B2"] == ("review", N[2])
        assert states(folder) == ["a record has changed since: decide again"]


def test_different_keeps_apart_the_record_that_it_followed_when_that_changes(folder: Path) -> None:
    decisions.decide(folder, ("1", N[0]), "different")
    for postcode in (COUNCIL[0][4], "M13 0AR", "M13 0AR"):
        write(folder, [["B2", *COUNCIL[0][1:4], postcode, "F"], *COUNCIL[1:]])
        run(folder)
        links = {row["record_id"]: row["band"] for row in read_rows(current(folder) / "links.csv")}
        assert links["B2"] != "accept"
    assert states(folder) == ["a record has changed since: decide again"]
