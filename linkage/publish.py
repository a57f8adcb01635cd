"""A finished run → its files in one folder, all of them or none.

Files are written into a private folder beside the wanted one, which then takes its place by renaming.
"""

import json
import os
import secrets
import shutil
import tempfile
from pathlib import Path

import duckdb

from linkage import shelf
from linkage.database import DISK_FULL
from linkage.errors import OutputError
from linkage.outputs import Run


def prepare(out: Path) -> None:
    """Check, before any work, that `out` can be made or replaced; OutputError says what stands in the way."""
    out = out.resolve()
    try:
        _check_replaceable(out)
        nearest = next((parent for parent in out.parents if parent.exists()), out.parent)
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=nearest) as trial:
            (Path(trial) / "trial").write_bytes(b"trial")
    except OSError as error:
        raise _cannot_write(out, error) from error


def publish(run: Run, out: Path) -> list[Path]:
    """Write every output of the shelf into `out`; return the files written, sorted.

    A folder of a former run is replaced; any other folder that holds something is an OutputError. Whatever
    goes wrong, `out` is as it was before and nothing half-written is left beside it.
    """
    out = out.resolve()
    prepare(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
            _write_all(run, fresh)
            _check_replaceable(out)
            _swap(fresh, out)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    except (OSError, duckdb.IOException) as error:
        raise _cannot_write(out, error) from error
    return sorted(out.iterdir())


def files_of_a_run() -> set[str]:
    """Names of all files that the outputs of the shelf write."""
    return {name for output in shelf.load_all("outputs").values() for name in output.FILES}


def is_former_run(folder: Path) -> bool:
    """Whether `folder` holds a manifest of ours and nothing but files that a run writes."""
    found = list(folder.iterdir())
    if not all(entry.is_file() and entry.name in files_of_a_run() for entry in found):
        return False
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and "run_id" in manifest


def _check_replaceable(out: Path) -> None:
    if out.is_file():
        raise OutputError(f"{out} is a file. Name a folder that does not exist yet.")
    if out.is_dir() and any(out.iterdir()) and not is_former_run(out):
        raise OutputError(
            f"{out} holds files that are not from a former run, so it will not be replaced. "
            "Name an empty folder or one that does not exist yet."
        )


def _write_all(run: Run, folder: Path) -> None:
    for output in shelf.load_all("outputs").values():
        output.write(run, folder)
    for file in folder.iterdir():
        file.chmod(0o600)


def _swap(fresh: Path, out: Path) -> None:
    """Put `fresh` where `out` is. Windows cannot rename onto a folder, so the old one goes aside first."""
    aside = out.parent / f".{out.name}-{secrets.token_hex(4)}-old"
    try:
        if out.exists():
            out.rename(aside)
        fresh.rename(out)
    except BaseException:
        if aside.exists() and not out.exists():
            aside.rename(out)
        raise
    finally:
        if out.exists():
            shutil.rmtree(aside, ignore_errors=True)


def _cannot_write(out: Path, error: Exception) -> OutputError:
    number = error.errno if isinstance(error, OSError) else None
    if number in DISK_FULL:
        return OutputError(
            f"the disk that holds {out} is full. Free some space there, or name a folder elsewhere."
        )
    if isinstance(error, PermissionError):
        return OutputError(
            f"{out} may not be written. Close any of its files that are open in another program, "
            "or name a folder that you may write to."
        )
    what = os.strerror(number) if number else "the disk reported a fault"
    return OutputError(f"{out} cannot be written: {what}. Name another folder.")
