"""The world and who is chosen → the council's records as they would be without a mistake."""

from dataclasses import dataclass, field

import numpy as np

from linkage.population.arrays import MALE, NOBODY, Flags, Generator, Ints, Text, chance
from linkage.population.clients import Selection
from linkage.population.origins import ORIGIN_NAMES
from linkage.population.register import first_service, surname_text
from linkage.population.world import World

SHARE_UPRN = 0.60
COLUMNS = (
    "Person ID", "Title", "Forename", "Middle Names", "Surname", "Preferred Name", "Previous Surname",
    "Date of Birth", "DOB Estimated", "Date of Death", "Gender", "Ethnicity", "NHS Number", "Is Client",
    "Merged Into", "Confidential", "Flat No", "House No", "Building", "Street", "Town", "County",
    "Postcode", "UPRN", "Previous Address", "Previous Postcode", "Telephone", "Mobile", "Email",
    "Service Start Date",
)  # fmt: skip
ETHNICITY = {
    "irish": "White - Irish", "caribbean": "Black - Caribbean", "pakistani": "Asian - Pakistani",
    "bangladeshi": "Asian - Bangladeshi", "indian": "Asian - Indian", "sikh": "Asian - Indian",
    "south_indian": "Asian - Other", "polish": "White - Other", "romanian": "White - Other",
    "nigerian": "Black - African", "ghanaian": "Black - African",
    "chinese_cantonese": "Chinese", "chinese_mandarin": "Chinese", "vietnamese": "Asian - Other",
    "turkish": "White - Other", "arabic": "Arab", "somali": "Black - African",
    "portuguese": "White - Other", "spanish": "White - Other", "italian": "White - Other",
}  # fmt: skip


@dataclass
class Council:
    """One entry a record; `household` is the home the council believes in, `tags` what was done to it."""

    person: Ints
    origin: Ints
    sex: Ints
    birth: Ints
    household: Ints
    columns: dict[str, Text]
    tags: dict[str, Flags] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.person)

    def __getitem__(self, column: str) -> Text:
        return self.columns[column]

    def has(self, name: str) -> Flags:
        """Which records carry a tag."""
        return self.tags.get(name, np.zeros(len(self), dtype=np.bool_))

    def tag(self, name: str, rows: Ints | Flags) -> None:
        """Note on these records what happened to them."""
        self.tags.setdefault(name, np.zeros(len(self), dtype=np.bool_))[rows] = True


def british_date(day: Ints) -> Text:
    """Days since 1970 as dd/mm/yyyy."""
    text = day.astype("datetime64[D]").astype(str)
    return np.array([f"{date[8:10]}/{date[5:7]}/{date[:4]}" for date in text], dtype=object)


def write_council(rng: Generator, world: World, selection: Selection) -> Council:
    """Records that agree with the register in everything, in the way that a council writes things."""
    people, person = world.people, selection.person
    ids = np.sort(rng.choice(9_000_000, len(person), replace=False)) + 1_000_000
    written: Text = rng.permutation(ids).astype(str).astype(object)
    blank = np.full(len(person), "", dtype=object)
    council = Council(
        person=person,
        origin=people.origin[person],
        sex=people.sex[person],
        birth=people.birth[person],
        household=people.household[person].copy(),
        columns={column: blank.copy() for column in COLUMNS},
    )
    council.columns["Person ID"] = written
    merged = selection.merged_into != NOBODY
    council["Merged Into"][merged] = written[selection.merged_into[merged]]
    council.columns["Is Client"] = np.where(selection.is_client, "Y", "N").astype(object)
    _write_person(rng, world, council)
    _write_contact(rng, world, council)
    write_address(world, council, np.arange(len(council)))
    _write_tags(world, selection, council)
    return council


