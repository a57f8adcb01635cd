"""Town or country of birth as received → words that can be compared.

Starting values of m are an estimate: no figure is published. PDS holds a place of birth for those born in England; children's
and asylum records often hold a country.
"""

from linkage.fields import Comparison, Input, Level
from linkage.values.text import fold, word_set

INPUTS = (
    Input(
        "birth_place",
        "town or country of birth",
        (
            "Place of Birth", "Birth Place", "Birthplace", "Town of Birth", "Country of Birth", "BIRTH_PLACE",
            "PLACE_OF_BIRTH", "POB", "Birth Town", "Birth Country",
        ),
    ),
)  # fmt: skip
COLUMNS = {"birth_place": "VARCHAR", "birth_place_received": "VARCHAR"}

COMPARISON = Comparison(
    "birth_place",
    (
        Level(
            "missing",
            "birth_place_l is null or birth_place_r is null",
            "place of birth not recorded",
            missing=True,
        ),
        Level(
            "same", "birth_place_l = birth_place_r", "same place of birth", 0.85, term_frequency="birth_place"
        ),
        Level(
            "close",
            "jaro_winkler_similarity(birth_place_l, birth_place_r) >= 0.9"
            " or starts_with(birth_place_l, birth_place_r) or starts_with(birth_place_r, birth_place_l)",
            "similar place of birth",
            0.05,
        ),
        Level("differs", "", "place of birth differs", 0.10),
    ),
)

_UNKNOWN = word_set("UNKNOWN NK NA NONE NULL UK GB ENGLAND BRITAIN OTHER")


def clean(birth_place: str | None) -> tuple[str | None, str | None]:
    """One value for each of COLUMNS; None for what most people of a council would give (England), since it says nothing."""
    words = fold(birth_place)
    return None if words is None or words in _UNKNOWN else words, birth_place or None
