"""Rows received and rows of the last full run → `row_key`: each row, with the id of the kept row it equals, if it is
unchanged."""

from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from linkage.reading.profile import inputs
from linkage.standardise import content_sql
from linkage.tables import raw
from linkage.values.dates import today


def waits_for_a_day_sql() -> str:
    """Condition that a row of `record` would be cleaned differently on another day: it has a date in the future, or a
    date of death given as this month or year only, which is read as today at the latest."""
    return f"""
        len(list_filter(flags, lambda flag: ends_with(flag, '_future'))) > 0
        OR coalesce(date_of_death = DATE '{today()}', false)
    """


@dataclass(frozen=True)
class Changes:
    """Counts of one dataset: rows in the last full run (`before`) and now (`rows`), rows of now that are `new` or
    changed, and rows of then that are `gone` or changed."""

    before: int
    rows: int
    new: int
    gone: int

    @property
    def share(self) -> float:
        """The share of rows that changed, of the rows of the last full run."""
        return max(self.new, self.gone) / max(self.before, 1)

    def told(self) -> dict[str, Any]:
        """For the manifest."""
        return asdict(self)


def number_rows(database: duckdb.DuckDBPyConnection, datasets: list[str]) -> None:
    """Make `row_key`, one row per row received: dataset, row_number, record_id as received, `content` (a hash of all values),
    `filled` (bit n is set if input n has a value), `copy` (1, 2 … for rows with the same content) and an empty kept_id."""
    filled = " | ".join(
        f'CASE WHEN "{name}" IS NULL THEN 0::UBIGINT ELSE {1 << place}::UBIGINT END'
        for place, name in enumerate(inputs())
    )
    selects = [
        f"""
        SELECT '{dataset}' AS dataset, row_number, record_id, {content_sql()} AS content, {filled} AS filled
        FROM "{raw(dataset)}"
        """
        for dataset in datasets
    ]
    database.execute(
        f"""
        CREATE TABLE row_key AS
        SELECT *, row_number() OVER (PARTITION BY dataset, content ORDER BY row_number) AS copy,
            NULL::BIGINT AS kept_id
        FROM ({" UNION ALL ".join(selects)})
        """
    )


def add_known(database: duckdb.DuckDBPyConnection) -> None:
    """Move the rows of `known_row`, which have their kept_id from their lines, to `row_key`."""
    database.execute("INSERT INTO row_key BY NAME FROM known_row")
    database.execute("DROP TABLE known_row")


def find_changes(database: duckdb.DuckDBPyConnection) -> dict[str, Changes]:
    """Fill `kept_id` in `row_key` with the id of the kept row that each row equals; make `gone` (kept_id) of kept rows
    that no row equals; return dataset → what changed.

    Rows are equal if dataset and content are, unless they may be cleaned differently today (`waits_for_a_day_sql`). By
    chance a changed row has the 64-bit hash of another row once in 10^13 changes to a file of a million rows.
    """
    database.execute(
        """
        CREATE OR REPLACE TABLE row_key AS
        SELECT row_key.* REPLACE (coalesce(row_key.kept_id, was.kept_id) AS kept_id)
        FROM row_key LEFT JOIN (
            -- Rows that were recognised by their lines are taken; the copies of the others are numbered anew.
            SELECT dataset, content, kept_id, row_number() OVER (PARTITION BY dataset, content ORDER BY copy) AS copy
            FROM kept_row ANTI JOIN row_key USING (kept_id) WHERE NOT waits_for_a_day
        ) was USING (dataset, content, copy)
        """
    )
    database.execute("CREATE TABLE gone AS SELECT kept_id FROM kept_row ANTI JOIN row_key USING (kept_id)")
    rows = database.execute(
        """
        SELECT dataset, before, rows, rows - same, before - same
        FROM (SELECT dataset, count(*) AS rows, count(kept_id) AS same FROM row_key GROUP BY dataset)
        JOIN (SELECT dataset, count(*) AS before FROM kept_row GROUP BY dataset) USING (dataset)
        ORDER BY dataset
        """
    ).fetchall()
    return {dataset: Changes(*numbers) for dataset, *numbers in rows}
