"""Two records and what somebody says of them → a decision in the workspace."""

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import Workspace, say


def command(
    record: Annotated[str, typer.Argument(help="council record id, or nhs:NUMBER")],
    other: Annotated[str, typer.Argument(help="NHS Number, or council:ID")],
    verdict: Annotated[str, typer.Argument(help="same, different, cannot-tell or withdrawn")],
    workspace: Workspace = Path(),
    why: Annotated[str, typer.Option(help="why it was decided so")] = "",
    who: Annotated[str, typer.Option(help="who decided, if not the user of this machine")] = "",
) -> None:
    """Say of two records whether they are the same person; the next run obeys."""
    from linkage.clerical.decisions import contradicting, decide

    kept = decide(workspace, (record, other), verdict, who, why)
    say(
        f"Decision {kept.number} is kept: {kept.verdict}. The next run obeys it, unless one of the two may not be linked, such as "
        "by an objection."
    )
    if contradicting(workspace, [kept]):
        say("It contradicts others that stand, so none of them joins anybody: see `linkage decisions`.")