def _write_person(rng: Generator, world: World, council: Council) -> None:
    person, named, register = council.person, world.named, world.register
    words = np.append(world.names.plain_text(), "")
    middle = words[named.middle[person]] + " " + words[named.second_middle[person]]
    middle = np.array([name.strip() for name in middle], dtype=object)
    kept = rng.random(len(council))
    initials = np.array([" ".join(part[:1] for part in name.split()) for name in middle], dtype=object)
    council.columns["Forename"] = words[named.given[person]]
    council.columns["Middle Names"] = np.where(kept < 0.55, middle, np.where(kept < 0.68, initials, ""))
    surname = surname_text(words, named.surname[person], named.surname_two[person], named.joiner[person])
    birth = surname_text(
        words, named.birth_surname[person], named.birth_surname_two[person], named.joiner[person]
    )
    council.columns["Surname"] = surname
    council.columns["Previous Surname"] = np.where(
        (birth != surname) & chance(rng, 0.2, len(council)), birth, ""
    )
    council.columns["Title"] = np.where(chance(rng, 0.25, len(council)), "", register.title[person])
    council.columns["Date of Birth"] = british_date(council.birth)
    council.columns["DOB Estimated"] = np.full(len(council), "N", dtype=object)
    council.columns["Gender"] = np.where(council.sex == MALE, "M", "F").astype(object)
    ethnicity = np.array([ETHNICITY.get(name, "White - British") for name in ORIGIN_NAMES], dtype=object)
    council.columns["Ethnicity"] = np.where(
        chance(rng, 0.12, len(council)), "Not stated", ethnicity[council.origin]
    )
    died = register.died[person]
    known_dead = (died != NOBODY) & chance(rng, 0.8, len(council))
    council["Date of Death"][known_dead] = british_date(died[known_dead])
    council.columns["Service Start Date"] = british_date(first_service(rng, council.birth, died))
    council.columns["Confidential"] = np.where(chance(rng, 0.003, len(council)), "Y", "N").astype(object)
    council.tag("confidential", council["Confidential"] == "Y")


def _write_contact(rng: Generator, world: World, council: Council) -> None:
    """The register's number, an older one that differs, or none."""
    register = world.register
    for column, held, share in (
        ("Telephone", register.telephone, 0.7),
        ("Mobile", register.mobile, 0.55),
        ("Email", register.email, 0.4),
    ):
        value = held[council.person]
        other = held[rng.integers(0, len(held), len(council))]
        drawn = rng.random(len(council))
        council.columns[column] = np.where(drawn < share, value, np.where(drawn < share + 0.1, other, ""))


def write_address(world: World, council: Council, rows: Ints) -> None:
    """Puts the address of the home that the council believes in into its columns."""
    addresses, home = world.addresses, council.household[rows]
    council["Flat No"][rows] = np.array(
        [flat.removeprefix("Flat ") for flat in addresses.flat[home]], dtype=object
    )
    council["House No"][rows] = addresses.number[home]
    council["Building"][rows] = addresses.building[home]
    council["Street"][rows] = addresses.street[home]
    council["Town"][rows] = addresses.town[home]
    council["County"][rows] = addresses.county[home]
    council["Postcode"][rows] = addresses.postcode[home]


def write_uprn(rng: Generator, world: World, council: Council) -> None:
    """UPRNs of the homes that the council believes in, for about 60% of the records that have a postcode."""
    has = (
        chance(rng, SHARE_UPRN, len(council))
        & (council["Postcode"] != "")
        & (council["Street"] != "No Fixed Abode")
    )
    council["UPRN"][has] = world.addresses.uprn[council.household[has]].astype(str).astype(object)


def _write_tags(world: World, selection: Selection, council: Council) -> None:
    person = council.person
    absent = ~selection.present[person]
    council.tag("not_in_register", absent)
    anyone = np.zeros(len(council), dtype=np.bool_)
    for kind, flags in selection.kin.items():
        council.tag(f"absent_{kind}_present", absent & flags[person])
        anyone |= absent & flags[person]
    council.tag("relative_present", anyone)
    council.tag("twin_present", selection.kin["twin"][person] & ~absent)
    records = np.bincount(person, minlength=len(world.people))
    council.tag("duplicate", records[person] > 1)
    council.tag("merged", council["Merged Into"] != "")
    council.tag("non_client", ~selection.is_client)
