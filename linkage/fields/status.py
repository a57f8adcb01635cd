"""Client, merged, confidential, as received → what screening needs to know about a record.

The columns that say who may not be linked or shown fail closed: text that is not understood makes a record confidential, and no
client's.
"""

import re

from linkage.fields import Input
from linkage.values.dates import read_date
from linkage.values.text import fold, truth, word_set

INPUTS = (
    Input(
        "is_client",
        "whether the person gets care, not a relative or a worker: Y or N",
        ("IS_CLIENT", "Is Client", "Client Flag", "Is Service User", "Is A Client", "Client Y/N"),
    ),
    Input(
        "merged_into",
        "record id of the record that this one was merged into",
        (
            "Merged Into", "MERGED_INTO", "Merged To", "Merged Into Person ID", "Master Person ID",
            "Duplicate Of", "Merged With", "Surviving Record ID", "Merged Person ID",
        ),
    ),
    Input(
        "merged_date",
        "date on which the record was merged away as a duplicate",
        ("DUPLICATED_DTTM", "Duplicated Date", "Merged Date", "Date Merged", "MERGED_DTTM", "Duplicate Date"),
    ),
    Input(
        "confidential",
        "whether the record is restricted or sensitive",
        (
            "Confidential", "Restricted", "Is Restricted", "Sensitive", "Is Sensitive", "Confidentiality",
            "Confidentiality Code", "meta.security", "Restricted Record", "Is Confidential", "Sensitive Flag",
        ),
    ),
    Input(
        "ethnicity",
        "ethnic category",
        ("Ethnicity", "ETHNICITY_MAIN_CODE", "Ethnic Category", "Ethnic Group", "Ethnic Origin"),
    ),
    Input(
        "deprivation",
        "deprivation decile or quintile of the home",
        ("Deprivation", "IMD", "IMD Decile", "Deprivation Decile", "IMD Quintile", "Deprivation Quintile"),
    ),
)  # fmt: skip
COLUMNS = {
    "is_client": "BOOLEAN",
    "merged_into": "VARCHAR",
    "is_merged": "BOOLEAN",
    "is_confidential": "BOOLEAN",
    "ethnicity": "VARCHAR",
    "deprivation": "VARCHAR",
    "status_flags": "VARCHAR[]",
}

_MARKS = word_set("RESTRICTED SENSITIVE CONFIDENTIAL REDACTED PROTECTED")
_CODES = word_set("R V S")
_DENIED = word_set("NOT NO NON")
_MARK = f"(?:{'|'.join(sorted(_MARKS))})"
# All words must be such: any other may be the reason why nothing must be disclosed.
_NOT_SECRET = re.compile(
    rf"(?:(?:N|NO|NONE|FALSE|0|U|UNRESTRICTED|NORMAL|STANDARD|(?:NOT|NON|NO LONGER) {_MARK}|NO RESTRICTIONS?)(?: |$))+"
)
_CLIENT = re.compile(r"(?:(?:Y|YES|CLIENT|SERVICE USER)(?: |$))+")
_STANDS_FOR_NOTHING = frozenset("-\u2010\u2011\u2012\u2013\u2014._/\\,;:'\"()[]{}<> ")
_NOTHING = word_set("N NO NONE NA NK NIL NULL FALSE 0 UNKNOWN NOTKNOWN NOTMERGED NOTAPPLICABLE")
_YEARS_OF_MERGES = range(1901, 2200)
"""Years in which a merge may have happened. Databases have 1 January 1900 or the year 9999 where there is no date."""


def clean(
    is_client: str | None,
    merged_into: str | None,
    merged_date: str | None,
    confidential: str | None,
    ethnicity: str | None,
    deprivation: str | None,
) -> tuple[bool | None, str | None, bool, bool | None, str | None, str | None, list[str]]:
    """One value for each of COLUMNS; None where a column says nothing. What is neither a plain yes nor a plain no gets a
    flag, and the safer value. The PDS codes U, R, S and V are known."""
    into, day = _given(merged_into), _given(merged_date)
    merged_on = read_date(day).value
    client, secret = _is_client(is_client), _is_secret(confidential)
    said = {"is_client": (is_client, client), "confidential": (confidential, secret)}
    flags = [f"{name}_format" for name, (text, read) in said.items() if read is None and _says(text)]
    client = False if "is_client_format" in flags else client
    secret = True if "confidential_format" in flags else secret
    return (
        client,
        into,
        into is not None or (day is not None and (merged_on is None or merged_on.year in _YEARS_OF_MERGES)),
        secret,
        _trimmed(ethnicity),
        _trimmed(deprivation),
        flags,
    )


def _is_client(text: str | None) -> bool | None:
    """Whether the text plainly says that somebody is a client (True) or is not (False); None if it says neither."""
    return True if _CLIENT.fullmatch(fold(text) or "") else truth(text)


def _is_secret(text: str | None) -> bool | None:
    """Whether the text plainly says that a record is restricted (True) or is not (False); None if it says neither."""
    words = fold(text) or ""
    if _NOT_SECRET.fullmatch(words):
        return False
    found = set(words.split())
    plain = words in _CODES or (found & _MARKS and not found & _DENIED)
    return True if plain else truth(text)


def _says(text: str | None) -> bool:
    """Whether the text says anything at all; a tick or a star does."""
    if text and any(map(str.isalnum, text)):
        return _given(text) is not None
    return not _STANDS_FOR_NOTHING.issuperset((text or "").strip())


def _given(text: str | None) -> str | None:
    """The text, or None if it means "nothing": "-", "None", 0."""
    words = (fold(text) or text or "").replace(" ", "")
    return None if words in _NOTHING or not any(map(str.isalnum, words)) else _trimmed(text)


def _trimmed(text: str | None) -> str | None:
    return (text.strip() or None) if text else None
