"""A run and a record id in → the record's candidates, field by field, and why it was decided so."""

from typing import Annotated

import typer

from linkage.commands import Json, Page, RunFolder, print_json, say, write_page


def command(
    folder: RunFolder,
    record_id: Annotated[str, typer.Argument(help="the id of a council record")],
    page: Page = None,
    as_json: Json = False,
) -> None:
    """Show the candidates of one record, field by field, and why it was decided so."""
    from linkage.runs.explain import explain, explain_page, explain_text
    from linkage.runs.run_folder import banner_of

    result = explain(folder, record_id)
    if page:
        write_page(page, explain_page(result, banner_of(folder)))
    if as_json:
        print_json(result)
        return
    say(explain_text(result))
