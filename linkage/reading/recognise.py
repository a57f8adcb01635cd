"""The headings of a file → which of them fills which input: by the user's mapping, a profile, or the inputs' known headings."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from linkage.errors import MappingError, OutputError
from linkage.reading.profile import Profile, find_profile, inputs, refuse_unknown, shipped_profiles
from linkage.tables import COUNCIL, NHS

NAMES = ("surname", "forename", "full_name")
BORN_OR_HOME = (
    "date_of_birth", "postcode", "address", "address_line_1", "address_line_2", "address_line_3", "street",
    "uprn",
)  # fmt: skip
SEVERAL_COLUMNS = " + "
FEWEST_TO_RECOGNISE = 4
HEADINGS_LISTED = 60
FEWEST_TO_LIST = 2
"""Inputs that must be recognised before an error message lists the headings. With fewer, the "headings" may be a person's
values: somebody may be called Street."""


@dataclass(frozen=True)
class Received:
    """The headings of one file (`duplicated`: those of several columns), and the dataset that it is given as."""

    file: str
    dataset: str
    headings: Sequence[str]
    duplicated: Sequence[str] = ()


@dataclass(frozen=True)
class Recognised:
    """`columns`: input → the headings that fill it; `unused`: the others. `profile` is empty if there is none. `rows` is
    the profile's ("one row a person" or "several rows a record"), and so are `unknown_ids`: record ids that stand for
    nobody."""

    file: str
    dataset: str
    profile: str
    columns: dict[str, list[str]]
    unused: list[str]
    rows: str = "one row a person"
    unknown_ids: tuple[str, ...] = ()


def normalised(heading: str) -> str:
    """A heading without case, spaces and signs."""
    return "".join(character for character in heading.casefold() if character.isalnum())


def recognise(received: Received, profile: str = "", mappings: Mapping[str, str] | None = None) -> Recognised:
    """Which headings fill which inputs; MappingError where something necessary is missing or ambiguous.

    The user's `mappings` (input → heading) come before the profile, and the profile before the inputs' own aliases. A
    heading fills one input only.
    """
    own = _user_columns(received, mappings or {})
    chosen = find_profile(profile) if profile else _best_profile(received, own)
    columns = fill(received.headings, own, chosen)
    _refuse_doubtful(received, columns, own)
    if received.dataset == NHS and "record_id" not in columns and "nhs_number" in columns:
        columns["record_id"] = columns["nhs_number"]
    _refuse_missing(received, columns)
    used = {heading for headings in columns.values() for heading in headings}
    return Recognised(
        received.file,
        received.dataset,
        chosen.name if chosen else "",
        {name: columns[name] for name in inputs() if name in columns},
        [heading for heading in received.headings if heading not in used],
        chosen.rows if chosen else "one row a person",
        chosen.unknown_ids if chosen else (),
    )


def fits(received: Received, profile: str = "", mappings: Mapping[str, str] | None = None) -> bool:
    """Whether `recognise` would accept these headings."""
    try:
        recognise(received, profile, mappings)
    except MappingError:
        return False
    return True


def fill(
    headings: Sequence[str], own: Mapping[str, list[str]], profile: Profile | None
) -> dict[str, list[str]]:
    """Fill inputs from `headings`: first what the user said, then the profile, then the inputs' aliases."""
    columns = {name: list(given) for name, given in own.items()}
    by_profile = [(name, wanted) for name, wanted in profile.columns.items()] if profile else []
    by_alias = [(each.name, (each.name, *each.aliases)) for each in inputs().values()]
    for name, wanted in (*by_profile, *by_alias):
        if name in columns:
            continue
        taken = {heading for used in columns.values() for heading in used}
        free = [heading for heading in headings if heading not in taken]
        found = next((found for each in wanted if (found := find_columns(each, free, name))), None)
        if found:
            columns[name] = found
    return columns


def find_columns(wanted: str, headings: Sequence[str], name: str) -> list[str]:
    """The heading, or for an address the several headings, that `wanted` names; empty if any is not there."""
    by_name: dict[str, str] = {}
    for heading in headings:
        by_name.setdefault(normalised(heading), heading)
    if wanted in headings:
        return [wanted]
    if normalised(wanted) in by_name:
        return [by_name[normalised(wanted)]]
    parts = wanted.split(SEVERAL_COLUMNS)
    if "address" not in name or len(parts) == 1:
        return []
    found = [by_name.get(normalised(part)) for part in parts]
    return [heading for heading in found if heading] if all(found) else []


def _user_columns(received: Received, mappings: Mapping[str, str]) -> dict[str, list[str]]:
    refuse_unknown(mappings, "--map")
    columns: dict[str, list[str]] = {}
    filled: dict[str, str] = {}
    for name, wanted in mappings.items():
        found = find_columns(wanted, received.headings, name)
        if not found:
            raise MappingError(
                f'{received.file} has no column "{wanted}" for {name}. {list_headings(received.headings)}'
            )
        for heading in found:
            if heading in filled:
                raise MappingError(f'--map gives the column "{heading}" to both {filled[heading]} and {name}')
            filled[heading] = name
        columns[name] = found
    return columns


