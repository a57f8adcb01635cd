"""Work without Python's cyclic garbage collection."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """A context manager or decorator in which the search for cycles is off. With a million rows it takes as long as the
    work itself; objects that are in no cycle are freed all the same."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
