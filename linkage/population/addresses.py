"""Kinds of households → an address for each, from flat number to postcode and UPRN."""

from dataclasses import dataclass

import numpy as np
import pyarrow.parquet as parquet

from linkage.population.arrays import Generator, Ints, Text, chance, pick
from linkage.population.households import CARE_HOME, HOSTEL
from linkage.population.names import REFERENCE, plain
from linkage.population.origins import IMMIGRANT_FAMILY

HOUSEHOLDS_IN_POSTCODE = 15
PEOPLE_IN_OUTCODE = 15_000
COUNCIL_SHARE = 0.6
SHARE_NEAR, NEAR = 0.5, 0.03
AREAS = ("OL", "M", "BL", "SK", "WN", "HX", "HD", "BB", "PR", "WA")
COUNTIES = {
    "HX": "West Yorkshire",
    "HD": "West Yorkshire",
    "BB": "Lancashire",
    "PR": "Lancashire",
    "WA": "Cheshire",
}
UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
COMMON_STREETS = (
    "High Street", "Church Street", "Station Road", "Church Road", "Victoria Road", "Park Road",
    "Manchester Road", "London Road", "Mill Lane", "Queens Road", "Church Lane", "Green Lane",
    "Albert Road", "Kings Road", "Park Avenue", "Grange Road", "Main Street", "New Street",
)  # fmt: skip
BUILDING_WORDS = (
    "Albert", "Alexandra", "Ashleigh", "Beech", "Belmont", "Birch", "Bridge", "Broadoak", "Brook", "Castle",
    "Cedar", "Chestnut", "Church", "Clarence", "Clifton", "Cranmer", "Derby", "Edgeworth", "Elm",
    "Fairfield", "Fern", "George", "Glebe", "Grange", "Hawthorn", "Hazel", "Heath", "Highfield", "Hill",
    "Hollins", "Holly", "Holme", "Ivy", "Kings", "Lakeside", "Larch", "Laurel", "Lime", "Linden", "Lodge",
    "Maple", "Meadow", "Mill", "Moorland", "Nelson", "Oak", "Oakdene", "Orchard", "Park", "Pine", "Poplar",
    "Primrose", "Queens", "Rectory", "Riverside", "Rose", "Rowan", "Royal", "St Anne's", "St George's",
    "St Mary's", "Stanley", "Station", "Sycamore", "Tudor", "Victoria", "Wellington", "Westfield", "Willow",
    "Windsor", "Woodland", "Wren", "Yew Tree",
)  # fmt: skip
BLOCKS = ("Court", "House", "Mansions", "Point", "Heights", "Lodge")
COTTAGES = ("Cottage", "House", "Lodge", "Barn", "Bungalow", "Villa")
CARE_HOMES = (
    "House",
    "Lodge",
    "Court",
    "Care Home",
    "Nursing Home",
    "Residential Home",
    "Manor",
    "Grange",
    "View",
)
HOUSE, BLOCK, CONVERTED, NAMED, LETTERED, INSTITUTION = range(6)
DWELLING_SHARES = np.array([0.77, 0.11, 0.06, 0.03, 0.03])


@dataclass
class Addresses:
    """One entry a household; empty text where a part is not used; `inside` is 1 in the council's area."""

    flat: Text
    building: Text
    number: Text
    street: Text
    locality: Text
    town: Text
    county: Text
    postcode: Text
    outcode: Ints
    inside: Ints
    uprn: Ints

    def line(self, household: int) -> str:
        """One address in one line, without its postcode."""
        street = f"{self.number[household]} {self.street[household]}".strip()
        parts = (self.flat[household], self.building[household], street, self.town[household])
        return ", ".join(part for part in parts if part)


@dataclass
class Postcodes:
    """One entry a postcode: its text, outcode number and street number; then the outcodes' towns."""

    text: Text
    outcode: Ints
    street: Ints
    towns: list[tuple[str, str, list[str]]]


