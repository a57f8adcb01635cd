"""Subjects and pairs of them → connected components: as arrays for tens of millions of pairs, as sets for a few."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Numbers = NDArray[numpy.int64]


SPARSE = 100
"""How many times the number of subjects their largest id may be for a table of places. In a run by changes ids are far apart, and
places are found by binary search instead."""


def components(subjects: "Numbers", left: "Numbers", right: "Numbers") -> "Numbers":
    """For each of `subjects` (sorted, without repeats, none negative) the smallest subject of its component.

    The pairs are (left[i], right[i]); a pair with a side that is not in `subjects` is ignored. Hooking and pointer jumping
    (Shiloach and Vishkin 1982): each root that is paired with smaller ones becomes a child of the smallest, then each subject
    becomes a child of its root, until no pair joins two roots.
    """
    import numpy

    left, right = _places(subjects, left, right)
    known = (left >= 0) & (right >= 0)
    left, right = left[known], right[known]
    parent = numpy.arange(len(subjects))
    while len(left):
        numpy.minimum.at(parent, numpy.maximum(left, right), numpy.minimum(left, right))
        while not numpy.array_equal(parent, above := parent[parent]):
            parent = above
        left, right = parent[left], parent[right]
        apart = left != right
        left, right = left[apart], right[apart]
    return subjects[parent]


def _places(subjects: "Numbers", left: "Numbers", right: "Numbers") -> tuple["Numbers", "Numbers"]:
    """The index in `subjects` of each of `left` and `right`, -1 where it is not there."""
    import numpy

    largest = max(int(numbers.max(initial=0)) for numbers in (subjects, left, right))
    if largest <= SPARSE * (len(subjects) + 1):
        place = numpy.full(largest + 1, -1)
        place[subjects] = numpy.arange(len(subjects))
        return place[left], place[right]
    first, second = numpy.searchsorted(subjects, left), numpy.searchsorted(subjects, right)
    padded = numpy.append(subjects, -1)
    return numpy.where(padded[first] == left, first, -1), numpy.where(padded[second] == right, second, -1)


def component_sets(subjects: set[int], pairs: Iterable[tuple[int, int]]) -> list[set[int]]:
    """The components as sets, in the order of their smallest member."""
    import numpy

    known = numpy.array(sorted(subjects), dtype=numpy.int64)
    left, right = numpy.array(list(pairs), dtype=numpy.int64).reshape(-1, 2).T
    found: dict[int, set[int]] = {}
    for subject, smallest in zip(known.tolist(), components(known, left, right).tolist(), strict=True):
        found.setdefault(smallest, set()).add(subject)
    return list(found.values())
