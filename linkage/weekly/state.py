"""Tables of a full run → Parquet files in a workspace's folder `state`, all or none; and back, if the state may be used.

A state that is damaged, or was made with another version, model or settings, is not used; the next run is then a full one and
makes it anew. A lost state costs only time, so it needs no backup.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from linkage.database import lend_file, private_folder
from linkage.errors import OutputError
from linkage.file_locks import patiently, remove
from linkage.ingest import sha256_of
from linkage.spill import OWNERS
from linkage.tabular import literal

STATE = "state"
MAKING = ".making-state"
TOLD = "state.json"


@dataclass(frozen=True)
class Kept:
    """A state that may be used: its folder, and the contents of its state.json (what `describe` was given)."""

    folder: Path
    told: dict[str, Any]


class UnusableError(Exception):
    """Why the state cannot be used, in words for the manifest and summary of the run."""


def begin(workspace: Path) -> Path:
    """Delete the workspace's state, and make and return the empty folder in which a new one is made."""
    remove(workspace / STATE)
    clear(workspace)
    making = workspace / MAKING
    making.mkdir(mode=OWNERS)
    return making


def keep(database: duckdb.DuckDBPyConnection, making: Path, name: str, query: str) -> None:
    """Write the rows of `query` as the table `name` of the state."""
    file = private_folder(database) / f"{name}.parquet"
    database.execute(f"COPY ({query}) TO {literal(str(file))} (FORMAT parquet)")
    patiently(lambda: shutil.move(file, making / file.name))


def describe(making: Path, told: dict[str, Any]) -> None:
    """Complete a state that is being made: write state.json from `told` and the hashes of the files, and flush all to the
    disk."""
    try:
        files = {file.name: sha256_of(file) for file in sorted(making.iterdir())}
        text = json.dumps(told | {"files": files}, indent=1, sort_keys=True)
        (making / TOLD).write_text(text, encoding="utf-8", newline="\n")
        for file in making.iterdir():
            file.chmod(0o600)
            with file.open("rb+") as opened:
                os.fsync(opened.fileno())
    except OSError as error:
        raise OutputError(f"{making} cannot be written: {error.strerror}") from error


def put_in_place(workspace: Path) -> None:
    """Rename a completed state to be the workspace's. Called once its run counts. Where that fails it is deleted, and the
    next run is a full one."""
    if (workspace / MAKING / TOLD).exists():
        try:
            patiently(lambda: (workspace / MAKING).rename(workspace / STATE))
        except OSError:
            clear(workspace)


def clear(workspace: Path) -> None:
    """Remove what is left of a state that was never completed."""
    remove(workspace / MAKING)


def read(workspace: Path, basis: dict[str, Any]) -> Kept:
    """The state of a workspace, if it was made on this `basis` (see `freshness.made_with`) and its files are whole; else
    UnusableError with the reason."""
    folder = workspace / STATE
    if not folder.exists():
        raise UnusableError("there is no full run to go by")
    try:
        told = json.loads((folder / TOLD).read_text(encoding="utf-8"))
        check(Kept(folder, told), basis)
        whole = all(sha256_of(folder / name) == digest for name, digest in told["files"].items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise UnusableError("what was kept of the last full run is damaged")
    return Kept(folder, told)


def check(kept: Kept, basis: dict[str, Any]) -> None:
    """UnusableError that names what differs between `basis` and what the state was made with."""
    changed = [name for name in sorted(basis) if kept.told["basis"].get(name) != basis[name]]
    if changed:
        raise UnusableError(f"{' and '.join(changed)} changed")


def take(database: duckdb.DuckDBPyConnection, kept: Kept, name: str, but: str = "") -> None:
    """Make the table `name` from the state; `but` is an EXCLUDE clause for columns that are not needed."""
    with lend(database, kept, name) as rows:
        database.execute(f'CREATE TABLE "{name}" AS SELECT * {but} FROM {rows}')


@contextmanager
def lend(database: duckdb.DuckDBPyConnection, kept: Kept, name: str) -> Iterator[str]:
    """An expression by which SQL reads the table `name` of the state, while the context is open."""
    with lend_file(database, kept.folder / f"{name}.parquet") as lent:
        yield f"read_parquet({literal(lent)})"
