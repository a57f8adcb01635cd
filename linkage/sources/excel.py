"""An Excel workbook → a table of text with its row numbers, from the one sheet with the headings that are wanted."""

import datetime
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from linkage.errors import InputError, LimitError
from linkage.sources import Fits, Loaded, create_table, looks_like, read_headings, write_rows

SUFFIXES = (".xlsx", ".xlsm", ".xls")

READ_FROM, BLANK = "Read from the sheet", "Blank rows passed over"

LARGEST_UNPACKED = 500 * 1024 * 1024
LARGEST_RATIO = 200
RATIO_COUNTS_FROM = 1024 * 1024
LARGEST_GRID = 40_000_000
BLOCK = 1 << 20
LONGEST_REFERENCE = 32
REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["']""")
WORKBOOK = re.compile(r"xl/workbook\d*\.xml")
ZIP, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ERRORS = frozenset(("#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"))


Sheet = tuple[str, list[tuple[int, list[Any]]]]
"""Its name and its rows, each with its number, from the headings on."""


@dataclass
class Seen:
    """What was noticed on the way, for the notes."""

    errors: int = 0
    unstored: int = 0
    blank: int = 0
    right_of_headings: int = 0


def load(database: duckdb.DuckDBPyConnection, path: Path, table: str, fits: Fits | None = None) -> Loaded:
    """Make `table` from the workbook at `path`; see the shelf's contract.

    It is read from the sheet whose headings fit, or from the only one with rows; InputError where several may be meant.
    Cells are given as text: whole numbers without ".0", dates as yyyy-mm-dd, TRUE and FALSE, a formula by
    its stored result; Excel's errors (#REF!) are empty. Rows above the headings (a title) are passed over
    and counted.
    """
    seen = Seen()
    _check_container(path, seen)
    sheets = _sheets(path)
    name, rows = _wanted(path.name, sheets, fits)
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
        notes.append(f"The headings are in row {heading_row}; the rows above were passed over.")
    return Loaded(headings.names, written, [], notes, headings.duplicated)


def _check_container(path: Path, seen: Seen) -> None:
    """Refuse what is not a workbook, is damaged or encrypted, or would unpack to more than the limit."""
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        raise InputError(f"{path.name} is empty")
    if start.startswith(OLD_WORKBOOK):
        if path.suffix.lower() != ".xls":
            raise InputError(
                f"{path.name} is protected with a password, or is an old workbook: save it as .xlsx"
            )
        return
    if not start.startswith(ZIP):
        kind = looks_like(start) or "text or something else"
        raise InputError(f"{path.name} is not an Excel workbook: it looks like {kind}")
    try:
        with zipfile.ZipFile(path) as container:
            if not any(WORKBOOK.fullmatch(name) for name in container.namelist()):
                raise InputError(
                    f"{path.name} is not an Excel workbook: it looks like another kind of zip file"
                )
            _check_size(path, container.infolist())
            for entry in container.infolist():
                if _read_entry(container, entry, seen) > LARGEST_GRID:
                    raise LimitError(
                        f"{path.name} has a cell so far to the right or down that the sheet cannot be held in memory: "
                        "delete what stands beyond the records (Ctrl+End in Excel shows the last cell), or save it as CSV"
                    )
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error):
        raise InputError(f"{path.name} is damaged, encrypted or not an Excel workbook") from None


def _check_size(path: Path, entries: Sequence[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > LARGEST_UNPACKED:
        limit = LARGEST_UNPACKED // 1024**2
        raise LimitError(f"{path.name} unpacks to more than {limit} MB: save it as CSV, or in parts")
    for entry in entries:
        if entry.file_size > max(RATIO_COUNTS_FROM, LARGEST_RATIO * entry.compress_size):
            raise LimitError(
                f"{path.name} unpacks to more than {LARGEST_RATIO} times its size, as no workbook of "
                "records does: save it as CSV"
            )


def _read_entry(container: zipfile.ZipFile, entry: zipfile.ZipInfo, seen: Seen) -> int:
    """Read an entry to its end, so that its checksum is verified and its size is what it claims to be.

    Returns how many cells the rectangle has that holds all cells of a sheet, empty ones too: the reader keeps it all
    in memory, and the program would end where that cannot be had.
    """
    sheet = entry.filename.startswith("xl/worksheets/")
    columns: set[bytes] = set()
    last_row = 0
    rest = b""
    with container.open(entry) as file:
        while block := file.read(BLOCK):
            if sheet:
                seen.errors += block.count(b' t="e"')
                seen.unstored += block.count(b"</f></c>")
            found = REFERENCE.findall(rest + block)
            columns.update(column for column, _ in found)
            last_row = max(last_row, max((int(row) for _, row in found), default=0))
            rest = block[-LONGEST_REFERENCE:]
    return last_row * max((_place(column) for column in columns), default=0)


def _place(column: bytes) -> int:
    """The place of a column by its letters: A is 1, AA is 27."""
    place = 0
    for letter in column:
        place = place * 26 + letter - ord("A") + 1
    return place


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
    """The sheet to read, one with rows if there is; InputError where none holds anything, or more than one may be meant."""
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
    """The rows from the first that fills two cells, or one if no row fills more."""
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
