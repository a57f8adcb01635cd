"""Clusters → `person`: a stable person_id for every record.

The identifier is made from the cluster's first council record id, so the same people get the same identifiers whatever
the order of the rows. It is never made from the NHS Number, which anyone could recover from a hash by trying them all.
"""

import hashlib

import duckdb

from linkage.database import insert_rows
from linkage.tables import CLUSTER, COUNCIL, NHS, PERSON, RECORD, create_sql


def identify(database: duckdb.DuckDBPyConnection) -> None:
    """Make `person`: one row for every council subject and every NHS subject that was linked."""
    roots = database.execute(
        f"""
        SELECT cluster.cluster_id, min(subject.record_id)
        FROM "{CLUSTER.name}" cluster
        JOIN (SELECT DISTINCT subject_id, record_id, dataset FROM "{RECORD.name}") subject USING (subject_id)
        WHERE subject.dataset = '{COUNCIL}' GROUP BY cluster.cluster_id ORDER BY cluster.cluster_id
        """
    ).fetchall()
    database.execute("CREATE TABLE person_key (cluster_id BIGINT, person_id VARCHAR)")
    insert_rows(database, "person_key", [(root, person_id(record)) for root, record in roots])
    database.execute(create_sql(PERSON))
    database.execute(
        f"""
        INSERT INTO "{PERSON.name}" BY NAME
        WITH subject AS (
            SELECT subject_id, any_value(dataset) AS dataset, any_value(record_id) AS record_id
            FROM "{RECORD.name}" GROUP BY subject_id
        ),
        number AS (
            SELECT cluster_id, min(record_id) AS nhs_number, count(*) AS numbers
            FROM "{CLUSTER.name}" JOIN subject USING (subject_id) WHERE dataset = '{NHS}' GROUP BY cluster_id
        )
        SELECT person_key.person_id, subject.subject_id, subject.dataset, subject.record_id, number.nhs_number,
            count(*) FILTER (subject.dataset = '{COUNCIL}') OVER (PARTITION BY cluster.cluster_id) AS cluster_size,
            cluster.conflict
        FROM "{CLUSTER.name}" cluster
        JOIN subject USING (subject_id)
        JOIN person_key USING (cluster_id)
        LEFT JOIN number USING (cluster_id)
        ORDER BY person_key.person_id, subject.dataset, subject.record_id
        """
    )


def person_id(record_id: str) -> str:
    """The identifier of the person whose first council record is `record_id`: "P" and 16 hexadecimal digits."""
    return "P" + hashlib.sha256(f"{COUNCIL}\0{record_id}".encode()).hexdigest()[:16]
