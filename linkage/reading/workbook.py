"""The bytes of a workbook → an error if it is not one, damaged or too large; and how many cells of its sheets have no
usable value."""

import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from linkage.errors import InputError, LimitError
from linkage.sources import looks_like

LARGEST_UNPACKED = 500 * 1024 * 1024
"""Bytes that a workbook may unpack to."""
LARGEST_RATIO = 200
"""How many times its packed size a file of a workbook may unpack to: more is a zip bomb."""
RATIO_COUNTS_FROM = 1024 * 1024
"""Unpacked bytes up to which that ratio is not looked at."""
LARGEST_GRID = 40_000_000
"""Cells of a sheet's grid, which the reader keeps in memory."""
BLOCK = 1 << 20
LONGEST_REFERENCE = 32
REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["']""")
WORKBOOK = re.compile(r"xl/(workbook\d*\.xml)")
SHEETS = "xl/worksheets/"
ERROR, UNSTORED = b' t="e"', b"</f></c>"
ZIP, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass
class Part:
    """One file of a workbook: how many cells have an Excel error (`errors`) or a formula without a stored result
    (`unstored`), and how many cells the rectangle around all its cells has (`grid`)."""

    errors: int = 0
    unstored: int = 0
    grid: int = 0


@dataclass(frozen=True)
class Contents:
    """The parts of a workbook by file, and sheet → its file; both empty for an old workbook (.xls)."""

    parts: dict[str, Part] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)

    def lost_on(self, sheet: str) -> tuple[int, int]:
        """Errors and unstored results on a sheet; of the whole workbook if it is not known which file the sheet is."""
        own = self.parts.get(self.sheets.get(sheet, ""))
        parts = [own] if own else self.parts.values()
        return sum(part.errors for part in parts), sum(part.unstored for part in parts)


def look_into(path: Path) -> Contents:
    """Read a workbook to its end; InputError if it is not one, damaged or encrypted, LimitError if it would unpack to too
    much."""
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        raise InputError(f"{path.name} is empty")
    if start.startswith(OLD_WORKBOOK):
        if path.suffix.lower() != ".xls":
            raise InputError(
                f"{path.name} is protected with a password, or is an old workbook: save it as .xlsx"
            )
        return Contents()
    if not start.startswith(ZIP):
        kind = looks_like(start) or "text or something else"
        raise InputError(f"{path.name} is not an Excel workbook: it looks like {kind}")
    try:
        with zipfile.ZipFile(path) as container:
            return _contents(path.name, container)
    except (
        zipfile.BadZipFile,
        EOFError,
        NotImplementedError,  # of zipfile: a way of packing that it does not know
        RuntimeError,
        ValueError,
        zlib.error,
        ElementTree.ParseError,
    ):
        raise InputError(f"{path.name} is damaged, encrypted or not an Excel workbook") from None


def _contents(file: str, container: zipfile.ZipFile) -> Contents:
    workbook = next((found for name in container.namelist() if (found := WORKBOOK.fullmatch(name))), None)
    if not workbook:
        raise InputError(f"{file} is not an Excel workbook: it looks like another kind of zip file")
    _check_size(file, container.infolist())
    parts = {entry.filename: _read_part(container, entry) for entry in container.infolist()}
    if any(part.grid > LARGEST_GRID for part in parts.values()):
        raise LimitError(
            f"{file} has a cell so far to the right or down that the sheet cannot be held in memory: "
            "delete what stands beyond the records (Ctrl+End in Excel shows the last cell), or save it as CSV"
        )
    return Contents(parts, _sheets_of(container, workbook[1]))


def _check_size(file: str, entries: Sequence[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > LARGEST_UNPACKED:
        limit = LARGEST_UNPACKED // 1024**2
        raise LimitError(f"{file} unpacks to more than {limit} MB: save it as CSV, or in parts")
    for entry in entries:
        if entry.file_size > max(RATIO_COUNTS_FROM, LARGEST_RATIO * entry.compress_size):
            raise LimitError(
                f"{file} unpacks to more than {LARGEST_RATIO} times its size, as no workbook of "
                "records does: save it as CSV"
            )


def _read_part(container: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Part:
    """Read a file of the workbook to its end, so that its checksum is verified and its size is as declared.

    The reader that follows keeps a sheet's whole grid in memory, and the process would be killed if there is too little.
    """
    part = Part()
    sheet = entry.filename.startswith(SHEETS)
    columns: set[bytes] = set()
    last_row = 0
    rest = b""
    with container.open(entry) as file:
        while block := file.read(BLOCK):
            if sheet:
                part.errors += (rest + block).count(ERROR) - rest.count(ERROR)
                part.unstored += (rest + block).count(UNSTORED) - rest.count(UNSTORED)
            found = REFERENCE.findall(rest + block)
            columns.update(column for column, _ in found)
            last_row = max(last_row, max((int(row) for _, row in found), default=0))
            rest = block[-LONGEST_REFERENCE:]
    part.grid = last_row * max((_place(column) for column in columns), default=0)
    return part


def _place(column: bytes) -> int:
    """The number of a column by its letters: A is 1, AA is 27."""
    place = 0
    for letter in column:
        place = place * 26 + letter - ord("A") + 1
    return place


def _sheets_of(container: zipfile.ZipFile, workbook: str) -> dict[str, str]:
    """Name of each sheet → its file, by the ids that the workbook and its relationships share."""
    relationships = f"xl/_rels/{workbook}.rels"
    if relationships not in container.namelist():
        return {}
    targets = {
        told.get("Id"): told.get("Target", "")
        for told in ElementTree.fromstring(container.read(relationships))
    }
    return {
        sheet.get("name", ""): str(PurePosixPath("/xl") / targets.get(told, "")).removeprefix("/")
        for sheet in ElementTree.fromstring(container.read(f"xl/{workbook}")).iter()
        if sheet.tag.endswith("}sheet")
        for name, told in sheet.items()
        if name.endswith("}id")
    }
