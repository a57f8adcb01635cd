"""A workspace survives kills, a full disk, two runs at once and readers: what was acknowledged is there, nothing
half-made is, and the next run gives the same bytes."""

import errno
import importlib
import multiprocessing
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from small_workspace import N, make_workspace

from linkage import pipeline, tabular
from linkage.clerical import decisions
from linkage.commands import write_page
from linkage.config import CHANGES, FULL
from linkage.errors import OutputError
from linkage.weekly import audit, link_week, run_names, score_changes, store, workspace
from linkage.weekly.settings import Settings
from linkage.weekly.state import STATE
from linkage.weekly.store import open_store, runs

POINTS: dict[str, tuple[object, str]] = {
    "before anything is read": (link_week, "read_files"),
    "before records are compared": (score_changes, "score"),
    "before the files are written": (pipeline, "publish"),
    "before the store is written": (workspace, "_read_people"),
    "before the act is recorded": (audit, "record"),
    "before people are remembered": (workspace, "remember_people"),
    "before the manifest is written": (run_names, "complete"),
}

STAGES: dict[str, tuple[str, ...]] = {
    "linkage.weekly.link_week": (
        "read_files", "number_rows", "find_changes", "standardise_changes", "resolve_superseded", "fingerprint_changes",
        "screen", "compare_changes", "reweigh", "settle", "decide",
    ),
    "linkage.pipeline": (
        "outrank", "make_evidence", "resolve", "identify", "find_duplicates", "find_clusters_to_check", "protect", "publish",
    ),
    "linkage.weekly.workspace": ("_read_people", "remember_people", "remember_numbers"),
}  # fmt: skip

# Where there is one, a server that has loaded everything once gives birth to those who die.
CONTEXT: Any = multiprocessing.get_context("spawn" if os.name == "nt" else "forkserver")
if os.name != "nt":
    CONTEXT.set_forkserver_preload(
        ["linkage.weekly.link_week", "linkage.weekly.workspace", "pyarrow.parquet", "numpy", "pytest"]
    )


def die(*_: object) -> None:
    os._exit(9)


def after(function: Callable[..., object]) -> Callable[..., None]:
    def both(*arguments: object) -> None:
        function(*arguments)
        die()

    return both


def run_until(folder: Path, point: str) -> None:
    if point == "before the store commits":
        run_names.complete = after(run_names.complete)
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
    before = run_names.current(folder)
    killed = CONTEXT.Process(target=run_until, args=(folder, point))
    killed.start()
    killed.join()
    assert killed.exitcode == 9
    assert run_names.current(folder) == before
    with open_store(folder) as opened:
        assert audit.verify(opened, folder) == []
        assert store.read_decisions(opened)[0].who == "ada"
    _, out = workspace.run(folder, "ada")
    assert contents(out) == undisturbed
    with open_store(folder) as opened:
        assert audit.verify(opened, folder) == []
        assert sorted(entry.name for entry in (folder / "runs").iterdir()) == runs(opened)


def name_nothing(weekly: Path) -> None:
    give_its_name = run_names.give_its_name

    def dying(folder: Path, store: sqlite3.Connection) -> Path:
        if (folder / "runs" / ".making").exists():
            die()
        return give_its_name(folder, store)

    run_names.give_its_name = dying
    workspace.run(weekly, "ada")


def test_a_run_that_is_killed_after_the_store_named_it_counts_and_gets_its_folder_when_somebody_looks(
    template: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(template, tmp_path / "weekly"))
    killed = CONTEXT.Process(target=name_nothing, args=(folder,))
    killed.start()
    killed.join()
    assert killed.exitcode == 9
    assert (folder / "runs" / ".making").exists()
    assert contents(run_names.current(folder)) == undisturbed
    with open_store(folder) as opened:
        assert audit.verify(opened, folder) == []
        assert sorted(entry.name for entry in (folder / "runs").iterdir()) == runs(opened)


def run_until_after(folder: Path, module: str, name: str) -> None:
    place = importlib.import_module(module)
    setattr(place, name, after(getattr(place, name)))
    workspace.run(folder, "ada")


def test_a_run_that_is_killed_after_one_stage_after_the_other_leaves_nothing_behind(
    template: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(template, tmp_path / "weekly"))
    before = contents(run_names.current(folder))
    for module, name in [(module, name) for module, names in STAGES.items() for name in names]:
        killed = CONTEXT.Process(target=run_until_after, args=(folder, module, name))
        killed.start()
        killed.join()
        assert (name, killed.exitcode) == (name, 9)
        assert contents(run_names.current(folder)) == before
        with open_store(folder) as opened:
            assert audit.verify(opened, folder) == []
            assert len(store.read_decisions(opened)) == 1
    assert contents(workspace.run(folder, "ada")[1]) == undisturbed
    with open_store(folder) as opened:
        assert sorted(entry.name for entry in (folder / "runs").iterdir()) == runs(opened)


def stop(*_: object) -> None:
    raise KeyboardInterrupt


def kept_in(folder: Path) -> set[str]:
    """Files of a workspace, but for the state, which goes when a full run begins, and what SQLite has beside an open store."""
    found = {path.relative_to(folder) for path in folder.rglob("*") if not path.name.endswith("-journal")}
    return {str(path) for path in found if path.parts[0] != STATE}


