"""A list of decisions that comes a second time keeps what is new: what was replaced or withdrawn since stays so."""

from pathlib import Path

import pytest
from small_workspace import N
from test_worked_lists import listed
from typer.testing import CliRunner

from linkage.clerical import decisions
from linkage.cli import app
from linkage.errors import MappingError
from linkage.past import Decision
from linkage.reading.lists import read_rows
from linkage.weekly import audit
from linkage.weekly.store import open_store

PAIR = ("1", N[0])
ROW_2 = "worked.csv row 2: "


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The time at which everything is done from now on: its one item."""
    told = ["2026-01-05T09:00:00Z"]
    monkeypatch.setattr(audit, "now", lambda: told[0])
    return told


def exported(folder: Path, to: Path) -> list[dict[str, str]]:
    to.unlink(missing_ok=True)
    decisions.export(folder, to)
    return read_rows(to)


def last(folder: Path) -> Decision:
    return decisions.all_decisions(folder)[-1]


def test_an_older_export_does_not_replace_what_was_decided_since(
    fresh: Path, tmp_path: Path, clock: list[str]
) -> None:
    decisions.decide(fresh, PAIR, "same", "ada")
    decisions.decide(fresh, ("2", N[1]), "same", "ada")
    old = exported(fresh, tmp_path / "worked.csv")
    for clock[0] in ("2026-01-05T09:00:00Z", "2026-01-12T09:00:00Z"):
        decisions.decide(fresh, PAIR, "different", "grace")
        kept = decisions.import_rows(fresh, old, "worked.csv")
        assert (kept.new, [each.number for each in kept.known], kept.older) == ([], [2], [ROW_2])
        assert (last(fresh).number, last(fresh).verdict) == (3, "different")


def test_an_undone_decision_does_not_come_back_with_an_old_export(
    fresh: Path, tmp_path: Path, clock: list[str]
) -> None:
    decisions.decide(fresh, PAIR, "same", "ada")
    old = exported(fresh, tmp_path / "worked.csv")
    clock[0] = "2026-01-12T09:00:00Z"
    decisions.undo(fresh, 1)
    done = CliRunner().invoke(app, ["decisions", str(fresh), "--import", str(tmp_path / "worked.csv")])
    assert done.output.splitlines()[0] == "0 decisions are kept: 0 of them new, 0 known already"
    assert "1 is not kept" in done.output
    assert "worked.csv row 2." in done.output
    assert last(fresh).verdict == "withdrawn"
    clock[0] = "2026-01-13T09:00:00Z"
    newer = [old[0] | {"at": clock[0]}]
    assert [each.number for each in decisions.import_rows(fresh, newer, "worked.csv").new] == [3]


def test_a_worked_list_that_comes_again_does_not_bring_back_what_was_replaced_since(fresh: Path) -> None:
    rows = listed(fresh, PAIR, ("2", N[1]))
    assert len(decisions.import_rows(fresh, rows[:1], "worked.csv", "ada").new) == 1
    decisions.decide(fresh, PAIR, "different", "grace")
    kept = decisions.import_rows(fresh, rows, "worked.csv", "eve")
    assert ([each.number for each in kept.new], kept.older) == ([3], [ROW_2])
    assert decisions.decide(fresh, PAIR, "same", "eve").number == 4


def test_what_stands_is_known_whoever_hands_the_list_in(fresh: Path) -> None:
    rows = listed(fresh, PAIR)
    decisions.import_rows(fresh, rows, "worked.csv", "ada")
    assert [each.who for each in decisions.import_rows(fresh, rows, "worked.csv", "eve").known] == ["ada"]
    said = [rows[0] | {"who": "eve"}]
    assert [each.who for each in decisions.import_rows(fresh, said, "worked.csv").new] == ["eve"]


def test_a_row_that_stands_twice_is_kept_once_and_told(fresh: Path) -> None:
    rows = listed(fresh, PAIR, ("2", N[1]), PAIR)
    for kept in (decisions.import_rows(fresh, rows, "worked.csv") for _ in range(2)):
        assert (len(kept.new) + len(kept.known), kept.twice) == (2, ["worked.csv row 4: "])
    assert len(decisions.all_decisions(fresh)) == 2


@pytest.mark.parametrize("at", ["05/01/2026 09:00", "05/01/2026 09:00:20", "2026-01-05 09:00:20"])
def test_a_time_that_a_spreadsheet_wrote_is_that_time(
    fresh: Path, tmp_path: Path, clock: list[str], at: str
) -> None:
    clock[0] = "2026-01-05T09:00:20Z"
    decisions.decide(fresh, PAIR, "same", "ada")
    old = [exported(fresh, tmp_path / "worked.csv")[0] | {"at": at}]
    assert len(decisions.import_rows(fresh, old, "worked.csv").known) == 1
    clock[0] = "2026-01-05T10:00:00Z"
    decisions.decide(fresh, PAIR, "different", "ada")
    assert decisions.import_rows(fresh, old, "worked.csv").older == [ROW_2]
    other = [row | {"at": at} for row in listed(fresh, ("2", N[1]))]
    [new] = decisions.import_rows(fresh, other, "worked.csv").new
    assert new.at in ("2026-01-05T09:00:00Z", "2026-01-05T09:00:20Z")
    with open_store(fresh) as store:
        assert audit.verify(store, fresh) == []


@pytest.mark.parametrize("at", ["05/01/2026", "5 Jan 2026", "2026-01-05", "05/01/26"])
def test_a_day_alone_is_read_as_any_other_date_and_begins_at_midnight(
    fresh: Path, clock: list[str], at: str
) -> None:
    [kept] = decisions.import_rows(fresh, [row | {"at": at} for row in listed(fresh, PAIR)], "worked.csv").new
    assert (kept.at, clock) == ("2026-01-05T00:00:00Z", ["2026-01-05T09:00:00Z"])


@pytest.mark.parametrize("at", ["2026-01-05T11:00:01Z", "01/02/2026", "2027-01-05"])
def test_a_time_that_is_still_to_come_stops_the_list(fresh: Path, clock: list[str], at: str) -> None:
    rows = [row | {"at": at} for row in listed(fresh, PAIR)]
    with pytest.raises(MappingError, match=rf"^{ROW_2}at is still to come"):
        decisions.import_rows(fresh, rows, "worked.csv")
    assert decisions.all_decisions(fresh) == []
    clock[0] = "2027-01-05T09:00:00Z"
    assert len(decisions.import_rows(fresh, rows, "worked.csv").new) == 1


@pytest.mark.parametrize("at", ["last Tuesday", "2026", "Jan 2026", "31/02/2026"])
def test_a_time_that_is_none_stops_the_list(fresh: Path, at: str) -> None:
    rows = [row | {"at": at} for row in listed(fresh, PAIR)]
    with pytest.raises(MappingError, match=rf"^{ROW_2}at is no day and time"):
        decisions.import_rows(fresh, rows, "worked.csv")
    assert decisions.all_decisions(fresh) == []
