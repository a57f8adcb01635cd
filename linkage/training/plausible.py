"""A trained model → why it must not be used, and where it differs from published error rates.

Published: R. N. Cardinal and others 2023 (CRATE), records of one person in two UK health databases. Councils differ from
hospitals, so a share may be five times as large or as small before anybody is told.
"""

from dataclasses import dataclass

from linkage.model import Model, ModelComparison, ModelLevel
from linkage.scoring.maximise import MOST_DIFFERENT

FACTOR = 5.0
"""How many times a share may be above or below its published range without a warning."""
MOST_BIRTH_DATES_WRONG = 0.3
"""Share of true pairs with different birth dates above which a model must not be used."""
CARDINAL = "Cardinal and others 2023"


@dataclass(frozen=True)
class Published:
    """A published range of the share of true pairs (`chance` "m") or strangers ("u") at any of some levels of a comparison."""

    comparison: str
    levels: tuple[str, ...]
    chance: str
    lowest: float
    highest: float
    source: str


WRONG_BIRTH_DATE = Published(
    "date_of_birth",
    ("swapped", "one_digit", "two_parts", "two_digits", "year", "differs"),
    "m",
    0.0049,
    0.0049,
    CARDINAL,
)
PUBLISHED = (
    Published("forename", ("differs",), "m", 0.0057, 0.0063, CARDINAL),
    Published("forename", ("swapped",), "m", 0.0019, 0.0019, CARDINAL),
    Published("surname", ("differs", "differs_woman"), "m", 0.0134, 0.0567, CARDINAL),
    WRONG_BIRTH_DATE,
    Published("gender", ("differs",), "m", 0.0033, 0.0033, CARDINAL),
    Published(
        "address",
        ("same_line", "close_line", "same_street", "close_postcode", "sector", "outcode", "differs"),
        "m",
        0.300,
        0.310,
        CARDINAL,
    ),
    Published(
        "date_of_birth",
        ("exact",),
        "u",
        1 / (365.25 * 90),
        1 / (365.25 * 60),
        "birthdays spread over 60 to 90 years",
    ),
    Published("gender", ("same",), "u", 0.5, 0.5, "as many men as women"),
)


def unfit(model: Model) -> list[str]:
    """Why the model must not be used, a phrase for each reason; empty where it may be."""
    found = []
    if not 0.001 < model.share_in_register < 0.999:
        found.append(
            f"the share of records in the register is {model.share_in_register:g}: all or none of them seem to be there"
        )
    for comparison in model.comparisons:
        best, worst = _compared(comparison)[0], comparison.levels[-1]
        if best.m <= best.u:
            found.append(
                f"{comparison.name}: {best.m:.3g} of true pairs but {best.u:.3g} of strangers are at {best.name}"
            )
        if worst.m >= worst.u:
            found.append(
                f"{comparison.name}: {worst.m:.3g} of true pairs but {worst.u:.3g} of strangers are at {worst.name}"
            )
        if comparison.name in ("forename", "surname") and worst.m > MOST_DIFFERENT:
            found.append(f"{comparison.name}: {worst.m:.0%} of true pairs are at {worst.name}")
        if comparison.name == "date_of_birth":
            wrong = share_at(comparison, WRONG_BIRTH_DATE)
            if wrong > MOST_BIRTH_DATES_WRONG:
                found.append(f"date_of_birth: {wrong:.0%} of true pairs have another one")
    return found


def unlike_published(model: Model) -> list[str]:
    """A warning for each share that is outside its published range by more than `FACTOR`."""
    return [
        f"{known.comparison}: {found:.2g} of {'true pairs' if known.chance == 'm' else 'strangers'} are at "
        f"{' or '.join(known.levels)}; {_range(known)} is known ({known.source})"
        for known in PUBLISHED
        for comparison in model.comparisons
        if comparison.name == known.comparison
        and not known.lowest / FACTOR <= (found := share_at(comparison, known)) <= known.highest * FACTOR
    ]


def share_at(comparison: ModelComparison, known: Published) -> float:
    """The share of pairs (m or u) of the comparison that are at one of the levels of a published range."""
    return sum(
        level.m if known.chance == "m" else level.u
        for level in comparison.levels
        if level.name in known.levels
    )


def _compared(comparison: ModelComparison) -> list[ModelLevel]:
    return [level for level in comparison.levels if not level.missing]


def _range(known: Published) -> str:
    if known.lowest == known.highest:
        return f"{known.lowest:.2g}"
    return f"{known.lowest:.2g} to {known.highest:.2g}"
