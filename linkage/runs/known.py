"""A run and a patient's NHS Number → whether the council knows the patient, and under which records.

It is what a discharge team asks. Only accepted links are shown: of a record that waits for a decision nothing is, since it
may be another person's, and the council's duty desk has to be asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from linkage import shelf
from linkage.database import open_database
from linkage.errors import InputError, MappingError
from linkage.ingest import RECEIVED, load_file, sha256_of, trimmed
from linkage.pages.wording import TEST_DATA, counted
from linkage.reading.profile import shipped_profiles
from linkage.reading.recognise import find_columns, list_headings, normalised
from linkage.runs.as_of import as_of, as_of_text
from linkage.runs.doubtful import doubtful
from linkage.runs.explain import below_one
from linkage.runs.numbers import numbers_of
from linkage.runs.run_folder import read_manifest, refuse_dedupe, rows_of
from linkage.runs.since import decided_since, workspace_of
from linkage.shown import WITHHELD, WITHHELD_FIELDS
from linkage.sources import unnumbered
from linkage.tables import ACCEPT, COUNCIL, DECISION
from linkage.values.text import printable
from linkage.weekly import audit
from linkage.weekly.store import open_store, writing

KNOWN, ASK, NOT_KNOWN = "known", "ask", "not known"
DESK = "Ask the council's duty desk."


@dataclass(frozen=True)
class Care:
    """The council's file of the run, and the headings of what is to be told of a record, such as the team to call."""

    file: Path
    columns: Sequence[str] = field(default_factory=tuple)


def known(folder: Path, nhs_number: str, care: Care | None = None) -> dict[str, Any]:
    """Whether the run in `folder` links council records to `nhs_number`, which may be one that another row of the register
    has replaced.

    Returns {"asked", "nhs_number": the number asked about and the one that stands for it, "answer": "known", "ask" or "not known",
    "records": [{"record_id", "confidence", "method", "reason", "care"}], "to_check": what speaks
    against these being one person's, "waiting": records that a person has yet to decide on,
    "unlinked": others that may be the patient's (see `doubtful`), "linked", "of": council records linked to anybody, and all of
    them, "unread": rows of the council's file that could not be read, "run": by which run (see `as_of`), "test_data"}.
    InputError if the folder is not that of a link run, the number is none, or the council's file is not the run's.
    In a workspace's trail it leaves an entry: that somebody asked, never of whom.
    """
    refuse_dedupe(folder, "nobody in it has an NHS Number")
    read_number = shelf.load("fields", "nhs_number").read_number
    asked, _ = read_number(nhs_number)
    if asked is None:
        raise InputError("the NHS Number is not valid: it has ten digits, of which the last is a check digit")
    manifest = read_manifest(folder)
    numbers = numbers_of(folder, asked)
    theirs = rows_of(folder, "links.parquet", filters=[("nhs_number", "=", numbers[0])])
    accepted = sorted((row for row in theirs if row["band"] == ACCEPT), key=lambda row: row["record_id"])
    since = decided_since(folder)
    accepted, waiting, unlinked = doubtful(
        folder, numbers, accepted, manifest["thresholds"]["review"], since or {}
    )
    record_ids = [row["record_id"] for row in accepted]
    told = _care(folder, manifest["inputs"][COUNCIL], care, record_ids) if care else {}
    _leave_trace(folder, manifest["purpose"], care)
    records = {*record_ids, *waiting, *unlinked, *numbers}
    return {
        "asked": asked,
        "nhs_number": numbers[0],
        "answer": KNOWN if accepted else ASK if waiting or unlinked else NOT_KNOWN,
        "records": [
            {
                "record_id": row["record_id"],
                "confidence": row["confidence"],
                "method": row["method"],
                "reason": row["reason"],
                "care": told.get(row["record_id"], []),
            }
            for row in accepted
        ],
        "to_check": _to_check(folder, {row["person_id"] for row in accepted}),
        "waiting": len(waiting),
        "unlinked": len(unlinked),
        "linked": manifest["counts"].get(ACCEPT, 0),
        "of": sum(manifest["counts"].values()),
        "unread": manifest["inputs"][COUNCIL]["rejected"],
        "run": as_of(folder, manifest, since, records),
        "test_data": manifest["test_data"],
    }


def known_text(result: dict[str, Any]) -> str:
    """`known`'s answer for a terminal."""
    lines: list[str] = []
    for record in result["records"]:
        lines.append(printable(f"Known to the council: record {record['record_id']}"))
        decided = record["method"] == DECISION
        sure = "" if decided else f"linked at a confidence of {below_one(record['confidence'])}. "
        lines += [f"  {sure}{record['reason']}", *_care_text(record["care"])]
    if len(result["records"]) > 1:
        lines.append("The run takes these for records of one person: look at all of them.")
    lines += [
        f"BEWARE: these records may be several people's. {each} See clusters_to_check.csv."
        for each in result["to_check"]
    ]
    if result["records"]:
        lines.append("The care may have ended, and the person may have died: check the dates in the record.")
    if result["waiting"]:
        lines.append(_not_sure(result["waiting"], bool(lines), "but a person has yet to decide."))
    if result["unlinked"]:
        why = (
            "though no link to this number is shown. The record may hold the number itself, or seem to be the same person's as a "
            "linked one; or people could not tell, or have decided on it since the run."
        )
        lines.append(_not_sure(result["unlinked"], bool(lines), why))
    if not lines:
        lines.append(
            "No record of this run is linked to this number. This does not show that the patient has no care: "
            f"{result['of'] - result['linked']:,} of {result['of']:,} records are linked to nobody, among them confidential ones and "
            f"those of people who object.{_unread_text(result['unread'])} {DESK} If the number has replaced another one, or another one "
            "has replaced it, ask about that number too."
        )
    return "\n".join([*_asked_text(result), *lines, *as_of_text(result["run"])])


