"""A few people among those of a made-up town, and what a run says of them."""

import csv
from pathlib import Path

from linkage import pipeline
from linkage.config import LinkJob


def linked(
    town: Path,
    folder: Path,
    council: list[dict[str, str]],
    register: list[dict[str, str]],
    objections: str = "",
) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """Rows of links.csv and persons.csv by record id, for these people among those of the town."""
    for name, id_name, more in (("council", "Person ID", council), ("nhs", "NHS_NUMBER", register)):
        with (town / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows([*rows, *more])
        assert id_name in rows[0]
    objecting = None
    if objections:
        objecting = folder / "objections.csv"
        objecting.write_text(objections, encoding="utf-8")
    job = LinkJob(
        pipeline.council(folder / "council.csv"),
        pipeline.nhs(folder / "nhs.csv"),
        folder / "run",
        objections=objecting,
    )
    pipeline.link(job)
    found = []
    for name in ("links.csv", "persons.csv"):
        with (folder / "run" / name).open(encoding="utf-8-sig", newline="") as file:
            found.append({row["record_id"]: row for row in csv.DictReader(file)})
    return found[0], found[1]


def client(identifier: str, forename: str, surname: str, born: str, **more: str) -> dict[str, str]:
    return {
        "Person ID": identifier, "Forename": forename, "Surname": surname, "Date of Birth": born, "Is Client": "Y",
        "House No": "7", "Street": "Quarry Bank", "Postcode": "OL16 3ZZ", **more,
    }  # fmt: skip


def patient(number: str, forename: str, surname: str, born: str, **more: str) -> dict[str, str]:
    return {
        "NHS_NUMBER": number, "GIVEN_NAME": forename, "FAMILY_NAME": surname, "DATE_OF_BIRTH": born,
        "ADDRESS_LINE_1": "7 Quarry Bank", "POST_CODE": "OL16 3ZZ", **more,
    }  # fmt: skip
