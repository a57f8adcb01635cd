"""Clusters, their edges and how large they were before → `cluster_to_check`: those that may be several people."""

from collections import defaultdict
from collections.abc import Sequence

import duckdb

from linkage.database import insert_rows
from linkage.people.cluster_risk import Shape, doubts, risk, weakest_cut
from linkage.tables import (
    CLUSTER,
    CLUSTER_TO_CHECK,
    EDGE,
    FINGERPRINT,
    ONE_PERSON,
    OPPOSED,
    PERSON_KEY,
    create_sql,
)

FEWEST = 3
"""Records from which a cluster is checked. Two records have one tie, which was decided on as a link or a duplicate."""

Member = tuple[int, int, str]
"""A subject, its node (the group that people put it in, or itself), and its record id."""
Tie = tuple[int, int, float]
"""Two subjects and the bits of their edge."""


def find_clusters_to_check(database: duckdb.DuckDBPyConnection) -> None:
    """Make `cluster_to_check`. Records that people decided to be one person count as one."""
    members: dict[int, list[Member]] = defaultdict(list)
    for cluster, *member in database.execute(_members_sql()).fetchall():
        members[cluster].append((member[0], member[1], member[2]))
    ties: dict[int, list[Tie]] = defaultdict(list)
    for cluster, left, right, bits in database.execute(_ties_sql()).fetchall():
        ties[cluster].append((left, right, bits))
    opposed: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for cluster, left, right in database.execute(_opposed_sql()).fetchall():
        opposed[cluster].append((left, right))
    before = dict(database.execute(f'SELECT cluster_id, records_before FROM "{PERSON_KEY.name}"').fetchall())
    found = [
        (cluster, *row)
        for cluster, inside in sorted(members.items())
        if (row := checked(inside, ties[cluster], before.get(cluster), opposed[cluster]))
    ]
    database.execute(create_sql(CLUSTER_TO_CHECK))
    insert_rows(database, CLUSTER_TO_CHECK.name, found)


def checked(
    members: Sequence[Member],
    ties: Sequence[Tie],
    before: int | None,
    opposed: Sequence[tuple[int, int]] = (),
) -> tuple[object, ...] | None:
    """The row of `cluster_to_check` for one cluster, without its id; None if there is no doubt about it.

    `before`: how many of its records had the same person_id in the last run (None: it is new). `opposed`: pairs of subjects in
    it that look like two people.
    """
    group = {subject: node for subject, node, _ in members}
    best: dict[tuple[int, int], Tie] = {}
    for left, right, bits in sorted(ties, key=lambda tie: (-tie[2], tie)):
        key = (min(group[left], group[right]), max(group[left], group[right]))
        if key[0] != key[1]:
            best.setdefault(key, (left, right, bits))
    nodes = set(group.values())
    if len(nodes) < 2:
        return None
    cut = weakest_cut(nodes, {key: tie[2] for key, tie in best.items()})
    unlike = sum(group[left] != group[right] for left, right in opposed)
    shape = Shape(cut, len(nodes), len(best), len(group), before, unlike)
    said = "; ".join(doubts(shape))
    if not said:
        return None
    left, right, _ = best[cut.strongest]
    part = sorted(record_id for _, node, record_id in members if node in cut.side)
    reason = f"{said[0].upper()}{said[1:]}."
    return risk(shape), reason, left, right, cut.bits, shape.density, len(group), before, part


def _members_sql() -> str:
    return f"""
        SELECT cluster_id, subject_id, coalesce(group_id, subject_id), record_id
        FROM "{CLUSTER.name}"
        JOIN "{FINGERPRINT.name}" USING (subject_id)
        LEFT JOIN "{ONE_PERSON.name}" USING (subject_id)
        QUALIFY count(*) OVER (PARTITION BY cluster_id) >= {FEWEST}
        ORDER BY cluster_id, subject_id
    """


def _ties_sql() -> str:
    return f"""
        SELECT l.cluster_id, left_subject, right_subject, match_weight
        FROM "{EDGE.name}"
        JOIN "{CLUSTER.name}" l ON l.subject_id = left_subject
        JOIN "{CLUSTER.name}" r ON r.subject_id = right_subject AND r.cluster_id = l.cluster_id
        WHERE l.cluster_id IN (SELECT cluster_id FROM "{CLUSTER.name}" GROUP BY 1 HAVING count(*) >= {FEWEST})
        ORDER BY ALL
    """


def _opposed_sql() -> str:
    return f"""
        SELECT l.cluster_id, left_subject, right_subject
        FROM "{OPPOSED.name}"
        JOIN "{CLUSTER.name}" l ON l.subject_id = left_subject
        JOIN "{CLUSTER.name}" r ON r.subject_id = right_subject AND r.cluster_id = l.cluster_id
    """
