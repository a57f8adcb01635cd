"""Threads, memory and a folder → a locked DuckDB connection that spills only there; and helpers that many stages use."""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

import duckdb

from linkage.errors import LimitError, OutputError
from linkage.spill import private_place
from linkage.tables import RECORD, SCREENED

MEMORY = re.compile(r"\d{1,9}(\.\d+)? ?[KMGT]i?B", re.IGNORECASE)


@contextmanager
def open_database(
    folder: Path | None = None, threads: int = 0, memory: str = ""
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A private in-memory database that can open no file but those in its own folder, which is made inside `folder`
    (default: the system's folder for temporary files) and deleted at the end.

    It spills there, and reads from there (see `lend_file`). `threads`: 0, or more than there are cores, means all cores.
    `memory`: text such as "4GB", empty for DuckDB's own limit. A full disk becomes an OutputError, a memory limit a
    LimitError.
    """
    if memory and not MEMORY.fullmatch(memory.strip()):
        raise LimitError('the memory limit is not understood: --memory takes text such as "4GB" or "500MB"')
    settings: dict[str, str | bool | int | float | list[str]] = {
        "python_enable_replacements": False,
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if threads:
        settings["threads"] = min(threads, os.cpu_count() or 1)
    if memory:
        settings["memory_limit"] = memory
    folder = folder or Path(gettempdir())
    with private_place(folder) as spill:
        database = None
        try:
            database = _connect(settings | {"temp_directory": str(spill)})
            yield database
        except (duckdb.OutOfMemoryException, MemoryError):
            raise LimitError(
                f"the job needs more than the {memory or 'available'} memory or disk: raise --memory, free disk space "
                "in the output folder, or link fewer records at once"
            ) from None
        except duckdb.InternalException:
            # Its message is a stack trace, which helps no user.
            raise LimitError(
                "the database failed by a fault of its own, as it may where it has to spill to disk: run the job again, with a "
                "higher --memory or without that limit"
            ) from None
        except duckdb.IOException:
            # Its message names files in the private folder, which is deleted by now.
            raise OutputError(
                f"{folder} has no room for the intermediate results: free disk space there, or write elsewhere"
            ) from None
        except OSError as error:
            place = error.filename or folder
            raise OutputError(f"{place} cannot be read or written: {error.strerror or error}") from error
        finally:
            if database:
                database.close()


def open_small_database() -> duckdb.DuckDBPyConnection:
    """A locked in-memory database for a few rows: one thread, no spilling, no optimiser."""
    return _connect(
        {
            "python_enable_replacements": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "threads": 1,
            "enable_optimizer": False,
            "temp_directory": "",
        }
    )


def private_folder(database: duckdb.DuckDBPyConnection) -> Path:
    """The folder where `database` spills: only its owner can open it, and it is deleted with the database."""
    return Path(database.execute("SELECT current_setting('temp_directory')").fetchall()[0][0])


@contextmanager
def lend_file(database: duckdb.DuckDBPyConnection, path: Path) -> Iterator[str]:
    """A path by which the locked `database` can read the file at `path`, while the context is open.

    It is a hard link or a copy in the database's private folder, and has no character that DuckDB would take for a pattern.
    """
    with TemporaryDirectory(dir=private_folder(database), ignore_cleanup_errors=True) as folder:
        lent = Path(folder) / "received"
        if not _linked(path, lent):
            shutil.copyfile(path, lent)
        yield str(lent)


def _linked(path: Path, lent: Path) -> bool:
    """Make `lent` a hard link to the file if possible, and return whether it was: not across disks, and not for some
    files of other owners. It is not tried on Windows, where a link to a file that is open in another program cannot be
    deleted."""
    if os.name == "nt":
        return False
    try:
        lent.hardlink_to(path.resolve())
    except OSError:
        return False
    return True


def _connect(settings: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """Connect and lock: after this no SQL, from wherever it comes, can open a file or change a setting."""
    database = duckdb.connect(":memory:", config=settings)
    database.execute("SET enable_progress_bar = false")
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")
    return database


def columns_of(database: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Column name → type of `table`, in order."""
    rows = database.execute(f'SELECT column_name, column_type FROM (DESCRIBE "{table}")').fetchall()
    return dict(rows)


def has_table(database: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether there is a table of that name."""
    found = database.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [table]).fetchall()
    return bool(found[0][0])


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
        "UBIGINT": pyarrow.uint64(),
        "DOUBLE": pyarrow.float64(),
        "BOOLEAN": pyarrow.bool_(),
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


def count_subjects(database: duckdb.DuckDBPyConnection, dataset: str) -> int:
    """Subjects of a dataset that are not screened."""
    found = database.execute(
        f"""
        SELECT count(DISTINCT subject_id) FROM "{RECORD.name}"
        WHERE dataset = ? AND subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")
        """,
        [dataset],
    ).fetchall()
    return int(found[0][0])
