"""An address in one text, in lines or in parts → flat, number, street, and keys by which a home is recognised.

Starting values of m: Cardinal and others 2023 (CRATE), two UK health databases: no postcode in common for
.300 of records of one person, sector only for .0097; the rest is divided by estimate.
"""

import re
from typing import NamedTuple

from linkage.fields import Comparison, Input, Level
from linkage.values.address_sql import SHORTCUT as SHORTCUT
from linkage.values.addresses import UNIT_ALONE, Address, address_words, read_words
from linkage.values.postcodes import postcode_inside, read_postcode
from linkage.values.text import joined, word_set


def _line(number: int) -> Input:
    meaning = f"line {number} of the address"
    aliases = tuple(
        f"{name}{number}" for name in ("Address Line ", "Address ", "Addr ", "Line ", "Home Address ")
    )
    return Input(f"address_line_{number}", meaning, aliases)


INPUTS = (
    Input(
        "address",
        "the whole address in one column",
        (
            "Address", "Full Address", "Home Address", "Current Address", "Main Address",
            "Primary Address", "Client Address", "Person Address", "Address Text", "address.text",
            "Postal Address", "ADDRESS_FULL",
        ),
    ),
    *(_line(number) for number in range(1, 6)),
    Input("flat", "flat or room", ("Flat", "FLAT_NO", "Flat Number", "Flat No", "ROOM_NO", "Unit", "SAON")),
    Input(
        "house_number",
        "number of the house",
        ("House Number", "HOUSE_NO", "House No", "House Name/Number", "House Name or Number", "PAON"),
    ),
    Input("building", "name of the building", ("Building", "Building Name", "House Name", "BUILDING")),
    Input("street", "name of the street", ("Street", "STREET", "Street Name", "Road", "Thoroughfare")),
    Input("town", "town or city", ("Town", "TOWN", "City", "Post Town", "Town/City", "Locality", "District")),
    Input("county", "county", ("County", "COUNTY", "Region")),
    Input("uprn", "Unique Property Reference Number", ("UPRN", "Unique Property Reference")),
    Input(
        "previous_address",
        "former addresses, several joined by a semicolon",
        ("Previous Address", "Former Address", "Old Address", "PREVIOUS_ADDRESS", "Prior Address"),
    ),
)  # fmt: skip
READS = (*(declared.name for declared in INPUTS), "postcode", "previous_postcode")
COLUMNS = {
    "address_number": "VARCHAR",
    "address_unit": "VARCHAR",
    "address_street": "VARCHAR",
    "address_building": "VARCHAR",
    "place": "VARCHAR",
    "places": "VARCHAR[]",
    "address_key": "VARCHAR",
    "address_care_home": "BOOLEAN",
    "uprn": "VARCHAR",
    "address_received": "VARCHAR",
    "address_flags": "VARCHAR[]",
}

COMPARISON = Comparison(
    "address",
    (
        Level(
            "missing",
            "(coalesce(len(postcodes_l), 0) = 0 or coalesce(len(postcodes_r), 0) = 0)"
            " and (address_key_l is null or address_key_r is null)",
            "no address to compare",
            missing=True,
        ),
        Level("same_place", "place_l = place_r", "same home", 0.42, term_frequency="place"),
        Level(
            "former_place",
            "list_has_any(places_l, places_r)",
            "a former home of the person",
            0.08,
            term_frequency="place",
        ),
        Level(
            "same_line",
            "address_key_l = address_key_r",
            "same street and number, the postcode is not the same or not known",
            0.01,
            term_frequency="address_key",
        ),
        Level(
            "close_line",
            "address_number_l = address_number_r and coalesce(address_unit_l = address_unit_r, true)"
            " and jaro_winkler_similarity(address_street_l, address_street_r) >= 0.9",
            "same number and similar street",
            0.01,
            term_frequency="address_key",
        ),
        Level("same_postcode", "postcode_l = postcode_r", "same postcode", 0.14, term_frequency="postcode"),
        Level(
            "former_postcode",
            "list_has_any(postcodes_l, postcodes_r)",
            "a former postcode of the person",
            0.03,
        ),
        Level(
            "same_street",
            "jaro_winkler_similarity(address_street_l, address_street_r) >= 0.92",
            "same street, another number or town",
            0.01,
        ),
        Level(
            "close_postcode",
            "length(postcode_l) = length(postcode_r) and damerau_levenshtein(postcode_l, postcode_r) = 1",
            "postcode differs by one slip",
            0.0103,
        ),
        Level("sector", "postcode_sector_l = postcode_sector_r", "nearby postcode", 0.0097),
        Level("outcode", "postcode_outcode_l = postcode_outcode_r", "postcode of the same district", 0.06),
        Level("differs", "", "address differs", 0.22),
    ),
)

