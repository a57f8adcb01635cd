"""Rows and headings → the files of one benchmark, and what is to be done with them."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from recipes import Recipe

from linkage.config import Dataset
from linkage.fields.nhs_number import check_digit_holds

FIRST_STEM = 900_000_000


@dataclass(frozen=True)
class Case:
    """One benchmark: a link if there is a register, a dedupe if there is none.

    `truth` is a file as `linkage evaluate` reads it; `recipes` are Splink models for the same files, by name.
    """

    council: Dataset
    truth: Path
    recipes: dict[str, Recipe]
    nhs: Dataset | None = None
    objections: Path | None = None


@dataclass(frozen=True)
class Choices:
    """What the command line chose: the seed of everything random, the folder of downloaded data, if any, and the model."""

    seed: int
    data: Path | None = None
    model: str = "default"


class NotHereError(Exception):
    """A benchmark cannot be run: what it needs was not given. The message says what."""


def synthetic_number(position: int) -> str:
    """A valid NHS Number of the range kept for tests; each `position` below 9 million has its own."""
    for stem in range(FIRST_STEM + position * 10, FIRST_STEM + position * 10 + 10):
        for check in range(10):
            if check_digit_holds(f"{stem}{check}"):
                return f"{stem}{check}"
    raise AssertionError("of ten numbers in a row, nine have a check digit")


def given(choices: Choices, name: str) -> Path:
    """The file `name` of the folder of downloaded data; NotHereError if it is not there."""
    if choices.data is None:
        raise NotHereError(f"needs --data with {name} in it")
    if not (choices.data / name).is_file():
        raise NotHereError(f"the folder given by --data has no {name}")
    return choices.data / name


def write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    """A CSV file of these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path
