"""Objections on record ids that a workspace remembers, and that are gone or somebody else's now → the records they are
about now.

A new record id is not a withdrawal of the objection. Whoever had the old id is recognised, before anything is compared,
by what is remembered of that person's records: their ids, all their values, or their birth date and whole name. Another
person with the same values is left out too, as where the id has stayed (`same_person.SAME_PERSON`): leaving out one too
many is the lesser fault.
"""

from collections import defaultdict

import duckdb

from linkage.database import insert_rows
from linkage.objections import has_objections, plain_id, plain_id_sql
from linkage.past import Holding, Past
from linkage.people.succession import somebody_else
from linkage.tables import COUNCIL, FINGERPRINT, FOLLOWED, OBJECTION, create_sql

Ids = dict[str, list[tuple[str, str]]]
"""Plain record id → the hashes of birth date and names of the council's records that have this id now."""


def follow(database: duckdb.DuckDBPyConnection, past: Past) -> None:
    """Make `followed` if there is a list of objections; without a past it is empty. For after `fingerprint`."""
    if not has_objections(database):
        return
    database.execute(create_sql(FOLLOWED))
    memory = [held for held in (*past.holdings, *past.others) if held.dataset == COUNCIL]
    if not memory:
        return
    former = _former(memory, *_listed(database))
    rows = [
        (name, held.record_id, held.fingerprint, held.birth, held.names)
        for held in memory
        for name in sorted(former.get(held.person_id, ()))
    ]
    columns = "(name VARCHAR, record_id VARCHAR, fingerprint VARCHAR, birth VARCHAR, names VARCHAR)"
    database.execute(f"CREATE TEMP TABLE former {columns}")
    insert_rows(database, "former", rows)
    database.execute(
        f"""
        INSERT INTO "{FOLLOWED.name}"
        WITH now AS (FROM "{FINGERPRINT.name}" WHERE dataset = '{COUNCIL}'),
        found AS (
            SELECT name, subject_id FROM former JOIN now USING (record_id)
            WHERE NOT (former.birth <> '' AND now.birth <> '' AND former.birth <> now.birth
                AND former.names <> '' AND now.names <> '' AND former.names <> now.names)
            UNION SELECT name, subject_id FROM former JOIN now USING (fingerprint)
            UNION SELECT name, subject_id FROM former JOIN now USING (birth, names) WHERE birth <> '' AND names <> ''
        )
        SELECT DISTINCT name, subject_id FROM former LEFT JOIN found USING (name)
        """
    )
    database.execute("DROP TABLE former")


def _listed(database: duckdb.DuckDBPyConnection) -> tuple[set[str], Ids]:
    """The plain record ids on the list, and the council's records of now that have one of them."""
    listed = f'SELECT {plain_id_sql("record_id")} FROM "{OBJECTION.name}" WHERE record_id IS NOT NULL'
    names = {name for (name,) in database.execute(listed).fetchall()}
    rows = database.execute(
        f"""
        SELECT record_id, birth, names FROM "{FINGERPRINT.name}"
        WHERE dataset = '{COUNCIL}' AND {plain_id_sql("record_id")} IN ({listed})
        """
    ).fetchall()
    there: Ids = defaultdict(list)
    for record_id, *hashes in rows:
        there[plain_id(record_id)].append((hashes[0], hashes[1]))
    return names, there


def _former(memory: list[Holding], names: set[str], there: Ids) -> dict[str, set[str]]:
    """person_id → the plain ids on the list that a record of that person had, and none has now.

    `memory`: the council's records that are remembered; `names`, `there`: from `_listed`.
    """

    def is_former(held: Holding) -> bool:
        return all(somebody_else(held, *now) for now in there.get(plain_id(held.record_id), ()))

    former: dict[str, set[str]] = defaultdict(set)
    still: set[tuple[str, str]] = set()
    for held in memory:
        if (name := plain_id(held.record_id)) not in names:
            continue
        if is_former(held):
            former[held.person_id].add(name)
        else:
            still.add((held.person_id, name))
    for person, name in still:
        former[person].discard(name)
    return former
