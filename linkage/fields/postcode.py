"""Postcodes as received → the current one with one space, all the person has had, and why there is none."""

import re

from linkage.fields import Input, Shortcut
from linkage.values.postcodes import postcode_inside, read_postcode, real_sql
from linkage.values.text import fold, joined

INPUTS = (
    Input(
        "postcode",
        "postcode of the home",
        (
            "Postcode", "Post Code", "POST_CODE", "POSTCODE", "Postal Code", "Zip", "Address Postcode",
            "Home Postcode", "Current Postcode", "Client Postcode", "Person Postcode", "address.postalCode",
            "Main Address Postcode", "Primary Address Postcode",
        ),
    ),
    Input(
        "previous_postcode",
        "postcodes of former homes, several joined by a semicolon",
        (
            "Previous Postcode", "Previous Postcodes", "Former Postcode", "Old Postcode",
            "PREVIOUS_POST_CODE", "Prior Postcode", "Last Postcode", "Postcode History",
        ),
    ),
)  # fmt: skip
READS = ("postcode", "previous_postcode", "address")
COLUMNS = {
    "postcode": "VARCHAR",
    "postcodes": "VARCHAR[]",
    "postcode_received": "VARCHAR",
    "postcode_flags": "VARCHAR[]",
}
DERIVED = {
    "postcode_outcode": ("VARCHAR", "split_part(postcode, ' ', 1)"),
    "postcode_sector": (
        "VARCHAR",
        "CASE WHEN contains(postcode, ' ') THEN left(postcode, length(postcode) - 2) END",
    ),
}

_SEVERAL = re.compile(r"[;,|]")

# Correctly written postcodes are their own results.
SHORTCUT = Shortcut(
    (
        {
            "postcode_plain": f"coalesce({real_sql('postcode')}"
            f" AND (previous_postcode IS NULL OR {real_sql('previous_postcode')}), false)"
        },
    ),
    {
        "postcode_rest": {
            "postcode": "CASE WHEN NOT received.postcode_plain THEN received.postcode END",
            "previous_postcode": "CASE WHEN NOT received.postcode_plain THEN received.previous_postcode END",
            "address": "CASE WHEN received.postcode IS NULL THEN received.address END",
        }
    },
    {
        "postcode": "CASE WHEN received.postcode_plain THEN received.postcode ELSE postcode_rest.postcode END",
        "postcodes": "CASE WHEN NOT received.postcode_plain THEN postcode_rest.postcodes"
        " WHEN received.previous_postcode <> received.postcode THEN [received.postcode, received.previous_postcode]"
        " ELSE [received.postcode] END",
        "postcode_received": "CASE WHEN received.postcode_plain"
        " THEN concat_ws(' ', received.postcode, received.previous_postcode)"
        " ELSE postcode_rest.postcode_received END",
    },
)


def clean(
    postcode: str | None, previous_postcode: str | None, address: str | None
) -> tuple[str | None, list[str], str | None, list[str]]:
    """One value for each of COLUMNS; if the postcode is empty, one that is written in the address is taken."""
    if address and not postcode:
        postcode = postcode_inside(fold(address) or "")
    value, flag = read_postcode(postcode)
    postcodes = [value] if value else []
    if previous_postcode:
        earlier = [read_postcode(piece).value for piece in _SEVERAL.split(previous_postcode)]
        postcodes = list(dict.fromkeys([*postcodes, *(one for one in earlier if one)]))
    return value, postcodes, joined(postcode, previous_postcode), [flag] if flag else []
