"""Subjects, the evidence between them and what must stay apart → clusters: subjects that are one person.

Subjects that edges connect are one component. Within a component people grow from the strongest edge down (agglomerative
clustering): two groups become one only if all evidence between them adds up to more than nothing, and no member of one is
opposed to a member of the other. So a record that is close to one member of a person and unlike the others does not chain
strangers together. A group that then has a conflict is cut (`linkage.people.cuts`).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from linkage.people.components import component_sets
from linkage.people.cuts import Apart, certain_births, conflict_of, split

UNLIKE = "close to some records of a person and unlike others"
MOST_BITS = 10.0
"""The most that one pair of records counts for or against joining two groups, so that no single pair outvotes many."""


@dataclass(frozen=True)
class Edge:
    """Two subjects and the evidence that they are one person (bits after the prior).

    A `firm` edge is an accepted link or a merge by the council; it joins whatever other pairs say.
    """

    left: int
    right: int
    weight: float
    firm: bool = False


@dataclass(frozen=True)
class Graph:
    """What `cluster` works on.

    `edges` join. `compared` are all compared pairs, with their evidence for or against. `nhs_subjects` are the subjects of the
    register, of which a person has one. `births`: subject → certain birth date (YYYYMMDD), which counts unless the subject's
    neighbours outvote it. `apart` are pairs that people decided to be different. `opposed` are pairs that look like two
    people, which only firm edges join. In both the smaller subject is first.
    """

    subjects: set[int]
    edges: list[Edge]
    nhs_subjects: set[int] = field(default_factory=set)
    births: dict[int, str] = field(default_factory=dict)
    apart: Apart = frozenset()
    compared: list[Edge] = field(default_factory=list)
    opposed: Apart = frozenset()


Pairs = dict[tuple[int, int], float]
"""Two subjects, smaller first → bits."""


def cluster_groups(graph: Graph, groups: dict[int, int]) -> dict[int, tuple[int, str]]:
    """As `cluster`, but subjects that people decided to be one person (`groups`: subject → group) stay together as one node.

    A group has the birth date of its members, or none if they have several.
    """

    def node(subject: int) -> int:
        return groups.get(subject, subject)

    def between_nodes(edges: list[Edge]) -> list[Edge]:
        moved = [Edge(node(edge.left), node(edge.right), edge.weight, edge.firm) for edge in edges]
        return [edge for edge in moved if edge.left != edge.right]

    dates: dict[int, set[str]] = {}
    for subject, date in graph.births.items():
        dates.setdefault(node(subject), set()).add(date)
    found = cluster(
        Graph(
            {node(subject) for subject in graph.subjects},
            between_nodes(graph.edges),
            {node(subject) for subject in graph.nhs_subjects},
            {subject: next(iter(held)) for subject, held in dates.items() if len(held) == 1},
            frozenset((node(left), node(right)) for left, right in graph.apart),
            between_nodes(graph.compared),
            frozenset((node(left), node(right)) for left, right in graph.opposed),
        )
    )
    return {subject: found[node(subject)] for subject in sorted(graph.subjects)}


def cluster(graph: Graph) -> dict[int, tuple[int, str]]:
    """Subject → (smallest subject of its cluster, what was in conflict in its component or "").

    No cluster has two of `graph.nhs_subjects`, nor a pair of `graph.apart`, nor two contradicting birth dates that count.
    """
    best = _strongest(graph.edges)
    firm = {_pair(edge) for edge in graph.edges if edge.firm}
    answers: dict[int, tuple[int, str]] = {}
    found = component_sets(graph.subjects, best)
    component_of = {subject: number for number, component in enumerate(found) for subject in component}
    edges_of = _by_component(best, component_of)
    compared_of = _by_component(_strongest(graph.compared), component_of)
    apart_of = _by_component(dict.fromkeys(graph.apart, 0.0), component_of)
    opposed_of = _by_component(dict.fromkeys(graph.opposed, -math.inf), component_of)
    for number, component in enumerate(found):
        inside = edges_of.get(number, {})
        grown = grow(component, inside, firm, compared_of.get(number, {}), opposed_of.get(number, {}))
        decided = frozenset(apart_of.get(number, {}))
        for group in grown:
            kept = {pair: weight for pair, weight in inside.items() if group.issuperset(pair)}
            certain = certain_births(group, kept, graph.births)
            conflict = conflict_of(group, graph.nhs_subjects, certain, decided)
            parts = split(group, kept, graph.nhs_subjects, certain, decided) if conflict else [group]
            told = conflict or (UNLIKE if len(grown) > 1 else "")
            answers |= {subject: (min(part), told) for part in parts for subject in part}
    return answers


def grow(
    component: set[int], edges: Pairs, firm: set[tuple[int, int]], compared: Pairs, opposed: Pairs
) -> list[set[int]]:
    """The people of a component, in the order of their smallest member.

    Groups are joined from the strongest edge down, firm edges first, if the bits of all pairs between them add up to more than
    0; `opposed` pairs count minus infinity. A component in which no pair has negative evidence is one person.
    """
    if not opposed and all(weight >= 0 for weight in compared.values()):
        return [component]
    evidence: dict[int, dict[int, float]] = {}
    for (left, right), weight in {**compared, **edges}.items():
        bits = max(-MOST_BITS, min(MOST_BITS, weight))
        evidence.setdefault(left, {})[right] = evidence.setdefault(right, {})[left] = bits
    for (left, right), bits in opposed.items():
        evidence.setdefault(left, {})[right] = evidence.setdefault(right, {})[left] = bits
    group = {subject: {subject} for subject in component}
    for pair in sorted(edges, key=lambda pair: (pair not in firm, -edges[pair], pair)):
        one, other = group[pair[0]], group[pair[1]]
        if one is not other and (pair in firm or _between(one, other, evidence) > 0):
            one |= other
            group.update(dict.fromkeys(other, one))
    return sorted({id(found): found for found in group.values()}.values(), key=min)


def _between(one: set[int], other: set[int], evidence: dict[int, dict[int, float]]) -> float:
    """The sum of the bits of all pairs between two groups."""
    few, many = sorted((one, other), key=len)
    return math.fsum(
        bits for subject in few for second, bits in evidence.get(subject, {}).items() if second in many
    )


def _pair(edge: Edge) -> tuple[int, int]:
    return min(edge.left, edge.right), max(edge.left, edge.right)


def _strongest(edges: Iterable[Edge]) -> Pairs:
    best: Pairs = {}
    for edge in edges:
        best[_pair(edge)] = max(best.get(_pair(edge), -math.inf), edge.weight)
    return best


def _by_component(pairs: Pairs, component_of: dict[int, int]) -> dict[int, Pairs]:
    """Component → those of `pairs` that lie within it."""
    found: dict[int, Pairs] = {}
    for (left, right), weight in pairs.items():
        if left in component_of and component_of[left] == component_of.get(right):
            found.setdefault(component_of[left], {})[left, right] = weight
    return found
