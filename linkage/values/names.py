"""A name as received → its words, other names written beside it, and what else was found there."""

import re
from functools import lru_cache
from typing import NamedTuple

from linkage.values.text import fold, has_letters, repaired, word_set


class Name(NamedTuple):
    """The words of a name, other names beside it, and findings: "placeholder", "not_latin", "note", "junior", "senior"."""

    words: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()


class _Kind(NamedTuple):
    """How one kind of name is read: what separates names, what stands before a name, and what means that there is none."""

    divider: re.Pattern[str]
    somebody_elses: re.Pattern[str] | None
    titles: frozenset[str]
    placeholders: frozenset[str]


_NEVER_NAMES = "MR MRS DR MISS MS MX MSTR PROF REV REVD CLLR"
_TITLES = f"{_NEVER_NAMES} MASTER PROFESSOR SIR DAME REVEREND LORD LADY SISTER FATHER FR HAJJI ALHAJI"
# Forms of address of South Asia, Bengali ones above all: Mst Rahela is Rahela, Md Rahim is Rahim.
_ADDRESSED = "MD MOHD MUHD MST MOST MOSAMMAT MOSAMMOT MOSSAMMAT MUSAMMAT MUSAMMOT MUSSAMMAT SMT SHRIMATI SHRI"
_NOBODY = (
    f"{_NEVER_NAMES} NA NK UNK UNKN TBC TBA NONE NULL NIL ANON ANONYMOUS MISSING SURNAME FORENAME NFN "
    "NLN FNU LNU DELETED MERGED ERROR NOTKNOWN NONAME UNKNOWN BABYOF BABYBOY BABYGIRL UNBORN TEST DUMMY "
    "DUPLICATE DONOTUSE TWINONE TWINTWO CLIENT PATIENT X"
)
# Words for somebody without a forename; some are surnames too.
_UNNAMED = (
    "BABY INFANT NEWBORN NEONATE TODDLER MALE FEMALE BOY GIRL CHILD PERSON UNNAMED UNIDENTIFIED REFUSED DECLINED WITHHELD "
    "HUSBAND WIFE DECEASED UBB"
)
# "B/O Sarah", "Son of Sarah", "Alan & Sarah", "Sarah - Baby", "Sarah (baby of)": Sarah is, or may be, somebody else.
_SOMEBODY_ELSES = re.compile(
    r"\s*[bc]/o\b|[^(\[{]*(?:&|\b(?:of|and)\b|\w\W+(?:baby|babe|newborn|unborn|infant)\W*$)|.*\bof\W*$",
    re.IGNORECASE,
)
SUFFIXES = word_set(
    "JR JNR JUNIOR SR SNR SENIOR II III OBE MBE CBE BEM KBE DBE ESQ ESQUIRE PHD DECEASED DECD RIP"
)
_JUNIOR, _SENIOR = word_set("JR JNR JUNIOR II III"), word_set("SR SNR SENIOR")
# ABDUL, BIN … stand before the name that tells people apart; they are no name of their own.
PARTICLES = word_set(
    "DE DA DO DOS DAS DI DU DEL DELLA LA LE LES VAN VON DEN DER TER TEN ZU AL EL BIN IBN BINT BEN AP AB "
    "MAC MC O ST ABU ABD UL"
)
# First names that are half of a name: ABDUL KARIM and ABDUL KADIR are brothers, THI LAN and THI MAI sisters, and so are KAUR
# JASWINDER and KAUR DAVINDER, where the family's name was put first.
HALVES_OF_NAMES = word_set(
    "ABDUL ABDEL MD MOHD MUHD MST SYED SYEDA THI VAN XIAO NOOR NUR UMME UMM BIBI BEGUM KHATUN AKHTAR AKTER AKHTER KAUR SINGH"
)
_JOINED_TO_NEXT = word_set("MAC MC O AP AB ST FITZ")
PLACEHOLDER = re.compile(
    r"(?:BABY|INFANT|UNKNOWN|UN ?BORN|TEST|DUMMY|NOT (?:KNOWN|GIVEN|STATED|PROVIDED|RECORDED|SPECIFIED|"
    r"AVAILABLE|APPLICABLE|NAMED)|NO (?:NAME|FORENAME|SURNAME|FIRST NAME|LAST NAME)|"
    r"(?:TWIN|TRIPLET) ?(?:ONE|TWO|THREE|[0-9AB]|I+)|(?:BOY|GIRL|MALE|FEMALE) (?:ONE|TWO|THREE|[0-9AB]|I+)|T ?[0-9]|"
    r"TO BE CONFIRMED|N [AK]|U K|X{2,}|Z{2,}|A{3,})(?: .*)?"
)
_NOTE = re.compile(
    r"\b(?:(?:PLEASE )?(?:DO NOT|DONT) USE(?: THIS)?(?: RECORD)?|DUPLICATES?(?: RECORD)?|DUPE|ZZ+|XX+)\b"
)
# Without one of these words, neither a note nor another name can stand inside a name.
_SIGNALS = word_set(
    "USE DUPLICATE DUPLICATES DUPE ZZ ZZZ ZZZZ XX XXX XXXX AS AKA A ALIAS NAME PREFERRED PREFERS CALLED BY "
    "NEE FORMERLY PREVIOUSLY PREV"
)
# Words that are not, or need not be, a name.
SPECIAL_WORDS = (
    word_set(f"{_TITLES} {_ADDRESSED} {_NOBODY} {_UNNAMED} UN BORN NOT NO TO N U DO DONT OF AND BABE")
    | SUFFIXES
    | _SIGNALS
)
_MARKS = re.compile(r"[(\[{\"“”„«»/]|(?<!\w)['‘’]")
_BESIDE = re.compile(
    r"[(\[{]([^)\]}]*)[)\]}]?|[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]?|(?<!\w)['‘’]([^'‘’]{2,})['‘’](?!\w)"
)
_CARE_OF = re.compile(r"\bc/o\b.*", re.IGNORECASE)
_SLASHED_KNOWN_AS = re.compile(r"\bk/a\b", re.IGNORECASE)
# Words that say whose name stands in brackets, or that none does: "Tom (mum Sarah)".
_NOT_A_NAME = word_set(
    "TWIN ONE TWO CARER FOSTER PARENT MOTHER FATHER MUM DAD WIFE HUSBAND PARTNER SON DAUGHTER SISTER BROTHER BABY OF THE AND NOK"
)
_WITHOUT_DIGITS = str.maketrans("", "", "0123456789")

