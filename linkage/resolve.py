"""Links, compared pairs and decisions → `edge` and `cluster`: records that are one person, and what is in conflict.

Accepted links, close pairs of council records and the source's own merges are the edges of a graph; what people decided
joins records whatever speaks against it, and keeps others apart. The rule is in `linkage.clusters`.
"""

import math

import duckdb

from linkage.clusters import Edge, Graph, cluster_groups, components
from linkage.cuts import Apart
from linkage.database import insert_rows
from linkage.duplicates import duplicate_prior
from linkage.model import Model
from linkage.tables import (
    ACCEPT,
    CLUSTER,
    COUNCIL,
    EDGE,
    KNOWN_DUPLICATE,
    LINK,
    MERGED,
    NHS,
    ONE_PERSON,
    PAIR,
    RECORD,
    SCREENED,
    TWO_PEOPLE,
    create_sql,
)
from linkage.thin_ties import thin_sql

KNOWN = 60.0
"""Bits of a merge by the source, which nothing but a conflict takes apart."""
MOST_OTHER_DATES = 0.02
"""Where more than this share of one person's records differ in the whole birth date, no birth date is certain."""


def resolve(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `edge`, and `cluster` for all council subjects and the NHS subjects that were linked to them."""
    _make_edges(database, model)
    edges = [Edge(*row) for row in database.execute(f'SELECT * FROM "{EDGE.name}" ORDER BY ALL').fetchall()]
    subjects = {row for (row,) in database.execute(_subjects_sql()).fetchall()}
    graph = Graph(
        subjects,
        edges,
        _numbers(database),
        _birth_dates(database) if _has_certain_dates(model) else {},
        _apart(database),
        _compared(database, model, subjects, edges),
    )
    groups = dict(database.execute(f'SELECT subject_id, group_id FROM "{ONE_PERSON.name}"').fetchall())
    clusters = cluster_groups(graph, groups)
    database.execute(
        f'CREATE TABLE "{CLUSTER.name}" (subject_id BIGINT, cluster_id BIGINT, conflict VARCHAR)'
    )
    rows = [(subject, root, conflict) for subject, (root, conflict) in sorted(clusters.items())]
    insert_rows(database, CLUSTER.name, rows)


def _make_edges(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `edge`: accepted links; council records that the model takes for one person, but for those who look like
    kin, are thinly evidenced or were decided to be different; and merges of the source, except with records that may
    not be linked."""
    needed = math.log2(model.join / (1 - model.join))
    database.execute(create_sql(EDGE))
    database.execute(
        f"""
        INSERT INTO "{EDGE.name}"
        SELECT DISTINCT link.subject_id, r.subject_id, coalesce(link.match_weight, 0), true
        FROM "{LINK.name}" link JOIN "{RECORD.name}" r ON r.row_id = link.right_id
        WHERE link.band = '{ACCEPT}' AND r.dataset = '{NHS}'
        """
    )
    database.execute(
        f"""
        INSERT INTO "{EDGE.name}"
        SELECT l.subject_id, r.subject_id, max(p.weight), false
        FROM ({_council_pairs_sql(database, model)}) p
        JOIN "{RECORD.name}" l ON l.row_id = p.left_id
        JOIN "{RECORD.name}" r ON r.row_id = p.right_id
        WHERE p.weight >= {needed!r}
          AND (l.nhs_number IS NULL OR r.nhs_number IS NULL OR list_has_any(l.nhs_numbers, r.nhs_numbers))
          AND NOT ({model.relatives!r} > 0.05 AND (
              p.level_forename = 0 AND coalesce(l.date_of_birth = r.date_of_birth, true)
              OR p.level_forename <= 0 AND p.level_date_of_birth <= 0
          ))
          AND NOT {thin_sql(model, "p.weight")}
          AND (least(l.subject_id, r.subject_id), greatest(l.subject_id, r.subject_id)) NOT IN (
              SELECT (left_subject, right_subject) FROM "{TWO_PEOPLE.name}"
          )
        GROUP BY l.subject_id, r.subject_id
        """
    )
    database.execute(
        f"""
        INSERT INTO "{EDGE.name}"
        WITH closed AS (SELECT subject_id FROM "{SCREENED.name}" WHERE reason <> ?)
        SELECT left_subject, right_subject, {KNOWN!r}, true FROM "{KNOWN_DUPLICATE.name}"
        WHERE left_subject NOT IN (SELECT subject_id FROM closed)
          AND right_subject NOT IN (SELECT subject_id FROM closed)
        """,
        [MERGED],
    )


def _compared(
    database: duckdb.DuckDBPyConnection, model: Model, subjects: set[int], edges: list[Edge]
) -> list[Edge]:
    """All compared pairs of council subjects within components of three and more."""
    found = components(subjects, ((edge.left, edge.right) for edge in edges))
    large = [(subject, min(component)) for component in found if len(component) > 2 for subject in component]
    database.execute("CREATE OR REPLACE TEMP TABLE large (subject_id BIGINT, component BIGINT)")
    insert_rows(database, "large", large)
    rows = database.execute(
        f"""
        SELECT a.subject_id, b.subject_id, max(p.weight)
        FROM ({_council_pairs_sql(database, model)}) p
        JOIN "{RECORD.name}" l ON l.row_id = p.left_id
        JOIN "{RECORD.name}" r ON r.row_id = p.right_id
        JOIN large a ON a.subject_id = l.subject_id
        JOIN large b ON b.subject_id = r.subject_id AND b.component = a.component
        WHERE a.subject_id <> b.subject_id
        GROUP BY a.subject_id, b.subject_id ORDER BY ALL
        """
    ).fetchall()
    return [Edge(*row) for row in rows]


def _council_pairs_sql(database: duckdb.DuckDBPyConnection, model: Model) -> str:
    """SELECT of the compared pairs of council rows with the evidence that they are one person, prior included."""
    return f"""
        SELECT p.*, p.match_weight + {duplicate_prior(database, model)!r} AS weight
        FROM "{PAIR.name}" p
        JOIN "{RECORD.name}" r ON r.row_id = p.right_id AND r.dataset = '{COUNCIL}'
    """


def _apart(database: duckdb.DuckDBPyConnection) -> Apart:
    rows = database.execute(f'SELECT left_subject, right_subject FROM "{TWO_PEOPLE.name}"').fetchall()
    return frozenset((left, right) for left, right in rows)


def _numbers(database: duckdb.DuckDBPyConnection) -> set[int]:
    rows = database.execute(
        f"""SELECT DISTINCT subject_id FROM "{RECORD.name}" WHERE dataset = '{NHS}'"""
    ).fetchall()
    return {subject for (subject,) in rows}


def _has_certain_dates(model: Model) -> bool:
    dates = [comparison for comparison in model.comparisons if comparison.name == "date_of_birth"]
    return all(comparison.levels[-1].m <= MOST_OTHER_DATES for comparison in dates)


def _birth_dates(database: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """Certain birth dates of council subjects, one each (subjects with several are left out)."""
    return dict(
        database.execute(
            f"""
            SELECT subject_id, any_value(date_of_birth_text) FROM "{RECORD.name}"
            WHERE dataset = '{COUNCIL}' AND date_of_birth IS NOT NULL AND NOT coalesce(date_of_birth_weak, false)
            GROUP BY subject_id HAVING count(DISTINCT date_of_birth_text) = 1
            """
        ).fetchall()
    )


def _subjects_sql() -> str:
    """Council subjects that may be linked or were merged by the source, and NHS subjects that were linked."""
    return f"""
        SELECT DISTINCT subject_id FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}'
        UNION
        SELECT r.subject_id FROM "{LINK.name}" link JOIN "{RECORD.name}" r ON r.row_id = link.right_id
        WHERE link.band = '{ACCEPT}' AND r.dataset = '{NHS}'
    """
