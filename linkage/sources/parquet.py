"""A Parquet file → a table of text with its row numbers."""

from pathlib import Path

import duckdb

from linkage.database import lend_file
from linkage.errors import INTERRUPTED, InputError
from linkage.sources import Fits, Loaded, create_table, looks_like, read_headings

SUFFIXES = (".parquet", ".pq")

MIDNIGHT = "[ T]00:00:00(\\.0+)?$"
ENGLAND = "Europe/London"
"""The time zone in which a moment with a time zone is put: midnight in England is often stored as 23:00 of the day before
in UTC."""
DOT_NOUGHT = "\\.0+$"
GREENWICH_TIME = "1848-01-01 00:00:00+00"
"""Before this day London's clock was 75 seconds behind, which would move the days that stand for no date."""
FLOATS = ("DOUBLE", "FLOAT")


def load(database: duckdb.DuckDBPyConnection, path: Path, table: str, _fits: Fits | None = None) -> Loaded:
    """Make `table` from the file at `path`; see the shelf's contract.

    Lists are joined with a semicolon. Whole numbers lose their ".0" (or more zeros, as ids of some databases have), and
    moments at midnight their time. A moment with a time zone is put in England's time.
    """
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        raise InputError(f"{path.name} is empty")
    if not start.startswith(b"PAR1"):
        kind = looks_like(start) or "something else"
        raise InputError(f"{path.name} is not a Parquet file: it looks like {kind}")
    try:
        with lend_file(database, path) as name:
            found = database.execute(
                "SELECT * FROM read_parquet(?, binary_as_string = true) LIMIT 0", [name]
            ).description
            headings = read_headings([heading for heading, *_ in found], path.name)
            rows = _copy(database, name, table, [str(kind) for _, kind, *_ in found])
    except duckdb.OutOfMemoryException:
        raise
    except (duckdb.Error, RuntimeError) as error:
        if str(error) == INTERRUPTED:
            raise
        # The message is not shown, since it may quote a value. RuntimeError: a heading that is not text, or an interruption.
        raise InputError(f"{path.name} is damaged or encrypted: it cannot be read as Parquet") from None
    return Loaded(headings.names, rows, [], headings.notes, headings.duplicated)


def _copy(database: duckdb.DuckDBPyConnection, file: str, table: str, types: list[str]) -> int:
    create_table(database, table, len(types))
    names = [f"column_{place}" for place in range(1, len(types) + 1)]
    cells = ", ".join(_as_text(name, kind) for name, kind in zip(names, types, strict=True))
    # The columns are renamed by position, so that no name from the file becomes part of a statement.
    database.execute(
        f"""
        INSERT INTO "{table}"
        SELECT file_row_number + 2, {cells}
        FROM read_parquet(?, binary_as_string = true, file_row_number = true)
            AS received({", ".join(names)}, file_row_number)
        """,
        [file],
    )
    for name, kind in zip(names, types, strict=True):
        if kind in FLOATS:
            # DuckDB 2.0 uses the file's range of numbers for their texts too, and answers comparisons by it without reading them.
            # So "not a number" can be recognised only once the texts are stored.
            database.execute(f"UPDATE \"{table}\" SET {name} = NULL WHERE {name} = 'nan'")
    return int(database.execute(f'SELECT count(*) FROM "{table}"').fetchall()[0][0])


def _as_text(name: str, kind: str) -> str:
    """Expression for a column of the DuckDB type `kind` as text, empty text as NULL."""
    text = f"CAST({name} AS VARCHAR)"
    if kind.endswith("[]"):
        text = f"array_to_string(CAST({name} AS VARCHAR[]), ';')"
    elif kind in FLOATS or kind.startswith("DECIMAL"):
        text = f"regexp_replace({text}, '{DOT_NOUGHT}', '')"
    elif kind == "TIMESTAMP WITH TIME ZONE":
        zone = f"CASE WHEN {name} < TIMESTAMPTZ '{GREENWICH_TIME}' THEN 'UTC' ELSE '{ENGLAND}' END"
        text = f"regexp_replace(CAST(timezone({zone}, {name}) AS VARCHAR), '{MIDNIGHT}', '')"
    elif kind.startswith("TIMESTAMP"):
        text = f"regexp_replace({text}, '{MIDNIGHT}', '')"
    return f"nullif({text}, '')"
