"""What a user types → one command of the shelf `commands/`, and an exit code."""

import os
import signal
import sys
import traceback
from types import TracebackType
from typing import Annotated

import typer

from linkage import __version__, shelf
from linkage.errors import INTERRUPTED, LET_GO, LimitError, LinkageError, OutputError

STOPPED = 130
FAULT = "a fault of the program, in the place below. What it says is left out, since it may be a person's value: LINKAGE_DEBUG=1 shows it"
STOPPED_MESSAGE = "stopped before the end; nothing half-written is left"
ENDING_SIGNALS = ("SIGTERM", "SIGHUP", "SIGBREAK")

HELP = """Link council adult-social-care records to NHS Numbers, with a confidence and a reason for every record.

Start with `linkage demo`, or with `linkage check FILE` on a file of your own. Nothing leaves this computer.
"""


def epilog() -> str:
    """What the exit codes mean, from the classes of errors themselves."""
    kinds = sorted(LinkageError.__subclasses__(), key=lambda kind: kind.exit_code)
    told = [f"{kind.exit_code}: {(kind.__doc__ or '').strip().splitlines()[0]}" for kind in kinds]
    lines = [
        "Exit codes. 0: Done.",
        "1: A fault of the program, or `linkage audit verify` found something wrong.",
        "2: The command was not understood.",
        *told,
    ]
    return "\n\n".join([*lines, f"{STOPPED}: Stopped by Ctrl-C or by the system."])


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=HELP,
    epilog=epilog(),
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _name, _module in shelf.load_all("commands").items():
    app.command(_name)(_module.command)


def show_version(wanted: bool) -> None:
    """Print the version and end, if it is wanted."""
    if wanted:
        print(f"linkage {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """Options that stand before the command."""


def main() -> None:
    """Run a command; what a user can mend ends in one clear line and its exit code."""
    prepare_process()
    try:
        # The words are passed, so that typer takes them as they are. By itself it would on Windows expand patterns (even quoted
        # ones) to the files that exist today, and variables of the environment to their values.
        app(sys.argv[1:], prog_name="linkage")
    except LinkageError as error:
        leave(str(error), error.exit_code)
    except PermissionError as error:
        place = error.filename or "a file"
        leave(f"{place} may not be read or written: {LET_GO}, or ask for access to it", OutputError.exit_code)
    except OSError as error:
        place = error.filename or "a file"
        leave(f"{place} cannot be read or written: {error.strerror or error}", OutputError.exit_code)
    except MemoryError:
        leave("there is not enough memory for this; ask for less at once", LimitError.exit_code)
    except KeyboardInterrupt:
        leave(STOPPED_MESSAGE, STOPPED)
    except RuntimeError as error:
        if str(error) != INTERRUPTED:
            raise
        leave(STOPPED_MESSAGE, STOPPED)
    except SystemExit as ending:
        if ending.code == STOPPED:
            print(f"linkage: {STOPPED_MESSAGE}", file=sys.stderr)
        raise


def prepare_process() -> None:
    """Files are the owner's alone, any console can show the output, a fault tells no value, and a request to end is heard like
    Ctrl-C."""
    os.umask(0o077)
    if not os.environ.get("LINKAGE_DEBUG"):
        sys.excepthook = tell_fault
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    for name in ENDING_SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def tell_fault(kind: type[BaseException], _: BaseException, trace: TracebackType | None) -> None:
    """Say where a fault is and of which kind; the database and Python put into its message what they were given."""
    print(f"linkage: {FAULT}\nTraceback (most recent call last):", file=sys.stderr)
    traceback.print_tb(trace)
    print(kind.__name__, file=sys.stderr)


def leave(message: str, code: int) -> None:
    """Say why, and end; names of files and headings steer no terminal."""
    from linkage.values.text import for_terminal

    print(for_terminal(f"linkage: {message}"), file=sys.stderr)
    sys.exit(code)
