"""A folded name → keys under which other spellings, transliterations and nicknames of it are found."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import duckdb
import jellyfish

from linkage.values.text import fold

NICKNAMES = Path(__file__).parent.parent / "reference" / "nicknames.parquet"
NAME_FORMS = Path(__file__).parent.parent / "reference" / "name_forms.toml"

# Spellings of one sound, longer ones first.
_SOUNDS = (
    ("TCH", "C^"), ("SCH", "S^"), ("KSH", "KS"), ("CHR", "KR"), ("CHL", "KL"), ("CH", "C^"), ("CZ", "C^"),
    ("SH", "S^"), ("SZ", "S^"), ("PH", "F"), ("KH", "K"), ("GH", "G"), ("DH", "D"), ("BH", "B"), ("JH", "J"),
    ("TH", "T"), ("WH", "W"), ("RH", "R"), ("DJ", "J"), ("CK", "K"), ("Q", "K"), ("X", "KS"),
    ("CE", "SE"), ("CI", "SI"), ("CY", "SI"), ("Z", "S"),
)  # fmt: skip
# Before a vowel GH is the sound that Iranians also write Q. (GULAM for GHULAM is close without a key.)
_GH_BEFORE_VOWEL = re.compile(r"GH(?=[AEIOUY])")
_HARD_C = re.compile(r"C(?!\^)")
_DOUBLE = re.compile(r"([A-Z])\1+")
_ROUND_VOWEL = re.compile(r"[AOU]+[WU](?![AEIOUY])|OU|OW")
_CONSONANT_W = re.compile(r"W(?=[AEIOUY])")
_FIRST_VOWEL = re.compile(r"(?<=.)Y|[AEIOU]")
_VOWELS = str.maketrans("", "", "AEIOUYW")
# An H that is not before a vowel is hardly heard (JOHN, SARAH) and does not count.
_QUIET = re.compile(r"\^|H(?![AEIOUY])")
_FEWEST_CONSONANTS = 3


@cache
def sound(name: str) -> str | None:
    """Metaphone code of a folded name (Philips 1990), None if it has none."""
    return jellyfish.metaphone(name) or None


@lru_cache(maxsize=1 << 18)
def skeleton(name: str) -> str | None:
    """Consonants of a folded name in one spelling, first vowel as A or O; None under three consonants.

    Made for names that were written down from another script: MOHAMMED and MUHAMMAD, CHAUDHRY and CHOWDHURY,
    KULWINDER and KULVINDER agree. The first vowel keeps HASSAN apart from HUSSAIN, MAHMOOD from MOHAMMED; a
    final A keeps KHALIDA apart from KHALID. ZADE is ZADEH, the one Iranian ending that is often written without H.
    """
    if "GH" in name:
        name = _GH_BEFORE_VOWEL.sub("K", name)
    for spelling, plain in _SOUNDS:
        if spelling in name:
            name = name.replace(spelling, plain)
    if "C" in name:
        name = _HARD_C.sub("K", name)
    name = _DOUBLE.sub(r"\1", name)
    name = _ROUND_VOWEL.sub("O", name)
    if "W" in name:
        name = _CONSONANT_W.sub("V", name)
    ending = ""
    if name.endswith(("A", "AH", "EH", "SADE")):
        ending, name = "A", name.removesuffix("H")[:-1]
    first = _FIRST_VOWEL.search(name)
    if first is None:
        return None
    onset, rest = name[: first.start()], name[first.end() :].translate(_VOWELS)
    if len(onset) + len(rest) - len(_QUIET.findall(name)) < _FEWEST_CONSONANTS:
        return None
    return f"{onset}{'O' if first[0] in 'OU' else 'A'}{rest}{ending}"


@cache
def _variant_keys() -> dict[str, list[str]]:
    # Its own short-lived database: the run's database may not read files.
    with duckdb.connect() as database:
        rows = database.execute("SELECT name, key FROM read_parquet(?)", [str(NICKNAMES)]).fetchall()
    keys: dict[str, list[str]] = {}
    for name, key in (*rows, *_name_forms()):
        keys.setdefault(name, []).append(key)
    return keys


def _name_forms() -> Iterator[tuple[str, str]]:
    """Folded name and key for every name of a line of `NAME_FORMS`."""
    for language, lines in tomllib.loads(NAME_FORMS.read_text(encoding="utf-8")).items():
        for usual, forms in lines.items():
            for name in (usual, *forms.split()):
                yield fold(name) or name, f"{language} {usual}"


def variants(name: str) -> list[str]:
    """Keys that a folded forename shares with its nicknames, formal forms and forms in other languages."""
    return _variant_keys().get(name, [])
