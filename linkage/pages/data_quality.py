"""Rows received and cleaned → what was set aside and why, how much of each field can be used, and what cleaning found.

Counts only: nothing here is a value of a person.
"""

import duckdb

from linkage.database import columns_of

LONGEST_LIST = 15
USABLE = {"address": "place", "contact": "contact_first"}
"""Field without a cleaned column of its own name → the column that has a value where it can be used."""


def rejections(database: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, int]]:
    """File, column, kind of problem, rows; the commonest `LONGEST_LIST` of them."""
    return database.execute(
        f"""
        SELECT
            file,
            coalesce(column_name, '') AS place,
            regexp_replace(problem, '[0-9]+', '…', 'g') AS kind,
            count(DISTINCT row_number) AS "rows"
        FROM reject
        GROUP BY file, place, kind
        ORDER BY "rows" DESC, file, place, kind
        LIMIT {LONGEST_LIST}
        """
    ).fetchall()


def completeness(database: duckdb.DuckDBPyConnection) -> list[tuple[str, dict[str, float], dict[str, float]]]:
    """Field, then by dataset the share of rows that came with a value, and with one that can be used.

    A field of which no column tells what can be used is taken as received.
    """
    columns = columns_of(database, "record")
    fields = [name.removesuffix("_received") for name in columns if name.endswith("_received")]
    found = []
    for field in sorted(fields):
        told_by = (field, USABLE.get(field, ""), f"{field}_received")
        usable = next(name for name in told_by if name in columns)
        rows = database.execute(
            f"""
            SELECT dataset, count("{field}_received") / count(*), count("{usable}") / count(*)
            FROM record
            GROUP BY dataset
            """
        ).fetchall()
        found.append((field, {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}))
    return found


def flags(database: duckdb.DuckDBPyConnection) -> list[tuple[str, int, int]]:
    """Flag, council rows, NHS rows."""
    return database.execute(
        """
        SELECT
            flag,
            count(*) FILTER (WHERE dataset = 'council') AS council,
            count(*) FILTER (WHERE dataset = 'nhs')
        FROM (SELECT DISTINCT row_id, dataset, unnest(flags) AS flag FROM record)
        GROUP BY flag
        ORDER BY council DESC, flag
        """
    ).fetchall()
