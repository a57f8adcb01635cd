"""The council's records without a mistake → the same records as a council holds them, with the rates.

Rates are of records, plain and hard. Differences of names, sex, birth dates and postcodes are about those
between two UK health databases in Cardinal et al. 2023 (CRATE); the other rates are assumptions.
"""

from collections.abc import Callable

import numpy as np

from linkage.population import (
    mistakes_addresses,
    mistakes_dates,
    mistakes_names,
    mistakes_numbers,
    mistakes_writing,
)
from linkage.population.arrays import Flags, Generator
from linkage.population.clients import Selection
from linkage.population.council import Council, write_uprn
from linkage.population.world import World

RATES: dict[str, tuple[float, float]] = {
    "absent_from_register": (0.12, 0.20),
    "second_record": (0.04, 0.07),
    "surname_changed_women": (0.057, 0.10),
    "surname_changed_men": (0.013, 0.026),
    "double_barrelled": (0.35, 0.60),
    "middle_name_first": (0.025, 0.05),
    "mohammed_dropped": (0.30, 0.50),
    "nickname": (0.06, 0.12),
    "transliteration": (0.11, 0.21),
    "typo_forename": (0.017, 0.035),
    "typo_surname": (0.011, 0.022),
    "diacritics": (0.40, 0.60),
    "initial": (0.008, 0.016),
    "name_order": (0.0019, 0.004),
    "name_order_unclear": (0.02, 0.05),
    "name_noise": (0.03, 0.07),
    "name_note": (0.004, 0.010),
    "placeholder_name": (0.0005, 0.001),
    "dob_typo": (0.0050, 0.012),
    "day_month_swap": (0.0115, 0.024),
    "estimated_dob": (0.010, 0.022),
    "january_first": (0.003, 0.008),
    "placeholder_dob": (0.002, 0.004),
    "no_dob": (0.010, 0.022),
    "gender_wrong": (0.0033, 0.007),
    "gender_missing": (0.005, 0.010),
    "moved_old": (0.42, 0.55),
    "moved_new": (0.125, 0.17),
    "care_home": (0.09, 0.14),
    "no_fixed_abode": (0.005, 0.012),
    "no_postcode": (0.02, 0.045),
    "sector_only": (0.003, 0.008),
    "postcode_typo": (0.02, 0.045),
    "wrong_number": (0.005, 0.012),
    "address_typo": (0.10, 0.22),
    "number_held": (0.45, 0.45),
    "held_wrong": (0.015, 0.03),
    "old_number_held": (0.8, 1.0),
    "held_check_digit": (0.003, 0.006),
    "held_placeholder": (0.003, 0.006),
    "held_spaced": (0.05, 0.10),
}
MESSY_RECORDS, MESSY_TIMES = 0.08, 3.0
NOT_A_MISTAKE = (
    "confidential",
    "duplicate",
    "merged",
    "non_client",
    "not_in_register",
    "relative_present",
    "twin_present",
)
Mistake = Callable[[Generator, World, Council, Flags], None]

STEPS: tuple[tuple[str, Mistake], ...] = (
    ("surname_changed_women", mistakes_names.surname_changed_women),
    ("surname_changed_men", mistakes_names.surname_changed_men),
    ("double_barrelled", mistakes_names.double_barrelled),
    ("mohammed_dropped", mistakes_names.mohammed_dropped),
    ("middle_name_first", mistakes_names.middle_name_first),
    ("nickname", mistakes_names.nickname),
    ("transliteration", mistakes_names.transliteration),
    ("diacritics", mistakes_writing.diacritics),
    ("typo_forename", mistakes_writing.typo_forename),
    ("typo_surname", mistakes_writing.typo_surname),
    ("initial", mistakes_writing.initial),
    ("name_order", mistakes_names.name_order),
    ("name_order_unclear", mistakes_names.name_order_unclear),
    ("name_noise", mistakes_writing.name_noise),
    ("name_note", mistakes_writing.name_note),
    ("placeholder_name", mistakes_writing.placeholder_name),
    ("dob_typo", mistakes_dates.dob_typo),
    ("day_month_swap", mistakes_dates.day_month_swap),
    ("january_first", mistakes_dates.january_first),
    ("estimated_dob", mistakes_dates.estimated_dob),
    ("placeholder_dob", mistakes_dates.placeholder_dob),
    ("no_dob", mistakes_dates.no_dob),
    ("gender_wrong", mistakes_dates.gender_wrong),
    ("gender_missing", mistakes_dates.gender_missing),
    ("moved_old", mistakes_addresses.moved_old),
    ("moved_new", mistakes_addresses.moved_new),
    ("care_home", mistakes_addresses.care_home),
    ("wrong_number", mistakes_addresses.wrong_number),
    ("address_typo", mistakes_addresses.address_typo),
    ("postcode_typo", mistakes_addresses.postcode_typo),
    ("sector_only", mistakes_addresses.sector_only),
    ("no_postcode", mistakes_addresses.no_postcode),
    ("no_fixed_abode", mistakes_addresses.no_fixed_abode),
)


def rate_of(name: str, hard: bool) -> float:
    """The rate of one mistake in a plain or a hard population."""
    return RATES[name][int(hard)]


def make_mistakes(seed: np.random.SeedSequence, world: World, council: Council, hard: bool) -> None:
    """Every mistake in turn, each with its own random stream; in a hard population some records get many."""
    children = seed.spawn(len(STEPS) + 3)
    messy = np.ones(len(council))
    if hard:
        messy[np.random.default_rng(children[-1]).random(len(council)) < MESSY_RECORDS] = MESSY_TIMES
    for (name, mistake), child in zip(STEPS, children[: len(STEPS)], strict=True):
        rng = np.random.default_rng(child)
        mistake(rng, world, council, rng.random(len(council)) < rate_of(name, hard) * messy)
    write_uprn(np.random.default_rng(children[-2]), world, council)


def hold_numbers(
    seed: np.random.SeedSequence, world: World, selection: Selection, council: Council, hard: bool
) -> None:
    """The NHS Numbers that the council holds, right and wrong; then the tag of records without a mistake."""
    rates = {name: rate_of(name, hard) for name in RATES}
    mistakes_numbers.hold_numbers(np.random.default_rng(seed), world, selection, council, rates)
    mistaken = np.zeros(len(council), dtype=np.bool_)
    for tag, flags in council.tags.items():
        if tag not in NOT_A_MISTAKE and not tag.startswith(("held_", "absent_")):
            mistaken |= flags
    council.tag("exact", ~mistaken)