def _not_sure(records: int, more: bool, why: str) -> str:
    """That so many records, beside those told before if there are `more`, may be the patient's."""
    return (
        f"Not sure: {records} {'more ' if more else ''}of the council's records may be this patient's, {why} {DESK} No more is shown, "
        "because it may be about another person."
    )


def _to_check(folder: Path, persons: set[str]) -> list[str]:
    """What speaks against each of the persons being one, as the run's list of people to check had it."""
    wanted = [("person_id", "in", sorted(persons))]
    rows = rows_of(folder, "records.parquet", ("to_check",), wanted) if persons else []
    return sorted({row["to_check"] for row in rows if row["to_check"]})


def _unread_text(rows: int) -> str:
    return f" {counted(rows, 'row')} of the council's file could not be read." if rows else ""


def _asked_text(result: dict[str, Any]) -> list[str]:
    """Whom the answer is about, so that the answers of many are not mixed up."""
    asked, live = result["asked"], result["nhs_number"]
    replaced = f", which {live} has replaced" if live != asked else ""
    return [*([TEST_DATA] if result["test_data"] else []), f"NHS Number {asked}{replaced}"]


def _care_text(rows: Sequence[dict[str, str | None]]) -> list[str]:
    """What the council's file says of one record. What is empty is said to be: else a telephone number of one row would stand
    below the team of another."""
    lines = []
    if len(rows) > 1:
        lines.append(f"  {len(rows)} rows of the file, in its order, which need not be that of time")
    for number, row in enumerate(rows, start=1):
        place = f"row {number}  " if len(rows) > 1 else ""
        for name, value in row.items():
            lines.append(printable(f"  {place}{name}: {'(empty)' if value is None else value}"))
            place = " " * len(place)
    return lines


def _leave_trace(folder: Path, purpose: str, care: Care | None) -> None:
    """Append an entry to the trail of the workspace that the run stands in; nothing if it stands in none."""
    workspace = workspace_of(folder)
    if not workspace:
        return
    detail = {"run": folder.resolve().name, "shown": list(care.columns) if care else []}
    with open_store(workspace) as store, writing(store):
        audit.record(store, audit.Act("known", purpose, audit.somebody(), detail))


def _care(
    folder: Path, told: dict[str, Any], care: Care, record_ids: list[str]
) -> dict[str, list[dict[str, str | None]]]:
    """Record id → what the file says of it under the headings asked for, a row each; `told` is the manifest's of the file."""
    if sha256_of(care.file) != told["sha256"]:
        raise InputError(
            f"{care.file.name} is not the council's file of this run, so its records may be other people's: give {told['name']} as it was"
        )
    with open_database(folder.resolve().parent) as database:
        used = {heading for headings in told["recognised"].values() for heading in headings}
        loaded = load_file(database, care.file, care.file.name, lambda headings: used <= set(headings))
        place = {heading: f"column_{number}" for number, heading in enumerate(loaded.headings, start=1)}
        [identifier] = told["recognised"]["record_id"]
        columns = [each for name in care.columns for each in _headings(care.file.name, loaded.headings, name)]
        wanted = ", ".join(place[name] for name in columns)
        rows = database.execute(
            f"""
            SELECT {trimmed(place[identifier])} AS record_id, {wanted} FROM "{RECEIVED}"
            WHERE list_contains(CAST(? AS VARCHAR[]), record_id) ORDER BY row_number
            """,
            [record_ids],
        ).fetchall()
    homes = _headings_of_homes(told["recognised"], loaded.headings)
    withheld = {record_id for record_id in record_ids if not _home_is_shown(folder, record_id)}
    found: dict[str, list[dict[str, str | None]]] = {}
    for record_id, *values in rows:
        row = dict(zip(columns, values, strict=True))
        if record_id in withheld:
            row |= dict.fromkeys(homes & row.keys(), WITHHELD)
        found.setdefault(record_id, []).append(row)
    return found


def _headings_of_homes(recognised: dict[str, list[str]], headings: Sequence[str]) -> set[str]:
    """The headings of the council's file under which homes and telephones stand: those that were recognised as such, and others
    that are known for it, as a second telephone."""
    profiles = shipped_profiles().values()
    names = set()
    for each in (each for name in WITHHELD_FIELDS for each in shelf.load("fields", name).INPUTS):
        names |= {each.name, *each.aliases, *recognised.get(each.name, [])}
        names |= {heading for profile in profiles for heading in profile.columns.get(each.name, ())}
    known_for_it = {normalised(name) for name in names}
    return {heading for heading in headings if normalised(unnumbered(heading)) in known_for_it}


def _home_is_shown(folder: Path, record_id: str) -> bool:
    """Whether the run's evidence shows the home or the telephone of a record; not of sensitive people, nor where it has none."""
    rows = rows_of(folder, "evidence.parquet", filters=[("record_id", "=", record_id)])
    values = [row["value_council"] for row in rows if row["comparison"] in WITHHELD_FIELDS]
    return bool(values) and WITHHELD not in values


def _headings(file: str, headings: Sequence[str], wanted: str) -> list[str]:
    """The headings that are `wanted`, as headings are recognised: all of them, since none is known to be the one in use, also
    those that are numbered as they stand twice; MappingError lists those that there are."""
    alike = [each for each in headings if normalised(unnumbered(each)) == normalised(wanted)]
    found = alike or find_columns(wanted, headings, "")
    if not found:
        raise MappingError(f'{file} has no column "{wanted}". {list_headings(headings)}')
    return found
