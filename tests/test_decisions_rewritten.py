"""A value that is only written another way is no other value: decisions and people stay as they were."""

import re
from collections.abc import Callable
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from small_workspace import COUNCIL, NHS, N, write

from linkage.clerical import decisions
from linkage.config import CHANGES, EVERYTHING
from linkage.reading.lists import read_rows
from linkage.runs.compare import compare
from linkage.weekly import audit, freshness
from linkage.weekly.run_names import current
from linkage.weekly.store import open_store
from linkage.weekly.workspace import run

Rows = list[list[str]]
AGAIN = "a record has changed since: decide again"


def rewritten(rows: Rows) -> Rows:
    """The same people as another system writes them: dates from the year on, postcodes without a space, words for codes."""
    return [
        [
            record_id,
            forename.upper(),
            surname,
            re.sub(r"(..)/(..)/(....)", r"\3-\2-\1", born),
            postcode.replace(" ", "").lower(),
            {"F": "Female", "M": "Male"}[gender],
        ]
        for record_id, forename, surname, born, postcode, gender in rows
    ]


@pytest.fixture
def decided(fresh: Path) -> Path:
    """A workspace in which every kind of decision is obeyed."""
    decisions.decide(fresh, ("1", N[0]), "different", "ada")
    decisions.decide(fresh, ("2", f"nhs:{N[1]}"), "cannot-tell", "ada")
    decisions.decide(fresh, ("3", N[2]), "same", "ada")
    decisions.decide(fresh, ("4", "council:3"), "same", "ada")
    run(fresh)
    assert states(fresh) == ["applied"] * 4
    return fresh


def states(folder: Path) -> list[str]:
    return [row["state"] for row in decisions.overview(folder)]


def people(folder: Path) -> dict[str, tuple[str, str]]:
    """NHS Number and person_id of each council record."""
    rows = read_rows(current(folder) / "links.csv")
    return {row["record_id"]: (row["nhs_number"], row["person_id"]) for row in rows}


def test_decisions_hold_when_every_column_is_written_another_way_and_from_then_on(decided: Path) -> None:
    before = people(decided)
    for council, nhs in (
        (rewritten(COUNCIL), NHS),
        (rewritten(COUNCIL), rewritten(NHS)),
        (COUNCIL, NHS),
        (rewritten(COUNCIL), rewritten(NHS)),
    ):
        write(decided, council, nhs)
        run(decided)
        assert states(decided) == ["applied"] * 4
        assert people(decided) == before
    with open_store(decided) as store:
        assert audit.verify(store, decided) == []


def test_what_is_compared_is_still_asked_again_when_it_changes(decided: Path) -> None:
    for place, value in ((1, "Letitia"), (2, "Newnameson"), (3, "1934-07-21"), (4, "m338qq")):
        council = rewritten(COUNCIL)
        council[2][place] = value
        write(decided, council)
        run(decided)
        assert states(decided)[2:] == [AGAIN, AGAIN], value
    write(decided, rewritten(COUNCIL))
    run(decided)


def test_a_change_after_the_rewriting_is_asked_again_too(decided: Path) -> None:
    write(decided, rewritten(COUNCIL))
    run(decided)
    council = rewritten(COUNCIL)
    council[2][4] = "m338qq"
    for _ in range(2):
        write(decided, council)
        run(decided)
        assert states(decided)[2:] == [AGAIN, AGAIN]


def test_records_are_known_again_under_new_ids_in_another_writing(decided: Path) -> None:
    before = people(decided)
    for council in (COUNCIL, rewritten(COUNCIL)):
        renamed = [[f"{len(council[0][4])}-{row[0]}", *row[1:]] for row in council]
        write(decided, renamed)
        run(decided)
        assert states(decided) == ["applied"] * 4
        assert list(people(decided).values()) == list(before.values())


def test_same_passes_to_no_other_person_who_is_written_another_way(decided: Path) -> None:
    [twin] = rewritten([["T", *COUNCIL[2][1:]]])
    write(decided, [*COUNCIL, twin])
    run(decided)
    decisions.decide(decided, ("3", "council:T"), "different", "ada")
    run(decided)
    write(decided, [*COUNCIL[:2], *COUNCIL[3:], twin])
    run(decided)
    assert states(decided)[2:] == ["a record is not there"] * 3
    assert people(decided)["T"][0] == ""


def test_a_record_that_was_away_is_known_again_as_it_is_written_since(decided: Path) -> None:
    for council in (rewritten(COUNCIL), rewritten(COUNCIL)[:2], rewritten(COUNCIL)):
        write(decided, council)
        run(decided)
    assert states(decided) == ["applied"] * 4


def edit_records(folder: Path, change: Callable[[pyarrow.Table], pyarrow.Table]) -> None:
    """Let the current run have known its records otherwise."""
    file = current(folder) / "records.parquet"
    pyarrow.parquet.write_table(change(pyarrow.parquet.read_table(file)), file)


def test_a_workspace_of_former_software_keeps_its_decisions(decided: Path) -> None:
    before = people(decided)
    edit_records(decided, lambda table: table.drop_columns(["received", "cleaned"]))
    for council in (COUNCIL, rewritten(COUNCIL)):
        write(decided, council)
        run(decided)
        assert states(decided) == ["applied"] * 4
        assert people(decided) == before
    with open_store(decided) as store:
        # The file from which the columns were taken is no longer the one that was published.
        [wrong] = audit.verify(store, decided)
        assert wrong.startswith("records.parquet of run ")


def test_a_last_run_whose_file_is_damaged_or_gone_is_done_without(decided: Path) -> None:
    (current(decided) / "records.parquet").write_bytes(b"PAR1 nothing PAR1")
    run(decided)
    assert states(decided) == ["applied"] * 4
    (current(decided) / "records.parquet").unlink()
    run(decided)
    assert states(decided) == ["applied"] * 4


def test_software_that_cleans_otherwise_makes_no_decision_void(decided: Path) -> None:
    def otherwise(table: pyarrow.Table) -> pyarrow.Table:
        column = pyarrow.array(range(len(table)), pyarrow.uint64())
        return table.set_column(table.column_names.index("cleaned"), "cleaned", column)

    write(decided, rewritten(COUNCIL))
    run(decided)
    edit_records(decided, otherwise)
    run(decided)
    assert states(decided) == ["applied"] * 4


def test_a_run_by_changes_keeps_the_fingerprints_that_a_run_of_everything_does(
    decided: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "MOST_CHANGED", 1.0)
    kept = []
    for asked in (CHANGES, EVERYTHING, CHANGES):
        write(decided, [*rewritten(COUNCIL)[:4], *COUNCIL[4:]], rewritten(NHS))
        manifest, out = run(decided, asked=asked)
        assert manifest["weekly"]["way"] == asked
        kept.append((out / "records.parquet").read_bytes())
    assert kept == kept[:1] * 3


def test_a_comparison_of_runs_calls_it_no_change(decided: Path) -> None:
    before = current(decided)
    write(decided, rewritten(COUNCIL), rewritten(NHS))
    run(decided)
    assert not compare(before, current(decided))["changes"]
