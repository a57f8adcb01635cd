"""Calibration as a monotone line: what holds for every set of labels."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.evaluation.isotonic import Observation, calibration_points, composed, isotonic
from linkage.evaluation.measures import calibration
from linkage.scoring.confidence import calibrate

confidences = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.5, 0.99, 0.999, 0.999999, 1.0]))
observations = st.lists(
    st.builds(Observation, confidences, st.booleans(), st.sampled_from([1.0, 12.5])), min_size=1, max_size=60
)


@given(observations, observations, confidences, confidences)
def test_a_surer_link_is_never_made_less_sure_than_another(
    labels: list[Observation], former: list[Observation], one: float, other: float
) -> None:
    points = calibration_points(labels, calibration_points(former))
    low, high = sorted((one, other))
    assert calibrate(points, low) <= calibrate(points, high) + 1e-12


@given(observations)
def test_points_rise_on_both_sides_as_a_model_needs_them(labels: list[Observation]) -> None:
    points = calibration_points(labels)
    assert [raw for raw, _ in points] == sorted({raw for raw, _ in points})
    assert [right for _, right in points] == sorted(right for _, right in points)
    assert all(0 < raw < 1 and 0 < right < 1 for raw, right in points)


@given(observations)
def test_labels_never_give_certainty(labels: list[Observation]) -> None:
    for pool in isotonic(labels):
        assert 0.5 / (len(labels) + 1) <= pool.estimate <= (len(labels) + 0.5) / (len(labels) + 1) + 1e-12


@given(observations)
def test_the_order_of_labels_changes_nothing(labels: list[Observation]) -> None:
    forwards, backwards = calibration_points(labels), calibration_points(labels[::-1])
    assert [*chain(*forwards)] == pytest.approx([*chain(*backwards)])


@given(observations, observations, confidences)
def test_two_calibrations_in_one_are_one_after_the_other(
    one: list[Observation], other: list[Observation], raw: float
) -> None:
    first, second = calibration_points(one), calibration_points(other)
    assert calibrate(composed(first, second), raw) == pytest.approx(
        calibrate(second, calibrate(first, raw)), abs=1e-6
    )


def test_many_labels_are_reproduced() -> None:
    labels = [Observation(place / 1000, (place * 7) % 10 < 10 * (place / 1000) ** 2) for place in range(1000)]
    points = calibration_points(labels)
    found = calibration([(calibrate(points, x.confidence), x.right) for x in labels])
    assert found["ece"] < 0.02
    assert calibration([(x.confidence, x.right) for x in labels])["ece"] > 0.1


def test_a_hundred_right_links_of_confidence_one_are_worth_a_hundred() -> None:
    points = calibration_points([Observation(1.0, True)] * 100)
    assert calibrate(points, 1 - 1e-8) == pytest.approx(100.5 / 101)
    assert calibrate(points, 1.0) == pytest.approx(100.5 / 101)


def test_weights_count_records_but_do_not_make_labels() -> None:
    [pool] = isotonic([Observation(0.9, True, 1000.0)] * 4)
    assert pool.estimate == pytest.approx(4.5 / 5)


def test_the_surest_labels_speak_of_all_that_a_run_rounds_to_their_confidence() -> None:
    """A former calibration that ends at 0.9999944 gives most links just that, and their run tells 0.999994 of them."""
    former = ((0.5, 0.5), (0.9999944, 0.9999944))
    labels = [Observation(0.999994, place > 0) for place in range(100)]
    labels += [Observation(0.2, False)] * 100
    points = calibration_points(labels, former)
    assert calibrate(points, 1 - 1e-8) == pytest.approx(99.5 / 101)
    assert calibrate(points, 0.2) == pytest.approx(0.5 / 101)


def test_beyond_the_labels_the_former_claim_stands() -> None:
    points = calibration_points([Observation(0.5 + place / 1000, place % 3 > 0) for place in range(300)])
    assert calibrate(points, 1 - 1e-7) > 0.999
    assert calibrate(points, 1e-6) < 0.001


def test_no_labels_leave_the_calibration_as_it_is() -> None:
    assert calibration_points([], ((0.5, 0.6),)) == ((0.5, 0.6),)


@given(observations, confidences, confidences, st.floats(0, 1))
def test_labels_that_are_trusted_in_part_keep_the_order_too(
    labels: list[Observation], one: float, other: float, trust: float
) -> None:
    points = calibration_points(labels, (), trust)
    low, high = sorted((one, other))
    assert calibrate(points, low) <= calibrate(points, high) + 1e-9
