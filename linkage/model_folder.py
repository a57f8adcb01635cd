"""The name or folder of a model → the model, checked; and a trained model's files → its folder.

A model is stored as `model.toml` (fields, blocking rules, thresholds: written by people) and `parameters.json` (m, u,
relative_u and twin_u of every level, the shares, the calibration: written by training). The conditions of the levels are in
the code of the fields, so loading refuses a model that was trained for other levels.
"""

import hashlib
import json
import re
import tomllib
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from linkage import shelf
from linkage.config import LinkJob
from linkage.errors import MappingError, ModelError, OutputError
from linkage.fields import Comparison
from linkage.file_locks import patiently, remove
from linkage.model import CHANCES, SHARES, Model, ModelComparison, ModelLevel
from linkage.spill import new_folder


def model_folders() -> list[Path]:
    """Folders that hold models: those that ship with the package, then ./models of where the user is."""
    here = Path(__file__).parent
    return [folder for folder in (here / "models", here.parent / "models", Path("models")) if folder.is_dir()]


def find(name: str) -> Path:
    """Folder of the model called `name` (or the folder itself, if a path is given)."""
    if (Path(name) / "model.toml").is_file():
        return Path(name)
    for folder in model_folders():
        if (folder / name / "model.toml").is_file():
            return folder / name
    known = ", ".join(sorted(available())) or "none"
    raise ModelError(
        f"there is no model called {name}. Known models: {known}. A folder with a model.toml will do too."
    )


def available() -> dict[str, Path]:
    """Every model that can be used by its name."""
    found: dict[str, Path] = {}
    for folder in model_folders():
        for path in sorted(folder.glob("*/model.toml")):
            found.setdefault(path.parent.name, path.parent)
    return found


def load(name: str) -> Model:
    """Load the model called `name`; ModelError if it is missing, unfit or made for other fields."""
    written, parameters = read(name)
    try:
        return build(written, parameters)
    except KeyError as error:
        raise ModelError(f"model {name} lacks {error}") from None
    except (AttributeError, TypeError, ValueError) as error:
        raise ModelError(f"model {name} has something of a wrong kind: {error}") from None


def load_for(job: LinkJob) -> Model:
    """The model of a job, with the workspace's thresholds in place of its own; MappingError if review is above accept."""
    found = load(job.model)
    accept = job.terms.thresholds.get("accept", found.accept)
    review = job.terms.thresholds.get("review", found.review)
    if review > accept:
        own = [name for name in ("accept", "review") if name not in job.terms.thresholds]
        told = f"; {own[0]} is the model's, as [thresholds] does not give it" if own else ""
        raise MappingError(
            f"linkage.toml: [thresholds] review ({review:g}) is above accept ({accept:g}){told}"
        )
    return replace(found, accept=accept, review=review)


