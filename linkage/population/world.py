"""A number of people and a seed → the whole made-up population: people, names, homes, the register."""

from dataclasses import dataclass

import numpy as np

from linkage.population.addresses import Addresses, house_everybody
from linkage.population.arrays import NOBODY, Flags, Ints
from linkage.population.households import People
from linkage.population.kin import link_kin
from linkage.population.members import form_households
from linkage.population.names import Names, load_names
from linkage.population.people import PersonNames, name_people
from linkage.population.register import Register, register_everybody


@dataclass
class World:
    """Everything that is true, aligned by person (addresses by household)."""

    people: People
    names: Names
    named: PersonNames
    addresses: Addresses
    register: Register


def make_world(seed: np.random.SeedSequence, count: int) -> World:
    """The same world for the same seed and count."""
    rngs = [np.random.default_rng(child) for child in seed.spawn(5)]
    people = form_households(rngs[0], count)
    link_kin(rngs[1], people)
    names = load_names()
    named = name_people(rngs[2], people, names)
    addresses = house_everybody(rngs[3], people.kinds, people.origin[people.starts], count)
    register = register_everybody(rngs[4], people, names, named, addresses)
    return World(people, names, named, addresses, register)


def kin_present(world: World, present: Flags) -> dict[str, Flags]:
    """For each kind of kin, whose twin, spouse, parent, child, sibling or namesake is among `present`."""
    people = world.people
    found = {
        "twin": _one_present(people.twin, present),
        "sibling": _sibling_present(people, present),
        "parent": _one_present(people.father, present) | _one_present(people.mother, present),
        "child": _child_present(people, present),
        "spouse": _one_present(people.spouse, present),
        "namesake": _namesake_present(world, present),
    }
    found["sibling"] &= ~found["twin"]
    return found


def _one_present(other: Ints, present: Flags) -> Flags:
    flags: Flags = (other != NOBODY) & present[other]
    return flags


def _sibling_present(people: People, present: Flags) -> Flags:
    """Another member of the family someone was born into is present."""
    members = np.bincount(people.family[present], minlength=len(people.father_of_family))
    flags: Flags = members[people.family] > present
    return flags


def _child_present(people: People, present: Flags) -> Flags:
    flags = np.zeros(len(people), dtype=np.bool_)
    for parent in (people.father, people.mother):
        known = present & (parent != NOBODY)
        flags[parent[known]] = True
    return flags


def _namesake_present(world: World, present: Flags) -> Flags:
    """Someone else present has the same fore- and surname, and is of the same age or a parent or child."""
    people, named = world.people, world.named
    year = people.birth // 365
    key = (named.given * len(world.names.words) + named.surname) * 300 + year + 150
    _, which = np.unique(key, return_inverse=True)
    members = np.bincount(which[present], minlength=int(which.max()) + 1)
    flags: Flags = members[which] > present
    for parent in (people.father, people.mother):
        same = (
            (parent != NOBODY)
            & (named.given == named.given[parent])
            & (named.surname == named.surname[parent])
        )
        flags |= same & present[parent]
        younger = np.flatnonzero(same & present)
        flags[parent[younger]] = True
    return flags
