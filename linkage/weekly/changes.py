"""Rows received and rows of the last full run → `row_key`: every row, and which row of then it is, if it has not changed."""

from dataclasses import asdict, dataclass
from typing import Any

import duckdb

from linkage.reading.profile import inputs
from linkage.standardise import content_sql
from linkage.tables import raw
from linkage.values.dates import today


def waits_for_a_day_sql() -> str:
    """Condition on a row of `record`: it reads otherwise on another day, since it holds a date that is still to come or a
    death of this month or year, of which all days until today have come."""
    return f"""
        len(list_filter(flags, lambda flag: ends_with(flag, '_future'))) > 0
        OR coalesce(date_of_death = DATE '{today()}', false)
    """


@dataclass(frozen=True)
class Changes:
    """Of one dataset since the last full run: its rows then and now, those of now that are new or changed, and those of
    then that are changed or gone."""

    before: int
    rows: int
    new: int
    gone: int

    @property
    def share(self) -> float:
        """How much changed, of the rows of then."""
        return max(self.new, self.gone) / max(self.before, 1)

    def told(self) -> dict[str, Any]:
        """For the manifest."""
        return asdict(self)


def number_rows(database: duckdb.DuckDBPyConnection, datasets: list[str]) -> None:
    """Make `row_key`: each row received, its record id as received, a hash of all its values, `content`, and which inputs have
    one, `filled` (a bit for each); `copy` tells rows apart that are alike."""
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
    """Add to `row_key` the rows of `known_row`, of which it is known already which they were."""
    database.execute("INSERT INTO row_key BY NAME FROM known_row")
    database.execute("DROP TABLE known_row")


def find_changes(database: duckdb.DuckDBPyConnection) -> dict[str, Changes]:
    """Fill `kept_id` of `row_key` with the row of `kept_row` that each row was, and make `gone` of those that none was;
    tell what changed, by dataset.

    Rows are the same if their dataset and content are, unless they wait for a day. A changed row has by chance the hash of another, of 64 bits,
    once in 10^13 changes in a file of a million rows.
    """
    database.execute(
        """
        CREATE OR REPLACE TABLE row_key AS
        SELECT row_key.* REPLACE (coalesce(row_key.kept_id, was.kept_id) AS kept_id)
        FROM row_key LEFT JOIN (
            -- Of rows that are alike some may be known by their lines: the others are counted anew.
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