def house_everybody(rng: Generator, kinds: Ints, origins: Ints, people: int) -> Addresses:
    """Addresses in a council area and its neighbours, about fifteen households to a postcode."""
    count = len(kinds)
    postcodes = _make_postcodes(rng, -(-count // HOUSEHOLDS_IN_POSTCODE), people)
    streets = _street_names(rng, int(postcodes.street.max()) + 1)
    postcode = _neighbourhoods(rng, origins, len(postcodes.text))
    dwelling = _dwellings(rng, kinds, postcode, len(postcodes.text))
    position = _positions(postcodes.street[postcode])
    outcode = postcodes.outcode[postcode]
    localities = [localities for _, _, localities in postcodes.towns]
    locality = _localities(rng, localities, postcodes.street[postcode], outcode)
    flat, building, number = _premises(rng, kinds, dwelling, position, postcode)
    return Addresses(
        flat=flat,
        building=building,
        number=number,
        street=streets[postcodes.street[postcode]],
        locality=locality,
        town=np.array([town for town, _, _ in postcodes.towns], dtype=object)[outcode],
        county=np.array([county for _, county, _ in postcodes.towns], dtype=object)[outcode],
        postcode=postcodes.text[postcode],
        outcode=outcode,
        inside=(outcode < max(1, round(len(postcodes.towns) * COUNCIL_SHARE))).astype(np.int64),
        uprn=10_001_000_000 + rng.permutation(count) * 3 + rng.integers(0, 3, count),
    )


def _neighbourhoods(rng: Generator, origins: Ints, postcodes: int) -> Ints:
    """A postcode for each household; half of the households from abroad live near others of their origin."""
    anywhere = rng.integers(0, postcodes, len(origins))
    centre = rng.integers(0, postcodes, int(origins.max()) + 1)[origins]
    near = (centre + rng.normal(0, NEAR * postcodes, len(origins)).astype(np.int64)) % postcodes
    clustered = IMMIGRANT_FAMILY[origins] & chance(rng, SHARE_NEAR, len(origins))
    return np.where(clustered, near, anywhere)


def _make_postcodes(rng: Generator, count: int, people: int) -> Postcodes:
    rows = parquet.read_table(REFERENCE / "places.parquet").to_pylist()
    area_of = [row["outcode"].rstrip("0123456789") for row in rows]
    ordered = [row for area in AREAS for row, found in zip(rows, area_of, strict=True) if found == area]
    outcodes = ordered[: max(4, people // PEOPLE_IN_OUTCODE)]
    weights = np.array([row["weight"] for row in outcodes], dtype=np.float64)
    outcode = np.sort(pick(rng, weights, count))
    units = np.zeros(count, dtype=np.int64)
    for number in range(len(outcodes)):
        members = np.flatnonzero(outcode == number)
        sectors = max(3, min(10, len(members) // 40 + 2))
        units[members] = np.sort(rng.permutation(sectors * 400)[: len(members)])
    letters = np.array([first + second for first in UNIT_LETTERS for second in UNIT_LETTERS], dtype=object)
    sector = (units // 400).astype(str).astype(object)
    text = (
        np.array([row["outcode"] + " " for row in outcodes], dtype=object)[outcode]
        + sector
        + letters[units % 400]
    )
    starts = chance(rng, 0.45, count) | (np.diff(outcode, prepend=np.int64(-1)) != 0)
    towns = [_place(row) for row in outcodes]
    return Postcodes(text, outcode, np.cumsum(starts) - 1, towns)


def _place(row: dict[str, str]) -> tuple[str, str, list[str]]:
    """Post town, county and localities of an outcode."""
    town = "-".join(
        part if part in ("under", "in", "le") else part.capitalize()
        for part in row["town"].lower().split("-")
    )
    town = " ".join(part[:1].upper() + part[1:] for part in town.split(" "))
    localities = [plain(name) for name in row["localities"].split(";") if name and plain(name) != town]
    county = COUNTIES.get(row["outcode"].rstrip("0123456789"), "Greater Manchester")
    return town, county, localities


def _street_names(rng: Generator, count: int) -> Text:
    listed = parquet.read_table(REFERENCE / "streets.parquet")["street"].to_pylist()
    words = np.array([*COMMON_STREETS, *listed], dtype=object)
    weights = np.array([12.0] * len(COMMON_STREETS) + [1.0] * len(listed))
    return words[pick(rng, weights, count)]


def _dwellings(rng: Generator, kinds: Ints, postcode: Ints, postcodes: int) -> Ints:
    """What each household lives in; all homes of a postcode are of one sort, but for a few."""
    by_postcode = pick(rng, DWELLING_SHARES, postcodes)[postcode]
    plain_house = chance(rng, 0.12, len(kinds)) & (by_postcode != BLOCK)
    dwelling = np.where(plain_house, HOUSE, by_postcode)
    return np.where((kinds == CARE_HOME) | (kinds == HOSTEL), INSTITUTION, dwelling)


def _positions(group: Ints) -> Ints:
    """Position of every row within its group: 0, 1, 2 …"""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=np.int64(-1)))
    lengths = np.diff(np.append(starts, len(group)))
    position = np.empty(len(group), dtype=np.int64)
    position[order] = np.arange(len(group)) - np.repeat(starts, lengths)
    return position


def _localities(rng: Generator, localities: list[list[str]], street: Ints, outcode: Ints) -> Text:
    """A locality of the outcode for about half of the streets."""
    counts = np.array([len(names) for names in localities])
    drawn = rng.integers(0, 1_000_000, int(street.max()) + 1)[street]
    table = np.full((len(localities), max(1, int(counts.max()))), "", dtype=object)
    for number, names in enumerate(localities):
        table[number, : len(names)] = names
    chosen: Text = table[outcode, drawn % np.maximum(1, counts[outcode])]
    chosen[drawn % 1000 < 450] = ""
    return chosen


def _premises(
    rng: Generator, kinds: Ints, dwelling: Ints, position: Ints, postcode: Ints
) -> tuple[Text, Text, Text]:
    """Flat, building and house number as text; the homes of a block share its name and number."""
    count = len(kinds)
    flat, building = np.full(count, "", dtype=object), np.full(count, "", dtype=object)
    numbers = position + 1
    unit = _positions(postcode) + 1
    shared = (dwelling == BLOCK) | (dwelling == CONVERTED)
    numbers = np.where(dwelling == BLOCK, postcode % 90 + 1, np.where(shared, numbers // 4 * 4 + 2, numbers))
    number = numbers.astype(str).astype(object)
    number[dwelling == LETTERED] += np.array(["A", "B"], dtype=object)[position[dwelling == LETTERED] % 2]
    unit = np.where(dwelling == CONVERTED, position % 4 + 1, unit)
    flat[shared] = "Flat " + unit[shared].astype(str).astype(object)
    words = np.array(BUILDING_WORDS, dtype=object)
    drawn = rng.integers(0, len(words), int(postcode.max()) + 1)[postcode]
    for sort, endings in ((BLOCK, BLOCKS), (NAMED, COTTAGES), (INSTITUTION, CARE_HOMES)):
        rows = np.flatnonzero(dwelling == sort)
        each = drawn[rows] if sort == BLOCK else rng.integers(0, len(words), len(rows))
        ending = np.array(endings, dtype=object)[(each * 7 + postcode[rows]) % len(endings)]
        building[rows] = words[each] + " " + ending
    hostels = np.flatnonzero(kinds == HOSTEL)
    building[hostels] = words[drawn[hostels]] + " Hostel"
    number[(dwelling == NAMED) & (position % 3 > 0)] = ""
    return flat, building, number
