"""The shelf of sources: formats that records arrive in, one file a format.

A file on this shelf holds

- `SUFFIXES`: the file-name endings it reads, lower case;
- `load(database, path, table, fits) -> Loaded`: makes `table` with `row_number` BIGINT (the row in the file as a
  spreadsheet counts it, the headings being row 1) and `column_1`, `column_2` … VARCHAR: text exactly as received, empty
  text as NULL. `fits` says whether headings are those that are wanted, where a file may have several tables; without it
  any are. InputError or LimitError where the file as a whole cannot be used; headings without rows are no error. No
  message has a cell's value.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import duckdb

from linkage.errors import InputError
from linkage.values.dates import read_date

Fits = Callable[[Sequence[str]], bool]

BATCH_ROWS = 20_000
LONGEST_CELL = 100_000

_SIGNATURES = (
    (b"PK\x03\x04", "an Excel workbook or a zip file"),
    (b"PAR1", "a Parquet file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook, or one that is protected with a password"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip file"),
    (b"SQLite format 3", "a database"),
    (b"{\\rtf", "a Word document"),
)
_MARKUP = re.compile(rb"\s*<(!doctype|html|table|\?xml|head|body|workbook)", re.IGNORECASE)
_DATA_NOT_HEADING = re.compile(
    r"\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}( .*)?|\+?[\d -]{10,}(\.0)?|\d\.\d+E\+?\d+"
    r"|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|\S+@\S+",
    re.IGNORECASE,
)
_PERIOD_OR_PLACE = re.compile(r"\d{1,5}(\.\d*)?|(\d{1,2}[-/.]|[A-Z]{3,9}[-/., ]*)\d{4}", re.IGNORECASE)
"""Text that reads as a date but may well be a heading: a number, a year, or a month of a year."""
_NUMBER = re.compile(r" \(\d+\)$")
"""What `_untaken` adds to a heading."""


@dataclass(frozen=True)
class Loaded:
    """What a file held: its headings (made distinct), how many rows were loaded, and notes for people.

    `problems` are the rows set aside: row number and what is wrong. `duplicated` are the headings of several columns; the
    second of these became "X (2)".
    """

    headings: list[str]
    rows: int
    problems: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """How many rows were set aside."""
        return len(self.problems)


@dataclass(frozen=True)
class Headings:
    """The heading row made usable: distinct names, those that occurred more than once, and notes."""

    names: list[str]
    duplicated: list[str]
    notes: list[str]


def looks_like(start: bytes) -> str:
    """What kind of file it is by its first bytes, in words; "" if they do not show it."""
    for signature, name in _SIGNATURES:
        if start.startswith(signature):
            return name
    return "a web page or XML" if _MARKUP.match(start) else ""


def read_headings(cells: Sequence[str], file: str, row: int = 1) -> Headings:
    """The cells of the heading row, whose number is `row` → distinct headings; InputError if it is empty or has data in it."""
    names = [" ".join(cell.split()) for cell in cells]
    if not any(names):
        raise InputError(f"{file} has no headings: its first row is empty")
    if any(_is_data(name) for name in names):
        raise InputError(
            f"{file} has no headings: row {row} holds a date, a number, a postcode or an address"
        )
    distinct: list[str] = []
    duplicated: list[str] = []
    taken = set(names)
    for place, name in enumerate(names, start=1):
        wanted = name or f"column {place}"
        if name and name not in distinct:
            distinct.append(name)
            continue
        if name and name not in duplicated:
            duplicated.append(name)
        distinct.append(_untaken(wanted, taken))
        taken.add(distinct[-1])
    return Headings(distinct, duplicated, _notes_on(names, duplicated))


def _is_data(cell: str) -> bool:
    """Whether a cell has what no column is called, such as a date in any of the formats that are read."""
    if _DATA_NOT_HEADING.fullmatch(cell):
        return True
    said = read_date(cell)
    return (said.value is not None or said.problem == "impossible") and not _PERIOD_OR_PLACE.fullmatch(cell)


def _untaken(wanted: str, taken: set[str]) -> str:
    if wanted not in taken:
        return wanted
    number = 2
    while f"{wanted} ({number})" in taken:
        number += 1
    return f"{wanted} ({number})"


def _notes_on(names: list[str], duplicated: list[str]) -> list[str]:
    notes = []
    if duplicated:
        notes.append(f"More than one column is called {', '.join(duplicated)}; the later ones are numbered.")
    unnamed = [str(place) for place, name in enumerate(names, start=1) if not name]
    if unnamed:
        notes.append(f"Columns without a heading (by place): {', '.join(unnamed[:20])}.")
    return notes


def create_table(database: duckdb.DuckDBPyConnection, table: str, width: int) -> None:
    """Make the empty `table` with row_number and `width` text columns."""
    columns = ", ".join(f"column_{place} VARCHAR" for place in range(1, width + 1))
    database.execute(f'CREATE TABLE "{table}" (row_number BIGINT, {columns})')


def write_rows(
    database: duckdb.DuckDBPyConnection,
    table: str,
    width: int,
    rows: Iterable[tuple[int, Sequence[str | None]]],
) -> int:
    """Append (row_number, cells) to a `table` made by `create_table`, empty text as NULL; return how many rows."""
    import pyarrow

    names = ["row_number", *(f"column_{place}" for place in range(1, width + 1))]
    select = ", ".join(f"nullif({name}, '')" for name in names[1:])
    written = 0
    for batch in _batches(rows, max(1, BATCH_ROWS * 20 // max(width, 20))):
        numbers = pyarrow.array([number for number, _ in batch], pyarrow.int64())
        columns = [
            pyarrow.array(cells, pyarrow.string()) for cells in zip(*(row for _, row in batch), strict=True)
        ]
        database.register("received_batch", pyarrow.table([numbers, *columns], names=names))
        database.execute(f'INSERT INTO "{table}" SELECT row_number, {select} FROM received_batch')
        database.unregister("received_batch")
        written += len(batch)
    return written


def _batches(
    rows: Iterable[tuple[int, Sequence[str | None]]], size: int
) -> Iterator[list[tuple[int, Sequence[str | None]]]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, size)):
        yield batch


def unnumbered(heading: str) -> str:
    """A heading without the number that `_untaken` gave it."""
    return _NUMBER.sub("", heading)
