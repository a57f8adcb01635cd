"""Decisions and the records of this run → the record that each side of a decision is about now.

If the id that was decided on is gone, or is somebody else's now, the decision follows the values to the record that has them. A
"same" does so only if the values say who it is, so that nobody is given the link of somebody else with equal values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import duckdb

from linkage.clerical.rulings import Located
from linkage.database import insert_rows
from linkage.past import CANNOT_TELL, DIFFERENT, Holding, Past, Side
from linkage.people.succession import TELLING, somebody_else
from linkage.tables import COUNCIL, FINGERPRINT, NHS, RECORD

KEEPS_APART = (DIFFERENT, CANNOT_TELL)


class Now(NamedTuple):
    """A record of this run that a side of a decision may be about (subject None: there is none). `fresh`: its values are
    those that were shown. `telling`: they say who it is (`TELLING`)."""

    subject: int | None = None
    fresh: bool = False
    record_id: str = ""
    birth: str = ""
    names: str = ""
    telling: bool = False


@dataclass(frozen=True)
class Found:
    """What a side of a decision may be about now: the record with its id (`by_id`); and, if that is gone or somebody
    else's, the record that has the values shown (`moved`). `known`: the latter is certainly of the person who was shown."""

    by_id: Now
    moved: Now | None = None
    known: bool = False

    def for_verdict(self, verdict: str) -> Now:
        """The record for a decision with this verdict. A record with another id is joined with others only if it is
        `known`; to keep two apart, equal values are enough."""
        return self.moved if self.moved and (self.known or verdict in KEEPS_APART) else self.by_id


def locate(database: duckdb.DuckDBPyConnection, past: Past) -> list[Located]:
    """The decisions of `past`, each with the subjects that it is about now.

    If both sides would be the same record, because both had the same values and one of them is gone, the record ids decide.
    """
    sides = sorted({side for decision in past.decisions for side in (decision.left, decision.right)})
    found = dict(zip(sides, _find(database, sides, past), strict=True))
    located = []
    for decision in past.decisions:
        left, right = found[decision.left], found[decision.right]
        one, other = left.for_verdict(decision.verdict), right.for_verdict(decision.verdict)
        if one.subject == other.subject:
            one, other = left.by_id, right.by_id
        fresh, followed = one.fresh and other.fresh, (one, other) != (left.by_id, right.by_id)
        located.append(Located(decision, one.subject, other.subject, fresh, followed))
    return located


def _find(database: duckdb.DuckDBPyConnection, sides: list[Side], past: Past) -> list[Found]:
    """What each of `sides` may be about now, in their order."""
    database.execute(
        "CREATE OR REPLACE TABLE side (place BIGINT, dataset VARCHAR, record_id VARCHAR, shown VARCHAR)"
    )
    live = _live_numbers(database, past)
    rows = [
        (place, side.dataset, live.get(side.record_id, side.record_id) if side.dataset == NHS else side.record_id,
         side.shown)
        for place, side in enumerate(sides)
    ]  # fmt: skip
    insert_rows(database, "side", rows)
    by_id, by_values = _by_id(database), _by_values(database)
    heirs = _heirs(database, past)
    database.execute("DROP TABLE side")
    memory = _remember(past, sides, {moved.record_id for moved in by_values.values()})
    shown = {(held.record_id, held.fingerprint): held for held in past.shown}
    found = []
    for place, side in enumerate(sides):
        same_id, moved = by_id.get(place, Now()), by_values.get(place)
        was = shown.get((side.record_id, side.shown))
        gone = same_id.subject is None or (
            was is not None and somebody_else(was, same_id.birth, same_id.names)
        )
        if same_id.fresh or not gone:
            found.append(Found(same_id))
        elif moved is None:
            found.append(Found(_heir(side, was, heirs.get(side.shown, ())) or same_id))
        else:
            found.append(Found(same_id, moved, memory.is_known(moved, side.shown, was)))
    return found


def _live_numbers(database: duckdb.DuckDBPyConnection, past: Past) -> dict[str, str]:
    """Superseded NHS Number → the one that replaced it, without numbers that this register has as live ones again."""
    rows = database.execute(
        f"""SELECT record_id FROM "{FINGERPRINT.name}" WHERE dataset = '{NHS}' AND record_id IN (SELECT unnest(?))""",
        [list(past.live_numbers)],
    ).fetchall()
    again = {number for (number,) in rows}
    return {old: live for old, live in past.live_numbers.items() if old not in again}


