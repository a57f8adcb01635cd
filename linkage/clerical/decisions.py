"""What a person decides about two records → a decision in the workspace's store, with who, when, why and what was shown.

Decisions are never changed. A later one on the same pair replaces the one before; "withdrawn" leaves the pair to the model again.
They take effect in the next run.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from linkage.clerical.as_shown import refuse_other_values
from linkage.clerical.keep import COLUMNS, Kept, keep, keep_listed, row_of
from linkage.clerical.lost_zeros import with_zeros
from linkage.clerical.rulings import CONTRADICTED, contradictions, ordered, standing
from linkage.clerical.verdicts import (
    SIDES,
    Held,
    Rows,
    as_now,
    read_side,
    read_told,
    read_verdict,
    refuse_one_record,
    side_of,
    told_rows,
)
from linkage.errors import InputError, typed
from linkage.fields.nhs_number import ORDINARY, read_number
from linkage.past import SAME, WITHDRAWN, Decision, Side
from linkage.reading.lists import read_rows
from linkage.runs.run_records import fingerprints, names_by_values, proposed
from linkage.tables import COUNCIL, NHS
from linkage.tabular import write_rows
from linkage.weekly import audit
from linkage.weekly.memory import council_seen
from linkage.weekly.run_names import current
from linkage.weekly.store import open_store, read_decisions

WAITING = "waits for the next run"


def decide(folder: Path, sides: tuple[str, str], verdict: str, who: str = "", why: str = "") -> Decision:
    """Keep a decision about two records of the current run; return it with its number."""
    shown = show(folder, [read_side(side) for side in sides])
    given = Decision(0, shown[0], shown[1], read_verdict(verdict), who or audit.somebody(), audit.now(), why)
    refuse_one_record(given, "")
    if given.verdict == SAME and {side.dataset for side in shown} == {NHS}:
        raise InputError(
            "both are NHS Numbers, and a person has one: which of two numbers stands is for PDS to say, and the next register "
            "to name in its column of superseded numbers. Say `same` of the council record and the number that is theirs"
        )
    _refuse_idle(folder, {"": given})
    return keep(folder, [given])[0]


def undo(folder: Path, number: int, who: str = "", why: str = "") -> Decision:
    """Withdraw the decision with this number and return the withdrawal; InputError says why if it does not stand."""
    made = all_decisions(folder)
    found = [each for each in standing(made) if each.number == number]
    if not found:
        raise InputError(
            f"{_why_not_standing(made, number)}: `linkage decisions {typed(folder)}` lists those that stand"
        )
    old = found[0]
    given = Decision(
        0, old.left, old.right, WITHDRAWN, who or audit.somebody(), audit.now(), why or f"undoes {number}"
    )
    return keep(folder, [given])[0]


def _why_not_standing(made: Sequence[Decision], number: int) -> str:
    numbered = {each.number: each for each in made}
    if number not in numbered:
        return f"there is no decision {number}"
    if numbered[number].verdict == WITHDRAWN:
        return f"decision {number} withdraws another and cannot be withdrawn itself"
    later = next(each for each in made if each.number > number and each.pair == numbered[number].pair)
    done = "withdrawn" if later.verdict == WITHDRAWN else "replaced"
    return f"decision {number} was {done} already, by decision {later.number} of {later.at[:10]}"


def show(folder: Path, sides: Sequence[tuple[str, str]]) -> list[Side]:
    """The sides (dataset, record id), each with the fingerprint of its record in the current run; InputError if one is
    not there."""
    held = fingerprints(current(folder), {record_id for _, record_id in sides})
    for place, side in zip(("first", "second"), sides, strict=False):
        if side not in held:
            unfit = re.fullmatch(ORDINARY, side[1]) and read_number(side[1])[1]
            neither = " (nor is it a valid NHS Number)" if unfit else ""
            raise InputError(
                f"the {place} record named is not among the {side[0]} records of the current run{neither}"
            )
    return [Side(*held[side]) for side in sides]


def all_decisions(folder: Path) -> list[Decision]:
    """Every decision ever made in the workspace, oldest first."""
    with open_store(folder) as store:
        return read_decisions(store)


def contradicting(folder: Path, kept: Sequence[Decision]) -> list[int]:
    """The numbers of those of the decisions `kept` that contradict others that stand."""
    torn = {each.number for each in contradictions(standing(all_decisions(folder)))}
    return [each.number for each in kept if each.number in torn]


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
        rows.append(dict(zip(COLUMNS, row_of(each), strict=True)) | {"state": state})
    return rows


def export(folder: Path, file: Path) -> int:
    """Write the standing decisions as CSV; return how many."""
    rows = overview(folder)
    names = (*COLUMNS, "state")
    write_rows(file, names, [[row[name] for name in names] for row in rows])
    return len(rows)


def import_rows(folder: Path, rows: Rows, file: str, who: str = "") -> Kept:
    """Keep the decisions of a CSV in the layout of `export`, of review.csv, of duplicates.csv or of
    clusters_to_check.csv.

    Rows without a verdict are passed over. Either all decisions are kept or none. MappingError and InputError name the
    `file` and the row that lacks something, has an NHS Number that is not valid, names a council record that never was in
    a run, joins by ids alone what no run proposed, or contradicts another row.
    """
    told = with_zeros(folder, told_rows(rows, file))
    wanted = {side_of(row, side)[1] for row in told.values() for side in SIDES}
    held = fingerprints(current(folder), wanted)
    given = read_told(told, held)
    refuse_unknown(folder, given, held)
    _refuse_unproposed(folder, told, given, held)
    refuse_other_values(folder, told, given)
    _refuse_idle(folder, given)
    return keep_listed(folder, given, who)


def refuse_unknown(folder: Path, given: Mapping[str, Decision], held: Held) -> None:
    """InputError if a council record was in no run of the workspace, neither by its id nor by its values; or if the
    values that were shown are those of another record than the one named, so that it is not clear which was meant.

    `given`: where → decision. `held`: the records of the current run among them. A council record may have been given a
    new id since it was shown, if no other record has its former one now.
    """
    sides = [(where, side) for where, decision in given.items() for side in (decision.left, decision.right)]
    shown = names_by_values(current(folder), {side.shown for _, side in sides})
    with open_store(folder) as store:
        seen = {name for pair in council_seen(store) for name in pair} | {name for _, name in held}
    for where, side in sides:
        names = shown.get((side.dataset, side.shown), set())
        is_other = side.dataset != COUNCIL or (side.dataset, side.record_id) in held
        if side.dataset == COUNCIL and side.record_id not in seen and (names or side.shown not in seen):
            raise InputError(
                f"{where}the council record is in no run of {folder}: a spreadsheet may have changed its id"
            )
        if names and side.record_id not in names and is_other:
            raise InputError(
                f"{where}what was shown is not the {side.dataset} record that is named: a number or an id that is typed "
                "over is not obeyed. Say `linkage decide` for other records"
            )


def _refuse_unproposed(
    folder: Path, told: Mapping[str, dict[str, str]], given: Mapping[str, Decision], held: Held
) -> None:
    """InputError if a row joins a council record and an NHS Number by ids alone, without what was shown, although the
    current run did not propose them and nobody decided about them: a column of ids that slipped by a row looks like that."""
    waiting = {
        where: _ids_now(ordered(one), held)
        for where, one in given.items()
        if one.verdict == SAME
        and {one.left.dataset, one.right.dataset} == {COUNCIL, NHS}
        and not all(told[where].get(f"{side}_shown") for side in SIDES)
    }
    if not waiting:
        return
    known = proposed(current(folder), {record_id for record_id, _ in waiting.values()})
    known |= {_ids_now(each, held) for each in all_decisions(folder)}
    for where, pair in waiting.items():
        if pair not in known:
            raise InputError(
                f"{where}no run proposed this NHS Number for this council record, and the list does not have what was shown of "
                "them, so nobody can tell whether a column slipped by a row. Leave the columns council_shown and nhs_shown (or "
                "left_shown and right_shown) in the list, or say `linkage decide` of these two"
            )


def _ids_now(decision: Decision, held: Held) -> tuple[str, str]:
    return as_now(decision.left, held).record_id, as_now(decision.right, held).record_id


def _refuse_idle(folder: Path, given: Mapping[str, Decision]) -> None:
    """InputError if one of the decisions `given` (where → decision) withdraws nothing: no decision stands about these two
    records, nor about records with the same values, as under former ids."""
    withdrawals = {where: one for where, one in given.items() if one.verdict == WITHDRAWN}
    if not withdrawals:
        return
    stand = standing(all_decisions(folder))
    held = fingerprints(
        current(folder), {side.record_id for each in stand for side in (each.left, each.right)}
    )
    for where, one in withdrawals.items():
        if not any(_is_on(each.left, one, held) and _is_on(each.right, one, held) for each in stand):
            raise InputError(
                f"{where}no decision stands on these two records, so there is none to withdraw: `linkage decisions {typed(folder)}` "
                "lists those that stand, and `linkage undo` withdraws one by its number"
            )


def _is_on(side: Side, decision: Decision, held: Held) -> bool:
    """Whether a side of another decision is the record `side`: by its id, by the NHS Number that replaced it, or by its
    values."""
    names = {(side.dataset, side.record_id), held.get((side.dataset, side.record_id), ("", ""))[:2]}
    return any(
        (other.dataset, other.record_id) in names
        or (other.dataset, other.shown) == (side.dataset, side.shown)
        for other in (decision.left, decision.right)
    )
