"""A column of names → SQL that recognises plain names, in which every word is only a name, and gives their words."""

from linkage.values.names import PLACEHOLDER, SPECIAL_WORDS

_SPECIAL = "|".join(sorted(SPECIAL_WORDS))


def ordinary_sql(column: str) -> str:
    """Condition that a text is plain words, none of which (nor all joined) has another meaning than a name."""
    return (
        f"regexp_full_match({column}, '[A-Za-z]+(?:[ -][A-Za-z]+)*')"
        rf" AND NOT regexp_matches({column}, '(?i)\b(?:{_SPECIAL}|(?:TWIN|TRIPLET)[A-Z]*|[XZ]{{2,}}|A{{3,}})\b')"
        f" AND NOT regexp_full_match(translate({column}, ' -', ''), '(?i)(?:{_SPECIAL}|{PLACEHOLDER.pattern})')"
    )


def words_sql(column: str) -> str:
    """The words of such a text as they are compared, with single spaces."""
    return f"replace(upper({column}), '-', ' ')"
