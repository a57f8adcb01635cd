"""A word → the same word as somebody else writes it: mistyped, misheard, or from another script."""

import tomllib
from functools import cache

import pyarrow.parquet as parquet

from linkage.population.arrays import Generator
from linkage.population.names import REFERENCE, plain

KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SOUNDS = (
    ("ph", "f"), ("ei", "ie"), ("ie", "y"), ("ck", "k"), ("ea", "ee"), ("ll", "l"), ("tt", "t"),
    ("nn", "n"), ("ss", "s"),
    ("mp", "m"), ("c", "k"), ("s", "z"), ("y", "i"), ("e", "a"), ("o", "u"), ("l", "ll"), ("n", "nn"),
    ("t", "tt"),
    ("er", "ar"), ("son", "sen"), ("ks", "x"), ("ke", "k"), ("gh", ""), ("v", "ph"),
    ("au", "aw"), ("in", "en"),
)  # fmt: skip


def mistyped(rng: Generator, word: str) -> str:
    """One letter left out, doubled, swapped with the next, or struck beside its key."""
    if len(word) < 3:
        return word
    at = int(rng.integers(1, len(word) - 1))
    way = int(rng.integers(0, 4))
    if way == 0:
        changed = word[:at] + word[at + 1 :]
    elif way == 1 and word[at] not in (word[at - 1], word[at + 1]):
        changed = word[:at] + word[at] + word[at:]
    elif way == 2:
        changed = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    else:
        changed = word[:at] + _beside(rng, word[at]) + word[at + 1 :]
    return changed if changed != word else word[:at] + word[at + 1 :]


def _beside(rng: Generator, letter: str) -> str:
    for row in KEYBOARD:
        at = row.find(letter.lower())
        if at >= 0:
            near = row[max(0, at - 1) : at] + row[at + 1 : at + 2]
            return near[int(rng.integers(0, len(near)))]
    return "e"


def misheard(rng: Generator, word: str) -> str:
    """One sound written another way; mistyped where no rule fits."""
    lower = word.lower()
    fitting = [
        (sound, other) for sound, other in SOUNDS if sound in lower[1:] or (len(sound) > 1 and sound in lower)
    ]
    if not fitting:
        return mistyped(rng, word)
    sound, other = fitting[int(rng.integers(0, len(fitting)))]
    at = lower.rfind(sound)
    changed = word[:at] + other + word[at + len(sound) :]
    return changed[:1].upper() + changed[1:]


@cache
def spelling_groups() -> dict[str, list[str]]:
    """The other spellings of each name, by the name in lower-case ASCII."""
    with (REFERENCE / "transliterations.toml").open("rb") as file:
        groups: list[str] = tomllib.load(file)["groups"]
    others: dict[str, list[str]] = {}
    for group in groups:
        words = [plain(word.replace("_", " ")) for word in group.split()]
        for word in words:
            rest = [other.lstrip(">") for other in words if other.lower() != word.lower()]
            if not word.startswith(">"):
                others.setdefault(word.lower(), []).extend(rest)
    return others


@cache
def short_forms() -> dict[str, list[str]]:
    """Everyday forms of each forename, most usual first, by the forename in lower case."""
    rows = parquet.read_table(REFERENCE / "short_forms.parquet").to_pydict()
    forms: dict[str, list[str]] = {}
    for name, variant in zip(rows["name"], rows["variant"], strict=True):
        forms.setdefault(name, []).append(variant.capitalize())
    with (REFERENCE / "short_forms.toml").open("rb") as file:
        usual: dict[str, str] = tomllib.load(file)["short_forms"]
    return forms | {name.lower(): text.split() for name, text in usual.items()}


def other_spelling(rng: Generator, text: str) -> str:
    """One of the text's words in another spelling; unchanged where none is known."""
    words = text.split(" ")
    known = [at for at, word in enumerate(words) if word.lower() in spelling_groups()]
    if not known:
        return text
    at = known[int(rng.integers(0, len(known)))]
    others = spelling_groups()[words[at].lower()]
    words[at] = others[min(int(rng.geometric(0.45)) - 1, len(others) - 1)]
    return " ".join(words)
