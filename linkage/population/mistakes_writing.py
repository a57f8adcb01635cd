"""Records and the flags of those to be spoilt → the right name written badly."""

import numpy as np

from linkage.population.arrays import MALE, Flags, Generator
from linkage.population.council import Council
from linkage.population.register import keeps_accents, surname_text
from linkage.population.spellings import misheard, mistyped, short_forms
from linkage.population.world import World

NOTES = ("(known as {})", "({})", "aka {}", "'{}'")


def diacritics(_rng: Generator, world: World, council: Council, chosen: Flags) -> None:
    """Accents kept by the council; a record is tagged where the register and the council differ in them."""
    named, who = world.named, council.person
    parts = named.surname[who], named.surname_two[who], named.joiner[who]
    words, plain_words = world.names.text(), world.names.plain_text()
    for column, accented, folded in (
        ("Forename", words[named.given[who]], plain_words[named.given[who]]),
        ("Surname", surname_text(words, *parts), surname_text(plain_words, *parts)),
    ):
        concerned = (accented != folded) & (council[column] == folded)
        rows = np.flatnonzero(chosen & concerned)
        council[column][rows] = accented[rows]
        council.tag("diacritics", concerned & (chosen != keeps_accents(who)))


def typo_forename(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """A forename mistyped, or written as it sounds."""
    _misspell(rng, council, "Forename", "typo_forename", chosen)


def typo_surname(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """A surname mistyped, or written as it sounds."""
    _misspell(rng, council, "Surname", "typo_surname", chosen)


def _misspell(rng: Generator, council: Council, column: str, tag: str, chosen: Flags) -> None:
    for row in np.flatnonzero(chosen).tolist():
        before = council[column][row]
        council[column][row] = (misheard if rng.random() < 0.4 else mistyped)(rng, before)
        if council[column][row] != before:
            council.tag(tag, np.array([row]))


def initial(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """Only the first letter of the forename."""
    rows = np.flatnonzero(chosen)
    dot = np.where(rng.random(len(rows)) < 0.3, ".", "")
    council["Forename"][rows] = [
        name[:1] + end for name, end in zip(council["Forename"][rows], dot, strict=True)
    ]
    council["Middle Names"][rows] = ""
    council.tag("initial", rows)


def name_noise(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """Capitals, blanks, and apostrophes left out: no other name, only other writing."""
    rows = np.flatnonzero(chosen)
    for row, way in zip(rows.tolist(), rng.integers(0, 6, len(rows)).tolist(), strict=True):
        forename, surname = council["Forename"][row], council["Surname"][row]
        if "'" in surname and way < 4:
            surname = surname.replace("'", ("", " ", "’", "")[way])
        elif way in (0, 1):
            forename, surname = (forename.upper(), surname.upper()) if way else (forename, surname.upper())
        elif way == 2:
            forename, surname = forename.lower(), surname.lower()
        elif way == 3:
            forename, surname = forename + " ", " " + surname
        else:
            surname = surname.replace("-", " - ").replace("Mc", "Mc ") + ("  " if way == 5 else ".")
        council["Forename"][row], council["Surname"][row] = forename, surname
    council.tag("name_noise", rows)


def name_note(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """A title or a note inside a name."""
    for row in np.flatnonzero(chosen).tolist():
        forename = council["Forename"][row]
        title = council["Title"][row] or ("Mr" if council.sex[row] == MALE else "Mrs")
        known = short_forms().get(forename.lower())
        way = int(rng.integers(0, 6))
        if way == 0 and (council["Merged Into"][row] or council["Date of Death"][row]):
            council["Surname"][row] += " (DO NOT USE)" if council["Merged Into"][row] else " (Deceased)"
        elif way < 2 or not known:
            council["Forename"][row] = f"{title} {forename}"
        else:
            council["Forename"][row] = f"{forename} {NOTES[way - 2].format(known[0])}"
    council.tag("name_note", np.flatnonzero(chosen))


def placeholder_name(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """A word in place of a forename that nobody knew."""
    rows = np.flatnonzero(chosen)
    words = np.array(["Unknown", "UNKNOWN", "Not Known", "Baby of", "Mr", "X"], dtype=object)
    council["Forename"][rows] = words[rng.integers(0, len(words), len(rows))]
    council["Middle Names"][rows] = ""
    council.tag("placeholder_name", rows)
