"""One file in → what it holds and whether it can be linked, before linking it."""

from typing import Annotated

import typer

from linkage.commands import File, Json, OwnMaps, Page, Profile, mapped_alone, print_json, say, write_page
from linkage.errors import MappingError
from linkage.pages.wording import counted
from linkage.tables import COUNCIL, NHS


def command(
    file: File,
    kind: Annotated[str, typer.Option(help="council or nhs")] = "council",
    page: Page = None,
    mappings: OwnMaps = None,
    profile: Profile = "",
    as_json: Json = False,
) -> None:
    """See what a file holds and whether it can be linked, before linking it."""
    from linkage.check import check
    from linkage.config import Dataset
    from linkage.database import open_database
    from linkage.pages.check_page import check_page, finding_in_words

    if kind not in (COUNCIL, NHS):
        raise MappingError("--kind is council or nhs")
    with open_database() as database:
        result = check(database, Dataset(kind, file, profile, mapped_alone(mappings)))
    if page:
        write_page(page, check_page(result))
    if as_json:
        print_json(result)
        return
    rows, enough = result["rows"], result["enough_to_link"]
    say(
        f"{result['file']}: {counted(rows['received'], 'row')}, {rows['rejected']:,} set aside, "
        f"{enough['rows']:,} would take part in a run"
    )
    for name, held in result["inputs"].items():
        say(f"  {name:28} {held['completeness']:>6.1%} filled, from {' + '.join(held['columns'])}")
    for problem in [*result["notes"], *result["problems"]]:
        say(f"- {problem}")
    for flag, number in result["findings"].items():
        say(f"  {counted(number, 'row')}: {finding_in_words(flag)}")
    for found in result["rejects"]:
        first = ", ".join(map(str, found["first_rows"]))
        say(f"  {found['rows']:,} set aside: {found['problem']} (first rows: {first})")
