"""Links and compared pairs → `cluster`: records that are one person, and what is in conflict.

Accepted links, close pairs of council records and the source's own merges are the edges of a graph. Its connected
components are people, unless a component holds a conflict: two NHS Numbers, or records whose certain birth dates
contradict each other. networkx takes such a component apart where the evidence is weakest (minimum cut), and the
conflict is reported.
"""

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import duckdb

from linkage.database import insert_rows
from linkage.model import Model
from linkage.tables import ACCEPT, CLUSTER, COUNCIL, KNOWN_DUPLICATE, LINK, NHS, PAIR, RECORD

KNOWN = 60.0
TWO_NUMBERS = "two NHS Numbers"
TWO_BIRTH_DATES = "two birth dates"


@dataclass(frozen=True)
class Edge:
    """Two subjects that are one person with so much evidence (bits after the prior)."""

    left: int
    right: int
    weight: float


def resolve(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `cluster` for all council subjects and the NHS subjects that were linked to them."""
    edges = [*_link_edges(database), *_duplicate_edges(database, model), *_known_edges(database)]
    numbers = _numbers(database)
    births = _birth_dates(database)
    subjects = {row for (row,) in database.execute(_subjects_sql()).fetchall()}
    clusters = cluster(subjects, edges, numbers, births)
    database.execute(
        f'CREATE TABLE "{CLUSTER.name}" (subject_id BIGINT, cluster_id BIGINT, conflict VARCHAR)'
    )
    rows = [(subject, root, conflict) for subject, (root, conflict) in sorted(clusters.items())]
    insert_rows(database, CLUSTER.name, rows)


def cluster(
    subjects: set[int], edges: Iterable[Edge], numbers: set[int], births: dict[int, str]
) -> dict[int, tuple[int, str]]:
    """Subject → (smallest subject of its cluster, what is in conflict there or "").

    `numbers` are the subjects that stand for an NHS Number; `births` are the certain birth dates (YYYYMMDD) of
    subjects. No cluster holds two of `numbers`, nor two contradicting birth dates joined only through others.
    """
    best: dict[tuple[int, int], float] = {}
    for edge in edges:
        key = (min(edge.left, edge.right), max(edge.left, edge.right))
        best[key] = max(best.get(key, -math.inf), edge.weight)
    answers: dict[int, tuple[int, str]] = {}
    found = components(subjects, best)
    home = {subject: number for number, component in enumerate(found) for subject in component}
    edges_of: dict[int, dict[tuple[int, int], float]] = {}
    for pair, weight in best.items():
        if pair[0] in home:
            edges_of.setdefault(home[pair[0]], {})[pair] = weight
    for number, component in enumerate(found):
        conflict = conflict_of(component, numbers, births)
        inside = edges_of.get(number, {})
        parts = split(component, inside, numbers, births) if conflict else [component]
        for part in parts:
            root = min(part)
            for subject in part:
                answers[subject] = (root, conflict)
    return answers


def components(subjects: set[int], edges: Iterable[tuple[int, int]]) -> list[set[int]]:
    """Connected components, in the order of their smallest member."""
    parent = {subject: subject for subject in subjects}

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for left, right in edges:
        if left in parent and right in parent:
            low, high = sorted((root(left), root(right)))
            parent[high] = low
    found: dict[int, set[int]] = {}
    for subject in sorted(subjects):
        found.setdefault(root(subject), set()).add(subject)
    return list(found.values())


def conflict_of(component: set[int], numbers: set[int], births: dict[int, str]) -> str:
    """What contradicts itself within a component, or ""."""
    if len(component & numbers) > 1:
        return TWO_NUMBERS
    dates = sorted({births[subject] for subject in component if subject in births})
    contradicting = any(contradict(a, b) for index, a in enumerate(dates) for b in dates[index + 1 :])
    return TWO_BIRTH_DATES if contradicting else ""


def contradict(first: str, second: str) -> bool:
    """Whether two certain birth dates (YYYYMMDD) cannot be one: fewer than two of year, month and day agree."""
    agree = [first[:4] == second[:4], first[4:6] == second[4:6], first[6:] == second[6:]]
    swapped = first[:4] == second[:4] and first[4:6] == second[6:] and first[6:] == second[4:6]
    return sum(agree) < 2 and not swapped


def split(
    component: set[int], edges: dict[tuple[int, int], float], numbers: set[int], births: dict[int, str]
) -> list[set[int]]:
    """Cut a component where the evidence is weakest until no part holds a conflict; deterministic."""
    import networkx

    pending, done = [component], []
    while pending:
        part = pending.pop()
        terminals = _opposed(part, numbers, births)
        if terminals is None:
            done.append(part)
            continue
        graph = networkx.Graph()
        graph.add_nodes_from(sorted(part))
        for (left, right), weight in sorted(edges.items()):
            if left in part and right in part:
                graph.add_edge(left, right, capacity=max(weight, 0.001))
        pieces = _cut(graph, *terminals)
        pending.extend(pieces)
    return sorted(done, key=min)


def _opposed(part: set[int], numbers: set[int], births: dict[int, str]) -> tuple[int, int] | None:
    """The first two members that may not be one person, or None."""
    held = sorted(part & numbers)
    if len(held) > 1:
        return held[0], held[1]
    dated = sorted(subject for subject in part if subject in births)
    for index, first in enumerate(dated):
        for second in dated[index + 1 :]:
            if contradict(births[first], births[second]):
                return first, second
    return None


def _cut(graph: "object", first: Hashable, second: Hashable) -> list[set[int]]:
    """The two sides of the cheapest cut between two members."""
    import networkx

    if not networkx.has_path(graph, first, second):
        return [set(found) for found in networkx.connected_components(graph)]
    _, (side, other) = networkx.minimum_cut(graph, first, second)
    pieces: list[set[int]] = []
    for half in (side, other):
        pieces.extend(set(found) for found in networkx.connected_components(graph.subgraph(half)))  # type: ignore[attr-defined]  # networkx has no types
    return pieces


def _link_edges(database: duckdb.DuckDBPyConnection) -> list[Edge]:
    rows = database.execute(
        f"""
        SELECT DISTINCT link.subject_id, r.subject_id, link.match_weight
        FROM "{LINK.name}" link JOIN "{RECORD.name}" r ON r.row_id = link.right_id
        WHERE link.band = '{ACCEPT}' AND r.dataset = '{NHS}' ORDER BY ALL
        """
    ).fetchall()
    return [Edge(*row) for row in rows]


def _duplicate_edges(database: duckdb.DuckDBPyConnection, model: Model) -> list[Edge]:
    """Pairs of council subjects that the model takes for one person."""
    subjects = database.execute(
        f"""SELECT count(DISTINCT subject_id) FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}'"""
    ).fetchall()[0][0]
    prior = round(math.log2(model.share_duplicate / max(subjects, 2)), 6)
    needed = math.log2(model.accept / (1 - model.accept))
    rows = database.execute(
        f"""
        SELECT l.subject_id, r.subject_id, max(p.match_weight) + {prior!r}
        FROM "{PAIR.name}" p
        JOIN "{RECORD.name}" l ON l.row_id = p.left_id AND l.dataset = '{COUNCIL}'
        JOIN "{RECORD.name}" r ON r.row_id = p.right_id AND r.dataset = '{COUNCIL}'
        WHERE p.match_weight + {prior!r} >= {needed!r} AND p.level_forename <> 0
        GROUP BY l.subject_id, r.subject_id ORDER BY ALL
        """
    ).fetchall()
    return [Edge(*row) for row in rows]


def _known_edges(database: duckdb.DuckDBPyConnection) -> list[Edge]:
    rows = database.execute(
        f'SELECT left_subject, right_subject FROM "{KNOWN_DUPLICATE.name}" ORDER BY ALL'
    ).fetchall()
    return [Edge(left, right, KNOWN) for left, right in rows]


def _numbers(database: duckdb.DuckDBPyConnection) -> set[int]:
    rows = database.execute(
        f"""SELECT DISTINCT subject_id FROM "{RECORD.name}" WHERE dataset = '{NHS}'"""
    ).fetchall()
    return {subject for (subject,) in rows}


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
