"""The bytes of a delimited text file → its encoding, and how many lines it has outside quotes."""

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy
import numpy.typing

from linkage.errors import InputError
from linkage.sources import LONGEST_CELL, looks_like

BLOCK = 1 << 22
NEWLINE, RETURN, QUOTE = 10, 13, 34
UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
LETTER_IN_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}")
BESIDE_QUOTES = numpy.isin(numpy.arange(256), list(b',;\t|\r\n"'))
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


Bytes = numpy.typing.NDArray[numpy.uint8]
Places = numpy.typing.NDArray[numpy.intp]
"""Positions in a block of bytes, sorted."""


@dataclass
class Census:
    """What a pass over the bytes of a file found. `lines` counts those that end outside quotes; `undefined_in_row` is the
    first row with a byte that Windows-1252 does not have (0: none)."""

    encoding: str = "utf-8-sig"
    lines: int = 0
    blank: int = 0
    blank_inside: bool = False
    returns: int = 0
    return_newlines: int = 0
    longest: int = 0
    letters_in_utf8: bool = False
    undefined_in_row: int = 0
    in_quotes: bool = False
    odd_quotes: bool = False
    last_byte: int = NEWLINE
    line_start: int = field(default=0, repr=False)

    def is_plain(self) -> bool:
        """Whether DuckDB's reader gives the same rows as Python's strict one, once the file is UTF-8."""
        return (
            self.encoding != "utf-16"
            and not self.blank_inside
            and not self.in_quotes
            and not self.odd_quotes
            and self.longest <= LONGEST_CELL
            and self.returns == self.return_newlines
            and self.return_newlines in (0, self.lines)
        )


def take_census(path: Path) -> Census:
    """Count lines and find the encoding; InputError if it is empty, not text, or holds NUL bytes."""
    census = Census()
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    offset = 0
    with path.open("rb") as file:
        start = file.read(512)
        if start.startswith(UTF16_MARKS):
            return Census(encoding="utf-16")
        if kind := looks_like(start):
            raise InputError(f"{path.name} is not a delimited text file: it looks like {kind}")
        file.seek(len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0)
        while block := file.read(BLOCK):
            while block.endswith(b"\r") and (more := file.read(1)):
                block += more
            _count_lines(census, block, offset, path.name)
            if not block.isascii():
                census.letters_in_utf8 |= LETTER_IN_UTF8.search(block) is not None
            if census.encoding == "utf-8-sig":
                try:
                    decoder.decode(block)
                except UnicodeDecodeError:
                    census.encoding = "cp1252"
            offset += len(block)
    if offset > census.line_start:
        census.lines += 1
        census.blank_inside |= census.blank > 0
        census.longest = max(census.longest, offset - census.line_start)
        census.returns += 1 if census.return_newlines else 0
        census.return_newlines += 1 if census.return_newlines else 0
    _finish(census, decoder, path.name)
    return census


def _finish(census: Census, decoder: codecs.IncrementalDecoder, file: str) -> None:
    if census.encoding == "utf-8-sig":
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            census.encoding = "cp1252"
    if census.lines == census.blank:
        raise InputError(f"{file} is empty")
    if census.encoding == "cp1252" and census.undefined_in_row:
        raise InputError(
            f"{file} row {census.undefined_in_row} holds a byte that is neither UTF-8 nor Windows-1252 text: "
            "export it again as UTF-8"
        )


def _count_lines(census: Census, block: bytes, offset: int, file: str) -> None:
    """Add one block's lines to the census; the block does not end between a return and its newline."""
    data = numpy.frombuffer(block, dtype=numpy.uint8)
    quotes = numpy.flatnonzero(data == QUOTE)
    _look_beside_quotes(census, data, quotes)
    ends = _outside(census, quotes, numpy.flatnonzero(data == NEWLINE))
    if (nul := block.find(b"\0")) >= 0:
        row = census.lines + int(numpy.searchsorted(ends, nul)) + 1
        raise InputError(
            f"{file} row {row} holds a NUL byte: it is not plain text, or is UTF-16 without its mark"
        )
    if not census.undefined_in_row and (undefined := UNDEFINED_IN_CP1252.search(block)):
        census.undefined_in_row = census.lines + int(numpy.searchsorted(ends, undefined.start())) + 1
    census.returns += len(_outside(census, quotes, numpy.flatnonzero(data == RETURN)))
    census.in_quotes ^= len(quotes) % 2 == 1
    if not len(ends):
        return
    after_return = (ends > 0) & (data[ends - 1] == RETURN)
    lengths = numpy.diff(ends + offset, prepend=census.line_start - 1) - 1 - after_return
    blank = lengths == 0
    full = numpy.flatnonzero(~blank)
    if len(full):
        census.blank_inside |= census.blank > 0 or bool(blank[: full[-1]].any())
    census.blank += int(numpy.count_nonzero(blank))
    census.lines += len(ends)
    census.return_newlines += int(numpy.count_nonzero(after_return))
    census.longest = max(census.longest, int(lengths.max()))
    census.line_start = offset + int(ends[-1]) + 1


def _outside(census: Census, quotes: Places, places: Places) -> Places:
    """Those of `places` in a block that are not in quotes; `quotes` are the places of all quotes in it."""
    inside = (numpy.searchsorted(quotes, places) + census.in_quotes) % 2 == 1
    return numpy.delete(places, inside)


def _look_beside_quotes(census: Census, data: Bytes, quotes: Places) -> None:
    """Note a quote that is not at the edge of a cell: readers differ on what that means."""
    opens, closes = quotes[census.in_quotes :: 2], quotes[not census.in_quotes :: 2]
    before = data[opens - 1]
    if len(opens) and opens[0] == 0:
        before[0] = census.last_byte
    after = data[closes[closes + 1 < len(data)] + 1]
    closed_before = census.last_byte == QUOTE and not census.in_quotes
    beside = numpy.concatenate((before, after, data[:closed_before]))
    census.odd_quotes |= not BESIDE_QUOTES[beside].all()
    census.last_byte = int(data[-1])
