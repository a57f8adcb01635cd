"""Our model → the same model as Splink settings. Splink is imported by those who call this, never at start-up."""

from typing import Any

import duckdb

from linkage.model import Model, ModelComparison, ModelLevel
from linkage.tables import NHS, RECORD

NAMED = "surname_with_forename"
"""The column whose frequency is that of the surname among people of the forename."""


def settings(model: Model) -> Any:
    """Splink's `SettingsCreator` for `model`. The prior is left out (probability one half): a weight is evidence only."""
    from splink import SettingsCreator

    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="row_id",
        source_dataset_column_name="dataset",
        probability_two_random_records_match=0.5,
        comparisons=[_comparison(comparison) for comparison in model.comparisons],
        blocking_rules_to_generate_predictions=[],
        retain_matching_columns=True,
        retain_intermediate_calculation_columns=True,
        max_iterations=50,
    )


def frequency_columns(model: Model) -> list[str]:
    """Columns whose values weigh by how common they are."""
    levels = [level for comparison in model.comparisons for level in comparison.levels]
    return sorted({level.term_frequency for level in levels if level.term_frequency})


def count_frequencies(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `frequency_<column>` for each such column: the share of people in the register with each value.

    Counts people, not rows, in the NHS rows, one added to every count: a value that only one side has is rare, not
    unknown, and nobody's name is rarer than one in the register's size. Without a register all rows are counted, and
    nothing is added: both records of a pair that agrees are among them already.
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
    """Make `frequency_surname_with_forename`: how frequent a surname is among the people of one forename, or among all if
    that is more.

    Names go together: a Mohammed is called Khan far oftener than a John is, so that the product of both frequencies makes
    strangers with both names too rare. Of k namesakes k - 2 sqrt(k) count, which is not chance: fewer than five show
    nothing, and a rare name stays rare. Only a register tells: in a file against itself namesakes may be one person.
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


def linker(database: duckdb.DuckDBPyConnection, model: Model) -> Any:
    """A Splink linker over the whole `record` table with our term frequencies registered."""
    import logging

    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(database)
    made = Linker(api.register(RECORD.name), settings(model), log_level=logging.ERROR)
    for column in frequency_columns(model):
        made.table_management.register_term_frequency_lookup(api.register(f"frequency_{column}"), column)
    return made


def predict(database: duckdb.DuckDBPyConnection, model: Model, pairs: str, lowest: float) -> str:
    """Name of Splink's own table of predictions for the table `pairs`: those of at least `lowest` bits."""
    database.execute(
        f"""
        CREATE OR REPLACE TEMP VIEW blocked AS
        SELECT '0' AS match_key, left_id AS join_key_l, right_id AS join_key_r FROM "{pairs}"
        """
    )
    made = linker(database, model)
    made.table_management.register_blocked_pairs_for_predict(made._db_api.register("blocked"))
    return str(made.inference.predict(threshold_match_weight=lowest).physical_name)


def _comparison(comparison: ModelComparison) -> dict[str, Any]:
    return {
        "output_column_name": comparison.name,
        "comparison_levels": [_level(level) for level in comparison.levels],
    }


def _level(level: ModelLevel) -> dict[str, Any]:
    made: dict[str, Any] = {"sql_condition": level.condition or "ELSE", "label_for_charts": level.name}
    if level.missing:
        return made | {"is_null_level": True}
    made |= {"m_probability": level.m, "u_probability": level.u}
    if level.term_frequency:
        made |= {
            "tf_adjustment_column": level.term_frequency,
            "tf_adjustment_weight": 1.0,
            "disable_tf_exact_match_detection": True,
        }
    return made
