"""A run's own strangers: where they agree more often than the model knows, agreement says less."""

import csv
import zlib
from itertools import combinations
from pathlib import Path

import duckdb
import pytest

from linkage import model_folder
from linkage.config import DedupeJob, Limits, LinkJob
from linkage.database import count, open_database
from linkage.errors import InputError
from linkage.model import Model
from linkage.pipeline import council, dedupe, link, nhs, read_records
from linkage.population import generate
from linkage.scoring import strangers
from linkage.scoring.strangers import adapt_to_strangers, draw_strangers
from linkage.tables import COUNCIL, NHS
from linkage.training.parameters import estimate


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    generate(3_000, 700, 5, folder)
    return folder


def adapted(made: Path, council_file: Path) -> Model:
    with open_database(made) as database:
        read_records(database, [council(council_file), nhs(made / "nhs.csv")])
        return adapt_to_strangers(database, model_folder.load("default"), NHS)


def rewritten(made: Path, folder: Path, rows: int, **changes: int) -> Path:
    """The council's file with the cells of some columns cut to a number of letters from the right (below 0) or the left."""
    with (made / "council.csv").open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.DictReader(file))[:rows]
    for row in read:
        row |= {name: row[name][:size] if size > 0 else row[name][size:] for name, size in changes.items()}
    return written(folder / "council.csv", read)


def written(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def of_few_names(row: dict[str, str]) -> dict[str, str]:
    """The row with one of twenty forenames and of two surnames, of some in the other's place, and next to nothing beside."""
    forenames = "Anh Bao Binh Chau Dung Giang Hai Hoa Huong Khanh Linh Long Mai Minh Nam Ngoc Phuong Quang Thanh Trang"
    names = [forenames.split()[turn(row["Forename"], 20)], ("Nguyen", "Tran")[turn(row["Surname"], 2)]]
    names = names[::-1] if turn(row["Person ID"], 10) < 3 else names
    birth = row["Date of Birth"]
    born = f"01/01/{birth[-4:]}" if turn(names[0] + birth, 4) == 0 and len(birth) == 10 else birth
    nothing = [
        "Middle Names",
        "Telephone",
        "Mobile",
        "Email",
        "NHS Number",
        "Previous Surname",
        "Preferred Name",
    ]
    return (
        row | dict.fromkeys(nothing, "") | {"Forename": names[0], "Surname": names[1], "Date of Birth": born}
    )


def turn(text: str, number: int) -> int:
    return zlib.crc32(text.upper().encode()) % number


def chance(found: Model, comparison: str, level: str) -> float:
    return next(each.u for each in found.comparison(comparison).levels if each.name == level)


def test_a_council_of_initials_has_many_strangers_who_agree_on_them(made: Path, tmp_path: Path) -> None:
    found = adapted(made, rewritten(made, tmp_path, 700, Forename=1))
    shipped = model_folder.load("default")
    assert chance(found, "forename", "initial") > 10 * chance(shipped, "forename", "initial")
    assert chance(found, "nhs_number", "same") == chance(shipped, "nhs_number", "same")


def test_years_of_birth_are_shared_by_chance(made: Path, tmp_path: Path) -> None:
    found = adapted(made, rewritten(made, tmp_path, 700, **{"Date of Birth": -4}))
    level = ("date_of_birth", "estimated_year")
    assert chance(found, *level) > 5 * chance(model_folder.load("default"), *level)


def test_no_level_becomes_rarer_and_usual_data_change_little(made: Path) -> None:
    shipped = model_folder.load("default")
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
    shipped = model_folder.load("default")
    for comparison, level in (("address", "same_line"), ("date_of_birth", "exact"), ("middle_names", "same")):
        assert chance(found, comparison, level) < 3 * chance(shipped, comparison, level)


def test_in_too_few_rows_a_run_counts_nothing_and_training_says_so(made: Path, tmp_path: Path) -> None:
    one = council(rewritten(made, tmp_path, 1))
    with open_database(made) as database:
        read_records(database, [one, nhs(made / "nhs.csv")])
        assert draw_strangers(database, 1, 100_000) == 0
        assert adapt_to_strangers(database, model_folder.load("default"), NHS) == model_folder.load("default")
        with pytest.raises(InputError, match="training needs thousands"):
            estimate(database, model_folder.read("default")[0], 1)


def test_strangers_of_one_file_are_two_records(made: Path) -> None:
    with open_database(made) as database:
        read_records(database, [council(made / "council.csv")])
        assert draw_strangers(database, 1, 100_000, COUNCIL) > 90_000
        database.execute(
            """CREATE TABLE own AS SELECT l.subject_id FROM stranger_pair
            JOIN record l ON l.row_id = left_id JOIN record r ON r.row_id = right_id
            WHERE l.subject_id = r.subject_id"""
        )
        assert not count(database, "own")


def test_strangers_of_few_names_are_not_deduplicated(tmp_path: Path) -> None:
    generate(3_000, 1_500, 5, tmp_path / "made")
    with (tmp_path / "made" / "council.csv").open(encoding="utf-8-sig", newline="") as file:
        few = written(tmp_path / "council.csv", [of_few_names(row) for row in csv.DictReader(file)])
    dedupe(DedupeJob(council(few), tmp_path / "run"))
    with (tmp_path / "made" / "truth.csv").open(encoding="utf-8-sig", newline="") as file:
        true = {row["record_id"]: row["person"] for row in csv.DictReader(file)}
    people: dict[str, list[str]] = {}
    with (tmp_path / "run" / "persons.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            people.setdefault(row["person_id"], []).append(true[row["record_id"]])
    same = [one == other for records in people.values() for one, other in combinations(records, 2)]
    assert sum(same) > 30
    assert all(same)


@pytest.mark.parametrize("kind", ["link", "dedupe"])
def test_the_seed_that_is_asked_for_draws_the_strangers_and_is_part_of_what_identifies_the_run(
    kind: str, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []

    def counted(database: duckdb.DuckDBPyConnection, seed: int, sampled: int, other: str) -> int:
        drawn.append(seed)
        return draw_strangers(database, seed, sampled, other)

    monkeypatch.setattr(strangers, "draw_strangers", counted)
    run_ids = set()
    for seed in (1, 7):
        file, limits = council(made / "council.csv"), Limits(seed=seed)
        if kind == "link":
            manifest = link(LinkJob(file, nhs(made / "nhs.csv"), tmp_path / str(seed), limits=limits))
        else:
            manifest = dedupe(DedupeJob(file, tmp_path / str(seed), limits=limits))
        run_ids.add(manifest["run_id"])
    assert drawn == [1, 7]
    assert len(run_ids) == 2
