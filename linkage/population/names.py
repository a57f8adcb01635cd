"""The name lists in `linkage/reference` → a vocabulary, and the pools that names are drawn from."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet

from linkage.population.arrays import FEMALE, MALE, Floats, Generator, Ints, Text, pick
from linkage.population.origins import ORIGIN_NUMBER, ORIGINS

REFERENCE = Path(__file__).parent.parent / "reference"
LETTERS = str.maketrans("łŁøØßđĐıæÆ", "lLoOsdDiaA")
TAIL_SHARE = 0.15
FLATNESS = {"vietnamese": 0.7, "polish": 8.0, "italian": 10.0, "spanish": 5.0, "romanian": 6.0}
POLISH_FEMININE = (("ski", "ska"), ("cki", "cka"), ("dzki", "dzka"))
O_NAMES = (
    "neill", "brien", "connor", "sullivan", "donnell", "leary", "reilly", "hara", "keefe", "keeffe",
    "callaghan", "grady", "dowd", "rourke", "shea", "toole", "mahony", "mahoney", "driscoll", "malley",
    "farrell", "hagan", "kane", "connell", "hare", "flynn", "carroll", "halloran", "gorman", "loughlin",
    "dwyer", "regan", "riordan", "donoghue", "donovan", "hanlon",
)  # fmt: skip
MAC_NAMES = ("macdo", "macgr", "macle", "macfa", "macph", "macna", "macmi", "macin", "macal", "macar")
USUAL_MIDDLE_NAMES = {
    MALE: "John James William David Michael Thomas George Robert Edward Andrew Peter Paul Joseph Charles Lee",
    FEMALE: "Ann Marie Elizabeth Jane Louise Mary Margaret Anne Rose Jean Grace May Lynn Kathleen Dawn",
}
COHORTS = (
    1904,
    1914,
    1924,
    1934,
    1944,
    1954,
    1964,
    1974,
    1984,
    1994,
    1996,
    2000,
    2004,
    2008,
    2012,
    2016,
    2020,
)


def plain(text: str) -> str:
    """The text in ASCII: accents taken off, other letters spelt out."""
    folded = unicodedata.normalize("NFKD", text.translate(LETTERS))
    return folded.encode("ascii", "ignore").decode("ascii")


def written_surname(name: str) -> str:
    """A lower-case surname as people write it: McGrath, O'Neill, Smith."""
    if name.startswith("mc") and len(name) > 3:
        return "Mc" + name[2:].capitalize()
    if name.startswith(MAC_NAMES):
        return "Mac" + name[3:].capitalize()
    if name.startswith("o") and name[1:] in O_NAMES:
        return "O'" + name[1:].capitalize()
    return name.capitalize()


@dataclass
class Pool:
    """Names by code with the weight that each is drawn with."""

    codes: Ints
    weights: Floats


@dataclass
class Names:
    """All names, each under one code, and the pools by origin, sex and cohort."""

    words: list[str] = field(default_factory=list)
    code_of: dict[str, int] = field(default_factory=dict)
    forenames: dict[tuple[int, int], Pool] = field(default_factory=dict)
    british: dict[tuple[int, int], Pool] = field(default_factory=dict)
    surnames: dict[int, Pool] = field(default_factory=dict)
    womens_last: dict[int, Pool] = field(default_factory=dict)
    usual_middle: dict[int, Pool] = field(default_factory=dict)

    def code(self, word: str) -> int:
        """The code of a name, a new one for a new name."""
        if word not in self.code_of:
            self.code_of[word] = len(self.words)
            self.words.append(word)
        return self.code_of[word]

    def pool(self, words: list[str], weights: Floats) -> Pool:
        """A pool of these words."""
        return Pool(np.array([self.code(word) for word in words], dtype=np.int64), weights)

    def text(self) -> Text:
        """Every name as it is written, by code."""
        return np.array(self.words, dtype=object)

    def plain_text(self) -> Text:
        """Every name in ASCII, by code."""
        return np.array([plain(word) for word in self.words], dtype=object)

    def plain_upper(self) -> Text:
        """Every name in ASCII capitals, by code."""
        return np.array([plain(word).upper() for word in self.words], dtype=object)

    def feminine(self) -> Ints:
        """The form of a surname that a daughter or wife carries, by code (most are unchanged)."""
        other = np.arange(len(self.words))
        for word, code in list(self.code_of.items()):
            for male, female in POLISH_FEMININE:
                if word.endswith(male) and word[: -len(male)] + female in self.code_of:
                    other[code] = self.code_of[word[: -len(male)] + female]
        other[self.code_of["Singh"]] = self.code_of["Kaur"]
        return other


def rank_weights(count: int, flatness: float = 6.0, power: float = 1.0) -> Floats:
    """Zipf-like weights for names in rank order: the flatter, the less the first names lead."""
    return np.asarray((np.arange(count) + flatness) ** -power, dtype=np.float64)


def load_names() -> Names:
    """All pools, from the reference lists; the same codes every time."""
    names = Names()
    _load_british(names)
    with (REFERENCE / "names_by_origin.toml").open("rb") as file:
        lists: dict[str, dict[str, str]] = tomllib.load(file)
    tails = _load_tails()
    for origin, kinds in lists.items():
        _load_origin(names, origin, kinds, tails)
    british = ORIGIN_NUMBER["british"]
    names.surnames[ORIGIN_NUMBER["caribbean"]] = names.surnames[british]
    for word in ("Văn", "Thị"):
        names.code(word)
    return names


