"""Forename as received → its first word, all words joined, other names of the person, and keys for variants.

Starting values of m: Cardinal and others 2023 (CRATE), error rates for one person in two UK health databases:
no agreement .006, sound only .009, first letters only .008, forename and surname swapped .0019.
"""

from linkage.fields import EXCHANGED, Comparison, Input, Level, Shortcut
from linkage.values.name_keys import skeleton, sound, variants
from linkage.values.name_sql import ordinary_sql, words_sql
from linkage.values.names import Name, read_given
from linkage.values.text import fold, joined
from linkage.values.whole_names import split_full_name, split_lone_name

INPUTS = (
    Input(
        "forename",
        "first name, or all given names",
        (
            "Forename", "Forenames", "Fore Name", "First Name", "First Names", "Firstname", "Given Name",
            "Given Names", "GIVEN_NAME", "Person Forename", "Client Forename", "Client First Name",
            "Patient Forename", "Legal Forename", "PERSON_FORENAME", "name.given", "First_Name", "Fname",
        ),
    ),
    Input(
        "middle_names",
        "given names after the first",
        (
            "Middle Name", "Middle Names", "Middlename", "Middle", "Other Names", "Other Forenames", "Second Forename",
            "Second Name", "OTHER_GIVEN_NAME", "Other Given Name", "Other Given Names", "Middle Initial",
            "Middle Initials", "Additional Names",
        ),
    ),
    Input(
        "preferred_name",
        "name the person is called by",
        (
            "Preferred Name", "Preferred Forename", "Preferred First Name", "Known As",
            "Known As Forename", "Known By", "Nickname", "Alias", "Aliases", "Also Known As", "AKA",
            "Likes To Be Called", "Other Name",
        ),
    ),
    Input(
        "full_name",
        "the whole name in one column",
        (
            "Name", "Full Name", "Fullname", "Person Name", "Client Name", "Service User",
            "Service User Name", "Patient Name", "Customer Name", "Person", "Display Name",
        ),
    ),
    Input("title", "Mr, Mrs, Dr …", ("Title", "Person Title", "Name Prefix", "Prefix", "Salutation")),
)  # fmt: skip
READS = ("forename", "middle_names", "preferred_name", "full_name", "lone_name")
WORKED_OUT = {
    # One of forename and surname has several words, and the other is empty, as is every other name.
    "lone_name": """
        CASE WHEN coalesce(trim(full_name), '') <> '' OR coalesce(trim(preferred_name), '') <> '' THEN NULL
            WHEN coalesce(trim(forename), '') = '' AND contains(trim(surname), ' ') THEN surname
            WHEN coalesce(trim(surname), '') = '' AND contains(trim(forename), ' ') THEN forename END
    """
}
COLUMNS = {
    "forename": "VARCHAR",
    "forename_joined": "VARCHAR",
    "forename_others": "VARCHAR[]",
    "forename_sound": "VARCHAR",
    "forename_skeleton": "VARCHAR",
    "forename_variants": "VARCHAR[]",
    "forename_received": "VARCHAR",
    "forename_flags": "VARCHAR[]",
}

DERIVED = {"forename_initial": ("VARCHAR", "left(forename, 1)")}

