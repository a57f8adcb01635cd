"""One model, two executors: the compiled scorer gives the pairs, levels and weights of Splink's own `predict`."""

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import duckdb
import pytest
from random_pairs import other_numbers, random_records

from linkage import model_folder, pipeline
from linkage.block import block
from linkage.database import columns_of, count, open_database
from linkage.model import Model
from linkage.population import generate
from linkage.score import lowest_useful_weight, score
from linkage.scoring import compile, prune, splink_model
from linkage.scoring.frequencies import count_frequencies
from linkage.tables import RECORD


def both(database: duckdb.DuckDBPyConnection, chosen: Model, lowest: float) -> list[list[tuple[Any, ...]]]:
    """What the compiled scorer and Splink make of `candidate_pair`: ids, levels, then weights, in order of ids."""
    count_frequencies(database, chosen)
    listed = ["row_id_l", "row_id_r", *(f"gamma_{comparison.name}" for comparison in chosen.comparisons)]
    for comparison in chosen.comparisons:
        listed.append(f"mw_{comparison.name}")
        if any(level.term_frequency for level in comparison.levels):
            listed.append(f"mw_tf_adj_{comparison.name}")
    predicted = splink_model.predict(database, chosen, "candidate_pair", lowest)
    database.execute(f"CREATE OR REPLACE TEMP TABLE rarity AS {compile.rarity_sql(chosen)}")
    possible = prune.possible_sql(chosen, lowest, "candidate_pair", columns_of(database, RECORD.name))
    database.execute(f"CREATE OR REPLACE TEMP TABLE possible AS {possible}")
    compiled = compile.scored_sql(chosen, lowest, "possible")
    return [
        database.execute(f"SELECT {', '.join(listed)} FROM {source} ORDER BY row_id_l, row_id_r").fetchall()
        for source in (f"({compiled})", f'"{predicted}"')
    ]


def assert_same(found: list[tuple[Any, ...]], wanted: list[tuple[Any, ...]], chosen: Model) -> None:
    exact = 2 + len(chosen.comparisons)
    assert [row[:exact] for row in found] == [row[:exact] for row in wanted]
    weights = [value for row in found for value in row[exact:]]
    assert weights == pytest.approx([value for row in wanted for value in row[exact:]], abs=1e-9)


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Made-up people with every mistake, standardised and blocked with the default model's rules."""
    folder = tmp_path_factory.mktemp("compile")
    generate(2_000, 500, 11, folder / "made", hard=True)
    with open_database(folder) as database:
        datasets = [
            pipeline.council(folder / "made" / "council.csv"),
            pipeline.nhs(folder / "made" / "nhs.csv"),
        ]
        pipeline.read_records(database, datasets)
        block(database, model_folder.load("default").rules)
        yield database


@pytest.mark.parametrize("name", sorted(model_folder.available()))
def test_every_shipped_model_weighs_pairs_as_splink_does(
    population: duckdb.DuckDBPyConnection, name: str
) -> None:
    chosen = model_folder.load(name)
    found, wanted = both(population, chosen, lowest_useful_weight(2_000))
    assert_same(found, wanted, chosen)
    assert 0 < len(wanted) < count(population, "candidate_pair")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_records_and_numbers_weigh_as_they_do_in_splink(seed: int) -> None:
    chosen = other_numbers(model_folder.load("default"), random.Random(seed))
    with duckdb.connect() as database:
        random_records(database, 120, seed)
        every, wanted = both(database, chosen, -1000.0)
        assert_same(every, wanted, chosen)
        assert len(every) == count(database, "candidate_pair")
        kept, wanted = both(database, chosen, 3.0)
        assert_same(kept, wanted, chosen)
        assert 0 < len(kept) < len(every)
    for place, comparison in enumerate(chosen.comparisons):
        met = {row[2 + place] for row in every}
        assert len(met) > len(comparison.levels) // 2, f"{comparison.name} hardly varies"


def test_texts_that_are_taken_to_be_too_unlike_are_never_one_edit_apart() -> None:
    texts = ["".join(letters) for length in range(3, 8) for letters in product("ab", repeat=length)]
    texts += [f"{letter}{text}" for text in texts for letter in "cd"]
    alike = compile.NEAR_AND_ALIKE.replace(r"\1", "l.text").replace(r"\2", "r.text")
    with duckdb.connect() as database:
        database.execute("CREATE TABLE written AS SELECT unnest(?) AS text", [texts])
        missed = database.execute(
            f"""
            SELECT l.text, r.text FROM written l, written r
            WHERE damerau_levenshtein(l.text, r.text) = 1 AND NOT {alike}
            """
        ).fetchall()
    assert missed == []


def test_a_model_that_cannot_be_compiled_is_scored_by_splink_which_is_said(
    population: duckdb.DuckDBPyConnection,
) -> None:
    chosen = model_folder.load("default")
    first, *others = chosen.comparisons
    odd = replace(first, levels=(*first.levels[:-1], replace(first.levels[-1], condition="true")))
    assert score(population, chosen, 2_000) == "compiled"
    compiled = population.execute("SELECT * FROM pair ORDER BY ALL").fetchall()
    population.execute("DROP TABLE pair")
    said = score(population, replace(chosen, comparisons=(odd, *others)), 2_000)
    assert said == f"splink, because {first.name} needs a condition for every level but the last"
    assert population.execute("SELECT * FROM pair ORDER BY ALL").fetchall() == compiled
    population.execute("DROP TABLE pair")
