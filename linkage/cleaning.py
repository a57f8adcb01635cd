"""A field and the rows received → `cleaned_<field>`: the results of its `clean`, and the SQL that joins them to the rows.

`clean` (Python) is called once per distinct combination of its inputs. A field's `Shortcut` makes these fewer: SQL works out the
results for plain values itself, and passes NULL to `clean` in their place.
"""

from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import Any

import duckdb

from linkage.fields import Shortcut

ARROW_ROWS = 50_000
NOTHING = "CAST(NULL AS VARCHAR)"
"""What a call of `clean` is given for an input that its shortcut does not name."""


def reads(field: ModuleType) -> tuple[str, ...]:
    """Names of the inputs that the field's `clean` is given."""
    return tuple(getattr(field, "READS", tuple(declared.name for declared in field.INPUTS)))


def steps(fields: Iterable[ModuleType]) -> list[str]:
    """The new columns of all shortcuts, for one SELECT per step; a later step may read the columns of earlier ones."""
    found = [field.SHORTCUT.steps for field in fields if hasattr(field, "SHORTCUT")]
    return [
        ", ".join(
            f'{expression} AS "{name}"'
            for taken in found
            if place < len(taken)
            for name, expression in taken[place].items()
        )
        for place in range(max(map(len, found), default=0))
    ]


def clean_field(database: duckdb.DuckDBPyConnection, name: str, field: ModuleType) -> None:
    """Make `cleaned_<name>`: in_0, in_1 … and the field's columns, one row per distinct combination of inputs of `clean`."""
    columns: dict[str, str] = field.COLUMNS
    inputs = range(len(reads(field)))
    types = [f'"in_{index}" VARCHAR' for index in inputs]
    types += [f'"{column}" {kind}' for column, kind in columns.items()]
    database.execute(f'CREATE TABLE "cleaned_{name}" ({", ".join(types)})')
    calls = [f"SELECT {', '.join(given)} FROM received" for given in _given(name, field).values()]
    reader = database.sql(
        f"""
        SELECT DISTINCT * FROM ({" UNION ALL ".join(calls)}) AS given({", ".join(f"in_{index}" for index in inputs)})
        """
    ).to_arrow_reader(ARROW_ROWS)
    writer = database.cursor()
    for batch in reader:
        _insert_cleaned(writer, name, batch, field.clean)
    writer.close()


def joins(name: str, field: ModuleType) -> str:
    """The JOINs of `cleaned_<name>` to `received`, one for each call of the field's `clean`, aliased as the call.

    Every row has its result; LEFT JOIN makes DuckDB build its hash table of the results, which are fewer than the rows.
    """
    found = []
    for call, given in _given(name, field).items():
        same = [
            f'"{call}"."in_{index}" ' + ("IS NULL" if value == NOTHING else f"IS NOT DISTINCT FROM {value}")
            for index, value in enumerate(given)
        ]
        found.append(f'LEFT JOIN "cleaned_{name}" "{call}" ON {" AND ".join(same)}')
    return " ".join(found)


def answers(name: str, field: ModuleType) -> dict[str, str]:
    """Column of the field → its expression over `received` and the tables that `joins` joins to it."""
    first = next(iter(_given(name, field)))
    shortcut: Shortcut | None = getattr(field, "SHORTCUT", None)
    own = shortcut.answers if shortcut else {}
    return {column: own.get(column, f'"{first}"."{column}"') for column in field.COLUMNS}


def _given(name: str, field: ModuleType) -> dict[str, list[str]]:
    """Name of each call of the field's `clean` → an expression over `received` for each of its inputs, in the order of
    `reads`."""
    shortcut: Shortcut | None = getattr(field, "SHORTCUT", None)
    if shortcut is None:
        return {f"cleaned_{name}": [f'received."{column}"' for column in reads(field)]}
    return {
        call: [given.get(column, NOTHING) for column in reads(field)]
        for call, given in shortcut.calls.items()
    }


def _insert_cleaned(
    database: duckdb.DuckDBPyConnection, name: str, batch: Any, clean: Callable[..., Sequence[Any]]
) -> None:
    import pyarrow

    values = [column.to_pylist() for column in batch.columns]
    answered = [clean(*row) for row in zip(*values, strict=True)]
    if not answered:
        return
    arrays = [*batch.columns, *(pyarrow.array(column) for column in zip(*answered, strict=True))]
    cleaned = pyarrow.table(arrays, names=[f"c{index}" for index in range(len(arrays))])
    database.register("cleaned_batch", cleaned)
    database.execute(f'INSERT INTO "cleaned_{name}" SELECT * FROM cleaned_batch')
    database.unregister("cleaned_batch")
