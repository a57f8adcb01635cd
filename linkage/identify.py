"""Clusters and what is remembered of former runs → `person` and `succession`: a stable person_id for every record.

Without a past the identifier is made from the cluster's first council record id, so the same people get the same
identifiers whatever the order of the rows. With one, people keep theirs: the rule is in `linkage.succession`.
"""

import duckdb

from linkage.database import insert_rows
from linkage.past import Past
from linkage.succession import TELLING, Seen, succeed
from linkage.tables import (
    CLUSTER,
    COUNCIL,
    FINGERPRINT,
    LINK,
    NHS,
    PERSON,
    PERSON_KEY,
    RECORD,
    REVIEW,
    SUCCESSION,
    create_sql,
)

NO_PAST = Past()
WAITING = "waits for a human to look"
"""Said of a record that a guard has stopped: its duplicates' NHS Number does not reach it past that guard."""


def identify(database: duckdb.DuckDBPyConnection, past: Past = NO_PAST) -> None:
    """Make `person`, a row for every council subject and every NHS subject that was linked; `person_key`; `succession`."""
    succession = succeed(_seen(database), past)
    database.execute(create_sql(SUCCESSION))
    insert_rows(database, SUCCESSION.name, list(succession.events))
    database.execute(create_sql(PERSON_KEY))
    keys = [(*named, succession.known.get(named[0])) for named in sorted(succession.names.items())]
    insert_rows(database, PERSON_KEY.name, keys)
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
                THEN concat_ws('; ', nullif(cluster.conflict, ''), '{WAITING}') ELSE cluster.conflict END AS conflict
        FROM "{CLUSTER.name}" cluster
        JOIN subject USING (subject_id)
        JOIN "{PERSON_KEY.name}" person_key USING (cluster_id)
        LEFT JOIN number USING (cluster_id)
        LEFT JOIN (
            SELECT subject_id FROM "{LINK.name}" WHERE band = '{REVIEW}' AND len(guards) > 0
        ) waiting ON waiting.subject_id = subject.subject_id
        ORDER BY person_key.person_id, subject.dataset, subject.record_id
        """
    )


def _seen(database: duckdb.DuckDBPyConnection) -> list[Seen]:
    rows = database.execute(
        f"""
        SELECT cluster_id, dataset, record_id, fingerprint, birth, names, former_numbers,
            coalesce(telling, false)
        FROM "{CLUSTER.name}"
        JOIN "{FINGERPRINT.name}" USING (subject_id)
        LEFT JOIN (
            SELECT subject_id, bool_or({TELLING}) AS telling
            FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}' GROUP BY subject_id
        ) USING (subject_id)
        ORDER BY dataset, record_id
        """
    ).fetchall()
    return [Seen(*row) for row in rows]
