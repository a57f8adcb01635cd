"""Records without an NHS Number → the numbers that a council holds: mostly right, some not."""

import numpy as np

from linkage.population.arrays import NOBODY, Flags, Generator, Ints
from linkage.population.clients import Selection
from linkage.population.council import Council
from linkage.population.world import World

PLACEHOLDERS = np.array(["0000000000", "9999999999", "0000000000", "1111111111"], dtype=object)


def hold_numbers(
    rng: Generator, world: World, selection: Selection, council: Council, rates: dict[str, float]
) -> None:
    """Fills the NHS Number column and tags what each record holds."""
    register, person, size = world.register, council.person, len(council)
    drawn = rng.random(size)
    held = rng.random(size) < rates["number_held"]
    wrong = held & (drawn < rates["held_wrong"])
    edge = rates["held_wrong"]
    bad_digit = held & (drawn >= edge) & (drawn < edge + rates["held_check_digit"])
    edge += rates["held_check_digit"]
    placeholder = held & (drawn >= edge) & (drawn < edge + rates["held_placeholder"])
    number = register.nhs_number[person].copy()
    rows = np.flatnonzero(wrong)
    number[rows] = register.nhs_number[_somebody_else(rng, world, selection, person[rows])]
    has_old = register.superseded[person] != ""
    superseded = held & ~wrong & ~bad_digit & ~placeholder & has_old
    superseded &= rng.random(size) < rates["old_number_held"]
    number[superseded] = register.superseded[person[superseded]]
    rows = np.flatnonzero(bad_digit)
    number[rows] = [_one_digit_wrong(rng, text) for text in number[rows]]
    rows = np.flatnonzero(placeholder)
    number[rows] = PLACEHOLDERS[rng.integers(0, len(PLACEHOLDERS), len(rows))]
    right = held & ~wrong & ~bad_digit & ~placeholder & ~superseded
    absent = ~selection.present[person]
    council.tag("held_wrong", wrong)
    council.tag("held_invalid", bad_digit | placeholder)
    council.tag("held_superseded", superseded & ~absent)
    council.tag("held_correct", right & ~absent)
    council.tag("held_not_in_register", (right | superseded) & absent)
    spaced = held & (rng.random(size) < rates["held_spaced"])
    number[spaced] = [f"{text[:3]} {text[3:6]} {text[6:]}" for text in number[spaced]]
    council.columns["NHS Number"] = np.where(held, number, "").astype(object)


def _somebody_else(rng: Generator, world: World, selection: Selection, person: Ints) -> Ints:
    """Half the time a twin, spouse, parent or someone of the home; else anybody on the register."""
    people = world.people
    registered = np.flatnonzero(selection.present)
    anybody = registered[rng.integers(0, len(registered), len(person))]
    start = people.starts[people.household[person]]
    housemate = np.where(start == person, np.minimum(person + 1, len(people) - 1), start)
    housemate = np.where(people.household[housemate] == people.household[person], housemate, NOBODY)
    relative = np.full(len(person), NOBODY)
    for candidate in (people.twin[person], people.spouse[person], people.father[person], housemate):
        usable: Flags = (relative == NOBODY) & (candidate != NOBODY) & (candidate != person)
        relative = np.where(usable, candidate, relative)
    known = (relative != NOBODY) & selection.present[relative] & (rng.random(len(person)) < 0.75)
    other = np.where(known, relative, anybody)
    return np.where(other == person, (person + 1) % len(people), other)


def _one_digit_wrong(rng: Generator, text: str) -> str:
    """One digit after the first changed, so that the check digit no longer fits."""
    at = int(rng.integers(1, 10))
    digit = (int(text[at]) + int(rng.integers(1, 10))) % 10
    return text[:at] + str(digit) + text[at + 1 :]
