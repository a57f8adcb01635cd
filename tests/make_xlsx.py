"""Sheets as lists of rows → a small Excel workbook, written by hand so that tests need no library for it."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "application/vnd.openxmlformats-package"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"


class Xml(str):
    """A cell given as its attributes and its content: Xml(' t="e"><v>#REF!</v>')."""

    __slots__ = ()


Cell = str | int | float | bool | Xml | None

DATE_STYLE = ' s="1"><v>{}</v>'
ERROR = Xml(' t="e"><v>#REF!</v>')


def date(serial: float) -> Xml:
    """A cell shown as a date: days since the end of 1899."""
    return Xml(DATE_STYLE.format(serial))


def formula(text: str, stored: str) -> Xml:
    """A formula with the result that Excel stored."""
    return Xml(f' t="str"><f>{escape(text)}</f><v>{escape(stored)}</v>')


def make_xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> Path:
    """Write the workbook."""
    names = list(sheets)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as container:
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{place}.xml" ContentType="{KIND}.worksheet+xml"/>'
            for place in range(1, len(names) + 1)
        )
        container.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{TYPES}"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Default Extension="rels" ContentType="{PACKAGE}.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>{parts}</Types>',
        )
        container.writestr("_rels/.rels", _relationships([("officeDocument", "xl/workbook.xml")]))
        listed = "".join(
            f'<sheet name="{escape(name)}" sheetId="{place}" r:id="rId{place}"/>'
            for place, name in enumerate(names, start=1)
        )
        container.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        )
        targets = [("worksheet", f"worksheets/sheet{place}.xml") for place in range(1, len(names) + 1)]
        container.writestr("xl/_rels/workbook.xml.rels", _relationships([*targets, ("styles", "styles.xml")]))
        container.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
            '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        )
        for place, name in enumerate(names, start=1):
            container.writestr(f"xl/worksheets/sheet{place}.xml", _sheet(sheets[name]))
    return path


def _relationships(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{place}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{RELATIONSHIPS}">{listed}</Relationships>'


def _sheet(rows: Sequence[Sequence[Cell]]) -> str:
    listed = "".join(
        f'<row r="{number}">{"".join(_cell(cell, number, place) for place, cell in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{listed}</sheetData></worksheet>'


def _cell(cell: Cell, number: int, place: int) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Xml):
        content: str = cell
    elif isinstance(cell, str):
        content = f' t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is>'
    elif isinstance(cell, bool):
        content = f' t="b"><v>{int(cell)}</v>'
    else:
        content = f"><v>{cell}</v>"
    return f'<c r="{_letters(place)}{number}"{content}</c>'


def _letters(place: int) -> str:
    first, second = divmod(place, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)
