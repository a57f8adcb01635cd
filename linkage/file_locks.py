"""Operations on files that another program may lock for a moment on Windows: tried again until they succeed.

On Windows a file that is open cannot be renamed or deleted, nor can the folders it is in. Virus scanners, indexers and programs
that synchronise folders open each new file for a moment.
"""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import TypeVar

WINDOWS = os.name == "nt"
HELD = (errno.EACCES, errno.ENOTEMPTY)
"""The errors that a lock gives: of an open file, and of a folder with a deleted file that is still open."""
SECONDS = 10.0
"""How long an operation is tried."""
PAUSE = 0.1
"""Seconds between two tries."""

Result = TypeVar("Result")


def patiently(act: Callable[[], Result]) -> Result:
    """Call `act` and return its result. On Windows, call it again while a lock refuses it, for up to `SECONDS`; then raise its
    OSError."""
    end = monotonic() + SECONDS
    while True:
        try:
            return act()
        except OSError as error:
            if not WINDOWS or error.errno not in HELD or monotonic() > end:
                raise
        sleep(PAUSE)


def remove(folder: Path) -> None:
    """Remove a folder and everything in it; what cannot be removed stays, without an error."""
    try:
        patiently(lambda: shutil.rmtree(folder))
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
