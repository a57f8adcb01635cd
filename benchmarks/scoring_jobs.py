"""A made-up population → its standardised records, and what blocking and scoring of them costs, ours and Splink's.

The folder that each job is given holds `made` (the population) and `records` (what `standardised` wrote).
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
from timing import Clock

from linkage import model_folder, pipeline
from linkage.block import block
from linkage.database import open_database
from linkage.model import Model
from linkage.score import lowest_useful_weight, score
from linkage.scoring import frequencies, splink_model
from linkage.tables import CANDIDATE_PAIR, COUNCIL, NHS, PAIR, RECORD, SCREENED

KEPT = (RECORD.name, SCREENED.name)


def standardised(folder: Path) -> dict[str, Any]:
    """Not measured: `record` and `screened` of the made-up population, as files in `records`."""
    import pyarrow.parquet

    made = folder / "made"
    (folder / "records").mkdir()
    with open_database(folder) as database:
        pipeline.read_records(
            database, [pipeline.council(made / "council.csv"), pipeline.nhs(made / "nhs.csv")]
        )
        for table in KEPT:
            rows = database.sql(f'SELECT * FROM "{table}"').to_arrow_table()
            pyarrow.parquet.write_table(rows, folder / "records" / f"{table}.parquet")
    return {}


def scoring(folder: Path) -> dict[str, Any]:
    """Block and score with the shipped model as the product does, from standardised records."""
    with _records(folder) as database:
        chosen, people = model_folder.load("default"), _people(database)
        clock = Clock()
        pipeline.compare(database, chosen, people, block)
        return clock.told("score") | _kept(database)


def scoring_every_pair(folder: Path) -> dict[str, Any]:
    """Block and score the pairs of every rule for every record, as Splink does, but for those of large blocks."""
    with _records(folder) as database:
        chosen, people = model_folder.load("default"), _people(database)
        clock = Clock()
        rules = block(database, chosen.rules)
        blocked = clock.told("block")
        score(database, chosen, people)
        told = {
            "of_which_blocking_s": blocked["block_s"],
            "pairs_set_aside": sum(rule.set_aside for rule in rules),
        }
        return clock.told("score") | told | _kept(database)


def scoring_splink(folder: Path) -> dict[str, Any]:
    """Splink's `predict` with the same model, rules and threshold, after the same count of frequencies."""
    with _records(folder) as database:
        chosen, people = model_folder.load("default"), _people(database)
        clock = Clock()
        frequencies.count_frequencies(database, chosen)
        linker = _link_only(database, chosen)
        found = linker.inference.predict(threshold_match_weight=lowest_useful_weight(people))
        scored = clock.told("score")
        pairs = database.execute(f'SELECT count(*) FROM "{found.physical_name}"').fetchall()[0][0]
    return scored | {"pairs_kept": pairs}


def _records(folder: Path) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(config={"preserve_insertion_order": False})
    for table in KEPT:
        database.execute(
            f"""CREATE TABLE "{table}" AS SELECT * FROM '{folder / "records" / f"{table}.parquet"}' """
        )
    return database


def _people(database: duckdb.DuckDBPyConnection) -> int:
    """People of the register who are not screened."""
    return int(
        database.execute(
            f"""
            SELECT count(DISTINCT subject_id) FROM "{RECORD.name}"
            WHERE dataset = '{NHS}' AND subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")
            """
        ).fetchall()[0][0]
    )


def _kept(database: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Pairs compared and kept; those of two council records, which Splink is not asked for, are not counted."""
    found = [
        database.execute(
            f"""
            SELECT count(*) FROM "{table}" JOIN "{RECORD.name}" r ON r.row_id = right_id WHERE r.dataset = '{NHS}'
            """
        ).fetchall()[0][0]
        for table in (CANDIDATE_PAIR.name, PAIR.name)
    ]
    return {"pairs_compared": found[0], "pairs_kept": found[1]}


def _link_only(database: duckdb.DuckDBPyConnection, chosen: Model) -> Any:
    """A Splink linker of council against register with our model and blocking rules."""
    from splink import DuckDBAPI, Linker, block_on

    lists = {name for name, kind in model_folder.record_columns().items() if kind.endswith("[]")}
    rules = [
        block_on(*keys, arrays_to_explode=[key for key in keys if key in lists]) for keys in chosen.rules
    ]
    settings = replace(
        splink_model.settings(chosen),
        link_type="link_only",
        blocking_rules_to_generate_predictions=rules,
        source_dataset_column_name="source_dataset",
        retain_matching_columns=False,
    )
    api = DuckDBAPI(database)
    for dataset in (COUNCIL, NHS):
        database.execute(
            f"""
            CREATE TABLE "{dataset}" AS SELECT * EXCLUDE (dataset) FROM "{RECORD.name}"
            WHERE dataset = '{dataset}' AND subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")
            """
        )
    tables = [api.register(dataset, dataset_display_name=dataset) for dataset in (COUNCIL, NHS)]
    linker = Linker(tables, settings, log_level="ERROR")
    for column in frequencies.frequency_columns(chosen):
        linker.table_management.register_term_frequency_lookup(api.register(f"frequency_{column}"), column)
    return linker
