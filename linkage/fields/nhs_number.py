"""NHS Number as received → ten digits whose check digit holds, the numbers it replaces, and its range.

Starting value of m is an estimate: a number held by a council is hardly ever another person's.
"""

import re

from linkage.fields import Comparison, Input, Level, Shortcut

INPUTS = (
    Input(
        "nhs_number",
        "NHS Number",
        (
            "NHS Number", "NHS_NO", "NHS No", "NHS_NUMBER", "NHSNumber", "NHS Num", "NHS", "Nhs No.",
            "NHS ID", "Person NHS Number", "Client NHS Number", "Patient NHS Number", "NHS Number (PDS)",
        ),
    ),
    Input(
        "superseded_nhs_numbers",
        "older NHS Numbers that this one replaces, several joined by a semicolon",
        (
            "Superseded NHS Numbers", "Superseded NHS Number", "Superseded Numbers", "Previous NHS Number",
            "Old NHS Number", "Former NHS Numbers", "Replaces NHS Number", "Previous NHS Numbers",
        ),
    ),
    Input(
        "superseded_by",
        "NHS Number that has replaced this one",
        ("Superseded By", "Superseded By NHS Number", "Superseding NHS Number", "Replaced By"),
    ),
)  # fmt: skip
COLUMNS = {
    "nhs_number": "VARCHAR",
    "nhs_numbers": "VARCHAR[]",
    "nhs_number_range": "VARCHAR",
    "nhs_number_superseded_by": "VARCHAR",
    "nhs_number_received": "VARCHAR",
    "nhs_number_flags": "VARCHAR[]",
}

COMPARISON = Comparison(
    "nhs_number",
    (
        Level(
            "missing",
            "nhs_number_l is null or nhs_number_r is null",
            "NHS Number not held on one side",
            missing=True,
        ),
        Level("same", "list_has_any(nhs_numbers_l, nhs_numbers_r)", "same NHS Number already held", 0.99),
        Level("differs", "", "another NHS Number is already held", 0.01),
    ),
)

_SEPARATORS = re.compile(r"[\s\u00a0\u2010-\u2015-]+")
_TEN_DIGITS = re.compile(r"[0-9]{10}")
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]*)?E\+?[0-9]+", re.IGNORECASE)
_SEVERAL = re.compile(r"[;,|]")
_WEIGHTS = (10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
_PLACEHOLDERS = frozenset((*(digit * 10 for digit in "0123456789"), "0123456789", "9876543210", "1234567890"))
# The first number of each range, in falling order. Source: NHS Data Dictionary and the nhs-number package.
_RANGES = (
    ("9000000000", "test"),
    ("8000000000", "other"),
    ("6000000000", "england_wales"),
    ("5000000000", "test"),
    ("4000000000", "england_wales"),
    ("3200000000", "northern_ireland"),
    ("3113000000", "other"),
    ("0100000000", "scotland"),
    ("0000000000", "other"),
)


ORDINARY = "[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}"
"""Pattern of a number as most files write it, whatever its check digit."""
_ORDINARY = f"regexp_full_match(nhs_number, '{ORDINARY}')"
_WEIGHED = " + ".join(
    f"{weight} * (nhs_number_value // {10 ** (9 - place)} % 10)" for place, weight in enumerate(_WEIGHTS)
)
_UNFIT = " AND ".join(f"nhs_number_value <> {int(digits)}" for digits in sorted(_PLACEHOLDERS))
_CASES = " ".join(f"WHEN received.nhs_number_plain >= '{first}' THEN '{name}'" for first, name in _RANGES)
# A number whose check digit holds is its own result.
SHORTCUT = Shortcut(
    (
        {
            "nhs_number_value": f"CASE WHEN {_ORDINARY} THEN CAST(translate(nhs_number, ' -', '') AS BIGINT) END",
        },
        {
            "nhs_number_plain": f"CASE WHEN ({_WEIGHED}) % 11 = 0 AND {_UNFIT}"
            " THEN translate(nhs_number, ' -', '') END"
        },
    ),
    {
        "nhs_number_rest": {
            "nhs_number": "CASE WHEN received.nhs_number_plain IS NULL THEN received.nhs_number END",
            "superseded_nhs_numbers": "received.superseded_nhs_numbers",
            "superseded_by": "received.superseded_by",
        }
    },
    {
        "nhs_number": "coalesce(received.nhs_number_plain, nhs_number_rest.nhs_number)",
        "nhs_numbers": "CASE WHEN received.nhs_number_plain IS NULL THEN nhs_number_rest.nhs_numbers"
        " ELSE [received.nhs_number_plain] || list_filter("
        "nhs_number_rest.nhs_numbers, lambda older: older <> received.nhs_number_plain) END",
        "nhs_number_range": f"CASE {_CASES} ELSE nhs_number_rest.nhs_number_range END",
        "nhs_number_received": "received.nhs_number",
    },
)


def check_digit_holds(digits: str) -> bool:
    """Whether ten digits pass the modulus 11 check of the NHS Data Dictionary."""
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11 == 0


def read_number(text: str | None) -> tuple[str | None, str]:
    """Ten digits and "", or None and what is wrong: format, check_digit, placeholder, precision_lost."""
    if not text:
        return None, ""
    digits = _SEPARATORS.sub("", text)
    if not digits:
        return None, ""
    if digits.endswith(".0"):
        digits = digits[:-2]
    if not _TEN_DIGITS.fullmatch(digits):
        return None, "precision_lost" if _SCIENTIFIC.fullmatch(digits) else "format"
    if digits in _PLACEHOLDERS:
        return None, "placeholder"
    return (digits, "") if check_digit_holds(digits) else (None, "check_digit")


def clean(
    nhs_number: str | None, superseded_nhs_numbers: str | None, superseded_by: str | None
) -> tuple[str | None, list[str], str | None, str | None, str | None, list[str]]:
    """One value for each of COLUMNS; superseded numbers that are not valid are left out."""
    number, problem = read_number(nhs_number)
    numbers = [number] if number else []
    if superseded_nhs_numbers:
        older = [read_number(piece)[0] for piece in _SEVERAL.split(superseded_nhs_numbers)]
        numbers = list(dict.fromkeys([*numbers, *(one for one in older if one)]))
    return (
        number,
        numbers,
        next(name for first, name in _RANGES if number >= first) if number else None,
        read_number(superseded_by)[0],
        nhs_number or None,
        [f"nhs_number_{problem}"] if problem else [],
    )
