"""The first lines of a delimited text file → its delimiter, and its headings with the row that they are in."""

import csv
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import TextIO

from linkage.errors import InputError
from linkage.reading.census import Census
from linkage.sources import Headings, read_headings

LOOKED_AT = 100
"""Lines at the beginning of a file, without blank ones, among which the headings are sought."""
UTF8_MARK_IN_CP1252 = "ï»¿"
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Layout:
    """How a file is laid out: its delimiter, the row of its headings, and whether titles stand above it."""

    delimiter: str
    heading_row: int
    under_titles: bool
    headings: Headings


def layout_of(path: Path, census: Census) -> Layout:
    """The layout of the file at `path`; InputError where it has no headings."""
    with path.open(encoding=census.encoding, newline="") as text:
        delimiter = delimiter_of(text, path.name)
    row, under_titles, cells = _headings_of(path, census, delimiter)
    return Layout(delimiter, row, under_titles, read_headings(cells, path.name, row))


def delimiter_of(text: TextIO, file: str) -> str:
    """The delimiter that occurs most often in the heading row, outside quotes."""
    first = record = ""
    try:
        for line in islice((line for line in text if line.strip()), LOOKED_AT):
            record += line
            if record.count('"') % 2:
                continue
            delimiter = _commonest(record)
            first = first or delimiter
            cells = next(csv.reader(StringIO(record, newline=""), delimiter=delimiter))
            if not is_title(cells):
                return delimiter
            record = ""
    except UnicodeError:
        raise InputError(f"{file} is marked as UTF-16 but is not") from None
    except csv.Error:
        return first
    return first or _commonest(record)


def _commonest(record: str) -> str:
    return max(DELIMITERS, key="".join(record.split('"')[::2]).count)


def _headings_of(path: Path, census: Census, delimiter: str) -> tuple[int, bool, list[str]]:
    """The number of the heading row, whether it stands below titles, and its cells.

    It is the first row that is neither blank nor a title; where there is none, it is the first that is not blank.
    """
    number, under_titles, found = 0, False, list[str]()
    with path.open(encoding=census.encoding, newline="") as text:
        rows = enumerate(csv.reader(text, delimiter=delimiter, strict=True), start=1)
        try:
            for row, cells in islice((row for row in rows if not is_blank(row[1])), LOOKED_AT):
                if not found or not is_title(cells):
                    number, under_titles, found = row, bool(found), cells
                if not is_title(found):
                    break
        except (csv.Error, UnicodeError):
            if not found:
                raise InputError(f"{path.name} row 1: the headings hold a quote that is not closed") from None
    if not found:
        raise InputError(f"{path.name} is empty")
    if census.encoding == "cp1252":
        found[0] = found[0].removeprefix(UTF8_MARK_IN_CP1252)
    return number, under_titles, found


def is_title(cells: list[str]) -> bool:
    """Whether a row of several cells fills only one of them, as a title above the headings does."""
    return len(cells) > 1 and sum(bool(cell.strip()) for cell in cells) == 1


def is_blank(cells: list[str]) -> bool:
    """Whether no cell holds anything."""
    return not "".join(cells).strip()
