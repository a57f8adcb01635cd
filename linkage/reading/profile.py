"""A profile by its name or its file → for each input the headings it may have in that export.

A profile is a TOML file with `name`, `title`, `dataset` ("council", "nhs" or "either"), `description`,
`rows` ("one row a person" or "several rows a record"), the table `[columns]` (input name = headings it may
have, first choice first) and, optionally, `requires` (inputs without which it is not this export) and
`unknown_ids` (record ids that stand for nobody). A heading such as "House + Road" names two columns, where
the input is an address.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from linkage import shelf
from linkage.errors import MappingError
from linkage.fields import Input

RECORD_ID = Input(
    "record_id",
    "the record's own identifier",
    (
        "Record ID", "Person ID", "PersonID", "LAS ID", "LAS Number", "LCS ID", "LCS Number", "Client ID", "Case Number", "LEGACY_ID",
        "DIM_PERSON_ID", "UNIQUE REFERENCE", "LA Person Unique Identifier", "SourceID", "rec_id", "unique_id",
        "LOCAL_PATIENT_ID", "Patient ID", "Hospital Number", "Service User ID", "Person Identifier",
        "Mosaic ID", "Swift ID", "Case Ref", "Case Reference", "Case No", "Reference", "id",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Profile:
    """A known export: for each input the headings it may have."""

    name: str
    dataset: str
    columns: dict[str, tuple[str, ...]]
    rows: str = "one row a person"
    requires: tuple[str, ...] = ()
    unknown_ids: tuple[str, ...] = ()


def inputs() -> dict[str, Input]:
    """Every input of all fields by its name; first the record id, which is no field's."""
    declared = [each for module in shelf.load_all("fields").values() for each in module.INPUTS]
    return {each.name: each for each in (RECORD_ID, *declared)}


def shipped_profiles() -> dict[str, Profile]:
    """The profiles that come with the package, by name."""
    files = sorted(
        (file for file in resources.files("linkage.profiles").iterdir() if file.name.endswith(".toml")),
        key=lambda file: file.name,
    )
    profiles = [parse_profile(file.read_text(encoding="utf-8"), file.name) for file in files]
    return {profile.name: profile for profile in profiles}


def find_profile(name: str) -> Profile:
    """The profile that a user named: a shipped one, or a TOML file."""
    shipped = shipped_profiles()
    if name in shipped:
        return shipped[name]
    path = Path(name)
    if not path.is_file():
        raise MappingError(f"there is no profile {name}: give a TOML file, or one of {', '.join(shipped)}")
    try:
        return parse_profile(path.read_text(encoding="utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError):
        raise MappingError(f"the profile {path.name} cannot be read as UTF-8 text") from None


def parse_profile(text: str, file: str) -> Profile:
    """The profile in the text of a TOML file; MappingError says what is wrong with it."""
    try:
        held: dict[str, Any] = tomllib.loads(text)
        columns = {name: tuple(_as_list(headings)) for name, headings in held["columns"].items()}
        profile = Profile(
            str(held["name"]),
            str(held.get("dataset", "either")),
            columns,
            str(held.get("rows", "one row a person")),
            tuple(_as_list(held.get("requires", []))),
            tuple(_as_list(held.get("unknown_ids", []))),
        )
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"the profile {file} is not TOML: {error}") from None
    except (KeyError, AttributeError, TypeError):
        raise MappingError(
            f'the profile {file} needs a name and [columns] with lines such as forename = ["First Name"]'
        ) from None
    refuse_unknown([*profile.columns, *profile.requires], f"the profile {file}")
    return profile


def _as_list(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    raise TypeError


def refuse_unknown(names: Iterable[str], who: str) -> None:
    """MappingError for a name that is not an input's; the message begins with `who`, which names the place."""
    known = inputs()
    for name in names:
        if name not in known:
            raise MappingError(
                f"{who} names the field {name}, which does not exist. There are: {', '.join(known)}"
            )
