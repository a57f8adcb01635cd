"""The two files of a run → an error where they seem to be exchanged or the same, a caution where that is in doubt."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from linkage.config import LinkJob
from linkage.errors import InputError
from linkage.fields.nhs_number import ORDINARY
from linkage.ingest import Ingested, sha256_of
from linkage.reading.recognise import other_side
from linkage.tables import COUNCIL, NHS, RECORD, raw

NEARLY_ALL = 0.99
"""Share of rows with an NHS Number from which a file may well be a register."""
TOO_FEW = 0.9
"""Share of rows with an NHS Number below which a file is hardly a register."""
TEN_DIGITS = f"regexp_full_match(nhs_number, '{ORDINARY}')"


def refuse_same(council: Path, nhs: Path) -> None:
    """InputError if the two are one file, or copies of it: everybody would be linked to themselves."""
    if not (council.is_file() and nhs.is_file()):
        return
    size = council.stat().st_size
    if not size or size != nhs.stat().st_size:
        return
    # The contents are compared, and not whether the system says that they are one file: a network drive may give all files
    # the same inode.
    if sha256_of(council) == sha256_of(nhs):
        raise InputError(
            f"{council} and {nhs} hold the same, byte for byte: give the council's file first and the NHS "
            "register second. `linkage dedupe FILE` finds the people of one file"
        )


def refuse_exchanged(database: duckdb.DuckDBPyConnection, job: LinkJob, received: Sequence[Ingested]) -> None:
    """InputError if the headings and the NHS Numbers of both files say that they are exchanged; not if the user names a
    profile for either."""
    if job.council.profile or job.nhs.profile:
        return
    council, nhs = received[:2]
    as_register = other_side(_headings(council), COUNCIL)
    as_council = other_side(_headings(nhs), NHS)
    if not (as_register and as_council):
        return
    numbered = {name: _share(database, f'SELECT {TEN_DIGITS} FROM "{raw(name)}"') for name in (COUNCIL, NHS)}
    if _crossed(numbered):
        raise InputError(
            f"{council.file} was given as the council's file, but has the headings of an NHS register (profile "
            f"{as_register}) and an NHS Number in {numbered[COUNCIL]:.0%} of its rows; {nhs.file} was given as the "
            f"register, but has those of a council's file (profile {as_council}) and a number in {numbered[NHS]:.0%}. "
            "Give the council's file first and the register second; if this is right, name a profile for each"
        )


def doubt(database: duckdb.DuckDBPyConnection, received: Sequence[Ingested]) -> list[str]:
    """A caution if the NHS Numbers in `record` suggest that the files are exchanged, or that the register is not one.
    Empty without a register."""
    file = {found.dataset: found.file for found in received}
    if NHS not in file:
        return []
    numbered = {
        name: _share(
            database, f"SELECT nhs_number IS NOT NULL FROM \"{RECORD.name}\" WHERE dataset = '{name}'"
        )
        for name in (COUNCIL, NHS)
    }
    if not _crossed(numbered):
        register = next(found for found in received if found.dataset == NHS)
        return [f"{register.file}: {words}" for words in doubt_of_one(register, numbered[NHS])]
    return [
        f"{numbered[COUNCIL]:.0%} of the rows of {file[COUNCIL]} hold an NHS Number and {numbered[NHS]:.0%} of {file[NHS]}, "
        "which was given as the register: were the two files exchanged?"
    ]


def doubt_of_one(found: Ingested, numbered: float) -> list[str]:
    """A caution if a file by itself looks like one of the other dataset; `numbered` is its share of rows with an NHS Number."""
    profile = other_side(_headings(found), found.dataset)
    if profile and found.dataset == COUNCIL and numbered >= NEARLY_ALL:
        return [
            f"It has the headings of an NHS register (profile {profile}) and an NHS Number in nearly every row: is it the council's file?"
        ]
    if found.dataset == NHS and numbered < TOO_FEW:
        headings = f"It has the headings of a council's file (profile {profile}) and" if profile else "It has"
        return [f"{headings} a valid NHS Number in {numbered:.0%} of the rows only: is it the register?"]
    return []


def _crossed(numbered: dict[str, float]) -> bool:
    return numbered[COUNCIL] >= NEARLY_ALL and numbered[NHS] < TOO_FEW


def _headings(found: Ingested) -> list[str]:
    return [*(heading for headings in found.recognised.values() for heading in headings), *found.unused]


def _share(database: duckdb.DuckDBPyConnection, query: str) -> float:
    """The share of rows for which `query`, a SELECT of one condition, is true."""
    [(share,)] = database.execute(
        f"SELECT avg(CAST(coalesce(held, false) AS INTEGER)) FROM ({query}) AS asked(held)"
    ).fetchall()
    return float(share or 0)
