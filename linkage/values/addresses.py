"""An address written in any way → flat, number, building and street, and keys of the home."""

import re
from functools import cache
from typing import NamedTuple

from linkage.values.text import fold_lines, word_set


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
        """UNIT|NUMBER|STREET, which does not depend on the postcode; None if many homes would have it."""
        home = self.home()
        if home is None or not (self.street or (self.building and self.unit)):
            return None
        return f"{home}|{self.street or ''}"


_SPELLINGS = {
    "ROAD": "RD", "AVENUE": "AV AVE AVN AVEN AVENU", "CLOSE": "CL CLS CLO",
    "CRESCENT": "CR CRES CRS CRESENT CRESCENTS", "DRIVE": "DR DRV DRI", "LANE": "LN",
    "GARDENS": "GDNS GDN GARDEN GRDNS GDS", "GROVE": "GR GRV GRO", "PLACE": "PL PLC", "SQUARE": "SQ SQR",
    "TERRACE": "TER TERR TCE", "COURT": "CT CRT", "PARK": "PK", "WAY": "WY", "WALK": "WLK",
    "MEWS": "MWS", "BOULEVARD": "BVD BLVD BOUL", "PARADE": "PDE", "GREEN": "GRN", "MOUNT": "MT MNT",
    "HOUSE": "HSE HO", "BUILDINGS": "BLDG BLDGS BUILDING", "HEIGHTS": "HTS", "ESTATE": "EST",
    "COTTAGE": "COTT", "COTTAGES": "COTTS", "MANSIONS": "MANS", "APARTMENTS": "APTS", "FLATS": "FLTS",
    "LODGE": "LDG", "NORTH": "NTH", "SOUTH": "STH", "FLAT": "APARTMENT APT APPT FLT APART", "ROOM": "RM",
    "BLOCK": "BLK", "FLOOR": "FLR", "ST": "SAINT", "GROUND": "GRD GND", "FIRST": "1ST", "SECOND": "2ND",
    "THIRD": "3RD", "FOURTH": "4TH", "STREET": "STR STRT", "UPPER": "UPR", "LOWER": "LWR", "FARM": "FM",
    "CENTRE": "CENTER CTR",
}  # fmt: skip
_SPELT = {short: word for word, shorts in _SPELLINGS.items() for short in shorts.split()}
_DROPPED = word_set("THE NO NUMBER NUM")
_UNIT_WORDS = word_set(
    "FLAT UNIT ROOM STUDIO SUITE BEDSIT CHALET CARAVAN PLOT MAISONETTE PENTHOUSE BLOCK BED"
)
UNIT_SPELLINGS = _UNIT_WORDS | {short for short, word in _SPELT.items() if word in _UNIT_WORDS}
"""Words before the name of a flat or room, in all spellings."""
_FLOORS = word_set("GROUND FIRST SECOND THIRD FOURTH TOP BASEMENT UPPER LOWER GARDENS MIDDLE")
_STREET_TYPES = word_set(
    "STREET ROAD AVENUE CLOSE CRESCENT DRIVE LANE GARDENS GROVE TERRACE WAY WALK MEWS BOULEVARD PLACE "
    "SQUARE HILL RISE VIEW ROW PARADE GREEN BROW BANK FOLD CROFT GATE YARD PASSAGE ALLEY PATH QUAY WHARF "
    "ESPLANADE PROMENADE CIRCUS VALE DALE MEADOW MEADOWS CHASE COPSE DENE DELL RIDGE END PARK MOUNT "
    "BRIDGE CAUSEWAY BYPASS HEATH COMMON FIELD FIELDS CLIFF DRIFT GLADE GLEN HOLLOW LEA NOOK ORCHARD "
    "PADDOCK PADDOCKS SPINNEY STRAND TRACK WOOD WYND LOAN BRAE"
)
_SHARED = word_set(
    "COURT HOUSE MANSIONS APARTMENTS FLATS TOWER TOWERS HEIGHTS BUILDINGS POINT LODGE HALL HOME WORKS "
    "CHAMBERS"
)
_LONE = word_set(
    "COTTAGE COTTAGES FARM FARMHOUSE BUNGALOW VILLA VILLAS VICARAGE RECTORY BARN MANOR GRANGE MILL "
    "HOSPITAL HOSPICE INN CENTRE HOSTEL"
)
_BUILDINGS = _SHARED | _LONE
_DIRECTIONS = word_set("NORTH SOUTH EAST WEST")
# "Park View Care Home": a type of street before one of these is part of a building's name.
_GOES_ON = _BUILDINGS | word_set("CARE NURSING REST RESIDENTIAL RETIREMENT SHELTERED")
_ALWAYS_STREETS = word_set("STREET ROAD AVENUE CLOSE CRESCENT DRIVE LANE")
_COUNTRIES = word_set("UK ENGLAND WALES SCOTLAND GB")
UNIT_ALONE = re.compile(r"[0-9]{1,5} ?[A-Za-z]?|[A-Za-z]")
"""A flat or room without such a word."""
_HOUSE_NUMBER = re.compile(r"0*([1-9][0-9]{0,4}[A-Z]?)")
_UNIT_NAME = re.compile(r"0*([1-9][0-9]{0,4}[A-Z]?|[A-Z][0-9]{0,3})")
# Tried at the first digit only: at each of them, a text of many would take minutes.
_RANGE = re.compile(r"(?<![0-9])([0-9]+[A-Za-z]?)\s*[-–&]\s*[0-9]+[A-Za-z]?(?![0-9A-Za-z])")
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


