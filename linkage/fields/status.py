"""Client, merged away, confidential, as received → what screening needs to know about a record."""

from linkage.dates import read_date
from linkage.fields import Input
from linkage.text import fold, truth, word_set

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

_SECRET = word_set("RESTRICTED SENSITIVE CONFIDENTIAL REDACTED PROTECTED")
_CODES = dict.fromkeys(word_set("R V S"), True) | dict.fromkeys(word_set("U UNRESTRICTED NORMAL"), False)
_CODES["NOT RESTRICTED"] = False
_DENIED = word_set("NOT NO NON")
_NOTHING = word_set("N NO NONE NA NK NIL NULL FALSE 0 UNKNOWN NOTKNOWN NOTMERGED NOTAPPLICABLE")
_YEARS_OF_MERGES = range(1901, 2200)
"""Databases put 1 January 1900 or the year 9999 where there is no date."""


def clean(
    is_client: str | None,
    merged_into: str | None,
    merged_date: str | None,
    confidential: str | None,
    ethnicity: str | None,
    deprivation: str | None,
) -> tuple[bool | None, str | None, bool, bool | None, str | None, str | None, list[str]]:
    """One value for each of COLUMNS; None where a column says nothing, or nothing that is known, which is flagged. PDS
    codes U, R, V are known."""
    into, day = _given(merged_into), _given(merged_date)
    merged_on = read_date(day).value
    client, said = truth(is_client), truth(confidential)
    secret = _is_secret(fold(confidential) or "") if said is None else said
    told = {"is_client": (is_client, client), "confidential": (confidential, secret)}
    return (
        client,
        into,
        into is not None or (day is not None and (merged_on is None or merged_on.year in _YEARS_OF_MERGES)),
        secret,
        _trimmed(ethnicity),
        _trimmed(deprivation),
        [f"{name}_format" for name, (received, read) in told.items() if _trimmed(received) and read is None],
    )


def _is_secret(words: str) -> bool | None:
    """Whether folded words say that a record is restricted; a text of which one is such a word does, unless it denies it."""
    found = set(words.split())
    secret = True if found & _SECRET and not found & _DENIED else None
    return _CODES.get(words, secret)


def _given(text: str | None) -> str | None:
    """The text, unless it says that there is nothing to say: "-", "None", 0."""
    words = (fold(text) or text or "").replace(" ", "")
    return None if words in _NOTHING or not any(map(str.isalnum, words)) else _trimmed(text)


def _trimmed(text: str | None) -> str | None:
    return (text.strip() or None) if text else None
