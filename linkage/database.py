"""Threads, memory and a folder → a DuckDB connection that spills only there, and the few calls that all stages share."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from linkage.errors import LimitError, OutputError


@contextmanager
def open_database(folder: Path, threads: int = 0, memory: str = "") -> Iterator[duckdb.DuckDBPyConnection]:
    """A private in-memory database that spills into a wiped folder inside `folder`.

    `threads` 0 means all cores; `memory` is text such as "4GB", empty for DuckDB's own rule. Full disks and memory
    limits surface as `OutputError` and `LimitError`.
    """
    with TemporaryDirectory(prefix=".spill-", dir=folder, ignore_cleanup_errors=True) as spill:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "python_enable_replacements": False,
            "temp_directory": spill,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if threads:
            settings["threads"] = threads
        if memory:
            settings["memory_limit"] = memory
        try:
            database = duckdb.connect(":memory:", config=settings)
        except (duckdb.ParserException, duckdb.InvalidInputException, duckdb.SyntaxException) as error:
            raise LimitError(
                f'the limits are not understood: --memory takes text such as "4GB" ({error})'
            ) from None
        try:
            yield database
        except duckdb.OutOfMemoryException:
            raise LimitError(
                f"the job needs more than the {memory or 'available'} memory or disk: raise --memory, free disk space "
                "in the output folder, or link fewer records at once"
            ) from None
        except OSError as error:
            raise OutputError(f"writing failed: {os.strerror(error.errno or 0)}") from error
        finally:
            database.close()


def columns_of(database: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Column name → type of `table`, in order."""
    rows = database.execute(f'SELECT column_name, column_type FROM (DESCRIBE "{table}")').fetchall()
    return dict(rows)


def count(database: duckdb.DuckDBPyConnection, table: str, where: str = "true") -> int:
    """Number of rows of `table` for which the condition `where` (our own SQL) holds."""
    return int(database.execute(f'SELECT count(*) FROM "{table}" WHERE {where}').fetchall()[0][0])


def insert_rows(database: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Append Python rows to a table of the same columns."""
    import pyarrow

    if not rows:
        return
    kinds = {
        "BIGINT": pyarrow.int64(),
        "DOUBLE": pyarrow.float64(),
        "VARCHAR": pyarrow.string(),
        "VARCHAR[]": pyarrow.list_(pyarrow.string()),
    }
    columns = columns_of(database, table)
    arrays = [
        pyarrow.array(values, type=kinds[kind])
        for values, kind in zip(zip(*rows, strict=True), columns.values(), strict=True)
    ]
    database.register("appended", pyarrow.table(arrays, names=list(columns)))
    database.execute(f'INSERT INTO "{table}" SELECT * FROM appended')
    database.unregister("appended")
