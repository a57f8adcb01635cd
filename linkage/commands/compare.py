"""Two runs → what changed from one to the other, and why."""

from pathlib import Path
from textwrap import wrap
from typing import Annotated

import typer

from linkage.commands import Json, Page, Workspace, fresh, print_json, say, write_page


def command(
    before: Annotated[str, typer.Argument(help="folder of a run, or its name or number in the workspace")],
    after: Annotated[str, typer.Argument(help="the run to compare with it")],
    workspace: Workspace = Path(),
    csv: Annotated[
        Path | None, typer.Option("--csv", callback=fresh, help="write every change to a CSV file")
    ] = None,
    page: Page = None,
    as_json: Json = False,
) -> None:
    """Show who gained, lost or changed an NHS Number, who merged and split, and why."""
    from linkage.pages.compare_page import WORDS, compare_page
    from linkage.pages.summary import WIDTH
    from linkage.runs.compare import compare, write_changes
    from linkage.runs.run_folder import banner_of
    from linkage.weekly.run_names import find_run

    folders = find_run(workspace, before), find_run(workspace, after)
    result = compare(*folders)
    if csv:
        write_changes(result, csv)
    if page:
        write_page(page, compare_page(result, max(map(banner_of, folders))))
    if as_json:
        print_json({name: value for name, value in result.items() if name != "changes"})
        return
    for caution in result["cautions"]:
        say("\n".join(wrap(f"BEWARE: {caution}", WIDTH)))
    say(f"From run {folders[0].name} to run {folders[1].name}")
    for words, run in (("Linked before", result["before"]), ("Linked after", result["after"])):
        say(f"{words:45} {run['linked']:>8,}")
    for kind, words in WORDS.items():
        reasons = ", ".join(f"{reason} {number:,}" for reason, number in result["why"].get(kind, {}).items())
        say(f"{words:45} {result['counts'][kind]:>8,}  {reasons}".rstrip())
