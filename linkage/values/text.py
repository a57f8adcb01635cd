"""Text as received in any script → upper-case ASCII words that can be compared, or None."""

import re
import unicodedata

SPACES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())
"""The characters that Python's `strip` removes."""
LINE_ENDS = "\u2028\u2029"
APOSTROPHES = "'’‘`´ʼʻʽ′＇‛"

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS = {
    "Ł": "L", "Ø": "O", "ß": "SS", "ẞ": "SS", "Đ": "D", "Ð": "D", "Æ": "AE", "Œ": "OE", "Þ": "TH",
    "Ħ": "H", "Ŧ": "T", "Ŋ": "NG", "Ə": "A", "Ɛ": "E", "Ɔ": "O", "Ɓ": "B", "Ɗ": "D", "Ɖ": "D", "Ƙ": "K",
    "Ɲ": "N", "Ƴ": "Y", "ı": "I", "ĸ": "K",
}  # fmt: skip


# A UTF-8 character of several bytes that was read byte by byte begins like this: Ã©, Å‚, â€™.
_MISREAD = re.compile("[Â-ô][\x80-¿ŒœŠšŸŽžƒˆ˜–-›€™]")
_BYTES = {chr(byte): byte for byte in range(256)}
_BYTES |= {
    character: byte for byte in range(0x80, 0xA0) if (character := bytes([byte]).decode("cp1252", "ignore"))
}
# Latin letters and punctuation in use: what else comes out beside Latin letters was no UTF-8.
_LATIN = re.compile("[\x00-\x7f\xa0-\u017fƏəƠơƯưȘșȚț\u0300-\u0328\u1e00-\u1eff\u2010-\u203a]*")
_LATIN_LETTER = re.compile("[A-Za-z]")
# What a letter became in a system that could not write it.
_LOST_LETTER = re.compile(r"(?<=[^\W\d_])[?\ufffd]+(?=[^\W\d_])")


class _Folding(dict[int, str | None]):
    """A translation table in which every character without an entry of its own becomes a space."""

    def __missing__(self, code: int) -> str | None:
        self[code] = None if unicodedata.combining(chr(code)) else " "
        return self[code]


def _table(kept: str) -> _Folding:
    table = _Folding({ord(character): character for character in kept})
    table.update({ord(letter): plain for letter, plain in _LETTERS.items()})
    table.update({ord(apostrophe): None for apostrophe in APOSTROPHES})
    return table


_WORDS = _table("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_LINES = _table("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_LINES.update({ord(separator): " , " for separator in ",;\n\r|"})
_WITHOUT_APOSTROPHES = str.maketrans("", "", APOSTROPHES)


def printable(line: str) -> str:
    """`line` without characters that could control a terminal or begin another line there."""
    if line.isprintable():
        return line
    return "".join(
        "?" if unicodedata.category(letter)[0] == "C" or letter in LINE_ENDS else letter for letter in line
    )


def for_terminal(text: str) -> str:
    """Lines of text, each `printable`."""
    return "\n".join(map(printable, text.split("\n")))


def _upper(text: str) -> str:
    if "?" in text or "\ufffd" in text:
        text = _LOST_LETTER.sub("", text)
    if text.isascii():
        return text.upper()
    text = repaired(text)
    # Some apostrophes would be taken apart into a space and a mark, so they go first.
    return unicodedata.normalize("NFKD", text.translate(_WITHOUT_APOSTROPHES)).upper()


def repaired(text: str) -> str:
    """The text if its UTF-8 was read as Windows-1252 or Latin-1, once or more, put right: "JosÃ©" → "José"; other text as it is.

    Only text that consists of such bytes is changed, and only if the result makes sense: not "JOSÉ–LUIS".
    """
    if text.isascii() or not _MISREAD.search(text):
        return text
    try:
        read = repaired(bytes([_BYTES[character] for character in text]).decode("utf-8"))
    except (KeyError, UnicodeDecodeError):
        return text
    makes_sense = _LATIN.fullmatch(read) or not _LATIN_LETTER.search(read)
    return read if makes_sense else text


def fold(text: str | None) -> str | None:
    """Upper-case words A–Z 0–9 with one space between them; None if nothing is left.

    Accents are dropped, letters such as ł ø ß æ þ are spelt out, apostrophes vanish (O'Brien → OBRIEN) and so
    does a "?" for a letter that was lost inside a word (Fran?oise → FRANOISE); all else becomes a space. Other
    scripts cannot be folded and leave nothing. Folding twice is folding once.
    """
    if not text:
        return None
    return " ".join(_upper(text).translate(_WORDS).split()) or None


def fold_lines(text: str) -> list[str]:
    """Words as `fold` makes them, with "," for every comma, semicolon, bar and line break."""
    return _upper(text).translate(_LINES).split()


def has_letters(text: str) -> bool:
    """Whether any character is a letter of any script. Such text was a name even if it cannot be folded."""
    return any(character.isalpha() for character in text)


def joined(*values: str | None) -> str | None:
    """The texts that are not empty, with a space between them; None if there are none."""
    return " ".join([value for value in values if value]) or None


def word_set(words: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(words.split())


def truth(text: str | None) -> bool | None:
    """True for Y, yes, true, 1; False for N, no, false, 0; None for anything else."""
    return _TRUTHS.get(text.strip().upper()) if text else None


_TRUTHS = {
    "Y": True, "YES": True, "TRUE": True, "T": True, "1": True, "1.0": True,
    "N": False, "NO": False, "FALSE": False, "F": False, "0": False, "0.0": False,
}  # fmt: skip
