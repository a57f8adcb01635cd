"""A run and a patient's NHS Number in → whether the council knows the patient, and whom to call."""

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import Json, RunFolder, print_json, say
from linkage.errors import MappingError


def command(
    folder: RunFolder,
    nhs_number: Annotated[str, typer.Argument(help="the patient's NHS Number")],
    council: Annotated[
        Path | None, typer.Option(help="the council's file of that run, to tell what --show names")
    ] = None,
    show: Annotated[
        list[str] | None,
        typer.Option("--show", help='a column of the council\'s file to tell, such as "Allocated Team"'),
    ] = None,
    as_json: Json = False,
) -> None:
    """Whether the council knows a patient, by the NHS Number: only links that were accepted are shown."""
    from linkage.runs.known import Care, known, known_text

    if (council is None) != (not show):
        raise MappingError('--council FILE and --show "Column" go together')
    result = known(folder, nhs_number, Care(council, tuple(show or ())) if council else None)
    if as_json:
        print_json(result)
        return
    say(known_text(result))
