"""The population → whom the council knows: clients, those whom the register lacks, and their records."""

from dataclasses import dataclass

import numpy as np

from linkage.population.arrays import FEMALE, NOBODY, Flags, Floats, Generator, Ints, ages_of, chance
from linkage.population.households import CARE_HOME
from linkage.population.world import World, kin_present

SHARE_OLD = 0.60
SHARE_WOMEN_OLD, SHARE_WOMEN_YOUNGER = 0.60, 0.55
SHARE_THIRD_RECORD = 0.10
SHARE_MERGED = 0.40
SHARE_NON_CLIENTS = 0.02
KIN_WEIGHT = 2.5


@dataclass
class Selection:
    """Who is on the council's books; `person` and what follows have one entry a council record."""

    present: Flags
    kin: dict[str, Flags]
    person: Ints
    is_client: Flags
    merged_into: Ints


def choose_clients(rng: Generator, world: World, clients: int, absent: float, duplicates: float) -> Selection:
    """`clients` distinct people, some of them absent from the register, some with more than one record."""
    chosen = _draw_clients(rng, world, clients)
    present = np.ones(len(world.people), dtype=np.bool_)
    present[_draw_absent(rng, world, chosen, absent)] = False
    kin = kin_present(world, present)
    second = chosen[chance(rng, duplicates, len(chosen))]
    third = second[chance(rng, SHARE_THIRD_RECORD, len(second))]
    relatives = _draw_relatives(rng, world, chosen, present)
    person = np.concatenate([chosen, relatives, second, third])
    is_client = np.ones(len(person), dtype=np.bool_)
    is_client[len(chosen) : len(chosen) + len(relatives)] = False
    first_record = np.full(len(world.people), NOBODY)
    first_record[chosen] = np.arange(len(chosen))
    further = np.arange(len(person)) >= len(chosen) + len(relatives)
    merged = further & chance(rng, SHARE_MERGED, len(person))
    merged_into = np.where(merged, first_record[person], NOBODY)
    return Selection(present, kin, person, is_client, merged_into)


def _draw_clients(rng: Generator, world: World, clients: int) -> Ints:
    """Mostly older people of the council's area: quotas by age and sex, the oldest most likely."""
    people = world.people
    age = ages_of(people.birth)
    weight: Floats = np.where(age >= 65, np.exp((age - 65) / 12), 1.0)
    weight = weight * np.where(people.kind == CARE_HOME, 5.0, 1.0)
    weight = weight * np.where(world.addresses.inside[people.household] > 0, 1.0, 0.03)
    weight = weight * np.where(people.twin != NOBODY, 1.6, 1.0)
    key = np.where(age >= 18, rng.exponential(size=len(people)) / weight, np.inf)
    woman, old = people.sex == FEMALE, age >= 65
    chosen = np.zeros(len(people), dtype=np.bool_)
    for group, share in (
        (old & woman, SHARE_OLD * SHARE_WOMEN_OLD),
        (old & ~woman, SHARE_OLD * (1 - SHARE_WOMEN_OLD)),
        (~old & woman, (1 - SHARE_OLD) * SHARE_WOMEN_YOUNGER),
        (~old & ~woman, (1 - SHARE_OLD) * (1 - SHARE_WOMEN_YOUNGER)),
    ):
        members = np.flatnonzero(group & np.isfinite(key))
        chosen[members[np.argsort(key[members], kind="stable")[: int(clients * share)]]] = True
    others = np.flatnonzero(~chosen & np.isfinite(key))
    missing = clients - int(chosen.sum())
    chosen[others[np.argsort(key[others], kind="stable")[:missing]]] = True
    return rng.permutation(np.flatnonzero(chosen))


def _draw_absent(rng: Generator, world: World, chosen: Ints, absent: float) -> Ints:
    """Clients to leave out of the register, more often those with a relative or namesake in it."""
    everybody = np.ones(len(world.people), dtype=np.bool_)
    kin = kin_present(world, everybody)
    weight = np.ones(len(chosen))
    for kind in ("twin", "sibling", "parent", "child", "namesake"):
        weight = np.where(kin[kind][chosen], KIN_WEIGHT, weight)
    key = rng.exponential(size=len(chosen)) / weight
    return chosen[np.argsort(key, kind="stable")[: round(len(chosen) * absent)]]


def _draw_relatives(rng: Generator, world: World, chosen: Ints, present: Flags) -> Ints:
    """Relatives of clients who have a record of their own without being clients."""
    people = world.people
    client = np.zeros(len(people), dtype=np.bool_)
    client[chosen] = True
    candidates = np.concatenate([people.spouse[chosen], people.father[chosen], people.mother[chosen]])
    parents = np.concatenate(
        [
            np.flatnonzero(_is_parent_in(people.father, client)),
            np.flatnonzero(_is_parent_in(people.mother, client)),
        ]
    )
    candidates = np.unique(np.concatenate([candidates[candidates != NOBODY], parents]))
    usable = candidates[~client[candidates] & present[candidates] & (ages_of(people.birth[candidates]) > 18)]
    return rng.permutation(usable)[: round(len(chosen) * SHARE_NON_CLIENTS)]


def _is_parent_in(parent: Ints, client: Flags) -> Flags:
    flags: Flags = (parent != NOBODY) & client[parent]
    return flags
