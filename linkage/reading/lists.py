"""A list that the product wrote, or that people made or saved again in a spreadsheet → its rows as text."""

import codecs
import csv
import io
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from linkage.database import open_small_database
from linkage.errors import InputError
from linkage.reading.layout import delimiter_of, is_blank, is_title
from linkage.sources import excel
from linkage.tabular import restored

IDS = {"record_id", "left_record", "id_council"}
"""Headings of which every list has at least one."""


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV, Parquet or Excel file as dicts of text by column; None becomes "", and neutralised text is
    restored.

    A CSV file may be as Excel saves it: with semicolons or tabs, in UTF-8, UTF-16 or Windows-1252. Titles above the
    headings are passed over. InputError if the file is empty or missing, a row has more cells than the headings or a
    quote that is not closed, or two columns have the same heading.
    """
    return [row for row in _rows(path) if row]


def read_list(path: Path) -> list[dict[str, str]]:
    """As `read_rows`, for a list that people worked on. Headings are in lower case with "_" for spaces, as the product
    writes them. Each blank row, and each title but the first row, is an empty dict, so that rows are counted as in the
    file."""
    rows = _rows(path)
    headings = next((list(row) for row in rows if row), [])
    names = [folded(heading) for heading in headings]
    _refuse_doubled(path, names)
    return [{name: row.get(old, "") for name, old in zip(names, headings, strict=True)} for row in rows]


def folded(heading: str) -> str:
    """A heading in lower case, with "_" for spaces and hyphens and none at its ends."""
    return "_".join(heading.casefold().replace("-", " ").split())


def _rows(path: Path) -> list[dict[str, str]]:
    """As `read_rows`, with an empty dict for each blank row."""
    if not path.is_file():
        raise InputError(f"there is no file {path}")
    if path.suffix == ".parquet":
        import pyarrow.parquet

        try:
            rows = pyarrow.parquet.read_table(path).to_pylist()
        except pyarrow.ArrowInvalid:
            raise InputError(f"{path.name} cannot be read as Parquet") from None
        return [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    if path.suffix.lower() in excel.SUFFIXES:
        return _sheet(path)
    if path.suffix.lower() == ".ods":
        raise InputError(f"{path.name} is a workbook: save its sheet as CSV")
    return _text_rows(path)


def _text_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a delimited text file from row 2 on, with an empty list for each that is blank or above the headings;
    InputError as for `read_rows`."""
    text = _decoded(path.read_bytes())
    delimiter = delimiter_of(io.StringIO(text, newline=""), path.name)
    listed = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    read = 0
    # A cell may be as long as any that was read, which is more than Python's reader allows by default.
    limit = csv.field_size_limit(len(text))
    try:
        numbered = enumerate(listed, start=1)
        filled = (row for row in numbered if not (is_blank(row[1]) or is_title(row[1])))
        heading_row, headings = next(filled, (0, []))
        if not headings:
            raise InputError(f"{path.name} is empty, or has no headings")
        _refuse_doubled(path, headings)
        read = heading_row
        rows: list[dict[str, str]] = [{} for _ in range(1, heading_row)]
        for place, cells in numbered:
            if len(cells) > len(headings):
                raise InputError(
                    f"{path.name} row {place} has more cells than the headings, which are taken to be in row {heading_row}: if that "
                    "is a title, delete the rows above the headings"
                )
            rows.append(dict(zip_longest(headings, map(restored, cells), fillvalue="")) if cells else {})
            read = place
    except csv.Error:
        # Everything after it would be one cell, and its rows would be lost.
        raise InputError(
            f"{path.name} row {read + 1}: a quote opens there that is not closed, or text follows one that is"
        ) from None
    finally:
        csv.field_size_limit(limit)
    return rows if any(rows) else []


def _refuse_doubled(path: Path, headings: Sequence[str]) -> None:
    """InputError if two columns have the same heading, since the values of one would be lost."""
    first: dict[str, int] = {}
    for place, heading in enumerate(headings, start=1):
        if heading and (before := first.setdefault(heading, place)) != place:
            raise InputError(f"{path.name} has one heading over its columns {before} and {place}")


def _sheet(path: Path) -> list[dict[str, str]]:
    """The rows of the workbook's sheet with ids; InputError if several sheets have ids, or if something below the
    headings would not be read. Other sheets, such as notes, are passed over."""
    with open_small_database() as database:
        loaded = excel.load(
            database, path, "listed", lambda headings: not IDS.isdisjoint(map(folded, headings))
        )
        rows = database.execute("SELECT * FROM listed ORDER BY row_number").fetchall()
    harmless = (excel.READ_FROM, excel.BLANK, excel.HEADINGS_BELOW)
    unread = [note for note in loaded.notes if not note.startswith(harmless)]
    if unread:
        raise InputError(f"{path.name} cannot be read as a list. {' '.join(unread)}")
    told = {
        number: {name: restored(value or "") for name, value in zip(loaded.headings, values, strict=True)}
        for number, *values in rows
    }
    return [told.get(number, {}) for number in range(2, max(told, default=1) + 1)]


def _decoded(content: bytes) -> str:
    """The text of a file as Excel saves it: in UTF-8, UTF-16 ("Unicode text"), or else Windows-1252."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
