"""Work that makes many small objects and no cycles → the same work without Python's search for cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """For a `with` or as a decorator. With a million rows the search takes as long as the work itself; objects without
    cycles are freed all the same."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