GIVEN = _Kind(
    re.compile(
        r"(?:^|(?<= ))(?:(?:ALSO |BETTER |USUALLY )?KNOWN AS|AKA|A K A|ALIAS|PREFERRED NAME|PREFERRED|"
        r"PREFERS|LIKES TO BE CALLED|CALLED|GOES BY)(?= )"
    ),
    _SOMEBODY_ELSES,
    word_set(f"{_TITLES} {_ADDRESSED}"),
    word_set(f"{_NOBODY} {_UNNAMED}"),
)
FAMILY = _Kind(
    re.compile(
        r"(?:^|(?<= ))(?:NEE|FORMERLY|FORMER NAME|PREVIOUSLY|PREVIOUS NAME|PREV|MAIDEN NAME|"
        r"(?:ALSO )?KNOWN AS|AKA|A K A|ALIAS)(?= )"
    ),
    None,
    word_set(_NEVER_NAMES),
    word_set(_NOBODY),
)


@lru_cache(maxsize=1 << 17)
def read_given(text: str | None) -> Name:
    """Given names: titles, suffixes, notes and placeholders go; names in brackets or after "known as" stay.

    "Mr William (Bill) John" → words WILLIAM, JOHN; others BILL.
    """
    words, pieces, findings = _read(text, GIVEN)
    others = tuple(dict.fromkeys(word for piece in pieces for word in piece if len(word) > 1))
    return Name(words, others, findings)


