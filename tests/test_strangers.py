"""A run's own strangers: where they agree more often than the model knows, agreement says less."""

import csv
from pathlib import Path

import pytest

from linkage import model
from linkage.database import open_database
from linkage.model import Model
from linkage.pipeline import council, nhs, read_records
from linkage.population import generate
from linkage.strangers import adapt_to_strangers


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    generate(3_000, 700, 5, folder)
    return folder


def adapted(made: Path, council_file: Path) -> Model:
    with open_database(made) as database:
        read_records(database, [council(council_file), nhs(made / "nhs.csv")])
        return adapt_to_strangers(database, model.load("default"))


def rewritten(made: Path, folder: Path, rows: int, **changes: int) -> Path:
    """The council's file with the cells of some columns cut to a number of letters from the right (below 0) or the left."""
    with (made / "council.csv").open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.DictReader(file))[:rows]
    for row in read:
        row |= {name: row[name][:size] if size > 0 else row[name][size:] for name, size in changes.items()}
    with (folder / "council.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(read[0]))
        writer.writeheader()
        writer.writerows(read)
    return folder / "council.csv"


def chance(found: Model, comparison: str, level: str) -> float:
    return next(each.u for each in found.comparison(comparison).levels if each.name == level)


def test_a_council_of_initials_has_many_strangers_who_agree_on_them(made: Path, tmp_path: Path) -> None:
    found = adapted(made, rewritten(made, tmp_path, 700, Forename=1))
    shipped = model.load("default")
    assert chance(found, "forename", "initial") > 10 * chance(shipped, "forename", "initial")
    assert chance(found, "nhs_number", "same") == chance(shipped, "nhs_number", "same")


def test_years_of_birth_are_shared_by_chance(made: Path, tmp_path: Path) -> None:
    found = adapted(made, rewritten(made, tmp_path, 700, **{"Date of Birth": -4}))
    level = ("date_of_birth", "estimated_year")
    assert chance(found, *level) > 5 * chance(model.load("default"), *level)


def test_no_level_becomes_rarer_and_usual_data_change_little(made: Path) -> None:
    shipped = model.load("default")
    for before, after in zip(
        shipped.comparisons, adapted(made, made / "council.csv").comparisons, strict=True
    ):
        for old, new in zip(before.levels, after.levels, strict=True):
            assert new.u >= old.u - 1e-9
            # A small town has few postcodes, which more strangers share.
            usual = new.u < 3 * old.u + 1e-3
            assert usual or new.term_frequency or new.missing or before.name == "address"


def test_true_pairs_of_a_few_records_are_not_taken_for_chance(made: Path, tmp_path: Path) -> None:
    found = adapted(made, rewritten(made, tmp_path, 60, Forename=1, **{"Date of Birth": -4}))
    shipped = model.load("default")
    for comparison, level in (("address", "same_line"), ("date_of_birth", "exact"), ("middle_names", "same")):
        assert chance(found, comparison, level) < 3 * chance(shipped, comparison, level)
