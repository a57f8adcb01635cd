"""A run and the truth in → how good the run is."""

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import Json, print_json, print_table


def command(
    folder: Path, truth: Annotated[Path, typer.Option(help="file with the truth")], as_json: Json = False
) -> None:
    """Precision and recall of a run, where the truth is known."""
    from linkage.evaluate import evaluate, evaluation_table

    result = evaluate(folder, truth)
    if as_json:
        print_json(result)
        return
    print_table(evaluation_table(result))
