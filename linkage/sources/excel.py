"""An Excel workbook → a table of text with row numbers, from the one sheet with the wanted headings."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from linkage.errors import InputError
from linkage.reading.workbook import look_into
from linkage.sources import Fits, Loaded, create_table, read_headings, write_rows

SUFFIXES = (".xlsx", ".xlsm", ".xls")

READ_FROM, BLANK, HEADINGS_BELOW = "Read from the sheet", "Blank rows passed over", "The headings are in row"
"""The beginnings of notes that are not about lost values."""

ERRORS = frozenset(("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"))


Sheet = tuple[str, list[tuple[int, list[Any]]]]
"""A sheet's name, and its rows with their numbers, from the headings on."""


@dataclass
class Seen:
    """Counts for the notes."""

    errors: int = 0
    unstored: int = 0
    blank: int = 0
    right_of_headings: int = 0


def load(database: duckdb.DuckDBPyConnection, path: Path, table: str, fits: Fits | None = None) -> Loaded:
    """Make `table` from the workbook at `path`; see the shelf's contract.

    It is read from the sheet whose headings fit, or from the only one with rows; InputError if several may be meant.
    Cells become text: whole numbers without ".0", dates as yyyy-mm-dd, TRUE and FALSE, a formula as its stored result;
    Excel's errors (#REF!) become NULL. Rows above the headings (a title) are passed over and counted.
    """
    contents = look_into(path)
    sheets = _sheets(path)
    name, rows = _wanted(path.name, sheets, fits)
    seen = Seen(*contents.lost_on(name))
    heading_row, heading_cells = rows[0]
    width = max(place for place, cell in enumerate(heading_cells, start=1) if cell != "")
    named = [str(_as_text(cell, seen) or "") for cell in heading_cells[:width]]
    headings = read_headings(named, path.name, heading_row)
    create_table(database, table, width)
    written = write_rows(database, table, width, _below(rows[1:], width, seen))
    notes = [*headings.notes, *_notes_on(seen)]
    others = [other for other, _ in sheets if other != name]
    if others:
        notes.insert(0, f"{READ_FROM} {name}; not read: {', '.join(others)}.")
    if heading_row > 1:
        notes.append(f"{HEADINGS_BELOW} {heading_row}; the rows above were passed over.")
    return Loaded(headings.names, written, [], notes, headings.duplicated)


def _sheets(path: Path) -> list[Sheet]:
    """Every sheet that is not empty."""
    import python_calamine

    found = []
    try:
        with path.open("rb") as file:
            workbook = python_calamine.CalamineWorkbook.from_filelike(file)
            for about in workbook.sheets_metadata:
                if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                    continue
                rows = list(enumerate(workbook.get_sheet_by_name(about.name).iter_rows(), start=1))
                if started := _from_headings(rows):
                    found.append((about.name, started))
    except python_calamine.CalamineError:
        raise InputError(
            f"{path.name} is damaged, protected with a password or not an Excel workbook"
        ) from None
    except BaseException as error:
        # The reader is written in Rust and gives up on some damaged files with a class of its own.
        if type(error).__name__ != "PanicException":
            raise
        raise InputError(f"{path.name} is damaged: it cannot be read as an Excel workbook") from None
    return found


def _wanted(file: str, sheets: list[Sheet], fits: Fits | None) -> Sheet:
    """The sheet to read, if possible one with rows; InputError if all are empty, or more than one may be meant."""
    if not sheets:
        raise InputError(f"{file} holds nothing that can be used: every sheet is empty")
    fitting = [sheet for sheet in sheets if fits is None or _is_fit(sheet, fits)]
    filled = [sheet for sheet in sheets if len(sheet[1]) > 1]
    found = [sheet for sheet in fitting if sheet in filled] or filled or fitting or sheets
    if len(found) == 1 and (found[0] in fitting or not fitting):
        return found[0]
    fault = "several sheets that may be meant"
    if not fitting:
        fault = "several sheets, and none with the headings needed"
    elif found[0] not in fitting:
        fault = "headings without rows in the sheet that is meant, and rows in"
    raise InputError(
        f"{file} has {fault}: {', '.join(name for name, _ in found)}. Keep the right one only, or save it as a file of its own"
    )


def _is_fit(sheet: Sheet, fits: Fits) -> bool:
    (row, cells), *_ = sheet[1]
    try:
        return fits(read_headings([str(_as_text(cell, Seen()) or "") for cell in cells], sheet[0], row).names)
    except InputError:
        return False


def _from_headings(rows: list[tuple[int, list[Any]]]) -> list[tuple[int, list[Any]]]:
    """The rows from the first one with two filled cells on; or from the first with one, if no row has more."""
    filled = [sum(cell != "" for cell in cells) for _, cells in rows]
    wanted = min(2, max(filled, default=0))
    if not wanted:
        return []
    return rows[next(place for place, cells in enumerate(filled) if cells >= wanted) :]


def _below(
    rows: list[tuple[int, list[Any]]], width: int, seen: Seen
) -> Iterator[tuple[int, list[str | None]]]:
    for number, cells in rows:
        if all(cell == "" for cell in cells):
            seen.blank += 1
            continue
        seen.right_of_headings += any(cell != "" for cell in cells[width:])
        yield number, [_as_text(cell, seen) for cell in cells[:width]]


def _as_text(cell: Any, seen: Seen) -> str | None:
    if isinstance(cell, str):
        seen.errors += cell in ERRORS
        return None if cell in ERRORS else cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def _notes_on(seen: Seen) -> list[str]:
    counted = (
        (seen.blank, BLANK),
        (seen.errors, "Cells that hold an Excel error such as #REF!, taken as empty"),
        (
            seen.unstored,
            "Formulas without a stored result, taken as empty (open the file in Excel and save it)",
        ),
        (
            seen.right_of_headings,
            "Rows that hold something to the right of the last heading, which is not read",
        ),
    )
    return [f"{what}: {number}." for number, what in counted if number]
