"""Rows as received → the `record` table: cleaned fields, and the flags found on the way.

Each field is cleaned by `cleaning.py`; its answers are joined back to the rows by the database.
"""

from collections.abc import Sequence
from types import ModuleType

import duckdb

from linkage import shelf
from linkage.cleaning import answers, clean_field, joins, steps
from linkage.database import insert_rows
from linkage.hashed import received_sql
from linkage.past import end_of_chain
from linkage.reading.profile import inputs
from linkage.tables import NHS, RECORD, raw

ROW_ORDER = "place, record_id, content, row_number"
"""The order of row ids: by dataset, the record id as received, and `content_sql`; then rows are copies of each other."""

FLAGS = '_flags"'
"""How the quoted names end of the columns in which fields say what they found; `record` has them in one list, `flags`."""


def standardise(database: duckdb.DuckDBPyConnection, datasets: list[str]) -> None:
    """Make `record` from the raw tables of `datasets`, in their order.

    Row and subject ids are dense and follow the record ids, so the order of rows in a file changes nothing.
    """
    fields = shelf.load_all("fields")
    receive(database, datasets)
    _number_rows(database)
    for name, field in fields.items():
        clean_field(database, name, field)
    _number_subjects(database)
    database.execute("DROP TABLE numbered")
    _gather(database, fields)
    for name in fields:
        database.execute(f'DROP TABLE "cleaned_{name}"')
    database.execute("DROP VIEW received")
    database.execute("DROP TABLE subject")


def receive(database: duckdb.DuckDBPyConnection, datasets: list[str]) -> None:
    """Make `received`: all raw rows, what fields work out from several columns of a row, and their shortcuts' steps.

    What is worked out is put into the raw tables, since it is asked for twice: to find what `clean` is given, and to
    bring its answers back.
    """
    worked_out = worked_out_sql()
    for dataset in datasets:
        query = f"""SELECT *{worked_out and f", {worked_out}"} FROM "{raw(dataset)}" """
        for step in steps(shelf.load_all("fields").values()):
            query = f"SELECT *, {step} FROM ({query})"
        database.execute(f"CREATE TABLE worked_out AS {query}")
        database.execute(f'DROP TABLE "{raw(dataset)}"')
        database.execute(f'ALTER TABLE worked_out RENAME TO "{raw(dataset)}"')
    selects = [
        f"""SELECT {place} AS place, '{dataset}' AS dataset, * FROM "{raw(dataset)}" """
        for place, dataset in enumerate(datasets)
    ]
    database.execute(f"CREATE TEMP VIEW received AS {' UNION ALL BY NAME '.join(selects)}")


def _number_rows(database: duckdb.DuckDBPyConnection) -> None:
    """Make `numbered`: each row's row_id. Rows are ranked by id and content, not by their place."""
    database.execute(
        f"""
        CREATE TABLE numbered AS
        SELECT place, row_number, row_number() OVER (ORDER BY {ROW_ORDER}) - 1 AS row_id
        FROM (SELECT place, row_number, record_id, {content_sql()} AS content FROM received)
        """
    )


def content_sql() -> str:
    """Expression for a number that stands for all values of a row received, whatever its place in the file."""
    named = ", ".join(f'"{name}"' for name in inputs())
    return f"hash({named})"


def _number_subjects(database: duckdb.DuckDBPyConnection) -> None:
    """Make `subject`: the ids of each row; council rows belong together by record id, NHS rows by NHS Number."""
    field = shelf.load("fields", "nhs_number")
    number = answers("nhs_number", field)["nhs_number"]
    database.execute(
        f"""
        CREATE TABLE subject AS
        SELECT place, row_number, row_id, key AS record_id, dense_rank() OVER (ORDER BY place, key) - 1 AS subject_id
        FROM (
            SELECT place, row_number, row_id,
                CASE WHEN dataset = '{NHS}' THEN coalesce({number}, record_id) ELSE record_id END AS key
            FROM received JOIN numbered USING (place, row_number) {joins("nhs_number", field)}
        )
        """
    )


