"""An address written in any manner → flat, number, building and street in one spelling, and keys of the home."""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from linkage.text import fold_lines


class Address(NamedTuple):
    """Parts of one address, upper case; None where there is none."""

    unit: str | None = None
    number: str | None = None
    building: str | None = None
    street: str | None = None

    def home(self) -> str | None:
        """UNIT|NUMBER (or the building's name if there is no number); None without either."""
        named = self.number or self.building
        return f"{self.unit or ''}|{named}" if named else None

    def key(self) -> str | None:
        """UNIT|NUMBER|STREET, which survives a wrong postcode; None if that would fit many homes."""
        home = self.home()
        if home is None or not (self.street or (self.building and self.unit)):
            return None
        return f"{home}|{self.street or ''}"


_SPELLINGS = {
    "ROAD": "RD", "AVENUE": "AV AVE AVN AVEN AVENU", "CLOSE": "CL CLS CLO", "CRESCENT": "CR CRES CRS CRESENT CRESCENTS",
    "DRIVE": "DR DRV DRI", "LANE": "LN LA", "GARDENS": "GDNS GDN GARDEN GRDNS GDS", "GROVE": "GR GRV GRO",
    "PLACE": "PL PLC", "SQUARE": "SQ SQR", "TERRACE": "TER TERR TCE", "COURT": "CT CRT", "PARK": "PK", "WAY": "WY",
    "WALK": "WLK", "MEWS": "MWS", "BOULEVARD": "BVD BLVD BOUL", "PARADE": "PDE", "GREEN": "GRN", "MOUNT": "MT MNT",
    "HOUSE": "HSE HO", "BUILDINGS": "BLDG BLDGS BUILDING", "HEIGHTS": "HTS", "ESTATE": "EST", "COTTAGE": "COTT",
    "COTTAGES": "COTTS", "MANSIONS": "MANS", "APARTMENTS": "APTS", "FLATS": "FLTS", "LODGE": "LDG", "NORTH": "NTH",
    "SOUTH": "STH", "FLAT": "APARTMENT APT APPT FLT APART", "ROOM": "RM", "BLOCK": "BLK", "FLOOR": "FLR", "ST": "SAINT",
    "GROUND": "GRD GND", "FIRST": "1ST", "SECOND": "2ND", "THIRD": "3RD", "FOURTH": "4TH", "STREET": "STR STRT",
    "UPPER": "UPR", "LOWER": "LWR", "FARM": "FM", "CENTRE": "CENTER CTR",
}  # fmt: skip
_SPELT = {short: word for word, shorts in _SPELLINGS.items() for short in shorts.split()}
_DROPPED = frozenset("THE NO NUMBER NUM".split())
_UNIT_WORDS = frozenset(
    "FLAT UNIT ROOM STUDIO SUITE BEDSIT CHALET CARAVAN PLOT MAISONETTE PENTHOUSE BLOCK BED".split()
)
_FLOORS = frozenset("GROUND FIRST SECOND THIRD FOURTH TOP BASEMENT UPPER LOWER GARDENS MIDDLE".split())
_STREET_TYPES = frozenset(
    "STREET ROAD AVENUE CLOSE CRESCENT DRIVE LANE GARDENS GROVE TERRACE WAY WALK MEWS BOULEVARD PLACE SQUARE HILL RISE "
    "VIEW ROW PARADE GREEN BROW BANK FOLD CROFT GATE YARD PASSAGE ALLEY PATH QUAY WHARF ESPLANADE PROMENADE CIRCUS VALE "
    "DALE MEADOW MEADOWS CHASE COPSE DENE DELL RIDGE END PARK MOUNT BRIDGE CAUSEWAY BYPASS HEATH COMMON FIELD FIELDS "
    "CLIFF DRIFT GLADE GLEN HOLLOW LEA NOOK ORCHARD PADDOCK PADDOCKS SPINNEY STRAND TRACK WOOD WYND LOAN BRAE".split()
)
_SHARED = frozenset(
    "COURT HOUSE MANSIONS APARTMENTS FLATS TOWER TOWERS HEIGHTS BUILDINGS POINT LODGE HALL HOME WORKS CHAMBERS".split()
)
_LONE = frozenset(
    "COTTAGE COTTAGES FARM FARMHOUSE BUNGALOW VILLA VILLAS VICARAGE RECTORY BARN MANOR GRANGE MILL HOSPITAL HOSPICE INN "
    "CENTRE HOSTEL".split()
)
_BUILDINGS = _SHARED | _LONE
_DIRECTIONS = frozenset("NORTH SOUTH EAST WEST".split())
# "Park View Care Home": a type of street before one of these is part of a building's name.
_GOES_ON = _BUILDINGS | frozenset("CARE NURSING REST RESIDENTIAL RETIREMENT SHELTERED".split())
_ALWAYS_STREETS = frozenset("STREET ROAD AVENUE CLOSE CRESCENT DRIVE LANE".split())
_COUNTRIES = frozenset("UK ENGLAND WALES SCOTLAND GB".split())
_HOUSE_NUMBER = re.compile(r"0*([1-9][0-9]{0,4}[A-Z]?)")
_UNIT_NAME = re.compile(r"0*([1-9][0-9]{0,4}[A-Z]?|[A-Z][0-9]{0,3})")
_RANGE = re.compile(r"([0-9]+[A-Za-z]?)\s*[-–/&]\s*[0-9]+[A-Za-z]?(?![0-9A-Za-z])")
_OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?")
_INWARD = re.compile(r"[0-9][A-Z]{2}")
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}")
_COMMA = ","


