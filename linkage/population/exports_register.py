"""The population and who is present → nhs.csv, one row for everybody on the register."""

from itertools import pairwise
from pathlib import Path

import numpy as np

from linkage.population.addresses import Addresses
from linkage.population.arrays import NOBODY, Flags, Generator, Ints, Text, chance
from linkage.population.exports import write_csv
from linkage.population.register import keeps_accents, surname_text
from linkage.population.world import World

SHARE_PACKED = 0.4
SHARE_COUNTY = 0.5
SHARE_GENDER_UNKNOWN = 0.001
COLUMNS = (
    "NHS_NUMBER", "FAMILY_NAME", "GIVEN_NAME", "OTHER_GIVEN_NAME", "PREVIOUS_FAMILY_NAME", "TITLE",
    "GENDER", "DATE_OF_BIRTH", "DATE_OF_DEATH", "ADDRESS_LINE_1", "ADDRESS_LINE_2", "ADDRESS_LINE_3",
    "ADDRESS_LINE_4", "ADDRESS_LINE_5", "POST_CODE", "PREVIOUS_ADDRESS", "PREVIOUS_POST_CODE",
    "TELEPHONE_NUMBER", "MOBILE_NUMBER", "EMAIL_ADDRESS", "GP_PRACTICE_CODE", "SENSITIVE_FLAG",
    "SUPERSEDED_NHS_NUMBERS",
)  # fmt: skip
HIDDEN_IF_SENSITIVE = COLUMNS[COLUMNS.index("ADDRESS_LINE_1") : COLUMNS.index("SENSITIVE_FLAG")]


def write_register(rng: Generator, path: Path, world: World, present: Flags) -> None:
    """nhs.csv by NHS Number, in capitals; sensitive records without address, contact details and practice."""
    who = np.flatnonzero(present)
    who = who[np.argsort(world.register.nhs_number[who].astype(np.int64))]
    columns = _names(world, who) | _addresses(rng, world, who) | _rest(rng, world, who)
    sensitive = world.register.sensitive[who]
    for column in HIDDEN_IF_SENSITIVE:
        columns[column][sensitive] = ""
    write_csv(path, {column: columns[column] for column in COLUMNS})


def _upper(text: Text) -> Text:
    return np.array([word.upper() for word in text], dtype=object)


def _names(world: World, who: Ints) -> dict[str, Text]:
    """Names in capitals; accents only with one person in five."""
    named, register = world.named, world.register
    upper, folded = np.append(_upper(world.names.text()), ""), np.append(world.names.plain_upper(), "")
    first, second, joiner = named.surname[who], named.surname_two[who], named.joiner[who]
    keeps = keeps_accents(who)
    family = np.where(
        keeps, surname_text(upper, first, second, joiner), surname_text(folded, first, second, joiner)
    )
    previous = surname_text(folded, named.birth_surname[who], named.birth_surname_two[who], joiner)
    middle = folded[named.middle[who]] + " " + folded[named.second_middle[who]]
    return {
        "FAMILY_NAME": family,
        "GIVEN_NAME": np.where(keeps, upper[named.given[who]], folded[named.given[who]]),
        "OTHER_GIVEN_NAME": np.array([text.strip() for text in middle], dtype=object),
        "PREVIOUS_FAMILY_NAME": np.where(register.previous_known[who], previous, ""),
        "TITLE": _upper(register.title[who]),
    }


def _addresses(rng: Generator, world: World, who: Ints) -> dict[str, Text]:
    """Five address lines as the register keeps them: in their place, or packed to the top."""
    addresses, home = world.addresses, world.people.household[who]
    lines = _lines(rng, addresses)
    columns: dict[str, Text] = {f"ADDRESS_LINE_{number + 1}": line[home] for number, line in enumerate(lines)}
    columns["POST_CODE"] = addresses.postcode[home]
    before = world.register.previous_household[who]
    known = before != NOBODY
    single = _single_lines(addresses)
    columns["PREVIOUS_ADDRESS"] = np.where(known, single[before], "").astype(object)
    columns["PREVIOUS_POST_CODE"] = np.where(known, addresses.postcode[before], "").astype(object)
    return columns


def _street_line(addresses: Addresses) -> Text:
    gap = np.where(addresses.number != "", " ", "").astype(object)
    line: Text = addresses.number + gap + addresses.street
    return line


def _premises_line(addresses: Addresses) -> Text:
    gap = np.where((addresses.flat != "") & (addresses.building != ""), " ", "").astype(object)
    line: Text = addresses.flat + gap + addresses.building
    return line


def _lines(rng: Generator, addresses: Addresses) -> list[Text]:
    size = len(addresses.street)
    county = np.where(chance(rng, SHARE_COUNTY, size), addresses.county, "").astype(object)
    parts = [_premises_line(addresses), _street_line(addresses), addresses.locality, addresses.town, county]
    lines = [_upper(part) for part in parts]
    packed = chance(rng, SHARE_PACKED, size)
    for _ in range(len(lines) - 1):
        for upper, lower in pairwise(lines):
            empty = packed & (upper == "")
            upper[empty] = lower[empty]
            lower[empty] = ""
    return lines


def _single_lines(addresses: Addresses) -> Text:
    """Every home in one line: premises, street, town."""
    premises = _premises_line(addresses)
    gap = np.where(premises != "", ", ", "").astype(object)
    return _upper(premises + gap + _street_line(addresses) + ", " + addresses.town)


def _rest(rng: Generator, world: World, who: Ints) -> dict[str, Text]:
    register, people = world.register, world.people
    gender = people.sex[who].astype(str).astype(object)
    unknown = np.flatnonzero(chance(rng, SHARE_GENDER_UNKNOWN, len(who)))
    gender[unknown] = np.array(["9", "0"], dtype=object)[rng.integers(0, 2, len(unknown))]
    died = _compact_date(register.died[who])
    died[register.died[who] == NOBODY] = ""
    return {
        "NHS_NUMBER": register.nhs_number[who],
        "GENDER": gender,
        "DATE_OF_BIRTH": _compact_date(people.birth[who]),
        "DATE_OF_DEATH": died,
        "TELEPHONE_NUMBER": register.telephone[who],
        "MOBILE_NUMBER": register.mobile[who],
        "EMAIL_ADDRESS": register.email[who],
        "GP_PRACTICE_CODE": register.practice[who],
        "SENSITIVE_FLAG": np.where(register.sensitive[who], "R", "").astype(object),
        "SUPERSEDED_NHS_NUMBERS": register.superseded[who],
    }


def _compact_date(day: Ints) -> Text:
    """Days since 1970 as yyyymmdd."""
    text: Text = np.char.replace(day.astype("datetime64[D]").astype(str), "-", "").astype(object)
    return text
