"""What somebody did in a workspace → an entry of a hash chain; the chain → whether anything was changed since.

Each entry holds the hash of the one before it (a linked time-stamp: Haber and Stornetta 1991), so an entry that was
edited or removed breaks the chain. A chain that was cut short at its end shows against the heads that each run
publishes in its manifest, and against the decisions themselves, each of which the chain has to name. The entry of a run
holds a hash of the people that it remembered, and of the files that it published.
"""

import getpass
import hashlib
import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from linkage.weekly.published import edited
from linkage.weekly.store import MAKING, RUNS, append, next_number, run_in, runs, tables

START = "0" * 64
REMEMBERED = ("holding", "succession", "rewritten", "superseded")
"""The tables of the store in which a run writes down who is who."""


@dataclass(frozen=True)
class Act:
    """Something done: the action, for which purpose, by whom, and its particulars (never a personal value)."""

    action: str
    purpose: str
    who: str
    detail: dict[str, Any]


def now() -> str:
    """The time in UTC to the second, as ISO 8601."""
    return as_told(datetime.now(UTC))


def as_told(moment: datetime) -> str:
    """A time in UTC, as `now` tells it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def somebody() -> str:
    """The name of the user of this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


def digest(content: object) -> str:
    """SHA-256 of `content` as JSON with sorted keys."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def record(store: sqlite3.Connection, act: Act) -> dict[str, Any]:
    """Append `act` to the chain and return its head {"entry", "hash"}; within `writing`."""
    number = next_number(store, "act")
    last = store.execute("SELECT hash FROM act ORDER BY number DESC LIMIT 1").fetchall()
    previous = last[0][0] if last else START
    detail = json.dumps(act.detail, sort_keys=True, ensure_ascii=False)
    content = (now(), act.who, act.action, act.purpose, detail, previous)
    found = digest([number, *content])
    append(store, "act", [(*content, found)])
    return {"entry": number, "hash": found}


def entries(store: sqlite3.Connection) -> list[dict[str, Any]]:
    """The whole trail, oldest first."""
    names = ("number", "at", "who", "action", "purpose", "detail", "previous", "hash")
    rows = store.execute(f"SELECT {', '.join(names)} FROM act ORDER BY number").fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def detail_of(entry: dict[str, Any]) -> dict[str, Any]:
    """The particulars of an entry; none where somebody has made something else of them."""
    try:
        told = json.loads(entry["detail"])
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def verify(store: sqlite3.Connection, folder: Path) -> list[str]:
    """Everything that is wrong with the trail of the workspace `folder`, in plain words; empty when all is well."""
    trail = entries(store)
    return [
        *_broken_chain(trail),
        *_lost_heads(store, trail, folder),
        *_lost_run(store, folder),
        *_changed_decisions(store, trail),
        *_changed_people(store, trail),
        *_changed_files(trail, folder),
    ]


def _broken_chain(trail: list[dict[str, Any]]) -> list[str]:
    wrong: list[str] = []
    previous = START
    for place, entry in enumerate(trail, start=1):
        if entry["number"] != place:
            return [*wrong, f"Entry {place} was removed."]
        content = [value for name, value in entry.items() if name != "hash"]
        if digest(content) != entry["hash"]:
            wrong.append(f"Entry {place} was edited.")
        if entry["previous"] != previous:
            wrong.append(f"Entry {place} does not follow from the one before it.")
        previous = entry["hash"]
    return wrong


def _lost_heads(store: sqlite3.Connection, trail: list[dict[str, Any]], folder: Path) -> list[str]:
    """Heads that runs have published and the trail does not have, and runs that only one of store and trail names."""
    hashes = {entry["number"]: entry["hash"] for entry in trail}
    wrong = []
    for manifest in sorted((folder / RUNS).glob("[0-9]*/manifest.json")):
        try:
            head = json.loads(manifest.read_text(encoding="utf-8"))["audit"]
            number, published = head["entry"], head["hash"]
        except (OSError, ValueError, KeyError, TypeError):
            wrong.append(f"The manifest of run {manifest.parent.name} names no head of the trail.")
            continue
        if number not in hashes:
            wrong.append(f"The trail was cut short: run {manifest.parent.name} has published entry {number}.")
        elif hashes[number] != published:
            wrong.append(f"Entry {number} is not the one that run {manifest.parent.name} has published.")
    named = [str(detail_of(entry).get("run")) for entry in trail if entry["action"] == "run"]
    held = runs(store)
    wrong += [f"Run {name} is in no entry of the trail." for name in held if name not in named]
    return wrong + [f"Run {name} was removed." for name in named if name not in held]


def _lost_run(store: sqlite3.Connection, folder: Path) -> list[str]:
    """The last run, if its folder is gone; older ones may have been put elsewhere."""
    return [
        f"The folder of run {name}, which is the last, is missing."
        for name in runs(store)[-1:]
        if not (folder / RUNS / name).is_dir() and run_in(folder / RUNS / MAKING) != name
    ]


def _changed_decisions(store: sqlite3.Connection, trail: list[dict[str, Any]]) -> list[str]:
    details = [detail_of(entry) for entry in trail if entry["action"] == "decide"]
    told = {
        detail["decision"]: detail.get("sha256")
        for detail in details
        if isinstance(detail.get("decision"), int)
    }
    held = {row[0]: digest(row) for row in store.execute("SELECT * FROM decision ORDER BY number").fetchall()}
    wrong = [f"Decision {number} is in no entry of the trail." for number in sorted(held.keys() - told)]
    wrong += [f"Decision {number} was removed." for number in sorted(told.keys() - held)]
    shared = sorted(held.keys() & told)
    return wrong + [f"Decision {number} was edited." for number in shared if held[number] != told[number]]


def remembered(store: sqlite3.Connection, number: int | None = None) -> dict[int, str]:
    """Number of a run → SHA-256 of what the store remembers of it: of the run `number`, or of all."""
    hashes: dict[int, Any] = {}
    wanted, values = ("", ()) if number is None else ("WHERE run = ?", (number,))
    there = tables(store)
    for table in (each for each in REMEMBERED if each in there):
        for run, *row in store.execute(f'SELECT run, * FROM "{table}" {wanted} ORDER BY number', values):
            found = hashes.setdefault(run, hashlib.sha256())
            found.update(json.dumps([table, *row], ensure_ascii=False).encode())
    return {run: found.hexdigest() for run, found in hashes.items()}


def _changed_people(store: sqlite3.Connection, trail: list[dict[str, Any]]) -> list[str]:
    details = [detail_of(entry) for entry in trail if entry["action"] == "run"]
    told = {str(detail["run"]): detail["people"] for detail in details if {"run", "people"} <= detail.keys()}
    held = remembered(store)
    names = {int(number): name for number, name in store.execute("SELECT number, name FROM run").fetchall()}
    wrong = [f"People were added to run {number}, which is none." for number in sorted(held.keys() - names)]
    return wrong + [
        f"What is remembered of the people of run {name} was edited."
        for number, name in sorted(names.items())
        if name in told and told[name] != held.get(number, "")
    ]


def _changed_files(trail: list[dict[str, Any]], folder: Path) -> list[str]:
    """Files of runs whose folders are there that are not as they were published."""
    details = [detail_of(entry) for entry in trail if entry["action"] == "run"]
    told = [(str(each["run"]), each["files"]) for each in details if isinstance(each.get("files"), dict)]
    return [
        f"{file} of run {name} was edited."
        for name, files in told
        for file in edited(folder / RUNS / name, files)
    ]
