"""Records and the flags of those to be spoilt → another form of the name that someone really goes by."""

import numpy as np

from linkage.population.arrays import FEMALE, MALE, NOBODY, Flags, Generator, Ints, Text
from linkage.population.council import Council
from linkage.population.names import draw_from
from linkage.population.origins import ORIGIN_NUMBER, convention
from linkage.population.people import HYPHEN
from linkage.population.register import surname_text
from linkage.population.spellings import other_spelling, short_forms
from linkage.population.world import World

MUSLIM_FIRST = ("mohammed", "muhammad", "mohammad", "abdul", "md", "syed", "shah")


def surname_changed_women(rng: Generator, world: World, council: Council, chosen: Flags) -> None:
    """A maiden name, or a married name of which the register knows nothing."""
    rows = np.flatnonzero(chosen & (council.sex == FEMALE))
    maiden = _birth_surnames(world, council.person[rows])
    use_maiden = (maiden != council["Surname"][rows]) & (rng.random(len(rows)) < 0.7)
    _change_surname(
        rng, council, rows, np.where(use_maiden, maiden, _drawn_surnames(rng, world, council, rows))
    )


def surname_changed_men(rng: Generator, world: World, council: Council, chosen: Flags) -> None:
    """Another surname altogether: a stepfather's, a partner's, one's own choice."""
    rows = np.flatnonzero(chosen & (council.sex == MALE))
    _change_surname(rng, council, rows, _drawn_surnames(rng, world, council, rows))


def _birth_surnames(world: World, person: Ints) -> Text:
    named = world.named
    return surname_text(
        world.names.plain_text(),
        named.birth_surname[person],
        named.birth_surname_two[person],
        named.joiner[person],
    )


def _drawn_surnames(rng: Generator, world: World, council: Council, rows: Ints) -> Text:
    drawn: Text = world.names.plain_text()[draw_from(rng, world.names.surnames, council.origin[rows])]
    return drawn


def _change_surname(rng: Generator, council: Council, rows: Ints, surname: Text) -> None:
    changed = surname != council["Surname"][rows]
    rows, surname = rows[changed], surname[changed]
    told = rng.random(len(rows)) < 0.35
    council["Previous Surname"][rows] = np.where(told, council["Surname"][rows], "")
    council["Surname"][rows] = surname
    council.tag("married_name", rows)


def double_barrelled(rng: Generator, world: World, council: Council, chosen: Flags) -> None:
    """Two-part surnames with one part only, turned round, or joined another way."""
    named, words = world.named, world.names.plain_text()
    two = named.surname_two[council.person] != NOBODY
    for row in np.flatnonzero(chosen & two).tolist():
        person = council.person[row]
        first, second = words[named.surname[person]], words[named.surname_two[person]]
        joiner, other = ("-", " ") if named.joiner[person] == HYPHEN else (" ", "-")
        forms = [
            first,
            second,
            second,
            first + other + second,
            second + joiner + first,
            first + second.lower(),
        ]
        form = forms[int(rng.integers(0, len(forms)))]
        if form != council["Surname"][row]:
            council["Surname"][row] = form
            council.tag("double_barrelled", np.array([row]))


def mohammed_dropped(rng: Generator, world: World, council: Council, chosen: Flags) -> None:
    """A first name that many men share left out or put second, and the name that is used put first."""
    forename = np.char.lower(council["Forename"].astype(str))
    _middle_first(rng, world, council, np.flatnonzero(chosen & np.isin(forename, MUSLIM_FIRST)))


def middle_name_first(rng: Generator, world: World, council: Council, chosen: Flags) -> None:
    """Someone known by the middle name."""
    _middle_first(rng, world, council, np.flatnonzero(chosen & ~council.has("middle_name_first")))


def _middle_first(rng: Generator, world: World, council: Council, rows: Ints) -> None:
    rows = rows[world.named.middle[council.person[rows]] != NOBODY]
    words = world.names.plain_text()
    first = words[world.named.given[council.person[rows]]]
    council["Forename"][rows] = words[world.named.middle[council.person[rows]]]
    council["Middle Names"][rows] = np.where(rng.random(len(rows)) < 0.4, first, "")
    council.tag("middle_name_first", rows)


def nickname(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """An everyday form in place of the forename, or beside it; others have it as Preferred Name only."""
    forms = short_forms()
    also_preferred = rng.random(len(council)) < 0.06
    for row in np.flatnonzero(chosen | also_preferred).tolist():
        forename = council["Forename"][row]
        known = forms.get(forename.lower())
        if not known:
            continue
        short = known[min(int(rng.geometric(0.5)) - 1, len(known) - 1)]
        if not chosen[row]:
            council["Preferred Name"][row] = short
            continue
        way = rng.random()
        council["Forename"][row] = (
            short if way < 0.8 else f"{forename} ({short})" if way < 0.9 else f"{short} {forename}"
        )
        council["Preferred Name"][row] = short if rng.random() < 0.3 else ""
        council.tag("nickname", np.array([row]))


def transliteration(rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """Another spelling of a name that comes from another script, or that is written by ear."""
    concerned = convention("transliterated")[council.origin] > 0
    concerned |= council.origin == ORIGIN_NUMBER["irish"]
    for row in np.flatnonzero(chosen & concerned).tolist():
        column = "Forename" if rng.random() < 0.55 else "Surname"
        for each in (column, "Surname" if column == "Forename" else "Forename"):
            before = council[each][row]
            after = other_spelling(rng, before)
            if after == before and each == "Forename":
                after = _syllables_apart(rng, before)
            if after != before:
                council[each][row] = after
                council.tag("transliteration", np.array([row]))
                break


def _syllables_apart(rng: Generator, name: str) -> str:
    """A given name of two syllables written as one word, two, or with a hyphen."""
    if " " not in name:
        return name
    first, second = name.split(" ", 1)
    return (first + second.lower(), f"{first}-{second}", f"{first} {second.lower()}", first)[
        int(rng.integers(0, 4))
    ]


def name_order(_rng: Generator, _world: World, council: Council, chosen: Flags) -> None:
    """Forename and surname in each other's place."""
    rows = np.flatnonzero(chosen)
    forename = council["Forename"][rows].copy()
    council["Forename"][rows] = council["Surname"][rows]
    council["Surname"][rows] = forename
    council.tag("name_order", rows)


def name_order_unclear(rng: Generator, world: World, council: Council, chosen: Flags) -> None:
    """The same for names of origins whose order the clerk does not know."""
    unclear = convention("order_unclear")[council.origin] > 0
    name_order(rng, world, council, chosen & unclear & ~council.has("name_order"))
