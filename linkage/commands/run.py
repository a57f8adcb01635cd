"""A workspace → this week's run in it."""

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import Json, WorkspaceFolder, print_run, stages


def command(
    folder: WorkspaceFolder = Path(),
    who: Annotated[str, typer.Option(help="who runs it, for the audit trail")] = "",
    full: Annotated[
        bool, typer.Option("--full", help="compare everything anew and refresh the statistics")
    ] = False,
    as_json: Json = False,
) -> None:
    """Do this week's run of a workspace."""
    from linkage.config import CHANGES, FULL
    from linkage.weekly.workspace import run

    with stages() as progress:
        manifest, out = run(folder, who, progress, FULL if full else CHANGES)
    print_run(manifest, as_json, out)
