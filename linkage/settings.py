"""A workspace's `linkage.toml` → the job it describes, and the text of a new one."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linkage.config import Dataset, Limits, LinkJob, Terms
from linkage.errors import InputError, MappingError
from linkage.tables import COUNCIL, NHS

SETTINGS = "linkage.toml"
KNOWN = {
    "": {"purpose", "model", "council", "nhs", "objections", "thresholds", "limits"},
    "council": {"file", "profile", "columns"},
    "nhs": {"file", "profile", "columns"},
    "objections": {"file"},
    "thresholds": {"accept", "review"},
    "limits": {"threads", "memory", "seed"},
}


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
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{folder} is not a workspace: make one with `linkage init {folder}`") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError(f"{path} is not TOML: {error}") from None
    _refuse_unknown(said, path)
    try:
        objections = said.get("objections", {}).get("file", "")
        return LinkJob(
            _dataset(folder, COUNCIL, said),
            _dataset(folder, NHS, said),
            out,
            said.get("model", "default"),
            _newest(folder, objections) if objections else None,
            Limits(**said.get("limits", {})),
            Terms(said.get("purpose", "direct care"), _thresholds(said.get("thresholds", {}))),
        )
    except (KeyError, TypeError, AttributeError, ValueError):
        raise MappingError(
            f"{path} needs [council] and [nhs], each with a file; thresholds and limits are numbers"
        ) from None


def not_there_yet(folder: Path, settings: Settings) -> list[str]:
    """Files and patterns that a new workspace's settings name and that stand for no file so far."""
    named = [name for name in (settings.council, settings.nhs, settings.objections) if name]
    return [name for name in named if not _stands_for_a_file(folder, name)]


def _stands_for_a_file(folder: Path, pattern: str) -> bool:
    try:
        return _newest(folder, pattern).is_file()
    except (InputError, NotImplementedError):
        # No file fits the pattern, or it begins at the root of a disk, where pathlib does not look for patterns.
        return False


def read_purpose(folder: Path) -> str:
    """What the workspace's results are for; "" where its settings cannot be read."""
    try:
        return str(tomllib.loads((folder / SETTINGS).read_text(encoding="utf-8")).get("purpose", ""))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        return ""


def _dataset(folder: Path, name: str, said: dict[str, Any]) -> Dataset:
    told = said[name]
    return Dataset(
        name, _newest(folder, told["file"]), told.get("profile", ""), dict(told.get("columns", {}))
    )


def _newest(folder: Path, pattern: str) -> Path:
    """The file a pattern stands for: the last in the order of names."""
    if not any(sign in pattern for sign in "*?["):
        return folder / pattern
    found = sorted(folder.glob(pattern))
    if not found:
        raise InputError(f"no file in {folder} fits {pattern}")
    return found[-1]


def _thresholds(said: dict[str, Any]) -> dict[str, float]:
    found: dict[str, float] = {name: float(said[name]) for name in ("accept", "review") if name in said}
    if not all(0 < value < 1 for value in found.values()):
        raise ValueError
    return found


def _refuse_unknown(said: dict[str, Any], path: Path) -> None:
    for part, names in KNOWN.items():
        given = said.get(part, {}) if part else said
        if isinstance(given, dict) and (unknown := sorted(set(given) - names)):
            where = f"[{part}]" if part else "the file"
            raise MappingError(f"{path}: {where} knows no {unknown[0]}; it knows {', '.join(sorted(names))}")
