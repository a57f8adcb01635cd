"""A register's file and a model → a prepared register: one SQLite file that answers by blocking key.

It is made by the stages of the main job, so that a look-up in it finds and weighs what the job would. It holds people's
names, addresses and birth dates: only its owner may read it, and it is to be kept and deleted like the register itself.
"""

import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from linkage import __version__, model, shelf
from linkage.adapt import adapt_to_homes
from linkage.block import LARGEST_BLOCK, entry_sql, make_keyed
from linkage.compile import SIDED
from linkage.config import Dataset, Limits, Progress, silent
from linkage.database import count, count_subjects, open_database
from linkage.decide import HOMES
from linkage.errors import InputError, OutputError
from linkage.ingest import ingest, ingest_objections
from linkage.model import Model
from linkage.screen import is_test, screen
from linkage.splink_model import count_frequencies, frequency_columns
from linkage.standardise import resolve_superseded, standardise
from linkage.tables import NHS, RECORD

FORMAT = 1
APPLICATION = 0x4C4E4B52
"""SQLite's application_id of a prepared register."""
SCHEMA = """
    CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE bucket (number INTEGER PRIMARY KEY, entries BLOB NOT NULL, rows BLOB NOT NULL) STRICT;
    CREATE TABLE record (row_id INTEGER PRIMARY KEY, content TEXT NOT NULL) STRICT;
    CREATE TABLE frequency (name TEXT, value TEXT, share REAL NOT NULL, PRIMARY KEY (name, value)) STRICT, WITHOUT ROWID;
    CREATE TABLE objection (record_id TEXT, nhs_number TEXT) STRICT;
"""
ENTRY_BITS = 63
ENTRIES_A_BUCKET = 128
SLICES = 32
ROWS_AT_ONCE = 20_000
KEPT = ("row_id", "dataset", "subject_id", "record_id", "place")


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

    InputError where the register has nobody with a valid NHS Number, OutputError where the file cannot be written.
    """
    written, parameters = model.read(job.model)
    chosen = model.build(written, parameters)
    folder = job.out.resolve().parent
    with (
        open_database(folder, job.limits.threads, job.limits.memory) as database,
        _published(job.out.resolve()) as store,
    ):
        progress("reading")
        received = ingest(database, job.nhs)
        if job.objections:
            ingest_objections(database, job.objections)
        progress("standardising")
        standardise(database, [NHS])
        resolve_superseded(database)
        screen(database)
        people = count_subjects(database, NHS)
        if not people:
            raise InputError(
                f"{job.nhs.path.name} has no row with a valid NHS Number, so nobody can be found in it"
            )
        chosen = adapt_to_homes(database, chosen)
        count_frequencies(database, chosen)
        progress("writing")
        entries = _write_entries(database, store, chosen)
        _write_records(database, store, chosen)
        rarest = _write_frequencies(database, store, chosen)
        _write_objections(database, store, job.objections is not None)
        about = {
            "format": FORMAT,
            "versions": {"linkage": __version__, "duckdb": duckdb.__version__},
            "input": {"name": received.file, "sha256": received.sha256, "rows": received.received},
            "test_data": is_test(database),
            "people": people,
            "bucket_bits": bucket_bits(entries),
            "rarest": rarest,
            "model": {"name": chosen.name, "version": chosen.version, "share": chosen.share_in_register},
            "homes": {"relatives": chosen.relatives, "twins": chosen.twins},
        }
        told = about | {"written": written, "parameters": parameters}
        store.executemany(
            "INSERT INTO about VALUES (?, ?)", [(name, json.dumps(value)) for name, value in told.items()]
        )
    return about


def kept_columns(chosen: Model) -> list[str]:
    """The columns of `record` that a look-up needs of a register row: what levels and guards read."""
    conditions = [level.condition for each in chosen.comparisons for level in each.levels]
    conditions += [guard.CONDITION for guard in shelf.load_all("guards").values()]
    named = {name for condition in conditions for name in SIDED.findall(condition)}
    known = model.record_columns()
    return list(
        dict.fromkeys([*KEPT, *sorted((named | set(frequency_columns(chosen))) & set(known) - set(KEPT))])
    )


def content_types(chosen: Model) -> dict[str, str]:
    """What a register row holds in the file → its DuckDB type: the kept columns, how common their values are (tf_), and
    how many people live at the row's place."""
    types = RECORD.columns | model.record_columns()
    kept = {name: types[name] for name in kept_columns(chosen)}
    return kept | {f"tf_{name}": "DOUBLE" for name in frequency_columns(chosen)} | {"residents": "BIGINT"}


def content_names(chosen: Model) -> dict[str, str]:
    """What a register row holds → its short name in the file."""
    return {name: f"c{place}" for place, name in enumerate(content_types(chosen))}


