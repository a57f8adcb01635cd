"""What keeps "not known" from being said of a patient whom the council's file may know all the same."""

import csv
import shutil
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from small_run import made_up_number
from small_workspace import HEADING as SMALL
from small_workspace import NHS as SMALL_NHS
from small_workspace import N, make_workspace

from linkage import pipeline
from linkage.clerical.decisions import decide
from linkage.config import LinkJob
from linkage.runs.known import known, known_text
from linkage.weekly.run_names import current
from linkage.weekly.workspace import run

HELD = [made_up_number(50_000 + 100 * place) for place in range(9)]
HEADING = ["Person ID", "Forename", "Surname", "Date of Birth", "Postcode", "NHS Number", "Merged Into", "Is Client", "Confidential"]  # fmt: skip
COUNCIL = [
    ["1", "Zyxwvutia", "Qwertson", "02/03/1941", "M13 0AQ", "", "", "Y", ""],
    # In no register, but the council holds a number of theirs.
    ["2", "Barnabas", "Uppingly", "12/11/1950", "M14 5RR", HELD[0], "", "Y", ""],
    # Linked to nobody either, but what may not be linked is not told.
    ["3", "Ottoline", "Frampton", "21/07/1933", "M15 6BH", HELD[1], "", "Y", "Y"],
    ["4", "Cordelia", "Wrenfield", "09/01/1962", "M20 1AA", HELD[2], "", "N", ""],
    ["5", "Cornelius", "Vantage", "30/04/1958", "M21 9AB", HELD[3], "", "Y", ""],
    # Merged into one who is linked to another number, or to the very one.
    ["6", "Zyxwvutia", "Qwertson", "02/03/1941", "M13 0AQ", HELD[4], "1", "Y", ""],
    ["7", "Zyxwvutia", "Qwertson", "02/03/1941", "M13 0AQ", N[0], "1", "Y", ""],
    # No name: too little to be linked.
    ["9", "", "", "", "", HELD[7], "", "Y", ""],
    ["8", "Hepzibah", "Larkspur", "17/08/1947", "M16 0PQ", HELD[5], "", "Y", ""],
]  # fmt: skip
NHS = [
    [N[0], "Zyxwvutia", "Qwertson", "02/03/1941", "M13 0AQ", ""],
    [N[1], "Hepzibah", "Larkspur", "17/08/1947", "M16 0PQ", HELD[6]],
    *([made_up_number(70_000 + 100 * at), f"A{at}da", f"Hol{chr(97 + at)}royd", f"0{at + 1}/06/1930", "OL1 1AA", ""] for at in range(8)),
]  # fmt: skip


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of both files; record 5 objects."""
    folder = tmp_path_factory.mktemp("doubt")
    headings = {"council": HEADING, "nhs": ["NHS Number", *HEADING[1:5], "Superseded NHS Numbers"]}
    for name, rows in (("council", COUNCIL), ("nhs", NHS)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([headings[name], *rows])
    (folder / "objections.csv").write_text("record_id\n5\n", encoding="utf-8")
    council, nhs = pipeline.council(folder / "council.csv"), pipeline.nhs(folder / "nhs.csv")
    pipeline.link(LinkJob(council, nhs, folder / "run", objections=folder / "objections.csv"))
    return folder / "run"


def test_a_record_that_holds_the_number_itself_is_asked_about_though_it_is_linked_to_nobody(
    linked: Path,
) -> None:
    found = known(linked, HELD[0])
    assert (found["answer"], found["records"], found["waiting"], found["unlinked"]) == ("ask", [], 0, 1)
    told = known_text(found)
    assert "Not sure: 1 of the council's records" in told
    assert "duty desk" in told
    assert "Barnabas" not in told


def test_a_record_that_is_proposed_for_another_number_is_asked_about_too(linked: Path) -> None:
    assert known(linked, N[1])["waiting"] == 1
    found = known(linked, HELD[5])
    assert (found["answer"], found["waiting"], found["unlinked"]) == ("ask", 0, 1)


def test_of_records_that_may_not_be_linked_not_even_the_number_that_they_hold_is_told(linked: Path) -> None:
    for place, why in ((1, "confidential"), (2, "not a client"), (3, "objects")):
        found = known(linked, HELD[place])
        assert (why, found["answer"], found["unlinked"]) == (why, "not known", 0)


def test_a_number_of_a_record_that_the_council_merged_into_another_is_asked_about_unless_that_is_linked_to_it(
    linked: Path,
) -> None:
    assert (known(linked, HELD[4])["answer"], known(linked, HELD[4])["unlinked"]) == ("ask", 1)
    assert (known(linked, N[0])["answer"], known(linked, N[0])["unlinked"]) == ("known", 0)


def test_a_record_without_a_name_is_asked_about_by_the_number_that_it_holds(linked: Path) -> None:
    assert (known(linked, HELD[7])["answer"], known(linked, HELD[7])["unlinked"]) == ("ask", 1)


def test_that_people_could_not_tell_is_no_sign_that_the_patient_is_not_known(fresh: Path) -> None:
    decide(fresh, ("1", N[0]), "cannot-tell")
    run(fresh)
    found = known(current(fresh), N[0])
    assert (found["answer"], found["records"], found["waiting"], found["unlinked"]) == ("ask", [], 0, 1)


def test_what_people_decided_to_be_somebody_else_is_not_asked_about_again(fresh: Path) -> None:
    decide(fresh, ("1", N[0]), "different")
    run(fresh)
    assert known(current(fresh), N[0])["answer"] == "not known"


def test_the_list_that_people_work_on_does_not_change_the_answer(linked: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(linked, tmp_path / "copy"))
    heading = (linked / "review.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    (copy / "review.csv").write_text(f"{heading}\n", encoding="utf-8")
    assert known(copy, N[1]) == known(linked, N[1])


def test_a_number_that_an_earlier_register_said_was_replaced_still_leads_to_the_new_one(
    tmp_path: Path,
) -> None:
    weekly = make_workspace(tmp_path / "weekly")
    register, columns = weekly / "in" / "nhs.csv", ["NHS Number", *SMALL[1:], "Superseded NHS Numbers"]
    weeks = (
        [[*row, N[5] if row[0] == N[0] else ""] for row in SMALL_NHS],
        [[*row, ""] for row in SMALL_NHS],
        # It is somebody's again.
        [*([*row, ""] for row in SMALL_NHS), [N[5], "Someone", "Else", "01/04/1950", "M33 3XX", "F", ""]],
    )
    found = []
    for rows in weeks:
        with register.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([columns, *rows])
        run(weekly)
        answer = known(current(weekly), N[5])
        found.append((answer["answer"], answer["nhs_number"]))
    assert found == [("known", N[0]), ("known", N[0]), ("not known", N[5])]


def test_that_the_records_shown_may_be_several_peoples_is_told_though_somebody_has_edited_the_list_of_these(
    linked: Path, tmp_path: Path
) -> None:
    assert known(linked, N[0])["to_check"] == []
    copy, doubt = (
        Path(shutil.copytree(linked, tmp_path / "copy")),
        "2 pairs of its records look like two people.",
    )
    with (linked / "links.csv").open(encoding="utf-8-sig", newline="") as file:
        [person] = {row["person_id"] for row in csv.DictReader(file) if row["record_id"] == "1"}
    records = pyarrow.parquet.read_table(copy / "records.parquet")
    told = [doubt if name == person else None for name in records["person_id"].to_pylist()]
    place = records.column_names.index("to_check")
    records = records.set_column(place, "to_check", pyarrow.array(told, pyarrow.string()))
    pyarrow.parquet.write_table(records, copy / "records.parquet")
    (copy / "clusters_to_check.csv").unlink()
    found = known(copy, N[0])
    assert (found["answer"], found["to_check"]) == ("known", [doubt])
    assert f"BEWARE: these records may be several people's. {doubt}" in known_text(found)
    assert known(copy, N[1])["to_check"] == []
