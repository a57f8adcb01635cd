"""In a workspace an objection on a record id holds for the record under its new id as well, before anything is compared."""

from pathlib import Path
from typing import Any

import pytest
from small_workspace import COUNCIL, N, write

from linkage.pages.summary import summary
from linkage.reading.lists import read_rows
from linkage.weekly.settings import SETTINGS
from linkage.weekly.workspace import run

OBJECTED = "objection to the use of the NHS Number"
FOLLOWED, NOBODY = "objections_on_former_ids", "objections_that_name_nobody"
OTHERS = COUNCIL[1:]
WHO = COUNCIL[0][1:]
STRANGER = ["Leopold", "Marchbank", "19/09/1979", "M23 5YY", "M"]


@pytest.fixture
def objecting(fresh: Path) -> Path:
    """A workspace after a week, in which the first record's person has objected since."""
    (fresh / "in" / "objections.csv").write_text("record_id\n1\n", encoding="utf-8")
    settings = (fresh / SETTINGS).read_text(encoding="utf-8")
    told = settings.replace('[objections]\nfile = ""', '[objections]\nfile = "in/objections.csv"')
    assert told != settings
    (fresh / SETTINGS).write_text(told, encoding="utf-8")
    return fresh


def week(folder: Path, *council: list[str]) -> tuple[dict[str, str], dict[str, Any]]:
    """A run with these council records: why each may not be linked, or its NHS Number; and the manifest."""
    write(folder, list(council))
    manifest, out = run(folder)
    links = {row["record_id"]: row for row in read_rows(out / "links.csv")}
    return {
        record_id: row["reason"] if row["band"] == "screened" else row["nhs_number"]
        for record_id, row in links.items()
    }, manifest


def said(manifest: dict[str, Any]) -> str:
    """What a run says on the screen, in one line."""
    return " ".join(" ".join(summary(manifest, Path("o"))).split())


def test_whoever_objects_is_left_out_under_a_new_id_too_and_the_run_says_so(objecting: Path) -> None:
    found, manifest = week(objecting, ["B1", *WHO], *OTHERS)
    assert OBJECTED in found["B1"]
    assert (manifest["stages"][FOLLOWED], manifest["stages"][NOBODY]) == (1, 0)
    assert "1 of the objections names a former id of a record and holds for it under its new one" in said(
        manifest
    )
    assert not [caution for caution in manifest["cautions"] if "objection" in caution]


def test_it_goes_on_holding_week_after_week_whatever_changes_of_the_record(objecting: Path) -> None:
    moved, married = [*WHO[:3], "M24 6WW", "F"], [WHO[0], "Newnameson", WHO[2], "M24 6WW", "F"]
    for record in (["B1", *WHO], ["B1", *moved], ["C1", *moved], ["C1", *married], ["D1", *married]):
        found, manifest = week(objecting, record, *OTHERS)
        assert OBJECTED in found[record[0]]
        assert manifest["stages"][FOLLOWED] == 1


def test_a_new_id_with_another_address_is_known_by_birth_date_and_names(objecting: Path) -> None:
    found, _ = week(objecting, ["B1", *WHO[:3], "M24 6WW", "F"], *OTHERS)
    assert OBJECTED in found["B1"]


def test_a_new_id_is_known_by_all_its_values_where_there_is_no_birth_date(objecting: Path) -> None:
    without = [*WHO[:2], "", *WHO[3:]]
    week(objecting, ["1", *without], *OTHERS)
    found, manifest = week(objecting, ["B1", *without], *OTHERS)
    assert (OBJECTED in found["B1"], manifest["stages"][FOLLOWED]) == (True, 1)


def test_an_id_that_was_given_to_somebody_else_holds_for_both_in_every_week(objecting: Path) -> None:
    for _ in range(2):
        found, manifest = week(objecting, ["1", *STRANGER], ["B1", *WHO], *OTHERS)
        assert OBJECTED in found["1"]
        assert OBJECTED in found["B1"]
        assert manifest["stages"][FOLLOWED] == 1


def test_nobody_else_is_left_out_by_it(objecting: Path) -> None:
    found, _ = week(objecting, ["B1", *WHO], ["B2", *STRANGER], *OTHERS)
    assert [record for record, reason in found.items() if OBJECTED in reason] == ["B1"]
    assert found["2"] == N[1]


def test_an_id_that_is_in_the_file_is_no_former_one(objecting: Path) -> None:
    found, manifest = week(objecting, ["1", WHO[0], "Newnameson", *WHO[2:]], *OTHERS)
    assert (OBJECTED in found["1"], manifest["stages"][FOLLOWED]) == (True, 0)


def test_an_objection_on_a_record_that_is_remembered_and_nobody_is_known_as_stands_at_the_top(
    objecting: Path,
) -> None:
    _, manifest = week(objecting, ["B1", "Zyxwvutia", "Newnameson", "", "M13 0AQ", "F"], *OTHERS)
    assert (manifest["stages"][FOLLOWED], manifest["stages"][NOBODY]) == (0, 1)
    assert said(manifest).index("BEWARE: 1 of the objections names a record that") < said(manifest).index(
        "council:"
    )


def test_an_id_that_no_run_knew_is_only_told_to_name_nobody(objecting: Path) -> None:
    (objecting / "in" / "objections.csv").write_text("record_id\nnobody\n", encoding="utf-8")
    _, manifest = week(objecting, *COUNCIL)
    assert (manifest["stages"][FOLLOWED], manifest["stages"][NOBODY]) == (0, 1)
    assert "BEWARE: 1 of the objections" not in said(manifest)