def bucket_bits(entries: int) -> int:
    """How many leading bits of an entry are the number of its bucket."""
    return max(0, (entries // ENTRIES_A_BUCKET).bit_length())


@contextmanager
def _published(out: Path) -> Iterator[sqlite3.Connection]:
    """An empty store that becomes `out` by renaming when all went well; only its owner may read it."""
    fresh = out.parent / f".{out.name}-{secrets.token_hex(4)}"
    try:
        if out.is_dir():
            raise OutputError(f"{out} is a folder: name a file")
        out.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(fresh, isolation_level=None)) as store:
            for setting in ("journal_mode = OFF", "synchronous = OFF", f"application_id = {APPLICATION}"):
                store.execute(f"PRAGMA {setting}")
            store.executescript(SCHEMA)
            store.execute("BEGIN")
            yield store
            store.execute("COMMIT")
        fresh.replace(out)
    except (sqlite3.OperationalError, OSError) as error:
        raise OutputError(f"{out} cannot be written: {error}") from None
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _write_entries(database: duckdb.DuckDBPyConnection, store: sqlite3.Connection, chosen: Model) -> int:
    """Fill `bucket` with entry → row, but those of keys that too many rows share; return how many entries."""
    lists = make_keyed(database, sorted({key for keys in chosen.rules for key in keys}))
    database.execute("CREATE TABLE entry (row_id BIGINT, entry BIGINT)")
    for number, keys in enumerate(chosen.rules):
        database.execute(f"CREATE OR REPLACE TEMP TABLE found AS {entry_sql(number, keys, lists)}")
        # The record that is looked up is one more row.
        database.execute(
            f"""
            INSERT INTO entry SELECT DISTINCT row_id, entry FROM found
            ANTI JOIN (SELECT entry FROM found GROUP BY entry HAVING count(*) >= {LARGEST_BLOCK}) USING (entry)
            """
        )
    database.execute("DROP TABLE found")
    database.execute("DROP TABLE keyed")
    entries = count(database, "entry")
    shift = ENTRY_BITS - bucket_bits(entries)
    step = max(1 << shift, (1 << ENTRY_BITS) // SLICES)
    for first in range(0, 1 << ENTRY_BITS, step):
        store.executemany(
            "INSERT INTO bucket VALUES (?, ?, ?)", _buckets(database, first, first + step - 1, shift)
        )
    database.execute("DROP TABLE entry")
    return entries


def _buckets(
    database: duckdb.DuckDBPyConnection, first: int, last: int, shift: int
) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, entries and rows of the buckets of a range of entries; a slice ends where a bucket does."""
    import numpy

    found = database.execute(
        "SELECT entry, row_id::INTEGER AS row_id FROM entry WHERE entry BETWEEN ? AND ? ORDER BY entry, row_id",
        [first, last],
    ).fetchnumpy()
    entries, rows = found["entry"].astype("<i8"), found["row_id"].astype("<i4")
    numbers, starts = numpy.unique(entries >> shift, return_index=True)
    ends = [*starts[1:].tolist(), len(entries)]
    for number, start, end in zip(numbers.tolist(), starts.tolist(), ends, strict=True):
        yield number, entries[start:end].tobytes(), rows[start:end].tobytes()


def _write_records(database: duckdb.DuckDBPyConnection, store: sqlite3.Connection, chosen: Model) -> None:
    """Fill `record`: what is kept of each row, as a JSON object."""
    frequent = frequency_columns(chosen)
    sources = {name: f'record."{name}"' for name in kept_columns(chosen)}
    sources |= {f"tf_{name}": f'"frequency_{name}"."tf_{name}"' for name in frequent}
    sources["residents"] = "home.residents"
    content = ", ".join(f"{short} := {sources[name]}" for name, short in content_names(chosen).items())
    joins = " ".join(
        f'LEFT JOIN "frequency_{name}" ON "frequency_{name}"."{name}" = record."{name}"' for name in frequent
    )
    reader = database.execute(
        f"""
        SELECT row_id, to_json(struct_pack({content}))::VARCHAR
        FROM "{RECORD.name}" record {joins} LEFT JOIN ({HOMES}) home ON home.place = record.place
        ORDER BY row_id
        """
    )
    while rows := reader.fetchmany(ROWS_AT_ONCE):
        store.executemany("INSERT INTO record VALUES (?, ?)", rows)


def _write_frequencies(
    database: duckdb.DuckDBPyConnection, store: sqlite3.Connection, chosen: Model
) -> dict[str, float]:
    """Fill `frequency`; return for each column what `count_frequencies` gives to a value that nobody has."""
    rarest = {}
    for name in frequency_columns(chosen):
        reader = database.execute(
            f"""SELECT '{name}', "{name}", "tf_{name}" FROM "frequency_{name}" ORDER BY 2"""
        )
        while rows := reader.fetchmany(ROWS_AT_ONCE):
            store.executemany("INSERT INTO frequency VALUES (?, ?, ?)", rows)
        [(people,)] = database.execute(
            f'SELECT count(DISTINCT subject_id) FROM "{RECORD.name}" WHERE "{name}" IS NOT NULL'
        ).fetchall()
        rarest[name] = 1 / (people + 1)
    return rarest


def _write_objections(database: duckdb.DuckDBPyConnection, store: sqlite3.Connection, given: bool) -> None:
    if given:
        rows = database.execute("SELECT record_id, nhs_number FROM objection").fetchall()
        store.executemany("INSERT INTO objection VALUES (?, ?)", rows)
