"""What another program holds for a moment → tried again until it lets go.

On Windows a file that is open anywhere keeps itself, and the folders that it is in, from being renamed or deleted. Virus
scanners, indexers and programs that synchronise folders open each file for a moment once it is written.
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
"""How Python tells that there: of a file, and of a folder that holds one which goes once it is let go of."""
SECONDS = 10.0
PAUSE = 0.1

Result = TypeVar("Result")


def patiently(act: Callable[[], Result]) -> Result:
    """What `act` returns, which is tried for `SECONDS` where something may be held on Windows; then its OSError."""
    end = monotonic() + SECONDS
    while True:
        try:
            return act()
        except OSError as error:
            if not WINDOWS or error.errno not in HELD or monotonic() > end:
                raise
        sleep(PAUSE)


def remove(folder: Path) -> None:
    """Remove a folder with what is in it, as far as that can be."""
    try:
        patiently(lambda: shutil.rmtree(folder))
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
