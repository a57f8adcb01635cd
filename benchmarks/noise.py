"""A written word or date and a source of chance → the same with one mistake that people or machines make.

The kinds are those of Christen and Pudjijono 2009 (keyboard, optical recognition, sound; dates apart), with Damerau's four
slips of the keyboard (Damerau 1964) made by the address-errors package. Nothing is shared with the product's own generator.
"""

from random import Random

MISREAD = (
    ("rn", "m"), ("m", "rn"), ("cl", "d"), ("d", "cl"), ("vv", "w"), ("w", "vv"), ("nn", "m"), ("h", "b"), ("b", "h"),
    ("e", "c"), ("c", "e"), ("g", "q"), ("q", "g"), ("u", "v"), ("v", "u"), ("l", "i"), ("i", "l"), ("o", "0"),
    ("s", "5"), ("t", "f"), ("n", "h"), ("a", "o"),
)  # fmt: skip
MISHEARD = (
    ("ph", "f"), ("f", "ph"), ("ck", "k"), ("k", "ck"), ("c", "k"), ("k", "c"), ("ee", "ea"), ("ea", "ee"), ("ie", "y"),
    ("y", "ie"), ("ey", "y"), ("s", "z"), ("z", "s"), ("tt", "t"), ("ll", "l"), ("l", "ll"), ("nn", "n"), ("n", "nn"),
    ("ou", "oo"), ("gh", ""), ("th", "t"), ("v", "w"), ("j", "y"), ("sh", "s"), ("e", "i"), ("i", "e"), ("er", "a"),
    ("ei", "ie"), ("mc", "mac"), ("mac", "mc"),
)  # fmt: skip
# Beside, above or below a digit on a number pad.
NEIGHBOURS = {
    "0": "12", "1": "024", "2": "0135", "3": "26", "4": "157", "5": "2468", "6": "359", "7": "48", "8": "579", "9": "68",
}  # fmt: skip


def typed(word: str, chance: Random) -> str:
    """One slip of the keyboard inside a word of four letters or more: a letter too few, too many, wrong, or out of turn."""
    from address_errors import Noise
    from address_errors.noise import add_noise

    written: str = add_noise(word, Noise(rate=1.0, ops={"typo": 1}), chance)[0]
    return written


def misread(word: str, chance: Random) -> str:
    """Letters taken for others of the same look, as scanning does."""
    return _replaced(word, MISREAD, chance)


def misheard(word: str, chance: Random) -> str:
    """Letters written for others of the same sound, as on the telephone."""
    return _replaced(word, MISHEARD, chance)


def _replaced(word: str, pairs: tuple[tuple[str, str], ...], chance: Random) -> str:
    lower = word.lower()
    possible = [pair for pair in pairs if pair[0] in lower]
    if not possible:
        return word
    old, new = chance.choice(possible)
    places = [place for place in range(len(lower)) if lower.startswith(old, place)]
    place = chance.choice(places)
    changed = lower[:place] + new + lower[place + len(old) :]
    return changed.upper() if word.isupper() else changed.title()


def digit_keyed(date: str, chance: Random) -> str:
    """A date YYYYMMDD with one digit taken for its neighbour on the number pad; the same if no such date exists."""
    places = list(range(2, 8))
    chance.shuffle(places)
    for place in places:
        for digit in chance.sample(NEIGHBOURS[date[place]], len(NEIGHBOURS[date[place]])):
            changed = date[:place] + digit + date[place + 1 :]
            if is_date(changed):
                return changed
    return date


def digits_turned(date: str, chance: Random) -> str:
    """A date YYYYMMDD with the digits of its day, month or short year the other way round, if such a date exists."""
    for start in chance.sample((2, 4, 6), 3):
        changed = date[:start] + date[start + 1] + date[start] + date[start + 2 :]
        if changed != date and is_date(changed):
            return changed
    return date


def day_and_month_swapped(date: str) -> str:
    """A date YYYYMMDD with day for month, if such a date exists."""
    changed = date[:4] + date[6:] + date[4:6]
    return changed if is_date(changed) else date


def is_date(text: str) -> bool:
    """Whether YYYYMMDD is a day of 1900 to 2025."""
    from datetime import date

    try:
        return 1900 <= date(int(text[:4]), int(text[4:6]), int(text[6:])).year <= 2025
    except ValueError:
        return False
