"""A run's folder → the hashes of the files it published, and which of them were edited since.

The audit trail has the hashes, so that an edited link is noticed. Files in which people write verdicts have none. A file that was
deleted is no fault: data that are no longer needed should be.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
NAMED_LATER = ("run", "audit")
"""Keys that the manifest gets after the trail has its hash."""


def hashes(folder: Path, manifest: dict[str, Any]) -> dict[str, str]:
    """Name of each published file → its SHA-256; that of the manifest is taken of its JSON with sorted keys, without
    `NAMED_LATER`."""
    from linkage.publish import WORKED

    files = [file for file in sorted(folder.iterdir()) if file.name not in (*WORKED, MANIFEST)]
    return {file.name: _of_file(file) for file in files} | {MANIFEST: _of_manifest(manifest)}


def edited(folder: Path, published: dict[str, str]) -> list[str]:
    """The files in a run's folder whose hash is not the one in `published`; files that are gone are not among them."""
    return [
        name
        for name, sha256 in published.items()
        if (folder / name).exists() and _now(folder / name) != sha256
    ]


def _now(file: Path) -> str:
    try:
        if file.name == MANIFEST:
            return _of_manifest(json.loads(file.read_text(encoding="utf-8")))
        return _of_file(file)
    except (OSError, ValueError, AttributeError):
        return ""


def _of_file(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _of_manifest(manifest: dict[str, Any]) -> str:
    told = {name: value for name, value in manifest.items() if name not in NAMED_LATER}
    # By way of JSON, in which all keys are text, as when it is read back from the file.
    text = json.dumps(json.loads(json.dumps(told)), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
