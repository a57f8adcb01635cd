"""A workspace's folder → its SQLite store of runs, people, decisions and acts. Tables are only appended to.

Full sync: a write that was acknowledged survives a kill and a power cut. WAL mode is not used: it needs memory shared
between all readers and writers, which two computers on a network drive do not have (sqlite.org/wal.html), so the store
would be damaged. Readers wait for the moment in which a write is committed. Triggers refuse every update and deletion;
`audit verify` shows what was changed with another program.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from linkage.errors import InputError, OutputError, typed
from linkage.past import Decision, Side

SQLITE = b"SQLite format 3\0"
STORE = "store.sqlite"
RUNS = "runs"
MAKING = ".making"
"""The folder in `RUNS` that a run is made in and has until it is given its name."""
SECONDS_TO_WAIT = 120

SCHEMA = {
    "run": "number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, run_id TEXT NOT NULL, at TEXT NOT NULL",
    "decision": """number INTEGER PRIMARY KEY, left_dataset TEXT NOT NULL, left_record TEXT NOT NULL,
        left_shown TEXT NOT NULL, right_dataset TEXT NOT NULL, right_record TEXT NOT NULL, right_shown TEXT NOT NULL,
        verdict TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL, why TEXT NOT NULL""",
    "holding": """number INTEGER PRIMARY KEY, run INTEGER NOT NULL, dataset TEXT NOT NULL, record_id TEXT NOT NULL,
        fingerprint TEXT NOT NULL, birth TEXT NOT NULL, names TEXT NOT NULL, person_id TEXT NOT NULL""",
    "succession": """number INTEGER PRIMARY KEY, run INTEGER NOT NULL, person_id TEXT NOT NULL, event TEXT NOT NULL,
        other TEXT NOT NULL""",
    "rewritten": """number INTEGER PRIMARY KEY, run INTEGER NOT NULL, dataset TEXT NOT NULL, fingerprint TEXT NOT NULL,
        received TEXT NOT NULL""",
    "superseded": """number INTEGER PRIMARY KEY, run INTEGER NOT NULL, old TEXT NOT NULL, live TEXT NOT NULL""",
    "act": """number INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, action TEXT NOT NULL,
        purpose TEXT NOT NULL, detail TEXT NOT NULL, previous TEXT NOT NULL, hash TEXT NOT NULL""",
}


def is_store(path: Path) -> bool:
    """Whether a file is one that SQLite keeps, or is empty, as it is before anything is kept."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(SQLITE)) in (b"", SQLITE)


def make_store(folder: Path) -> None:
    """Make an empty store in `folder`; only its owner may read it."""
    path = folder / STORE
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    with open_store(folder) as store, writing(store):
        make_tables(store)


def make_tables(store: sqlite3.Connection) -> None:
    """Make the tables that are not there, as in a store of former software; within `writing`."""
    for name, columns in SCHEMA.items():
        store.execute(f'CREATE TABLE IF NOT EXISTS "{name}" ({columns}) STRICT')
        for change in ("UPDATE", "DELETE"):
            store.execute(
                f"""
                CREATE TRIGGER IF NOT EXISTS "no_{change.lower()}_of_{name}" BEFORE {change} ON "{name}"
                BEGIN SELECT raise(ABORT, 'the store is only appended to'); END
                """
            )


def tables(store: sqlite3.Connection) -> set[str]:
    """The tables of a store; former software made fewer."""
    rows = store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {name for (name,) in rows}


@contextmanager
def open_store(folder: Path) -> Iterator[sqlite3.Connection]:
    """The store of the workspace `folder`; InputError if there is none, or it is damaged."""
    path = folder / STORE
    if not path.is_file():
        raise InputError(f"{folder} is not a workspace: make one with `linkage init {typed(folder)}`")
    try:
        with _connection(path) as store:
            yield store
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            raise InputError(f"the store {path} is damaged. Bring it back from a backup.") from None
        raise OutputError(f"the store {path} cannot be used: {error}") from error


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether the error says that a file does not hold what was written; its words then may be what the file does hold."""
    # An error without a code is Python's own, about text that is not UTF-8.
    return not isinstance(error, sqlite3.OperationalError) or not hasattr(error, "sqlite_errorcode")


@contextmanager
def _connection(path: Path) -> Iterator[sqlite3.Connection]:
    store = sqlite3.connect(path, timeout=SECONDS_TO_WAIT, isolation_level=None)
    try:
        try:
            # The rollback journal is truncated and not deleted, since a virus scanner may have it open.
            store.execute("PRAGMA journal_mode = TRUNCATE")
            store.execute("PRAGMA synchronous = FULL")
        except UnicodeDecodeError:
            raise sqlite3.DatabaseError("its schema is no text") from None
        yield store
    finally:
        store.close()


@contextmanager
def writing(store: sqlite3.Connection) -> Iterator[None]:
    """One transaction: all of it is there when this ends, or none; others who write wait."""
    store.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        # If the disk is full, SQLite has rolled back already.
        if store.in_transaction:
            store.execute("ROLLBACK")
        raise
    store.execute("COMMIT")


@contextmanager
def only_one_run(folder: Path) -> Iterator[None]:
    """Hold the workspace for one run; OutputError if another has it, or if it cannot be locked.

    The lock is a transaction of its own small database, which the system lets go of however the process ends.
    """
    path, lock = folder / "lock.sqlite", None
    try:
        try:
            lock = sqlite3.connect(path, timeout=0, isolation_level=None)
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise OutputError(f"another run is going on in {folder}: wait until it has ended") from None
            raise OutputError(f"{path} cannot be used: {error}") from error
        yield
    finally:
        if lock:
            lock.close()


def next_number(store: sqlite3.Connection, table: str) -> int:
    """The number that the next row of `table` will have."""
    found = store.execute(f'SELECT coalesce(max(number), 0) + 1 FROM "{table}"').fetchall()
    return int(found[0][0])


def append(store: sqlite3.Connection, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Append rows, without their numbers, to `table`; within `writing`."""
    width = SCHEMA[table].count("NOT NULL")
    marks = ", ".join("?" for _ in range(width))
    store.executemany(f'INSERT INTO "{table}" VALUES (NULL, {marks})', rows)


def runs(store: sqlite3.Connection) -> list[str]:
    """Names of all runs, oldest first; the last is the current one."""
    return [name for (name,) in store.execute("SELECT name FROM run ORDER BY number").fetchall()]


def run_in(made: Path) -> str:
    """The name of the run that is complete in a folder, by its manifest; empty if none is."""
    try:
        told = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return ""
    except OSError as error:
        raise InputError(f"{made} cannot be read: {error.strerror}") from error
    return str(told.get("run", "")) if isinstance(told, dict) else ""


def read_decisions(store: sqlite3.Connection) -> list[Decision]:
    """Every decision ever made, oldest first."""
    rows = store.execute(
        """
        SELECT number, left_dataset, left_record, left_shown, right_dataset, right_record, right_shown, verdict, who,
            at, why
        FROM decision ORDER BY number
        """
    ).fetchall()
    return [Decision(row[0], Side(*row[1:4]), Side(*row[4:7]), *row[7:]) for row in rows]
