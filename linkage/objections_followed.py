"""Objections on record ids that a workspace remembers and that are gone, or somebody else's → which records they are about now.

New ids from the source are not a withdrawal. Whoever had the id is known again, before anything is compared, by what is
remembered of that person's records: their ids, all their values, or their birth date and whole name. Another record of
these is left out with them, as it is where the id has stayed (see `same_person.SAME_PERSON`): to leave out one too many
is the lesser fault.
"""

from collections import defaultdict

import duckdb

from linkage.database import insert_rows
from linkage.objections import has_objections, plain_id, plain_id_sql
from linkage.past import Holding, Past
from linkage.people.succession import somebody_else
from linkage.tables import COUNCIL, FINGERPRINT, FOLLOWED, OBJECTION, create_sql

Ids = dict[str, list[tuple[str, str]]]
"""Plain record id → the hashes of birth date and names of the council's records that have it now."""


def follow(database: duckdb.DuckDBPyConnection, past: Past) -> None:
    """Make `followed` where there is a list of objections; it has no row without a past. Comes after `fingerprint`."""
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
    """The plain record ids on the list, and those of them that the council's file has."""
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
    """Of the council's records that are remembered: person_id → the plain ids on the list that were a record's of that person, and are none of theirs now."""

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