def _load_british(names: Names) -> None:
    rows = parquet.read_table(REFERENCE / "forenames.parquet").to_pydict()
    cells: dict[tuple[int, str], tuple[list[str], list[float]]] = {}
    for year, sex, name, rank, count in zip(*rows.values(), strict=True):
        words, weights = cells.setdefault((year, sex), ([], []))
        words.append(re.sub(r"[a-z]+", lambda part: part[0].capitalize(), name.lower()))
        weights.append(float(count) if count else (rank + 3.0) ** -1.05)
    for (year, sex), (words, weights) in cells.items():
        cohort = COHORTS.index(year)
        names.british[(MALE if sex == "M" else FEMALE, cohort)] = names.pool(words, np.array(weights))
    frequencies = parquet.read_table(REFERENCE / "surnames.parquet").to_pydict()
    for kind, text in USUAL_MIDDLE_NAMES.items():
        words = text.split()
        names.usual_middle[kind] = names.pool(words, rank_weights(len(words), 4.0))
    surnames = [written_surname(name) for name in frequencies["surname"]]
    names.surnames[ORIGIN_NUMBER["british"]] = names.pool(surnames, np.array(frequencies["freq"]))


def _load_tails() -> dict[tuple[str, str], list[str]]:
    rows = parquet.read_table(REFERENCE / "names_by_origin_tail.parquet").to_pydict()
    tails: dict[tuple[str, str], list[str]] = {}
    for origin, kind, name in zip(*rows.values(), strict=True):
        tails.setdefault((origin, kind), []).append(name)
    return tails


def _load_origin(
    names: Names, origin: str, kinds: dict[str, str], tails: dict[tuple[str, str], list[str]]
) -> None:
    number = ORIGIN_NUMBER[origin]
    for sex, kind in ((MALE, "male"), (FEMALE, "female")):
        words = (
            _two_syllables(kinds["syllables"], origin, sex) if "syllables" in kinds else kinds[kind].split()
        )
        names.forenames[(number, sex)] = _with_tail(names, words, tails.get((origin, kind), []))
    words = [word.replace("_", " ") for word in kinds["surname"].split()]
    if origin == "sikh":
        weights = np.concatenate([[2.0], rank_weights(len(words))])
        names.surnames[number] = names.pool(["Singh", *words], weights)
        names.code("Kaur")
    else:
        names.surnames[number] = _with_tail(
            names, words, tails.get((origin, "surname"), []), FLATNESS.get(origin, 3.0)
        )
    for male, female in POLISH_FEMININE if origin == "polish" else ():
        for word in words:
            if word.endswith(male):
                names.code(word[: -len(male)] + female)
    if "women" in kinds:
        last = kinds["women"].split()
        names.womens_last[number] = names.pool(last, rank_weights(len(last), 0.6, 1.3))


def _with_tail(names: Names, words: list[str], tail: list[str], flatness: float = 6.0) -> Pool:
    """Names in rank order, then a tail of rarer ones that shares TAIL_SHARE of the weight."""
    common = rank_weights(len(words), flatness)
    rare = [word for word in tail if word not in set(words)]
    weights = np.concatenate([common, np.full(len(rare), TAIL_SHARE * common.sum() / max(1, len(rare)))])
    return names.pool(words + rare, weights)


def _two_syllables(text: str, origin: str, sex: int) -> list[str]:
    """Chinese given names of two syllables: joined in Mandarin style, apart in Cantonese style."""
    syllables = text.split()
    joiner = "" if origin == "chinese_mandarin" else " "
    pairs = [
        (first, second)
        for apart in range(1, len(syllables))
        for first, second in zip(syllables, syllables[apart:] + syllables[:apart], strict=True)
    ]
    half = pairs[0 if sex == MALE else 1 :: 2][:240]
    return [first + joiner + (second.lower() if not joiner else second) for first, second in half]


def draw_from(rng: Generator, pools: dict[int, Pool], keys: Ints) -> Ints:
    """One name for each key, from that key's pool."""
    drawn = np.zeros(len(keys), dtype=np.int64)
    for key in np.unique(keys).tolist():
        rows = np.flatnonzero(keys == key)
        drawn[rows] = pools[key].codes[pick(rng, pools[key].weights, len(rows))]
    return drawn


def draw_forenames(rng: Generator, names: Names, origin: Ints, sex: Ints, year: Ints) -> Ints:
    """A forename for each person, by origin and sex, and by year of birth where the name is a British one."""
    size = len(origin)
    british_share = np.array([each.british_forename for each in ORIGINS])[origin]
    blurred = year + rng.normal(0, 3, size)
    middles = (np.array(COHORTS[1:]) + np.array(COHORTS[:-1])) / 2
    cohort = np.searchsorted(middles, blurred)
    is_british = rng.random(size) < british_share
    keys = np.where(is_british, 1000 + cohort * 10 + sex, origin * 10 + sex)
    pools = {number * 10 + kind: pool for (number, kind), pool in names.forenames.items()}
    pools |= {1000 + number * 10 + kind: pool for (kind, number), pool in names.british.items()}
    return draw_from(rng, pools, keys)
