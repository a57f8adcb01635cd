"""One file in → what it holds and whether it can be linked, before linking it."""

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import Json, Maps, Page, mapped, print_json
from linkage.errors import MappingError


def command(
    file: Path,
    kind: Annotated[str, typer.Option(help="council or nhs")] = "council",
    page: Page = None,
    mappings: Maps = None,
    profile: Annotated[str, typer.Option(help="profile of the file")] = "",
    as_json: Json = False,
) -> None:
    """See what a file holds and whether it can be linked, before linking it."""
    from tempfile import TemporaryDirectory

    from linkage.check import check, check_page, problems
    from linkage.config import Dataset
    from linkage.database import open_database

    if kind not in ("council", "nhs"):
        raise MappingError("--kind is council or nhs")
    with TemporaryDirectory() as folder, open_database(Path(folder)) as database:
        result = check(database, Dataset(kind, file, profile, mapped(mappings)))
    if page:
        page.write_text(check_page(result), encoding="utf-8")
    if as_json:
        print_json(result)
        return
    print(f"{result['file']}: {result['rows']} rows, {result['rejected']} set aside")
    for problem in problems(result):
        print(f"- {problem}")
