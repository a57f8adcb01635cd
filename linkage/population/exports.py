"""The population, the selection and the council's records → council.csv, objections.csv and truth.csv."""

import csv
from pathlib import Path

import numpy as np

from linkage.population.arrays import FEMALE, Generator, Text, chance, years_of
from linkage.population.clients import Selection
from linkage.population.council import COLUMNS, Council
from linkage.population.origins import ORIGIN_NAMES
from linkage.population.world import World

SHARE_OBJECTING = 0.005


def write_csv(path: Path, columns: dict[str, Text]) -> None:
    """Columns of text as a CSV file in UTF-8, quoted where needed."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def write_council_file(path: Path, council: Council) -> None:
    """council.csv, by Person ID."""
    order = np.argsort(council["Person ID"].astype(np.int64))
    write_csv(path, {column: council[column][order] for column in COLUMNS})


def write_objections(rng: Generator, path: Path, council: Council) -> int:
    """objections.csv: Person IDs of clients who object to the use of their NHS Number. Returns how many."""
    rows = np.flatnonzero(chance(rng, SHARE_OBJECTING, len(council)) & (council["Is Client"] == "Y"))
    ids = np.sort(council["Person ID"][rows].astype(np.int64)).astype(str).astype(object)
    write_csv(path, {"Person ID": ids})
    return len(rows)


def write_truth(path: Path, world: World, selection: Selection, council: Council) -> None:
    """truth.csv: who each council record really is, and what was done to it."""
    order = np.argsort(council["Person ID"].astype(np.int64))
    person = council.person[order]
    number = np.where(selection.present[person], world.register.nhs_number[person], "")
    names = sorted(council.tags)
    flags = np.stack([council.tags[name][order] for name in names], axis=1)
    tags = [";".join(name for name, on in zip(names, row, strict=True) if on) for row in flags.tolist()]
    columns = {
        "record_id": council["Person ID"][order],
        "person": np.array([f"T{number:07d}" for number in person.tolist()], dtype=object),
        "nhs_number": number.astype(object),
        "scenarios": np.array(tags, dtype=object),
        "origin": np.array(ORIGIN_NAMES, dtype=object)[council.origin[order]],
        "sex": np.where(council.sex[order] == FEMALE, "F", "M").astype(object),
        "birth_year": years_of(council.birth[order]).astype(str).astype(object),
    }
    write_csv(path, columns)
