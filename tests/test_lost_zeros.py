"""A worked list whose record ids a spreadsheet has taken the first zeros from is understood by what it showed, or refused."""

from pathlib import Path

import pytest
from small_workspace import COUNCIL, NHS, N, write

from linkage.clerical import decisions
from linkage.errors import InputError
from linkage.runs.run_records import fingerprints
from linkage.weekly.run_names import current
from linkage.weekly.settings import Settings
from linkage.weekly.workspace import init, run

Row = dict[str, str]


def workspace(folder: Path, council: list[list[str]]) -> Path:
    (folder / "in").mkdir(parents=True)
    write(folder, council, NHS)
    init(folder, Settings(), "ada")
    run(folder)
    return folder


def numbered(*ids: str) -> list[list[str]]:
    """The first council records of the small workspace under these ids."""
    return [[record_id, *row[1:]] for record_id, row in zip(ids, COUNCIL, strict=False)]


def listed(folder: Path, record_id: str, written: str) -> Row:
    """A row of a review.csv on the record and N[2], with the id as it is `written`."""
    held = fingerprints(current(folder), {record_id, N[2]})
    return {
        "record_id": written,
        "nhs_number": N[2],
        "council_shown": held["council", record_id][2],
        "nhs_shown": held["nhs", N[2]][2],
        "verdict": "different",
    }


@pytest.mark.parametrize("written", ["3", "03", "3.0"])
def test_an_id_without_its_zeros_is_the_record_that_was_shown(tmp_path: Path, written: str) -> None:
    folder = workspace(tmp_path / "w", numbered("0001", "0002", "0003"))
    (new,) = decisions.import_rows(folder, [listed(folder, "0003", written)], "review.csv").new
    assert (new.left.record_id, new.right.record_id) == ("0003", N[2])


def test_both_ids_of_a_list_of_duplicates_are_understood(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "w", numbered("0001", "0002", "0003"))
    held = fingerprints(current(folder), {"0001", "0003"})
    row = {
        "left_record": "1",
        "right_record": "3",
        "left_shown": held["council", "0001"][2],
        "right_shown": held["council", "0003"][2],
        "verdict": "different",
    }
    (new,) = decisions.import_rows(folder, [row], "duplicates.csv").new
    assert (new.left.record_id, new.right.record_id) == ("0001", "0003")


def test_a_list_of_last_week_is_understood_though_the_record_has_changed(tmp_path: Path) -> None:
    folder = workspace(tmp_path / "w", numbered("0001", "0002", "0003"))
    row = listed(folder, "0003", "3")
    council = numbered("0001", "0002", "0003")
    council[2][4] = "M40 2XY"
    write(folder, council)
    run(folder)
    (new,) = decisions.import_rows(folder, [row], "review.csv").new
    assert (new.left.record_id, new.left.shown) == ("0003", row["council_shown"])


@pytest.mark.parametrize(
    ("ids", "changes"),
    [
        (("0001", "0002", "0003"), {"council_shown": ""}),
        (("0001", "0002", "0003"), {"record_id": "2"}),
        (("003", "0002", "0003"), {}),
        (("3", "0002", "0003"), {}),
    ],
    ids=["nothing shown", "another record's values", "two such ids", "another record has the short id"],
)
def test_where_it_may_be_another_record_the_file_is_refused(
    tmp_path: Path, ids: tuple[str, ...], changes: Row
) -> None:
    folder = workspace(tmp_path / "w", numbered(*ids))
    with pytest.raises(InputError, match=r"^review\.csv row 2: "):
        decisions.import_rows(folder, [listed(folder, "0003", "3") | changes], "review.csv")
    assert decisions.all_decisions(folder) == []
