"""Rows as received → the `record` table: the columns of all fields, and flags on what was found in cleaning.

`cleaning.py` cleans each field once per distinct value; here the results are joined back to the rows.
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

ROW_ORDER = "dataset_order, record_id, content, row_number"
"""The order of row ids: dataset, record id as received, `content_sql`. Rows equal in all three are copies of each other."""

FLAGS = '_flags"'
"""The end of the quoted name of a field's column of flags. `record` has all flags in one list, `flags`."""


def standardise(database: duckdb.DuckDBPyConnection, datasets: list[str]) -> None:
    """Make `record` from the raw tables of `datasets`, in their order.

    Row ids and subject ids count from 0 in the order of record ids, so the order of rows in a file changes nothing.
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
    """Make the view `received`: all raw rows, with the fields' `WORKED_OUT` inputs and the steps of their shortcuts.

    These are stored in the raw tables, since they are read twice: for the distinct values to clean, and to join the results.
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
        f"""SELECT {dataset_order} AS dataset_order, '{dataset}' AS dataset, * FROM "{raw(dataset)}" """
        for dataset_order, dataset in enumerate(datasets)
    ]
    database.execute(f"CREATE TEMP VIEW received AS {' UNION ALL BY NAME '.join(selects)}")


def _number_rows(database: duckdb.DuckDBPyConnection) -> None:
    """Make `numbered`: the row_id of each row."""
    database.execute(
        f"""
        CREATE TABLE numbered AS
        SELECT dataset_order, row_number, row_number() OVER (ORDER BY {ROW_ORDER}) - 1 AS row_id
        FROM (SELECT dataset_order, row_number, record_id, {content_sql()} AS content FROM received)
        """
    )


def content_sql() -> str:
    """Expression for a hash of all inputs of a row as received."""
    named = ", ".join(f'"{name}"' for name in inputs())
    return f"hash({named})"


def _number_subjects(database: duckdb.DuckDBPyConnection) -> None:
    """Make `subject`: row_id, record_id and subject_id of each row. Council rows of one record id are one subject, and so are
    register rows of one NHS Number (or record id, where that number is not valid)."""
    field = shelf.load("fields", "nhs_number")
    number = answers("nhs_number", field)["nhs_number"]
    database.execute(
        f"""
        CREATE TABLE subject AS
        SELECT dataset_order, row_number, row_id, key AS record_id, dense_rank() OVER (ORDER BY dataset_order, key) - 1 AS subject_id
        FROM (
            SELECT dataset_order, row_number, row_id,
                CASE WHEN dataset = '{NHS}' THEN coalesce({number}, record_id) ELSE record_id END AS key
            FROM received JOIN numbered USING (dataset_order, row_number) {joins("nhs_number", field)}
        )
        """
    )


def _gather(database: duckdb.DuckDBPyConnection, fields: dict[str, ModuleType]) -> None:
    """Make `record`: the ids, all flags in one list, the fields' columns and their derived columns."""
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
            FROM received JOIN subject USING (dataset_order, row_number)
            {" ".join(joins(name, field) for name, field in fields.items())}
        )
        """
    )


def flags_sql(columns: Sequence[str]) -> str:
    """Expression for all flags in one list; `columns` are the quoted names of all columns that the fields give."""
    flags = [f"coalesce({column}, [])" for column in columns if column.endswith(FLAGS)]
    return " || ".join(flags) if flags else "CAST([] AS VARCHAR[])"


def derived_sql() -> str:
    """The fields' `DERIVED` columns, for a SELECT over their cleaned columns."""
    derived = [
        f'CAST({expression} AS {kind}) AS "{column}"'
        for field in shelf.load_all("fields").values()
        for column, (kind, expression) in getattr(field, "DERIVED", {}).items()
    ]
    return ", ".join(derived) or "true AS derived"


def worked_out_sql() -> str:
    """The fields' `WORKED_OUT` inputs, for a SELECT over the received ones."""
    return ", ".join(
        f'{expression} AS "{name}"'
        for field in shelf.load_all("fields").values()
        for name, expression in getattr(field, "WORKED_OUT", {}).items()
    )


def resolve_superseded(database: duckdb.DuckDBPyConnection) -> int:
    """Give register rows of a superseded NHS Number the subject and record id of the number that replaced it; return how many.

    Either number's rows may say so. Chains are followed to their end, as far as the register has the numbers; numbers that
    replace each other in a circle stay as they are.
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
"""SELECT of a number of the register and the one there that replaced it, as its own rows say, or else as the rows of the other
do. Numbers of which several others are named are left out."""


def _live(following: dict[str, str], number: str) -> str:
    """The end of the chain that begins with `number`, or `number` if it leads into a circle."""
    end = end_of_chain(following, number)
    return number if end in following else end
