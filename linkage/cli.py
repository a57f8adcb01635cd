"""What a user types → one command of the shelf `commands/`, and an exit code."""

import sys

import typer

from linkage import shelf
from linkage.errors import LinkageError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
for _name, _module in shelf.load_all("commands").items():
    app.command(_name)(_module.command)


def main() -> None:
    """Run a command; what a user can mend ends in one clear line and its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app()
    except LinkageError as error:
        print(f"linkage: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("linkage: stopped; nothing was written", file=sys.stderr)
        sys.exit(130)
