"""What a user can ask for, one file a command: its words in, one call of the product, its counts on screen.

The file name is the command's name and the module's `command` is the function that typer calls: its docstring is the
help. Options that several commands take are here. What costs time to load is imported inside `command`, so that
`linkage --help` does not pay for it.
"""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from linkage.errors import MappingError

Json = Annotated[bool, typer.Option("--json", help="print the result as JSON, for scripts")]
Out = Annotated[Path, typer.Option("--out", help="folder for the results; a former run in it is replaced")]
ModelName = Annotated[str, typer.Option("--model", help="name or folder of the model")]
Threads = Annotated[int, typer.Option("--threads", min=0, help="processor threads; 0 takes all")]
Memory = Annotated[str, typer.Option("--memory", help='memory limit, such as "4GB"')]
Seed = Annotated[int, typer.Option("--seed", help="seed of everything that is sampled")]
Page = Annotated[Path | None, typer.Option("--page", help="also write the result as an HTML page")]
SaveProfile = Annotated[
    Path | None, typer.Option(help="keep the council columns that were recognised, for --council-profile")
]
Maps = Annotated[
    list[str] | None, typer.Option("--map", help='field="Column", for a column that was not recognised')
]


def mapped(pairs: list[str] | None) -> dict[str, str]:
    """What was given with --map, as field → column; raises MappingError for anything else."""
    found = {}
    for pair in pairs or []:
        name, equals, column = pair.partition("=")
        if not equals or not name or not column:
            raise MappingError('--map takes field="Column"')
        found[name.strip()] = column.strip()
    return found


def progress(message: str) -> None:
    """Say on a terminal what is going on; say nothing in a log."""
    if sys.stderr.isatty():
        print(f"... {message}", file=sys.stderr)


def print_json(result: Any) -> None:
    """Print a result for a script."""
    print(json.dumps(result, indent=2, default=str))


def print_table(rows: list[tuple[str, str]]) -> None:
    """Print label and value in two columns."""
    for label, value in rows:
        print(f"{label:45} {value}")


def print_counts(manifest: dict[str, Any]) -> None:
    """Print the counts of a run on one line."""
    print("; ".join(f"{name} {number:,}" for name, number in manifest["counts"].items()))


def print_run(manifest: dict[str, Any], as_json: bool, out: Path) -> None:
    """Print what a run read and what it gave."""
    if as_json:
        print_json(manifest)
        return
    if manifest["test_data"]:
        print("TEST DATA: the NHS Numbers are from the range kept for tests")
    for name, read in manifest["inputs"].items():
        print(
            f"{name}: {read['name']} read as {read['profile'] or 'recognised headings'}, {read['rows']:,} rows"
        )
    print_counts(manifest)
    print(f"Results are in {out}")
