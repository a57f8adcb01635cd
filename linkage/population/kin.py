"""People in households → the same people with kin elsewhere: parents, brothers and sisters, twins."""

import numpy as np

from linkage.population.arrays import DAYS_IN_YEAR, FEMALE, NOBODY, Flags, Floats, Generator, Ints, chance
from linkage.population.households import GRANDPARENT, HEAD, PARTNER, SIBLING, People

PARENTS_ELSEWHERE = 0.55
SIBLINGS_ELSEWHERE = 0.22
TWINS_ELSEWHERE = 0.012
NEAR = 60
LONGEST_PREGNANCY_APART = 290


def link_kin(rng: Generator, people: People) -> None:
    """Gives adults kin who live elsewhere; changes `family`, and the birth dates of twins."""
    _link_to_parents(rng, people)
    _link_siblings(rng, people)
    _link_twins(rng, people)
    _part_impossible(people)


def _nearest(people: People, pool: Ints, origin: Ints, birth: Ints) -> Ints:
    """For each wanted origin and birth date, the first of `pool` born no earlier, or NOBODY."""
    if not len(pool):
        return np.full(len(birth), NOBODY)
    span = 1_000_000
    keys = people.origin[pool] * span + people.birth[pool] + span // 2
    order = np.argsort(keys, kind="stable")
    found = np.minimum(np.searchsorted(keys[order], origin * span + birth + span // 2), len(pool) - 1)
    nearest = pool[order][found]
    fits = (people.origin[nearest] == origin) & (np.abs(people.birth[nearest] - birth) < 3 * DAYS_IN_YEAR)
    return np.where(fits, nearest, NOBODY)


def _unattached(people: People) -> Flags:
    """Adults of whom no parent is known and who are not tied to a brother or sister in the same home."""
    tied = (people.role == SIBLING) | (people.role == GRANDPARENT)
    tied |= people.family != len(people.kinds) + np.arange(len(people))
    flags: Flags = ~tied & (people.father == NOBODY) & (people.mother == NOBODY) & (people.twin == NOBODY)
    return flags


def _link_to_parents(rng: Generator, people: People) -> None:
    """Younger heads and partners become children of an older couple or a lone parent in another home."""
    adults = (people.role == HEAD) | (people.role == PARTNER)
    young = adults & (people.generation == 1) & _unattached(people)
    grown_up = np.flatnonzero(young & chance(rng, PARENTS_ELSEWHERE, len(people)))
    older_heads = np.flatnonzero((people.role == HEAD) & (people.generation == 0))
    gap: Floats = rng.triangular(19, 28, 42, len(grown_up)) * DAYS_IN_YEAR
    wanted = people.birth[grown_up] - gap.astype(np.int64)
    parent = _nearest(people, older_heads, people.origin[grown_up], wanted)
    grown_up, parent = grown_up[parent != NOBODY], parent[parent != NOBODY]
    household = people.household[parent]
    people.family[grown_up] = household
    unset = (people.father_of_family[household] == NOBODY) & (people.mother_of_family[household] == NOBODY)
    woman = people.sex[parent] == FEMALE
    people.mother_of_family[household[unset & woman]] = parent[unset & woman]
    people.father_of_family[household[unset & ~woman]] = parent[unset & ~woman]


def _link_siblings(rng: Generator, people: People) -> None:
    """Older people become brothers and sisters of others of about their age."""
    older = np.flatnonzero((people.generation == 0) & _unattached(people))
    chosen = older[chance(rng, SIBLINGS_ELSEWHERE, len(older))]
    gap: Floats = rng.triangular(1, 2.5, 8, len(chosen)) * DAYS_IN_YEAR
    sibling = _nearest(people, older, people.origin[chosen], people.birth[chosen] + gap.astype(np.int64))
    known = (sibling != NOBODY) & (people.household[sibling] != people.household[chosen])
    people.family[sibling[known]] = people.family[chosen[known]]


def _link_twins(rng: Generator, people: People) -> None:
    """Two adults in different homes, born within weeks, become twins."""
    single = people.twin == NOBODY
    for generation in (0, 1):
        pool = np.flatnonzero((people.generation == generation) & single & (people.role <= PARTNER))
        first = pool[chance(rng, TWINS_ELSEWHERE, len(pool))]
        second = _nearest(people, pool, people.origin[first], people.birth[first] + 1)
        for one, other in zip(first.tolist(), second.tolist(), strict=True):
            apart = other != NOBODY and people.household[one] != people.household[other]
            near = apart and abs(people.birth[one] - people.birth[other]) <= NEAR
            free = near and people.twin[one] == NOBODY and people.twin[other] == NOBODY
            if free:
                people.birth[other] = people.birth[one]
                people.family[other] = people.family[one]
                people.twin[one], people.twin[other] = other, one


def _part_impossible(people: People) -> None:
    """Undo what nature forbids: married siblings, births a few weeks apart, mothers under 16 or over 48."""
    own = len(people.kinds) + np.arange(len(people))
    spouse = people.spouse
    wed = (spouse != NOBODY) & (people.family == people.family[spouse]) & (people.role == PARTNER)
    parents = (people.father, people.mother)
    wrong = wed & (people.twin == NOBODY)
    for parent, oldest in zip(parents, (75, 48), strict=True):
        age = (people.birth - people.birth[parent]) / DAYS_IN_YEAR
        wrong |= (parent != NOBODY) & ((age < 16) | (age > oldest)) & (people.role <= PARTNER)
    order = np.lexsort((people.birth, people.family))
    gap = np.diff(people.birth[order], prepend=np.int64(-(10**6)))
    same = np.diff(people.family[order], prepend=np.int64(-1)) == 0
    close = np.zeros(len(people), dtype=np.bool_)
    close[order] = same & (gap < LONGEST_PREGNANCY_APART)
    wrong |= close & (people.twin == NOBODY) & (people.role <= PARTNER)
    people.family[wrong] = own[wrong]
