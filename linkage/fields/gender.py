"""Gender code or word, else a title → male, female or nothing.

Starting value of m: Cardinal and others 2023 (CRATE): gender wrong in .0033 of records of one person.
"""

from linkage.fields import Comparison, Input, Level
from linkage.values.text import fold, word_set

INPUTS = (
    Input(
        "gender",
        "gender or sex, as word or code",
        (
            "Gender", "Sex", "GENDER_MAIN_CODE", "GENDER (FHIR)", "Gender Code", "Person Gender",
            "Stated Gender", "Person Stated Gender Code", "Client Gender", "Gender Description",
            "Sex Code", "Gender Identity", "Gender at Birth", "Sex at Birth",
        ),
    ),
)  # fmt: skip
READS = ("gender", "title")
COLUMNS = {"gender": "VARCHAR", "gender_received": "VARCHAR"}

COMPARISON = Comparison(
    "gender",
    (
        Level("missing", "gender_l is null or gender_r is null", "gender not recorded", missing=True),
        Level("same", "gender_l = gender_r", "same gender", 0.9967),
        Level("differs", "", "gender differs", 0.0033),
    ),
)

_WORDS = dict.fromkeys(word_set("M 1 MALE MAN BOY"), "male")
_WORDS |= dict.fromkeys(word_set("F 2 FEMALE WOMAN GIRL FEMININE"), "female")
_TITLES = dict.fromkeys(word_set("MR MSTR MASTER SIR"), "male")
_TITLES |= dict.fromkeys(word_set("MRS MISS MS DAME LADY"), "female")
# These mean something other than male or female, so the title is not used.
_OTHER = frozenset(
    (
        "I",
        "O",
        "X",
        "OTHER",
        "INDETERMINATE",
        "INTERSEX",
        "NON BINARY",
        "NONBINARY",
        "TRANSGENDER",
        "AMBIGUOUS",
    )
)


def clean(gender: str | None, title: str | None) -> tuple[str | None, str | None]:
    """One value for each of COLUMNS. 0, 9, U and the like count as no gender; then the title decides."""
    said = (fold(gender) or "").removesuffix(" 0")
    found = _WORDS.get(said)
    if found is None and title and said not in _OTHER:
        found = _TITLES.get(fold(title) or "")
    return found, gender or None
