"""What a person says of two records → a decision in the workspace's store, kept with who, when, why and what was shown.

Decisions are only added. A later one on the same pair replaces the one before; "withdrawn" gives the pair back to the
model. They take effect in the next run.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from linkage import audit
from linkage.errors import InputError, MappingError
from linkage.fields.nhs_number import read_number
from linkage.past import VERDICTS, WITHDRAWN, Decision, Past, Side
from linkage.rulings import CONTRADICTED, contradictions, ordered, standing
from linkage.settings import read_purpose
from linkage.store import append, next_number, open_store, read_decisions, writing
from linkage.tables import COUNCIL, NHS
from linkage.tabular import read_rows, write_rows
from linkage.workspace import current

Held = dict[tuple[str, str], tuple[str, str, str]]
Rows = Sequence[dict[str, str]]
SIDES = ("left", "right")
WAITING = "waits for the next run"
COLUMNS = (
    "number", "left_dataset", "left_record", "left_shown", "right_dataset", "right_record", "right_shown", "verdict",
    "who", "at", "why",
)  # fmt: skip


def read_side(text: str) -> tuple[str, str]:
    """Dataset and record id that a user named: "nhs:…" or "council:…"; a bare valid NHS Number is of the register."""
    dataset, colon, record_id = text.partition(":")
    if colon and dataset in (COUNCIL, NHS):
        return dataset, record_id.strip()
    number, problem = read_number(text)
    return (NHS, number) if number and not problem else (COUNCIL, text.strip())


def read_verdict(text: str, where: str = "") -> str:
    """One of `past.VERDICTS`; MappingError for anything else, which says `where`."""
    verdict = text.strip().lower().replace("-", " ").replace("_", " ")
    if verdict not in VERDICTS:
        raise MappingError(f"{where}a decision is one of: {', '.join(VERDICTS)}")
    return verdict


def decide(folder: Path, sides: tuple[str, str], verdict: str, who: str = "", why: str = "") -> Decision:
    """Keep what somebody says of two records of the current run; return the decision with its number."""
    shown = show(folder, [read_side(side) for side in sides])
    given = Decision(0, shown[0], shown[1], read_verdict(verdict), who or audit.somebody(), audit.now(), why)
    _refuse_one_record(given, "")
    return keep(folder, [given])[0]


def undo(folder: Path, number: int, who: str = "", why: str = "") -> Decision:
    """Withdraw the decision with this number; InputError if it is not standing."""
    found = [each for each in standing(all_decisions(folder)) if each.number == number]
    if not found:
        raise InputError(f"there is no standing decision {number}: `linkage decisions {folder}` lists them")
    old = found[0]
    given = Decision(
        0, old.left, old.right, WITHDRAWN, who or audit.somebody(), audit.now(), why or f"undoes {number}"
    )
    return keep(folder, [given])[0]


def show(folder: Path, sides: Sequence[tuple[str, str]]) -> list[Side]:
    """The sides with the fingerprints of their records in the current run; InputError if one is not there."""
    held = fingerprints(current(folder), {record_id for _, record_id in sides})
    for place, side in enumerate(sides, start=1):
        if side not in held:
            raise InputError(f"record {place} is not among the {side[0]} records of the current run")
    return [Side(*held[side]) for side in sides]


def fingerprints(run: Path, wanted: set[str]) -> Held:
    """(dataset, record id or superseded NHS Number) → dataset, record id now and fingerprint, for records wanted."""
    import pyarrow.compute
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(
        run / "records.parquet", columns=["dataset", "record_id", "fingerprint", "former_numbers"]
    )
    chosen = pyarrow.compute.is_in(table["record_id"], pyarrow.array(sorted(wanted), pyarrow.string()))
    former = pyarrow.compute.greater(pyarrow.compute.list_value_length(table["former_numbers"]), 0)
    held: Held = {}
    for row in table.filter(pyarrow.compute.or_(chosen, former)).to_pylist():
        for name in {row["record_id"], *row["former_numbers"]} & wanted:
            held[row["dataset"], name] = (row["dataset"], row["record_id"], row["fingerprint"])
    return held


def keep(folder: Path, given: Sequence[Decision]) -> list[Decision]:
    """Append decisions, each with its entry in the audit trail, all of them or none; return them numbered.

    One that somebody has already made, with the same verdict on the same values, is not made twice: the standing one
    is returned in its place.
    """
    purpose = read_purpose(folder)
    with open_store(folder) as store, writing(store):
        last = {each.pair: each for each in read_decisions(store)}
        kept = []
        for decision in map(ordered, given):
            known = last.get(decision.pair)
            if known is None or not _is_again(known, decision):
                known = last[decision.pair] = _keep_one(store, decision, purpose)
            kept.append(known)
    return kept


def all_decisions(folder: Path) -> list[Decision]:
    """Every decision ever made in the workspace, oldest first."""
    with open_store(folder) as store:
        return read_decisions(store)


def overview(folder: Path) -> list[dict[str, Any]]:
    """The standing decisions as rows with `COLUMNS` and their `state` in the current run."""
    decisions = standing(all_decisions(folder))
    torn = {each.number for each in contradictions(decisions)}
    try:
        states = {int(row["number"]): row["state"] for row in read_rows(current(folder) / "decisions.csv")}
    except InputError:
        states = {}
    rows: list[dict[str, Any]] = []
    for each in decisions:
        waiting = CONTRADICTED if each.number in torn else WAITING
        state = states.get(each.number, waiting)
        rows.append(dict(zip(COLUMNS, _row(each), strict=True)) | {"state": state})
    return rows


def export(folder: Path, file: Path) -> int:
    """Write the standing decisions as CSV; return how many."""
    rows = overview(folder)
    names = (*COLUMNS, "state")
    write_rows(file, names, [[row[name] for name in names] for row in rows])
    return len(rows)


def import_rows(folder: Path, rows: Rows, file: str, who: str = "") -> list[Decision]:
    """Keep the decisions of a CSV in the layout of `export`, of review.csv, of duplicates.csv or of clusters_to_check.csv.

    A row whose verdict is empty is not decided yet and passed over. All are kept or none: MappingError and InputError name
    the `file` and the row that lacks something, has an NHS Number that is none, or contradicts another row.
    """
    told = _told(rows, file)
    wanted = {_side_of(row, side)[1] for row in told.values() for side in SIDES}
    given = _given(told, fingerprints(current(folder), wanted))
    said = [
        replace(each, who=each.who or who or audit.somebody(), at=each.at or audit.now()) for each in given
    ]
    return keep(folder, said)


def read_verdicts(file: Path) -> Past:
    """What a run without a workspace is given of a worked duplicates.csv: the verdict on each pair of records."""
    given = _given(_told(read_rows(file), file.name), {})
    numbered = [replace(ordered(each), number=number) for number, each in enumerate(given, start=1)]
    return Past(tuple(standing(numbered)))


def _told(rows: Rows, file: str) -> dict[str, dict[str, str]]:
    """Where in the file → what it says, for rows with a verdict."""
    laid_out = [(f"{file} row {place}: ", _laid_out(row)) for place, row in enumerate(rows, start=2)]
    told = {where: row for where, row in laid_out if row.get("verdict") != ""}
    for where, row in told.items():
        if "verdict" not in row:
            raise MappingError(f"{file} has no column verdict")
        if not all(row.get(f"{side}_record") for side in SIDES):
            raise MappingError(f"{where}both records and a verdict are needed")
    return told


def _given(told: dict[str, dict[str, str]], held: Held) -> list[Decision]:
    """Decisions without numbers, and without who and when where the file does not say so."""
    given: list[Decision] = []
    said: dict[tuple[str, ...], tuple[str, str]] = {}
    for where, row in told.items():
        left, right = (
            _shown(_side_of(row, side), row.get(f"{side}_shown", ""), held, where) for side in SIDES
        )
        verdict = read_verdict(row["verdict"], where)
        given.append(Decision(0, left, right, verdict, *(row.get(name, "") for name in ("who", "at", "why"))))
        _refuse_one_record(given[-1], where)
        other, before = said.setdefault(given[-1].pair, (verdict, where))
        if other != verdict:
            raise MappingError(
                f"{where}another verdict on the same two records stands in {before.rstrip(': ')}"
            )
    return given


def _laid_out(row: dict[str, str]) -> dict[str, str]:
    """A row of review.csv or duplicates.csv in the layout of `export`; any other row as it is."""
    if "left_shown" in row and "left_dataset" not in row:
        return row | {"left_dataset": COUNCIL, "right_dataset": COUNCIL}
    if "record_id" not in row or "left_record" in row:
        return row
    council = {
        "left_dataset": COUNCIL,
        "left_record": row["record_id"],
        "left_shown": row.get("council_shown", ""),
    }
    nhs = {
        "right_dataset": NHS,
        "right_record": row.get("nhs_number", ""),
        "right_shown": row.get("nhs_shown", ""),
    }
    return row | council | nhs


def _side_of(row: dict[str, str], side: str) -> tuple[str, str]:
    named = row.get(f"{side}_dataset", "")
    return read_side(f"{named}:{row[f'{side}_record']}" if named else row[f"{side}_record"])


def _shown(side: tuple[str, str], shown: str, held: Held, where: str) -> Side:
    if side[0] == NHS and read_number(side[1])[1]:
        raise InputError(f"{where}the NHS Number is not valid: a spreadsheet may have changed it")
    if shown:
        return Side(*side, shown)
    if side not in held:
        raise InputError(
            f"{where}the hash of what was shown is missing, and the record is not in the current run"
        )
    return Side(*held[side])


def _refuse_one_record(decision: Decision, where: str) -> None:
    if decision.pair[:2] == decision.pair[2:]:
        raise MappingError(f"{where}a decision is on two records, and these are one and the same")


def _row(decision: Decision) -> tuple[object, ...]:
    left, right = decision.left, decision.right
    return (
        decision.number, left.dataset, left.record_id, left.shown, right.dataset, right.record_id, right.shown,
        decision.verdict, decision.who, decision.at, decision.why,
    )  # fmt: skip


def _is_again(known: Decision, given: Decision) -> bool:
    said = (given.verdict, given.who, given.left, given.right)
    return (known.verdict, known.who, known.left, known.right) == said


def _keep_one(store: sqlite3.Connection, decision: Decision, purpose: str) -> Decision:
    number = next_number(store, "decision")
    row = (number, *_row(decision)[1:])
    append(store, "decision", [row[1:]])
    detail = {"decision": number, "sha256": audit.digest(row)}
    audit.record(store, audit.Act("decide", purpose, decision.who, detail))
    return replace(decision, number=number)
