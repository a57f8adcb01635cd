"""People of a register → a council's export of them with mistakes that our generator knows nothing of, and the truth.

Addresses go through address-errors (rates learnt by its authors from six English councils' recorded addresses, pooled).
Names, dates and sex get the mistakes of noise.py at the shares below: those marked CRATE are published rates of
disagreement for one person in two UK health databases (Cardinal et al. 2023); a council's are taken to be two to three times
those of a health database where nothing is published. A fifth have moved into another home of the same register.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import noise
from cases import write

HEADINGS = (
    "Person ID",
    "Forename",
    "Middle Names",
    "Surname",
    "Date of Birth",
    "Gender",
    "Address",
    "Postcode",
)

FORENAME = {"typed": 0.02, "misread": 0.005, "misheard": 0.01, "initial": 0.01, "middle_used": 0.01}
SURNAME = {"typed": 0.015, "misread": 0.005, "misheard": 0.01}
SURNAME_CHANGED = {"F": 0.0567, "M": 0.0134}  # CRATE
NAMES_SWAPPED = 0.0019  # CRATE
BIRTH_DATE = {"digit_keyed": 0.007, "digits_turned": 0.004, "day_month_swapped": 0.004, "missing": 0.01}
SEX = {"wrong": 0.0033, "missing": 0.02}  # wrong: CRATE
MIDDLE_LEFT_OUT = 0.5
MOVED = 0.2
WORDS: dict[str, Callable[[str, Random], str]] = {
    "typed": noise.typed,
    "misread": noise.misread,
    "misheard": noise.misheard,
    "initial": lambda word, _: word[:1],
}
DATES: dict[str, Callable[[str, Random], str]] = {
    "digit_keyed": noise.digit_keyed,
    "digits_turned": noise.digits_turned,
    "day_month_swapped": lambda date, _: noise.day_and_month_swapped(date),
    "missing": lambda *_: "",
}


@dataclass(frozen=True)
class Person:
    """One person of a register; `born` is YYYYMMDD, `sex` M, F or empty, `lines` the address without postcode."""

    number: str
    forename: str
    middle: str
    surname: str
    sex: str
    born: str
    lines: tuple[str, ...]
    postcode: str


@dataclass(frozen=True)
class Export:
    """Rows under `HEADINGS`, and for each the tags of what was done to it."""

    rows: list[tuple[str, ...]]
    tags: list[list[str]]


def export(people: Sequence[Person], homes: Sequence[Person], seed: int, folder: Path) -> Export:
    """The council's rows of `people`, who if they moved live where one of `homes` does.

    What happens to one person depends on the seed and that person alone, except for the address, whose mistakes
    address-errors draws in the order of the people.
    """
    chances = [Random(f"{seed}|{person.number}") for person in people]
    tags: list[list[str]] = [[] for _ in people]
    lived = [_home(*each, homes) for each in zip(people, chances, tags, strict=True)]
    addresses = written_addresses(lived, seed, folder)
    rows: list[tuple[str, ...]] = []
    for place, (person, chance, (address, postcode)) in enumerate(
        zip(people, chances, addresses, strict=True)
    ):
        names = _names(person, homes, chance, tags[place])
        rows.append(
            (
                f"C{place + 1:06}",
                *names,
                _birth_date(person.born, chance, tags[place]),
                _sex(person.sex, chance, tags[place]),
                address,
                postcode,
            )
        )
        tags[place] = tags[place] or ["unchanged_but_address"]
    return Export(rows, tags)


def _home(person: Person, chance: Random, tags: list[str], homes: Sequence[Person]) -> Person:
    if chance.random() >= MOVED:
        return person
    tags.append("moved")
    return chance.choice(homes)


def _names(person: Person, others: Sequence[Person], chance: Random, tags: list[str]) -> tuple[str, str, str]:
    """Forename, middle names and surname as the council has them."""
    kind = drawn(FORENAME, chance)
    forename, surname = person.forename, person.surname
    if kind == "middle_used":
        forename = person.middle.split(" ")[0] or forename
    elif kind:
        forename = WORDS[kind](forename, chance)
    if forename != person.forename:
        tags.append(f"forename_{kind}")
    if chance.random() < SURNAME_CHANGED.get(person.sex, 0):
        surname = chance.choice(others).surname
        tags.append("surname_changed")
    elif kind := drawn(SURNAME, chance):
        surname = WORDS[kind](surname, chance)
        if surname != person.surname:
            tags.append(f"surname_{kind}")
    middle = "" if chance.random() < MIDDLE_LEFT_OUT else person.middle
    if chance.random() < NAMES_SWAPPED:
        tags.append("names_swapped")
        forename, surname = surname, forename
    return forename.title(), middle.title(), surname.title()


def _birth_date(born: str, chance: Random, tags: list[str]) -> str:
    """The date as DD/MM/YYYY."""
    kind = drawn(BIRTH_DATE, chance)
    written = DATES[kind](born, chance) if kind and born else born
    if written != born:
        tags.append(f"born_{kind}")
    return f"{written[6:]}/{written[4:6]}/{written[:4]}" if written else ""


def _sex(sex: str, chance: Random, tags: list[str]) -> str:
    kind = drawn(SEX, chance)
    if kind and sex:
        tags.append(f"sex_{kind}")
        return {"F": "M", "M": "F"}[sex] if kind == "wrong" else ""
    return sex


def drawn(shares: dict[str, float], chance: Random) -> str:
    """The name of one kind, by its share; empty for the rest."""
    at = chance.random()
    for name, share in shares.items():
        if at < share:
            return name
        at -= share
    return ""


COMPONENTS = ("uprn", "subname", "name", "number", "streetname", "locality", "townname", "postcode")


def written_addresses(lived: Sequence[Person], seed: int, folder: Path) -> list[tuple[str, str]]:
    """Address and postcode as written by a council, with address-errors' pooled mistakes, for each person's home."""
    from address_errors import Corruptor, Profile, load_components

    parts = [(str(place), *components(home.lines), home.postcode) for place, home in enumerate(lived)]
    records = load_components(write(folder / "components.csv", COMPONENTS, parts))
    corruptor = Corruptor(Profile.load(), seed=seed)
    corruptor.index(records)
    found = corruptor.generate([record["uprn"] for record in records])
    return [(row["recorded_address"], row["recorded_postcode"]) for row in found]


UNITS = ("FLAT ", "APARTMENT ", "APT ", "UNIT ", "ROOM ", "STUDIO ")


def components(lines: Sequence[str]) -> tuple[str, str, str, str, str, str]:
    """Unit, building, number, street, locality and town of address lines, the way address-errors wants them."""
    kept = [line.upper() for line in lines if line]
    numbered = next((place for place, line in enumerate(kept) if line[0].isdigit() and " " in line), None)
    at = numbered if numbered is not None else min(1, len(kept) - 1)
    before, after = kept[:at], kept[at + 1 :]
    number, _, street = (
        kept[at].partition(" ") if numbered is not None and kept else ("", "", kept[at] if kept else "")
    )
    unit, building = "", " ".join(before)
    if building.startswith(UNITS):
        words = building.split(" ")
        unit, building = " ".join(words[:2]), " ".join(words[2:])
    town = after[-1] if after else ""
    return unit, building, number, street, after[0] if len(after) > 1 else "", town


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a UTF-8 CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
