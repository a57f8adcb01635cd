"""Given names as received → those after the first, and their initial.

Starting values of m are an estimate: middle names are often cut to an initial; no figure is published.
"""

from linkage.fields import Comparison, Level, Shortcut
from linkage.values.name_sql import ordinary_sql, words_sql
from linkage.values.names import read_given
from linkage.values.text import fold
from linkage.values.whole_names import split_full_name, split_lone_name

INPUTS = ()
READS = ("forename", "middle_names", "full_name", "lone_name")
COLUMNS = {"middle_names": "VARCHAR", "middle_initial": "VARCHAR"}

COMPARISON = Comparison(
    "middle_names",
    (
        Level(
            "missing",
            # A middle name that is used as forename has been counted by the forename's comparison.
            "middle_names_l is null or middle_names_r is null"
            " or (forename_l <> forename_r and (list_contains(forename_others_l, forename_r)"
            " or list_contains(forename_others_r, forename_l)))",
            "no middle name to compare",
            missing=True,
        ),
        Level("same", "middle_names_l = middle_names_r", "same middle name", 0.80),
        Level(
            "initial",
            "(length(middle_names_l) = 1 or length(middle_names_r) = 1)"
            " and middle_initial_l = middle_initial_r",
            "only a middle initial, and it agrees",
            0.12,
        ),
        Level(
            "close",
            "jaro_winkler_similarity(middle_names_l, middle_names_r) >= 0.9"
            " or split_part(middle_names_l, ' ', 1) = split_part(middle_names_r, ' ', 1)",
            "similar middle name",
            0.04,
        ),
        Level("differs", "", "middle name differs", 0.04),
    ),
)

_INITIALS = "regexp_full_match(middle_names, '[A-Za-z](?:[ -][A-Za-z])+')"
# Ordinary middle names are their own result; the other inputs are not needed.
SHORTCUT = Shortcut(
    (
        {
            "middle_names_plain": f"CASE WHEN {ordinary_sql('middle_names')} AND NOT {_INITIALS}"
            f" THEN {words_sql('middle_names')} END"
        },
    ),
    {
        "middle_names_rest": {
            name: f"CASE WHEN received.middle_names_plain IS NULL THEN received.{name} END" for name in READS
        }
    },
    {
        "middle_names": "coalesce(received.middle_names_plain, middle_names_rest.middle_names)",
        "middle_initial": "coalesce(left(received.middle_names_plain, 1), middle_names_rest.middle_initial)",
    },
)


def clean(
    forename: str | None, middle_names: str | None, full_name: str | None, lone_name: str | None
) -> tuple[str | None, str | None]:
    """Middle names with single spaces, and the first letter; both None if there are none.

    They come from their own column, or else from the words after the first in the forename. Of several initials only the
    first is kept: "A C" may be what is left of Ann Cheryl.
    """
    words = read_given(middle_names).words if middle_names else ()
    if not words:
        given = forename if not full_name or fold(forename) else split_full_name(full_name)[0]
        if lone_name:
            given = split_lone_name(lone_name)[0] or forename
        words = read_given(given).words[1:]
    if all(len(word) == 1 for word in words):
        words = words[:1]
    return (" ".join(words), words[0][0]) if words else (None, None)
