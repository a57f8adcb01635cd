"""Subjects of one component and the evidence between them → what is in conflict there, and the parts without a conflict.

A component is cut where the evidence is weakest: the minimum cut, which networkx finds.
"""

from collections.abc import Hashable, Iterable

TWO_NUMBERS = "two NHS Numbers"
TWO_BIRTH_DATES = "two birth dates"
DECIDED = "decided to be different"

Apart = frozenset[tuple[int, int]]
"""Pairs of subjects that are two people."""


def certain_births(
    component: set[int], edges: Iterable[tuple[int, int]], births: dict[int, str]
) -> dict[int, str]:
    """Subject → birth date (YYYYMMDD) for members of the component, without dates that more neighbours contradict than confirm.

    An edge says that two records are one person, so if their dates contradict each other one of them was mistyped: the one
    that fewer neighbours have. Of two records with only each other, neither date is certain.
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


def conflict_of(
    component: set[int], nhs_subjects: set[int], births: dict[int, str], apart: Apart = frozenset()
) -> str:
    """What is in conflict within a component (one of the constants above), or ""."""
    if len(component & nhs_subjects) > 1:
        return TWO_NUMBERS
    if any(component.issuperset(pair) for pair in apart):
        return DECIDED
    dates = sorted({births[subject] for subject in component if subject in births})
    contradicting = any(contradict(a, b) for index, a in enumerate(dates) for b in dates[index + 1 :])
    return TWO_BIRTH_DATES if contradicting else ""


def contradict(first: str, second: str) -> bool:
    """Whether two certain birth dates (YYYYMMDD) are two people's: fewer than two of year, month and day agree, and day and month
    are not exchanged."""
    agree = [first[:4] == second[:4], first[4:6] == second[4:6], first[6:] == second[6:]]
    swapped = first[:4] == second[:4] and first[4:6] == second[6:] and first[6:] == second[4:6]
    return sum(agree) < 2 and not swapped


def split(
    component: set[int],
    edges: dict[tuple[int, int], float],
    nhs_subjects: set[int],
    births: dict[int, str],
    apart: Apart = frozenset(),
) -> list[set[int]]:
    """Cut a component where the evidence is weakest until no part has a conflict; return the parts in the order of their smallest
    member. `edges`: pair → bits. The same component always gives the same parts."""
    import networkx

    pending, done = [component], []
    while pending:
        part = pending.pop()
        terminals = _conflicting_pair(part, nhs_subjects, births, apart)
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


def _conflicting_pair(
    part: set[int], nhs_subjects: set[int], births: dict[int, str], apart: Apart
) -> tuple[int, int] | None:
    """The first two members that cannot be one person, or None if there is no conflict."""
    held = sorted(part & nhs_subjects)
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
    """The connected parts that remain when the cheapest cut between two members is made."""
    import networkx

    if not networkx.has_path(graph, first, second):
        return [set(found) for found in networkx.connected_components(graph)]
    _, (side, other) = networkx.minimum_cut(graph, first, second)
    pieces: list[set[int]] = []
    for half in (side, other):
        pieces.extend(set(found) for found in networkx.connected_components(graph.subgraph(half)))  # type: ignore[attr-defined]  # networkx has no types
    return pieces