_SEVERAL = re.compile(r"[;|\n]")
_CARE_HOME = re.compile(
    r"\b(?:CARE|NURSING|REST|RETIREMENT) HOME\b|\bRESIDENTIAL\b|\b(?:CARE|NURSING) CENTRE\b|"
    r"\bHOME FOR THE (?:ELDERLY|AGED)\b"
)
_NO_ABODE = re.compile(r"\bNFA\b|\bNO FIXED (?:ABODE|ADDRESS)\b|\bHOMELESS\b|\bROUGH SLEEP")
_NO_ABODE_WORDS = word_set("NFA FIXED HOMELESS ROUGH")
_NOT_KNOWN = re.compile(
    r"(?:ADDRESS )?(?:UNKNOWN|NOT KNOWN|NOT GIVEN|NOT RECORDED|NOT DISCLOSED)|NO ADDRESS|NK|N [AK]|TBC|X+"
)
_LONGEST_NOT_KNOWN = 3
_NO_WORD = re.compile("[^A-Za-z0-9]+")
_DIGIT = re.compile("[0-9]")
_UPRN = re.compile(r"0*([1-9][0-9]{0,11})(?:\.0*)?")


class _Parsed(NamedTuple):
    parts: Address = Address()
    words: str = ""
    flags: tuple[str, ...] = ()


_NOTHING = _Parsed()


def clean(*values: str | None) -> tuple[
    str | None, str | None, str | None, str | None, str | None, list[str], str | None, bool, str | None,
    str | None, list[str],
]:  # fmt: skip
    """One value for each of COLUMNS, from the values of READS.

    A home is POSTCODE|UNIT|NUMBER (or the building's name); None without a postcode or a number or building.
    """
    *lines, uprn, previous_address, postcode, previous_postcode = values
    text = _one_text(lines)
    parts, words, flags = _parsed(text) if text else _NOTHING
    if text and not _tells_a_home(text, lines):
        parts = Address()
    place = _place(parts, postcode, words)
    places = [place] if place else []
    if previous_address:
        places = list(dict.fromkeys([*places, *_earlier(previous_address, previous_postcode)]))
    found = _UPRN.fullmatch(uprn.strip()) if uprn else None
    return (
        parts.number,
        parts.unit,
        parts.street,
        parts.building,
        place,
        places,
        parts.key(),
        _CARE_HOME.search(words) is not None,
        found[1] if found else None,
        joined(text, postcode),
        list(flags),
    )


def _one_text(lines: list[str | None]) -> str | None:
    """The lines, or the parts in the order in which they are written on an envelope."""
    whole, line_1, line_2, line_3, line_4, line_5, flat, number, building, street, town, county = lines
    if flat and UNIT_ALONE.fullmatch(flat.strip()):
        flat = f"Flat {flat.strip()}"
    cut = (line_1, line_2, line_3, line_4, line_5)
    # If the address is also given in parts, these are more reliable.
    home = [building, number, street]
    if not street:
        parts = [part for part in (building, number) if not (part and whole and _holds(whole, part))]
        home = [*parts, whole, *cut]
    return ", ".join([line for line in (flat, *home, town, county) if line]) or None


def _tells_a_home(text: str, lines: list[str | None]) -> bool:
    """Whether the text says more than a town and a county, alone or repeated; these would be read as the name of a house."""
    *home, town, county = ((line or "").strip().lower() for line in lines)
    return any(line not in ("", town, county) for line in home) or _DIGIT.search(text) is not None


def _holds(whole: str, part: str) -> bool:
    """Whether the words of `part` occur in `whole` one after the other, whatever the case."""
    text, words = (f" {_NO_WORD.sub(' ', each).strip().upper()} " for each in (whole, part))
    return words in text


def _parsed(text: str) -> _Parsed:
    """The parts of the address, its folded words (only if something is sought in them), and flags."""
    tokens = address_words(text)
    if not tokens:
        return _Parsed(flags=("address_unknown",) if text.strip() else ())
    if not _NO_ABODE_WORDS.isdisjoint(tokens) and _NO_ABODE.search(" ".join(tokens)):
        return _Parsed(flags=("no_fixed_abode",))
    if len(tokens) <= _LONGEST_NOT_KNOWN and _NOT_KNOWN.fullmatch(" ".join(tokens)):
        return _Parsed(flags=("address_unknown",))
    return _Parsed(read_words(tokens), " ".join(tokens))


def _place(parts: Address, postcode: str | None, words: str) -> str | None:
    home = parts.home()
    if home is None:
        return None
    value = read_postcode(postcode or postcode_inside(words)).value
    return f"{value}|{home}" if value else None


def _earlier(previous_address: str, previous_postcode: str | None) -> list[str]:
    """The homes of former addresses, each with the postcode written in it, or else the former postcode at the same position."""
    texts = _SEVERAL.split(previous_address)
    beside = [piece.strip() for piece in _SEVERAL.split(previous_postcode or "")]
    beside += [""] * (len(texts) - len(beside))
    homes = []
    for text, postcode in zip(texts, beside, strict=False):
        parts, words, _ = _parsed(text)
        if place := _place(parts, postcode_inside(words) or postcode, words):
            homes.append(place)
    return homes
