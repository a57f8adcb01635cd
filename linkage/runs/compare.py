"""Two runs' folders → who gained, lost or changed an NHS Number, who merged and split, and why.

A link is an accepted one. The reasons are told apart per record, the nearest first: that it may not be linked, as by an
objection, or may be again; a decision on it; its own data or that of the register person; another model; other
thresholds; other software; and last the data of others (a rival came or went, or a name became more or less common).
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linkage.runs.run_folder import read_manifest
from linkage.runs.since import workspace_of
from linkage.runs.two_runs import Ids, Pairs, State, read_pairs
from linkage.tables import ACCEPT, SCREENED_BAND
from linkage.tabular import write_rows
from linkage.weekly.slipped_ids import between

GAINED, LOST, CHANGED, ARRIVED, LEFT = "gained", "lost", "changed", "arrived", "left"
MERGED, SPLIT = "merged", "split"
ARRIVED_LINKED, LEFT_LINKED = "arrived_linked", "left_linked"
LEFT_OUT, DECISION, DATA, MODEL, THRESHOLD, SOFTWARE, OTHERS = (
    "left out", "decision", "data", "model", "threshold", "software", "data of others",
)  # fmt: skip
REASONS = (LEFT_OUT, DECISION, DATA, MODEL, THRESHOLD, SOFTWARE, OTHERS)
COLUMNS = (
    "record_id",
    "change",
    "nhs_number_before",
    "nhs_number_after",
    "person_before",
    "person_after",
    "why",
)


@dataclass(frozen=True)
class Setting:
    """What a run was made with."""

    model: str
    accept: float
    software: str


def compare(before: Path, after: Path) -> dict[str, Any]:
    """What changed from one run to the other: {"before", "after", "cautions", "counts", "why", "changes"}.

    `cautions`: what to beware of, in sentences; `counts`: change → records (people for merged and split), and of those that
    came or went how many are or were linked; "before" and "after" tell how many were `linked` in all; `why`: change → reason → how many; `changes`: rows with
    `COLUMNS`. InputError where a folder is not that of a link run.
    """
    manifests = [read_manifest(folder) for folder in (before, after)]
    settings = [setting(manifest) for manifest in manifests]
    pairs = read_pairs(before, after)
    rows = [*_links(pairs, settings), *_people(pairs, settings)]
    why = _reasons(rows)
    kinds = (GAINED, LOST, CHANGED, ARRIVED, LEFT, MERGED, SPLIT)
    told = [
        {"run_id": manifest["run_id"], "folder": folder.name, "linked": _linked(pairs, place)}
        for place, (folder, manifest) in enumerate(zip((before, after), manifests, strict=True))
    ]
    moved = {
        ARRIVED_LINKED: sum(row["change"] == ARRIVED and row["nhs_number_after"] is not None for row in rows),
        LEFT_LINKED: sum(row["change"] == LEFT and row["nhs_number_before"] is not None for row in rows),
    }
    return {
        "before": told[0],
        "after": told[1],
        "cautions": [
            *_looking_back(before, after),
            *(f"In run {after.name} {told}" for told in between(before, after).values()),
        ],
        "counts": {kind: sum(why.get(kind, Counter()).values()) for kind in kinds} | moved,
        "why": {kind: {reason: why[kind][reason] for reason in REASONS if why[kind][reason]} for kind in why},
        "changes": sorted(rows, key=lambda row: (row["change"], row["record_id"])),
    }


def _looking_back(before: Path, after: Path) -> list[str]:
    """A caution where the runs of one workspace are given the later one first: its runs are numbered."""
    one_workspace = before.resolve().parent == after.resolve().parent and workspace_of(before)
    if not one_workspace or before.resolve().name <= after.resolve().name:
        return []
    return [
        f"Run {after.name} was made before run {before.name}: what is told as gained was lost since, and the other way round."
    ]


def _linked(pairs: Pairs, place: int) -> int:
    """Records linked in the first (0) or the second run (1)."""
    states = [both[place] for both in pairs.values()]
    return sum(state is not None and state.linked is not None for state in states)


def _reasons(rows: Iterable[dict[str, Any]]) -> dict[str, Counter[str]]:
    """Change → reason → how many: records, or for merged and split people, who have a row per record."""
    why: dict[str, Counter[str]] = {}
    counted = set()
    for row in rows:
        person = row["person_after"] if row["change"] == MERGED else row["person_before"]
        if row["change"] not in (MERGED, SPLIT) or (row["change"], person) not in counted:
            counted.add((row["change"], person))
            why.setdefault(row["change"], Counter())[row["why"]] += 1
    return why


def write_changes(result: dict[str, Any], file: Path) -> None:
    """The changes as CSV, one row per record and change."""
    write_rows(file, COLUMNS, [[row[name] for name in COLUMNS] for row in result["changes"]])


def setting(manifest: dict[str, Any]) -> Setting:
    """What a run was made with, from its manifest."""
    thresholds = manifest.get("thresholds", {})
    versions = json.dumps(manifest["versions"], sort_keys=True)
    return Setting(manifest["model"]["version"], thresholds.get("accept", 1.0), versions)


def reason(before: State | None, after: State | None, settings: Sequence[Setting]) -> str:
    """Why a record is not what it was: the nearest of `REASONS`."""
    if before is None or after is None:
        return DATA
    if (before.band == SCREENED_BAND) != (after.band == SCREENED_BAND):
        return LEFT_OUT
    if before.decisions != after.decisions:
        return DECISION
    if before.values != after.values or before.number_values != after.number_values:
        return DATA
    old, new = settings
    if old.model != new.model:
        return MODEL
    if old.accept != new.accept and (after.confidence >= old.accept) == (before.band == ACCEPT):
        return THRESHOLD
    return SOFTWARE if old.software != new.software else OTHERS


def change(before: State | None, after: State | None) -> str | None:
    """What happened to a record's NHS Number, or that the record came or went; None where nothing did."""
    if before is None or after is None:
        return ARRIVED if before is None else LEFT
    if before.linked == after.linked:
        return None
    if before.linked is None:
        return GAINED
    return LOST if after.linked is None else CHANGED


def _links(pairs: Pairs, settings: Sequence[Setting]) -> Iterable[dict[str, Any]]:
    for ids, (before, after) in pairs.items():
        kind = change(before, after)
        if kind is not None:
            yield _row(ids, kind, (before, after), reason(before, after, settings))


def _people(pairs: Pairs, settings: Sequence[Setting]) -> Iterable[dict[str, Any]]:
    """A row for every record of people who merged or split; the reason is the nearest that any of their records has."""
    both = {record: states for record, states in pairs.items() if states[0] and states[1]}
    for kind, here, there in ((MERGED, 1, 0), (SPLIT, 0, 1)):
        members: dict[str | None, list[Ids]] = {}
        for record, states in pairs.items():
            state = states[here]
            if state is not None:
                members.setdefault(state.person_id, []).append(record)
        for records in members.values():
            elsewhere = {found.person_id for record in records if (found := pairs[record][there]) is not None}
            if len(elsewhere) > 1:
                why = min((reason(*pairs[record], settings) for record in records), key=REASONS.index)
                yield from (_row(record, kind, pairs[record], why) for record in records if record in both)


def _row(ids: Ids, kind: str, states: tuple[State | None, State | None], why: str) -> dict[str, Any]:
    before, after = states
    return {
        "record_id": ids[0] if ids[1] is None else ids[1],
        "change": kind,
        "nhs_number_before": before.linked if before else None,
        "nhs_number_after": after.linked if after else None,
        "person_before": before.person_id if before else None,
        "person_after": after.person_id if after else None,
        "why": why,
    }
