"""A folder → a private folder in it for intermediate results, which goes with its job; what killed jobs left there goes too.

A job holds a lock for as long as it lives, which the system lets go of however the process ends. The place for the
results is made once the lock is held, so whoever finds it beside a lock that is free knows that its job is dead.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from linkage.errors import OutputError

PREFIX = ".spill-"
RANDOM = "[!-]" * 8
"""Pattern of what the system puts behind a prefix."""
LOCK, RESULTS = "lock.sqlite", "results"


@contextmanager
def private_place(folder: Path, prefix: str = PREFIX) -> Iterator[Path]:
    """A wiped folder in `folder`, which is made for it where it is missing and goes again if nothing else is in it.

    The name of a place begins with `prefix`; what killed jobs left under the same prefix is removed.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        clear_dead(folder, prefix)
        made = TemporaryDirectory(prefix=prefix, dir=folder, ignore_cleanup_errors=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {os.strerror(error.errno or 0)}") from error
    try:
        with made as private:
            lock = _lock(Path(private) / LOCK)
            try:
                yield _results(Path(private)) if lock else Path(private)
            finally:
                if lock:
                    lock.close()
    finally:
        for each in missing:
            with suppress(OSError):
                each.rmdir()


def clear_dead(folder: Path, prefix: str = PREFIX) -> None:
    """Remove what jobs left in `folder` that were killed; what cannot be locked is a living job's. What somebody else owns is let
    be: others may write there, too."""
    for results in folder.glob(f"{escape(prefix)}{RANDOM}/{RESULTS}"):
        if _is_ours(results.parent) and (lock := _lock(results.parent / LOCK)):
            lock.close()
            shutil.rmtree(results.parent, ignore_errors=True)


def _is_ours(place: Path) -> bool:
    """Whether this user owns the folder, which may be gone by now."""
    try:
        return not hasattr(os, "geteuid") or place.stat().st_uid == os.geteuid()
    except OSError:
        return False


def _results(private: Path) -> Path:
    """The folder whose presence says that the lock beside it was held."""
    results = private / RESULTS
    results.mkdir(mode=0o700)
    return results


def _lock(path: Path) -> sqlite3.Connection | None:
    """The lock at `path`, held until it is closed; None if another has it or this disk gives none."""
    lock = None
    try:
        lock = sqlite3.connect(path, timeout=0, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        if lock:
            lock.close()
        return None
    return lock
