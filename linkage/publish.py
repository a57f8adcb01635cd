"""A finished run → its files in one folder, all of them or none.

Files are written into a private folder beside the one that is wanted, and that is then replaced by renaming.
"""

import json
import secrets
from glob import escape
from pathlib import Path

import duckdb

from linkage import shelf
from linkage.errors import LinkageError, OutputError, cannot_write
from linkage.file_locks import patiently, remove
from linkage.outputs import Run
from linkage.reading.lists import read_list
from linkage.spill import OWNERS, RANDOM, clear_dead, private_place

ASIDE = "-old"
LONGEST = "trial".ljust(45, "-")
"""A file name that makes a path as long as the longest of a job; `prepare` tries with it whether paths are too long."""
WORKED = ("review.csv", "duplicates.csv", "clusters_to_check.csv")
"""Files of a run in which people write their verdicts."""


def prepare(out: Path) -> None:
    """Check before any work, by trying it, that `out` can be made or replaced; OutputError says what stands in the way,
    InputError that a list in which people write verdicts cannot be read.

    What killed jobs left beside `out` is removed; a former run that one of them had moved aside is put back.
    """
    out = out.resolve()
    try:
        _clear_killed(out)
        _check_replaceable(out)
        with private_place(out.parent, _prefix(out)) as place:
            fresh = _fresh(place)
            (fresh / LONGEST).write_bytes(b"trial")
        if out.exists():
            aside = _aside(out)
            patiently(lambda: out.rename(aside))
            patiently(lambda: aside.rename(out))
    except OSError as error:
        raise cannot_write(out, error) from error


def publish(run: Run, out: Path) -> list[Path]:
    """Write every output of the shelf into `out`; return the files written, sorted.

    The folder of a former run is replaced; OutputError if `out` is a folder with anything else in it. If writing fails,
    `out` is as it was before and nothing half-written is left; after a kill, the next `prepare` sees to that. If all is
    written but `out` can no longer be replaced, the run is left beside it, and the error says where.
    """
    out = out.resolve()
    try:
        _clear_killed(out)
        _check_replaceable(out)
        with private_place(out.parent, _prefix(out)) as place:
            fresh = _fresh(place)
            _write_all(run, fresh)
            try:
                _check_replaceable(out)
                _swap(fresh, out)
            except (LinkageError, OSError) as error:
                beside = _beside(out, run.run_id)
                patiently(lambda: fresh.rename(beside))
                told = cannot_write(out, error) if isinstance(error, OSError) else error
                raise OutputError(f"{told} It is as it was. What this run found is in {beside}") from error
    except (OSError, duckdb.IOException) as error:
        raise cannot_write(out, error) from error
    return sorted(out.iterdir())


def files_of_a_run() -> set[str]:
    """Names of all files that the outputs of the shelf write."""
    return {name for output in shelf.load_all("outputs").values() for name in output.FILES}


def is_former_run(folder: Path) -> bool:
    """Whether `folder` has a run's manifest and nothing but files that a run writes."""
    found = list(folder.iterdir())
    if not all(entry.is_file() and entry.name in files_of_a_run() for entry in found):
        return False
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and "run_id" in manifest


def _check_replaceable(out: Path) -> None:
    if not out.name:
        raise OutputError(f"{out} is a whole drive. Name a folder in it.")
    if out.is_file():
        raise OutputError(f"{out} is a file. Name a folder that does not exist yet.")
    if out.is_dir() and any(out.iterdir()) and not is_former_run(out):
        # One is named, since a spreadsheet or Windows may have put a hidden file there.
        others = sorted(entry.name for entry in out.iterdir() if entry.name not in files_of_a_run())
        raise OutputError(
            f"{out} holds files that are not from a former run{', such as ' + others[0] if others else ''}, so it will not be "
            "replaced. Name an empty folder or one that does not exist yet."
        )
    for name in WORKED:
        file = out / name
        if file.is_file() and any((row.get("verdict") or "").strip() for row in read_list(file)):
            raise OutputError(
                f"{file} holds verdicts, which would be lost: import or move it, or name another folder."
            )


def _write_all(run: Run, folder: Path) -> None:
    for output in shelf.load_all("outputs").values():
        output.write(run, folder)
    for file in folder.iterdir():
        file.chmod(0o600)


def _fresh(place: Path) -> Path:
    """The folder that a run's files are written into."""
    fresh = place / "fresh"
    fresh.mkdir(mode=OWNERS)
    return fresh


def _aside(out: Path) -> Path:
    """Where a former run is put before another takes its place."""
    return out.parent / f"{_prefix(out)}{secrets.token_hex(4)}{ASIDE}"


def _beside(out: Path, run_id: str) -> Path:
    """The folder beside `out` for a run that cannot replace it."""
    beside = out.with_name(f"{out.name}-{run_id}")
    while beside.exists():
        beside = beside.with_name(f"{beside.name}-again")
    return beside


def _prefix(out: Path) -> str:
    """The beginning of the names of the folders that jobs make beside `out`."""
    return f".{out.name}-"


def _clear_killed(out: Path) -> None:
    """Remove what killed jobs left beside `out`; if one of them had moved the former run aside, put that back first.

    A folder that was moved aside is a dead job's if no living job has a folder for this `out`.
    """
    jobs = f"{escape(_prefix(out))}{RANDOM}"
    clear_dead(out.parent, _prefix(out))
    if any(place.is_dir() for place in out.parent.glob(f"{jobs}/*")):
        return
    for aside in sorted(path for path in out.parent.glob(f"{jobs}{ASIDE}") if path.is_dir()):
        if not out.exists() and is_former_run(aside):
            aside.rename(out)
        elif out.exists() and all(file.name in files_of_a_run() for file in aside.iterdir()):
            remove(aside)


def _swap(fresh: Path, out: Path) -> None:
    """Rename `fresh` to `out`. Windows cannot rename onto a folder, so the old one is moved aside first, and back on an error."""
    aside = _aside(out)
    try:
        if out.exists():
            patiently(lambda: out.rename(aside))
        patiently(lambda: fresh.rename(out))
    except BaseException:
        if aside.exists() and not out.exists():
            patiently(lambda: aside.rename(out))
        raise
    finally:
        if out.exists():
            remove(aside)
