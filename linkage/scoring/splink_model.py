"""Our model → Splink's settings for it, and Splink's predictions. Splink is imported where it is called, since that takes
more than a second."""

from typing import Any

import duckdb

from linkage.model import Model, ModelComparison, ModelLevel
from linkage.scoring.frequencies import frequency_columns
from linkage.tables import RECORD


def settings(model: Model) -> Any:
    """Splink's `SettingsCreator` for `model`, with even prior odds, so that a match weight is evidence only."""
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


def linker(database: duckdb.DuckDBPyConnection, model: Model) -> Any:
    """A Splink linker over the `record` table, with our `frequency_<column>` tables as its term frequencies."""
    import logging

    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(database)
    made = Linker(api.register(RECORD.name), settings(model), log_level=logging.ERROR)
    for column in frequency_columns(model):
        made.table_management.register_term_frequency_lookup(api.register(f"frequency_{column}"), column)
    return made


def predict(database: duckdb.DuckDBPyConnection, model: Model, pairs: str, lowest: float) -> str:
    """The name of the table that Splink makes: its predictions for the table `pairs` (left_id, right_id) of at least
    `lowest` bits."""
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
