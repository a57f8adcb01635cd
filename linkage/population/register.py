"""People, names and addresses → the NHS register: numbers, history, contact details, one row a person."""

from dataclasses import dataclass

import numpy as np

from linkage.population.addresses import Addresses
from linkage.population.arrays import (
    DAYS_IN_YEAR,
    FEMALE,
    NOBODY,
    TODAY,
    Flags,
    Generator,
    Ints,
    Text,
    ages_of,
    chance,
    days,
    years_of,
)
from linkage.population.households import CARE_HOME, CHILD, HOSTEL, People
from linkage.population.names import Names
from linkage.population.origins import convention
from linkage.population.people import HYPHEN, PersonNames

SHARE_DEAD = 0.02
SHARE_MOVED_TOGETHER, SHARE_MOVED_ALONE = 0.24, 0.07
PREVIOUS_SURNAME_KNOWN = 0.7
SHARE_SUPERSEDED, SHARE_SENSITIVE = 0.002, 0.003
PEOPLE_IN_PRACTICE = 9_000
MAIL_HOSTS = np.array(["example.com", "example.org", "example.net", "mail.example.com"], dtype=object)


@dataclass
class Register:
    """One entry a person, aligned with `People`; text is empty where nothing is known."""

    nhs_number: Text
    superseded: Text
    title: Text
    previous_known: Flags
    died: Ints
    previous_household: Ints
    telephone: Text
    mobile: Text
    email: Text
    practice: Text
    sensitive: Flags


def surname_text(words: Text, first: Ints, second: Ints, joiner: Ints) -> Text:
    """Surnames of one or two parts as they are written, from name codes."""
    text: Text = words[first]
    two = np.flatnonzero(second != NOBODY)
    text[two] = text[two] + np.where(joiner[two] == HYPHEN, "-", " ").astype(object) + words[second[two]]
    return text


def keeps_accents(person: Ints) -> Flags:
    """For whom the register kept the accents of the name: one person in five."""
    flags: Flags = person % 5 == 0
    return flags


def register_everybody(
    rng: Generator, people: People, names: Names, named: PersonNames, addresses: Addresses
) -> Register:
    """What the register holds on every person; birth dates of some become 1 January of the same year."""
    count = len(people)
    _unknown_birthdays(rng, people)
    numbers = nhs_numbers(rng, count + int(count * SHARE_SUPERSEDED) + 1)
    superseded = np.full(count, "", dtype=object)
    key = rng.exponential(size=count) / np.maximum(10.0, ages_of(people.birth))
    old = np.argsort(key, kind="stable")[: int(count * SHARE_SUPERSEDED)]
    superseded[old] = numbers[count : count + len(old)]
    changed = (named.birth_surname != named.surname) | (named.birth_surname_two != named.surname_two)
    telephone, mobile = _telephones(rng, people)
    sensitive = chance(rng, SHARE_SENSITIVE, count)
    return Register(
        nhs_number=numbers[:count],
        superseded=superseded,
        title=_titles(rng, people),
        previous_known=changed & chance(rng, PREVIOUS_SURNAME_KNOWN, count),
        died=_deaths(rng, people),
        previous_household=_moves(rng, people),
        telephone=telephone,
        mobile=mobile,
        email=_emails(rng, people, names, named),
        practice=_practices(rng, people, addresses),
        sensitive=sensitive,
    )


