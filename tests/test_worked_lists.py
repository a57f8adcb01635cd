"""A list with verdicts that comes back is kept whole or not at all: it may not contradict itself, nor withdraw nothing."""

from pathlib import Path

import pytest
from small_workspace import COUNCIL, NHS, N, write
from typer.testing import CliRunner

from linkage.clerical import decisions
from linkage.clerical.as_shown import is_alike
from linkage.cli import app
from linkage.errors import InputError, MappingError
from linkage.reading.lists import read_list, read_rows
from linkage.runs.run_records import fingerprints
from linkage.weekly.run_names import current
from linkage.weekly.workspace import run

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
    assert len(decisions.import_rows(fresh, rows[:3], "review.csv").new) == 3


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
    assert len(decisions.import_rows(fresh, listed(fresh, ("3", N[2]), ("3", N[3])), "review.csv").new) == 2
    assert len(decisions.import_rows(fresh, by_ids(fresh, ("5", N[2])), "review.csv").new) == 1


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
    (kept,) = decisions.import_rows(fresh, rows[1:], "review.csv").new
    assert (kept.number, kept.verdict) == (2, "withdrawn")
    with pytest.raises(InputError, match=told):
        decisions.decide(fresh, ("1", N[0]), "withdrawn")


def test_a_decision_is_withdrawn_by_the_new_id_of_its_record_too(fresh: Path) -> None:
    decisions.decide(fresh, ("1", N[0]), "different")
    write(fresh, [["91", *COUNCIL[0][1:]], *COUNCIL[1:]])
    run(fresh)
    assert decisions.decide(fresh, ("91", N[0]), "withdrawn").number == 2


def by_ids(folder: Path, *pairs: tuple[str, str], verdict: str = "same") -> list[Row]:
    """The same without what was shown."""
    return [
        {name: value for name, value in row.items() if not name.endswith("_shown")}
        for row in listed(folder, *pairs, verdict=verdict)
    ]


def test_ids_that_slipped_by_a_row_join_nobody_where_the_list_has_nothing_else(fresh: Path) -> None:
    rows = by_ids(fresh, ("1", N[0]), ("2", N[2]))
    with pytest.raises(InputError, match=r"^review\.csv row 3: no run proposed .* say `linkage decide`"):
        decisions.import_rows(fresh, rows, "review.csv")
    assert decisions.all_decisions(fresh) == []
    assert len(decisions.import_rows(fresh, rows[:1], "review.csv").new) == 1
    # Without what was shown of one of the two it is not known either.
    half = {"council_shown": listed(fresh, ("2", N[2]))[0]["council_shown"]}
    with pytest.raises(InputError, match="no run proposed"):
        decisions.import_rows(fresh, [rows[1] | half], "review.csv")


def test_ids_alone_may_be_different_or_what_was_decided_before(fresh: Path) -> None:
    apart = by_ids(fresh, ("2", N[2]), verdict="different")
    assert len(decisions.import_rows(fresh, apart, "review.csv").new) == 1
    assert len(decisions.import_rows(fresh, by_ids(fresh, ("2", N[2])), "review.csv").older) == 0
    decisions.decide(fresh, ("3", N[3]), "same")
    assert len(decisions.import_rows(fresh, by_ids(fresh, ("3", N[3])), "review.csv").known) == 1


def test_a_list_as_somebody_wrote_it_is_taken(fresh: Path, tmp_path: Path) -> None:
    file = tmp_path / "worked.csv"
    rows = listed(fresh, ("1", N[0]), ("2", N[1]), ("3", N[2]))
    lines = [
        f"{row['record_id']},{row['nhs_number']},{row['council_shown']},{row['nhs_shown']}" for row in rows
    ]
    head = "Record_ID, NHS_Number ,Council_Shown,NHS_Shown,Verdict "
    text = f"{head}\n{lines[0]},Cannot-tell\n\n{lines[1]}, cannot  tell\n{lines[2]},Cannot_Tell\n"
    file.write_text(text, encoding="utf-8")
    kept = decisions.import_rows(fresh, read_list(file), file.name).new
    assert [each.verdict for each in kept] == ["cannot tell"] * 3
    file.write_text(f"{text}\n{lines[0]},perhaps\n", encoding="utf-8")
    with pytest.raises(MappingError, match=r"^worked\.csv row 7: a decision is one of"):
        decisions.import_rows(fresh, read_list(file), file.name)


