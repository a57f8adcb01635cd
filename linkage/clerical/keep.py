"""Decisions → the workspace's store, each with its entry in the audit trail; of a list, only those that are new to the store.

A list that is imported twice, or an older export, repeats earlier decisions. Those that were withdrawn or replaced since then are
not made again by it.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from linkage.clerical.rulings import ordered
from linkage.errors import MappingError
from linkage.past import Decision
from linkage.values.dates import read_moment
from linkage.weekly import audit
from linkage.weekly.settings import read_purpose
from linkage.weekly.store import append, next_number, open_store, read_decisions, writing

COLUMNS = (
    "number", "left_dataset", "left_record", "left_shown", "right_dataset", "right_record", "right_shown", "verdict",
    "who", "at", "why",
)  # fmt: skip
AHEAD = timedelta(hours=2)
"""How far in the future a decision's time may be: British Summer Time is an hour ahead of UTC, and clocks of machines differ."""


@dataclass
class Kept:
    """What became of the rows of a list: the decisions that are `new` and those that stood already (`known`), with their
    numbers; and which rows of the file are `older` than what stands, or are there `twice`."""

    new: list[Decision] = field(default_factory=list)
    known: list[Decision] = field(default_factory=list)
    older: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)


def keep(folder: Path, given: Sequence[Decision]) -> list[Decision]:
    """Append decisions, all of them or none; return them with their numbers.

    A decision that the same person has already made, with the same verdict on the same values, is not made twice: the
    standing one is returned in its place.
    """
    purpose = read_purpose(folder)
    with open_store(folder) as store, writing(store):
        last = {each.pair: each for each in read_decisions(store)}
        kept = []
        for decision in map(ordered, given):
            known = last.get(decision.pair)
            if known is None or known.who != decision.who or not _is_said_again(decision, known):
                known = last[decision.pair] = _keep_one(store, decision, purpose)
            kept.append(known)
    return kept


def keep_listed(folder: Path, given: Mapping[str, Decision], who: str = "") -> Kept:
    """Append the new ones of a list's decisions (`given`: where in the file → decision), all of them or none.

    `who` and the time of now are filled in where a row has none. MappingError where a row's time cannot be read or is in
    the future.
    """
    purpose, now = read_purpose(folder), audit.now()
    latest = datetime.fromisoformat(now) + AHEAD
    moments = {where: _moment(one, where, latest) for where, one in given.items()}
    kept = Kept()
    with open_store(folder) as store, writing(store):
        made: dict[tuple[str, ...], list[Decision]] = {}
        for each in read_decisions(store):
            made.setdefault(each.pair, []).append(each)
        listed: set[int] = set()
        for where, one in given.items():
            decision = ordered(one)
            before = made.setdefault(decision.pair, [])
            if before and _is_said_again(decision, before[-1]):
                if before[-1].number in listed:
                    kept.twice.append(where)
                else:
                    kept.known.append(before[-1])
            elif before and _is_older(decision, moments[where], before):
                kept.older.append(where)
                continue
            else:
                moment = moments[where]
                at = audit.as_told(moment) if moment else now
                told = replace(decision, who=decision.who or who or audit.somebody(), at=at)
                before.append(_keep_one(store, told, purpose))
                kept.new.append(before[-1])
            listed.add(before[-1].number)
    return kept


def _moment(decision: Decision, where: str, latest: datetime) -> datetime | None:
    moment = read_moment(decision.at)
    if moment and moment > latest:
        raise MappingError(
            f"{where}at is still to come, so nothing decided until then would count: are its day and month the right way "
            "round? Leave it empty for now"
        )
    if decision.at.strip() and moment is None:
        raise MappingError(
            f"{where}at is no day and time as an export has it, such as 2026-01-31T09:30:00Z, nor a day such as 31/01/2026: leave it empty "
            "for now"
        )
    return moment


def _is_said_again(given: Decision, known: Decision) -> bool:
    """Whether a decision repeats another on the same pair: the same verdict, by the same person if `given` names one, and
    on the same values or at the same time."""
    if given.verdict != known.verdict or given.who not in ("", known.who):
        return False
    same_values = (given.left, given.right) == (known.left, known.right)
    return same_values or (bool(given.at) and read_moment(given.at) == read_moment(known.at))


def _is_older(given: Decision, moment: datetime | None, before: Sequence[Decision]) -> bool:
    """Whether a row's decision is older than the last one on its pair.

    `before` are all decisions on the pair, oldest first. A row without a time counts as older if it repeats one of them,
    and is about the same values as the last.
    """
    last = before[-1]
    was_said = any(_is_said_again(given, each) for each in before[:-1])
    if moment is None:
        return was_said and (given.left, given.right) == (last.left, last.right)
    since = read_moment(last.at)
    return since is not None and (moment < since or (moment == since and was_said))


def _keep_one(store: sqlite3.Connection, decision: Decision, purpose: str) -> Decision:
    number = next_number(store, "decision")
    row = (number, *row_of(decision)[1:])
    append(store, "decision", [row[1:]])
    detail = {"decision": number, "sha256": audit.digest(row)}
    audit.record(store, audit.Act("decide", purpose, decision.who, detail))
    return replace(decision, number=number)


def row_of(decision: Decision) -> tuple[object, ...]:
    """The decision as a row with `COLUMNS`."""
    left, right = decision.left, decision.right
    return (
        decision.number, left.dataset, left.record_id, left.shown, right.dataset, right.record_id, right.shown,
        decision.verdict, decision.who, decision.at, decision.why,
    )  # fmt: skip
