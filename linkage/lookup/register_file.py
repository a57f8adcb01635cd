"""A register's file and a model → a prepared register: one SQLite file in which look-ups find rows by blocking key.

It is made by the stages of a run, so that a look-up finds and weighs what a run would. It has people's names, addresses and birth
dates: only its owner may read it, and it must be kept and deleted like the register itself.
"""

import json
import math
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from linkage import model_folder, shelf
from linkage.cautions import cautions
from linkage.config import Dataset, Limits, Progress, silent
from linkage.database import count, open_database, private_folder
from linkage.errors import InputError, OutputError
from linkage.file_locks import patiently
from linkage.homes import adapt_to_homes
from linkage.ingest import ingest
from linkage.lookup.buckets import TABLE, write_buckets
from linkage.lookup.entries import identity_sql
from linkage.lookup.objecting import TABLES as OBJECTING
from linkage.lookup.objecting import write_objections
from linkage.lookup.one_record import OneRecord
from linkage.lookup.register_store import APPLICATION, FORMAT, versions
from linkage.manifest import read_of, register_rows, rejected_for
from linkage.model import Model
from linkage.objection_list import ingest_objections
from linkage.past import Past
from linkage.protect import SENSITIVE_OR_WITH_THEM
from linkage.register_sql import BEARERS, CONFUSED, DEATHS, HOMES, SHARED_MIDDLE_NAMES, own_contacts_sql
from linkage.scoring.frequencies import count_frequencies, frequency_columns
from linkage.screen import is_test, screen
from linkage.standardise import resolve_superseded, standardise
from linkage.tables import NHS, RECORD, SCREENED
from linkage.weekly.audit import now

SCHEMA = """
    CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE record (row_id INTEGER PRIMARY KEY, content TEXT NOT NULL) STRICT;
    CREATE TABLE frequency (number INTEGER PRIMARY KEY, bits REAL NOT NULL) STRICT;
    CREATE TABLE bearers (number INTEGER PRIMARY KEY, rows INTEGER NOT NULL) STRICT;
"""
ROWS_AT_ONCE = 20_000
"""Rows that are moved to SQLite at once."""
ROWS_A_SLICE = 100_000
"""Rows that DuckDB puts in order at once."""
READ_OF_REGISTER = re.compile(r"\b([a-z_][a-z0-9_]*)_r\b", re.IGNORECASE)
"""A column of the register's side in a condition; the group is the column of `record`."""
JOINED = {
    "home": HOMES, "dead": DEATHS, "reached": own_contacts_sql(), "alike": SHARED_MIDDLE_NAMES, "confused": CONFUSED,
    "sensitive": SENSITIVE_OR_WITH_THEM,
}  # fmt: skip
"""Temporary table → its SELECT: where the values come from that a row is given beside its own columns."""


@dataclass(frozen=True)
class IndexJob:
    """What a prepared register is made from, and the file that it becomes (`out`)."""

    nhs: Dataset
    out: Path
    model: str = "default"
    objections: Path | None = None
    limits: Limits = field(default_factory=Limits)


def make_register(job: IndexJob, progress: Progress = silent) -> dict[str, Any]:
    """Write the prepared register `job.out`, all of it or nothing; return what it says about itself.

    ModelError where look-ups cannot use the model, InputError where the register has nobody with a valid NHS Number, OutputError
    where the file cannot be written.
    """
    written, parameters = model_folder.read(job.model)
    model = model_folder.build(written, parameters)
    # A model that look-ups cannot use is refused before anything is read.
    OneRecord(model, 1)
    folder = job.out.resolve().parent
    with (
        open_database(folder, job.limits.threads, job.limits.memory) as database,
        _published(private_folder(database), job.out.resolve()) as store,
    ):
        progress("reading")
        received = ingest(database, job.nhs)
        objections = ingest_objections(database, job.objections) if job.objections else None
        progress("standardising")
        standardise(database, [NHS])
        resolve_superseded(database)
        screened = screen(database, Past())
        rows = register_rows(database, received)
        people = rows.pop("people")
        if not people:
            raise InputError(
                f"{job.nhs.path.name} has no row with a valid NHS Number, so nobody can be found in it"
            )
        model = adapt_to_homes(database, model)
        count_frequencies(database, model)
        progress("writing")
        bits = write_buckets(database, store, model)
        _write_records(database, store, model)
        rarest = _write_frequencies(database, store, model)
        _write_bearers(database, store)
        by_id_only = write_objections(database, store) if job.objections else 0
        about = {
            "format": FORMAT,
            "versions": versions(),
            "made": now(),
            "input": read_of(received),
            "objections": read_of(objections) if objections else None,
            "rejected_for": rejected_for(database),
            "test_data": is_test(database),
            "people": people,
            "rows": rows,
            "screened": {reason.partition(": ")[2]: number for reason, number in screened.items()},
            "cautions": cautions(database, [received, *([objections] if objections else [])]),
            "objections_by_id_only": by_id_only,
            "bucket_bits": bits,
            "content": content_types(model),
            "rarest": rarest,
            "model": {"name": model.name, "version": model.version, "share": model.share_in_register},
            "homes": {"relatives": model.relatives, "twins": model.twins},
        }
        told = about | {"written": written, "parameters": parameters}
        store.executemany(
            "INSERT INTO about VALUES (?, ?)", [(name, json.dumps(value)) for name, value in told.items()]
        )
    return about


