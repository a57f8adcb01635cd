"""A field and the rows received → `cleaned_<field>`, what its `clean` answers, and the SQL that brings it back to the rows.

`clean` is called once per distinct combination of the values it is given. A field's shortcut makes these fewer: what is
plain is not given, but put into the answers by SQL.
"""

from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import Any

import duckdb

from linkage.fields import Shortcut

ARROW_ROWS = 50_000
NOTHING = "CAST(NULL AS VARCHAR)"


def reads(field: ModuleType) -> tuple[str, ...]:
    """Names of the inputs that the field's `clean` is given."""
    return tuple(getattr(field, "READS", tuple(declared.name for declared in field.INPUTS)))


def steps(fields: Iterable[ModuleType]) -> list[str]:
    """What all shortcuts work out, step by step, each for a SELECT."""
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
    """Make `cleaned_<name>`: the field's columns for each distinct combination of what its `clean` is given."""
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
    """The JOINs of `cleaned_<name>` to `received`, one for each call of the field's `clean`.

    Every row finds its answer; LEFT keeps the database from building a table of the rows instead of the answers.
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
    """The field's columns → expressions over `received` and what `joins` joins to it."""
    first = next(iter(_given(name, field)))
    shortcut: Shortcut | None = getattr(field, "SHORTCUT", None)
    own = shortcut.answers if shortcut else {}
    return {column: own.get(column, f'"{first}"."{column}"') for column in field.COLUMNS}


def _given(name: str, field: ModuleType) -> dict[str, list[str]]:
    """Every call of the field's `clean` → an expression over `received` for each value it reads."""
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
