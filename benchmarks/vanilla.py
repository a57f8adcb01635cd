"""A case → what Splink, used as its documentation shows, answers on the same files.

u by random sampling, m by expectation maximisation, the prior from deterministic rules. A link takes the best register
person of each council record from a probability of 0.95; between 0.5 and 0.95 counts as review. A dedupe takes the
connected components at 0.95.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
from cases import Case
from recipes import Columns, Recipe

from linkage.config import Dataset
from linkage.database import insert_rows

ACCEPT = 0.95
REVIEW = 0.5
MOST_RANDOM_PAIRS = 5e6
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Links:
    """Rows like those of links.csv, and the ids of records whose right answer was among the pairs compared."""

    links: Rows
    reached: set[str]


@dataclass(frozen=True)
class Clusters:
    """Record id → cluster, and how many true pairs were among the pairs compared."""

    clusters: dict[str, str]
    reached: int


def link(case: Case, recipe: Recipe, answers: Rows, seed: int) -> Links:
    """Link the council's records to the register."""
    assert case.nhs is not None
    with _database() as database:
        _load(database, "council", case.council, recipe.council)
        _load(database, "nhs", case.nhs, recipe.register)
        linker = _trained(database, ["council", "nhs"], recipe, seed)
        scored = linker.inference.predict().physical_name
        database.execute(
            f"""
            CREATE VIEW compared AS
            SELECT council.record_id, nhs.record_id AS nhs_number, match_probability, match_weight
            FROM "{scored}" p
            JOIN council ON council.unique_id
                = CASE WHEN p.source_dataset_l = 'council' THEN p.unique_id_l ELSE p.unique_id_r END
            JOIN nhs ON nhs.unique_id
                = CASE WHEN p.source_dataset_l = 'council' THEN p.unique_id_r ELSE p.unique_id_l END
            """
        )
        return Links(_best(database), _reached(database, answers))


def dedupe(case: Case, recipe: Recipe, answers: Rows, seed: int) -> Clusters:
    """Find the people of one file."""
    with _database() as database:
        _load(database, "council", case.council, recipe.council)
        linker = _trained(database, ["council"], recipe, seed)
        scored = linker.inference.predict()
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(
            scored, threshold_match_probability=ACCEPT
        )
        rows = database.execute(f'SELECT record_id, cluster_id FROM "{found.physical_name}"').fetchall()
        database.execute("CREATE TABLE truth (record_id VARCHAR, person VARCHAR)")
        insert_rows(database, "truth", [(row["record_id"], row["person"]) for row in answers])
        reached = database.execute(
            f"""
            SELECT count(*) FROM "{scored.physical_name}"
            JOIN council l ON l.unique_id = unique_id_l JOIN truth lt ON lt.record_id = l.record_id
            JOIN council r ON r.unique_id = unique_id_r JOIN truth rt ON rt.record_id = r.record_id
            WHERE lt.person = rt.person
            """
        ).fetchall()
        return Clusters({record: str(cluster) for record, cluster in rows}, reached[0][0])


@contextmanager
def _database() -> Iterator[duckdb.DuckDBPyConnection]:
    database = duckdb.connect(":memory:")
    try:
        yield database
    finally:
        database.close()


def _load(database: duckdb.DuckDBPyConnection, table: str, dataset: Dataset, columns: Columns) -> None:
    """Make `table`: one row a row of the file, with the columns of the recipe and a number."""
    path = str(dataset.path)
    found = (
        database.read_parquet(path)
        if dataset.path.suffix == ".parquet"
        else database.read_csv(
            path, header=True, all_varchar=True, delimiter=",", quotechar='"', escapechar='"'
        )
    )
    found.create_view(f"{table}_file")
    listed = ", ".join(f'{expression} AS "{name}"' for name, expression in columns.items())
    database.execute(
        f'CREATE TABLE "{table}" AS SELECT row_number() OVER () AS unique_id, {listed} FROM "{table}_file"'
    )


def _trained(database: duckdb.DuckDBPyConnection, tables: list[str], recipe: Recipe, seed: int) -> Any:
    """A Splink linker over `tables`, trained."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    settings = SettingsCreator(
        link_type="link_only" if len(tables) > 1 else "dedupe_only",
        comparisons=recipe.comparisons(),
        blocking_rules_to_generate_predictions=[block_on(*keys) for keys in recipe.blocking],
        additional_columns_to_retain=["record_id"],
    )
    interface = DuckDBAPI(database)
    inputs = [interface.register(table, dataset_display_name=table) for table in tables]
    linker = Linker(inputs, settings, log_level=logging.ERROR)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on(*keys) for keys in recipe.certain], recall=recipe.recall
    )
    training.estimate_u_using_random_sampling(max_pairs=MOST_RANDOM_PAIRS, seed=seed)
    for keys in recipe.training:
        training.estimate_parameters_using_expectation_maximisation(
            block_on(*keys), estimate_without_term_frequencies=True
        )
    return linker


def _best(database: duckdb.DuckDBPyConnection) -> Rows:
    """The best candidate of each record; weights decide, because probabilities near 1 are all the same."""
    rows = database.execute(
        """
        SELECT council.record_id, compared.nhs_number, coalesce(match_probability, 0), coalesce(match_weight, 0)
        FROM council LEFT JOIN compared USING (record_id)
        QUALIFY row_number() OVER (
            PARTITION BY council.record_id ORDER BY round(match_weight, 6) DESC NULLS LAST, compared.nhs_number
        ) = 1
        ORDER BY council.record_id
        """
    ).fetchall()
    return [
        {
            "record_id": record,
            "nhs_number": number if probability >= REVIEW else "",
            "band": "accept" if probability >= ACCEPT else "review" if probability >= REVIEW else "none",
            "confidence": f"{probability:.12f}",
            "match_weight": f"{weight:.6f}",
        }
        for record, number, probability, weight in rows
    ]


def _reached(database: duckdb.DuckDBPyConnection, answers: Rows) -> set[str]:
    database.execute("CREATE TABLE truth (record_id VARCHAR, nhs_number VARCHAR)")
    insert_rows(database, "truth", [(row["record_id"], row["nhs_number"]) for row in answers])
    rows = database.execute(
        "SELECT DISTINCT record_id FROM compared SEMI JOIN truth USING (record_id, nhs_number)"
    )
    return {record for (record,) in rows.fetchall()}
