"""A number of people → households by kind, origin and size, and the shape of what is known of a person."""

from dataclasses import dataclass

import numpy as np

from linkage.population.arrays import Generator, Ints, pick
from linkage.population.origins import IMMIGRANT_FAMILY, ORIGIN_SHARES

HEAD, PARTNER, CHILD, GRANDPARENT, SIBLING, SHARER, RESIDENT = range(7)


@dataclass(frozen=True)
class Kind:
    """A kind of household: its share among British and other households, its head's ages, its members."""

    name: str
    share: float
    share_immigrant: float
    ages: tuple[float, float, float]
    partner: bool = False
    children: int = 0
    grown_up: bool = False
    extra: int = 0
    extra_role: int = SHARER

    @property
    def size(self) -> int:
        """How many people live in it."""
        return 1 + self.partner + self.children + self.extra


KINDS = (
    Kind("single", 0.165, 0.15, (19, 30, 64)),
    Kind("single_old", 0.155, 0.05, (62, 76, 101)),
    Kind("couple", 0.135, 0.12, (20, 33, 62), partner=True),
    Kind("couple_old", 0.135, 0.05, (60, 70, 94), partner=True),
    Kind("couple_1_child", 0.075, 0.10, (22, 36, 56), partner=True, children=1),
    Kind("couple_2_children", 0.095, 0.13, (26, 40, 55), partner=True, children=2),
    Kind("couple_3_children", 0.035, 0.09, (29, 41, 55), partner=True, children=3),
    Kind("couple_4_children", 0.010, 0.05, (32, 42, 55), partner=True, children=4),
    Kind("lone_parent_1", 0.045, 0.04, (19, 34, 54), children=1),
    Kind("lone_parent_2", 0.028, 0.03, (23, 36, 54), children=2),
    Kind("lone_parent_3", 0.009, 0.01, (27, 37, 52), children=3),
    Kind("couple_grown_up_child", 0.030, 0.05, (52, 63, 88), partner=True, children=1, grown_up=True),
    Kind("parent_grown_up_child", 0.026, 0.02, (54, 74, 97), children=1, grown_up=True),
    Kind("siblings", 0.012, 0.015, (24, 55, 90), extra=1, extra_role=SIBLING),
    Kind("house_share_3", 0.016, 0.02, (19, 24, 45), extra=2),
    Kind("house_share_5", 0.006, 0.015, (18, 22, 40), extra=4),
    Kind(
        "three_generations",
        0.009,
        0.05,
        (31, 42, 52),
        partner=True,
        children=2,
        extra=1,
        extra_role=GRANDPARENT,
    ),
)
CARE_HOME, HOSTEL = len(KINDS), len(KINDS) + 1
IN_CARE_HOMES, IN_HOSTELS = 0.012, 0.0015


@dataclass
class People:
    """One entry a person; `family` is the one that someone was born into (`father`, `mother`)."""

    household: Ints
    role: Ints
    sex: Ints
    birth: Ints
    origin: Ints
    family: Ints
    spouse: Ints
    twin: Ints
    generation: Ints
    kinds: Ints
    starts: Ints
    father_of_family: Ints
    mother_of_family: Ints

    def __len__(self) -> int:
        return len(self.household)

    @property
    def father(self) -> Ints:
        """Person number of everybody's father, or NOBODY."""
        return self.father_of_family[self.family]

    @property
    def mother(self) -> Ints:
        """Person number of everybody's mother, or NOBODY."""
        return self.mother_of_family[self.family]

    @property
    def kind(self) -> Ints:
        """Kind of the household that everybody lives in."""
        return self.kinds[self.household]


def draw_kinds(rng: Generator, count: int) -> tuple[Ints, Ints, Ints]:
    """Kind, origin and size of as many households as hold exactly `count` people."""
    institutions = _institution_sizes(rng, count)
    wanted = count - sum(size for _, size in institutions)
    guess = wanted // 2 + 50
    origins = pick(rng, ORIGIN_SHARES, guess)
    shares = np.array([[kind.share for kind in KINDS], [kind.share_immigrant for kind in KINDS]])
    immigrant = IMMIGRANT_FAMILY[origins]
    kinds = np.where(immigrant, pick(rng, shares[1], guess), pick(rng, shares[0], guess))
    sizes = np.array([kind.size for kind in KINDS])[kinds]
    whole = int(np.searchsorted(np.cumsum(sizes), wanted, side="right"))
    left = wanted - int(sizes[:whole].sum())
    extra_kinds = np.array([0] * left + [kind for kind, _ in institutions], dtype=np.int64)
    extra_sizes = np.array([1] * left + [size for _, size in institutions], dtype=np.int64)
    return (
        np.concatenate([kinds[:whole], extra_kinds]),
        np.concatenate([origins[:whole], pick(rng, ORIGIN_SHARES, len(extra_kinds))]),
        np.concatenate([sizes[:whole], extra_sizes]),
    )


def _institution_sizes(rng: Generator, count: int) -> list[tuple[int, int]]:
    """Kind and size of each care home (5–60 residents) and hostel (8–40)."""
    found: list[tuple[int, int]] = []
    for kind, share, smallest, largest in ((CARE_HOME, IN_CARE_HOMES, 5, 60), (HOSTEL, IN_HOSTELS, 8, 40)):
        left = int(count * share)
        while left >= smallest:
            size = min(left, int(rng.triangular(smallest, (smallest + largest) / 2.2, largest)))
            found.append((kind, size))
            left -= size
    return found
