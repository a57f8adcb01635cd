"""A folder → a private folder in it for intermediate results, which goes with its job; what killed jobs left there goes too.

A job holds a lock for as long as it lives, which the system lets go of however the process ends. The place for the
results is made once the lock is held, so whoever finds it beside a lock that is free knows that its job is dead.
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
"""Pattern of what `new_folder` puts behind a prefix."""
OWNERS = 0o700 if os.name == "posix" else 0o777
"""The mode of a folder for its owner alone. On Windows the rights of the folder above hold: there some versions of Python
would take 0o700 for "nobody else", others would not."""
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
    """A new folder in `folder` whose name nobody has; OSError where it cannot be made.

    Python's own `tempfile` would try for ever on Windows where `folder` may not be written to (its issue 66305).
    """
    new = folder / f"{prefix}{secrets.token_hex(4)}"
    new.mkdir(mode=OWNERS)
    return new


def clear_dead(folder: Path, prefix: str = PREFIX) -> None:
    """Remove what jobs left in `folder` that were killed; what cannot be locked is a living job's. What somebody else owns is let
    be: others may write there, too."""
    for results in folder.glob(f"{escape(prefix)}{RANDOM}/{RESULTS}"):
        if _is_ours(results.parent) and (lock := _lock(results.parent / LOCK)):
            lock.close()
            remove(results.parent)


def _is_ours(place: Path) -> bool:
    """Whether this user owns the folder, which may be gone by now."""
    try:
        return not hasattr(os, "geteuid") or place.stat().st_uid == os.geteuid()
    except OSError:
        return False


def _results(private: Path) -> Path:
    """The folder whose presence says that the lock beside it was held."""
    results = private / RESULTS
    results.mkdir(mode=OWNERS)
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