def _best_profile(received: Received, own: Mapping[str, list[str]]) -> Profile | None:
    """The shipped profile that fills most inputs, the record id among them; None if none fills enough."""
    fits: list[tuple[int, str, Profile]] = []
    for profile in _profiles_of(received.dataset):
        found = _found_by(profile, received.headings)
        identified = "record_id" in found | set(own) or (
            received.dataset == NHS and "nhs_number" in found | set(own)
        )
        if identified and found >= set(profile.requires) and len(found) >= FEWEST_TO_RECOGNISE:
            fits.append((-len(found), profile.name, profile))
    return min(fits, key=lambda fit: fit[:2])[2] if fits else None


def _profiles_of(dataset: str) -> list[Profile]:
    return [profile for profile in shipped_profiles().values() if profile.dataset in (dataset, "either")]


def _found_by(profile: Profile, headings: Sequence[str]) -> set[str]:
    """The inputs that the profile finds a heading for."""
    return {
        name
        for name, wanted in profile.columns.items()
        if any(find_columns(each, headings, name) for each in wanted)
    }


def other_side(headings: Sequence[str], dataset: str) -> str:
    """The profile of the other dataset, if it fills more inputs from `headings` than any profile of `dataset` does; else ""."""

    def best(of: str) -> tuple[int, str]:
        return max((len(_found_by(profile, headings)), profile.name) for profile in _profiles_of(of))

    own, (found, name) = best(dataset), best(COUNCIL if dataset == NHS else NHS)
    return name if found > max(own[0], FEWEST_TO_RECOGNISE) else ""


def _refuse_doubtful(
    received: Received, columns: Mapping[str, list[str]], own: Mapping[str, list[str]]
) -> None:
    side = _side(received)
    for name, headings in columns.items():
        for heading in headings:
            if heading in received.duplicated and name not in own:
                raise MappingError(
                    f'{received.file} has more than one column called "{heading}". Say which with '
                    f'--map {side}{name}="{heading}" (the first) or --map {side}{name}="{heading} (2)" (the second).'
                )


def _refuse_missing(received: Received, columns: Mapping[str, list[str]]) -> None:
    needed: list[tuple[str, tuple[str, ...]]] = [("surname", NAMES), ("date_of_birth", BORN_OR_HOME)]
    if received.dataset == COUNCIL:
        needed.insert(0, ("record_id", ("record_id",)))
    if received.dataset == NHS:
        needed.insert(0, ("nhs_number", ("nhs_number",)))
    for asked, any_of in needed:
        if not any(name in columns for name in any_of):
            raise MappingError(
                f"{received.file} has no column for {asked}. {list_headings(received.headings)} "
                f'Say which with --map {_side(received)}{asked}="…".{_doubt(received)}'
            )


def _doubt(received: Received) -> str:
    """A sentence, with a space before it, if this may be the wrong file; else ""."""
    profile = other_side(received.headings, received.dataset)
    whose = "a council's file" if received.dataset == NHS else "an NHS register"
    return (
        f" Its headings are rather those of {whose} (profile {profile}): is it the right file?"
        if profile
        else ""
    )


def _side(received: Received) -> str:
    """The prefix of a field in --map that says that a column of the register is meant."""
    return f"{NHS}." if received.dataset == NHS else ""


def list_headings(headings: Sequence[str]) -> str:
    """A sentence that lists the headings; not where too few are known, since they may then be a person's values."""
    if len(fill(headings, {}, None)) < FEWEST_TO_LIST:
        return "Hardly any of its headings is a known one: if it has none, put them above the first person."
    listed = ", ".join(headings[:HEADINGS_LISTED])
    more = len(headings) - HEADINGS_LISTED
    return f"It has: {listed} and {more} more." if more > 0 else f"It has: {listed}."


def save_profile(recognised: Recognised, path: Path) -> None:
    """Write what was recognised as a profile that `--profile` takes; OutputError if it cannot be written."""
    columns = dict(recognised.columns)
    if columns.get("record_id") == columns.get("nhs_number"):
        # The NHS Number was also the record id; in a profile a heading fills one input only.
        columns.pop("record_id", None)
    lines = [
        f"name = {_toml_text(path.stem)}",
        f"title = {_toml_text(f'Columns of {recognised.file}')}",
        f"dataset = {_toml_text(recognised.dataset)}",
        f"rows = {_toml_text(recognised.rows)}",
        f"unknown_ids = [{', '.join(_toml_text(each) for each in recognised.unknown_ids)}]",
        "",
        "[columns]",
        *(f"{name} = [{_toml_text(SEVERAL_COLUMNS.join(each))}]" for name, each in columns.items()),
    ]
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"the profile {path.name} cannot be written: {error.strerror}") from None


def _toml_text(text: str) -> str:
    return re.sub("\x7f", r"\\u007F", json.dumps(text, ensure_ascii=False))