COMPARISON = Comparison(
    "forename",
    (
        Level("missing", "forename_l is null or forename_r is null", "forename not recorded", missing=True),
        Level(
            "exact",
            "(forename_l = forename_r and length(forename_l) > 1)"
            " or (forename_joined_l = forename_joined_r and length(forename_joined_l) > 1)",
            "same forename",
            0.933,
            term_frequency="forename",
        ),
        Level(
            "swapped",
            EXCHANGED,
            "forename and surname the other way round",
            0.002,
        ),
        Level(
            "reordered",
            "list_contains(forename_others_l, forename_r) and list_contains(forename_others_r, forename_l)",
            "the same forenames in another order",
            0.003,
        ),
        Level(
            "other_name",
            "list_contains(forename_others_l, forename_r) or list_contains(forename_others_r, forename_l)",
            "forename is another name of the person",
            0.012,
        ),
        Level(
            "nickname",
            "list_has_any(forename_variants_l, forename_variants_r)",
            "forename is a known form of the other",
            0.012,
        ),
        Level(
            "initial",
            "(length(forename_l) = 1 or length(forename_r) = 1)"
            " and left(forename_l, 1) = left(forename_r, 1)",
            "only the initial of the forename, and it agrees",
            0.010,
        ),
        Level(
            "close",
            "jaro_winkler_similarity(forename_l, forename_r) >= 0.9"
            " or forename_skeleton_l = forename_skeleton_r"
            " or (length(forename_l) > 3 and damerau_levenshtein(forename_l, forename_r) = 1)",
            "similar forename",
            0.018,
        ),
        Level(
            "like",
            "jaro_winkler_similarity(forename_l, forename_r) >= 0.8"
            " or jaro_winkler_similarity(forename_joined_l, forename_joined_r) >= 0.9",
            "somewhat similar forename",
            0.004,
        ),
        Level("differs", "", "forename differs", 0.006),
    ),
)

_MIDDLE = "received.forename_middle"
# The same forename and middle names seldom occur twice, and middle names are only added to the person's other names.
SHORTCUT = Shortcut(
    (
        {
            "forename_middle": "CASE WHEN preferred_name IS NULL AND full_name IS NULL AND lone_name IS NULL"
            f" AND {ordinary_sql('forename')} AND {ordinary_sql('middle_names')}"
            f" THEN string_split({words_sql('middle_names')}, ' ') END"
        },
    ),
    {
        "forename_rest": {
            "forename": "received.forename",
            "middle_names": f"CASE WHEN {_MIDDLE} IS NULL THEN received.middle_names END",
            "preferred_name": "received.preferred_name",
            "full_name": "received.full_name",
            "lone_name": "received.lone_name",
        }
    },
    {
        "forename_others": f"""
            CASE WHEN {_MIDDLE} IS NULL THEN forename_rest.forename_others
                ELSE forename_rest.forename_others || list_filter({_MIDDLE}, lambda word, place:
                    length(word) > 1 AND word <> forename_rest.forename
                    AND NOT list_contains(forename_rest.forename_others, word)
                    AND list_position({_MIDDLE}, word) = place) END
        """,
        "forename_received": f"CASE WHEN {_MIDDLE} IS NULL THEN forename_rest.forename_received"
        " ELSE concat_ws(' ', received.forename, received.middle_names) END",
    },
)


def clean(
    forename: str | None,
    middle_names: str | None,
    preferred_name: str | None,
    full_name: str | None,
    lone_name: str | None,
) -> tuple[str | None, str | None, list[str], str | None, str | None, list[str], str | None, list[str]]:
    """One value for each of COLUMNS. A whole name is used where there is no forename of its own."""
    given_text, flags = forename, []
    if full_name and fold(forename) is None:
        given_text, _ = split_full_name(full_name)
    elif lone_name and (lone := split_lone_name(lone_name)[0]):
        given_text, flags = lone, ["forename_held_surname"] if forename else []
    given = read_given(given_text)
    preferred = read_given(preferred_name) if preferred_name else Name()
    words = given.words or preferred.words or given.others
    received = joined(
        forename or full_name or (lone_name if given.words else None), middle_names, preferred_name
    )
    flags += [f"forename_{finding}" for finding in given.findings]
    if not words:
        return None, None, [], None, None, [], received, flags
    first, whole = words[0], "".join(words)
    middle = read_given(middle_names) if middle_names else Name()
    others = list(
        dict.fromkeys(
            word
            for word in (*words[1:], *middle.words, *given.others, *preferred.words, *preferred.others)
            if len(word) > 1 and word != first
        )
    )
    keys = variants(first) if whole == first else [*variants(first), *variants(whole)]
    return first, whole, others, sound(first), skeleton(first), keys, received, flags
