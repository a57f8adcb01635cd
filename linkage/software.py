"""The versions of all software that results depend on, with a hash of linkage's own code."""

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

from linkage import __version__

PACKAGES = (
    "duckdb", "jellyfish", "networkx", "nhs-number", "numpy", "pyarrow", "python-calamine", "splink",
)  # fmt: skip
"""The packages on which results depend; others that linkage needs only show results."""
CODE = (".py", ".toml", ".json", ".parquet")
"""Endings of the package's files on which results depend; the others are for people."""


@cache
def software() -> dict[str, str]:
    """Name → version, of everything that may change results. `code` is a hash of the package's own files, without the
    shipped models, which have versions of their own."""
    return {
        "linkage": __version__,
        "code": code_of(Path(__file__).parent),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def code_of(package: Path) -> str:
    """A hash of the names and contents of the files of `package` with an ending in `CODE`: 12 hexadecimal digits."""
    digest = hashlib.sha256()
    files = {file.relative_to(package).as_posix(): file for file in package.rglob("*") if file.suffix in CODE}
    for name, file in sorted(files.items()):
        if not name.startswith("models/"):
            digest.update(name.encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]