@lru_cache(maxsize=1 << 17)
def read_family(text: str | None) -> Name:
    """A surname: the words of the one in use, and former ones written beside it as words of their own.

    "Mc Donald-Smith (née O'Brien)" → words MCDONALD, SMITH; others OBRIEN.
    """
    words, pieces, findings = _read(text, FAMILY)
    return Name(_with_prefixes(words), tuple("".join(piece) for piece in pieces), findings)


def _read(text: str | None, kind: _Kind) -> tuple[tuple[str, ...], list[tuple[str, ...]], tuple[str, ...]]:
    """Words of the name itself, words of each name beside it, findings."""
    if not text or text.isspace():
        return (), [], ()
    text = repaired(text)
    if kind.somebody_elses and kind.somebody_elses.match(text):
        return (), [], ("placeholder",)
    main, beside = _taken_apart(text) if _MARKS.search(text) else (text, [])
    folded = fold(main) or fold(" ".join(beside))
    if folded is None:
        return (), [], ("not_latin",) if has_letters(text) else ("placeholder",)
    if PLACEHOLDER.fullmatch(folded) or (kind.somebody_elses and kind.somebody_elses.match(text)):
        return (), [], ("placeholder",)
    if folded.isalpha() and not beside:
        return ((), [], ("placeholder",)) if folded in kind.placeholders else ((folded,), [], ())
    if not beside and _SIGNALS.isdisjoint(folded.split()):
        words = _words(folded, kind)
        return words, [], _generation(folded) if words else ("placeholder",)
    without_note = _NOTE.sub(" ", folded)
    findings = _generation(folded) + (() if without_note == folded else ("note",))
    parts = kind.divider.split(without_note)
    for aside in beside:
        noted = fold(aside) or ""
        if noted and SUFFIXES.issuperset(noted.split()):
            findings += _generation(f"{folded} {noted}")
        elif _NOT_A_NAME.isdisjoint(noted.split()):
            parts += kind.divider.split(_NOTE.sub(" ", noted))
    pieces = [words for part in parts if (words := _words(part, kind))]
    if not pieces:
        return (), [], ("placeholder",)
    others = [piece for piece in pieces[1:] if piece != pieces[0]]
    return pieces[0], others, findings


def _generation(folded: str) -> tuple[str, ...]:
    """ "junior" or "senior" if the last words of a name say so."""
    words = folded.split()
    while len(words) > 1 and words[-1] in SUFFIXES:
        word = words.pop()
        if word in _JUNIOR or word in _SENIOR:
            return ("junior",) if word in _JUNIOR else ("senior",)
    return ()


def _taken_apart(text: str) -> tuple[str, list[str]]:
    main = _SLASHED_KNOWN_AS.sub(" known as ", _CARE_OF.sub("", text))
    return _BESIDE.sub(" ", main), ["".join(groups) for groups in _BESIDE.findall(main)]


def _words(part: str, kind: _Kind) -> tuple[str, ...]:
    words = part.translate(_WITHOUT_DIGITS).split()
    while len(words) > 1 and (words[0] in kind.titles or words[0] in kind.placeholders):
        del words[0]
    while len(words) > 1 and words[-1] in SUFFIXES:
        del words[-1]
    whole = "".join(words)
    if (
        not words
        or whole in kind.placeholders
        or PLACEHOLDER.fullmatch(whole)
        or PLACEHOLDER.fullmatch(words[0])
    ):
        return ()
    return tuple(words)


def _with_prefixes(words: tuple[str, ...]) -> tuple[str, ...]:
    if len(words) < 2:
        return words
    attached: list[str] = []
    prefix = ""
    for word in words:
        if word in _JOINED_TO_NEXT:
            prefix += word
        else:
            attached.append(prefix + word)
            prefix = ""
    return (*attached, prefix) if prefix else tuple(attached)
