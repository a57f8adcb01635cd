"""A workspace's folder → this week's run in it: what `linkage.toml` says, done, and remembered in the store.

A run is published by renaming its folder and counts once the store names it. Whatever a killed run left behind is
cleared when the next one starts.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from linkage import audit
from linkage.config import Progress, silent
from linkage.errors import InputError, OutputError
from linkage.past import Holding, Past
from linkage.rulings import standing
from linkage.settings import SETTINGS, Settings, read_job, settings_text
from linkage.store import (
    append,
    make_store,
    next_number,
    only_one_run,
    open_store,
    past_people,
    read_decisions,
    remember_numbers,
    remember_people,
    runs,
    writing,
)
from linkage.tabular import read_rows

RUNS = "runs"
MAKING = ".making"
NAME_OF_A_RUN = re.compile(r"\d{4,}-[0-9a-f]{12}")


def init(folder: Path, settings: Settings, who: str = "") -> None:
    """Make a workspace: `linkage.toml`, a store and a folder for runs. OutputError if one is there already."""
    if (folder / SETTINGS).exists():
        raise OutputError(f"{folder} is a workspace already; its settings are in {folder / SETTINGS}")
    (folder / RUNS).mkdir(parents=True, exist_ok=True)
    make_store(folder)
    (folder / SETTINGS).write_text(settings_text(settings), encoding="utf-8", newline="\n")
    with open_store(folder) as store, writing(store):
        audit.record(store, audit.Act("init", settings.purpose, who or audit.somebody(), {}))


def run(folder: Path, who: str = "", progress: Progress = silent) -> tuple[dict[str, Any], Path]:
    """Do this week's run; return its manifest and its folder, which is the current run from then on."""
    from linkage import pipeline

    job = read_job(folder, folder / RUNS / MAKING)
    with only_one_run(folder), open_store(folder) as store:
        _clear_leftovers(folder / RUNS, runs(store))
        past = replace(past_people(store), decisions=tuple(standing(read_decisions(store))))
        job = replace(job, terms=replace(job.terms, past=past))
        manifest = pipeline.link(job, progress)
        seen, superseded, events = _read_people(job.out)
        with writing(store):
            number = next_number(store, "run")
            name = f"{number:04d}-{manifest['run_id']}"
            detail = _particulars(manifest, name, past)
            act = audit.Act("run", manifest["purpose"], who or audit.somebody(), detail)
            manifest["audit"] = audit.record(store, act)
            append(store, "run", [(name, manifest["run_id"], audit.now())])
            remember_people(store, number, seen)
            remember_numbers(store, number, superseded)
            append(store, "succession", [(number, *event) for event in events])
            _publish(job.out, folder / RUNS / name, manifest)
    return manifest, folder / RUNS / name


def current(folder: Path) -> Path:
    """The folder of the workspace's current run; InputError if there has been none."""
    with open_store(folder) as store:
        names = runs(store)
    if not names:
        raise InputError(f"{folder} has no run yet: start one with `linkage run {folder}`")
    return folder / RUNS / names[-1]


def _particulars(manifest: dict[str, Any], name: str, past: Past) -> dict[str, Any]:
    """What the audit trail says of a run: never a value of a person."""
    inputs = {
        dataset: {"sha256": read["sha256"], "rows": read["rows"]}
        for dataset, read in manifest["inputs"].items()
    }
    told = ("model", "thresholds", "versions", "stages", "counts", "seed")
    return {"run": name, "inputs": inputs, "decisions": len(past.decisions)} | {
        key: manifest[key] for key in told
    }


def _read_people(made: Path) -> tuple[list[Holding], list[tuple[str, str]], list[tuple[str, str, str]]]:
    """From a finished run: the records that belong to somebody, superseded numbers, and what became of identifiers."""
    import pyarrow.parquet

    seen, superseded = [], []
    for row in pyarrow.parquet.read_table(made / "records.parquet").to_pylist():
        superseded += [(old, row["record_id"]) for old in row.pop("former_numbers")]
        if row["person_id"] is not None:
            seen.append(Holding(**row))
    events = [(row["person_id"], row["event"], row["other"]) for row in read_rows(made / "identifiers.csv")]
    return seen, superseded, events


def _publish(made: Path, place: Path, manifest: dict[str, Any]) -> None:
    """Give a finished run its manifest and its place; what is written is on the disk before anybody is told."""
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False)
    (made / "manifest.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    for file in _files(made):
        with file.open("rb+") as opened:
            os.fsync(opened.fileno())
    made.rename(place)


def _files(folder: Path) -> Iterator[Path]:
    return (entry for entry in folder.iterdir() if entry.is_file())


def _clear_leftovers(folder: Path, kept: list[str]) -> None:
    """Remove what a killed run left: folders in the making, and a finished one that the store never came to name."""
    folder.mkdir(exist_ok=True)
    for entry in folder.iterdir():
        unnamed = NAME_OF_A_RUN.fullmatch(entry.name) and entry.name not in kept
        if entry.is_dir() and (unnamed or entry.name.startswith((MAKING, f".{MAKING}-", ".spill-"))):
            shutil.rmtree(entry, ignore_errors=True)
