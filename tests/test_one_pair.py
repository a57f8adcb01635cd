"""For a look-up, conditions are evaluated in Python: every one gives what DuckDB gives, and a pair weighs the same."""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_pairs import other_numbers, random_records

from linkage import model, model_folder, screen, shelf
from linkage.errors import ModelError
from linkage.fields import Comparison
from linkage.lookup import expression
from linkage.lookup.expression import Row
from linkage.lookup.expression_functions import jaro_winkler
from linkage.lookup.one_pair import Scorer, rounded
from linkage.lookup.one_record import OneRecord
from linkage.score import score
from linkage.scoring.frequencies import frequency_columns

PEOPLE = 5
"""So few that no pair is too weak to be kept."""


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        random_records(opened, 120, 7)
        yield opened


def rows_of(database: duckdb.DuckDBPyConnection) -> dict[int, dict[str, Any]]:
    """row_id → the row of `record`, by column."""
    found = database.execute("SELECT * FROM record ORDER BY row_id")
    names = [name for name, *_ in found.description or []]
    return {row[0]: dict(zip(names, row, strict=True)) for row in found.fetchall()}


def levels() -> dict[str, str]:
    """Every condition that a level has, under a name of its own."""
    comparisons = [getattr(field, "COMPARISON", None) for field in shelf.load_all("fields").values()]
    return {
        f"{comparison.name} {level.name}": level.condition
        for comparison in comparisons
        if isinstance(comparison, Comparison)
        for level in comparison.levels
        if level.condition
    }


def of_one_row() -> dict[str, str]:
    """Every expression over one row: what fields derive, and why a record is screened."""
    derived = {
        name: text
        for field in shelf.load_all("fields").values()
        for name, (_, text) in getattr(field, "DERIVED", {}).items()
        # Random digits have no year.
        if name != "date_of_birth_year"
    }
    return derived | screen.MARKED | {screen.NOTHING_TO_LINK: screen.NOTHING}


def test_every_level_holds_in_python_where_it_holds_in_duckdb(database: duckdb.DuckDBPyConnection) -> None:
    rows = rows_of(database)
    names = list(next(iter(rows.values())))
    sides = ", ".join(f'{side}."{name}" AS "{name}_{side}"' for name in names for side in "lr")
    pairs = "candidate_pair JOIN record l ON l.row_id = left_id JOIN record r ON r.row_id = right_id"
    for name, condition in levels().items():
        wanted = database.execute(
            f"SELECT row_id_l, row_id_r, {condition} FROM (SELECT {sides} FROM {pairs}) ORDER BY ALL"
        ).fetchall()
        holds = expression.value(condition, expression.of_pair)
        found = [(left, right, holds(rows[left], rows[right])) for left, right, _ in wanted]
        assert found == wanted, name
        assert len({value for _, _, value in wanted}) > 1, f"{name} hardly varies"


def test_what_follows_from_one_row_is_in_python_what_it_is_in_duckdb(
    database: duckdb.DuckDBPyConnection,
) -> None:
    rows = rows_of(database)
    for name, text in of_one_row().items():
        wanted = database.execute(f"SELECT row_id, {text} FROM record ORDER BY row_id").fetchall()
        read = expression.value(text, expression.of_row)
        assert [(row_id, read(row, {})) for row_id, row in rows.items()] == wanted, name


@given(st.tuples(*[st.none() | st.text("AB \t\u2003", max_size=4)] * 4))
def test_what_is_worked_out_from_received_values_is_what_duckdb_works_out(
    cells: tuple[str | None, ...],
) -> None:
    names = ("forename", "surname", "preferred_name", "full_name")
    for field in shelf.load_all("fields").values():
        for text in getattr(field, "WORKED_OUT", {}).values():
            listed = ", ".join(f"?::VARCHAR AS {name}" for name in names)
            wanted = duckdb.execute(f"SELECT {text} FROM (SELECT {listed})", cells).fetchall()
            found = expression.value(text, expression.of_row)(dict(zip(names, cells, strict=True)), {})
            assert [(found,)] == wanted


@pytest.mark.parametrize("seed", [1, 2])
def test_a_pair_weighs_in_python_what_the_compiled_scorer_says(seed: int) -> None:
    chosen = other_numbers(model_folder.load("default"), random.Random(seed))
    with duckdb.connect() as database:
        random_records(database, 100, seed)
        score(database, chosen, PEOPLE, -10_000.0)
        listed = [f"{part}_{each.name}" for part in ("level", "weight") for each in chosen.comparisons]
        wanted = database.execute(
            f"SELECT left_id, right_id, match_weight, {', '.join(listed)} FROM pair ORDER BY ALL"
        ).fetchall()
        rows = {row_id: row | bits_of(database, chosen, row) for row_id, row in rows_of(database).items()}
    scorer = Scorer(chosen, PEOPLE, -10_000.0)
    assert len(wanted) == 2500
    for left, right, *told in wanted:
        pair = scorer.compare(rows[left], rows[right])
        assert pair
        assert [pair.evidence, *pair.levels, *pair.weights] == pytest.approx(told, abs=1e-9)


def bits_of(database: duckdb.DuckDBPyConnection, chosen: model.Model, row: Row) -> dict[str, float | None]:
    """How common the row's values are, as a look-up is told."""
    found: dict[str, float | None] = {}
    for name in frequency_columns(chosen):
        told = database.execute(
            f'SELECT log2("tf_{name}") FROM "frequency_{name}" WHERE "{name}" = ?', [row[name]]
        ).fetchall()
        found[f"bits_{name}"] = told[0][0] if told else None
    return found


@given(st.lists(st.tuples(st.text("ABCDE", max_size=12), st.text("ABCDE", max_size=12)), max_size=50))
def test_names_are_as_similar_as_duckdb_says_to_the_last_bit_where_it_counts(
    pairs: list[tuple[str, str]],
) -> None:
    for one, other in pairs:
        [(told,)] = duckdb.execute("SELECT jaro_winkler_similarity(?, ?)", [one, other]).fetchall()
        assert jaro_winkler(one, other) == pytest.approx(told, abs=1e-12)
        for threshold in (0.8, 0.9, 0.92):
            assert (jaro_winkler(one, other) >= threshold) == (told >= threshold)


@pytest.mark.parametrize("pair", [("CEDBPFADRCLC", "CDEFADRCLC"), ("CYDDDAHBBBAY", "CDDDABBABY")])
def test_a_similarity_on_a_threshold_is_duckdbs(pair: tuple[str, str]) -> None:
    [(told,)] = duckdb.execute("SELECT jaro_winkler_similarity(?, ?)", pair).fetchall()
    assert jaro_winkler(*pair) == told


@given(st.floats(-2000, 2000))
def test_bits_are_rounded_as_duckdb_rounds_them(bits: float) -> None:
    [(told,)] = duckdb.execute("SELECT round(?::DOUBLE, 6)", [bits]).fetchall()
    assert rounded(bits) == told


@pytest.mark.parametrize(
    "text", ["", "a =", "a = 1 b", "regexp_matches(a, 'x')", "a ~ 'x'", "(a = 1", "a in 1"]
)
def test_a_condition_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match="a condition"):
        expression.value(text, expression.of_row)


def test_a_model_that_only_splink_can_score_is_refused() -> None:
    chosen = model_folder.load("default")
    first, *others = chosen.comparisons
    odd = replace(first, levels=(*first.levels[:-1], replace(first.levels[-1], condition="true")))
    with pytest.raises(ModelError, match="cannot be used for look-ups"):
        OneRecord(replace(chosen, comparisons=(odd, *others)), PEOPLE)
