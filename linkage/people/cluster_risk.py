"""The records of one cluster and the ties between them → how likely it is that they are not one person, and why.

The risk is a number to sort by. The odds that a cluster is two people are those of its weakest cut, the cheapest set of
ties that would have to be false; doubled for every two records without a tie of their own; and multiplied by how many
times larger the cluster has become since the last run:

    odds = 2^-(bits of the weakest cut) · 2^(pairs without a tie) · records now / records before
    risk = odds / (1 + odds)
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from linkage.people.components import component_sets

WEAK_BITS = 10.0
"""A cut of fewer bits is doubtful: odds of less than about a thousand to one."""
LOW_DENSITY = 0.5
"""Share of a cluster's pairs that have a tie, below which it is doubtful."""
SUDDEN_GROWTH = 2.0
"""Times as many records as before, and at least `SUDDEN_RECORDS` more of them."""
SUDDEN_RECORDS = 2
LARGEST_SEARCHED = 50
"""Larger clusters are only searched for bridges and loosely tied records: the search costs the cube of their size."""

Ties = Mapping[tuple[int, int], float]


@dataclass(frozen=True)
class Cut:
    """A way to take a cluster apart: bits of the ties cut, how many they are, the smaller side, and the strongest tie."""

    bits: float
    ties: int
    side: frozenset[int]
    strongest: tuple[int, int]


@dataclass(frozen=True)
class Shape:
    """What the risk of a cluster depends on; `before` is how many of its records it had in the last run (None: it
    was not there), `opposed` how many pairs of it look like two people."""

    cut: Cut
    nodes: int
    ties: int
    records: int
    before: int | None = None
    opposed: int = 0

    @property
    def untied(self) -> int:
        """Pairs without a tie of their own."""
        return self.nodes * (self.nodes - 1) // 2 - self.ties

    @property
    def density(self) -> float:
        """The share of pairs that have a tie."""
        return self.ties / (self.ties + self.untied)

    @property
    def growth(self) -> float:
        """Records now for each one before; 1 of a cluster that was not there."""
        return self.records / self.before if self.before else 1.0


def risk(shape: Shape) -> float:
    """0 to 1: the odds of the module's docstring as a probability."""
    bits = shape.cut.bits - shape.untied - math.log2(shape.growth)
    return 1 / (1 + math.exp2(min(bits, 1000.0)))


def doubts(shape: Shape) -> list[str]:
    """Why a human should look at the cluster, in plain words; empty if there is no reason to."""
    found = []
    if shape.cut.bits < WEAK_BITS:
        evidence = f"{shape.cut.bits:.1f} bits (odds of {math.exp2(shape.cut.bits):,.0f} to 1)"
        single = f"a single tie of {evidence} holds it together"
        found.append(
            single if shape.cut.ties == 1 else f"{shape.cut.ties} ties of {evidence} hold it together"
        )
    if shape.density < LOW_DENSITY:
        pairs = shape.ties + shape.untied
        found.append(f"only {shape.ties} of {pairs} pairs of its records have a tie of their own")
    if shape.opposed:
        which = "pair of its records looks" if shape.opposed == 1 else "pairs of its records look"
        found.append(f"{shape.opposed} {which} like two people")
    if shape.growth >= SUDDEN_GROWTH and shape.records - (shape.before or 0) >= SUDDEN_RECORDS:
        found.append(f"it had {shape.before} of its {shape.records} records in the last run")
    return found


def weakest_cut(nodes: set[int], ties: Ties) -> Cut:
    """The cut of fewest bits of two and more connected nodes, the same for the same cluster (Stoer and Wagner 1997).

    Of up to three nodes it is the one that parts the least tied from the others. A tie that speaks against being one
    person, such as a link that a low threshold accepted, holds nothing together: it counts as one of 0 bits.
    """
    ties = {pair: max(0.0, bits) for pair, bits in ties.items()}
    side = _least_tied(nodes, ties)
    if len(nodes) > 3:
        side = _searched(nodes, ties) if len(nodes) <= LARGEST_SEARCHED else _bridge(nodes, ties, side)
    other = nodes - side
    smaller = min(side, other, key=lambda part: (len(part), min(part)))
    crossing = {pair: bits for pair, bits in ties.items() if (pair[0] in side) != (pair[1] in side)}
    strongest = min(crossing, key=lambda pair: (-crossing[pair], pair))
    return Cut(math.fsum(crossing.values()), len(crossing), frozenset(smaller), strongest)


def _least_tied(nodes: set[int], ties: Ties) -> set[int]:
    return {min(nodes, key=lambda node: (_bits_of(node, ties), node))}


def _bits_of(node: int, ties: Ties) -> float:
    return math.fsum(bits for pair, bits in ties.items() if node in pair)


def _searched(nodes: set[int], ties: Ties) -> set[int]:
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(sorted(nodes))
    graph.add_weighted_edges_from((left, right, bits) for (left, right), bits in sorted(ties.items()))
    _, (side, _) = networkx.stoer_wagner(graph)
    return set(side)


def _bridge(nodes: set[int], ties: Ties, least_tied: set[int]) -> set[int]:
    """One side of the weakest bridge, or the least tied node where that is cheaper."""
    import networkx

    bridges = {(min(pair), max(pair)) for pair in networkx.bridges(networkx.Graph(sorted(ties)))}
    [alone] = least_tied
    weakest = min(bridges, key=lambda pair: (ties[pair], pair), default=None)
    if weakest is None or ties[weakest] >= _bits_of(alone, ties):
        return least_tied
    return component_sets(nodes, (pair for pair in ties if pair != weakest))[0]
