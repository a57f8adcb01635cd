"""A whole name in one column → its given names and its surname, each as received."""

from linkage.values.name_keys import variants
from linkage.values.names import FAMILY, GIVEN, PARTICLES, SUFFIXES, read_family
from linkage.values.text import fold, repaired


def split_full_name(text: str | None) -> tuple[str | None, str | None]:
    """Given names and surname of a whole name, each as received.

    A comma decides ("Smith, John Paul"); else the surname is the last word with the particles before it ("Ana
    de Souza" → "de Souza"). One word alone is a given name, unless a title stands before it.
    """
    if not text or not text.strip():
        return None, None
    text = repaired(text)
    before, comma, after = text.partition(",")
    if comma and (following := fold(after)) and not _is_only_suffix(following):
        return after.strip(), before.strip() or None
    pieces, aside = _trailing_aside(before if comma else text)
    suffix = f" {after.strip()}" if comma else ""
    while len(pieces) > 1 and fold(pieces[-1]) in SUFFIXES:
        suffix = f" {pieces.pop()}{suffix}"
    titled = False
    while len(pieces) > 1 and fold(pieces[0]) in GIVEN.titles:
        del pieces[0]
        titled = True
    if len(pieces) == 1:
        return (None, pieces[0]) if titled else (pieces[0], None)
    start = len(pieces) - 1
    while start > 1 and fold(pieces[start - 1]) in PARTICLES:
        start -= 1
    given, family = " ".join(pieces[:start]), " ".join(pieces[start:]) + suffix
    if aside and FAMILY.divider.search(fold(aside) or ""):
        family = f"{family} {aside}"
    elif aside:
        given = f"{given} {aside}"
    return given or None, family or None


def split_lone_name(text: str | None) -> tuple[str | None, str | None]:
    """Given names and surname, as received, where one of the two columns seems to have both and the other is empty.

    Both None if it may be one name: "de Souza", "Mary Ann" (no surname ends in a known forename).
    """
    words = read_family(text).words
    given, family = split_full_name(text)
    if len(words) < 2 or words[0] in PARTICLES or not given or variants(fold(family) or ""):
        return None, None
    return given, family


def _is_only_suffix(following: str) -> bool:
    return following[0].isdigit() or all(word in SUFFIXES for word in following.split())


def _trailing_aside(text: str) -> tuple[list[str], str]:
    main, bracket, rest = text.partition("(")
    aside = bracket + rest if rest.rstrip().endswith(")") and main.strip() else ""
    return (main if aside else text).split(), aside