@cache
def _number(token: str) -> str | None:
    found = _HOUSE_NUMBER.fullmatch(token)
    return found[1] if found else None


@cache
def _unit_name(token: str) -> str | None:
    found = _UNIT_NAME.fullmatch(token)
    return found[1] if found else None


@lru_cache(maxsize=1 << 16)
def read_address(text: str) -> Address:
    """The parts of an address, however its lines were cut; a postcode at its end is left out.

    A number before a shared building without a number of its own is a flat: "3 Rose Court" is flat 3 of Rose Court.
    Of a range of house numbers the first is kept. Town and county are not read.
    """
    units, rest = _without_units(_tokens(text))
    start, end = _street_span(rest)
    if start == end:
        return _without_street(units, rest)
    street = " ".join(rest[start : end + 1])
    numbers = [at for at in range(start) if _number(rest[at])]
    number = _number(rest[numbers[-1]]) if numbers else None
    if len(numbers) > 1 and not units:
        units = _number(rest[numbers[-2]])
    after = numbers[-1] + 1 if numbers else 0
    building = _words(rest[after:start])
    if building is None and numbers:
        building = _words(rest[: numbers[-1]])
    elif (
        building
        and number
        and not units
        and rest[start - 1 if rest[start - 1] != _COMMA else start - 2] in _SHARED
    ):
        return Address(number, None, building, street)
    return Address(units, number, building, street)


def _tokens(text: str) -> list[str]:
    if not text.isalnum() and _RANGE.search(text):
        text = _RANGE.sub(r"\1", text)
    tokens = [_SPELT.get(token, token) for token in fold_lines(text) if token not in _DROPPED]
    for at in range(len(tokens) - 1, 0, -1):
        if len(tokens[at]) == 1 and tokens[at].isalpha() and tokens[at - 1].isdigit():
            tokens[at - 1 : at + 1] = [tokens[at - 1] + tokens[at]]
    while tokens and (tokens[-1] == _COMMA or tokens[-1] in _COUNTRIES):
        del tokens[-1]
    if tokens and _POSTCODE.fullmatch(tokens[-1]):
        del tokens[-1]
    elif len(tokens) > 1 and _INWARD.fullmatch(tokens[-1]) and _OUTWARD.fullmatch(tokens[-2]):
        del tokens[-2:]
    if "ST" in tokens:
        _tell_street_from_saint(tokens)
    return tokens


def _tell_street_from_saint(tokens: list[str]) -> None:
    for at, token in enumerate(tokens):
        if token != "ST" or at == 0 or not tokens[at - 1].isalpha() or tokens[at - 1] in _ALWAYS_STREETS:
            continue
        following = tokens[at + 1 : at + 4]
        if _COMMA in following:
            following = following[: following.index(_COMMA)]
        if not any(word in _STREET_TYPES or word == "ST" for word in following[1:]):
            tokens[at] = "STREET"


def _without_units(tokens: list[str]) -> tuple[str | None, list[str]]:
    """The flat or room, and the tokens that are left."""
    if _UNIT_WORDS.isdisjoint(tokens) and "FLOOR" not in tokens:
        return None, tokens
    units, floor, rest, at = [], None, [], 0
    while at < len(tokens):
        token, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else _COMMA
        if token in _FLOORS and following in ("FLOOR", "FLAT"):
            floor = token
            at += 3 if following == "FLOOR" and tokens[at + 2 : at + 3] == ["FLAT"] else 2
        elif token in _UNIT_WORDS and (unit := _unit_name(following)):
            units.append(unit)
            at += 2
        else:
            if token != "FLAT":
                rest.append(token)
            at += 1
    return ".".join(sorted(set(units))) or floor, rest


def _street_span(rest: list[str]) -> tuple[int, int]:
    """Places of the first and the last word of the street's name; the same place twice if no street is found."""
    end = 0
    for at in range(1, len(rest)):
        if rest[at] in _STREET_TYPES and rest[at - 1].isalpha():
            following = rest[at + 1] if at + 1 < len(rest) else _COMMA
            if rest[at] in _ALWAYS_STREETS or following not in _GOES_ON:
                end = at
                break
    if end == 0:
        return 0, 0
    while end + 1 < len(rest) and (rest[end + 1] in _STREET_TYPES or rest[end + 1] in _DIRECTIONS):
        end += 1
    start = end
    while start > 0 and rest[start - 1].isalpha():
        start -= 1
    # "Rose Court High Street": the building ends where at least two words are left for the street.
    for at in range(end - 2, start, -1):
        if rest[at] in _BUILDINGS:
            start = at + 1
            break
    return start, end


def _without_street(units: str | None, rest: list[str]) -> Address:
    numbers = [at for at, token in enumerate(rest) if _number(token)]
    first = numbers[0] if numbers else -1
    number = _number(rest[first]) if numbers else None
    after = first + 1
    while after < len(rest) and rest[after] == _COMMA:
        after += 1
    stop = rest.index(_COMMA, after) if _COMMA in rest[after:] else len(rest)
    words = rest[after:stop]
    for at in range(len(words) - 1, 0, -1):
        if words[at] in _BUILDINGS:
            building = " ".join(words[: at + 1])
            if number and not units and words[at] in _SHARED:
                return Address(number, None, building, None)
            return Address(units, number, building, None)
    if number:
        return Address(units, number, _words(rest[:first]), _words(words))
    return Address(units, None, _words(words), None)


def _words(tokens: list[str]) -> str | None:
    return " ".join([token for token in tokens if token.isalpha()]) or None
