"""The inputs of an address → SQL that takes out of its text what hardly ever repeats, and puts it back into the results.

How an address is read depends on where its numbers are, not on what they are. So its first two numbers are replaced by
markers, and its postcode by one for all: then all homes of a street are one text, which is cleaned once.
"""

from linkage.fields import Shortcut
from linkage.values.addresses import UNIT_ALONE, UNIT_SPELLINGS
from linkage.values.postcodes import real_sql
from linkage.values.text import SPACES

_MARKER_POSTCODE = "AB10 1AB"
_MARKERS = ("77771", "77772")
_NUMBER = r"\b[1-9][0-9]{0,4}\b"
_PLAIN_TEXT = "[A-Za-z0-9 ,./()&''-]+"
# Numbers stay where one may be no word of its own (an apostrophe vanishes beside it, or it is in a range), and where a
# unit stands further behind: "Block 2 Flat 1" is the home 1.2, whichever comes first.
_ENTANGLED = (
    rf"''(?:[^sS]|[sS][A-Za-z0-9])|[0-9]''|[-&] *[0-9]|7777|.\b(?i:{'|'.join(sorted(UNIT_SPELLINGS))})\b"
)
_LINES = ", ".join(f"address_line_{number}" for number in range(1, 6))
_FLAT = f"""
    CASE WHEN regexp_full_match(trim(flat, '{SPACES}'), '{UNIT_ALONE.pattern}')
        THEN 'Flat ' || trim(flat, '{SPACES}') ELSE flat END
"""


def _bare_sql(part: str) -> str:
    return f"lower(trim({part}, '{SPACES}'))"


def _beside_sql(part: str) -> str:
    """A part of the address; NULL if there is a whole address."""
    text, words = (
        f"' ' || upper(trim(regexp_replace({each}, '[^A-Za-z0-9]+', ' ', 'g'))) || ' '"
        for each in ("address", part)
    )
    return f"CASE WHEN NOT coalesce(contains({text}, {words}), false) THEN {part} END"


# The lines, or the parts, as one text: the same that the field's `clean` makes of them.
_TEXT = f"""
    nullif(CASE WHEN street IS NULL
            THEN concat_ws(', ', {_FLAT}, {_beside_sql("building")}, {_beside_sql("house_number")}, address, {_LINES}, town, county)
        ELSE concat_ws(', ', {_FLAT}, building, house_number, street, town, county) END, '')
"""


# A town alone, such as "Heywood", would be read as the name of a house, even if it is also in a column of its own.
_HOME = ("flat", "house_number", "building", "street", "address", *_LINES.split(", "))
_NOT_A_TOWN = " OR ".join(
    f"coalesce({_bare_sql(part)} NOT IN (coalesce({_bare_sql('town')}, ''), coalesce({_bare_sql('county')}, '')), false)"
    for part in _HOME
)
_TELLS_A_HOME = f"""
    CASE WHEN regexp_matches(concat({", ".join(_HOME)}, town, county), '[0-9]') THEN true ELSE {_NOT_A_TOWN} END
"""


def _plain_sql(text: str) -> str:
    """Condition that the numbers of an address may be replaced by markers."""
    return f"regexp_full_match({text}, '{_PLAIN_TEXT}') AND NOT regexp_matches({text}, '{_ENTANGLED}')"


def _first_number_sql(text: str) -> str:
    """The first number of such an address; NULL if there is none."""
    return f"CASE WHEN {_plain_sql(text)} THEN nullif(regexp_extract({text}, '{_NUMBER}'), '') END"


def _second_number_sql(text: str, first: str) -> str:
    """The second number of such an address; NULL if there is none."""
    found = f"nullif(regexp_extract({text}, '{_NUMBER}.*?({_NUMBER})', 1), '')"
    return f"CASE WHEN {first} IS NOT NULL THEN {found} END"


def _marked_sql(text: str, first: str, second: str) -> str:
    """The text with markers in place of its numbers."""
    return f"""
        CASE WHEN {first} IS NULL THEN {text}
            WHEN {second} IS NULL THEN regexp_replace({text}, '{_NUMBER}', '{_MARKERS[0]}')
            ELSE regexp_replace({text}, '{_NUMBER}(.*?){_NUMBER}', '{_MARKERS[0]}\\1{_MARKERS[1]}') END
    """


