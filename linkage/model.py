"""A model folder → the comparisons, numbers and thresholds that a run scores and decides with.

A model is stored in our own dialect-free form: `model.toml` (fields, blocking rules, thresholds: written by people) and
`parameters.json` (m, u and the relatives' u of every level, the prior, the calibration: written by training). The
conditions of the levels stand in the code of the fields; loading refuses a model that was made for other levels.
Nothing in a model is a value of a person: term frequencies are counted anew in every run.
"""

import hashlib
import json
import math
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from linkage import shelf
from linkage.errors import ModelError
from linkage.fields import Comparison

DECIMALS = 6
"""Decimals of a weight: those below may change with the number of threads."""

CHANCES = ("m", "u", "relative_u", "twin_u")


@dataclass(frozen=True)
class ModelLevel:
    """A level of agreement with its numbers.

    `m`: share of true pairs at this level. `u`: share of pairs of strangers. `relative_u`: share of pairs of two
    different people who share a home or shared one. `twin_u`: share of those of them who were born on one day.
    `number` is Splink's (0: none, -1: missing).
    """

    name: str
    condition: str
    wording: str
    term_frequency: str
    missing: bool
    number: int
    m: float
    u: float
    relative_u: float
    twin_u: float

    @property
    def weight(self) -> float:
        """Evidence against the pair being strangers, in bits (0 where a value is missing)."""
        return 0.0 if self.missing else math.log2(self.m / self.u)

    @property
    def relative_weight(self) -> float:
        """Evidence against the pair being two people of one home, in bits (0 where a value is missing)."""
        return 0.0 if self.missing else math.log2(self.m / self.relative_u)

    @property
    def twin_weight(self) -> float:
        """Evidence against the pair being two people of one home and one day of birth, in bits."""
        return 0.0 if self.missing else math.log2(self.m / self.twin_u)


@dataclass(frozen=True)
class ModelComparison:
    """One comparison of the model: the field it stands on and its levels, strongest first."""

    name: str
    field: str
    levels: tuple[ModelLevel, ...]

    @cached_property
    def by_number(self) -> dict[int, ModelLevel]:
        """Splink's number of a level → the level."""
        return {level.number: level for level in self.levels}


@dataclass(frozen=True)
class Model:
    """Everything that scores pairs and decides on records.

    `accept` and `review` are the confidence from which a link is made and shown to a human, `join` that from which two
    records of one dataset are taken for one person. `relatives` and `twins`: how many people a person shares a home with, born on another day and on the same one.
    `shows_relatives`: whether that may be a relative at all, as guards ask; a study of unrelated people has none.
    """

    name: str
    version: str
    comparisons: tuple[ModelComparison, ...]
    blocking: tuple[tuple[str, ...], ...]
    accept: float
    review: float
    join: float
    share_in_register: float
    share_duplicate: float
    relatives: float
    twins: float
    calibration: tuple[tuple[float, float], ...]
    calibrated_on: str
    loose: tuple[tuple[str, ...], ...] = ()
    shows_relatives: bool = True

    def __hash__(self) -> int:
        # Reasons are remembered by model, which is asked for a million times: a run has few, and two fields tell most apart.
        return hash((self.name, self.version))

    @property
    def rules(self) -> tuple[tuple[str, ...], ...]:
        """Every blocking rule, the strict ones first."""
        return self.blocking + self.loose

    def comparison(self, name: str) -> ModelComparison:
        """The comparison called `name`."""
        return next(found for found in self.comparisons if found.name == name)


def prior_bits(share: float, people: int) -> float:
    """Log2 odds that a record of a council is one given person of `people`, if `share` of records are among them."""
    return round(math.log2(share / ((1 - share) * max(people, 1))), DECIMALS)


def share_of_pairs(per_person: float, people: int) -> float:
    """Share among all pairs of different people, of those that each of `people` people forms with `per_person` others."""
    return min(0.25, per_person / max(people, 2))


def mixture_sql(model: Model, people: int) -> str:
    """Expression for a pair's evidence against all that two different people of a population can be, in bits.

    It stands on the columns stranger_weight, relative_weight and twin_weight.
    """
    relatives, twins = share_of_pairs(model.relatives, people), share_of_pairs(model.twins, people)
    return f"""round(-log2(
        {1 - relatives - twins!r} * pow(2, -stranger_weight)
        + {relatives!r} * pow(2, -relative_weight)
        + {twins!r} * pow(2, -twin_weight)
    ), {DECIMALS})"""


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


def read(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `model.toml` and `parameters.json` of the model called `name` say; ModelError if they cannot be read."""
    folder = find(name)
    try:
        written = tomllib.loads((folder / "model.toml").read_text(encoding="utf-8"))
        parameters = json.loads((folder / "parameters.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(
            f"model {name} has no {Path(error.filename).name}; `linkage train` makes it"
        ) from None
    except (tomllib.TOMLDecodeError, json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"model {name} cannot be read: {error}") from None
    return written, parameters


def build(written: dict[str, Any], parameters: dict[str, Any]) -> Model:
    """The model that `model.toml` and `parameters.json` describe, checked against the fields of today."""
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
    return Model(
        name=written["name"],
        version=hashlib.sha256(json.dumps([written, parameters], sort_keys=True).encode()).hexdigest()[:12],
        comparisons=tuple(comparisons),
        blocking=tuple(tuple(keys) for keys in written["blocking"]),
        accept=accept,
        review=review,
        join=join,
        share_in_register=float(parameters["share_in_register"]),
        share_duplicate=float(parameters["share_duplicate"]),
        relatives=float(parameters["relatives"]),
        twins=float(parameters["twins"]),
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
    """A short hash of what the levels of a comparison are: names, conditions, frequencies, order."""
    told = [[x.name, x.condition, x.term_frequency, x.missing] for x in comparison.levels]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def numbered(comparison: Comparison) -> list[int]:
    """Splink's numbers of the levels, in order: missing is -1, the last is 0, the strongest the highest."""
    compared = [level for level in comparison.levels if not level.missing]
    numbers = iter(range(len(compared) - 1, -1, -1))
    return [-1 if level.missing else next(numbers) for level in comparison.levels]


def _levels(comparison: Comparison, numbers: dict[str, dict[str, float]]) -> tuple[ModelLevel, ...]:
    levels = []
    for level, number in zip(comparison.levels, numbered(comparison), strict=True):
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
                number=number,
                m=chances["m"],
                u=chances["u"],
                relative_u=chances["relative_u"],
                twin_u=chances["twin_u"],
            )
        )
    return tuple(levels)


def _thresholds(decision: dict[str, Any]) -> tuple[float, float, float]:
    """accept, review and join; ModelError where they are no confidences, or review is above accept."""
    told = [decision[name] for name in ("accept", "review", "join")]
    if all(type(value) in (int, float) for value in told):
        accept, review, join = (float(value) for value in told)
        if 0 <= review <= accept <= 1 and 0 < join < 1:
            return accept, review, join
    raise ModelError(
        "[decision] of model.toml: accept and review are numbers from 0 to 1, review not above accept; join is one between"
    )


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
