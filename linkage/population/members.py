"""A number of people → who lives with whom, with their role, sex, birth date, origin and kin in the home."""

import numpy as np

from linkage.population.arrays import (
    DAYS_IN_YEAR,
    FEMALE,
    MALE,
    NOBODY,
    TODAY,
    Flags,
    Floats,
    Generator,
    Ints,
    chance,
    pick,
)
from linkage.population.households import (
    CARE_HOME,
    CHILD,
    GRANDPARENT,
    HEAD,
    HOSTEL,
    KINDS,
    PARTNER,
    RESIDENT,
    SIBLING,
    Kind,
    People,
    draw_kinds,
)
from linkage.population.origins import ORIGIN_SHARES

TWIN_CHANCE = 0.03
MIXED_MARRIAGE = 0.06


def form_households(rng: Generator, count: int) -> People:
    """`count` people in households, with homes and hostels; kin is within the household only."""
    kinds, origins, sizes = draw_kinds(rng, count)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    household = np.repeat(np.arange(len(kinds)), sizes)
    people = People(
        household=household,
        role=np.full(count, RESIDENT),
        sex=np.where(chance(rng, 0.5, count), MALE, FEMALE),
        birth=np.zeros(count, dtype=np.int64),
        origin=origins[household],
        family=len(kinds) + np.arange(count),
        spouse=np.full(count, NOBODY),
        twin=np.full(count, NOBODY),
        generation=np.zeros(count, dtype=np.int64),
        kinds=kinds,
        starts=starts,
        father_of_family=np.full(len(kinds) + count, NOBODY),
        mother_of_family=np.full(len(kinds) + count, NOBODY),
    )
    for number, kind in enumerate(KINDS):
        heads = starts[kinds == number]
        _fill_heads(rng, people, kind, heads)
        if kind.partner:
            _fill_partners(rng, people, heads)
        if kind.children:
            _fill_children(rng, people, kind, heads)
        if kind.extra:
            _fill_extra(rng, people, kind, heads)
    _fill_residents(rng, people)
    return people


def _birth(age: Floats) -> Ints:
    return (TODAY - age * DAYS_IN_YEAR).astype(np.int64)


def _at_least(rng: Generator, age: Floats, youngest: Floats | float) -> Floats:
    """Ages, those under `youngest` drawn anew from the three years after it: at its edge all would be born on one day."""
    return np.where(age < youngest, youngest + rng.uniform(0, 3, len(age)), age)


def _fill_heads(rng: Generator, people: People, kind: Kind, heads: Ints) -> None:
    young, usual, old = kind.ages
    age = rng.triangular(young, usual, old, len(heads))
    people.role[heads] = HEAD
    people.birth[heads] = _birth(age)
    people.generation[heads] = ((age < 57) | (kind.extra_role == GRANDPARENT)).astype(np.int64)
    women = 0.86 if kind.children and not kind.grown_up else 0.72 if young > 50 else 0.46
    people.sex[heads] = np.where(chance(rng, 0.0 if kind.partner else women, len(heads)), FEMALE, MALE)
    if kind.children and not kind.partner:
        families = people.household[heads]
        mothers = people.sex[heads] == FEMALE
        people.mother_of_family[families[mothers]] = heads[mothers]
        people.father_of_family[families[~mothers]] = heads[~mothers]


def _fill_partners(rng: Generator, people: People, heads: Ints) -> None:
    """A wife two years younger as a rule; in 2% a couple of one sex."""
    partners = heads + 1
    age = (TODAY - people.birth[heads]) / DAYS_IN_YEAR - rng.normal(2.2, 3.8, len(heads))
    people.role[partners] = PARTNER
    people.birth[partners] = _birth(np.minimum(_at_least(rng, age, 18.2), 99))
    people.generation[partners] = people.generation[heads]
    people.sex[partners] = FEMALE
    same = np.flatnonzero(chance(rng, 0.02, len(heads)))
    both = np.where(chance(rng, 0.5, len(same)), MALE, FEMALE)
    people.sex[heads[same]] = both
    people.sex[partners[same]] = both
    mixed = partners[chance(rng, MIXED_MARRIAGE, len(heads))]
    people.origin[mixed] = pick(rng, ORIGIN_SHARES, len(mixed))
    people.spouse[heads] = partners
    people.spouse[partners] = heads
    people.father_of_family[people.household[heads]] = heads
    people.mother_of_family[people.household[heads]] = partners


