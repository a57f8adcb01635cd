"""Links, compared pairs and decisions → `edge` and `cluster`: records that are one person, and what is in conflict; and `link`,
where a cut went through an accepted link.

Edges and decisions connect records into components. Most components are one person as they are. Only the doubtful ones go to
`linkage.people.clusters`, which has the rule.
"""

import duckdb

from linkage.database import insert_rows
from linkage.model import Model
from linkage.people.clusters import Edge, Graph, cluster_groups
from linkage.people.components import components
from linkage.people.cuts import Apart
from linkage.people.edges import make_edges
from linkage.people.ties import council_pairs_sql
from linkage.tables import (
    ACCEPT,
    CLUSTER,
    COUNCIL,
    EDGE,
    LINK,
    NHS,
    ONE_PERSON,
    OPPOSED,
    RECORD,
    REVIEW,
    TWO_PEOPLE,
    Table,
    create_sql,
)

MOST_OTHER_DATES = 0.02
"""Largest m of the birth date's last level ("differs") with which birth dates are certain enough to tell people apart."""
CERTAIN_DATE = (
    f"dataset = '{COUNCIL}' AND date_of_birth IS NOT NULL AND NOT coalesce(date_of_birth_weak, false)"
)


def resolve(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `edge`, and `cluster` for all council subjects and the register subjects that one was linked to. An accepted link that
    clustering has cut becomes a review."""
    make_edges(database, model)
    make_clusters(database, model)
    _ask_about_cut_links(database)


def _ask_about_cut_links(database: duckdb.DuckDBPyConnection) -> None:
    """Make accepted links whose two sides are in different clusters into reviews."""
    database.execute(
        f"""
        UPDATE "{LINK.name}" SET band = '{REVIEW}', nhs_number_status = '04',
            reason = 'Records of this NHS Number contradict each other (' || cut.conflict || '), and this one fits it least.'
        FROM (
            SELECT link.subject_id, one.conflict
            FROM "{LINK.name}" link
            JOIN "{RECORD.name}" r ON r.row_id = link.right_id
            JOIN "{CLUSTER.name}" one ON one.subject_id = link.subject_id
            JOIN "{CLUSTER.name}" other ON other.subject_id = r.subject_id
            WHERE link.band = '{ACCEPT}' AND one.cluster_id <> other.cluster_id
        ) cut
        WHERE "{LINK.name}".subject_id = cut.subject_id
        """
    )


def make_clusters(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `cluster` from `edge`."""
    _make_components(database)
    _make_doubtful(database, model)
    groups = dict(database.execute(f'SELECT subject_id, group_id FROM "{ONE_PERSON.name}"').fetchall())
    clusters = cluster_groups(_doubtful_graph(database, model), groups)
    database.execute(create_sql(CLUSTER))
    database.execute(
        f"""
        INSERT INTO "{CLUSTER.name}"
        SELECT subject_id, component, '' FROM component
        WHERE subject_id NOT IN (SELECT subject_id FROM doubtful)
        """
    )
    rows = [(subject, smallest, conflict) for subject, (smallest, conflict) in clusters.items()]
    insert_rows(database, CLUSTER.name, rows)
    database.execute("DROP TABLE component")
    database.execute("DROP TABLE doubtful")


def _make_components(database: duckdb.DuckDBPyConnection) -> None:
    """Make `component`: each subject, and the smallest subject that edges and decisions connect it to."""
    import pyarrow

    subjects = database.execute(
        f'{_subjects_sql()} UNION SELECT subject_id FROM "{ONE_PERSON.name}" ORDER BY subject_id'
    ).fetchnumpy()["subject_id"]
    pairs = database.execute(
        f"""
        SELECT left_subject, right_subject FROM "{EDGE.name}"
        UNION ALL SELECT subject_id, group_id FROM "{ONE_PERSON.name}"
        """
    ).fetchnumpy()
    found = components(subjects, pairs["left_subject"], pairs["right_subject"])
    database.register("found", pyarrow.table({"subject_id": subjects, "component": found}))
    database.execute("CREATE TEMP TABLE component AS SELECT * FROM found")
    database.unregister("found")


def _make_doubtful(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `doubtful`: the subjects of components that the rule may take apart, or that people decided about.

    Such a component has two NHS Numbers, different certain birth dates, an opposed pair, or a pair with negative evidence.
    """
    database.execute(
        f"""
        CREATE TEMP TABLE doubtful AS
        WITH unlike AS (
            SELECT l.subject_id AS left_subject, r.subject_id AS right_subject
            FROM ({council_pairs_sql(database, model)}) p
            JOIN "{RECORD.name}" l ON l.row_id = p.left_id
            JOIN "{RECORD.name}" r ON r.row_id = p.right_id
            WHERE p.weight < 0 AND l.subject_id <> r.subject_id
            UNION ALL SELECT left_subject, right_subject FROM "{OPPOSED.name}"
        ),
        found AS (
            SELECT component FROM component JOIN "{RECORD.name}" USING (subject_id) GROUP BY component
            HAVING min(subject_id) FILTER (dataset = '{NHS}') < max(subject_id) FILTER (dataset = '{NHS}')
                OR min(date_of_birth_text) FILTER ({CERTAIN_DATE}) < max(date_of_birth_text) FILTER ({CERTAIN_DATE})
            UNION SELECT component FROM component JOIN "{ONE_PERSON.name}" USING (subject_id)
            UNION SELECT l.component FROM unlike
            JOIN component l ON l.subject_id = left_subject
            JOIN component r ON r.subject_id = right_subject AND r.component = l.component
        )
        SELECT subject_id FROM component WHERE component IN (SELECT component FROM found)
        """
    )


def _doubtful_graph(database: duckdb.DuckDBPyConnection, model: Model) -> Graph:
    subjects = {
        subject
        for (subject,) in database.execute(
            f"SELECT subject_id FROM ({_subjects_sql()}) JOIN doubtful USING (subject_id)"
        ).fetchall()
    }
    edges = [
        Edge(*row)
        for row in database.execute(
            f"""
            SELECT "{EDGE.name}".* FROM "{EDGE.name}" JOIN doubtful ON subject_id = left_subject ORDER BY ALL
            """
        ).fetchall()
    ]
    return Graph(
        subjects,
        edges,
        _nhs_subjects(database),
        _birth_dates(database) if _has_certain_dates(model) else {},
        _pairs(database, TWO_PEOPLE),
        _compared(database, model),
        _pairs(database, OPPOSED),
    )


def _compared(database: duckdb.DuckDBPyConnection, model: Model) -> list[Edge]:
    """The evidence of all compared pairs of council subjects that are in the same doubtful component."""
    rows = database.execute(
        f"""
        SELECT a.subject_id, b.subject_id, max(p.weight)
        FROM ({council_pairs_sql(database, model)}) p
        JOIN "{RECORD.name}" l ON l.row_id = p.left_id
        JOIN "{RECORD.name}" r ON r.row_id = p.right_id
        JOIN (FROM component SEMI JOIN doubtful USING (subject_id)) a ON a.subject_id = l.subject_id
        JOIN component b ON b.subject_id = r.subject_id AND b.component = a.component
        WHERE a.subject_id <> b.subject_id
        GROUP BY a.subject_id, b.subject_id ORDER BY ALL
        """
    ).fetchall()
    return [Edge(*row) for row in rows]


def _pairs(database: duckdb.DuckDBPyConnection, table: Table) -> Apart:
    """The pairs of subjects in `table` whose left one is doubtful."""
    rows = database.execute(
        f'SELECT left_subject, right_subject FROM "{table.name}" SEMI JOIN doubtful ON subject_id = left_subject'
    ).fetchall()
    return frozenset((left, right) for left, right in rows)


def _nhs_subjects(database: duckdb.DuckDBPyConnection) -> set[int]:
    rows = database.execute(
        f"""
        SELECT DISTINCT subject_id FROM "{RECORD.name}" JOIN doubtful USING (subject_id) WHERE dataset = '{NHS}'
        """
    ).fetchall()
    return {subject for (subject,) in rows}


def _has_certain_dates(model: Model) -> bool:
    dates = [comparison for comparison in model.comparisons if comparison.name == "date_of_birth"]
    return all(comparison.levels[-1].m <= MOST_OTHER_DATES for comparison in dates)


def _birth_dates(database: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """Subject → certain birth date (YYYYMMDD), for doubtful council subjects that have exactly one."""
    return dict(
        database.execute(
            f"""
            SELECT subject_id, any_value(date_of_birth_text) FROM "{RECORD.name}" JOIN doubtful USING (subject_id)
            WHERE {CERTAIN_DATE}
            GROUP BY subject_id HAVING count(DISTINCT date_of_birth_text) = 1
            """
        ).fetchall()
    )


def _subjects_sql() -> str:
    """SELECT of all council subjects, and the register subjects that one was linked to."""
    return f"""
        SELECT DISTINCT subject_id FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}'
        UNION
        SELECT r.subject_id FROM "{LINK.name}" link JOIN "{RECORD.name}" r ON r.row_id = link.right_id
        WHERE link.band = '{ACCEPT}' AND r.dataset = '{NHS}'
    """