def address_words(text: str) -> list[str]:
    """The folded words and commas of an address; only the first number of a range of house numbers."""
    if ("-" in text or "–" in text or "&" in text) and _RANGE.search(text):
        text = _RANGE.sub(r"\1", text)
    return fold_lines(text)


def read_words(words: list[str]) -> Address:
    """The parts of an address, however its lines were cut, from `address_words`; a postcode at its end is left out.

    A number before a shared building that has no number of its own is a flat: "3 Rose Court" is flat 3 of
    Rose Court. Town and county are not read.
    """
    unit, rest = _without_units(_spelt_out(words))
    start, end = _street_span(rest, 1)
    later = next((at for at in range(end + 1, len(rest)) if _number(rest[at])), 0)
    if end and later and not any(_number(token) for token in rest[:end]):
        # "Meadow View, 21 Chapel Lane": what looked like a street is the name of the house.
        second_start, second_end = _street_span(rest, later + 1)
        start, end = (second_start, second_end) if second_end else (start, end)
    return _with_street(unit, rest, start, end) if end else _without_street(unit, rest)


def _with_street(unit: str | None, rest: list[str], start: int, end: int) -> Address:
    numbers = [at for at in range(start) if _number(rest[at])]
    if not numbers:
        return Address(unit, None, _name(rest[:start]), " ".join(rest[start : end + 1]))
    last = numbers[-1]
    number = _number(rest[last]) or ""
    building = _name(rest[last + 1 : start])
    if last == start - 1 and start < end and _is_letter(rest[start]) and number.isdigit():
        number, start = number + rest[start], start + 1
    street = " ".join(rest[start : end + 1])
    if len(numbers) > 1 and not unit:
        unit = _number(rest[numbers[-2]])
    if building and not unit and building.rpartition(" ")[2] in _SHARED:
        return Address(number, None, building, street)
    return Address(unit, number, building or _name(rest[:last]), street)


def _spelt_out(words: list[str]) -> list[str]:
    tokens = [_SPELT.get(word, word) for word in words if word not in _DROPPED]
    while tokens and (tokens[-1] == _COMMA or tokens[-1] in _COUNTRIES):
        del tokens[-1]
    if tokens and not tokens[-1].isalpha():
        if _POSTCODE.fullmatch(tokens[-1]):
            del tokens[-1]
        elif len(tokens) > 1 and _INWARD.fullmatch(tokens[-1]) and _OUTWARD.fullmatch(tokens[-2]):
            del tokens[-2:]
    if "ST" in tokens:
        _tell_street_from_saint(tokens)
    return tokens


def _is_letter(token: str) -> bool:
    return len(token) == 1 and token.isalpha()


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
    """The flat or room, and the tokens that remain."""
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


def _street_span(rest: list[str], first: int) -> tuple[int, int]:
    """The first and last position of the street's name, whose type (ROAD …) is at `first` or later; 0, 0 if there is none."""
    end = 0
    for at in range(first, len(rest)):
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


def _without_street(unit: str | None, rest: list[str]) -> Address:
    numbers = [at for at, token in enumerate(rest) if _number(token)]
    first = numbers[0] if numbers else -1
    number = _number(rest[first]) if numbers else None
    after = first + 1
    while after < len(rest) and rest[after] == _COMMA:
        after += 1
    stop = rest.index(_COMMA, after) if _COMMA in rest[after:] else len(rest)
    words = rest[after:stop]
    if number and number.isdigit() and words and _is_letter(words[0]):
        number, words = number + words[0], words[1:]
    for at in range(len(words) - 1, 0, -1):
        if words[at] in _BUILDINGS:
            building = " ".join(words[: at + 1])
            if number and not unit and words[at] in _SHARED:
                return Address(number, None, building, None)
            return Address(unit, number, building, None)
    if number:
        return Address(unit, number, _name(rest[:first]), _name(words))
    return Address(unit, None, _name(words), None)


def _name(tokens: list[str]) -> str | None:
    return " ".join([token for token in tokens if token.isalpha()]) or None