def _fill_children(rng: Generator, people: People, kind: Kind, heads: Ints) -> None:
    """Children one to five years apart, now and then twins, none born to a mother under 17."""
    first = heads + 1 + kind.partner
    younger_parent = np.maximum(people.birth[heads], people.birth[first - 1])
    oldest = (TODAY - younger_parent) / DAYS_IN_YEAR - 17.5
    gaps = rng.uniform(1.1, 4.2, (kind.children, len(heads)))
    gaps[0] = 0
    gaps[1:][rng.random((kind.children - 1, len(heads))) < TWIN_CHANCE] = 0
    after = np.cumsum(gaps, axis=0)
    if kind.grown_up:
        eldest = np.minimum(_at_least(rng, oldest - rng.triangular(0, 9, 25, len(heads)), 18.5), 75)
    else:
        eldest = _at_least(rng, rng.uniform(0.05, np.clip(oldest, 0.2, 22)), after[-1] + 0.05)
    for number in range(kind.children):
        child = first + number
        people.role[child] = CHILD
        people.birth[child] = _birth(eldest - after[number])
        people.family[child] = people.household[heads]
        people.generation[child] = people.generation[heads] + 1
        if number:
            twins = (gaps[number] == 0) & (people.twin[child - 1] == NOBODY)
            people.birth[child[twins]] = people.birth[child[twins] - 1]
            people.twin[child[twins]] = child[twins] - 1
            people.twin[child[twins] - 1] = child[twins]


def _fill_extra(rng: Generator, people: People, kind: Kind, heads: Ints) -> None:
    for number in range(kind.extra):
        member = heads + kind.size - 1 - number
        size = len(heads)
        head_age = (TODAY - people.birth[heads]) / DAYS_IN_YEAR
        people.role[member] = kind.extra_role
        people.generation[member] = people.generation[heads]
        if kind.extra_role == GRANDPARENT:
            people.birth[member] = _birth(head_age + rng.triangular(19, 26, 40, size))
            people.generation[member] = 0
            people.sex[member] = np.where(chance(rng, 0.68, size), FEMALE, MALE)
            _make_parent(people, member, people.family[heads])
        elif kind.extra_role == SIBLING:
            gap = rng.triangular(1.0, 2.5, 9, size)
            people.birth[member] = _birth(head_age - np.where(chance(rng, 0.06, size), 0, gap))
            people.family[member] = people.family[heads]
            twins = people.birth[member] == people.birth[heads]
            people.twin[member[twins]] = heads[twins]
            people.twin[heads[twins]] = member[twins]
        else:
            people.birth[member] = _birth(
                np.minimum(_at_least(rng, head_age + rng.normal(0, 3, size), 18), 70)
            )
            people.origin[member] = pick(rng, ORIGIN_SHARES, size)


def _make_parent(people: People, parents: Ints, families: Ints) -> None:
    mothers: Flags = people.sex[parents] == FEMALE
    people.mother_of_family[families[mothers]] = parents[mothers]
    people.father_of_family[families[~mothers]] = parents[~mothers]


def _fill_residents(rng: Generator, people: People) -> None:
    """Unrelated people in care homes (mostly over 70) and hostels."""
    for kind, ages, women in ((CARE_HOME, (62.0, 86.0, 103.0), 0.7), (HOSTEL, (18.0, 30.0, 66.0), 0.25)):
        who = np.flatnonzero(people.kind == kind)
        people.birth[who] = _birth(rng.triangular(*ages, len(who)))
        people.sex[who] = np.where(chance(rng, women, len(who)), FEMALE, MALE)
        people.origin[who] = pick(rng, ORIGIN_SHARES, len(who))
        people.generation[who] = np.where(people.birth[who] > _birth(np.array(57.0)), 1, 0)