def read(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The contents of `model.toml` and `parameters.json` of the model `name`; ModelError if they cannot be read."""
    folder = find(name)
    try:
        written = tomllib.loads((folder / "model.toml").read_text(encoding="utf-8-sig"))
        parameters = json.loads((folder / "parameters.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(
            f"model {name} has no {Path(error.filename).name}; `linkage train` makes it"
        ) from None
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"model {name} cannot be read: {error}") from None
    return written, parameters


def build(written: dict[str, Any], parameters: dict[str, Any]) -> Model:
    """The model made from the contents of `model.toml` (`written`) and `parameters.json`.

    ModelError where a comparison has other levels in the code than the model was trained for, a rule names an unknown
    column, or a number is out of range; KeyError, TypeError, AttributeError or ValueError where something is missing or
    of a wrong type.
    """
    comparisons = []
    for field in written["fields"]:
        comparison = comparison_of(field)
        numbers = parameters["comparisons"].get(comparison.name)
        if numbers is None or numbers["levels_digest"] != digest(comparison):
            raise ModelError(
                f"the model was trained for other levels of {comparison.name} than this version has; run `linkage train`"
            )
        comparisons.append(ModelComparison(comparison.name, field, _levels(comparison, numbers["levels"])))
    loose = written.get("blocking_loose", [])
    for keys in [*written["blocking"], *loose]:
        _check_keys(keys)
    accept, review, join = _thresholds(written["decision"])
    shares = _shares(parameters)
    return Model(
        name=written["name"],
        version=hashlib.sha256(json.dumps([written, parameters], sort_keys=True).encode()).hexdigest()[:12],
        comparisons=tuple(comparisons),
        blocking=tuple(tuple(keys) for keys in written["blocking"]),
        accept=accept,
        review=review,
        join=join,
        share_in_register=shares["share_in_register"],
        share_duplicate=shares["share_duplicate"],
        relatives=shares["relatives"],
        twins=shares["twins"],
        calibration=tuple((float(raw), float(right)) for raw, right in parameters.get("calibration", [])),
        calibrated_on=parameters.get("calibrated_on", "not calibrated"),
        loose=tuple(tuple(keys) for keys in loose),
    )


def comparison_of(field: str) -> Comparison:
    """The comparison of the field file `field`; ModelError if there is none."""
    try:
        found = shelf.load("fields", field).COMPARISON
    except (KeyError, AttributeError):
        raise ModelError(f"the model compares on {field}, which is not a field with a COMPARISON") from None
    assert isinstance(found, Comparison)
    return found


def digest(comparison: Comparison) -> str:
    """A hash of a comparison's levels in order (name, condition, term frequency, missing): 12 hexadecimal digits."""
    told = [[x.name, x.condition, x.term_frequency, x.missing] for x in comparison.levels]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def _levels(comparison: Comparison, numbers: dict[str, dict[str, float]]) -> tuple[ModelLevel, ...]:
    levels = []
    for level in comparison.levels:
        chances = dict.fromkeys(CHANCES, 1.0) if level.missing else numbers[level.name]
        if not all(0 < chances[key] <= 1 for key in CHANCES):
            raise ModelError(
                f"level {level.name} of {comparison.name} has no usable {', '.join(CHANCES)}; train the model"
            )
        levels.append(
            ModelLevel(
                name=level.name,
                condition=level.condition,
                wording=level.wording,
                term_frequency=level.term_frequency,
                missing=level.missing,
                number=comparison.numbers[level.name],
                m=chances["m"],
                u=chances["u"],
                relative_u=chances["relative_u"],
                twin_u=chances["twin_u"],
            )
        )
    return tuple(levels)


def _thresholds(decision: dict[str, Any]) -> tuple[float, float, float]:
    """accept, review and join; ModelError where one is not a number from 0 to 1, or review is above accept."""
    told = [decision[name] for name in ("accept", "review", "join")]
    if all(type(value) in (int, float) for value in told):
        accept, review, join = (float(value) for value in told)
        if 0 <= review <= accept <= 1 and 0 < join < 1:
            return accept, review, join
    raise ModelError(
        "[decision] of model.toml: accept and review are numbers from 0 to 1, review not above accept; join is one between"
    )


def _shares(parameters: dict[str, Any]) -> dict[str, float]:
    """Each of `SHARES` by name; ModelError where one is not above 0, or share_in_register is not below 1."""
    shares = {name: float(parameters[name]) for name in SHARES}
    for name, found in shares.items():
        if found <= 0 or (name == "share_in_register" and found >= 1):
            raise ModelError(f"{name} is {found:g}, of which there are no odds: train the model")
    return shares


def _check_keys(keys: list[str]) -> None:
    known = record_columns()
    for key in keys:
        if key not in known:
            raise ModelError(f"a blocking rule uses {key}, which is no column of the record table")


def record_columns() -> dict[str, str]:
    """Every column that the fields add to the record table → its DuckDB type."""
    columns: dict[str, str] = {}
    for module in shelf.load_all("fields").values():
        columns |= module.COLUMNS
        columns |= {name: kind for name, (kind, _) in getattr(module, "DERIVED", {}).items()}
    return columns


def named(text: str, name: str) -> str:
    """The text of a model.toml with its name replaced."""
    return re.sub(r"(?m)^name = .*$", lambda _: f"name = {json.dumps(name)}", text, count=1)


def write(out: Path, files: dict[str, str]) -> None:
    """Write the files of a model (name → text) into the folder `out`, by way of a folder beside it, so that none is left half
    written; delete figures.json, which was measured with other numbers. OutputError where that fails."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        fresh = new_folder(out.resolve().parent, f".{out.name}-")
        try:
            for name, text in files.items():
                (fresh / name).write_text(text, encoding="utf-8", newline="\n")
            for name in files:
                patiently(partial((fresh / name).replace, out / name))
        finally:
            remove(fresh)
        (out / "figures.json").unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror}") from error
