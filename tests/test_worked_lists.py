"""A list with verdicts that comes back is kept whole or not at all: it may not contradict itself, nor withdraw nothing."""

from pathlib import Path

import pytest
from small_workspace import COUNCIL, NHS, N, write
from typer.testing import CliRunner

from linkage import decisions
from linkage.cli import app
from linkage.errors import InputError, MappingError
from linkage.run_records import fingerprints
from linkage.workspace import current, run

Row = dict[str, str]


def listed(folder: Path, *pairs: tuple[str, str], verdict: str = "same") -> list[Row]:
    """Rows of a review.csv of the workspace on these council records and NHS Numbers."""
    held = fingerprints(current(folder), {name for pair in pairs for name in pair})
    return [
        {"record_id": record, "nhs_number": number, "council_shown": held["council", record][2],
         "nhs_shown": held["nhs", number][2], "verdict": verdict}
        for record, number in pairs
    ]  # fmt: skip


def test_a_record_that_is_the_same_as_two_numbers_stops_the_whole_file(fresh: Path) -> None:
    rows = listed(fresh, ("1", N[0]), ("2", N[1]), ("3", N[2]), ("3", N[3]))
    with pytest.raises(MappingError, match=r"^review\.csv row 4 and row 5 contradict each other: "):
        decisions.import_rows(fresh, rows, "review.csv")
    assert decisions.all_decisions(fresh) == []
    assert len(decisions.import_rows(fresh, rows[:3], "review.csv")) == 3


def test_same_filled_down_a_whole_list_tells_the_first_rows_and_how_many_more(fresh: Path) -> None:
    rows = listed(fresh, *[(row[0], number) for row in COUNCIL for number in N[:2]])
    told = r"^review\.csv row 2, row 3, .*, row 11 and 2 more contradict each other"
    with pytest.raises(MappingError, match=told):
        decisions.import_rows(fresh, rows, "review.csv")


@pytest.mark.parametrize("last", [("4", "different"), ("2", "same")])
def test_rows_that_cannot_hold_together_by_way_of_others_stop_the_file(
    fresh: Path, last: tuple[str, str]
) -> None:
    rows = [{"left_record": f"council:{one}", "right_record": f"council:{other}", "verdict": verdict}
            for one, other, verdict in (("3", "5", "same"), ("5", "4", "same"), ("3", *last))]  # fmt: skip
    rows += listed(fresh, ("4", N[0]), ("2", N[1]))
    with pytest.raises(MappingError, match="contradict each other"):
        decisions.import_rows(fresh, rows, "worked.csv")


def test_a_number_and_the_one_that_replaced_it_are_one(fresh: Path) -> None:
    write(fresh, COUNCIL, NHS)
    file = fresh / "in" / "nhs.csv"
    heading, *rows = file.read_text(encoding="utf-8").splitlines()
    rows = [f"{row},{N[3] if row.startswith(N[2]) else ''}" for row in rows]
    file.write_text("\n".join([f"{heading},Superseded By", *rows]), encoding="utf-8")
    run(fresh)
    assert len(decisions.import_rows(fresh, listed(fresh, ("3", N[2]), ("3", N[3])), "review.csv")) == 2


def test_a_decision_that_contradicts_one_that_stands_is_kept_and_told_at_once(
    fresh: Path, tmp_path: Path
) -> None:
    assert decisions.contradicting(fresh, [decisions.decide(fresh, ("3", N[2]), "same")]) == []
    done = CliRunner().invoke(app, ["decide", "3", N[3], "same", "--workspace", str(fresh)])
    assert "It contradicts others that stand, so none of them joins anybody" in done.output
    decisions.export(fresh, tmp_path / "worked.csv")
    done = CliRunner().invoke(app, ["decisions", str(fresh), "--import", str(tmp_path / "worked.csv")])
    assert isinstance(done.exception, MappingError)


def test_what_does_not_stand_cannot_be_withdrawn(fresh: Path) -> None:
    told = "no decision stands on these two records"
    with pytest.raises(InputError, match=f"^{told}"):
        decisions.decide(fresh, ("1", N[0]), "withdrawn")
    rows = [*listed(fresh, ("2", N[1])), *listed(fresh, ("1", N[0]), verdict="withdrawn")]
    with pytest.raises(InputError, match=rf"^review\.csv row 3: {told}"):
        decisions.import_rows(fresh, rows, "review.csv")
    assert decisions.all_decisions(fresh) == []
    decisions.decide(fresh, ("1", N[0]), "same")
    (kept,) = decisions.import_rows(fresh, rows[1:], "review.csv")
    assert (kept.number, kept.verdict) == (2, "withdrawn")
    with pytest.raises(InputError, match=told):
        decisions.decide(fresh, ("1", N[0]), "withdrawn")


def test_a_decision_is_withdrawn_by_the_new_id_of_its_record_too(fresh: Path) -> None:
    decisions.decide(fresh, ("1", N[0]), "different")
    write(fresh, [["91", *COUNCIL[0][1:]], *COUNCIL[1:]])
    run(fresh)
    assert decisions.decide(fresh, ("91", N[0]), "withdrawn").number == 2
