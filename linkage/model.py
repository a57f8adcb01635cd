"""A model: the comparisons, numbers and thresholds that a run scores and decides with.

Nothing in it is a value of a person: term frequencies are counted anew in every run.
"""

import math
from dataclasses import dataclass
from functools import cached_property

DECIMALS = 6
"""Decimals of a weight: those below may change with the number of threads."""

CHANCES = ("m", "u", "relative_u", "twin_u")
"""The probabilities of a level (fields of `ModelLevel`)."""
SHARES = ("share_in_register", "share_duplicate", "relatives", "twins")
"""The numbers about the population (fields of `Model`), which each run estimates anew."""


@dataclass(frozen=True)
class ModelLevel:
    """A level of agreement with its probabilities.

    `m`: share of the true pairs that are at this level. `u`: the same for pairs of strangers, `relative_u` for pairs of
    different people who share or shared a home and have different birthdays, `twin_u` for those born on the same day.
    `number` is Splink's gamma (0: the last level, -1: missing).
    """

    name: str
    condition: str
    wording: str
    term_frequency: str
    missing: bool
    number: int
    m: float
    u: float
    relative_u: float
    twin_u: float

    @property
    def weight(self) -> float:
        """Evidence against the pair being strangers, in bits (0 where a value is missing)."""
        return 0.0 if self.missing else math.log2(self.m / self.u)

    @property
    def relative_weight(self) -> float:
        """Evidence against the pair being two people of one home, in bits (0 where a value is missing)."""
        return 0.0 if self.missing else math.log2(self.m / self.relative_u)

    @property
    def twin_weight(self) -> float:
        """Evidence against the pair being two people of one home and one day of birth, in bits."""
        return 0.0 if self.missing else math.log2(self.m / self.twin_u)


@dataclass(frozen=True)
class ModelComparison:
    """One comparison of the model: the field it stands on and its levels, strongest first."""

    name: str
    field: str
    levels: tuple[ModelLevel, ...]

    @cached_property
    def by_number(self) -> dict[int, ModelLevel]:
        """Splink's gamma → the level."""
        return {level.number: level for level in self.levels}


@dataclass(frozen=True)
class Model:
    """Everything that scores pairs and decides on records.

    `blocking` has the strict rules, `loose` those tried only where the strict ones leave doubt; a rule is a tuple of
    columns that must agree. `accept` and `review`: confidence from which a link is made, and from which it is shown to a
    human. `join`: probability from which two records of one dataset are one person. `share_in_register`: share of council
    records whose person is in the register. `share_duplicate`: duplicates per council record. `relatives` and `twins`:
    how many others a person shares or shared a home with, born on another day and on the same day. `calibration`:
    (posterior, share that was right) in rising order. `shows_relatives`: false where the data hold no relatives, as in a
    study of unrelated people; guards against relatives then stay silent.
    """

    name: str
    version: str
    comparisons: tuple[ModelComparison, ...]
    blocking: tuple[tuple[str, ...], ...]
    accept: float
    review: float
    join: float
    share_in_register: float
    share_duplicate: float
    relatives: float
    twins: float
    calibration: tuple[tuple[float, float], ...]
    calibrated_on: str
    loose: tuple[tuple[str, ...], ...] = ()
    shows_relatives: bool = True

    def __hash__(self) -> int:
        # `reason` caches by model and is called for every link: hashing all levels each time would be slow. Models of one run
        # may collide; equality still tells them apart.
        return hash((self.name, self.version))

    @property
    def rules(self) -> tuple[tuple[str, ...], ...]:
        """Every blocking rule, the strict ones first."""
        return self.blocking + self.loose

    def comparison(self, name: str) -> ModelComparison:
        """The comparison called `name`."""
        return next(found for found in self.comparisons if found.name == name)


def prior_bits(share: float, people: int) -> float:
    """Prior log2 odds that a council record is one given person of a register of `people`, if `share` of the records have
    their person in it."""
    return round(math.log2(share / ((1 - share) * max(people, 1))), DECIMALS)


def share_of_pairs(per_person: float, people: int) -> float:
    """Share of all pairs of different people that are relatives, if each of `people` has `per_person` of them; at most a
    quarter, so that strangers remain even in a tiny file."""
    return min(0.25, per_person / max(people, 2))


def mixture_sql(model: Model, people: int) -> str:
    """SQL expression for `match_weight`: a pair's evidence against the mixture of strangers, relatives and twins, in bits.

    `people` is the size of the population that the other record comes from. The expression reads the columns
    stranger_weight, relative_weight and twin_weight, which are log2(m / u) against each of the three. See `score.py`.
    """
    relatives, twins = share_of_pairs(model.relatives, people), share_of_pairs(model.twins, people)
    return f"""round(-log2(
        {1 - relatives - twins!r} * pow(2, -stranger_weight)
        + {relatives!r} * pow(2, -relative_weight)
        + {twins!r} * pow(2, -twin_weight)
    ), {DECIMALS})"""