def _unknown_birthdays(rng: Generator, people: People) -> None:
    rate = convention("first_of_january")[people.origin] * np.where(ages_of(people.birth) > 30, 1.0, 0.25)
    unknown = np.flatnonzero((rng.random(len(people)) < rate) & (people.twin == NOBODY))
    first = (years_of(people.birth[unknown]) - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    people.birth[unknown] = first.astype(np.int64)


def nhs_numbers(rng: Generator, count: int) -> Text:
    """Distinct NHS Numbers of the range that is never issued (9xxxxxxxxx), with valid check digits."""
    wanted = int(count * 1.25) + 50
    stems = np.unique(rng.integers(900_000_000, 1_000_000_000, wanted))
    stems = rng.permutation(stems)
    total = np.zeros(len(stems), dtype=np.int64)
    left = stems.copy()
    for weight in range(2, 11):
        total += left % 10 * weight
        left //= 10
    check = (11 - total % 11) % 11
    usable = np.flatnonzero(check != 10)[:count]
    text: Text = (stems[usable] * 10 + check[usable]).astype(str).astype(object)
    return text


def _titles(rng: Generator, people: People) -> Text:
    age = ages_of(people.birth)
    married = people.spouse != NOBODY
    woman = people.sex == FEMALE
    older_woman = np.where(age > 55, "Mrs", "Ms")
    women = np.where(
        married,
        np.where(chance(rng, 0.85, len(people)), "Mrs", "Ms"),
        np.where(age < 40, "Miss", older_woman),
    )
    men = np.where(age < 16, "Master", "Mr")
    title = np.where(woman, women, men).astype(object)
    title[chance(rng, 0.012, len(people)) & (age > 26)] = "Dr"
    title[chance(rng, 0.12, len(people))] = ""
    return title


def _deaths(rng: Generator, people: People) -> Ints:
    """Day of death of two in a hundred, mostly the old, or NOBODY."""
    age = ages_of(people.birth)
    risk = np.exp(age / 11.0)
    rate = np.minimum(0.6, risk * SHARE_DEAD * len(people) / risk.sum())
    dead = np.flatnonzero(rng.random(len(people)) < rate)
    died = np.full(len(people), NOBODY)
    since = rng.integers(3, 1500, len(dead))
    died[dead] = np.maximum(TODAY - since, people.birth[dead] + 1)
    return died


def _moves(rng: Generator, people: People) -> Ints:
    """The home that people lived in before, or NOBODY: another in the area, or their parents'."""
    households = len(people.kinds)
    together = np.where(
        chance(rng, SHARE_MOVED_TOGETHER, households), _any_home(rng, people, households), NOBODY
    )
    previous = together[people.household]
    born_since = (ages_of(people.birth) < 8) & chance(rng, 0.5, len(people))
    previous[born_since] = NOBODY
    alone = np.flatnonzero((previous == NOBODY) & chance(rng, SHARE_MOVED_ALONE, len(people)))
    previous[alone] = _any_home(rng, people, len(alone))
    in_care = np.flatnonzero((people.kind == CARE_HOME) & chance(rng, 0.75, len(people)))
    previous[in_care] = _any_home(rng, people, len(in_care))
    parent = np.where(people.father != NOBODY, people.father, people.mother)
    left_home = (
        (people.role != CHILD) & (parent != NOBODY) & (previous != NOBODY) & chance(rng, 0.4, len(people))
    )
    parents_home = people.household[parent]
    previous[left_home] = parents_home[left_home]
    previous[previous == people.household] = NOBODY
    return previous


def _any_home(rng: Generator, people: People, count: int) -> Ints:
    homes = np.flatnonzero((people.kinds != CARE_HOME) & (people.kinds != HOSTEL))
    return homes[rng.integers(0, len(homes), count)]


def _telephones(rng: Generator, people: People) -> tuple[Text, Text]:
    """Landlines by household in 01632, a code not in use; mobiles in 071, a range not given out."""
    age = ages_of(people.birth)
    households = len(people.kinds)
    has_line = chance(rng, 0.55, households)[people.household] | (
        chance(rng, 0.6, households)[people.household] & (age > 65)
    )
    line = rng.integers(200_000, 1_000_000, households)[people.household]
    telephone = np.full(len(people), "", dtype=object)
    shown = np.flatnonzero(has_line & (age > 1))
    telephone[shown] = "01632 " + line[shown].astype(str).astype(object)
    mobile = np.full(len(people), "", dtype=object)
    owners = np.flatnonzero(
        chance(rng, 0.78, len(people)) & (age > 15) & ((age < 70) | chance(rng, 0.6, len(people)))
    )
    number = 7_100_000_000 + rng.integers(0, 100_000_000, len(people))
    mobile[owners] = "0" + number[owners].astype(str).astype(object)
    mothers = np.flatnonzero((age < 16) & (people.mother != NOBODY) & chance(rng, 0.8, len(people)))
    mobile[mothers] = mobile[people.mother[mothers]]
    return telephone, mobile


def _emails(rng: Generator, people: People, names: Names, named: PersonNames) -> Text:
    age = ages_of(people.birth)
    rate = np.where(age < 16, 0.0, np.where(age < 70, 0.5, 0.2))
    who = np.flatnonzero(rng.random(len(people)) < rate)
    lower = np.array(
        [word.lower().replace(" ", "").replace("'", "") for word in names.plain_upper()], dtype=object
    )
    dot = np.array([".", "", "_"], dtype=object)[rng.integers(0, 3, len(who))]
    digits = rng.integers(1, 100, len(who)).astype(str).astype(object)
    host = MAIL_HOSTS[rng.integers(0, len(MAIL_HOSTS), len(who))]
    email = np.full(len(people), "", dtype=object)
    email[who] = lower[named.given[who]] + dot + lower[named.surname[who]] + digits + "@" + host
    return email


def _practices(rng: Generator, people: People, addresses: Addresses) -> Text:
    """A practice of the outcode; code V81999 (practice not known) for a few."""
    outcodes = int(addresses.outcode.max()) + 1
    each = max(2, len(people) // (PEOPLE_IN_PRACTICE * outcodes))
    number = (
        addresses.outcode[people.household] * each
        + rng.integers(0, each, len(people.kinds))[people.household]
    )
    codes = np.array([f"P9{code:04d}" for code in range(outcodes * each)], dtype=object)
    practice: Text = codes[number]
    practice[chance(rng, 0.01, len(people))] = "V81999"
    return practice


def first_service(rng: Generator, birth: Ints, died: Ints) -> Ints:
    """Day on which someone's service began: in the last twelve years, as an adult, before any death."""
    latest = np.where(died == NOBODY, TODAY, died)
    earliest = np.maximum(days("2013-10-01"), birth + int(18 * DAYS_IN_YEAR))
    started: Ints = earliest + (rng.random(len(birth)) * np.maximum(1, latest - earliest)).astype(np.int64)
    return started