@pytest.mark.parametrize("asked", [CHANGES, FULL])
@pytest.mark.parametrize(
    "where",
    [
        "linkage.weekly.link_week.read_files", "linkage.weekly.link_week.settle", "linkage.pipeline.publish",
        "linkage.weekly.workspace._read_people", "linkage.weekly.workspace.remember_people", "linkage.weekly.run_names.complete",
    ],
)  # fmt: skip
def test_a_run_that_is_stopped_leaves_nothing_behind(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str, where: str
) -> None:
    folder = Path(shutil.copytree(template, tmp_path / "weekly"))
    before = kept_in(folder)
    monkeypatch.setattr(where, stop)
    with pytest.raises(KeyboardInterrupt):
        workspace.run(folder, "ada", asked=asked)
    assert kept_in(folder) == before


def test_a_run_that_is_stopped_once_it_counts_stays(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(template, tmp_path / "weekly"))
    monkeypatch.setattr("linkage.weekly.state.put_in_place", stop)
    with pytest.raises(KeyboardInterrupt):
        workspace.run(folder, "ada")
    with open_store(folder) as opened:
        assert run_names.current(folder).name == runs(opened)[1]


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def full_for_the_store() -> Iterator[None]:
    connection = store._connection

    @contextmanager
    def limited(path: Path) -> Iterator[sqlite3.Connection]:
        with connection(path) as opened:
            [(pages,)] = opened.execute("PRAGMA page_count").fetchall()
            opened.execute(f"PRAGMA max_page_count = {max(pages, 1)}")
            yield opened

    with patch.object(store, "_connection", limited):
        yield


@pytest.mark.parametrize(
    "disk",
    [
        lambda: patch.object(tabular, "write_rows", full),
        lambda: patch.object(os, "fsync", full),
        full_for_the_store,
    ],
    ids=["while files are written", "while they are kept", "while people are remembered"],
)
def test_a_full_disk_publishes_nothing_and_the_next_run_gives_the_same_bytes(
    template: Path, undisturbed: dict[str, bytes], tmp_path: Path, disk: Callable[[], Iterator[None]]
) -> None:
    folder = Path(shutil.copytree(template, tmp_path / "weekly"))
    before = run_names.current(folder)
    with disk(), pytest.raises(OutputError, match=r"full|No space"):  # type: ignore[attr-defined]  # each is a context
        workspace.run(folder, "ada")
    assert run_names.current(folder) == before
    with open_store(folder) as opened:
        assert audit.verify(opened, folder) == []
        assert len(runs(opened)) == 1
    assert contents(workspace.run(folder, "ada")[1]) == undisturbed


@pytest.mark.skipif(os.name == "nt", reason="no limit of that kind there")
def test_on_a_full_disk_a_run_says_so_and_the_store_can_be_looked_into(
    template: Path, tmp_path: Path
) -> None:
    import resource

    folder = Path(shutil.copytree(template, tmp_path / "weekly"))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, limits[1]))
    try:
        with pytest.raises(OutputError, match="is full"):
            workspace.run(folder, "ada")
        assert run_names.current(folder).is_dir()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def half_a_list() -> Iterator[list[str]]:
    yield ["1"]
    full()


def test_no_half_of_a_list_or_a_page_is_left(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        tabular.write_rows(tmp_path / "list.csv", ["record"], half_a_list())
    with pytest.raises(UnicodeEncodeError):
        write_page(tmp_path / "page.html", "a page that cannot be written: \ud800")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="a folder cannot be opened there for another reason")
def test_what_cannot_be_written_over_stays(tmp_path: Path) -> None:
    (tmp_path / "page.html").mkdir()
    with pytest.raises(OutputError, match="directory"):
        write_page(tmp_path / "page.html", "a page")
    assert (tmp_path / "page.html").is_dir()


def test_a_workspace_for_which_there_is_no_room_is_refused_and_can_be_made_later(tmp_path: Path) -> None:
    with full_for_the_store(), pytest.raises(OutputError, match="full"):
        workspace.init(tmp_path / "weekly", Settings(), "ada")
    workspace.init(tmp_path / "weekly", Settings(), "ada")


def run_when(folder: Path, gate: object) -> None:
    gate.wait()  # type: ignore[attr-defined]  # a barrier of the context, which has no common type
    try:
        workspace.run(folder, "ada")
    except OutputError:
        os._exit(3)


def test_of_two_runs_started_at_once_each_is_whole_or_refused_and_readers_never_see_a_torn_one(
    template: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(template, tmp_path / "weekly"))
    whole = [contents(run_names.current(folder)), undisturbed]
    gate = CONTEXT.Barrier(2)
    both = [CONTEXT.Process(target=run_when, args=(folder, gate)) for _ in range(2)]
    for process in both:
        process.start()
    seen = 0
    while any(process.is_alive() for process in both):
        told = contents(run_names.current(folder))
        told.pop("decisions.csv", None)
        assert any(told.items() <= each.items() for each in whole)
        seen += 1
    codes = sorted(process.exitcode or 0 for process in both)
    assert codes in ([0, 0], [0, 3])
    assert seen > 1
    with open_store(folder) as opened:
        assert len(runs(opened)) == 1 + codes.count(0)
        assert audit.verify(opened, folder) == []
