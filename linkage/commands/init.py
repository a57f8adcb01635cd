"""A folder → a workspace in it: settings, a store and a place for the weekly runs."""

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import say
from linkage.errors import typed


def command(
    folder: Path,
    council: Annotated[
        str, typer.Option(help="council file, or a pattern, seen from the folder")
    ] = "in/council.csv",
    nhs: Annotated[str, typer.Option(help="register file, or a pattern")] = "in/nhs.csv",
    objections: Annotated[str, typer.Option(help="people who object to the use of their number")] = "",
    purpose: Annotated[str, typer.Option(help="what the results are for")] = "direct care",
    model: Annotated[str, typer.Option(help="name or folder of the model")] = "default",
) -> None:
    """Make a workspace for weekly runs."""
    from linkage.weekly.settings import Settings, not_there_yet
    from linkage.weekly.workspace import init

    settings = Settings(council, nhs, objections, purpose, model)
    init(folder, settings)
    say(f"{folder} is a workspace: see {folder / 'linkage.toml'}, then `linkage run {typed(folder)}`")
    for name in not_there_yet(folder, settings):
        say(
            f"There is no file {folder / name} yet: put it there before the first run, or correct linkage.toml"
        )
    if not objections:
        say(
            "No objections are taken account of yet: write the file of people who object to the use of their NHS Number "
            f'into {folder / "linkage.toml"}, [objections] file = "in/objections.csv"'
        )
