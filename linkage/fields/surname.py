"""Surname as received → one joined word, its parts, all surnames the person has had, and keys for spellings.

Starting values of m: Cardinal and others 2023 (CRATE): no agreement .0567 for women and .0134 for men, taken
at half of each; sound only .005, first letters only .003.
"""

import re

from linkage.fields import EXCHANGED, Comparison, Input, Level, Shortcut
from linkage.values.name_keys import skeleton, sound
from linkage.values.name_sql import ordinary_sql
from linkage.values.names import PARTICLES, Name, read_family
from linkage.values.text import fold, joined
from linkage.values.whole_names import split_full_name, split_lone_name

INPUTS = (
    Input(
        "surname",
        "family name in use now",
        (
            "Surname", "Last Name", "Lastname", "Family Name", "FAMILY_NAME", "Person Surname",
            "Client Surname", "Client Last Name", "Patient Surname", "Legal Surname", "PERSON_SURNAME",
            "name.family", "Lname",
        ),
    ),
    Input(
        "previous_surname",
        "former family names, several joined by a semicolon",
        (
            "Maiden Name", "Previous Surname", "Previous Surnames", "Former Surname", "Birth Surname",
            "Surname At Birth", "Birth Name", "Previous Last Name", "Previous Family Name", "PREVIOUS_NAME",
            "Previous Name", "Former Name", "Other Surname", "Alias Surname", "Known As Surname", "Nee",
        ),
    ),
)  # fmt: skip
READS = ("surname", "previous_surname", "full_name", "lone_name")
COLUMNS = {
    "surname": "VARCHAR",
    "surname_parts": "VARCHAR[]",
    "surname_names": "VARCHAR[]",
    "surname_sound": "VARCHAR",
    "surname_skeleton": "VARCHAR",
    "surname_received": "VARCHAR",
    "surname_flags": "VARCHAR[]",
}

DERIVED = {
    "name_pair": ("VARCHAR", "least(forename, surname) || ' ' || greatest(forename, surname)"),
    "surname_with_forename": ("VARCHAR", "coalesce(forename, '') || ' ' || surname"),
}

COMPARISON = Comparison(
    "surname",
    (
        Level(
            "exact", "surname_l = surname_r", "same surname", 0.925, term_frequency="surname_with_forename"
        ),
        Level(
            "former",
            "list_has_any(surname_names_l, surname_names_r)",
            "surname is a former one of the person",
            0.012,
        ),
        Level(
            "missing",
            # Exchanged forename and surname have been counted by the forename's comparison.
            f"surname_l is null or surname_r is null or coalesce({EXCHANGED}, false)",
            "surname not recorded",
            missing=True,
        ),
        Level(
            "part", "list_has_any(surname_parts_l, surname_parts_r)", "one part of the surname agrees", 0.010
        ),
        Level(
            "close",
            "jaro_winkler_similarity(surname_l, surname_r) >= 0.9 or surname_skeleton_l = surname_skeleton_r"
            " or (length(surname_l) > 3 and damerau_levenshtein(surname_l, surname_r) = 1)",
            "similar surname",
            0.015,
        ),
        Level(
            "like", "jaro_winkler_similarity(surname_l, surname_r) >= 0.8", "somewhat similar surname", 0.003
        ),
        Level(
            "differs_woman",
            "coalesce(gender_l, gender_r) = 'female' and coalesce(gender_r, gender_l) = 'female'",
            "surname differs, as it may where a woman has married",
            0.028,
        ),
        Level("differs", "", "surname differs", 0.007),
    ),
)

_SEVERAL = re.compile(r"[;,|/]")
_SHORTEST_PART = 3


def _added_sql(column: str) -> str:
    """Expression for the list that `clean` gave, with the former surname added unless it is in it."""
    return (
        f"CASE WHEN received.surname_former IS NULL OR list_contains(surname_rest.{column}, received.surname_former)"
        f" THEN surname_rest.{column} ELSE list_append(surname_rest.{column}, received.surname_former) END"
    )


_A_PART = f"length(received.surname_former) >= {_SHORTEST_PART}" + "".join(
    f" AND received.surname_former <> '{particle}'" for particle in sorted(PARTICLES)
)
# A single former surname only adds one to the lists of the person's names.
SHORTCUT = Shortcut(
    (
        {
            "surname_former": "CASE WHEN full_name IS NULL AND lone_name IS NULL"
            f" AND (surname IS NULL OR {ordinary_sql('surname')})"
            f" AND {ordinary_sql('previous_surname')} AND NOT regexp_matches(previous_surname, '[ -]')"
            " THEN upper(previous_surname) END"
        },
    ),
    {
        "surname_rest": {
            "surname": "received.surname",
            "previous_surname": "CASE WHEN received.surname_former IS NULL THEN received.previous_surname END",
            "full_name": "received.full_name",
            "lone_name": "received.lone_name",
        }
    },
    {
        "surname_names": _added_sql("surname_names"),
        "surname_parts": f"CASE WHEN {_A_PART} THEN {_added_sql('surname_parts')} ELSE surname_rest.surname_parts END",
        "surname_received": "CASE WHEN received.surname_former IS NULL THEN surname_rest.surname_received"
        " ELSE concat_ws(' ', received.surname, received.previous_surname) END",
    },
)


def clean(
    surname: str | None, previous_surname: str | None, full_name: str | None, lone_name: str | None
) -> tuple[str | None, list[str], list[str], str | None, str | None, str | None, list[str]]:
    """One value for each of COLUMNS. A whole name is used if there is no surname.

    A surname that seems to contain the forename too is also kept as a name of the person as it is.
    """
    text, flags = surname, []
    earlier = [read_family(piece) for piece in _SEVERAL.split(previous_surname)] if previous_surname else []
    if full_name and fold(surname) is None:
        _, text = split_full_name(full_name)
    elif lone_name and (lone := split_lone_name(lone_name)[1]):
        text = lone
        if surname:
            flags = ["surname_held_forename"]
            earlier.append(read_family(surname))
    family = read_family(text)
    current = "".join(family.words) or None
    received = joined(surname or full_name or (lone_name if current else None), previous_surname)
    names = [current] if current else []
    names += [name for one in earlier if (name := "".join(one.words))]
    names += [name for one in (family, *earlier) for name in one.others]
    return (
        current,
        _parts(family, earlier),
        list(dict.fromkeys(names)),
        sound(current) if current else None,
        skeleton(current) if current else None,
        received,
        [*flags, *(f"surname_{finding}" for finding in family.findings)],
    )


def _parts(family: Name, earlier: list[Name]) -> list[str]:
    words = [word for one in (family, *earlier) for word in (*one.words, *one.others)]
    return list(
        dict.fromkeys(word for word in words if len(word) >= _SHORTEST_PART and word not in PARTICLES)
    )
