"""A decision follows the record that it was made on, and nobody else whose values are the same."""

from pathlib import Path

from small_workspace import COUNCIL, N, write

from linkage.clerical import decisions
from linkage.reading.lists import read_rows
from linkage.weekly.run_names import current
from linkage.weekly.workspace import run

THIN = ["Ambrose", "Tidewell", "", "", ""]
WHOLE = ["Ambrose", "Tidewell", "04/04/1944", "M22 4ZZ", "M"]


def week(fresh: Path, *more: list[str]) -> dict[str, tuple[str, str]]:
    """A run with these council records besides the others; band and NHS Number of each record id."""
    write(fresh, [*COUNCIL, *more])
    run(fresh)
    rows = read_rows(current(fresh) / "links.csv")
    return {row["record_id"]: (row["band"], row["nhs_number"]) for row in rows}


def states(fresh: Path) -> list[str]:
    return [row["state"] for row in decisions.overview(fresh)]


def test_same_does_not_pass_to_a_new_record_that_has_what_the_decided_one_had(fresh: Path) -> None:
    week(fresh, ["A1", *THIN])
    decisions.decide(fresh, ("A1", N[2]), "same")
    found = week(fresh, ["A1", *WHOLE], ["B9", *THIN])
    assert (found["A1"], found["B9"][1]) == (("review", N[2]), "")
    assert states(fresh) == ["a record has changed since: decide again"]


def test_same_does_not_pass_to_another_record_that_is_thinly_described(fresh: Path) -> None:
    week(fresh, ["A1", *THIN], ["A2", *THIN])
    decisions.decide(fresh, ("A1", N[2]), "same")
    assert week(fresh, ["A2", *THIN])["A2"][1] == ""
    assert states(fresh) == ["a record is not there"]


def test_same_does_not_pass_to_another_person_of_the_same_values(fresh: Path) -> None:
    week(fresh, ["A1", *WHOLE], ["A2", *WHOLE])
    decisions.decide(fresh, ("council:A1", "council:A2"), "different")
    decisions.decide(fresh, ("A1", N[2]), "same")
    assert week(fresh, ["A1", *WHOLE], ["A2", *WHOLE])["A1"] == ("accept", N[2])
    assert week(fresh, ["A2", *WHOLE])["A2"][1] == ""
    assert states(fresh) == ["a record is not there"] * 2


def test_same_follows_a_record_to_new_ids_week_after_week(fresh: Path) -> None:
    week(fresh, ["A1", *WHOLE])
    decisions.decide(fresh, ("A1", N[2]), "same")
    for record in ("B2", "B2", "B3"):
        assert week(fresh, [record, *WHOLE])[record] == ("accept", N[2])


def test_same_follows_a_record_whose_id_was_given_to_somebody_else(fresh: Path) -> None:
    other = ["Leopold", "Marchbank", "19/09/1979", "M23 5YY", "M"]
    week(fresh, ["A1", *WHOLE], ["A2", *other])
    decisions.decide(fresh, ("A1", N[2]), "same")
    for _ in range(2):
        found = week(fresh, ["A1", *other], ["A2", *WHOLE])
        assert (found["A2"], found["A1"][1]) == (("accept", N[2]), "")


def test_different_follows_the_values_of_a_record_that_is_gone(fresh: Path) -> None:
    week(fresh, ["A1", *THIN])
    decisions.decide(fresh, ("A1", N[2]), "different")
    assert week(fresh, ["B2", *THIN])["B2"][1] == ""
    assert states(fresh) == ["applied"]


def test_an_undone_decision_brings_no_older_one_back_that_followed_the_record(fresh: Path) -> None:
    week(fresh, ["A1", *WHOLE])
    decisions.decide(fresh, ("A1", N[2]), "same")
    week(fresh, ["B2", *WHOLE])
    later = decisions.decide(fresh, ("B2", N[2]), "different")
    decisions.undo(fresh, later.number)
    assert week(fresh, ["B2", *WHOLE])["B2"][1] == ""
    assert week(fresh, ["B3", *WHOLE])["B3"][1] == ""
    assert states(fresh) == ["a later decision is about the same records"]


def test_a_decision_is_asked_again_when_the_record_that_it_followed_changes(fresh: Path) -> None:
    week(fresh, ["A1", *WHOLE])
    decisions.decide(fresh, ("A1", N[2]), "same")
    week(fresh, ["B2", *WHOLE])
    for _ in range(2):
        found = week(fresh, ["B2", *WHOLE[:3], "M24 6WW", "M"])
        assert found["B2"] == ("review", N[2])
        assert states(fresh) == ["a record has changed since: decide again"]


def test_different_keeps_apart_the_record_that_it_followed_when_that_changes(fresh: Path) -> None:
    decisions.decide(fresh, ("1", N[0]), "different")
    for postcode in (COUNCIL[0][4], "M13 0AR", "M13 0AR"):
        write(fresh, [["B2", *COUNCIL[0][1:4], postcode, "F"], *COUNCIL[1:]])
        run(fresh)
        links = {row["record_id"]: row["band"] for row in read_rows(current(fresh) / "links.csv")}
        assert links["B2"] != "accept"
    assert states(fresh) == ["a record has changed since: decide again"]