def _gather(database: duckdb.DuckDBPyConnection, fields: dict[str, ModuleType]) -> None:
    """Make `record`: every field's columns joined to the rows, the derived ones, and all flags in one list."""
    columns = {
        column: answer for name, field in fields.items() for column, answer in answers(name, field).items()
    }
    listed = [f'"{column}"' for column in columns]
    kept = [column for column in listed if not column.endswith(FLAGS)]
    database.execute(
        f"""
        CREATE TABLE "{RECORD.name}" AS
        SELECT row_id, dataset, subject_id, record_id, row_number, {flags_sql(listed)} AS flags, received,
            {", ".join(kept)}, {derived_sql()}
        FROM (
            SELECT
                subject.row_id, received.dataset, subject.subject_id, subject.record_id, received.row_number,
                {received_sql()} AS received,
                {", ".join(f'{answer} AS "{column}"' for column, answer in columns.items())}
            FROM received JOIN subject USING (place, row_number)
            {" ".join(joins(name, field) for name, field in fields.items())}
        )
        """
    )


def flags_sql(columns: Sequence[str]) -> str:
    """Expression for the flags in one list, from the expressions of all columns that the fields' `clean` give."""
    flags = [f"coalesce({column}, [])" for column in columns if column.endswith(FLAGS)]
    return " || ".join(flags) if flags else "CAST([] AS VARCHAR[])"


def derived_sql() -> str:
    """The columns that follow from a row's cleaned ones, for a SELECT."""
    derived = [
        f'CAST({expression} AS {kind}) AS "{column}"'
        for field in shelf.load_all("fields").values()
        for column, (kind, expression) in getattr(field, "DERIVED", {}).items()
    ]
    return ", ".join(derived) or "true AS derived"


def worked_out_sql() -> str:
    """The inputs that follow from several received ones, for a SELECT."""
    return ", ".join(
        f'{expression} AS "{name}"'
        for field in shelf.load_all("fields").values()
        for name, expression in getattr(field, "WORKED_OUT", {}).items()
    )


def resolve_superseded(database: duckdb.DuckDBPyConnection) -> int:
    """Give rows of a superseded NHS Number to the subject of the number that replaced it; return how many.

    Their record id becomes the live number too. What replaced a number is told in any of its own rows, or in those of
    the number that did. Chains are followed to their end in the register; numbers that replace each other in a circle stay.
    """
    following = dict(database.execute(_FOLLOWING).fetchall())
    replaced = [(old, live) for old in following if (live := _live(following, old)) != old]
    database.execute("CREATE TEMP TABLE replaced (old VARCHAR, live VARCHAR)")
    insert_rows(database, "replaced", replaced)
    [(moved,)] = database.execute(
        f"""
        UPDATE "{RECORD.name}" SET subject_id = living.subject_id, record_id = living.record_id
        FROM replaced JOIN (
            SELECT nhs_number, any_value(subject_id) AS subject_id, any_value(record_id) AS record_id
            FROM "{RECORD.name}" WHERE dataset = '{NHS}' GROUP BY nhs_number
        ) living ON living.nhs_number = replaced.live
        WHERE "{RECORD.name}".dataset = '{NHS}' AND "{RECORD.name}".nhs_number = replaced.old
        """
    ).fetchall()
    database.execute("DROP TABLE replaced")
    return int(moved)


_FOLLOWING = f"""
    WITH number AS (
        SELECT nhs_number, nhs_numbers, nhs_number_superseded_by FROM "{RECORD.name}"
        WHERE dataset = '{NHS}' AND nhs_number IS NOT NULL
    ),
    told AS (
        SELECT nhs_number AS old, nhs_number_superseded_by AS live, true AS own FROM number
        WHERE nhs_number_superseded_by IS NOT NULL
        UNION ALL
        SELECT unnest(nhs_numbers) AS old, nhs_number AS live, false AS own FROM number WHERE len(nhs_numbers) > 1
    )
    SELECT old, coalesce(max(live) FILTER (own), max(live)) FROM told
    WHERE old <> live AND old IN (SELECT nhs_number FROM number) AND live IN (SELECT nhs_number FROM number)
    GROUP BY old
    HAVING count(DISTINCT live) FILTER (own) = 1 OR (count(*) FILTER (own) = 0 AND count(DISTINCT live) = 1)
"""
"""A number of the register → the one that replaced it, if that is there too: as its own rows say, or else as the other's
do. Where they say several, nobody knows which."""


def _live(following: dict[str, str], number: str) -> str:
    """The end of the chain that begins with `number`, or `number` if it leads into a circle."""
    end = end_of_chain(following, number)
    return number if end in following else end
