"""What can go wrong in a way that a user can mend → a class with its exit code.

An error names the file, the row and the column and says what would be right; it never holds the value of a
cell. Anything that is not one of these classes is a bug; the command line tells its traceback without its message.
"""

import errno
import re

DISK_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)
LONG = 150
"""Characters of a folder's path from which the files in it may be too long for Windows, which allows 259 and says only that they are not
there."""
LET_GO = "close it if it is open in another program, such as Excel"
"""What helps where Windows refuses a file."""
INTERRUPTED = "Query interrupted"
"""The message of the RuntimeError that DuckDB raises when it is interrupted in a statement."""


class LinkageError(Exception):
    """Something the user can mend; the message says what and where."""

    exit_code = 1


class InputError(LinkageError):
    """A file cannot be read, or holds nothing that can be used."""

    exit_code = 3


class MappingError(LinkageError):
    """A required field has no column, or a mapping, profile or option names something that does not exist."""

    exit_code = 4


class ModelError(LinkageError):
    """A model is missing, unfit, or does not belong to this version's fields."""

    exit_code = 5


class OutputError(LinkageError):
    """The results cannot be written where they were asked for."""

    exit_code = 6


class LimitError(LinkageError):
    """The job does not fit into the memory, disk or file-size limit it was given."""

    exit_code = 7


def typed(path: object) -> str:
    """A path as it is typed in a command: in quotation marks where a shell would take it for several words."""
    text = str(path)
    return text if re.fullmatch(r"[\w./\\:~+-]+", text) else f'"{text}"'


def cannot_write(place: object, error: Exception) -> OutputError:
    """The error that says why a folder, or something in it, could not be written, and what to do."""
    number = error.errno if isinstance(error, OSError) else None
    if number in DISK_FULL:
        return OutputError(
            f"the disk that holds {place} is full. Free some space there, or name a folder elsewhere."
        )
    if isinstance(error, PermissionError):
        return OutputError(
            f"{place} may not be written. Close any of its files that are open in another program, such as Excel, and windows "
            "that stand in it, or name a folder that you may write to."
        )
    if number == errno.ENAMETOOLONG or (number == errno.ENOENT and len(str(place)) > LONG):
        return OutputError(
            f"{place} cannot be written: its path may be too long. Name a folder with a shorter one."
        )
    what = error.strerror if isinstance(error, OSError) else "the disk reported a fault"
    return OutputError(f"{place} cannot be written: {what}. Name another folder.")
