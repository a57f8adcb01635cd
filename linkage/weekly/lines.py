"""A file of this week and the line hashes of the last full run → the rows whose lines are new; the others are not parsed.

In a plain file each line is a row, so a line that the last full run had is the same row again. A line is recognised by a hash of
it and the headings. The new lines are written to a small file under the headings, which is then read as any file. The bytes of
the whole file are read into memory once, and not mapped: another program may shorten or replace the file at any moment.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy
import numpy.typing

from linkage.config import Dataset
from linkage.database import private_folder
from linkage.errors import InputError
from linkage.ingest import Ingested, ingest, unchanged
from linkage.reading.census import NEWLINE, Bytes, take_census
from linkage.reading.layout import is_title, layout_of
from linkage.reading.profile import inputs
from linkage.sources.csv import SUFFIXES
from linkage.tables import REJECT, raw
from linkage.tabular import literal

BLOCK = 1 << 22
Numbers = numpy.typing.NDArray[numpy.int64]


class ReadWholeError(Exception):
    """A file has to be read whole: its lines are not its rows, or none of them is known."""


@dataclass(frozen=True)
class Lines:
    """The lines of a file: line n, of which the first are the headings, is its bytes from `places[n - 1]` to `places[n]`."""

    path: Path
    data: Bytes
    places: Numbers

    @property
    def sha256(self) -> str:
        """The SHA-256 of the whole file, in hexadecimal digits."""
        return hashlib.sha256(self.data.data).hexdigest()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.places) - 1

    def write(self, numbers: Sequence[int], path: Path) -> None:
        """Put these lines into a new file."""
        with path.open("wb") as file:
            for number in numbers:
                file.write(self.data[self.places[number - 1] : self.places[number]].tobytes())


def lines_of(path: Path) -> Lines:
    """The lines of a file; ReadWholeError if it is not of a kind whose lines are rows, InputError if it changes meanwhile."""
    if path.suffix.lower() not in SUFFIXES or not path.is_file():
        raise ReadWholeError
    try:
        with unchanged(path):
            data = numpy.fromfile(path, dtype=numpy.uint8)
    except OSError:
        # Reading it whole gives the error that says why it cannot be opened.
        raise ReadWholeError from None
    if not len(data):
        raise ReadWholeError
    blocks = range(0, len(data), BLOCK)
    ends = [numpy.flatnonzero(data[start : start + BLOCK] == NEWLINE) + start + 1 for start in blocks]
    places = numpy.concatenate([[0], *ends, [len(data)] if data[-1] != NEWLINE else []])
    return Lines(path, data, places.astype(numpy.int64))


def are_rows(lines: Lines) -> bool:
    """Whether every line is a row below headings that stand in the first, in UTF-8 and without a line break in quotes."""
    census = take_census(lines.path)
    if not census.is_plain() or census.encoding != "utf-8-sig" or census.lines != lines.count:
        return False
    layout = layout_of(lines.path, census)
    return layout.heading_row == 1 and not is_title(list(layout.headings.names))


def number_lines(database: duckdb.DuckDBPyConnection, lines: Lines) -> None:
    """Make `line` (row_number, line): the number of each line below the headings, and its hash."""
    import pyarrow

    data = lines.data
    texts = pyarrow.LargeBinaryArray.from_buffers(
        pyarrow.large_binary(), lines.count, [None, *map(pyarrow.py_buffer, (lines.places, data))]
    )
    numbers = numpy.arange(1, lines.count + 1)
    database.register("lent_line", pyarrow.table({"row_number": numbers, "line": texts}))
    database.execute(
        """
        CREATE OR REPLACE TEMP TABLE line AS
        SELECT row_number, hash(line, ?::BLOB) AS line FROM lent_line WHERE row_number > 1
        """,
        [data[: lines.places[1]].tobytes()],
    )
    database.unregister("lent_line")


def keep_lines(
    database: duckdb.DuckDBPyConnection, datasets: Sequence[Dataset], received: Sequence[Ingested]
) -> None:
    """Make `row_line` (dataset, row_number, line): the line hashes by which the next run may recognise rows.

    Left out are files that have to be read whole, files that have changed since they were `received`, and lines that occur
    more than once.
    """
    database.execute("CREATE TABLE row_line (dataset VARCHAR, row_number BIGINT, line UBIGINT)")
    for dataset, found in zip(datasets, received, strict=True):
        try:
            with unchanged(dataset.path):
                lines = lines_of(dataset.path)
                usable = lines.sha256 == found.sha256 and are_rows(lines)
        except (ReadWholeError, InputError):
            continue
        if usable:
            number_lines(database, lines)
            database.execute(
                """
                INSERT INTO row_line SELECT ?, any_value(row_number), line FROM line
                GROUP BY line HAVING count(*) = 1
                """,
                [dataset.name],
            )
            database.execute("DROP TABLE line")


def read_new_lines(database: duckdb.DuckDBPyConnection, dataset: Dataset) -> Ingested:
    """Make `raw_<dataset>` of the rows whose line is not in `kept_row`, and add the others to `known_row` (dataset, row_number,
    kept_id). The return value is as if the file had been read whole. ReadWholeError if it has to be.
    """
    lines = lines_of(dataset.path)
    number_lines(database, lines)
    database.execute(
        """
        CREATE TABLE IF NOT EXISTS known_row (dataset VARCHAR, row_number BIGINT, kept_id BIGINT);
        INSERT INTO known_row
        SELECT dataset, any_value(row_number), kept_id
        FROM line JOIN (FROM kept_row WHERE NOT waits_for_a_day) USING (line) WHERE dataset = $name
        GROUP BY dataset, kept_id HAVING count(*) = 1
        """,
        {"name": dataset.name},
    )
    known = f"SELECT row_number FROM known_row WHERE dataset = '{dataset.name}'"
    new = database.execute(
        f"SELECT row_number FROM line ANTI JOIN ({known}) USING (row_number) ORDER BY row_number"
    ).fetchnumpy()["row_number"]
    [(one, rows, filled)] = database.execute(
        f"""
        SELECT min(row_number), count(*), bit_or(filled) FROM known_row JOIN kept_row USING (dataset, kept_id)
        WHERE dataset = '{dataset.name}'
        """
    ).fetchall()
    database.execute("DROP TABLE line")
    if not rows:
        raise ReadWholeError
    # One known row is read with the new ones, since a file without rows is an error, and so that the small file is read in the
    # same way as the whole one. It is deleted again below.
    numbers = sorted([one, *new.tolist()])
    with TemporaryDirectory(dir=private_folder(database), ignore_cleanup_errors=True) as folder:
        path = Path(folder) / dataset.path.name
        lines.write([1, *numbers], path)
        if not are_rows(lines_of(path)):
            raise ReadWholeError
        found = ingest(database, replace(dataset, path=path))
    _renumber(database, raw(dataset.name), numbers)
    _renumber(database, REJECT.name, numbers, f"AND file = {literal(found.file)}")
    database.execute(f'DELETE FROM "{raw(dataset.name)}" WHERE row_number = {one}')
    places = {name: place for place, name in enumerate(inputs())}
    return replace(
        found,
        sha256=lines.sha256,
        received=found.received + rows - 1,
        empty=[name for name in found.empty if not filled >> places[name] & 1],
    )


def _renumber(
    database: duckdb.DuckDBPyConnection, table: str, numbers: Sequence[int], which: str = ""
) -> None:
    """Replace the row numbers in the small file (headings, then the lines `numbers`) by those in the whole file; `which`
    is a further condition on the rows of `table`."""
    import pyarrow

    places = numpy.arange(2, len(numbers) + 2)
    database.register("lent_place", pyarrow.table({"place": places, "number": numpy.array(numbers)}))
    database.execute(
        f'UPDATE "{table}" SET row_number = number FROM lent_place WHERE row_number = place {which}'
    )
    database.unregister("lent_place")
