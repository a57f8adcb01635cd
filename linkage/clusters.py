"""Subjects, evidence between them and what cannot be → clusters: subjects that are one person.

The connected components are people, unless a component holds a conflict: two NHS Numbers, records whose certain birth
dates contradict each other, or two that people decided to be different. networkx takes such a component apart where the
evidence is weakest (minimum cut), and the conflict is reported.
"""

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

TWO_NUMBERS = "two NHS Numbers"
TWO_BIRTH_DATES = "two birth dates"
DECIDED = "decided to be different"

Apart = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Edge:
    """Two subjects that are one person with so much evidence (bits after the prior)."""

    left: int
    right: int
    weight: float


@dataclass(frozen=True)
class Graph:
    """What `cluster` works on: see there."""

    subjects: set[int]
    edges: list[Edge]
    numbers: set[int]
    births: dict[int, str]
    apart: Apart = frozenset()


def cluster_groups(graph: Graph, groups: dict[int, int]) -> dict[int, tuple[int, str]]:
    """Clusters of `graph` in which the subjects of a group (subject → group) are one node, whatever speaks against it.

    A group's birth date is its members', unless they have several.
    """
    node = {subject: groups.get(subject, subject) for subject in graph.subjects}
    dates: dict[int, set[str]] = {}
    for subject, date in graph.births.items():
        dates.setdefault(groups.get(subject, subject), set()).add(date)
    edges = [
        Edge(node.get(edge.left, edge.left), node.get(edge.right, edge.right), edge.weight)
        for edge in graph.edges
    ]
    found = cluster(
        set(node.values()),
        [edge for edge in edges if edge.left != edge.right],
        {groups.get(subject, subject) for subject in graph.numbers},
        {subject: next(iter(held)) for subject, held in dates.items() if len(held) == 1},
        frozenset((groups.get(left, left), groups.get(right, right)) for left, right in graph.apart),
    )
    return {subject: found[node[subject]] for subject in sorted(graph.subjects)}


def cluster(
    subjects: set[int],
    edges: Iterable[Edge],
    numbers: set[int],
    births: dict[int, str],
    apart: Apart = frozenset(),
) -> dict[int, tuple[int, str]]:
    """Subject → (smallest subject of its cluster, what is in conflict there or "").

    `numbers` are the subjects that stand for an NHS Number; `births` are the certain birth dates (YYYYMMDD) of
    subjects, which count where a subject's own neighbours do not outvote them. No cluster holds two of `numbers`, nor a
    pair of `apart`, nor two contradicting birth dates that count.
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
    apart_of: dict[int, set[tuple[int, int]]] = {}
    for left, right in apart:
        if left in home and home[left] == home.get(right):
            apart_of.setdefault(home[left], set()).add((left, right))
    for number, component in enumerate(found):
        decided = frozenset(apart_of.get(number, ()))
        inside = edges_of.get(number, {})
        certain = certain_births(component, inside, births)
        conflict = conflict_of(component, numbers, certain, decided)
        parts = split(component, inside, numbers, certain, decided) if conflict else [component]
        for part in parts:
            root = min(part)
            for subject in part:
                answers[subject] = (root, conflict)
    return answers


def certain_births(
    component: set[int], edges: Iterable[tuple[int, int]], births: dict[int, str]
) -> dict[int, str]:
    """Birth dates of a component's members without those that more neighbours contradict than confirm.

    An edge says that two records are one person whatever their dates are; where they contradict each other one of them
    was mistyped. The date that most neighbours have is the right one; of two records alone neither is certain.
    """
    votes: dict[int, int] = {}
    for left, right in edges:
        if left in births and right in births:
            vote = -1 if contradict(births[left], births[right]) else 1
            votes[left] = votes.get(left, 0) + vote
            votes[right] = votes.get(right, 0) + vote
    return {
        subject: births[subject] for subject in component if subject in births and votes.get(subject, 0) >= 0
    }


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


def conflict_of(
    component: set[int], numbers: set[int], births: dict[int, str], apart: Apart = frozenset()
) -> str:
    """What contradicts itself within a component, or ""."""
    if len(component & numbers) > 1:
        return TWO_NUMBERS
    if any(component.issuperset(pair) for pair in apart):
        return DECIDED
    dates = sorted({births[subject] for subject in component if subject in births})
    contradicting = any(contradict(a, b) for index, a in enumerate(dates) for b in dates[index + 1 :])
    return TWO_BIRTH_DATES if contradicting else ""


def contradict(first: str, second: str) -> bool:
    """Whether two certain birth dates (YYYYMMDD) cannot be one: fewer than two of year, month and day agree."""
    agree = [first[:4] == second[:4], first[4:6] == second[4:6], first[6:] == second[6:]]
    swapped = first[:4] == second[:4] and first[4:6] == second[6:] and first[6:] == second[4:6]
    return sum(agree) < 2 and not swapped


def split(
    component: set[int],
    edges: dict[tuple[int, int], float],
    numbers: set[int],
    births: dict[int, str],
    apart: Apart = frozenset(),
) -> list[set[int]]:
    """Cut a component where the evidence is weakest until no part holds a conflict; deterministic."""
    import networkx

    pending, done = [component], []
    while pending:
        part = pending.pop()
        terminals = _opposed(part, numbers, births, apart)
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


def _opposed(
    part: set[int], numbers: set[int], births: dict[int, str], apart: Apart
) -> tuple[int, int] | None:
    """The first two members that may not be one person, or None."""
    held = sorted(part & numbers)
    if len(held) > 1:
        return held[0], held[1]
    decided = sorted(pair for pair in apart if part.issuperset(pair))
    if decided:
        return decided[0]
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
