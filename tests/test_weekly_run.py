"""Runs of a workspace by what has changed: the same bytes as comparing everything, and in full when they have to be."""

import json
import multiprocessing
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import weekly_files

from linkage.config import CHANGES, EVERYTHING, FULL
from linkage.fields import date_of_birth, date_of_death
from linkage.model_folder import find
from linkage.pages.summary import way as way_told
from linkage.reading.lists import read_rows
from linkage.values import dates
from linkage.weekly import block_known, freshness, link_week, state
from linkage.weekly.settings import SETTINGS, Settings
from linkage.weekly.workspace import init, run

TOLD_OF_THE_WAY = {"manifest.json", "report.html"}


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name not in TOLD_OF_THE_WAY}


def make(folder: Path, files: weekly_files.Files) -> Path:
    settings = Settings(council="in/council.csv", nhs="in/nhs.csv", objections="in/objections.csv")
    init(folder, settings, "ada")
    weekly_files.write(files, folder / "in")
    return folder


def everything_anew(folder: Path, copy: Path) -> dict[str, bytes]:
    """What a run of everything gives with the same statistics, done in a copy of the workspace."""
    shutil.copytree(folder, copy)
    manifest, out = run(copy, asked=EVERYTHING)
    assert manifest["weekly"]["way"] == EVERYTHING
    shutil.rmtree(copy / "in")
    return contents(out)


def test_weeks_by_what_has_changed_give_the_bytes_of_comparing_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "MOST_CHANGED", 1.0)
    files = weekly_files.start(tmp_path / "made", 900, 200, seed=1)
    folder = make(tmp_path / "weekly", files)
    run(folder)
    for week in range(2):
        weekly_files.pass_a_week(files, 2)
        weekly_files.write(files, folder / "in")
        wanted = everything_anew(folder, tmp_path / f"week {week}")
        manifest, out = run(folder)
        assert manifest["weekly"]["way"] == CHANGES
        assert 0 < manifest["weekly"]["changes"]["council"]["new"] < 100
        assert contents(out) == wanted


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small workspace after its full run, and a second week's files in it."""
    made = tmp_path_factory.mktemp("template")
    files = weekly_files.start(made / "made", 600, 120, 3)
    folder = make(made / "the council's weeks", files)
    run(folder)
    weekly_files.edit(files)
    weekly_files.write(files, folder / "in")
    return folder


@pytest.fixture
def second_week(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "the council's weeks"))


def way(folder: Path, asked: str = CHANGES) -> dict[str, str]:
    """How the run that is due is done, and why."""
    told: dict[str, str] = run(folder, asked=asked)[0]["weekly"]
    return told


def test_the_second_run_is_by_what_has_changed_and_says_so(second_week: Path) -> None:
    manifest, _ = run(second_week)
    changes = manifest["weekly"]["changes"]
    assert manifest["weekly"]["way"] == CHANGES
    assert 1 <= changes["council"]["new"] <= 3
    line = " ".join(way_told(manifest["weekly"]))
    assert f"{changes['council']['new']} of {changes['council']['rows']} council rows" in line
    assert "5%" in line


def test_a_run_by_changes_reads_only_lines_that_are_new(
    second_week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_week, "_link", None)
    manifest, _ = run(second_week)
    council = second_week / "in" / "council.csv"
    assert manifest["inputs"]["council"]["rows"] == len(read_rows(council))


def test_a_file_whose_lines_are_no_rows_is_read_whole_for_a_run_by_changes(second_week: Path) -> None:
    council = second_week / "in" / "council.csv"
    text = council.read_text(encoding="utf-8-sig")
    council.write_text(text, encoding="utf-8", newline="\r\n")
    assert way(second_week)["way"] == CHANGES


def test_a_run_by_changes_of_the_same_files_gives_what_the_full_run_gave(
    template: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(template, tmp_path / "weekly"))
    full, first = run(folder, asked=FULL)
    manifest, second = run(folder)
    assert full["weekly"] == {"way": FULL, "why": "a full run was asked for"}
    assert manifest["weekly"]["changes"]["nhs"]["new"] == 0
    links = [[{**row, "run_id": ""} for row in read_rows(out / "links.csv")] for out in (first, second)]
    assert links[0] == links[1]
    assert (first / "persons.csv").read_bytes() == (second / "persons.csv").read_bytes()


