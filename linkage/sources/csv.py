"""A delimited text file → a table of text with row numbers; rows that do not fit the headings are set aside.

Two readers give the same result. DuckDB's is fast, and is used where a census of the bytes says that the file is plain,
and it finds as many rows as the census. Python's strict reader takes everything else.
"""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import TextIO

import duckdb

from linkage.database import lend_file, private_folder
from linkage.errors import InputError
from linkage.reading.census import Census, take_census
from linkage.reading.layout import Layout, is_blank, layout_of
from linkage.sources import LONGEST_CELL, Fits, Loaded, create_table, write_rows

SUFFIXES = (".csv", ".txt", ".tsv", ".dat")

COPIED_AT_ONCE = 1 << 20


def load(database: duckdb.DuckDBPyConnection, path: Path, table: str, _fits: Fits | None = None) -> Loaded:
    """Make `table` from the file at `path`; see the shelf's contract."""
    census = take_census(path)
    layout = layout_of(path, census)
    width = len(layout.headings.names)
    create_table(database, table, width)
    problems: list[tuple[int, str]] = []
    plain = census.is_plain() and layout.heading_row == 1
    rows = _load_plain(database, path, table, layout, census) if plain else -1
    if rows < 0:
        with path.open(encoding=census.encoding, newline="") as text:
            rows = write_rows(database, table, width, _read_strictly(text, path.name, layout, problems))
    if problems and not rows:
        raise InputError(
            f"{path.name} holds nothing that can be used: no row has the {width} cells of the headings (if row 1 is a title, "
            "remove the rows above the headings)"
        )
    notes = [*layout.headings.notes, *_notes_on(census)]
    if layout.under_titles:
        notes.append(f"The headings are in row {layout.heading_row}; the rows above were passed over.")
    return Loaded(layout.headings.names, rows, problems, notes, layout.headings.duplicated)


def _notes_on(census: Census) -> list[str]:
    notes = []
    if census.encoding == "cp1252":
        notes.append("The file is not UTF-8; it was read as Windows-1252.")
        if census.letters_in_utf8:
            notes.append(
                "Part of it seems to be UTF-8 all the same, so some accented letters will be wrong: "
                "export it again as UTF-8."
            )
    if census.blank:
        notes.append(f"Blank lines passed over: {census.blank}.")
    return notes


def _load_plain(
    database: duckdb.DuckDBPyConnection, path: Path, table: str, layout: Layout, census: Census
) -> int:
    """Fill `table` with DuckDB's reader; return the number of rows, or -1 (and an empty table) if it does not agree with
    the census.

    DuckDB reads only UTF-8, so a file in another encoding is first copied to a private folder, which is deleted.
    """
    with TemporaryDirectory(dir=private_folder(database), ignore_cleanup_errors=True) as folder:
        copy = path
        if census.encoding != "utf-8-sig":
            copy = Path(folder) / "copy.csv"
            with (
                path.open(encoding=census.encoding, newline="") as text,
                copy.open("w", encoding="utf-8", newline="") as utf8,
            ):
                copyfileobj(text, utf8, COPIED_AT_ONCE)
        with lend_file(database, copy) as name:
            rows = _load_fast(database, name, table, layout)
    if rows != census.lines - census.blank - 1:
        database.execute(f'DELETE FROM "{table}"')
        return -1
    return rows


def _load_fast(database: duckdb.DuckDBPyConnection, name: str, table: str, layout: Layout) -> int:
    """Fill `table` with DuckDB's reader; return the number of rows, or -1 if it refuses the file."""
    places = range(1, len(layout.headings.names) + 1)
    columns = ", ".join(f"'column_{place}': 'VARCHAR'" for place in places)
    try:
        # A parallel read would number the rows in the order in which they arrive.
        database.execute(
            f"""
            INSERT INTO "{table}"
            SELECT * FROM (
                SELECT row_number() OVER () AS row_number, *
                FROM read_csv(
                    ?, delim = ?, columns = {{{columns}}}, header = false, auto_detect = false,
                    quote = '"', escape = '"', strict_mode = true, null_padding = false,
                    ignore_errors = false, compression = 'none', encoding = 'utf-8', parallel = false
                )
            )
            WHERE row_number > 1
            """,
            [name, layout.delimiter],
        )
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        # Its message quotes the row, so it is not shown; the strict reader will say what is wrong.
        return -1
    return int(database.execute(f'SELECT count(*) FROM "{table}"').fetchall()[0][0])


def _read_strictly(
    text: TextIO, file: str, layout: Layout, problems: list[tuple[int, str]]
) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, cells) of every row below the headings that fits them; add the others to `problems`."""
    width = len(layout.headings.names)
    limit = csv.field_size_limit(LONGEST_CELL)
    try:
        for number, cells in _records(_without_nul(text, file), file, layout.delimiter, problems):
            blank = not cells or (width > 1 and len(cells) == 1 and is_blank(cells))
            if number <= layout.heading_row or blank:
                continue
            if len(cells) < width or any(cells[width:]):
                problems.append((number, f"the row has {len(cells)} cells where the heading row has {width}"))
            else:
                # DuckDB accepts a delimiter at the end of a row, so this reader does too.
                yield number, cells[:width]
    finally:
        csv.field_size_limit(limit)


def _records(
    lines: Iterable[str], file: str, delimiter: str, problems: list[tuple[int, str]]
) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, cells); InputError where a quote is not closed or a cell is too long."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        line = reader.line_num
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                raise InputError(
                    f"{file} row {number} holds a cell of more than {LONGEST_CELL:,} characters: "
                    "a quote may open there that is never closed"
                ) from None
            if "end of data" in str(error) or reader.line_num - line > 1:
                raise InputError(f"{file} row {number}: a quote opens there that is not closed") from None
            problems.append((number, "text follows a closing quote: a quote inside a cell must be doubled"))


def _without_nul(lines: Iterable[str], file: str) -> Iterator[str]:
    """Yield the lines; InputError at a NUL character, or where text is not UTF-16 though its mark says so."""
    number = 0
    try:
        for number, line in enumerate(lines, start=1):
            if "\0" in line:
                raise InputError(f"{file} line {number} holds a NUL character: it is not plain text")
            yield line
    except UnicodeError:
        raise InputError(
            f"{file} line {number + 1} is not UTF-16 text although the file is marked so"
        ) from None
