"""A file → `raw_<dataset>`: one row per row received, and a text column per input (a thing that a field can read)."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from linkage import shelf
from linkage.config import Dataset
from linkage.database import count, insert_rows
from linkage.errors import DISK_FULL, LET_GO, InputError, LinkageError
from linkage.reading.profile import inputs
from linkage.reading.recognise import Received, Recognised, fits, recognise, save_profile
from linkage.sources import Fits, Loaded
from linkage.tables import NHS, REJECT, ensure_sql, raw

RECEIVED = "received_file"
"""The table that a source loads a file into: row_number, column_1, column_2 …"""
NAMED = "named_file"
"""The table of the files that the run has named so far."""
WHITE_SPACE = " \t\r\n\v\f\u00a0\u2007\u202f\ufeff"
NO_VALUE = "NULL"
"""The word that databases export for an empty cell."""
AT_AN_END = f"^[{WHITE_SPACE}]|[{WHITE_SPACE}]$"


@dataclass(frozen=True)
class Ingested:
    """What a file held. Counts of rows: received = in the table + rejected.

    `sha256` is of the file. `profile` is empty if columns were recognised by their names. `recognised`: input → headings
    that fill it; `unused`: the other headings; `empty`: recognised inputs of which no row has a value. Rows with a record
    id in `unknown_ids` stand for unknown people and were rejected. `notes` are sentences for the user.
    """

    dataset: str
    file: str
    sha256: str
    received: int
    rejected: int
    profile: str
    recognised: dict[str, list[str]]
    unused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    unknown_ids: list[str] = field(default_factory=list)


def ingest(database: duckdb.DuckDBPyConnection, dataset: Dataset) -> Ingested:
    """Make `raw_<dataset>` from the dataset's file: row_number and a VARCHAR column for every input.

    Cells are trimmed; empty ones, and those that say NULL, are NULL. Rows that cannot be read, or have no record id (in a
    register: neither that nor an NHS Number), go to `reject`. Wholly empty rows are only counted. InputError,
    MappingError and LimitError say what is wrong with the file.
    """
    with unchanged(dataset.path):
        return _ingest(database, dataset)


@contextmanager
def unchanged(path: Path) -> Iterator[None]:
    """A context in which a file is read, which may be several times; InputError if the file has changed by the end. This
    error comes before any other that was raised inside, which the change may have caused."""
    before, failed = _state_of(path), None
    try:
        yield
    except Exception as error:
        failed = error
    if _state_of(path) != before:
        raise InputError(
            f"{path} changed while it was read: start again once nothing writes, replaces or removes it"
        ) from None
    if failed:
        raise failed


def _state_of(path: Path) -> tuple[int, ...]:
    """A file's size and modification time, or nothing if it is not there. The inode is left out: some network drives give another
    one each time."""
    try:
        told = path.stat()
    except OSError:
        return ()
    return told.st_size, told.st_mtime_ns


def _ingest(database: duckdb.DuckDBPyConnection, dataset: Dataset) -> Ingested:
    file = name_of(database, dataset.name, dataset.path)
    loaded = load_file(
        database,
        dataset.path,
        file,
        lambda headings: fits(Received(file, dataset.name, headings), dataset.profile, dataset.mappings),
    )
    if not loaded.rows:
        raise InputError(f"{file} holds nothing that can be used: it has headings but no rows")
    received = Received(file, dataset.name, loaded.headings, loaded.duplicated)
    recognised = recognise(received, dataset.profile, dataset.mappings)
    if dataset.save_profile:
        save_profile(recognised, dataset.save_profile)
    table = raw(dataset.name)
    empty = make_raw(database, table, loaded, recognised.columns)
    if dataset.name == NHS:
        # A register needs no record ids of its own: the NHS Number is one.
        database.execute(f'UPDATE "{table}" SET record_id = nhs_number WHERE record_id IS NULL')
    lost = _reject(database, table, file, recognised)
    if not count(database, table):
        raise InputError(f"{file} holds no row that has a record id")
    notes = list(loaded.notes)
    if empty:
        notes.append(f"Wholly empty rows passed over: {empty}.")
    return Ingested(
        dataset=dataset.name,
        file=file,
        sha256=sha256_of(dataset.path),
        received=loaded.rows - empty + loaded.rejected,
        rejected=lost + loaded.rejected,
        profile=recognised.profile,
        recognised=recognised.columns,
        unused=recognised.unused,
        notes=notes,
        empty=empty_among(database, table, recognised.columns),
        unknown_ids=list(recognised.unknown_ids),
    )


def drop_received(database: duckdb.DuckDBPyConnection, datasets: list[str]) -> None:
    """Drop the raw tables, which no stage after `standardise` reads, to free memory."""
    for dataset in datasets:
        database.execute(f'DROP TABLE "{raw(dataset)}"')


def name_of(database: duckdb.DuckDBPyConnection, dataset: str, path: Path) -> str:
    """The file's name for messages; with its dataset behind it if another file of the run has the same name."""
    database.execute(f'CREATE TABLE IF NOT EXISTS "{NAMED}" (dataset VARCHAR, file VARCHAR)')
    taken = database.execute(
        f'SELECT file FROM "{NAMED}" WHERE file = ? AND dataset <> ?', [path.name, dataset]
    ).fetchall()
    database.execute(f'INSERT INTO "{NAMED}" VALUES (?, ?)', [dataset, path.name])
    return f"{path.name} ({dataset})" if taken else path.name


