"""A workspace survives being killed: what was acknowledged is there, nothing half-made is, the next run is the same."""

import multiprocessing
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from small_workspace import N, make_workspace

from linkage import audit, decisions, pipeline, score_changes, store, workspace
from linkage.store import open_store, runs

POINTS: dict[str, tuple[object, str]] = {
    "before anything is read": (pipeline, "ingest"),
    "before records are compared": (score_changes, "score"),
    "before the files are written": (pipeline, "publish"),
    "before the store is written": (workspace, "_read_people"),
    "before the act is recorded": (audit, "record"),
    "before people are remembered": (workspace, "remember_people"),
    "before the manifest is written": (workspace, "_complete"),
}


def die(*_: object) -> None:
    os._exit(9)


def after(function: Callable[..., object]) -> Callable[..., None]:
    def both(*arguments: object) -> None:
        function(*arguments)
        die()

    return both


def run_until(folder: Path, point: str) -> None:
    if point == "before the store commits":
        workspace._complete = after(workspace._complete)
    else:
        module, name = POINTS[point]
        setattr(module, name, die)
    workspace.run(folder, "ada")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_workspace(tmp_path_factory.mktemp("template") / "weekly")
    decisions.decide(folder, ("1", N[0]), "different", "ada")
    return folder


@pytest.fixture(scope="module")
def undisturbed(template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("undisturbed") / "weekly"))
    return contents(workspace.run(folder, "ada")[1])


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name != "manifest.json"}


@pytest.mark.parametrize("point", [*POINTS, "before the store commits"])
def test_a_run_that_is_killed_changes_nothing_and_the_next_gives_the_same_bytes(
    template: Path, undisturbed: dict[str, bytes], tmp_path: Path, point: str
) -> None:
    folder = Path(shutil.copytree(template, tmp_path / "weekly"))
    before = workspace.current(folder)
    killed = multiprocessing.get_context("spawn").Process(target=run_until, args=(folder, point))
    killed.start()
    killed.join()
    assert killed.exitcode == 9
    assert workspace.current(folder) == before
    with open_store(folder) as opened:
        assert audit.verify(opened, folder) == []
        assert store.read_decisions(opened)[0].who == "ada"
    _, out = workspace.run(folder, "ada")
    assert contents(out) == undisturbed
    with open_store(folder) as opened:
        assert audit.verify(opened, folder) == []
        assert sorted(entry.name for entry in (folder / "runs").iterdir()) == runs(opened)


def name_nothing(weekly: Path) -> None:
    give_its_name = workspace._give_its_name

    def dying(folder: Path, store: sqlite3.Connection) -> Path:
        if (folder / "runs" / ".making").exists():
            die()
        return give_its_name(folder, store)

    workspace._give_its_name = dying
    workspace.run(weekly, "ada")


def test_a_run_that_is_killed_after_the_store_named_it_counts_and_gets_its_folder_when_somebody_looks(
    template: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(template, tmp_path / "weekly"))
    killed = multiprocessing.get_context("spawn").Process(target=name_nothing, args=(folder,))
    killed.start()
    killed.join()
    assert killed.exitcode == 9
    assert (folder / "runs" / ".making").exists()
    assert contents(workspace.current(folder)) == undisturbed
    with open_store(folder) as opened:
        assert audit.verify(opened, folder) == []
        assert sorted(entry.name for entry in (folder / "runs").iterdir()) == runs(opened)
