"""Two records that were one person stay so while they are unchanged and the evidence only wavers about what it takes."""

import re
import shutil
from math import exp2
from pathlib import Path

import pytest
from small_workspace import COUNCIL, make_workspace, write

from linkage import model_folder
from linkage.clerical import decisions
from linkage.duplicates import AS_BEFORE
from linkage.people.ties import WAVER
from linkage.reading.lists import read_rows
from linkage.weekly.run_names import current
from linkage.weekly.workspace import run

TWIN = ["3b", *COUNCIL[2][1:-2], "M15 9ZZ", "F"]
"""A second record of record 3, who is not in the register, at another postcode."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_workspace(tmp_path_factory.mktemp("template") / "weekly")
    write(folder, [*COUNCIL, TWIN])
    run(folder)
    return folder


@pytest.fixture
def weekly(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "weekly"))


def evidence(folder: Path) -> float:
    """Bits for records 3 and 3b in the current run."""
    return float(shown(folder)["match_weight"])


def shown(folder: Path) -> dict[str, str]:
    rows = read_rows(current(folder) / "duplicates.csv")
    return next(row for row in rows if (row["left_record"], row["right_record"]) == ("3", "3b"))


def are_one(folder: Path) -> bool:
    whose = {row["record_id"]: row["person_id"] for row in read_rows(current(folder) / "persons.csv")}
    return whose["3"] == whose["3b"]


def ask_for(folder: Path, bits: float) -> None:
    """From now on a model is used by which it takes that many bits to join two records."""
    model = folder / "asking"
    shutil.copytree(model_folder.find("default"), model, dirs_exist_ok=True)
    for name, key, value in (
        (model / "model.toml", "join", repr(1 / (1 + exp2(-bits)))),
        (folder / "linkage.toml", "model", f'"{model.as_posix()}"'),
    ):
        name.write_text(re.sub(rf"(?m)^{key} = .*$", f"{key} = {value}", name.read_text("utf-8")), "utf-8")


def test_unchanged_records_stay_one_person_by_a_little_less_and_it_is_said(weekly: Path) -> None:
    before, bits = {row["person_id"] for row in read_rows(current(weekly) / "persons.csv")}, evidence(weekly)
    ask_for(weekly, bits + WAVER / 2)
    for _ in range(2):
        run(weekly)
        assert are_one(weekly)
        assert shown(weekly)["band"] == "joined"
        assert shown(weekly)["reason"].startswith(AS_BEFORE)
        assert {row["person_id"] for row in read_rows(current(weekly) / "persons.csv")} == before


def test_they_are_two_by_much_less(weekly: Path) -> None:
    ask_for(weekly, evidence(weekly) + WAVER * 1.5)
    run(weekly)
    assert not are_one(weekly)
    assert shown(weekly)["band"] == "review"


def test_so_are_records_that_were_not_one_person(weekly: Path) -> None:
    bits = evidence(weekly)
    ask_for(weekly, bits + WAVER * 1.5)
    run(weekly)
    ask_for(weekly, bits + WAVER / 2)
    run(weekly)
    assert not are_one(weekly)


def test_so_are_records_that_have_changed(weekly: Path) -> None:
    changed = [*TWIN[:2], "Framptan", *TWIN[3:]]
    write(weekly, [*COUNCIL, changed])
    run(weekly)
    bits = evidence(weekly)
    assert are_one(weekly)
    write(weekly, [*COUNCIL, TWIN])
    run(weekly)
    write(weekly, [*COUNCIL, changed])
    ask_for(weekly, bits + WAVER / 2)
    run(weekly)
    assert not are_one(weekly)


def test_whom_a_decision_kept_apart_was_no_tie(weekly: Path) -> None:
    bits = evidence(weekly)
    decided = decisions.decide(weekly, ("council:3", "council:3b"), "different", "ada")
    run(weekly)
    assert not are_one(weekly)
    decisions.undo(weekly, decided.number, "ada")
    ask_for(weekly, bits + WAVER / 2)
    run(weekly)
    assert not are_one(weekly)


def test_whom_a_decision_joined_was_no_tie(weekly: Path) -> None:
    ask_for(weekly, evidence(weekly) + WAVER * 1.5)
    decided = decisions.decide(weekly, ("council:3", "council:3b"), "same", "ada")
    run(weekly)
    assert are_one(weekly)
    decisions.undo(weekly, decided.number, "ada")
    run(weekly)
    assert not are_one(weekly)


def test_of_a_last_run_that_is_gone_nothing_is_known(weekly: Path) -> None:
    ask_for(weekly, evidence(weekly) + WAVER / 2)
    (current(weekly) / "records.parquet").unlink()
    run(weekly)
    assert not are_one(weekly)
