"""A folder → a private folder in it for a job's intermediate results, deleted when the job ends, or by a later job if it
was killed.

A job holds a lock while it lives, which the operating system releases however the process ends. The folder `RESULTS` is
made once the lock is held. So a `RESULTS` folder beside a lock that is free is a dead job's.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path

from linkage.errors import cannot_write
from linkage.file_locks import remove

PREFIX = ".spill-"
RANDOM = "[!-]" * 8
"""Glob pattern of what `new_folder` puts behind a prefix."""
OWNERS = 0o700 if os.name == "posix" else 0o777
"""The mode of a folder for its owner alone. On Windows the rights of the parent folder are kept: Python's versions differ
in what they make of 0o700 there."""
LOCK, RESULTS = "lock.sqlite", "results"


@contextmanager
def private_place(folder: Path, prefix: str = PREFIX) -> Iterator[Path]:
    """An empty private folder in `folder`, deleted when the context ends. Its name begins with `prefix`; folders of
    killed jobs with the same prefix are deleted too. If `folder` does not exist it is made, and removed again at the end
    if it is empty."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        clear_dead(folder, prefix)
        private = new_folder(folder, prefix)
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        lock = _lock(private / LOCK)
        try:
            yield _results(private) if lock else private
        finally:
            if lock:
                lock.close()
    finally:
        remove(private)
        for each in missing:
            with suppress(OSError):
                each.rmdir()


def new_folder(folder: Path, prefix: str) -> Path:
    """A new folder in `folder` with a random name behind `prefix`; OSError where it cannot be made.

    Python's `tempfile` is not used: on Windows it tries for ever where `folder` may not be written to (CPython issue 66305).
    """
    new = folder / f"{prefix}{secrets.token_hex(4)}"
    new.mkdir(mode=OWNERS)
    return new


def clear_dead(folder: Path, prefix: str = PREFIX) -> None:
    """Remove the folders that killed jobs left in `folder`. One whose lock is held is a living job's and stays, and so
    does one that another user owns."""
    for results in folder.glob(f"{escape(prefix)}{RANDOM}/{RESULTS}"):
        if _is_ours(results.parent) and (lock := _lock(results.parent / LOCK)):
            lock.close()
            remove(results.parent)


def _is_ours(place: Path) -> bool:
    """Whether this user owns the folder; False if it is gone by now."""
    try:
        return not hasattr(os, "geteuid") or place.stat().st_uid == os.geteuid()
    except OSError:
        return False


def _results(private: Path) -> Path:
    """Make the folder whose presence says that the lock beside it was held."""
    results = private / RESULTS
    results.mkdir(mode=OWNERS)
    return results


def _lock(path: Path) -> sqlite3.Connection | None:
    """The lock at `path`, held until it is closed; None if another process has it or the disk supports no locks."""
    lock = None
    try:
        lock = sqlite3.connect(path, timeout=0, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        if lock:
            lock.close()
        return None
    return lock
