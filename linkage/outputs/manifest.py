"""What a run knows about itself → manifest.json, with sorted keys."""

import json
from pathlib import Path

from linkage.outputs import Run

FILES = ("manifest.json",)


def write(run: Run, folder: Path) -> None:
    """Write the manifest as it is."""
    text = json.dumps(run.manifest, indent=2, sort_keys=True, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8", newline="\n")
