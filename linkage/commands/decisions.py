"""A workspace → its standing decisions, on screen or as a file; a file of decisions → the workspace."""

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import Json, WorkspaceFolder, fresh, print_json, say
from linkage.errors import MappingError
from linkage.pages.wording import counted


def command(
    folder: WorkspaceFolder = Path(),
    export_to: Annotated[
        Path | None, typer.Option("--export", callback=fresh, help="write the decisions to a CSV file")
    ] = None,
    import_from: Annotated[
        Path | None,
        typer.Option(
            "--import",
            help="keep the decisions of a CSV file or workbook: review.csv with verdicts, an export, or CROW's",
        ),
    ] = None,
    crow_to: Annotated[
        Path | None,
        typer.Option("--crow", callback=fresh, help="write the review list for the ONS tool CROW"),
    ] = None,
    who: Annotated[str, typer.Option(help="who decided, where the file does not say")] = "",
    workspace: Annotated[
        Path | None, typer.Option("--workspace", help="the workspace, as other commands are told")
    ] = None,
    as_json: Json = False,
) -> None:
    """List, export or import what people decided."""
    from linkage.clerical import crow, decisions
    from linkage.clerical.verdicts import places
    from linkage.reading.lists import read_list
    from linkage.values.text import printable

    if workspace and folder != Path():
        raise MappingError("name the workspace once: in front, or with --workspace")
    folder = workspace or folder
    if sum(path is not None for path in (import_from, export_to, crow_to)) > 1:
        raise MappingError("give one of --import, --export and --crow")
    if import_from:
        given = read_list(import_from)
        layout = crow if given and crow.is_crow(set(given[0])) else decisions
        kept = layout.import_rows(folder, given, import_from.name, who)
        standing = [*kept.new, *kept.known]
        say(
            f"{counted(len(standing), 'decision is', 'decisions are')} kept: {len(kept.new)} of them new, {len(kept.known)} known already"
        )
        if kept.older:
            say(
                f"{counted(len(kept.older), 'is', 'are')} not kept, since something else was decided on the two records afterwards, "
                f"or it was withdrawn: {places(kept.older)}. `linkage decide` decides so anew."
            )
        if kept.twice:
            say(
                f"{counted(len(kept.twice), 'row says', 'rows say')} again what another row says: {places(kept.twice)}"
            )
        if torn := decisions.contradicting(folder, standing):
            say(
                f"{counted(len(torn), 'of them contradicts', 'of them contradict')} others that stand, so none of these joins anybody: see `linkage decisions`."
            )
    elif export_to:
        say(f"{counted(decisions.export(folder, export_to), 'decision is', 'decisions are')} in {export_to}")
    elif crow_to:
        say(
            f"{counted(crow.export(folder, crow_to), 'pair is', 'pairs are')} in {crow_to}; CROW's configuration is beside it"
        )
    elif as_json:
        print_json(decisions.overview(folder))
    else:
        rows = decisions.overview(folder)
        if not rows:
            say("No decision stands.")
        for row in rows:
            line = (
                f"{row['number']:>6}  {row['left_dataset']}:{row['left_record']}  {row['verdict']}  "
                f"{row['right_dataset']}:{row['right_record']}  {row['who']} {row['at'][:10]}  {row['state']}"
            )
            say(printable(line))