def shown(folder: Path, number: int, **changes: str) -> Row:
    """The row of a run's review.csv that shows record 3 and N[2], with a verdict and `changes`."""
    file = sorted((folder / "runs").glob(f"{number:04d}-*"))[0] / "review.csv"
    row = next(row for row in read_rows(file) if row["record_id"] == "3")
    return row | {"verdict": "same"} | changes


@pytest.fixture
def in_review(fresh: Path) -> Path:
    """The workspace after a decision on record 3 that has to be made again."""
    decisions.decide(fresh, ("3", N[2]), "same")
    write(fresh, [*COUNCIL[:2], [*COUNCIL[2][:4], "M40 2XY", "F"], *COUNCIL[3:]])
    run(fresh)
    return fresh


@pytest.mark.parametrize(
    "changes",
    [
        {"forename_council": "Barnabas"},
        {"surname_nhs": "Uppingly"},
        {"date_of_birth_council": "12/11/1950"},
        {"postcode_council": ""},
        {"forename_nhs": "Marigolde"},
    ],
)
def test_a_row_that_shows_somebody_else_than_its_ids_stops_the_file(
    in_review: Path, changes: dict[str, str]
) -> None:
    [column] = changes
    field, _, side = column.rpartition("_")
    before = decisions.all_decisions(in_review)
    with pytest.raises(InputError, match=rf"^review\.csv row 2: {field} of the {side} record is not") as told:
        decisions.import_rows(in_review, [shown(in_review, 2, **changes)], "review.csv")
    assert not any(value and value in str(told.value) for value in changes.values())
    assert decisions.all_decisions(in_review) == before


def test_what_a_spreadsheet_does_and_columns_that_are_not_there_stop_nothing(in_review: Path) -> None:
    changes = {
        "date_of_birth_council": "21-Jul-33",
        "forename_council": "OTTOLINE ",
        "postcode_council": "M402XY",
    }
    row = shown(in_review, 2, **changes)
    del row["surname_nhs"]
    assert len(decisions.import_rows(in_review, [row], "review.csv").new) == 1


def test_a_list_is_held_to_the_run_that_it_came_from_and_passed_over_where_that_is_gone(
    in_review: Path,
) -> None:
    row = shown(in_review, 2)
    typed = row | {"surname_council": "Uppingly"}
    write(in_review, COUNCIL)
    run(in_review)
    with pytest.raises(InputError, match="surname of the council record"):
        decisions.import_rows(in_review, [typed], "review.csv")
    assert len(decisions.import_rows(in_review, [row], "review.csv").new) == 1


@pytest.mark.parametrize(
    ("shown_as", "came_back"),
    [
        ("02/03/1941", "3/2/1941"),
        ("19410302", "02/03/1941 00:00"),
        ("1941-03-02", "02-Mar-41"),
        ("07700900123", "7700900123"),
        ("9434765919", "9434765919.0"),
        ("447700900123", "4.47701E+11"),
        ("Zoë Łukasz", "Zo? Lukasz"),
        ("Zoë", "ZoÃ«"),
        ("O'Brien-Smith", "O’BRIEN SMITH"),
        ("12  High St,\nOldham", "12 High St, Oldham"),
        ("31/02/1941", "31/02/1941"),
    ],
)
def test_what_a_spreadsheet_makes_of_a_value_is_that_value(shown_as: str, came_back: str) -> None:
    assert is_alike(shown_as, came_back)


@pytest.mark.parametrize(
    ("shown_as", "came_back"),
    [
        ("02/03/1941", "02/03/1942"),
        ("02/03/1941", ""),
        ("", "Ada"),
        ("Ada", "Adam"),
        ("Zoë", "Chloe"),
        ("07700900123", "07700900124"),
        ("447700900123", "4.37701E+11"),
    ],
)
def test_another_value_is_another(shown_as: str, came_back: str) -> None:
    assert not is_alike(shown_as, came_back)
