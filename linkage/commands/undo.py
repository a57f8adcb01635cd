"""The number of a decision → a decision that withdraws it."""

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import Workspace, say


def command(
    number: int,
    workspace: Workspace = Path(),
    why: Annotated[str, typer.Option(help="why it is withdrawn")] = "",
    who: Annotated[str, typer.Option(help="who withdraws it, if not the user of this machine")] = "",
) -> None:
    """Withdraw a decision; the pair goes back to the model in the next run."""
    from linkage.clerical.decisions import undo

    kept = undo(workspace, number, who, why)
    say(f"Decision {number} is withdrawn by decision {kept.number}.")
