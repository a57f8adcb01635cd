"""A run's folder → the hashes of what it published, and whether its files still are as they were.

The trail holds the hashes, so that an edited link shows. Files in which people write verdicts may change, and a file that is
gone shows by itself: whoever keeps data no longer than it is needed deletes it.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
NAMED_LATER = ("run", "audit")
"""What the manifest is given once the trail has the run."""


def hashes(folder: Path, manifest: dict[str, Any]) -> dict[str, str]:
    """File of a run → SHA-256 of it; of the manifest, as JSON with sorted keys and without `NAMED_LATER`."""
    from linkage.publish import WORKED

    files = [file for file in sorted(folder.iterdir()) if file.name not in (*WORKED, MANIFEST)]
    return {file.name: _of_file(file) for file in files} | {MANIFEST: _of_manifest(manifest)}


def edited(folder: Path, published: dict[str, str]) -> list[str]:
    """The files in a run's folder that are not what they were when their hashes were taken."""
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
    # As it is read back from the file, where every name is text.
    text = json.dumps(json.loads(json.dumps(told)), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
