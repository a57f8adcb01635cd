"""Two runs' folders → who gained, lost or changed an NHS Number, who merged and split, and why.

A link is an accepted one. The reasons are told apart per record, the nearest first: a decision on it, its own data or that
of the register person, another model, other thresholds, other software, and last the data of others (a rival came or
went, or a name became more or less common).
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from linkage.database import lend_file, open_database
from linkage.errors import InputError
from linkage.tables import ACCEPT, COUNCIL, NHS
from linkage.tabular import read_rows, write_rows

GAINED, LOST, CHANGED, ARRIVED, LEFT = "gained", "lost", "changed", "arrived", "left"
MERGED, SPLIT = "merged", "split"
DECISION, DATA, MODEL, THRESHOLD, SOFTWARE, OTHERS = (
    "decision", "data", "model", "threshold", "software", "data of others",
)  # fmt: skip
REASONS = (DECISION, DATA, MODEL, THRESHOLD, SOFTWARE, OTHERS)
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
class State:
    """A council record in one run. `values` and `number_values` are the fingerprints of its and its number's values,
    the latter for the numbers of both runs; `decisions` are those about it and what became of them."""

    band: str
    number: str | None
    confidence: float
    person_id: str | None
    values: str | None
    number_values: tuple[str | None, ...] = ()
    decisions: frozenset[tuple[str, str]] = frozenset()

    @property
    def linked(self) -> str | None:
        """The accepted NHS Number."""
        return self.number if self.band == ACCEPT else None


@dataclass(frozen=True)
class Setting:
    """What a run was made with."""

    model: str
    accept: float
    software: str


def compare(before: Path, after: Path) -> dict[str, Any]:
    """What changed from one run to the other: {"before", "after", "counts", "why", "changes"}.

    `counts`: change → records (people for merged and split); `why`: change → reason → how many; `changes`: rows with
    `COLUMNS`. InputError where a folder is not that of a link run.
    """
    manifests = [read_manifest(folder) for folder in (before, after)]
    settings = [setting(manifest) for manifest in manifests]
    pairs = _pairs(before, after)
    rows = [*_links(pairs, settings), *_people(pairs, settings)]
    why: dict[str, Counter[str]] = {}
    counted = set()
    for row in rows:
        unit = row["person_after"] if row["change"] == MERGED else row["person_before"]
        key = (row["change"], unit if row["change"] in (MERGED, SPLIT) else row["record_id"])
        if key not in counted:
            counted.add(key)
            why.setdefault(row["change"], Counter())[row["why"]] += 1
    kinds = (GAINED, LOST, CHANGED, ARRIVED, LEFT, MERGED, SPLIT)
    return {
        "before": {"run_id": manifests[0]["run_id"], "folder": before.name},
        "after": {"run_id": manifests[1]["run_id"], "folder": after.name},
        "counts": {kind: sum(why.get(kind, Counter()).values()) for kind in kinds},
        "why": {kind: {reason: why[kind][reason] for reason in REASONS if why[kind][reason]} for kind in why},
        "changes": sorted(rows, key=lambda row: (row["change"], row["record_id"])),
    }


def write_changes(result: dict[str, Any], file: Path) -> None:
    """The changes as CSV, one row per record and change."""
    write_rows(file, COLUMNS, [[row[name] for name in COLUMNS] for row in result["changes"]])


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a link run's folder."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError(f"{folder} is not the folder of a run") from None
    if not isinstance(manifest, dict) or not (folder / "records.parquet").is_file():
        raise InputError(f"{folder} is not the folder of a run that can be compared")
    if not (folder / "links.parquet").is_file():
        raise InputError(f"{folder} has no links: it is not a run of `linkage link` or `linkage run`")
    return manifest


def setting(manifest: dict[str, Any]) -> Setting:
    """What a run was made with, from its manifest."""
    thresholds = manifest.get("thresholds", {})
    return Setting(
        manifest["model"]["version"], thresholds.get("accept", 1.0), manifest["versions"]["linkage"]
    )


def reason(before: State | None, after: State | None, settings: Sequence[Setting]) -> str:
    """Why a record is not what it was: the nearest of `REASONS`."""
    if before is None or after is None:
        return DATA
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


Pairs = dict[str, tuple[State | None, State | None]]


def _links(pairs: Pairs, settings: Sequence[Setting]) -> Iterable[dict[str, Any]]:
    for record_id, (before, after) in pairs.items():
        kind = change(before, after)
        if kind is not None:
            yield _row(record_id, kind, (before, after), reason(before, after, settings))


def _people(pairs: Pairs, settings: Sequence[Setting]) -> Iterable[dict[str, Any]]:
    """A row for every record of people who merged or split; the reason is the nearest that any of their records has."""
    both = {record: states for record, states in pairs.items() if states[0] and states[1]}
    for kind, here, there in ((MERGED, 1, 0), (SPLIT, 0, 1)):
        members: dict[str | None, list[str]] = {}
        for record, states in pairs.items():
            state = states[here]
            if state is not None:
                members.setdefault(state.person_id, []).append(record)
        for records in members.values():
            elsewhere = {found.person_id for record in records if (found := pairs[record][there]) is not None}
            if len(elsewhere) > 1:
                why = min((reason(*pairs[record], settings) for record in records), key=REASONS.index)
                yield from (_row(record, kind, pairs[record], why) for record in records if record in both)


def _row(record_id: str, kind: str, states: tuple[State | None, State | None], why: str) -> dict[str, Any]:
    before, after = states
    return {
        "record_id": record_id,
        "change": kind,
        "nhs_number_before": before.linked if before else None,
        "nhs_number_after": after.linked if after else None,
        "person_before": before.person_id if before else None,
        "person_after": after.person_id if after else None,
        "why": why,
    }


def _pairs(before: Path, after: Path) -> Pairs:
    """Every council record of either run, as it was and as it is."""
    decided = [_decisions(folder) for folder in (before, after)]
    pairs: Pairs = {}
    for record_id, *row in _rows(before, after):
        states: list[State | None] = []
        for place in (0, 1):
            band, number, confidence, person, values, *numbers = row[7 * place : 7 * place + 7]
            about = frozenset(decided[place].get(record_id, ()))
            known = State(band, number, confidence, person, values, tuple(numbers), about)
            states.append(known if band is not None else None)
        pairs[record_id] = (states[0], states[1])
    return pairs


def _decisions(folder: Path) -> dict[str, set[tuple[str, str]]]:
    """Council record → the decisions about it, each with what became of it."""
    about: dict[str, set[tuple[str, str]]] = {}
    for row in read_rows(folder / "decisions.csv") if (folder / "decisions.csv").is_file() else []:
        for side in ("left", "right"):
            if row[f"{side}_dataset"] == COUNCIL:
                about.setdefault(row[f"{side}_record"], set()).add((row["number"], row["state"]))
    return about


def _rows(before: Path, after: Path) -> list[tuple[Any, ...]]:
    """Per council record: band, NHS Number, confidence, person, fingerprint and those of both runs' numbers, twice."""
    with TemporaryDirectory() as folder, open_database(Path(folder)) as database:
        for place, run in enumerate((before, after)):
            for name in ("links", "records"):
                with lend_file(database, run / f"{name}.parquet") as lent:
                    database.execute(
                        f'CREATE TABLE "{name}_{place}" AS SELECT * FROM read_parquet(?)', [lent]
                    )
        columns, joins = [], []
        for place in (0, 1):
            columns.append(
                f"""l{place}.band, l{place}.nhs_number, l{place}.confidence, l{place}.person_id, c{place}.fingerprint,
                n{place}0.fingerprint, n{place}1.fingerprint"""
            )
            joins.append(
                f"""LEFT JOIN records_{place} c{place}
                ON c{place}.dataset = '{COUNCIL}' AND c{place}.record_id = l{place}.record_id"""
            )
            joins += [
                f"""LEFT JOIN records_{place} n{place}{other}
                ON n{place}{other}.dataset = '{NHS}' AND n{place}{other}.record_id = l{other}.nhs_number"""
                for other in (0, 1)
            ]
        return database.execute(
            f"""
            SELECT coalesce(l0.record_id, l1.record_id), {", ".join(columns)}
            FROM links_0 l0 FULL JOIN links_1 l1 ON l0.record_id = l1.record_id {" ".join(joins)}
            ORDER BY 1
            """
        ).fetchall()
