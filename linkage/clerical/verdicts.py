"""A list with verdicts, such as a worked review.csv → decisions without numbers, or what is wrong by file and row."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from linkage.clerical.rulings import contradictions, ordered, standing
from linkage.errors import InputError, MappingError
from linkage.fields.nhs_number import read_number
from linkage.hashed import is_hash
from linkage.past import VERDICTS, Decision, Past, Side
from linkage.reading.lists import read_list
from linkage.tables import COUNCIL, NHS

Held = dict[tuple[str, str], tuple[str, str, str]]
Rows = Sequence[dict[str, str]]
SIDES = ("left", "right")
MOST_PLACES = 10
"""Rows that an error names."""


def read_side(text: str) -> tuple[str, str]:
    """The dataset and record id that a user named as "nhs:…" or "council:…"; without either, a valid NHS Number is the
    register's, and anything else a council record. Numbers may be written in any form that is read in a file."""
    dataset, colon, record_id = text.partition(":")
    if not colon or dataset not in (COUNCIL, NHS):
        dataset, record_id = "", text
    number, problem = read_number(record_id)
    if dataset != COUNCIL and number and not problem:
        return NHS, number
    return dataset or COUNCIL, record_id.strip()


def read_verdict(text: str, where: str = "") -> str:
    """One of `past.VERDICTS`; MappingError for anything else, whose message begins with `where`."""
    verdict = plain(text)
    if verdict not in VERDICTS:
        raise MappingError(f"{where}a decision is one of: {', '.join(VERDICTS)}")
    return verdict


def plain(text: str) -> str:
    """A verdict or label in lower case with single spaces, which may have been "-" or "_"."""
    return " ".join(text.casefold().replace("-", " ").replace("_", " ").split())


def read_verdicts(file: Path) -> Past:
    """The `Past` of a run without a workspace, with the decisions of a worked duplicates.csv."""
    given = list(read_told(told_rows(read_list(file), file.name), {}).values())
    numbered = [replace(ordered(each), number=number) for number, each in enumerate(given, start=1)]
    return Past(tuple(standing(numbered)))


def told_rows(rows: Rows, file: str) -> dict[str, dict[str, str]]:
    """Where in the file ("review.csv row 2: ") → the row, for rows with a verdict, in the layout of an export."""
    laid_out = [(f"{file} row {place}: ", _laid_out(row)) for place, row in enumerate(rows, start=2)]
    told = {where: row for where, row in laid_out if row.get("verdict", "?").strip()}
    for where, row in told.items():
        if "verdict" not in row:
            raise MappingError(f"{file} has no column verdict")
        if not all(row.get(f"{side}_record") for side in SIDES):
            raise MappingError(f"{where}both records and a verdict are needed")
    return told


def read_told(told: dict[str, dict[str, str]], held: Held) -> dict[str, Decision]:
    """Where in the file → the decision, without a number; `who`, `at` and `why` are empty where the file has none.

    `held`: (dataset, record id) → the record's dataset, current id and fingerprint in the current run.
    """
    given: dict[str, Decision] = {}
    for where, row in told.items():
        left, right = (
            _shown(side_of(row, side), row.get(f"{side}_shown", ""), held, where) for side in SIDES
        )
        verdict = read_verdict(row["verdict"], where)
        one = Decision(0, left, right, verdict, *(row.get(name, "") for name in ("who", "at", "why")))
        refuse_one_record(one, where)
        given[where] = one
    refuse_contradiction(given, held)
    return given


def refuse_contradiction(given: Mapping[str, Decision], held: Held) -> None:
    """MappingError if two of the decisions `given` (where → decision) are different verdicts on the same two records, or if some
    contradict each other. `held` leads from a superseded NHS Number to the live one."""
    said: dict[tuple[str, ...], tuple[str, str]] = {}
    for where, one in given.items():
        verdict, before = said.setdefault(ordered(one).pair, (one.verdict, where))
        if verdict != one.verdict:
            raise MappingError(
                f"{where}another verdict on the same two records stands in {before.rstrip(': ')}"
            )
    said_now = [
        ordered(replace(one, number=number, left=as_now(one.left, held), right=as_now(one.right, held)))
        for number, one in enumerate(given.values())
    ]
    torn = {one.number for one in contradictions(standing(said_now))}
    if torn:
        raise MappingError(
            f"{places([where for number, where in enumerate(given) if number in torn])} contradict each other: somebody "
            "would be the same person as two NHS Numbers, or as one of whom a row says that it is different"
        )


def as_now(side: Side, held: Held) -> Side:
    """The side with its current id, which for a superseded NHS Number is the one that replaced it."""
    dataset, record_id, _ = held.get((side.dataset, side.record_id), (side.dataset, side.record_id, ""))
    return Side(dataset, record_id, side.shown)


def places(wheres: Sequence[str]) -> str:
    """The rows of a file in words: "review.csv row 2, row 5 and row 7"; of more than ten the first ten and how many more."""
    file, _, _ = wheres[0].rpartition(" row ")
    rows = [where.removeprefix(file).strip(": ") for where in wheres]
    shown, more = rows[:MOST_PLACES], len(rows) - MOST_PLACES
    shown = [*shown, f"{more} more"] if more > 0 else shown
    return f"{file} {', '.join(shown[:-1])} and {shown[-1]}" if shown[1:] else f"{file} {shown[0]}"


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


def side_of(row: dict[str, str], side: str) -> tuple[str, str]:
    """Dataset and record id of a side of a row in the layout of an export."""
    named = row.get(f"{side}_dataset", "")
    return read_side(f"{named}:{row[f'{side}_record']}" if named else row[f"{side}_record"])


def _shown(side: tuple[str, str], shown: str, held: Held, where: str) -> Side:
    if side[0] == NHS and read_number(side[1])[1]:
        raise InputError(f"{where}the NHS Number is not valid: a spreadsheet may have changed it")
    if shown:
        if not is_hash(shown):
            raise InputError(
                f"{where}what stands for the values shown is no hash that a run wrote: leave these columns as they are"
            )
        return Side(*side, shown)
    if side not in held:
        raise InputError(
            f"{where}the hash of what was shown is missing, and the record is not in the current run"
        )
    return Side(*held[side])


def refuse_one_record(decision: Decision, where: str) -> None:
    """MappingError, which says `where`, if both sides are the same record."""
    if decision.pair[:2] == decision.pair[2:]:
        raise MappingError(f"{where}a decision is on two records, and these are one and the same")
