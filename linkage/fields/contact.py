"""Telephone numbers and e-mail addresses as received → those that can be compared, in one list per row.

Starting values of m are an estimate; a number is often a relative's or a care home's and never enough alone.
"""

import re

from linkage.fields import Comparison, Input, Level, Shortcut
from linkage.values.text import joined, word_set

INPUTS = (
    Input(
        "phone",
        "telephone number",
        (
            "Phone", "Telephone", "Phone Number", "Telephone Number", "TELEPHONE_NUMBER", "Home Phone", "Tel",
            "Landline", "Home Telephone", "Contact Number", "Tel No", "Main Phone", "Telephone No",
        ),
    ),
    Input(
        "mobile",
        "mobile telephone number",
        ("Mobile", "Mobile Number", "MOBILE_NUMBER", "Mobile Phone", "Mobile Telephone", "Mobile No", "Cell"),
    ),
    Input("email", "e-mail address", ("Email", "E-mail", "EMAIL_ADDRESS", "Email Address", "E-mail Address")),
)  # fmt: skip
COLUMNS = {"contacts": "VARCHAR[]", "contact_received": "VARCHAR"}
# The landline if there is one. It may be shared by many: a care home's is everybody's in it.
DERIVED = {"contact_first": ("VARCHAR", "list_extract(contacts, 1)")}

COMPARISON = Comparison(
    "contact",
    (
        Level(
            "missing",
            "coalesce(len(contacts_l), 0) = 0 or coalesce(len(contacts_r), 0) = 0",
            "no telephone number or e-mail address on one side",
            missing=True,
        ),
        Level(
            "shared",
            "list_has_any(contacts_l, contacts_r)",
            "same telephone number or e-mail address",
            0.5,
            term_frequency="contact_first",
        ),
        Level("differs", "", "telephone number and e-mail address differ", 0.5),
    ),
)

_SEVERAL = re.compile(r"[;,/|\n]|\bor\b", re.IGNORECASE)
_NOT_DIGITS = re.compile(r"[^0-9]+")
_COUNTRY = re.compile(r"^(?:0044|44(?=0?[1-37][0-9]{8,9}$))0?")
_NUMBER = re.compile(r"0[1-37][0-9]{8,9}")
_EMAIL = re.compile(r"[a-z0-9._%+'-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
_NOBODY = word_set("none no noemail noreply test unknown na nil null notknown x xx xxx a")
_FEWEST_DIFFERENT_DIGITS = 2
_SEQUENCE = "012345678901234567890"


def _number_sql(column: str) -> str:
    """Expression for the digits of an ordinary number with or without spaces; NULL for any other text."""
    digits = f"replace({column}, ' ', '')"
    local = f"substr({digits}, 4)"
    return (
        f"CASE WHEN regexp_full_match({digits}, '{_NUMBER.pattern}')"
        f" AND {local} <> repeat(left({local}, 1), length({local})) AND NOT contains('{_SEQUENCE}', {local})"
        f" THEN {digits} END"
    )


# Written out as conditions, since DuckDB would join a list to the rows.
_SOMEBODY = " AND ".join(
    f"replace(split_part(lower(email), '@', 1), '.', '') <> '{name}'" for name in sorted(_NOBODY)
)
# Both cases are written out, since RE2 without regard to case takes ſ for an s.
_EMAIL_SQL = (
    f"CASE WHEN regexp_full_match(email, '{_EMAIL.pattern.replace('a-z', 'A-Za-z').replace(chr(39), chr(39) * 2)}')"
    f" AND {_SOMEBODY} THEN lower(email) END"
)
_KINDS = ("phone", "mobile", "email")
# Numbers and an e-mail address in their usual form are their own results; a row with any other is cleaned as a whole.
SHORTCUT = Shortcut(
    (
        {
            "contact_phone": _number_sql("phone"),
            "contact_mobile": _number_sql("mobile"),
            "contact_email": _EMAIL_SQL,
        },
        {"contact_plain": " AND ".join(f"({kind} IS NULL OR contact_{kind} IS NOT NULL)" for kind in _KINDS)},
    ),
    {
        "contact_rest": {
            kind: f"CASE WHEN NOT received.contact_plain THEN received.{kind} END" for kind in _KINDS
        }
    },
    {
        "contacts": "CASE WHEN received.contact_plain THEN list_filter([received.contact_phone,"
        " CASE WHEN received.contact_mobile IS DISTINCT FROM received.contact_phone THEN received.contact_mobile END,"
        " received.contact_email], lambda found: found IS NOT NULL) ELSE contact_rest.contacts END",
        "contact_received": "nullif(concat_ws(' ', received.phone, received.mobile, received.email), '')",
    },
)


def clean(phone: str | None, mobile: str | None, email: str | None) -> tuple[list[str], str | None]:
    """Numbers as national digits ("01614960000"), addresses in lower case; placeholders are left out."""
    found = []
    for text in (phone, mobile):
        if text:
            found += [number for piece in _SEVERAL.split(text) if (number := _number(piece))]
    if email:
        found += [
            address
            for address in _EMAIL.findall(email.lower())
            if address.partition("@")[0].replace(".", "") not in _NOBODY
        ]
    return list(dict.fromkeys(found)), joined(phone, mobile, email)


def _number(text: str) -> str | None:
    digits = _NOT_DIGITS.sub("", text.removesuffix(".0"))
    digits = _COUNTRY.sub("0", digits)
    if len(digits) == 10 and digits[0] in "1237":
        # A spreadsheet has dropped the leading zero.
        digits = f"0{digits}"
    if not _NUMBER.fullmatch(digits):
        return None
    local = digits[3:]
    if len(set(local)) < _FEWEST_DIFFERENT_DIGITS or local in _SEQUENCE:
        return None
    return digits