def test_a_date_that_reads_otherwise_on_another_day_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = weekly_files.start(tmp_path / "made", 600, 120, 4)
    born, dies = dates.today() + timedelta(days=2), dates.today() + timedelta(days=3)
    files.council[0]["Date of Birth"] = files.nhs[0]["DATE_OF_BIRTH"] = born.isoformat()
    files.nhs[1]["DATE_OF_DEATH"] = dies.isoformat()
    files.nhs[2]["DATE_OF_DEATH"] = f"{dates.today():%Y-%m}"
    folder = make(tmp_path / "weekly", files)
    run(folder)
    for module in (date_of_birth, date_of_death):
        monkeypatch.setattr(module, "today", lambda: dates.today() + timedelta(days=7))
    wanted = everything_anew(folder, tmp_path / "copy")
    manifest, out = run(folder)
    assert manifest["weekly"]["way"] == CHANGES
    assert {side: found["new"] for side, found in manifest["weekly"]["changes"].items()} == {
        "council": 1,
        "nhs": 3,
    }
    assert contents(out) == wanted


def why_not(folder: Path, basis: dict[str, object]) -> str:
    """Why the state of a workspace may not be gone by."""
    with pytest.raises(state.UnusableError) as reason:
        state.read(folder, basis)
    return str(reason.value)


def basis_of(folder: Path) -> dict[str, object]:
    told: dict[str, object] = json.loads((folder / state.STATE / state.TOLD).read_text(encoding="utf-8"))[
        "basis"
    ]
    return told


@pytest.mark.parametrize("file", ["state.json", "record.parquet", "kept_pair.parquet", "large_key.parquet"])
def test_a_damaged_state_is_not_used(second_week: Path, file: str) -> None:
    basis = basis_of(second_week)
    path = second_week / state.STATE / file
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + b"!" + whole[len(whole) // 2 + 1 :])
    assert why_not(second_week, basis) == "what was kept of the last full run is damaged"
    path.write_bytes(whole)
    assert state.read(second_week, basis).told["basis"] == basis
    path.unlink()
    assert why_not(second_week, basis) == "what was kept of the last full run is damaged"


def test_a_damaged_state_is_made_anew(second_week: Path) -> None:
    (second_week / state.STATE / "kept_row.parquet").write_bytes(b"PAR1")
    assert way(second_week) == {"way": FULL, "why": "what was kept of the last full run is damaged"}
    assert way(second_week)["way"] == CHANGES


@pytest.mark.parametrize("part", ["software", "model", "thresholds", "columns", "year"])
def test_a_state_made_on_another_basis_is_not_used(second_week: Path, part: str) -> None:
    assert why_not(second_week, basis_of(second_week) | {part: "another"}) == f"{part} changed"


def test_the_basis_names_the_model_the_thresholds_the_columns_and_the_software(
    second_week: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Path(shutil.copytree(find("default"), tmp_path / "other"))
    text = (other / "model.toml").read_text(encoding="utf-8")
    (other / "model.toml").write_text(text.replace("join = 0.95", "join = 0.96"), encoding="utf-8")
    settings = second_week / SETTINGS
    text = settings.read_text(encoding="utf-8").replace("# accept = 0.995", "accept = 0.9")
    settings.write_text(text.replace('"default"', json.dumps(str(other))), encoding="utf-8")
    monkeypatch.setattr(freshness, "software", lambda: {"linkage": "0.0.1"})
    council = second_week / "in" / "council.csv"
    council.write_text(
        council.read_text(encoding="utf-8").replace("Title,", "Known As,", 1), encoding="utf-8"
    )
    assert way(second_week) == {"way": FULL, "why": "columns and model and software and thresholds changed"}


def test_a_full_run_is_done_when_too_much_has_changed(
    second_week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "MOST_CHANGED", 0.001)
    assert "of the council rows changed since the last full run" in way(second_week)["why"]


def test_a_full_run_is_done_when_the_last_is_long_ago(
    second_week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "LONGEST", timedelta(0))
    assert "weeks ago" in way(second_week)["why"]


def test_a_full_run_is_done_when_a_value_becomes_common(
    second_week: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(block_known, "MOST_FRESH", 0)
    assert "has become so common" in way(second_week)["why"]
    assert way(second_week)["way"] == CHANGES


def die(*_: object) -> None:
    os._exit(9)


def run_in_full_until(folder: Path, name: str) -> None:
    """Kill a full run when it calls a function of `state`."""
    setattr(state, name, die)
    run(folder, asked=FULL)


@pytest.mark.parametrize("point", ["keep", "describe", "put_in_place"])
def test_a_run_that_is_killed_while_it_keeps_its_state_is_followed_by_a_full_one(
    second_week: Path, point: str
) -> None:
    killed = multiprocessing.get_context("spawn").Process(target=run_in_full_until, args=(second_week, point))
    killed.start()
    killed.join()
    assert killed.exitcode == 9
    assert way(second_week) == {"way": FULL, "why": "there is no full run to go by"}
    assert not (second_week / state.MAKING).exists()
