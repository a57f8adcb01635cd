"""What people have decided since the run is not obeyed yet, but whom it touches is asked about and no longer shown."""

from pathlib import Path
from typing import Any

import pytest
from small_workspace import COUNCIL, N, write

from linkage.clerical.decisions import decide, undo
from linkage.runs.known import known, known_text
from linkage.weekly.run_names import current
from linkage.weekly.workspace import run

TWIN_ENTRY = ["7", *COUNCIL[0][1:]]
"""Another record of the person of record 1, which the model links to the same number."""


def answer(weekly: Path, number: str) -> tuple[str, list[str], int, int]:
    """The answer, the records shown, and how many others wait or may be the patient's."""
    found: dict[str, Any] = known(current(weekly), number)
    return (
        found["answer"],
        [each["record_id"] for each in found["records"]],
        found["waiting"],
        found["unlinked"],
    )


@pytest.mark.parametrize("verdict", ["different", "cannot-tell"])
def test_a_link_that_a_person_has_doubted_since_is_asked_about_and_not_shown(
    fresh: Path, verdict: str
) -> None:
    assert answer(fresh, N[0]) == ("known", ["1"], 0, 0)
    decide(fresh, ("1", N[0]), verdict)
    assert answer(fresh, N[0]) == ("ask", [], 0, 1)
    told = known_text(known(current(fresh), N[0]))
    assert "have decided on it since the run" in told
    assert "BEWARE: 1 decision on this patient or these records was made or withdrawn since that run" in told


def test_a_link_that_a_person_has_confirmed_since_is_still_shown(fresh: Path) -> None:
    decide(fresh, ("1", N[0]), "same")
    assert answer(fresh, N[0]) == ("known", ["1"], 0, 0)


def test_a_link_that_a_person_has_made_since_is_asked_about(fresh: Path) -> None:
    assert answer(fresh, N[2])[0] == "not known"
    decide(fresh, ("3", N[2]), "same")
    assert answer(fresh, N[2]) == ("ask", [], 0, 1)
    run(fresh)
    assert answer(fresh, N[2]) == ("known", ["3"], 0, 0)


def test_a_link_whose_decision_has_been_withdrawn_since_is_asked_about(fresh: Path) -> None:
    number = decide(fresh, ("3", N[2]), "same").number
    run(fresh)
    undo(fresh, number)
    assert answer(fresh, N[2]) == ("ask", [], 0, 1)


def test_a_record_that_waited_and_has_been_decided_to_be_somebody_else_is_not_asked_about(
    fresh: Path,
) -> None:
    # Of another birth date than before the decision: it has to be made again.
    decide(fresh, ("3", N[2]), "same")
    write(fresh, [*COUNCIL[:2], [*COUNCIL[2][:3], "04/08/1935", *COUNCIL[2][4:]], *COUNCIL[3:]])
    run(fresh)
    assert answer(fresh, N[2]) == ("ask", [], 1, 0)
    decide(fresh, ("3", N[2]), "different")
    assert answer(fresh, N[2]) == ("not known", [], 0, 0)


def test_a_record_that_has_been_linked_to_somebody_else_since_is_not_shown(fresh: Path) -> None:
    decide(fresh, ("1", N[2]), "same")
    assert answer(fresh, N[0]) == ("ask", [], 0, 1)
    assert answer(fresh, N[2]) == ("ask", [], 0, 1)


def test_a_record_that_has_been_decided_not_to_be_another_patient_is_shown_as_before(fresh: Path) -> None:
    decide(fresh, ("1", N[1]), "different")
    assert answer(fresh, N[0]) == ("known", ["1"], 0, 0)


def test_another_record_that_a_person_has_found_to_be_the_same_is_asked_about_beside_what_is_shown(
    fresh: Path,
) -> None:
    decide(fresh, ("1", "4"), "same")
    assert answer(fresh, N[0]) == ("known", ["1"], 0, 1)


def test_two_records_of_two_patients_that_were_found_to_be_the_same_are_both_asked_about(fresh: Path) -> None:
    decide(fresh, ("1", "2"), "same")
    assert answer(fresh, N[0]) == ("ask", [], 0, 2)
    assert answer(fresh, N[1]) == ("ask", [], 0, 2)


def test_two_records_of_one_patient_that_were_found_to_be_different_are_both_asked_about(fresh: Path) -> None:
    write(fresh, [*COUNCIL, TWIN_ENTRY])
    run(fresh)
    assert answer(fresh, N[0]) == ("known", ["1", "7"], 0, 0)
    decide(fresh, ("1", "7"), "different")
    assert answer(fresh, N[0]) == ("ask", [], 0, 2)


def test_a_record_that_may_not_be_linked_is_not_told_of_whatever_was_decided(fresh: Path) -> None:
    (fresh / "objections.csv").write_text("record_id\n3\n", encoding="utf-8")
    settings = fresh / "linkage.toml"
    told = settings.read_text(encoding="utf-8").replace(
        '[objections]\nfile = ""', '[objections]\nfile = "objections.csv"'
    )
    settings.write_text(told, encoding="utf-8")
    run(fresh)
    decide(fresh, ("3", N[2]), "same")
    assert answer(fresh, N[2]) == ("not known", [], 0, 0)
