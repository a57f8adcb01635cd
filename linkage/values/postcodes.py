"""A postcode as received → the postcode with one space, or what its absence means."""

import re
from functools import lru_cache
from typing import NamedTuple

from linkage.values.text import fold, word_set


class Postcode(NamedTuple):
    """A postcode such as "M13 0AQ" or None, and a flag or ""."""

    value: str | None
    flag: str = ""


NO_FIXED_ABODE, UNKNOWN, OVERSEAS, INVALID = (
    "no_fixed_abode",
    "postcode_unknown",
    "postcode_overseas",
    "postcode_invalid",
)

_SHAPE = re.compile(r"([A-Z]{1,2})([0-9][0-9A-Z]?)([0-9])([A-Z]{2})")
_WRITTEN = re.compile(r"([A-Z]{1,2})([0-9][0-9A-Z]?) ([0-9])([A-Z]{2})")
_OTHER_CODE = re.compile(r"(?=[A-Z]*[0-9])[A-Z0-9]{2,9}")
_INSIDE = re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}\b")
_AREAS = word_set(
    "AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC "
    "EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU "
    "M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS "
    "ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
# Areas that hold pseudo-postcodes or forces abroad.
_NO_REGION = frozenset(("ZZ", "BF", "NF"))
_INWARD_LETTERS = frozenset("ABDEFGHJLNPQRSTUWXYZ")
# Letters that can end an outward part after one and after two letters (A9A, AA9A).
_LAST_LETTERS = {1: frozenset("ABCDEFGHJKPSTUW"), 2: frozenset("ABEHMNPRVWXY")}
_TO_LETTER = str.maketrans("0158", "OISB")
_TO_DIGIT = str.maketrans("OQDILSZB", "00011528")
# The shapes of the outward part by its length: A for a letter, 9 for a digit.
_OUTWARD_SHAPES = {2: ("A9",), 3: ("A99", "AA9", "A9A"), 4: ("AA99", "AA9A")}
_NO_ABODE_TEXT = re.compile(r"NFA|NOFIXED(ABODE|ADDRESS)?|HOMELESS")
_OVERSEAS_TEXT = re.compile(r"OVERSEAS|ABROAD|FOREIGN|NONUK")
_UNKNOWN_TEXT = re.compile(
    r"X+|Z+|0+|9+|N/?[AK]|NONE|NULL|NIL|NO|TBC|TBA|UNK|(NO|NOT|UN)(POSTCODE|KNOWN|GIVEN|STATED|RECORDED|AVAILABLE|"
    r"APPLICABLE|PROVIDED)|POSTCODE|XX[0-9X]+|AA[0-9]{2}AA"
)
# NHS Data Dictionary pseudo-postcodes whose meaning is not a country.
_PSEUDO = {"ZZ993VZ": NO_FIXED_ABODE, "NF11AB": NO_FIXED_ABODE}
_PSEUDO |= dict.fromkeys(("ZZ993WZ", "ZZ993CZ", "ZZ993GZ", "ZZ991WZ", "ZZ992WZ"), UNKNOWN)


@lru_cache(maxsize=1 << 18)
def read_postcode(text: str | None) -> Postcode:
    """A postcode with one space; confused letters and digits are corrected if only one real postcode results.

    What cannot be a postcode of the United Kingdom is kept with the flag `postcode_invalid` if it has a digit: it may be
    one slip from the right one, a district alone, or another country's, and says something if both sides have it.
    Pseudo-postcodes and words are None with a flag. Empty text is None without one.
    """
    if text and (written := _WRITTEN.fullmatch(text)) and _is_real(written) and written[1] not in _NO_REGION:
        return Postcode(text)
    folded = fold(text)
    if folded is None:
        return Postcode(None, UNKNOWN if text and text.strip() else "")
    code = folded.replace(" ", "")
    shape = _SHAPE.fullmatch(code)
    if shape and _is_real(shape):
        if code in _PSEUDO or code.startswith("BF1"):
            return Postcode(None, _PSEUDO.get(code, OVERSEAS))
        return Postcode(f"{code[:-3]} {code[-3:]}")
    if absent := _absence(code):
        return Postcode(None, absent)
    if repaired := _repaired(code):
        return Postcode(repaired)
    if shape:
        return Postcode(f"{code[:-3]} {code[-3:]}", INVALID)
    return Postcode(code if _OTHER_CODE.fullmatch(code) else None, INVALID)


def real_sql(column: str) -> str:
    """Condition that a column has a real postcode exactly as `read_postcode` would write it.

    False or NULL for any other text, some of which `read_postcode` can still read.
    """
    areas: dict[int, list[str]] = {1: [], 2: []}
    for area in sorted(_AREAS - _NO_REGION):
        areas[len(area)].append(area)
    shapes = "|".join(
        f"(?:{'|'.join(areas[length])})(?:[0-9]|[1-9][0-9{''.join(sorted(_LAST_LETTERS[length]))}])"
        for length in areas
    )
    letters = "".join(sorted(_INWARD_LETTERS))
    return f"regexp_full_match({column}, '(?:{shapes}) [0-9][{letters}]{{2}}')"


def postcode_inside(words: str) -> str | None:
    """The last postcode within folded words, as written there; None if there is none."""
    found = _INSIDE.findall(words)
    return found[-1] if found else None


def _absence(code: str) -> str:
    if code in _PSEUDO:
        return _PSEUDO[code]
    if code.startswith("ZZ99"):
        return OVERSEAS
    for pattern, flag in (
        (_NO_ABODE_TEXT, NO_FIXED_ABODE),
        (_OVERSEAS_TEXT, OVERSEAS),
        (_UNKNOWN_TEXT, UNKNOWN),
    ):
        if pattern.fullmatch(code):
            return flag
    return ""


def _is_real(shape: re.Match[str]) -> bool:
    area, district, _, unit = shape.groups()
    if area not in _AREAS or unit[0] not in _INWARD_LETTERS or unit[1] not in _INWARD_LETTERS:
        return False
    if len(district) == 1:
        return True
    return district[0] != "0" and (district[1].isdigit() or district[1] in _LAST_LETTERS[len(area)])


def _repaired(code: str) -> str | None:
    """The real postcode that results from the fewest changes between similar letters and digits; None if two need as few."""
    outward, inward = code[:-3], code[-3:]
    right = inward[:1].translate(_TO_DIGIT) + inward[1:].translate(_TO_LETTER)
    found: dict[str, int] = {}
    for template in _OUTWARD_SHAPES.get(len(outward), ()):
        left = "".join(
            character.translate(_TO_LETTER if wanted == "A" else _TO_DIGIT)
            for character, wanted in zip(outward, template, strict=True)
        )
        shape = _SHAPE.fullmatch(left + right)
        if shape and _is_real(shape):
            changes = sum(before != after for before, after in zip(code, left + right, strict=True))
            found[f"{left} {right}"] = changes
    best = [value for value, changes in found.items() if changes == min(found.values())]
    return best[0] if len(best) == 1 else None
