"""Record table and a model → `frequency_<column>`: the term frequencies of each column that has them."""

import duckdb

from linkage.model import Model
from linkage.tables import NHS, RECORD

NAMED = "surname_with_forename"
"""The column of full names, whose term frequency is that of the surname among people of that forename."""


def frequency_columns(model: Model) -> list[str]:
    """Columns with term frequencies in the model, sorted."""
    levels = [level for comparison in model.comparisons for level in comparison.levels]
    return sorted({level.term_frequency for level in levels if level.term_frequency})


def count_frequencies(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `frequency_<column>` (the column, tf_<column>) for each such column, unless it is there: the share of the register's
    people with each value.

    People are counted, not rows, and one is added to every count: a value that only the council has is rare, not unknown, and
    no value is rarer than one in the register's size. Without a register all subjects are counted and nothing is added, since
    both records of a pair that agrees are among them.
    """
    has_register = database.execute(
        f"""SELECT count(*) FROM "{RECORD.name}" WHERE dataset = '{NHS}'"""
    ).fetchall()
    counted, added = (f"dataset = '{NHS}'", 1) if has_register[0][0] else ("true", 0)
    for column in frequency_columns(model):
        if column == NAMED:
            _count(database, "surname", counted, added)
            _count_namesakes(database)
        else:
            _count(database, column, counted, added)


def _count(database: duckdb.DuckDBPyConnection, column: str, counted: str, added: int) -> None:
    database.execute(
        f"""
        CREATE TABLE IF NOT EXISTS "frequency_{column}" AS
        WITH people AS (
            SELECT count(DISTINCT subject_id) AS people FROM "{RECORD.name}"
            WHERE {counted} AND "{column}" IS NOT NULL
        )
        SELECT "{column}",
            (count(DISTINCT subject_id) FILTER ({counted}) + {added}) / (any_value(people) + 1)::DOUBLE AS "tf_{column}"
        FROM "{RECORD.name}", people WHERE "{column}" IS NOT NULL GROUP BY "{column}"
        """
    )


def _count_namesakes(database: duckdb.DuckDBPyConnection) -> None:
    """Make `frequency_surname_with_forename`: the frequency of a surname among the people of one forename, or among all
    people if that is higher.

    Names are correlated: a Mohammed is called Khan far more often than a John is, so the product of both frequencies
    makes strangers with both names too rare. Of k namesakes k - 2 sqrt(k) count, a lower bound of what is not chance:
    fewer than five show nothing, and a rare name stays rare. Only a register's rows are counted: in one file namesakes
    may be the same person.
    """
    database.execute(
        f"""
        CREATE TABLE IF NOT EXISTS "frequency_{NAMED}" AS
        WITH person AS (SELECT DISTINCT subject_id, forename, "{NAMED}" FROM "{RECORD.name}" WHERE dataset = '{NHS}'),
        full_name AS (SELECT "{NAMED}", count(DISTINCT subject_id) - 1 AS namesakes FROM person GROUP BY 1),
        given AS (SELECT forename, count(DISTINCT subject_id) AS bearers FROM person GROUP BY 1),
        named AS (SELECT DISTINCT "{NAMED}", forename, surname FROM "{RECORD.name}" WHERE surname IS NOT NULL)
        SELECT "{NAMED}",
            max(greatest("tf_surname", coalesce((namesakes - 2 * sqrt(namesakes)) / bearers, 0))) AS "tf_{NAMED}"
        FROM named JOIN "frequency_surname" USING (surname)
        LEFT JOIN full_name USING ("{NAMED}") LEFT JOIN given USING (forename)
        GROUP BY "{NAMED}"
        """
    )
