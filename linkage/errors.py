"""What can go wrong in a way that a user can mend → a class with its exit code.

An error names the file, the row and the column and says what would be right; it never holds the value of a
cell. Anything that is not one of these classes is a bug; the command line tells its traceback without its message.
"""

INTERRUPTED = "Query interrupted"
"""What the RuntimeError says by which DuckDB tells that it was interrupted within a statement."""


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
