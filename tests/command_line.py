"""Words as a user types them → the exit code and what was printed, in this process."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from linkage.cli import main

CANARY, CANARY_SURNAME, CANARY_STREET = "Zyxwvutia", "Qwertson", "Plughstrasse"
CANARIES = (CANARY, CANARY_SURNAME, CANARY_STREET, "9000000009", "900 000 0009", "02/03/1941", "1941-03-02")
COUNCIL = "Person ID,Forename,Surname,Date of Birth,Postcode\n"
REGISTER = "NHS Number,Forename,Surname,Date of Birth,Postcode\n"
PERSON = f"{CANARY},{CANARY_SURNAME},02/03/1941,M13 0AQ\n"
ANN = "Ann,Otherby,02/03/1951,LS1 1AA\n"
ONE_CLIENT = f"{COUNCIL}1,{PERSON}"
TWO_PEOPLE = f"{REGISTER}9000000009,{PERSON}9000000017,{ANN}"
COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


class CommandLine:
    """Runs commands as `linkage` would."""

    def __init__(self, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self.patch, self.capture = patch, capture
        patch.setenv("COLUMNS", "200")

    def __call__(self, *words: object) -> Done:
        """Run one command; whatever is no clear ending (a bug) is raised."""
        self.patch.setattr(sys, "argv", ["linkage", *map(str, words)])
        self.capture.readouterr()
        code = 0
        try:
            main()
        except SystemExit as ending:
            code = int(ending.code or 0)
        printed = self.capture.readouterr()
        return Done(code, COLOUR.sub("", printed.out), COLOUR.sub("", printed.err))


def written(path: Path, content: str | bytes) -> Path:
    """The path, with the content in it."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def names(folder: Path) -> set[str]:
    """What is in a folder, hidden things too."""
    return {path.name for path in folder.iterdir()}
