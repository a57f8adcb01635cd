"""Adapting a model's m to the data of a run."""

import math

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_run import small_model

from linkage.model import Model
from linkage.scoring.maximise import PRIOR_PAIRS, ScoredPairs, Update, maximise, posterior_of


def scored(rng: numpy.random.Generator, records: int, agree: float) -> ScoredPairs:
    """One true pair and one stranger a record, on three comparisons of two levels; true pairs agree with `agree`."""
    model = small_model()
    true = rng.random((records, 3)) < agree
    false = rng.random((records, 3)) < 0.002
    levels = numpy.vstack([true, false]).astype(numpy.int64)
    bits = [{level.number: level.weight for level in comparison.levels} for comparison in model.comparisons]
    weight = numpy.array([sum(bits[at][number] for at, number in enumerate(row)) for row in levels.tolist()])
    record = numpy.concatenate([numpy.arange(records), numpy.arange(records)])
    return ScoredPairs(record, weight, weight, weight, tuple(levels[:, at] for at in range(3)))


def keep(prior: float) -> Update:
    """An update that leaves shares and prior as they are."""
    return lambda model, _: (model, prior)


def test_the_m_of_the_data_is_found_whatever_the_model_said() -> None:
    pairs = scored(numpy.random.default_rng(5), 4000, agree=0.85)
    adapted = maximise(small_model(), pairs, 1000, -2.0, keep(-2.0))
    found = [comparison.levels[1].m for comparison in adapted.comparisons]
    assert all(abs(m - 0.85) < 0.05 for m in found)


def test_a_handful_of_pairs_does_not_move_the_model_far() -> None:
    pairs = scored(numpy.random.default_rng(5), 5, agree=0.3)
    adapted = maximise(small_model(), pairs, 1000, -8.0, keep(-8.0))
    assert all(abs(comparison.levels[1].m - 0.9) < 0.05 for comparison in adapted.comparisons)


def test_the_chances_of_a_comparison_still_sum_to_one() -> None:
    pairs = scored(numpy.random.default_rng(6), 500, agree=0.8)
    adapted = maximise(small_model(), pairs, 1000, -8.0, keep(-8.0))
    for comparison in adapted.comparisons:
        assert math.isclose(sum(level.m for level in comparison.levels if not level.missing), 1, rel_tol=1e-9)


@pytest.mark.parametrize(("odd", "others"), [(0, 0), (1, 0), (2, 1), (9, 8)])
def test_a_pair_says_nothing_of_itself(odd: int, others: int) -> None:
    """Alone at a level, it would raise that level's m, and so its own weight."""
    levels = numpy.ones((200, 3), dtype=numpy.int64)
    levels[:odd, 0] = 0
    sure = numpy.full(200, 60.0)
    pairs = ScoredPairs(numpy.arange(200), sure, sure, sure, tuple(levels.T))
    differs, agrees = maximise(small_model(), pairs, 1000, 0.0, keep(0.0)).comparisons[0].levels[::-1][:2]
    seen = PRIOR_PAIRS + others + (200 - odd - 1)
    assert math.isclose(differs.m, (PRIOR_PAIRS * 0.1 + others) / seen, rel_tol=1e-6)
    assert math.isclose(agrees.m + differs.m, 1, rel_tol=1e-9)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 5), st.floats(-50, 700)), min_size=1, max_size=30))
def test_the_candidates_of_a_record_never_share_more_than_one(rows: list[tuple[int, float]]) -> None:
    record = numpy.array([row[0] for row in rows])
    weight = numpy.array([row[1] for row in rows])
    posteriors = posterior_of(record, weight - 10.0)
    assert ((posteriors >= 0) & (posteriors <= 1)).all()
    for one in set(record.tolist()):
        assert posteriors[record == one].sum() <= 1 + 1e-9


def test_an_estimate_that_takes_namesakes_for_one_person_is_not_used() -> None:
    rng = numpy.random.default_rng(7)
    same_name = numpy.tile([1, 1, 0], (4000, 1)).astype(numpy.int64)
    weight = rng.normal(9.0, 0.1, 4000)
    pairs = ScoredPairs(numpy.arange(4000), weight, weight, weight, tuple(same_name.T))
    adapted = maximise(small_model(), pairs, 1000, 0.0, keep(0.0))
    assert [comparison.levels[2].m for comparison in adapted.comparisons] == [0.1, 0.1, 0.1]


def test_an_estimate_that_finds_more_true_pairs_each_round_is_not_used() -> None:
    pairs = scored(numpy.random.default_rng(5), 4000, agree=0.85)

    def more(model: Model, _: object) -> tuple[Model, float]:
        odds.append(odds[-1] + 0.3)
        return model, odds[-1]

    odds = [-8.0]
    adapted = maximise(small_model(), pairs, 1000, -8.0, more)
    assert [comparison.levels[1].m for comparison in adapted.comparisons] == [0.9, 0.9, 0.9]
