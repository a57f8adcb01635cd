"""What a run is done with → names and versions, with a hash that tells one revision of linkage from another."""

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

from linkage import __version__

PACKAGES = (
    "duckdb", "jellyfish", "networkx", "nhs-number", "numpy", "pyarrow", "python-calamine", "splink",
)  # fmt: skip
"""Those whose answers a run is made of; the others that linkage needs only show it."""
CODE = (".py", ".toml", ".json", ".parquet")
"""Endings of the files of the package that say how rows are read, cleaned and weighed; the others are for people."""


@cache
def software() -> dict[str, str]:
    """What, if it changes, may give another result: name → version. `code` is a hash of the package's own files, the shipped
    models aside, which have versions of their own."""
    return {
        "linkage": __version__,
        "code": code_of(Path(__file__).parent),
        "python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
    }


def code_of(package: Path) -> str:
    """The first 12 hex digits of a SHA-256 over the files of `package` that count, by name."""
    digest = hashlib.sha256()
    files = {file.relative_to(package).as_posix(): file for file in package.rglob("*") if file.suffix in CODE}
    for name, file in sorted(files.items()):
        if not name.startswith("models/"):
            digest.update(name.encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]
