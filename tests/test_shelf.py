"""A file that stands on a shelf is all it takes to add a field, even from outside the package."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import linkage.fields
from linkage import model_folder, pipeline, shelf
from linkage.config import LinkJob
from linkage.errors import ModelError

FIELD = '''
"""Shoe size: digits as received."""
from linkage.fields import Comparison, Input, Level
INPUTS = (Input("shoe_size", "shoe size", ("Shoe",)),)
COLUMNS = {"shoe_size": "VARCHAR", "shoe_size_received": "VARCHAR"}
def clean(shoe_size):
    return (shoe_size.strip() if shoe_size else None, shoe_size)
COMPARISON = Comparison("shoe_size", (
    Level("missing", "shoe_size_l IS NULL OR shoe_size_r IS NULL", "", missing=True),
    Level("same", "shoe_size_l = shoe_size_r", "same shoe size", m=0.9),
    Level("differs", "", "shoe size differs", m=0.1),
))
'''


@pytest.fixture
def shoes(tmp_path: Path) -> Iterator[Path]:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "shoe_size.py").write_text(FIELD, encoding="utf-8")
    linkage.fields.__path__.append(str(outside))
    shelf.forget()
    yield outside
    linkage.fields.__path__.remove(str(outside))
    shelf.forget()


def model_with(field: str, folder: Path) -> Path:
    default = model_folder.find("default")
    written = (default / "model.toml").read_text(encoding="utf-8")
    parameters = json.loads((default / "parameters.json").read_text(encoding="utf-8"))
    comparison = model_folder.comparison_of(field)
    parameters["comparisons"][field] = {
        "levels_digest": model_folder.digest(comparison),
        "levels": {
            "same": {"m": 0.9, "u": 0.1, "relative_u": 0.1, "twin_u": 0.1},
            "differs": {"m": 0.1, "u": 0.9, "relative_u": 0.9, "twin_u": 0.9},
        },
    }
    folder.mkdir()
    (folder / "model.toml").write_text(
        written.replace('"nhs_number"]\n', f'"nhs_number", "{field}"]\n', 1), encoding="utf-8"
    )
    (folder / "parameters.json").write_text(json.dumps(parameters), encoding="utf-8")
    return folder


def write(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_a_field_is_added_by_one_file_and_its_name_in_a_model(shoes: Path, tmp_path: Path) -> None:
    assert shoes.is_dir()
    council = write(
        tmp_path / "council.csv",
        [
            ["Person ID", "Forename", "Surname", "Date of Birth", "Postcode", "Shoe"],
            ["1", "Ada", "Marchbanks", "02/03/1941", "M13 0AQ", "6"],
        ],
    )
    nhs = write(
        tmp_path / "nhs.csv",
        [
            ["NHS Number", "Forename", "Surname", "Date of Birth", "Postcode", "Shoe"],
            ["9000000009", "Ada", "Marchbanks", "02/03/1941", "M13 0AQ", "6"],
            ["9000000017", "Bert", "Oldroyd", "05/06/1950", "OL5 0JG", "9"],
        ],
    )
    job = LinkJob(
        pipeline.council(council),
        pipeline.nhs(nhs),
        tmp_path / "run",
        model=str(model_with("shoe_size", tmp_path / "model")),
    )
    pipeline.link(job)
    with (tmp_path / "run" / "links.csv").open(encoding="utf-8-sig") as file:
        (link,) = csv.DictReader(file)
    assert "same shoe size" in link["reason"].lower()


def with_numbers(folder: Path, **changed: object) -> str:
    """The shipped model with other numbers, in `folder`."""
    default = model_folder.find("default")
    parameters = json.loads((default / "parameters.json").read_text(encoding="utf-8"))
    (folder / "model.toml").write_bytes((default / "model.toml").read_bytes())
    (folder / "parameters.json").write_text(json.dumps(parameters | changed), encoding="utf-8")
    return str(folder)


def test_a_model_made_for_other_levels_is_refused(tmp_path: Path) -> None:
    _, parameters = model_folder.read("default")
    parameters["comparisons"]["surname"]["levels_digest"] = "0"
    with pytest.raises(ModelError, match="surname"):
        model_folder.load(with_numbers(tmp_path, comparisons=parameters["comparisons"]))


@pytest.mark.parametrize("wrong", [{"relatives": "many"}, {"comparisons": []}, {"calibration": [1]}])
def test_a_model_with_numbers_of_a_wrong_kind_is_refused(wrong: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="something of a wrong kind"):
        model_folder.load(with_numbers(tmp_path, **wrong))


@pytest.mark.parametrize(
    "wrong",
    [
        {"share_in_register": 1},
        {"share_in_register": 0.0},
        {"share_duplicate": 0},
        {"relatives": 0},
        {"twins": -1},
    ],
)
def test_a_model_with_a_share_of_which_there_are_no_odds_is_refused(
    wrong: dict[str, object], tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match=f"{next(iter(wrong))} is "):
        model_folder.load(with_numbers(tmp_path, **wrong))


@pytest.mark.parametrize("told", ["accept = 99", 'accept = "high"', "review = 0.995", "join = 1"])
def test_a_model_whose_thresholds_are_no_confidences_is_refused(told: str, tmp_path: Path) -> None:
    default = model_folder.find("default")
    name = told.split(" ")[0]
    text = (default / "model.toml").read_text(encoding="utf-8")
    (tmp_path / "model.toml").write_text(re.sub(rf"(?m)^{name} = .*$", told, text), encoding="utf-8")
    (tmp_path / "parameters.json").write_bytes((default / "parameters.json").read_bytes())
    with pytest.raises(ModelError, match="accept and review are numbers from 0 to 1"):
        model_folder.load(str(tmp_path))
