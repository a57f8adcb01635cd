"""The files of tests/known_cases → hard cases: one council record each, the register around it, what is wanted and why."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linkage import shelf
from linkage.tables import ACCEPT, NONE, REVIEW, SCREENED_BAND

FOLDER = Path(__file__).parent / "known_cases"
COUNCIL, SELF = "council", "self"
NOT_FROM_THE_REGISTER = "somebody else"
BANDS = (ACCEPT, REVIEW, NONE, SCREENED_BAND)
DITTO = '"'
Row = dict[str, str]


@dataclass(frozen=True)
class Outcome:
    """What a run said of a case: the band, and the register record proposed ("" for none)."""

    band: str
    proposed: str = ""

    def __str__(self) -> str:
        return f"{self.band} {self.proposed}".strip()


@dataclass(frozen=True)
class KnownCase:
    """A council record (several rows if it came so) and the register people who compete for it.

    `register` is who → their rows; `self` is the same person as the council record. Without a `self` no link is
    right, or nobody can say which is, and `never` says so: accepting anyone would be wrong.
    """

    id: str
    kind: str
    council: tuple[Row, ...]
    register: dict[str, tuple[Row, ...]]
    want: tuple[str, ...]
    never: bool
    reason: str

    def is_forbidden(self, outcome: Outcome) -> bool:
        """Whether the outcome puts the care of one person on another's record."""
        return outcome.band == ACCEPT and (self.never or outcome.proposed != SELF)

    def is_wanted(self, outcome: Outcome) -> bool:
        """Whether the band is a wanted one, and who is proposed is the person, if the person is there."""
        proposes = outcome.band in (ACCEPT, REVIEW)
        return outcome.band in self.want and not (
            proposes and SELF in self.register and outcome.proposed != SELF
        )


def read_cases(folder: Path = FOLDER) -> list[KnownCase]:
    """All cases by file and place. ValueError, naming the case, for one that is not well drawn."""
    cases = [case for path in sorted(folder.glob("*.toml")) for case in _file(path)]
    ids = [case.id for case in cases]
    if repeated := {name for name in ids if ids.count(name) > 1}:
        raise ValueError(f"cases with the same id: {', '.join(sorted(repeated))}")
    return cases


def _file(path: Path) -> Iterator[KnownCase]:
    for told in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
        try:
            yield _case(path.stem, told)
        except (KeyError, ValueError) as problem:
            raise ValueError(f"{path.name}, case {told.get('id', '?')}: {problem}") from None


def _case(kind: str, told: dict[str, Any]) -> KnownCase:
    want = told["want"]
    rows = read_table(told["records"])
    case = KnownCase(
        id=told["id"],
        kind=kind,
        council=tuple(row for who, row in rows if who == COUNCIL),
        register={who: tuple(row for name, row in rows if name == who) for who, _ in rows if who != COUNCIL},
        want=(want,) if isinstance(want, str) else tuple(want),
        never=told.get("never") == ACCEPT,
        reason=told["reason"],
    )
    _check(case, set(told))
    return case


def _check(case: KnownCase, keys: set[str]) -> None:
    inputs = {declared.name for field in shelf.load_all("fields").values() for declared in field.INPUTS}
    used = {name for row in (*case.council, *sum(case.register.values(), ())) for name in row}
    problems = {
        f"unknown keys {sorted(keys)}": keys - {"id", "want", "never", "reason", "records"},
        f"no field reads {sorted(used - inputs)}": used - inputs,
        f"want is not one of {BANDS}": not case.want or set(case.want) - set(BANDS),
        "no council record": not case.council,
        "the reason is not a sentence": not case.reason.endswith("."),
        'without a self, say never = "accept"; with one, do not': case.never == (SELF in case.register),
        "never and wanted": case.never and ACCEPT in case.want,
    }
    if found := [text for text, wrong in problems.items() if wrong]:
        raise ValueError("; ".join(found))


def read_table(text: str) -> list[tuple[str, Row]]:
    """A drawn table → (who, filled cells by column) for each line; a cell of one `"` repeats the cell above it."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    heading, *body = lines
    if heading[0] != "who" or any(len(line) != len(heading) for line in body):
        raise ValueError("the first column is who, and every line has a cell for every column")
    rows: list[tuple[str, Row]] = []
    above = [""] * len(heading)
    for line in body:
        above = [upper if cell == DITTO else cell for cell, upper in zip(line, above, strict=True)]
        filled = {name: cell for name, cell in zip(heading[1:], above[1:], strict=True) if cell}
        rows.append((above[0], filled))
    return rows