def load_file(database: duckdb.DuckDBPyConnection, path: Path, file: str, fits: Fits) -> Loaded:
    """Load the file into `RECEIVED` by the source for its ending; rows that cannot be read go to `reject` under the name `file`.

    `fits` says by the headings of a workbook's sheet whether it is the one that is meant. InputError where there is no such file,
    no source for it, or it cannot be read.
    """
    database.execute(ensure_sql(REJECT))
    database.execute(f'DROP TABLE IF EXISTS "{RECEIVED}"')
    sources = shelf.load_all("sources")
    suffixes = {suffix: name for name, source in sources.items() for suffix in source.SUFFIXES}
    if not path.exists():
        raise InputError(f"there is no file {path}")
    if path.is_dir():
        raise InputError(f"{path} is a folder: name a file in it")
    if not path.is_file():
        raise InputError(f"{path} is a pipe or a device: save what it gives as a file")
    name = suffixes.get(path.suffix.lower())
    if name is None:
        raise InputError(f"{file} is of a kind that is not read. These are: {', '.join(sorted(suffixes))}")
    try:
        loaded: Loaded = sources[name].load(database, path, RECEIVED, fits)
    except OSError as error:
        if error.errno in DISK_FULL:
            raise
        if isinstance(error, PermissionError):
            raise InputError(f"{path} may not be read: {LET_GO}, or ask for access to it") from None
        raise InputError(f"{path} cannot be read: {error.strerror}") from None
    except LinkageError as error:
        # Sources name a file by its own name; another file of the run may have the same.
        raise type(error)(str(error).replace(path.name, file, 1)) from None
    insert_rows(database, REJECT.name, [(file, number, None, problem) for number, problem in loaded.problems])
    return loaded


def make_raw(
    database: duckdb.DuckDBPyConnection, table: str, loaded: Loaded, columns: dict[str, list[str]]
) -> int:
    """Make `table` (row_number and one column per input) from `RECEIVED`, and drop that; return how many rows were wholly empty.

    `columns`: input → headings that fill it; several are joined with ", ".
    """
    place = {heading: f"column_{number}" for number, heading in enumerate(loaded.headings, start=1)}
    selected = []
    for name in inputs():
        cells = [trimmed(place[heading]) for heading in columns.get(name, [])]
        joined = cells[0] if len(cells) == 1 else f"nullif(concat_ws(', ', {', '.join(cells)}), '')"
        selected.append(f'{joined if cells else "CAST(NULL AS VARCHAR)"} AS "{name}"')
    database.execute(
        f"""
        CREATE OR REPLACE TABLE "{table}" AS
        SELECT row_number, {", ".join(selected)}
        FROM "{RECEIVED}"
        WHERE {" OR ".join(f"{trimmed(cell)} IS NOT NULL" for cell in place.values())}
        """
    )
    database.execute(f'DROP TABLE "{RECEIVED}"')
    return loaded.rows - count(database, table)


def empty_among(database: duckdb.DuckDBPyConnection, table: str, columns: dict[str, list[str]]) -> list[str]:
    """Those of the inputs in `columns` of which no row of `table` has a value."""
    counted = ", ".join(f'count("{name}")' for name in columns)
    [found] = database.execute(f'SELECT {counted} FROM "{table}"').fetchall()
    return [name for name, number in zip(columns, found, strict=True) if not number]


def trimmed(cell: str) -> str:
    """The expression for a cell without white space around it; NULL if it is empty or says `NO_VALUE`. It first looks
    whether there is white space to trim, since few cells have any and looking is cheaper than trimming."""
    trimmed = f"nullif(trim({cell}, '{WHITE_SPACE}'), '')"
    return f"nullif(CASE WHEN regexp_matches({cell}, '{AT_AN_END}') THEN {trimmed} ELSE {cell} END, '{NO_VALUE}')"


def _reject(database: duckdb.DuckDBPyConnection, table: str, file: str, recognised: Recognised) -> int:
    """Move rows without a usable record id to `reject`; return how many."""
    heading = recognised.columns["record_id"][0] if "record_id" in recognised.columns else ""
    unknown = list(recognised.unknown_ids)
    before = count(database, REJECT.name)
    database.execute(
        f"""
        INSERT INTO "{REJECT.name}"
        SELECT ?, row_number, ?,
            CASE WHEN record_id IS NULL THEN 'no record id' ELSE 'the record id of an unknown person' END
        FROM "{table}" WHERE record_id IS NULL OR list_contains(CAST(? AS VARCHAR[]), record_id)
        ORDER BY row_number
        """,
        [file, heading, unknown],
    )
    database.execute(
        f"""
        DELETE FROM "{table}" WHERE record_id IS NULL OR list_contains(CAST(? AS VARCHAR[]), record_id)
        """,
        [unknown],
    )
    return count(database, REJECT.name) - before


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
