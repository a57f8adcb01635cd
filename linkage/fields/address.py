"""An address in one text, in lines or in parts → flat, number, street, and keys under which one home is found again.

Starting values of m: Cardinal and others 2023 (CRATE), two UK health databases: no postcode in common for .300 of
records of one person, sector only for .0097; the rest is divided by estimate.
"""

import re
from functools import lru_cache

from linkage.addresses import Address, read_address
from linkage.fields import Comparison, Input, Level
from linkage.postcodes import postcode_inside, read_postcode
from linkage.text import fold, joined

_LINE = "line {} of the address"
INPUTS = (
    Input(
        "address",
        "the whole address in one column",
        (
            "Address", "Full Address", "Home Address", "Current Address", "Main Address", "Primary Address",
            "Client Address", "Person Address", "Address Text", "address.text", "Postal Address", "ADDRESS_FULL",
        ),
    ),
    Input("address_line_1", _LINE.format(1), ("Address Line 1", "ADDRESS_LINE1", "Address 1", "Addr1", "Line 1")),
    Input("address_line_2", _LINE.format(2), ("Address Line 2", "ADDRESS_LINE2", "Address 2", "Addr2", "Line 2")),
    Input("address_line_3", _LINE.format(3), ("Address Line 3", "ADDRESS_LINE3", "Address 3", "Addr3", "Line 3")),
    Input("address_line_4", _LINE.format(4), ("Address Line 4", "ADDRESS_LINE4", "Address 4", "Addr4", "Line 4")),
    Input("address_line_5", _LINE.format(5), ("Address Line 5", "ADDRESS_LINE5", "Address 5", "Addr5", "Line 5")),
    Input("flat", "flat or room", ("Flat", "FLAT_NO", "Flat Number", "Flat No", "Room", "ROOM_NO", "Unit", "SAON")),
    Input(
        "house_number",
        "number of the house",
        ("House Number", "HOUSE_NO", "House No", "House Name/Number", "House Name or Number", "Number", "PAON"),
    ),
    Input("building", "name of the building", ("Building", "Building Name", "House Name", "BUILDING")),
    Input("street", "name of the street", ("Street", "STREET", "Street Name", "Road", "Thoroughfare")),
    Input("town", "town or city", ("Town", "TOWN", "City", "Post Town", "Town/City", "Locality", "District")),
    Input("county", "county", ("County", "COUNTY", "Region")),
    Input("uprn", "Unique Property Reference Number", ("UPRN", "Property Reference", "Unique Property Reference")),
    Input(
        "previous_address",
        "former addresses, several joined by a semicolon",
        ("Previous Address", "Former Address", "Old Address", "PREVIOUS_ADDRESS", "Last Address", "Prior Address"),
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
SHOWN = ("address_received",)

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
        Level("former_place", "list_has_any(places_l, places_r)", "a former home of the person", 0.08),
        Level("same_line", "address_key_l = address_key_r", "same street and number, another postcode", 0.01),
        Level("same_postcode", "postcode_l = postcode_r", "same postcode", 0.14, term_frequency="postcode"),
        Level(
            "former_postcode",
            "list_has_any(postcodes_l, postcodes_r)",
            "a former postcode of the person",
            0.03,
        ),
        Level(
            "close_postcode",
            "length(postcode_l) = length(postcode_r) and damerau_levenshtein(postcode_l, postcode_r) = 1",
            "postcode differs by one slip",
            0.0103,
        ),
        Level("sector", "postcode_sector_l = postcode_sector_r", "nearby postcode", 0.0097),
        Level("outcode", "postcode_outcode_l = postcode_outcode_r", "postcode of the same district", 0.06),
        Level("differs", "", "address differs", 0.24),
    ),
)

_SEVERAL = re.compile(r"[;|\n]")
_CARE_HOME = re.compile(
    r"\b(?:CARE|NURSING|REST|RESIDENTIAL|RETIREMENT) HOME\b|\bRESIDENTIAL\b|\b(?:CARE|NURSING) CENTRE\b|"
    r"\bHOME FOR THE (?:ELDERLY|AGED)\b"
)
_NO_ABODE = re.compile(r"\bNFA\b|\bNO FIXED (?:ABODE|ADDRESS)\b|\bHOMELESS\b|\bROUGH SLEEP")
_NOT_KNOWN = re.compile(
    r"(?:ADDRESS )?(?:UNKNOWN|NOT KNOWN|NOT GIVEN|NOT RECORDED|NOT DISCLOSED)|NO ADDRESS|NK|N [AK]|TBC|X+"
)
_UPRN = re.compile(r"0*([1-9][0-9]{0,11})(?:\.0*)?")
_UNIT_ALONE = re.compile(r"[0-9]{1,5} ?[A-Za-z]?|[A-Za-z]")


def clean(*values: str | None) -> tuple[
    str | None, str | None, str | None, str | None, str | None, list[str], str | None, bool, str | None,
    str | None, list[str],
]:  # fmt: skip
    """One value for each of COLUMNS, from the values of READS.

    A home is POSTCODE|UNIT|NUMBER (or the building's name); without a postcode or a number or building it is None.
    """
    *lines, uprn, previous_address, postcode, previous_postcode = values
    text = _one_text(lines)
    parts, words, flags = _parsed(text) if text else (Address(), "", [])
    place = _place(parts, postcode, words) if text else None
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
        flags,
    )


def _one_text(lines: list[str | None]) -> str | None:
    flat = lines[6]
    if flat and _UNIT_ALONE.fullmatch(flat.strip()):
        lines[6] = f"Flat {flat.strip()}"
    whole, *cut = lines[:6]
    parts = lines[6:]
    if any(parts[:4]):
        # Where the address comes both in parts and in one text, the parts are surer.
        whole, cut = None, cut if not parts[3] else []
    return ", ".join([line for line in (whole, *parts[:4], *cut, *parts[4:]) if line]) or None


@lru_cache(maxsize=1 << 16)
def _parsed(text: str) -> tuple[Address, str, list[str]]:
    words = fold(text) or ""
    if _NO_ABODE.search(words):
        return Address(), words, ["no_fixed_abode"]
    if not words or _NOT_KNOWN.fullmatch(words):
        return Address(), words, ["address_unknown"]
    return read_address(text), words, []


def _place(parts: Address, postcode: str | None, words: str) -> str | None:
    home = parts.home()
    if home is None:
        return None
    value = read_postcode(postcode or postcode_inside(words)).value
    return f"{value}|{home}" if value else None


def _earlier(previous_address: str, previous_postcode: str | None) -> list[str]:
    """Homes of former addresses; each with the postcode written in it, else the one at its place in the other list."""
    texts = [piece.strip() for piece in _SEVERAL.split(previous_address)]
    postcodes = [piece.strip() for piece in _SEVERAL.split(previous_postcode or "")]
    postcodes += [""] * (len(texts) - len(postcodes))
    homes = []
    for text, beside in zip(texts, postcodes, strict=False):
        parts, words, _ = _parsed(text) if text else (Address(), "", [])
        place = _place(parts, postcode_inside(words) or beside, words)
        if place:
            homes.append(place)
    return homes
