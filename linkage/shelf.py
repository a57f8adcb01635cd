"""The name of a shelf → the files that stand on it, each loaded once, in the order of their names.

A shelf is a package whose modules all keep the same contract (written in the package's own docstring). A file is
registered by standing there: there is no list to keep.
"""

import importlib
import pkgutil
from functools import cache
from types import ModuleType


@cache
def names(shelf: str) -> tuple[str, ...]:
    """Names of the files on `shelf` (such as "fields"), sorted."""
    package = importlib.import_module(f"linkage.{shelf}")
    return tuple(sorted(found.name for found in pkgutil.iter_modules(package.__path__)))


@cache
def load(shelf: str, name: str) -> ModuleType:
    """The module `name` of `shelf`; KeyError names what the shelf holds."""
    if name not in names(shelf):
        raise KeyError(f"{shelf} has no {name}; it has {', '.join(names(shelf))}")
    return importlib.import_module(f"linkage.{shelf}.{name}")


def load_all(shelf: str) -> dict[str, ModuleType]:
    """Every file of `shelf` by its name."""
    return {name: load(shelf, name) for name in names(shelf)}


def forget() -> None:
    """Look at the shelves anew: for a program that adds a folder to a shelf's `__path__` while it runs."""
    names.cache_clear()
    load.cache_clear()
