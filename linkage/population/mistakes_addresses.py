"""Records and the flags of those to be spoilt → another home, or the same one written badly."""

import re

import numpy as np

from linkage.population.arrays import NOBODY, TODAY, Flags, Generator, Ints, ages_of
from linkage.population.council import Council, write_address
from linkage.population.households import CARE_HOME, HOSTEL
from linkage.population.world import World

ABBREVIATIONS = {
    "Road": "Rd", "Street": "St", "Avenue": "Ave", "Lane": "Ln", "Close": "Cl", "Drive": "Dr",
    "Crescent": "Cres", "Gardens": "Gdns", "Court": "Ct", "Terrace": "Terr", "Place": "Pl",
    "Grove": "Gr", "Square": "Sq",
}  # fmt: skip
PSEUDO_POSTCODES = np.array(["ZZ99 3VZ"] * 8 + ["ZZ99 3WZ", "NFA"], dtype=object)


def moved_old(rng: Generator, world: World, council: Council, chosen: Flags) -> None:
    """The home before the last move; the register has it as the previous address."""
    previous = world.register.previous_household[council.person]
    rows = np.flatnonzero(chosen & (previous != NOBODY))
    council.household[rows] = previous[rows]
    _rewrite(rng, world, council, rows, "moved")


def moved_new(rng: Generator, world: World, council: Council, chosen: Flags) -> None:
    """A home of which the register knows nothing yet; often with the register's one as Previous Address."""
    rows = np.flatnonzero(chosen & ~council.has("moved"))
    homes = (world.people.kinds != CARE_HOME) & (world.people.kinds != HOSTEL) & (world.addresses.inside > 0)
    _move(rng, world, council, rows, np.flatnonzero(homes), "moved")


def care_home(rng: Generator, world: World, council: Council, chosen: Flags) -> None:
    """A care home, while the register still has the old home."""
    in_care = world.people.kinds[council.household] == CARE_HOME
    old = ages_of(council.birth) >= 65
    rows = np.flatnonzero(chosen & old & ~in_care & ~council.has("moved"))
    _move(rng, world, council, rows, np.flatnonzero(world.people.kinds == CARE_HOME), "care_home")


def _move(rng: Generator, world: World, council: Council, rows: Ints, homes: Ints, tag: str) -> None:
    """Any of `homes`, if there are any, for these records."""
    if not len(homes):
        return
    before = council.household[rows].copy()
    council.household[rows] = homes[rng.integers(0, len(homes), len(rows))]
    _rewrite(rng, world, council, rows, tag)
    _note_previous(rng, world, council, rows, before)


def _rewrite(rng: Generator, world: World, council: Council, rows: Ints, tag: str) -> None:
    write_address(world, council, rows)
    council["Telephone"][rows[rng.random(len(rows)) < 0.6]] = ""
    council.tag(tag, rows)


def _note_previous(rng: Generator, world: World, council: Council, rows: Ints, before: Ints) -> None:
    noted = np.flatnonzero(rng.random(len(rows)) < 0.45)
    lines = [world.addresses.line(home) for home in before[noted].tolist()]
    council["Previous Address"][rows[noted]] = np.array(lines, dtype=object)
    council["Previous Postcode"][rows[noted]] = world.addresses.postcode[before[noted]]


def wrong_number(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """Another number in the same street."""
    rows = np.flatnonzero(chosen & (council["House No"] != ""))
    council["House No"][rows] = rng.integers(1, 160, len(rows)).astype(str).astype(object)
    council.tag("address_typo", rows)


def address_typo(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """Abbreviations, parts left out, parts in another column."""
    rows = np.flatnonzero(chosen)
    for row, way in zip(rows.tolist(), rng.integers(0, 7, len(rows)).tolist(), strict=True):
        before = {
            column: council[column][row] for column in ("Flat No", "House No", "Building", "Street", "Town")
        }
        after = before | _spoilt(before, way)
        if after != before:
            for column, value in after.items():
                council[column][row] = value
            council.tag("address_typo", np.array([row]))


def _spoilt(part: dict[str, str], way: int) -> dict[str, str]:
    """What changes in an address that is spoilt in one of seven ways."""
    flat, number, building, street = part["Flat No"], part["House No"], part["Building"], part["Street"]
    last = street.rsplit(" ", 1)[-1]
    if way == 0:
        return {"Street": street.removesuffix(last) + ABBREVIATIONS.get(last, last)}
    if way == 1:
        return {"Flat No": ""} if flat else {"Town": ""}
    if way == 2:
        return {"House No": ""} if building else {"Street": f"{number} {street}".strip(), "House No": ""}
    if way == 3:
        return {"Building": ""} if building and number else {"Town": ""}
    if way == 4:
        return {"Street": f"{number} {street}".strip(), "House No": ""}
    if way == 5 and flat:
        text = f"Flat {flat} {building} {number} {street}"
        return {"Flat No": "", "House No": "", "Building": "", "Street": re.sub(" +", " ", text)}
    return {"Street": street.upper(), "Town": part["Town"].upper()}


def postcode_typo(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """One character of the postcode wrong, or two turned round."""
    rows = np.flatnonzero(chosen & (council["Postcode"] != ""))
    for row in rows.tolist():
        postcode = council["Postcode"][row]
        at = len(postcode) - 1 - int(rng.integers(0, 4))
        if postcode[at] == " ":
            at -= 1
        if rng.random() < 0.25 and postcode[-1] != postcode[-2]:
            changed = postcode[:-2] + postcode[-1] + postcode[-2]
        elif postcode[at].isdigit():
            changed = (
                postcode[:at] + str((int(postcode[at]) + int(rng.integers(1, 9))) % 10) + postcode[at + 1 :]
            )
        else:
            others = [letter for letter in "ABDEFGHJLNPQRSTUWXYZ" if letter != postcode[at]]
            changed = postcode[:at] + others[int(rng.integers(0, len(others)))] + postcode[at + 1 :]
        council["Postcode"][row] = changed
    council.tag("postcode_typo", rows)


def sector_only(_rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """The postcode without its last two letters."""
    council["Postcode"][chosen] = [postcode[:-2] for postcode in council["Postcode"][chosen]]
    council.tag("postcode_typo", chosen)


def no_postcode(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """No postcode, or a word in its place."""
    rows = np.flatnonzero(chosen)
    words = np.array(["", "", "", "", "", "", "nopostcode", "XXX XXX"], dtype=object)
    council["Postcode"][rows] = words[rng.integers(0, len(words), len(rows))]
    council.tag("no_postcode", rows)


def no_fixed_abode(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """No address, and a postcode that stands for none."""
    rows = np.flatnonzero(chosen & (council.birth < TODAY))
    for column in ("Flat No", "House No", "Building", "Town", "County"):
        council[column][rows] = ""
    council["Street"][rows] = "No Fixed Abode"
    council["Postcode"][rows] = PSEUDO_POSTCODES[rng.integers(0, len(PSEUDO_POSTCODES), len(rows))]
    council.tag("no_fixed_abode", rows)
