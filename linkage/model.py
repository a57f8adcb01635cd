"""A model: the comparisons, numbers and thresholds that a run scores and decides with.

Nothing in it is a value of a person: term frequencies are counted anew in every run.
"""

import math
from dataclasses import dataclass
from functools import cached_property

DECIMALS = 6
"""Decimals of a weight: those below may change with the number of threads."""

CHANCES = ("m", "u", "relative_u", "twin_u")
"""What a level has of numbers."""
SHARES = ("share_in_register", "share_duplicate", "relatives", "twins")
"""What a model has of its own, and a run estimates anew."""


@dataclass(frozen=True)
class ModelLevel:
    """A level of agreement with its numbers.

    `m`: share of true pairs at this level. `u`: share of pairs of strangers. `relative_u`: share of pairs of two
    different people who share a home or shared one. `twin_u`: share of those of them who were born on one day.
    `number` is Splink's (0: none, -1: missing).
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
        """Splink's number of a level → the level."""
        return {level.number: level for level in self.levels}


@dataclass(frozen=True)
class Model:
    """Everything that scores pairs and decides on records.

    `accept` and `review` are the confidence from which a link is made and shown to a human, `join` that from which two
    records of one dataset are taken for one person. `relatives` and `twins`: how many people a person shares a home with, born on another day and on the same one.
    `shows_relatives`: whether that may be a relative at all, as guards ask; a study of unrelated people has none.
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
        # Reasons are remembered by model, which is asked for a million times: a run has few, and two fields tell most apart.
        return hash((self.name, self.version))

    @property
    def rules(self) -> tuple[tuple[str, ...], ...]:
        """Every blocking rule, the strict ones first."""
        return self.blocking + self.loose

    def comparison(self, name: str) -> ModelComparison:
        """The comparison called `name`."""
        return next(found for found in self.comparisons if found.name == name)


def prior_bits(share: float, people: int) -> float:
    """Log2 odds that a record of a council is one given person of `people`, if `share` of records are among them."""
    return round(math.log2(share / ((1 - share) * max(people, 1))), DECIMALS)


def share_of_pairs(per_person: float, people: int) -> float:
    """Share among all pairs of different people, of those that each of `people` people forms with `per_person` others."""
    return min(0.25, per_person / max(people, 2))


def mixture_sql(model: Model, people: int) -> str:
    """Expression for a pair's evidence against all that two different people of a population can be, in bits.

    It stands on the columns stranger_weight, relative_weight and twin_weight.
    """
    relatives, twins = share_of_pairs(model.relatives, people), share_of_pairs(model.twins, people)
    return f"""round(-log2(
        {1 - relatives - twins!r} * pow(2, -stranger_weight)
        + {relatives!r} * pow(2, -relative_weight)
        + {twins!r} * pow(2, -twin_weight)
    ), {DECIMALS})"""
