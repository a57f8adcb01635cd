"""What another program holds for a moment → tried again until it lets go.

On Windows a file that is open anywhere keeps itself, and the folders that it is in, from being renamed or deleted. Virus
scanners, indexers and programs that synchronise folders open each file for a moment once it is written.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import TypeVar

HELD = (5, 32, 33, 145)
"""Windows' own numbers: access denied, used by another process, locked, and a folder not empty of what is being deleted."""
SECONDS = 10.0
PAUSE = 0.1

Result = TypeVar("Result")


def patiently(act: Callable[[], Result]) -> Result:
    """What `act` returns, which is tried for `SECONDS` while Windows says that something is held; then its OSError."""
    end = monotonic() + SECONDS
    while True:
        try:
            return act()
        except OSError as error:
            if getattr(error, "winerror", None) not in HELD or monotonic() > end:
                raise
        sleep(PAUSE)


def remove(folder: Path) -> None:
    """Remove a folder with what is in it, as far as that can be."""
    try:
        patiently(lambda: shutil.rmtree(folder))
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
