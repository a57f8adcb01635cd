"""A register's file → a prepared register, in which `linkage lookup` finds one person at a time."""

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import (
    Json,
    Memory,
    ModelName,
    NhsFile,
    NhsProfile,
    Objections,
    OwnMaps,
    Threads,
    mapped_alone,
    only,
    print_json,
    say,
    stages,
)
from linkage.pages.wording import NO_LIST, counted
from linkage.tables import NHS


def command(
    nhs: NhsFile,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            callback=only(".register"),
            help="file to make, whose name ends in .register; a former one is replaced",
        ),
    ],
    model: ModelName = "default",
    mappings: OwnMaps = None,
    nhs_profile: NhsProfile = "",
    objections: Objections = None,
    threads: Threads = 0,
    memory: Memory = "",
    as_json: Json = False,
) -> None:
    """Prepare a register for `linkage lookup`. The file holds personal data: keep and delete it like the register."""
    from linkage.config import Dataset, Limits
    from linkage.lookup.register_file import IndexJob, make_register
    from linkage.pages.summary import beginning, file_lines

    register = Dataset(NHS, nhs, nhs_profile, mapped_alone(mappings))
    with stages() as progress:
        about = make_register(IndexJob(register, out, model, objections, Limits(threads, memory)), progress)
    if as_json:
        print_json(about)
        return
    lines = [*beginning(about), *file_lines(NHS, about["input"], about["rejected_for"])]
    if about["objections"]:
        lines += file_lines("objection", about["objections"], about["rejected_for"])
    else:
        lines.append(NO_LIST)
    say("\n".join(lines))
    rows = about["rows"]
    say(
        f"{about['people']:,} people ({rows['linkable']:,} of the {counted(rows['received'], 'row')} of {about['input']['name']}) are in {out}"
    )
    for reason, number in about["screened"].items():
        say(f"  left out: {counted(number, 'row')} ({reason})")
    if rows["set_aside"]:
        say(f"  left out: {counted(rows['set_aside'], 'row that was', 'rows that were')} set aside")
    if about["objections_by_id_only"]:
        say(
            f"BEWARE: {counted(about['objections_by_id_only'], 'objection names', 'objections name')} a record id and no NHS Number. A look-up can honour "
            "them only if it is given that id (--record-id): add the NHS Numbers to the list"
        )
    say("It holds personal data: only you may read it; keep it and delete it like the register itself.")
