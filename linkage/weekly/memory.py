"""A workspace's store → what the next run is given of former ones (`Past`); and what a run found out about people → the store."""

import sqlite3
from collections.abc import Iterable

from linkage.past import Holding, Past, end_of_chain
from linkage.tables import COUNCIL
from linkage.weekly.store import append

Holdings = dict[tuple[str, str], Holding]
"""Dataset and record id → the latest holding of that record."""


def holdings(store: sqlite3.Connection) -> Holdings:
    """The latest holding of every record ever seen, by dataset and record id."""
    rows = store.execute(
        """
        SELECT dataset, record_id, fingerprint, birth, names, person_id, max(number) FROM holding
        GROUP BY dataset, record_id ORDER BY dataset, record_id
        """
    )
    # In a query with max(), SQLite takes the other columns from the row that has the maximum.
    return {row[:2]: Holding(*row[:-1]) for row in rows}


def council_seen(store: sqlite3.Connection) -> set[tuple[str, str]]:
    """(record id, fingerprint) for every council record of any run, with each fingerprint that it had."""
    return set(
        store.execute("SELECT record_id, fingerprint FROM holding WHERE dataset = ?", [COUNCIL]).fetchall()
    )


def remember_people(store: sqlite3.Connection, run: int, seen: Iterable[Holding], known: Holdings) -> None:
    """Append the holdings in `seen` that differ from the latest ones, `known`; within `writing`."""
    fresh = [found for found in seen if known.get(found[:2]) != found]
    append(store, "holding", [(run, *found) for found in fresh])


def remember_numbers(store: sqlite3.Connection, run: int, seen: Iterable[tuple[str, str]]) -> None:
    """Append superseded NHS Numbers (old, live) that were not known or have a new successor; within `writing`."""
    known = successors(store)
    append(store, "superseded", [(run, old, live) for old, live in seen if known.get(old) != live])


def remember_rewritten(store: sqlite3.Connection, run: int, seen: Iterable[tuple[str, str, str]]) -> None:
    """Append (dataset, fingerprint, received) that were not known; within `writing`."""
    known = set(_rewritten(store))
    append(store, "rewritten", [(run, *found) for found in seen if found not in known])


def _rewritten(store: sqlite3.Connection) -> list[tuple[str, str, str]]:
    return store.execute("SELECT dataset, fingerprint, received FROM rewritten ORDER BY number").fetchall()


def successors(store: sqlite3.Connection) -> dict[str, str]:
    """Superseded NHS Numbers → the live ones, as registers have said so far."""
    return dict(store.execute("SELECT old, live FROM superseded ORDER BY number").fetchall())


def _retired(store: sqlite3.Connection) -> dict[str, str]:
    return dict(
        store.execute(
            "SELECT person_id, other FROM succession WHERE event = 'merged' ORDER BY number"
        ).fetchall()
    )


def past_people(store: sqlite3.Connection, known: Holdings) -> Past:
    """The `Past` of the next run, but for its decisions, last run and folder; `known` are the latest `holdings`."""
    since = dict(store.execute("SELECT person_id, min(run) FROM holding GROUP BY person_id").fetchall())
    chain = successors(store)
    live = {old: end_of_chain(chain, old) for old in chain}
    retired = _retired(store)
    held = _living(known.values(), retired)
    shown, others = _living(_shown(store), retired), _living(_others(store), retired)
    return Past((), held, since, live, shown, others, tuple(_rewritten(store)))


def _living(found: Iterable[Holding], retired: dict[str, str]) -> tuple[Holding, ...]:
    """Holdings with the person_id that each has now: retired ones are followed to the one they were merged into."""
    return tuple(
        each._replace(person_id=end_of_chain(retired, each.person_id)) if each.person_id in retired else each
        for each in found
    )


def _shown(store: sqlite3.Connection) -> list[Holding]:
    """The last holding of each council record with each fingerprint on which somebody decided."""
    rows = store.execute(
        """
        SELECT dataset, record_id, fingerprint, birth, names, person_id, max(number) FROM holding
        WHERE dataset = ? AND fingerprint IN (
            SELECT left_shown FROM decision UNION SELECT right_shown FROM decision
        )
        GROUP BY record_id, fingerprint ORDER BY record_id, fingerprint
        """,
        [COUNCIL],
    ).fetchall()
    return [Holding(*row[:-1]) for row in rows]


def _others(store: sqlite3.Connection) -> list[Holding]:
    """For council records that have had several birth dates and several names: the last holding with each of these."""
    rows = store.execute(
        """
        SELECT dataset, record_id, fingerprint, birth, names, person_id, max(number) FROM holding
        WHERE dataset = ? AND record_id IN (
            SELECT record_id FROM holding WHERE dataset = ? GROUP BY record_id
            HAVING min(birth) < max(birth) AND min(names) < max(names)
        )
        GROUP BY record_id, birth, names ORDER BY record_id, birth, names
        """,
        [COUNCIL, COUNCIL],
    ).fetchall()
    return [Holding(*row[:-1]) for row in rows]
