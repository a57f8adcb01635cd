"""What stands for a home where homes cannot be read: relatives agree on that as often as they live together."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from linkage import model_folder, pipeline
from linkage.database import open_database
from linkage.homes import adapt_to_homes
from linkage.ingest import ingest
from linkage.model import Model, ModelLevel
from linkage.past import Past
from linkage.population import generate
from linkage.screen import screen
from linkage.standardise import standardise
from linkage.tables import COUNCIL, NHS

Row = dict[str, str]
POSTCODES = {"Postcode", "POST_CODE", "Previous Postcode", "PREVIOUS_POST_CODE"}
HOUSES = {"Flat No", "House No", "Building", "Street", "Previous Address", "PREVIOUS_ADDRESS"} | {
    f"ADDRESS_LINE_{number}" for number in range(1, 6)
}


def without_lines(row: Row) -> Row:
    """The row with the town and the postcode only, as where a council keeps no house."""
    return {name: "" if name in HOUSES else value for name, value in row.items()}


def without_postcode(row: Row) -> Row:
    return {name: "" if name in POSTCODES else value for name, value in row.items()}


def as_it_is(row: Row) -> Row:
    return row


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    generate(3_000, 600, 8, folder)
    return folder


def adapted(made: Path, folder: Path, change: dict[str, Callable[[Row], Row]], every: int = 1) -> Model:
    """The model as a run starts with it, of the files with every so many rows of a side changed."""
    with open_database(folder) as database:
        for dataset in (pipeline.council, pipeline.nhs):
            name = dataset.__name__
            with (made / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
                do = change.get(name, as_it_is)
                writer.writerows(row if at % every else do(row) for at, row in enumerate(rows))
            ingest(database, dataset(folder / f"{name}.csv"))
        standardise(database, [COUNCIL, NHS])
        screen(database, Past())
        return adapt_to_homes(database, model_folder.load("default"))


def address(model: Model) -> dict[str, ModelLevel]:
    return {
        level.name: level for found in model.comparisons if found.name == "address" for level in found.levels
    }


USUAL = address(model_folder.load("default"))


def test_where_homes_can_be_read_the_model_is_as_it_was_trained(made: Path, tmp_path: Path) -> None:
    assert address(adapted(made, tmp_path, {})) == USUAL


@pytest.mark.parametrize("side", ["council", "nhs"])
@pytest.mark.parametrize(
    ("change", "level", "other"),
    [(without_lines, "same_postcode", "same_line"), (without_postcode, "same_line", "same_postcode")],
)
def test_what_is_left_of_an_address_is_shared_by_relatives_as_a_home_is(
    made: Path, tmp_path: Path, side: str, change: Callable[[Row], Row], level: str, other: str
) -> None:
    found = address(adapted(made, tmp_path, {side: change}))
    assert found[level].relative_u == pytest.approx(USUAL["same_place"].relative_u, rel=0.1)
    assert found[level].twin_u == pytest.approx(USUAL["same_place"].twin_u, rel=0.1)
    assert found[other].relative_u == USUAL[other].relative_u


def test_half_of_the_rows_without_a_house_make_half_of_it(made: Path, tmp_path: Path) -> None:
    found = address(adapted(made, tmp_path, {"council": without_lines}, every=2))["same_postcode"]
    assert found.relative_u == pytest.approx(USUAL["same_place"].relative_u / 2, rel=0.15)
