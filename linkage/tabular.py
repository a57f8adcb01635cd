"""A query over the finished tables → a CSV or Parquet file, the same bytes for the same tables.

Spreadsheets run text that begins like a formula; such text is written with a leading apostrophe, and read
back without it (`linkage.reading.lists`).
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import duckdb

from linkage.file_locks import patiently

DECIMALS = {"confidence": 6, "risk": 6}
OTHER_DECIMALS = 3
CSV_ROWS = 20_000
PARQUET_ROWS = 100_000

# Also the full-width forms, which some spreadsheets take for the plain ones.
STARTS = "=+-@\t\r\n＝＋－＠"
FORMULA = re.compile(f"'*[{re.escape(STARTS)}]")
NEUTRALISED = re.compile(f"''*[{re.escape(STARTS)}]")

LOOKED_AT = frozenset("'" + STARTS)
"""What a text that `neutralised` changes begins with; most texts do not, and asking it for each takes longer than
writing them."""


def neutralised(text: str) -> str:
    """`text`, with a leading apostrophe if it looks like a formula (source: OWASP, CSV injection)."""
    return "'" + text if FORMULA.match(text) else text


def restored(text: str) -> str:
    """The text that `neutralised` was given."""
    return text[1:] if NEUTRALISED.match(text) else text


def cell(value: Any, decimals: int = OTHER_DECIMALS) -> str:
    """One value as CSV text: None is empty, numbers are rounded, lists joined with ";", text neutralised."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{round(value, decimals) + 0.0:.{decimals}f}"
    if isinstance(value, (list, tuple)):
        return neutralised(";".join(str(item) for item in value))
    return neutralised(value) if isinstance(value, str) else str(value)


def write_csv(database: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """The rows of `query`, in its order, as `write_rows` writes them."""
    answer = database.execute(query)
    names = [column[0] for column in answer.description or []]
    write_rows(path, names, _rows(answer))


class _Lines:
    """Lines that end with "\\r\\n" in → a text file whose lines end with "\\n".

    Of line breaks within a cell, Python's writer quotes only the characters that its own lines end with.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, line: str) -> int:
        return self._file.write(f"{line[:-2]}\n")


@contextmanager
def whole_file(path: Path, encoding: str, newline: str) -> Iterator[TextIO]:
    """The text file `path`, opened to be written anew and its owner's alone, whoever might read what was there; where that
    fails, no file is left."""
    if path.is_file():
        # A terminal, a pipe and /dev/null are written to, and stay.
        patiently(path.resolve().unlink)
    patiently(lambda: path.touch(0o600))
    opened = path.open("w", encoding=encoding, newline=newline)
    try:
        with opened as file:
            yield file
    except BaseException:
        # Half a list would be taken for a whole one.
        path.unlink(missing_ok=True)
        raise


def write_rows(path: Path, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """`rows` under the headings `names` as CSV; numbers get the decimals that `DECIMALS` says for their column.

    UTF-8 with a byte-order mark, without which Excel takes the file for Windows-1252; lines end with "\\n". Where
    that fails, no file is left.
    """
    decimals = [DECIMALS.get(name, OTHER_DECIMALS) for name in names]
    with whole_file(path, "utf-8-sig", "") as file:
        writer = csv.writer(_Lines(file), lineterminator="\r\n")
        writer.writerow(names)
        writer.writerows(
            [
                value if type(value) is str and value[:1] not in LOOKED_AT else cell(value, places)
                for value, places in zip(row, decimals, strict=True)
            ]
            for row in rows
        )


def write_parquet(database: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """The rows of `query`, in its order, as Parquet; nothing is neutralised or joined."""
    import pyarrow.parquet

    reader = database.sql(query).to_arrow_reader(PARQUET_ROWS)
    with pyarrow.parquet.ParquetWriter(path, reader.schema, compression="zstd") as writer:
        for rows in _parts(reader):
            writer.write_table(rows, row_group_size=PARQUET_ROWS)


def _parts(reader: Any) -> Iterator[Any]:
    """The rows of an Arrow reader in tables of `PARQUET_ROWS`; how many its batches hold depends on the number of threads."""
    import pyarrow

    waiting = reader.schema.empty_table()
    for batch in reader:
        waiting = pyarrow.concat_tables([waiting, pyarrow.Table.from_batches([batch])])
        while waiting.num_rows >= PARQUET_ROWS:
            yield waiting.slice(0, PARQUET_ROWS).combine_chunks()
            waiting = waiting.slice(PARQUET_ROWS)
    if waiting.num_rows:
        yield waiting.combine_chunks()


def literal(text: str) -> str:
    """`text` as a string of SQL."""
    return "'" + text.replace("'", "''") + "'"


def _rows(answer: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := answer.fetchmany(CSV_ROWS):
        yield from rows
