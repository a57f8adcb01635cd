"""How many records and people are to be compared → estimates of pairs, time and memory, which are only shown to the user.

The numbers were fitted to runs of the shipped model on made-up people, from 2,000 records with 20,000 people to 106,000
with 988,000 (docs/speed.md; benchmarks/scaling.py measures again). Seconds are processor time, about what two idle cores
take by the clock.
"""

from dataclasses import dataclass

LINK_PAIRS_A_RECORD, LINK_POWER_OF_PEOPLE = 1.75, 0.21
LINK_SECONDS, LINK_SECONDS_A_RECORD, LINK_SECONDS_A_PERSON = 2.4, 0.2e-3, 10.5e-6
LINK_MEGABYTES, LINK_MEGABYTES_A_RECORD, LINK_MEGABYTES_A_PERSON = 340.0, 5e-3, 1.75e-3

DEDUPE_PAIRS, DEDUPE_POWER_OF_RECORDS = 0.246, 1.4
DEDUPE_SECONDS, DEDUPE_SECONDS_A_PAIR = 2.0, 14e-6
DEDUPE_MEGABYTES, DEDUPE_MEGABYTES_A_PAIR = 230.0, 1.42e-3
"""A dedupe run keeps every pair that it compares (`score.EVERY_PAIR`), so its memory depends on the pairs."""


@dataclass(frozen=True)
class Expected:
    """Pairs to compare, seconds from the first comparison to the end, and the peak memory of the whole run in megabytes."""

    pairs: float
    seconds: float
    megabytes: float


def expect_link(records: int, people: int) -> Expected:
    """What it will take to link so many council records to a register of so many people."""
    return Expected(
        pairs=records * LINK_PAIRS_A_RECORD * people**LINK_POWER_OF_PEOPLE,
        seconds=LINK_SECONDS + records * LINK_SECONDS_A_RECORD + people * LINK_SECONDS_A_PERSON,
        megabytes=LINK_MEGABYTES + records * LINK_MEGABYTES_A_RECORD + people * LINK_MEGABYTES_A_PERSON,
    )


def expect_dedupe(records: int) -> Expected:
    """What it will take to find the people of one file of so many records."""
    pairs = DEDUPE_PAIRS * records**DEDUPE_POWER_OF_RECORDS
    return Expected(
        pairs=pairs,
        seconds=DEDUPE_SECONDS + pairs * DEDUPE_SECONDS_A_PAIR,
        megabytes=DEDUPE_MEGABYTES + pairs * DEDUPE_MEGABYTES_A_PAIR,
    )


def tell_link(records: int, people: int) -> str:
    """The expectation in words, as a run tells it when it begins to compare."""
    return (
        f"comparing {records:,} council records with {people:,} people: {_told(expect_link(records, people))}"
    )


def tell_dedupe(records: int) -> str:
    """The same for one file."""
    return f"comparing {records:,} records with each other: {_told(expect_dedupe(records))}"


def _told(expected: Expected) -> str:
    return f"about {_pairs(expected.pairs)}, {_time(expected.seconds)}, {_memory(expected.megabytes)}"


def _pairs(pairs: float) -> str:
    for unit, name in ((1e9, "billion "), (1e6, "million ")):
        if pairs >= unit:
            return f"{_digits(pairs / unit, 2)} {name}pairs"
    return f"{float(f'{pairs:.2g}'):,.0f} pairs"


def _time(seconds: float) -> str:
    for unit, name in ((3600, "hours"), (60, "minutes")):
        if seconds >= 2 * unit:
            return f"{_digits(seconds / unit, 1)} {name}"
    return f"{_digits(max(seconds, 2), 1)} seconds"


def _memory(megabytes: float) -> str:
    if megabytes >= 1000:
        return f"{_digits(megabytes / 1000, 2)} GB"
    return f"{_digits(megabytes, 1)} MB"


def _digits(number: float, digits: int) -> str:
    """The number rounded to so many significant digits, as text."""
    rounded = float(f"{number:.{digits}g}")
    return f"{rounded:,.0f}" if rounded >= 10 or rounded.is_integer() else f"{rounded:g}"
