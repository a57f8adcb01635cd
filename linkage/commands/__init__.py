"""What a user can ask for, one file a command: its words in, one call of the product, its counts on screen.

The file name is the command's name and the module's `command` is the function that typer calls: its docstring is the
help. Options that several commands take are here. What costs time to load is imported inside `command`, so that
`linkage --help` does not pay for it.
"""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from linkage.config import Progress, silent
from linkage.errors import LET_GO, MappingError, OutputError
from linkage.pages.summary import summary
from linkage.tables import COUNCIL, NHS


def only(*endings: str) -> Callable[[Path | None], Path | None]:
    """A check that the file to write is named as what it will be, so that nobody's data is overwritten by a slip."""

    def check(path: Path | None) -> Path | None:
        if path and path.suffix.lower() not in endings:
            raise typer.BadParameter(f"the name of the file must end in {' or '.join(endings)}")
        return path

    return check


def fresh(path: Path | None) -> Path | None:
    """A check that the file to write is not there yet: it may hold data, or somebody's verdicts."""
    if path and path.exists():
        raise typer.BadParameter(f"{path} is there already and may hold data or verdicts: name another file")
    return path


def current_run(folder: Path) -> Path:
    """The folder of a run: of a workspace that of its current one, else the folder itself."""
    from linkage.weekly.run_names import current
    from linkage.weekly.settings import SETTINGS

    return current(folder) if (folder / SETTINGS).is_file() else folder


CouncilFile = Annotated[
    Path, typer.Argument(metavar="COUNCIL", help="file of council records: CSV, Excel or Parquet")
]
NhsFile = Annotated[
    Path, typer.Argument(metavar="NHS", help="file of the NHS register: CSV, Excel or Parquet")
]
File = Annotated[Path, typer.Argument(metavar="FILE", help="file of records: CSV, Excel or Parquet")]
RunFolder = Annotated[
    Path,
    typer.Argument(
        metavar="DIR",
        callback=current_run,
        help="folder of a run, or a workspace, of which the current run is taken",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="print the result as JSON, for scripts")]
Out = Annotated[Path, typer.Option("--out", help="folder for the results; a former run in it is replaced")]
ModelName = Annotated[str, typer.Option("--model", help="name or folder of the model")]
Threads = Annotated[int, typer.Option("--threads", min=0, help="processor threads; 0 takes all there are")]
Memory = Annotated[str, typer.Option("--memory", help='memory limit, such as "4GB"')]
Seed = Annotated[int, typer.Option("--seed", min=0, help="seed of everything that is sampled")]
Page = Annotated[
    Path | None,
    typer.Option("--page", callback=only(".html", ".htm"), help="also write the result as an HTML page"),
]
Workspace = Annotated[Path, typer.Option("--workspace", help="the workspace")]
WorkspaceFolder = Annotated[Path, typer.Argument(help="the workspace")]
SaveProfile = Annotated[
    Path | None,
    typer.Option(
        callback=only(".toml"), help="keep the council columns that were recognised, for --council-profile"
    ),
]
Profile = Annotated[str, typer.Option("--profile", help="profile of the file")]
CouncilProfile = Annotated[str, typer.Option("--council-profile", help="profile of the council file")]
NhsProfile = Annotated[str, typer.Option("--nhs-profile", help="profile of the register file")]
Objections = Annotated[Path | None, typer.Option(help="people who object to the use of their number")]
Maps = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        help='field="Column", for a column that was not recognised; nhs.field="Column" for one of the register',
    ),
]
OwnMaps = Annotated[
    list[str] | None, typer.Option("--map", help='field="Column", for a column that was not recognised')
]


def mapped(pairs: list[str] | None, dataset: str = COUNCIL) -> dict[str, str]:
    """What was given with --map for the dataset, as field → column; raises MappingError for anything unreadable."""
    found: dict[str, str] = {}
    for pair in pairs or []:
        name, equals, column = pair.partition("=")
        side, _, field = name.strip().rpartition(".")
        if not equals or not field or not column.strip() or side not in ("", COUNCIL, NHS):
            raise MappingError(
                '--map takes field="Column", or nhs.field="Column" for a column of the register'
            )
        if (side or COUNCIL) != dataset:
            continue
        if found.setdefault(field, column.strip()) != column.strip():
            raise MappingError(f"--map names two columns for {name.strip()}")
    return found


def mapped_alone(pairs: list[str] | None) -> dict[str, str]:
    """What was given with --map where there is one file only, whichever dataset's name stands before a field."""
    return mapped(pairs) | mapped(pairs, NHS)


def is_terminal() -> bool:
    """Whether somebody is watching; a closed stream is none."""
    return sys.stderr is not None and sys.stderr.isatty()


@contextmanager
def stages() -> Iterator[Progress]:
    """A progress that shows on a terminal what is going on and for how long; it says nothing in a log."""
    if not is_terminal():
        yield silent
        return
    from rich import progress
    from rich.console import Console
    from rich.table import Column

    columns = (
        # The usual column cuts text off in a narrow window; this one wraps it.
        progress.TextColumn("{task.description}", table_column=Column()),
        progress.BarColumn(20),
        progress.TimeElapsedColumn(),
    )
    with progress.Progress(*columns, console=Console(stderr=True)) as display:

        def finish() -> None:
            for task in display.tasks:
                display.update(task.id, total=1, completed=1)

        def show(stage: str) -> None:
            finish()
            display.add_task(stage, total=None)

        yield show
        finish()


def write_page(path: Path, page: str) -> None:
    """Write an HTML page; OutputError says why it cannot be."""
    from linkage.tabular import whole_file

    try:
        with whole_file(path, "utf-8", "\n") as file:
            file.write(page)
    except PermissionError:
        raise OutputError(f"the page {path} may not be written: {LET_GO}, or name another file") from None
    except OSError as error:
        raise OutputError(f"the page {path} cannot be written: {error.strerror}") from None


def say(text: str) -> None:
    """Print text, without characters that could steer a terminal: files, headings and people may have brought some."""
    from linkage.values.text import for_terminal

    print(for_terminal(text))


def print_json(result: Any) -> None:
    """Print a result for a script."""
    print(json.dumps(result, indent=2, default=str))


def print_table(rows: list[tuple[str, str]]) -> None:
    """Print label and value in two columns."""
    for label, value in rows:
        say(f"{label:45} {value}")


def print_run(manifest: dict[str, Any], as_json: bool, out: Path) -> None:
    """Print what a run read and what it gave."""
    if as_json:
        print_json(manifest)
        return
    for line in summary(manifest, out):
        say(line)
