"""A workspace's `linkage.toml` → the job it describes, and the text of a new one."""

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from linkage import model_folder
from linkage.config import Dataset, Limits, LinkJob, Terms
from linkage.database import MEMORY
from linkage.errors import InputError, MappingError, ModelError, typed
from linkage.reading.profile import find_profile, refuse_unknown
from linkage.tables import COUNCIL, NHS

SETTINGS = "linkage.toml"


@dataclass(frozen=True)
class Kind:
    """What may stand behind a key: in words for an error, and whether a value read from TOML is such."""

    words: str
    fits: Callable[[Any], bool]


PART = Kind("the heading of a part of its own, in square brackets", lambda value: isinstance(value, dict))
TEXT = Kind("text in quotation marks", lambda value: isinstance(value, str))
FILE = Kind(
    "the path of a file, or a pattern, in quotation marks",
    lambda value: isinstance(value, str) and value != "",
)
SHARE = Kind("a number above 0 and below 1", lambda value: isinstance(value, float) and 0 < value < 1)
NUMBER = Kind("a whole number, 0 or more", lambda value: type(value) is int and value >= 0)
SIZE = Kind(
    'text such as "4GB" or "500MB", or "" for no limit',
    lambda value: value == "" or (isinstance(value, str) and MEMORY.fullmatch(value.strip()) is not None),
)
COLUMNS = Kind(
    'lines such as surname = "Column"',
    lambda value: isinstance(value, dict) and all(map(FILE.fits, value.values())),
)
SIDE = {"file": FILE, "profile": TEXT, "columns": COLUMNS}
KEYS = {
    "": {
        "purpose": TEXT, "model": TEXT, "council": PART, "nhs": PART, "objections": PART, "thresholds": PART,
        "limits": PART,
    },
    "council": SIDE,
    "nhs": SIDE,
    "objections": {"file": TEXT},
    "thresholds": {"accept": SHARE, "review": SHARE},
    "limits": {"threads": NUMBER, "memory": SIZE, "seed": NUMBER},
}  # fmt: skip
"""Part of `linkage.toml` ("" is what stands above the first heading) → its keys."""


@dataclass(frozen=True)
class Settings:
    """What a new workspace's `linkage.toml` is made from."""

    council: str = "in/council.csv"
    nhs: str = "in/nhs.csv"
    objections: str = ""
    purpose: str = "direct care"
    model: str = "default"


def settings_text(settings: Settings) -> str:
    """The text of a new `linkage.toml`."""
    quoted = {name: json.dumps(value, ensure_ascii=False) for name, value in vars(settings).items()}
    return f"""# What this week's run reads and how it decides. Files are looked for from this folder; of several that fit a
# pattern such as "in/council-*.csv" the last in the order of their names is read.
purpose = {quoted["purpose"]}
model = {quoted["model"]}

[council]
file = {quoted["council"]}
profile = ""
# Columns that are not recognised: field = "Column"
[council.columns]

[nhs]
file = {quoted["nhs"]}
profile = ""
[nhs.columns]

[objections]
file = {quoted["objections"]}

# The model's own thresholds hold unless others are given here.
[thresholds]
# accept = 0.995
# review = 0.5

[limits]
threads = 0
memory = ""
seed = 1
"""


def read_job(folder: Path, out: Path) -> LinkJob:
    """The job that `linkage.toml` in `folder` describes, to be made in `out`; MappingError says what is wrong with it."""
    path = folder / SETTINGS
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InputError(
            f"{folder} is not a workspace: make one with `linkage init {typed(folder)}`"
        ) from None
    except UnicodeDecodeError:
        raise MappingError(f"{path} is not UTF-8: save it with that encoding") from None
    except tomllib.TOMLDecodeError as error:
        raise MappingError(
            f"{path} is not TOML: {error}. A path with backslashes goes between single quotes"
        ) from None
    _refuse_unfit(said, path)
    objections = said.get("objections", {}).get("file", "")
    thresholds = said.get("thresholds", {})
    return LinkJob(
        _dataset(path, COUNCIL, said[COUNCIL]),
        _dataset(path, NHS, said[NHS]),
        out,
        _model(path, said.get("model", "default")),
        _newest(path, "objections", objections) if objections else None,
        Limits(**said.get("limits", {})),
        Terms(said.get("purpose", "direct care"), thresholds),
    )


def not_there_yet(folder: Path, settings: Settings) -> list[str]:
    """Files and patterns that a new workspace's settings name and that stand for no file so far."""
    named = [name for name in (settings.council, settings.nhs, settings.objections) if name]
    return [name for name in named if not _stands_for_a_file(folder, name)]


def _stands_for_a_file(folder: Path, pattern: str) -> bool:
    try:
        return _newest(folder / SETTINGS, "", pattern).is_file()
    except InputError:
        return False


def read_purpose(folder: Path) -> str:
    """What the workspace's results are for; "" where its settings cannot be read."""
    try:
        return str(tomllib.loads((folder / SETTINGS).read_text(encoding="utf-8-sig")).get("purpose", ""))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return ""


def _refuse_unfit(said: dict[str, Any], path: Path) -> None:
    """MappingError for a key that there is not, one that is missing, or one with a value that it cannot have."""
    for part, keys in KEYS.items():
        given = said.get(part, {}) if part else said
        heading = f"[{part}] " if part else ""
        if unknown := sorted(set(given) - set(keys)):
            where = f"[{part}]" if part else "the file"
            raise MappingError(f"{path}: {where} knows no {unknown[0]}; it knows {', '.join(sorted(keys))}")
        for key, value in given.items():
            if not keys[key].fits(value):
                raise MappingError(f"{path}: {heading}{key} must be {keys[key].words}")
    for part in (COUNCIL, NHS):
        if "file" not in said.get(part, {}):
            raise MappingError(f"{path}: [{part}] file is missing: give {FILE.words}")
        refuse_unknown(said[part].get("columns", {}), f"{path}: [{part}.columns]")


def _dataset(path: Path, name: str, told: dict[str, Any]) -> Dataset:
    profile = told.get("profile", "")
    if (path.parent / profile).is_file():
        profile = str(path.parent / profile)
    try:
        if profile:
            find_profile(profile)
    except MappingError as error:
        raise MappingError(f"{path}: [{name}] profile: {error}") from None
    return Dataset(name, _newest(path, name, told["file"]), profile, dict(told.get("columns", {})))


def _model(path: Path, name: str) -> str:
    if (path.parent / name / "model.toml").is_file():
        return str(path.parent / name)
    try:
        model_folder.find(name)
    except ModelError as error:
        raise ModelError(f"{path}: model: {error}") from None
    return name


def below_root(pattern: PurePath) -> tuple[str, str]:
    """The root that a pattern begins with ("" if it begins at no root), and the rest of it; Windows has "C:/" for "C:\\"."""
    return pattern.anchor, str(pattern.relative_to(pattern.anchor))


def _newest(path: Path, part: str, pattern: str) -> Path:
    """The file that `pattern` in a part of the settings `path` stands for: the last in the order of names."""
    if not any(sign in pattern for sign in "*?["):
        return path.parent / pattern
    # pathlib looks for patterns below a folder only, and a pattern may begin at the root of a disk.
    root, below = below_root(Path(pattern))
    fitting = (path.parent / root).glob(below)
    # Excel keeps a file of such a name, which would be the last, beside a workbook that is open.
    found = sorted(file for file in fitting if not file.name.startswith("~$"))
    if not found:
        raise InputError(f"{path}: [{part}] file: no file fits {pattern}, seen from {path.parent}")
    return found[-1]