def _restored_sql(part: str, first: str, second: str) -> str:
    """What `clean` gave for the text with markers, with the numbers put back."""
    return f"""
        CASE WHEN {first} IS NULL THEN {part}
            ELSE replace(replace({part}, '{_MARKERS[0]}', {first}), '{_MARKERS[1]}', coalesce({second}, '')) END
    """


def _moved_sql(place: str, postcode: str) -> str:
    """A place that was read with the marker for a postcode, with the right postcode put back."""
    return f"{postcode} || substr({place}, {len(_MARKER_POSTCODE) + 1})"


_NOW = ("received.address_first", "received.address_second")
_FORMER = ("received.address_former_first", "received.address_former_second")
_PLACE = f"""
    CASE WHEN NOT received.address_tells_a_home THEN NULL
        WHEN received.address_in_region
            THEN {_moved_sql(_restored_sql("address_now.place", *_NOW), "received.postcode")}
        ELSE {_restored_sql("address_now.place", *_NOW)} END
"""
_FORMER_PLACE = _moved_sql(_restored_sql("address_former.place", *_FORMER), "received.previous_postcode")
_PLAIN_UPRN = "regexp_full_match(received.uprn, '[1-9][0-9]{0,11}')"
# Homes of a street are read as one, and former ones apart from those of now.
SHORTCUT = Shortcut(
    (
        {
            "address_text": _TEXT,
            "address_tells_a_home": _TELLS_A_HOME,
            "address_in_region": f"coalesce({real_sql('postcode')}, false)",
            "address_former_text": f"CASE WHEN {_plain_sql('previous_address')}"
            " AND NOT regexp_matches(previous_address, '[A-Za-z][0-9]')"
            f" AND {real_sql('previous_postcode')} THEN previous_address END",
        },
        {
            "address_first": _first_number_sql(
                "CASE WHEN address_in_region OR postcode IS NULL THEN address_text END"
            ),
            "address_former_first": _first_number_sql("address_former_text"),
        },
        {
            "address_second": _second_number_sql("address_text", "address_first"),
            "address_former_second": _second_number_sql("address_former_text", "address_former_first"),
        },
    ),
    {
        "address_now": {
            "address": _marked_sql("received.address_text", *_NOW),
            "uprn": f"CASE WHEN NOT {_PLAIN_UPRN} THEN received.uprn END",
            "postcode": f"CASE WHEN received.address_in_region THEN '{_MARKER_POSTCODE}' ELSE received.postcode END",
        },
        "address_former": {
            "address": _marked_sql("received.address_former_text", *_FORMER),
            "postcode": f"CASE WHEN received.address_former_text IS NOT NULL THEN '{_MARKER_POSTCODE}' END",
            "previous_address": "CASE WHEN received.address_former_text IS NULL THEN received.previous_address END",
            "previous_postcode": "CASE WHEN received.address_former_text IS NULL AND received.previous_address IS NOT NULL"
            " THEN received.previous_postcode END",
        },
    },
    {
        **{
            column: f"CASE WHEN received.address_tells_a_home THEN {_restored_sql(f'address_now.{column}', *_NOW)} END"
            for column in (
                "address_number",
                "address_unit",
                "address_street",
                "address_building",
                "address_key",
            )
        },
        "uprn": f"CASE WHEN {_PLAIN_UPRN} THEN received.uprn ELSE address_now.uprn END",
        "place": _PLACE,
        "places": f"""
            list_filter([{_PLACE}], lambda place: place IS NOT NULL) || list_filter(
                CASE WHEN received.address_former_text IS NULL THEN address_former.places ELSE [{_FORMER_PLACE}] END,
                lambda place: place IS NOT NULL AND place IS DISTINCT FROM {_PLACE})
        """,
        "address_received": "nullif(concat_ws(' ', received.address_text, received.postcode), '')",
    },
)
