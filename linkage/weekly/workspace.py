"""A workspace's folder → this week's run in it, as `linkage.toml` says, and what the store remembers of it.

A run counts from the moment the store names it, in one transaction with everything that is remembered of it. If a run
fails, what it made is removed; if it is killed, the next run removes that.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from linkage import model_folder
from linkage.clerical.rulings import latest, standing
from linkage.config import CHANGES, Progress, silent
from linkage.errors import MappingError, OutputError
from linkage.garbage import without_garbage_collection
from linkage.past import Holding, LastRun, Past
from linkage.reading.lists import read_rows
from linkage.tables import ACCEPT
from linkage.weekly import audit, published, run_names, state
from linkage.weekly.memory import (
    holdings,
    past_people,
    remember_numbers,
    remember_people,
    remember_rewritten,
)
from linkage.weekly.settings import SETTINGS, Settings, read_job, settings_text
from linkage.weekly.store import (
    MAKING,
    RUNS,
    STORE,
    append,
    is_store,
    make_store,
    make_tables,
    next_number,
    only_one_run,
    open_store,
    read_decisions,
    run_in,
    runs,
    writing,
)

REWRITTEN = ("dataset", "fingerprint", "received")


@dataclass(frozen=True)
class People:
    """What the store remembers of a finished run: the holdings of its records, superseded numbers (old, live), fingerprints whose
    values are now received differently (dataset, fingerprint, received), and the events of person_ids (see `SUCCESSION`)."""

    seen: list[Holding]
    superseded: list[tuple[str, str]]
    rewritten: list[tuple[str, str, str]]
    events: list[tuple[str, str, str]]


def init(folder: Path, settings: Settings, who: str = "") -> None:
    """Make a workspace: `linkage.toml`, a store and a folder for runs.

    OutputError if one is there already or something else has its names; ModelError if there is no such model.
    """
    if (folder / SETTINGS).exists():
        raise OutputError(f"{folder} is a workspace already; its settings are in {folder / SETTINGS}")
    _refuse_taken(folder)
    model_folder.find(settings.model)
    (folder / RUNS).mkdir(parents=True, exist_ok=True)
    make_store(folder)
    (folder / SETTINGS).write_text(settings_text(settings), encoding="utf-8", newline="\n")
    with open_store(folder) as store, writing(store):
        audit.record(store, audit.Act("init", settings.purpose, who or audit.somebody(), {}))


def _refuse_taken(folder: Path) -> None:
    """OutputError if the folder, or one in it of a workspace's names, is there already and is something else."""
    kept, made = folder / STORE, folder / RUNS
    fits = {
        folder: folder.is_dir(),
        kept: is_store(kept),
        made: made.is_dir() and (kept.exists() or not any(made.iterdir())),
    }
    for path, ours in fits.items():
        if path.exists() and not ours:
            raise OutputError(
                f"{path} is there already and is not of a workspace: name another folder, or move it"
            )


def _with_its_place(error: MappingError) -> MappingError:
    """The error, with the advice for workspaces where it tells the user to give --map."""
    if "--map" not in str(error):
        return error
    return MappingError(
        f'{error} In a workspace, write it into {SETTINGS} instead of --map: field = "Column" under [council.columns] or '
        "[nhs.columns]."
    )


@without_garbage_collection()
def run(
    folder: Path, who: str = "", progress: Progress = silent, asked: str = CHANGES
) -> tuple[dict[str, Any], Path]:
    """Do this week's run; return its manifest and its folder, which is the current run from then on.

    `asked`: how to do it if possible (`config.FULL`, `CHANGES` or `EVERYTHING`).
    """
    from linkage.weekly.link_week import link_week

    job = read_job(folder, folder / RUNS / MAKING)
    with only_one_run(folder), open_store(folder) as store, _whole_or_nothing(folder, store):
        before = run_names.give_its_name(folder, store)
        run_names.clear_leftovers(folder / RUNS)
        state.clear(folder)
        with writing(store):
            make_tables(store)
        known = holdings(store)
        past = replace(
            past_people(store, known),
            decisions=tuple(latest(read_decisions(store))),
            last=_last_run(before),
            folder=before,
        )
        job = replace(job, terms=replace(job.terms, past=past))
        try:
            manifest = link_week(job, folder, asked, progress)
        except MappingError as error:
            raise _with_its_place(error) from None
        people = _read_people(job.out)
        with writing(store):
            number = next_number(store, "run")
            name = f"{number:04d}-{manifest['run_id']}"
            append(store, "run", [(name, manifest["run_id"], audit.now())])
            remember_people(store, number, people.seen, known)
            remember_rewritten(store, number, people.rewritten)
            remember_numbers(store, number, people.superseded)
            append(store, "succession", [(number, *event) for event in people.events])
            detail = _particulars(manifest, name, past)
            detail["people"] = audit.remembered(store, number).get(number, "")
            detail["files"] = published.hashes(job.out, manifest)
            act = audit.Act("run", manifest["purpose"], who or audit.somebody(), detail)
            manifest |= {"run": name, "audit": audit.record(store, act)}
            run_names.complete(job.out, manifest)
        state.put_in_place(folder)
        return manifest, run_names.give_its_name(folder, store)


def _last_run(before: Path) -> LastRun | None:
    """What the run in the folder `before` read and linked; None if nothing can be read of it."""
    try:
        told = json.loads((before / "manifest.json").read_text(encoding="utf-8"))
        read = told["inputs"]
        return LastRun(
            {
                dataset: tuple(name for name in found["recognised"] if name not in found.get("empty", ()))
                for dataset, found in read.items()
            },
            {dataset: int(found["rows"]) for dataset, found in read.items()},
            int(told["counts"].get(ACCEPT, 0)),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _particulars(manifest: dict[str, Any], name: str, past: Past) -> dict[str, Any]:
    """What the audit trail says of a run: never a value of a person."""
    inputs = {
        dataset: {"sha256": read["sha256"], "rows": read["rows"]}
        for dataset, read in manifest["inputs"].items()
    }
    told = ("model", "weekly", "thresholds", "versions", "year", "stages", "counts", "seed")
    return {"run": name, "inputs": inputs, "decisions": len(standing(past.decisions))} | {
        key: manifest[key] for key in told
    }


def _read_people(made: Path) -> People:
    import pyarrow.compute
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(made / "records.parquet")
    replaced = table.filter(
        pyarrow.compute.greater(pyarrow.compute.list_value_length(table["former_numbers"]), 0)
    )
    superseded = [(old, row["record_id"]) for row in replaced.to_pylist() for old in row["former_numbers"]]
    owned = table.filter(pyarrow.compute.is_valid(table["person_id"]))
    rewritten = owned.filter(pyarrow.compute.is_valid(owned["received"])).select(REWRITTEN)
    events = [(row["person_id"], row["event"], row["other"]) for row in read_rows(made / "identifiers.csv")]
    seen = map(Holding._make, _rows(owned.select(Holding._fields)))
    return People(list(seen), superseded, list(_rows(rewritten)), events)


def _rows(table: Any) -> Iterator[tuple[Any, ...]]:
    return zip(*table.to_pydict().values(), strict=True)


@contextmanager
def _whole_or_nothing(folder: Path, store: sqlite3.Connection) -> Iterator[None]:
    """Remove what a run that fails or is stopped has made, unless it counts by then."""
    try:
        yield
    except BaseException:
        state.clear(folder)
        if run_in(folder / RUNS / MAKING) not in runs(store):
            run_names.clear_leftovers(folder / RUNS)
        raise
