"""Clusters and what a workspace remembers → `person` and `succession`: a person_id for every record, which later runs keep.

Without a past the person_id is made from the cluster's first council record id, so the same people get the same one whatever the
order of the rows. With a past people keep theirs: `linkage.people.succession` has the rule. Most clusters are the same person
with the same records as before; those are found in SQL (`_find_unchanged`), and the rule is asked about the others.
"""

from dataclasses import replace

import duckdb

from linkage.clerical.rulings import APPLIED
from linkage.database import insert_rows
from linkage.past import CANNOT_TELL, Past
from linkage.people.succession import TELLING, Seen, succeed
from linkage.tables import (
    CLUSTER,
    COUNCIL,
    FINGERPRINT,
    HELD,
    LINK,
    NHS,
    NONE,
    ONE_PERSON,
    PERSON,
    PERSON_KEY,
    RECORD,
    REVIEW,
    RULING,
    SUCCESSION,
    create_sql,
)

NO_PAST = Past()
WAITING = "waits for a human to look"
UNTOLD = "people could not tell which NHS Number is theirs"
UNLIKE = "is not similar enough to anybody in the register"
"""Why a record has no NHS Number in `person` although its cluster has one: its own link was not accepted, for this reason. If
people decided that it is one person with the others, it has the number."""


def identify(database: duckdb.DuckDBPyConnection, past: Past = NO_PAST) -> None:
    """Make `person`, `person_key` (cluster → person_id), `succession` (person_ids merged or split) and `held` (what is
    remembered)."""
    _find_unchanged(database, past)
    unchanged = {person for (person,) in database.execute("SELECT person_id FROM unchanged").fetchall()}
    others = tuple(held for held in past.holdings if held.person_id not in unchanged)
    succession = succeed(_seen(database), replace(past, holdings=others))
    database.execute(create_sql(SUCCESSION))
    insert_rows(database, SUCCESSION.name, list(succession.events))
    database.execute(create_sql(PERSON_KEY))
    keys = [(*named, succession.known.get(named[0])) for named in sorted(succession.names.items())]
    insert_rows(database, PERSON_KEY.name, keys)
    database.execute(f'INSERT INTO "{PERSON_KEY.name}" FROM unchanged')
    database.execute("DROP TABLE unchanged")
    database.execute(create_sql(PERSON))
    database.execute(
        f"""
        INSERT INTO "{PERSON.name}" BY NAME
        WITH subject AS (
            SELECT subject_id, dataset, record_id FROM "{FINGERPRINT.name}" SEMI JOIN "{CLUSTER.name}" USING (subject_id)
        ),
        number AS (
            SELECT cluster_id, min(record_id) AS nhs_number, count(*) AS numbers
            FROM "{CLUSTER.name}" JOIN subject USING (subject_id) WHERE dataset = '{NHS}' GROUP BY cluster_id
        )
        SELECT person_key.person_id, subject.subject_id, subject.dataset, subject.record_id,
            CASE WHEN waiting.subject_id IS NULL THEN number.nhs_number END AS nhs_number,
            count(*) FILTER (subject.dataset = '{COUNCIL}') OVER (PARTITION BY cluster.cluster_id) AS cluster_size,
            CASE WHEN waiting.subject_id IS NOT NULL AND number.nhs_number IS NOT NULL
                THEN concat_ws('; ', nullif(cluster.conflict, ''), waiting.why) ELSE cluster.conflict END AS conflict
        FROM "{CLUSTER.name}" cluster
        JOIN subject USING (subject_id)
        JOIN "{PERSON_KEY.name}" person_key USING (cluster_id)
        LEFT JOIN number USING (cluster_id)
        LEFT JOIN (
            SELECT subject_id, CASE WHEN band = '{REVIEW}' THEN '{WAITING}' WHEN untold THEN '{UNTOLD}' ELSE '{UNLIKE}' END AS why
            FROM "{LINK.name}"
            LEFT JOIN (
                SELECT DISTINCT left_subject AS subject_id, true AS untold FROM "{RULING.name}"
                WHERE right_dataset = '{NHS}' AND verdict = '{CANNOT_TELL}' AND state = '{APPLIED}'
            ) USING (subject_id)
            WHERE band = '{REVIEW}' AND len(guards) > 0 OR band = '{NONE}' AND untold
                OR band IN ('{REVIEW}', '{NONE}') AND subject_id NOT IN (SELECT subject_id FROM "{ONE_PERSON.name}")
        ) waiting ON waiting.subject_id = subject.subject_id
        ORDER BY person_key.person_id, subject.dataset, subject.record_id
        """
    )


def _find_unchanged(database: duckdb.DuckDBPyConnection, past: Past) -> None:
    """Make `held`, what is remembered; and `unchanged`, with the columns of `person_key`: clusters that are exactly one person's
    records as they were: all that person ever had, with the same values, and no others.

    No other record can vote for such a person_id, and these can vote for no other. A superseded NHS Number could, so `held` has
    no fingerprint for one, and whoever has one is never `unchanged`.
    """
    replaced = {*past.live_numbers, *past.live_numbers.values()}
    held = [
        (
            held.dataset,
            held.record_id,
            None if held.record_id in replaced else held.fingerprint,
            held.birth,
            held.names,
            held.person_id,
        )
        for held in past.holdings
    ]
    database.execute(create_sql(HELD))
    insert_rows(database, HELD.name, held)
    database.execute(
        f"""
        CREATE TABLE unchanged AS
        SELECT cluster_id, person_id, records
        FROM (
            SELECT cluster_id, min(person_id) AS person_id, count(*) AS records
            FROM "{CLUSTER.name}" JOIN "{FINGERPRINT.name}" USING (subject_id)
            LEFT JOIN "{HELD.name}" USING (dataset, record_id, fingerprint)
            GROUP BY cluster_id
            HAVING count(person_id) = count(*) AND min(person_id) = max(person_id) AND bool_or(dataset = '{COUNCIL}')
        )
        JOIN (SELECT person_id, count(*) AS records FROM "{HELD.name}" GROUP BY person_id) USING (person_id, records)
        """
    )


def _seen(database: duckdb.DuckDBPyConnection) -> list[Seen]:
    """The records of the clusters that are not `unchanged`."""
    rows = database.execute(
        f"""
        SELECT cluster_id, dataset, record_id, fingerprint, birth, names, former_numbers,
            coalesce(telling, false)
        FROM (FROM "{CLUSTER.name}" ANTI JOIN unchanged USING (cluster_id))
        JOIN "{FINGERPRINT.name}" USING (subject_id)
        LEFT JOIN (
            SELECT subject_id, bool_or({TELLING}) AS telling
            FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}' GROUP BY subject_id
        ) USING (subject_id)
        ORDER BY dataset, record_id
        """
    ).fetchall()
    return [Seen(*row) for row in rows]
