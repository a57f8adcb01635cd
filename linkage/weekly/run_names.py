"""The name of a run in a workspace → its folder.

A run is made in the folder `MAKING`. Once it is complete on the disk, the store names the run in a transaction, and then the
folder is renamed. If the run is killed in between, whoever looks for the run next renames it.
"""

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

from linkage.errors import InputError, OutputError, typed
from linkage.file_locks import patiently, remove
from linkage.weekly.store import MAKING, RUNS, STORE, open_store, run_in, runs


def current(folder: Path) -> Path:
    """The folder of the workspace's current run; InputError if there has been none."""
    with open_store(folder) as store:
        if not runs(store):
            raise InputError(f"{folder} has no run yet: start one with `linkage run {typed(folder)}`")
        return give_its_name(folder, store)


def find_run(folder: Path, name: str) -> Path:
    """The folder of a run: one that is named by its path, its name in the workspace, or its number there."""
    if (Path(name) / "manifest.json").is_file():
        return Path(name)
    if (folder / STORE).is_file():
        with open_store(folder) as store:
            give_its_name(folder, store)
    number = f"{int(name):04d}" if name.isascii() and name.isdigit() else name
    found = [
        path for path in sorted((folder / RUNS).glob("*-*")) if number in (path.name, path.name.split("-")[0])
    ]
    if not found:
        raise InputError(f"there is no run {name}: give its folder, or its name or number in {folder / RUNS}")
    return found[0]


def complete(made: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest into the folder `made` of a finished run, and flush all its files to the disk."""
    place = made.parent / manifest["run"]
    if place.exists():
        raise OutputError(f"{place} is there, but the store does not name it: see `linkage audit verify`")
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False)
    try:
        (made / "manifest.json").write_text(text + "\n", encoding="utf-8", newline="\n")
        for file in sorted(made.iterdir()):
            with file.open("rb+") as opened:
                os.fsync(opened.fileno())
    except OSError as error:
        raise OutputError(f"{made} cannot be written: {error.strerror}") from error


def give_its_name(folder: Path, store: sqlite3.Connection) -> Path:
    """Rename the folder of a run that the store names and that has not been renamed yet; return the folder of the last run.

    OutputError if it cannot be renamed, as on Windows while one of its files is open.
    """
    names = runs(store)
    made = folder / RUNS / MAKING
    name = run_in(made)
    if name in names:
        try:
            patiently(lambda: made.rename(folder / RUNS / name))
        except OSError as error:
            # Another process may have renamed it just now.
            if not (folder / RUNS / name).exists():
                raise OutputError(
                    f"run {name} is done and counts, but its folder {made} cannot be renamed: "
                    f"{error.strerror}. Close its files where they are open, then look again"
                ) from error
    return folder / RUNS / names[-1] if names else made


def clear_leftovers(folder: Path) -> None:
    """Remove the folders of runs that ended before the store named them."""
    folder.mkdir(exist_ok=True)
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name.startswith((MAKING, f".{MAKING}-", ".spill-")):
            remove(entry)
