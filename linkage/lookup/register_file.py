"""A register's file and a model → a prepared register: one SQLite file that answers by blocking key.

It is made by the stages of the main job, so that a look-up in it finds and weighs what the job would. It holds people's
names, addresses and birth dates: only its owner may read it, and it is to be kept and deleted like the register itself.
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
ROWS_A_SLICE = 100_000
READ_OF_REGISTER = re.compile(r"\b([a-z_][a-z0-9_]*)_r\b", re.IGNORECASE)
JOINED = {
    "home": HOMES, "dead": DEATHS, "reached": own_contacts_sql(), "alike": SHARED_MIDDLE_NAMES, "confused": CONFUSED,
    "sensitive": SENSITIVE_OR_WITH_THEM,
}  # fmt: skip
"""What is kept of a row beside its own columns comes from these tables."""


@dataclass(frozen=True)
class IndexJob:
    """What a prepared register is made from, and where it goes."""

    nhs: Dataset
    out: Path
    model: str = "default"
    objections: Path | None = None
    limits: Limits = field(default_factory=Limits)


def make_register(job: IndexJob, progress: Progress = silent) -> dict[str, Any]:
    """Write the prepared register `job.out`, all of it or nothing; return what it says about itself.

    ModelError where look-ups cannot use the model, InputError where the register has nobody with a valid NHS Number, OutputError where the file cannot be written.
    """
    written, parameters = model_folder.read(job.model)
    chosen = model_folder.build(written, parameters)
    # A model that look-ups cannot use is refused before anything is read.
    OneRecord(chosen, 1)
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
        chosen = adapt_to_homes(database, chosen)
        count_frequencies(database, chosen)
        progress("writing")
        bits = write_buckets(database, store, chosen)
        _write_records(database, store, chosen)
        rarest = _write_frequencies(database, store, chosen)
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
            "content": content_types(chosen),
            "rarest": rarest,
            "model": {"name": chosen.name, "version": chosen.version, "share": chosen.share_in_register},
            "homes": {"relatives": chosen.relatives, "twins": chosen.twins},
        }
        told = about | {"written": written, "parameters": parameters}
        store.executemany(
            "INSERT INTO about VALUES (?, ?)", [(name, json.dumps(value)) for name, value in told.items()]
        )
    return about


def content_types(chosen: Model) -> dict[str, str]:
    """What is kept of a register row → its DuckDB type: the columns that levels and guards read of it, how common its values
    are (bits_<column>, log2 of the share of people), how many people live at its place, the contacts that are the person's
    alone, whether many of the surname have the middle names, the first date of death, whether the person's rows describe two
    people, and whether any of them, or of somebody who shares a home or telephone with the person, is marked as sensitive."""
    conditions = [level.condition for each in chosen.comparisons for level in each.levels]
    conditions += [guard.CONDITION for guard in shelf.load_all("guards").values()]
    read = {name for condition in conditions for name in READ_OF_REGISTER.findall(condition)}
    types = {"row_id": "BIGINT", "subject_id": "BIGINT", "record_id": "VARCHAR"}
    known = model_folder.record_columns() | {"flags": RECORD.columns["flags"]}
    types |= {name: kind for name, kind in sorted(known.items()) if name in read}
    types |= {f"bits_{name}": "DOUBLE" for name in frequency_columns(chosen)}
    of_person = dict.fromkeys(("middle_names_shared", "confused", "sensitive"), "BOOLEAN")
    of_person |= {"own_contacts": "VARCHAR[]", "first_date_of_death": "DATE"}
    return types | {"residents": "BIGINT"} | of_person


@contextmanager
def _published(private: Path, out: Path) -> Iterator[sqlite3.Connection]:
    """An empty store in the folder `private` that becomes `out` by renaming when all went well; only its owner may read it."""
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


def _write_records(database: duckdb.DuckDBPyConnection, store: sqlite3.Connection, chosen: Model) -> None:
    """Fill `record`: what is kept of each row that may be found, as a JSON list."""
    frequent = frequency_columns(chosen)
    sources = {name: f'record."{name}"' for name in content_types(chosen)}
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
    # All of it at once, in order, would take as much memory as the rows are large.
    for first in range(0, count(database, RECORD.name), ROWS_A_SLICE):
        found = database.execute(content, [first, first + ROWS_A_SLICE])
        _write(store, "INSERT INTO record VALUES (?, ?)", found)


def _write_frequencies(
    database: duckdb.DuckDBPyConnection, store: sqlite3.Connection, chosen: Model
) -> dict[str, float]:
    """Fill `frequency`; return for each column the bits that `count_frequencies` gives to a value that nobody has."""
    rarest = {}
    for name in frequency_columns(chosen):
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
    """Move what was found into the store, some thousand rows at once."""
    while rows := found.fetchmany(ROWS_AT_ONCE):
        store.executemany(insert, rows)