def content_types(model: Model) -> dict[str, str]:
    """Name of each value that is kept of a register row → its DuckDB type.

    These are the columns that levels and guards read; bits_<column>, log2 of the share of people with the value; what guards read
    about the person (see `linkage.guards`); and `sensitive`: whether the person, or somebody who shares a home or telephone with
    them, is marked as sensitive.
    """
    conditions = [level.condition for each in model.comparisons for level in each.levels]
    conditions += [guard.CONDITION for guard in shelf.load_all("guards").values()]
    read = {name for condition in conditions for name in READ_OF_REGISTER.findall(condition)}
    types = {"row_id": "BIGINT", "subject_id": "BIGINT", "record_id": "VARCHAR"}
    known = model_folder.record_columns() | {"flags": RECORD.columns["flags"]}
    types |= {name: kind for name, kind in sorted(known.items()) if name in read}
    types |= {f"bits_{name}": "DOUBLE" for name in frequency_columns(model)}
    of_person = dict.fromkeys(("middle_names_shared", "confused", "sensitive"), "BOOLEAN")
    of_person |= {"own_contacts": "VARCHAR[]", "first_date_of_death": "DATE"}
    return types | {"residents": "BIGINT"} | of_person


@contextmanager
def _published(private: Path, out: Path) -> Iterator[sqlite3.Connection]:
    """An empty store in the folder `private`, which only its owner may read. It is renamed to `out` if no error is raised."""
    fresh = private / "register"
    try:
        if out.is_dir():
            raise OutputError(f"{out} is a folder: name a file")
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(fresh, isolation_level=None)) as store:
            for setting in ("journal_mode = OFF", "synchronous = OFF", f"application_id = {APPLICATION}"):
                store.execute(f"PRAGMA {setting}")
            store.executescript(SCHEMA + OBJECTING)
            store.execute(TABLE)
            store.execute("BEGIN")
            yield store
            store.execute("COMMIT")
        patiently(lambda: fresh.replace(out))
    except PermissionError:
        raise OutputError(
            f"{out} may not be written. Where it is open for look-ups, close these first; or name a file elsewhere."
        ) from None
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror}") from None
    except sqlite3.OperationalError as error:
        raise OutputError(f"{out} cannot be written: {error}") from None
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _write_records(database: duckdb.DuckDBPyConnection, store: sqlite3.Connection, model: Model) -> None:
    """Fill `record`: the values of `content_types` as a JSON list, for each row that is not screened."""
    frequent = frequency_columns(model)
    sources = {name: f'record."{name}"' for name in content_types(model)}
    sources |= {f"bits_{name}": f'log2("frequency_{name}"."tf_{name}")' for name in frequent}
    sources |= {
        "residents": "home.residents",
        "own_contacts": "reached.own_contacts",
        "middle_names_shared": "coalesce(alike.middle_names_shared, false)",
        "first_date_of_death": "dead.first_date_of_death",
        "confused": "record.subject_id IN (SELECT subject_id FROM confused)",
        "sensitive": "record.subject_id IN (SELECT subject_id FROM sensitive)",
    }
    joins = " ".join(
        f'LEFT JOIN "frequency_{name}" ON "frequency_{name}"."{name}" = record."{name}"' for name in frequent
    )
    for name, selected in JOINED.items():
        database.execute(f"CREATE TEMP TABLE {name} AS {selected}")
    content = f"""
        SELECT row_id, json_array({", ".join(sources.values())})::VARCHAR
        FROM "{RECORD.name}" record {joins}
        LEFT JOIN home ON home.place = record.place LEFT JOIN dead ON dead.subject_id = record.subject_id
        LEFT JOIN reached ON reached.subject_id = record.subject_id
        LEFT JOIN alike ON alike.surname = record.surname AND alike.middle_names = record.middle_names
        WHERE row_id >= ? AND row_id < ? AND record.subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")
        ORDER BY row_id
    """
    # Sorting all rows at once would take as much memory as all of them.
    for first in range(0, count(database, RECORD.name), ROWS_A_SLICE):
        found = database.execute(content, [first, first + ROWS_A_SLICE])
        _write(store, "INSERT INTO record VALUES (?, ?)", found)


def _write_frequencies(
    database: duckdb.DuckDBPyConnection, store: sqlite3.Connection, model: Model
) -> dict[str, float]:
    """Fill `frequency`; return column → the bits (log2 of the share) of a value that nobody in the register has."""
    rarest = {}
    for name in frequency_columns(model):
        _write(
            store,
            "INSERT INTO frequency VALUES (?, ?)",
            database.execute(
                f'SELECT {identity_sql(name)} AS number, log2("tf_{name}") FROM "frequency_{name}" ORDER BY number'
            ),
        )
        [(people,)] = database.execute(
            f'SELECT count(DISTINCT subject_id) FROM "{RECORD.name}" WHERE "{name}" IS NOT NULL'
        ).fetchall()
        rarest[name] = math.log2(1 / (people + 1))
    return rarest


def _write_bearers(database: duckdb.DuckDBPyConnection, store: sqlite3.Connection) -> None:
    """Fill `bearers`: how many rows have a forename."""
    _write(
        store,
        "INSERT INTO bearers VALUES (?, ?)",
        database.execute(
            f"SELECT {identity_sql('forename')} AS number, bearers FROM ({BEARERS}) ORDER BY number"
        ),
    )


def _write(store: sqlite3.Connection, insert: str, found: duckdb.DuckDBPyConnection) -> None:
    """Insert the rows of a DuckDB result into the store, `ROWS_AT_ONCE` at a time."""
    while rows := found.fetchmany(ROWS_AT_ONCE):
        store.executemany(insert, rows)