def _heirs(database: duckdb.DuckDBPyConnection, past: Past) -> dict[str, list[tuple[Holding, Now]]]:
    """Fingerprint on which somebody decided → the council records that once had it: the holding of then, and the record now."""
    database.execute("CREATE OR REPLACE TABLE heir (place BIGINT, record_id VARCHAR)")
    insert_rows(database, "heir", [(place, held.record_id) for place, held in enumerate(past.shown)])
    rows = database.execute(
        f"""
        SELECT place, subject_id, false, record_id, birth, names
        FROM heir JOIN "{FINGERPRINT.name}" USING (record_id) WHERE dataset = '{COUNCIL}' ORDER BY place
        """
    ).fetchall()
    database.execute("DROP TABLE heir")
    found: dict[str, list[tuple[Holding, Now]]] = {}
    for place, *row in rows:
        held = past.shown[place]
        found.setdefault(held.fingerprint, []).append((held, Now(*row)))
    return found


def _heir(side: Side, was: Holding | None, heirs: Sequence[tuple[Holding, Now]]) -> Now | None:
    """The record that once had the values of a side that is gone, as the same person, and has others by now; None unless there is
    exactly one."""
    found = [
        now
        for held, now in heirs
        if was is not None
        and held.person_id == was.person_id
        and held.record_id != side.record_id
        and not somebody_else(held, now.birth, now.names)
    ]
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Memory:
    """Council records as they were last seen. `owners`: fingerprint → the person_ids that had it. `latest`: record id →
    its holding."""

    owners: Mapping[str, set[str]]
    latest: Mapping[str, Holding]

    def is_known(self, moved: Now, shown: str, was: Holding | None) -> bool:
        """Whether the record `moved`, which has the values `shown` now, is of the person who had them when they were shown.

        It is if the values say who it is, nobody else had them, and the record is new or was that person's. `was` is the holding
        that was shown, if it is remembered.
        """
        owners = set(self.owners.get(shown, ()))
        before = self.latest.get(moved.record_id)
        if before is not None and not somebody_else(before, moved.birth, moved.names):
            owners.add(before.person_id)
        if was is not None:
            owners.add(was.person_id)
        return moved.telling and shown in self.owners and len(owners) == 1


def _remember(past: Past, sides: list[Side], moved: set[str]) -> Memory:
    """The `Memory` of the fingerprints in `sides` and of the record ids in `moved`."""
    values = {side.shown for side in sides}
    owners: dict[str, set[str]] = {}
    latest: dict[str, Holding] = {}
    for held in past.holdings:
        if held.dataset == COUNCIL and held.fingerprint in values:
            owners.setdefault(held.fingerprint, set()).add(held.person_id)
        if held.dataset == COUNCIL and held.record_id in moved:
            latest[held.record_id] = held
    return Memory(owners, latest)


def _by_id(database: duckdb.DuckDBPyConnection) -> dict[int, Now]:
    """Index of a side → the record that has its id, or the NHS Number that replaced it."""
    rows = database.execute(
        f"""
        SELECT place, subject_id, fingerprint = shown, record_id, birth, names
        FROM side JOIN (
            SELECT subject_id, dataset, record_id, fingerprint, birth, names FROM "{FINGERPRINT.name}"
            UNION ALL
            SELECT subject_id, dataset, unnest(former_numbers), fingerprint, birth, names FROM "{FINGERPRINT.name}"
        ) USING (dataset, record_id) ORDER BY place, subject_id DESC
        """
    ).fetchall()
    return {place: Now(*row) for place, *row in rows}


def _by_values(database: duckdb.DuckDBPyConnection) -> dict[int, Now]:
    """Index of a council side → the record that has the values shown, if only one has."""
    rows = database.execute(
        f"""
        WITH alone AS (
            SELECT place, min(subject_id) AS subject_id
            FROM side JOIN "{FINGERPRINT.name}" f ON f.dataset = side.dataset AND f.fingerprint = side.shown
            WHERE side.dataset = '{COUNCIL}' GROUP BY place HAVING count(*) = 1
        ),
        told AS (
            SELECT subject_id, coalesce(bool_or({TELLING}), false) AS telling
            FROM "{RECORD.name}" WHERE subject_id IN (SELECT subject_id FROM alone) GROUP BY subject_id
        )
        SELECT place, subject_id, true, record_id, birth, names, telling
        FROM alone JOIN "{FINGERPRINT.name}" USING (subject_id) JOIN told USING (subject_id)
        """
    ).fetchall()
    return {place: Now(*row) for place, *row in rows}
