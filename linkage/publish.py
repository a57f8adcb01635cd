"""A finished run → its files in one folder, all of them or none.

Files are written into a folder in a private one beside the wanted one, whose place it then takes by renaming.
"""

import json
import os
import secrets
import shutil
import tempfile
from glob import escape
from pathlib import Path

import duckdb

from linkage import shelf
from linkage.database import DISK_FULL
from linkage.errors import OutputError
from linkage.outputs import Run
from linkage.reading.lists import read_list
from linkage.spill import RANDOM, clear_dead, private_place

ASIDE = "-old"
WORKED = ("review.csv", "duplicates.csv", "clusters_to_check.csv")
"""Files of a run in which people write their verdicts."""


def prepare(out: Path) -> None:
    """Check, before any work, that `out` can be made or replaced; OutputError says what stands in the way, InputError that a
    list in which people write verdicts cannot be read.

    What killed jobs left beside it is removed, or put back where it is the former run.
    """
    out = out.resolve()
    try:
        _clear_killed(out)
        _check_replaceable(out)
        nearest = next((parent for parent in out.parents if parent.exists()), out.parent)
        with tempfile.TemporaryDirectory(prefix=_prefix(out), dir=nearest) as trial:
            (Path(trial) / "trial").write_bytes(b"trial")
    except OSError as error:
        raise _cannot_write(out, error) from error


def publish(run: Run, out: Path) -> list[Path]:
    """Write every output of the shelf into `out`; return the files written, sorted.

    A folder of a former run is replaced; any other folder that holds something is an OutputError. Whatever
    goes wrong, `out` is as it was before and nothing half-written is left beside it; of a job that is killed, the
    next `prepare` sees to that.
    """
    out = out.resolve()
    prepare(out)
    try:
        with private_place(out.parent, _prefix(out)) as place:
            fresh = place / "fresh"
            fresh.mkdir(mode=0o700)
            _write_all(run, fresh)
            _check_replaceable(out)
            _swap(fresh, out)
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
    for name in WORKED:
        file = out / name
        if file.is_file() and any((row.get("verdict") or "").strip() for row in read_list(file)):
            raise OutputError(
                f"{file} holds verdicts, which would be lost: import or move it, or name another folder"
            )


def _write_all(run: Run, folder: Path) -> None:
    for output in shelf.load_all("outputs").values():
        output.write(run, folder)
    for file in folder.iterdir():
        file.chmod(0o600)


def _prefix(out: Path) -> str:
    """How the names of the folders begin that jobs make beside `out`."""
    return f".{out.name}-"


def _clear_killed(out: Path) -> None:
    """Remove what killed jobs left beside `out`; if one of them had set the former run aside, put that back first.

    A folder set aside is a dead job's if no job of this `out` is there that may be alive.
    """
    jobs = f"{escape(_prefix(out))}{RANDOM}"
    clear_dead(out.parent, _prefix(out))
    if any(place.is_dir() for place in out.parent.glob(f"{jobs}/*")):
        return
    for aside in sorted(path for path in out.parent.glob(f"{jobs}{ASIDE}") if path.is_dir()):
        if not out.exists() and is_former_run(aside):
            aside.rename(out)
        elif out.exists() and all(file.name in files_of_a_run() for file in aside.iterdir()):
            shutil.rmtree(aside, ignore_errors=True)


def _swap(fresh: Path, out: Path) -> None:
    """Put `fresh` where `out` is. Windows cannot rename onto a folder, so the old one goes aside first."""
    aside = out.parent / f"{_prefix(out)}{secrets.token_hex(4)}{ASIDE}"
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
