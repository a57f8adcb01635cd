"""A workspace → who did what in it, and whether that account was changed."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import Json, WorkspaceFolder, print_json, say
from linkage.pages.wording import counted


class Question(StrEnum):
    """What to do with the trail."""

    show = "show"
    verify = "verify"


def command(
    question: Annotated[Question, typer.Argument(help="show the trail, or verify it")] = Question.show,
    folder: WorkspaceFolder = Path(),
    as_json: Json = False,
) -> None:
    """Show who did what for which purpose, or verify that nobody changed that account."""
    from linkage.values.text import printable
    from linkage.weekly import audit
    from linkage.weekly.store import open_store

    with open_store(folder) as store:
        wrong = audit.verify(store, folder) if question is Question.verify else []
        trail = audit.entries(store)
    if question is Question.show:
        if as_json:
            print_json([entry | {"detail": audit.detail_of(entry)} for entry in trail])
            return
        for entry in trail:
            say(
                printable(
                    f"{entry['number']:>6}  {entry['at']}  {entry['who']}  {entry['action']}  {entry['purpose']}"
                )
            )
        return
    head = {"entry": trail[-1]["number"], "hash": trail[-1]["hash"]} if trail else {}
    if as_json:
        print_json({"wrong": wrong, "head": head})
    else:
        for line in wrong:
            say(line)
        if not wrong:
            say(
                f"The trail is in order: {counted(len(trail), 'entry', 'entries')}. Its head is {head.get('hash', '')}"
            )
    raise typer.Exit(1 if wrong else 0)
