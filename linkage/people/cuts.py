"""Subjects of one component and the evidence between them → what contradicts itself, and the parts that hold together.

networkx takes a component apart where the evidence is weakest (minimum cut).
"""

from collections.abc import Hashable, Iterable

TWO_NUMBERS = "two NHS Numbers"
TWO_BIRTH_DATES = "two birth dates"
DECIDED = "decided to be different"

Apart = frozenset[tuple[int, int]]


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
