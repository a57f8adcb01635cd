"""The origins that names have, how common each is and which conventions it follows."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Origin:
    """Shares are of people; the rest are probabilities of a custom, which `people.py` carries out."""

    name: str
    share: float
    british_forename: float = 0.03
    wife_takes_name: float = 0.75
    middle_name: float = 0.3
    first_of_january: float = 0.0
    womens_last_name: float = 0.0
    mohammed_first: float = 0.0
    surname_from_father: bool = False
    two_surnames: bool = False
    transliterated: bool = False
    order_unclear: bool = False


ORIGINS = (
    Origin("british", 0.762, british_forename=1.0, wife_takes_name=0.82, middle_name=0.78),
    Origin("welsh", 0.018, british_forename=0.6, wife_takes_name=0.82, middle_name=0.75),
    Origin("irish", 0.030, british_forename=0.4, wife_takes_name=0.82, middle_name=0.7),
    Origin("caribbean", 0.014, british_forename=1.0, wife_takes_name=0.75, middle_name=0.7),
    Origin("pakistani", 0.040, wife_takes_name=0.4, middle_name=0.12, first_of_january=0.06,
           womens_last_name=0.5, mohammed_first=0.28, transliterated=True),
    Origin("bangladeshi", 0.014, wife_takes_name=0.05, middle_name=0.1, first_of_january=0.12,
           womens_last_name=0.75, mohammed_first=0.33, transliterated=True),
    Origin("indian", 0.022, wife_takes_name=0.85, middle_name=0.25, first_of_january=0.02,
           transliterated=True),
    Origin("sikh", 0.010, wife_takes_name=0.85, middle_name=0.0, first_of_january=0.03, transliterated=True),
    Origin("south_indian", 0.005, wife_takes_name=0.3, middle_name=0.2, first_of_january=0.02,
           surname_from_father=True, transliterated=True, order_unclear=True),
    Origin("polish", 0.016, wife_takes_name=0.85, middle_name=0.45, transliterated=True),
    Origin("romanian", 0.008, wife_takes_name=0.85, middle_name=0.4),
    Origin("nigerian", 0.010, british_forename=0.15, wife_takes_name=0.8, middle_name=0.7,
           first_of_january=0.01, transliterated=True),
    Origin("ghanaian", 0.005, british_forename=0.15, wife_takes_name=0.7, middle_name=0.6,
           transliterated=True),
    Origin("chinese_cantonese", 0.006, british_forename=0.35, wife_takes_name=0.15, middle_name=0.3,
           transliterated=True, order_unclear=True),
    Origin("chinese_mandarin", 0.004, british_forename=0.15, wife_takes_name=0.05, middle_name=0.05,
           transliterated=True, order_unclear=True),
    Origin("vietnamese", 0.002, wife_takes_name=0.03, middle_name=0.0, first_of_january=0.04,
           transliterated=True, order_unclear=True),
    Origin("turkish", 0.004, wife_takes_name=0.8, middle_name=0.2, first_of_january=0.05,
           transliterated=True),
    Origin("arabic", 0.009, wife_takes_name=0.08, middle_name=0.4, first_of_january=0.08,
           mohammed_first=0.1, transliterated=True, order_unclear=True),
    Origin("somali", 0.006, wife_takes_name=0.0, middle_name=0.0, first_of_january=0.25,
           surname_from_father=True, transliterated=True, order_unclear=True),
    Origin("portuguese", 0.005, wife_takes_name=0.3, middle_name=0.4, two_surnames=True),
    Origin("spanish", 0.004, wife_takes_name=0.03, middle_name=0.3, two_surnames=True),
    Origin("italian", 0.006, wife_takes_name=0.3, middle_name=0.3),
)  # fmt: skip
ORIGIN_NAMES = [origin.name for origin in ORIGINS]
ORIGIN_NUMBER = {origin.name: number for number, origin in enumerate(ORIGINS)}
ORIGIN_SHARES = np.array([origin.share for origin in ORIGINS])
NATIVE = ("british", "welsh", "irish", "caribbean")
IMMIGRANT_FAMILY = np.array([origin.name not in NATIVE for origin in ORIGINS])


def convention(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """One convention's value for each origin, in the order of ORIGINS."""
    return np.array([float(getattr(origin, name)) for origin in ORIGINS])
