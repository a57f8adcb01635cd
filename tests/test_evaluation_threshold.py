"""Where to draw the line: costs, labels and the thresholds that follow from them."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_run import made_up_number

from linkage.evaluation.costs import Costs, calibrated_rule
from linkage.evaluation.rests_on import Labelled, rests_on, rests_on_words
from linkage.evaluation.threshold import Weighed, suggest, trade_off, trade_off_table
from linkage.evaluation.threshold_page import threshold_page
from linkage.tabular import write_rows

A, B, C, D = (made_up_number(place * 50) for place in range(4))
# Record, best candidate, truth, confidence, band, guards.
RECORDS = [
    ("r1", A, A, 0.9999, "accept", ""),
    ("r2", B, B, 0.999, "accept", ""),
    ("r3", C, A, 0.995, "accept", ""),
    ("r4", D, D, 0.9995, "review", "twins"),
    ("r5", D, D, 0.7, "review", ""),
    ("r6", D, "", 0.1, "none", ""),
    ("r7", "", C, 0.0, "none", ""),
    ("r8", "", B, 0.0, "screened", ""),
]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run's folder with the truth in it."""
    write_rows(
        tmp_path / "links.csv",
        ("record_id", "nhs_number", "band", "confidence", "guards"),
        [(r, best if band in ("accept", "review") else "", band, c, g) for r, best, _, c, band, g in RECORDS],
    )
    candidates = {"record_id": [x[0] for x in RECORDS if x[1]], "nhs_number": [x[1] for x in RECORDS if x[1]]}
    table = pyarrow.table(candidates | {"rank": [1] * len(candidates["record_id"])})
    pyarrow.parquet.write_table(table, tmp_path / "evidence.parquet")
    write_rows(tmp_path / "truth.csv", ("record_id", "nhs_number"), [(r, true) for r, _, true, *_ in RECORDS])
    return tmp_path


def test_each_threshold_is_told_by_what_it_would_accept_and_lose(run: Path) -> None:
    found = trade_off(run, Costs(), truth=run / "truth.csv")
    at = {row["accept"]: row for row in found["thresholds"]}
    assert (at[0.995]["accepted"], at[0.995]["wrong"], at[0.995]["recall"]) == (
        3,
        1,
        pytest.approx(2 / 6, abs=1e-6),
    )
    assert (at[0.9999]["precision"], at[0.9999]["accepted"]) == (1.0, 1)
    assert found["source"] == "the truth"


def test_a_guard_holds_at_every_threshold(run: Path) -> None:
    found = trade_off(run, Costs(), truth=run / "truth.csv")
    assert max(row["accepted"] for row in found["thresholds"]) == 4
    assert min(row["reviewed"] for row in found["thresholds"]) >= 1


def test_the_suggested_bands_leave_the_wrong_link_to_people(run: Path) -> None:
    suggested = trade_off(run, Costs(), truth=run / "truth.csv")["suggested"]
    assert (suggested["accept"], suggested["review"], suggested["wrong"]) == (0.999, 0.7, 0)


def test_without_labels_the_confidence_is_taken_at_its_word_and_that_is_said(run: Path) -> None:
    found = trade_off(run, Costs())
    assert "nothing was labelled" in dict(trade_off_table(found))["Judged by"]
    assert "nothing was labelled" in threshold_page(found)
    assert found["thresholds"][-1]["wrong"] < found["thresholds"][0]["wrong"]


def labelled(run: Path, different: Sequence[str] = ()) -> Path:
    """A sample of all pairs of the run, labelled."""
    rows = [(r, best, "different" if r in different else "same") for r, best, *_ in RECORDS if best]
    write_rows(run / "sample.csv", ("record_id", "nhs_number", "label"), rows)
    return run / "sample.csv"


def test_advice_tells_how_few_labels_it_rests_on_and_what_they_cannot_exclude() -> None:
    """None wrong among n: up to about 3 / n may be (Hanley and Lippman-Hand 1983), all of them where labels are fewest."""
    found = {
        "rests_on": rests_on(Labelled(2_000, 30, 0, 80.0), Costs(3, 1, 0.2)),
        "calibrated_rule": {"accept": 0.933333},
        "suggested": {"accept": 0.5},
    }
    assert found["rests_on"] == {
        "labels": 30, "wrong": 0, "at_most": 0.12, "links": 2_000, "holds": False, "needed": 45,
    }  # fmt: skip
    said = " ".join(rests_on_words(found))
    assert "30 labels of links that it would accept, none of them wrong" in said
    assert "up to about 12 % of the links (240 of 2,000) may be wrong all the same" in said
    assert "too many to accept them; about 45 labels without a wrong one show that it is not so" in said
    assert "do not go below 0.933333" in said


def test_where_every_link_is_labelled_nothing_is_left_to_suppose(run: Path) -> None:
    found = trade_off(run, Costs(3, 1, 0.2), sample=labelled(run))
    assert (found["rests_on"]["at_most"], found["rests_on"]["holds"]) == (0.0, True)
    (said,) = rests_on_words(found)
    assert (
        said
        == "This rests on 5 labels of links that it would accept, which are all of them, and none is wrong."
    )
    assert said in threshold_page(found)


def test_where_wrong_links_were_seen_they_are_counted_and_nothing_is_supposed(run: Path) -> None:
    found = trade_off(run, Costs(0, 1, 0.2), sample=labelled(run, ["r3"]))
    assert (found["rests_on"]["wrong"], found["rests_on"]["at_most"]) == (1, None)
    assert rests_on_words(found) == ["This rests on 5 labels of links that it would accept, 1 of them wrong."]


def test_advice_that_rests_on_no_labels_says_nothing_of_them(run: Path) -> None:
    for found in (trade_off(run, Costs()), trade_off(run, Costs(), truth=run / "truth.csv")):
        assert (found["rests_on"], rests_on_words(found)) == (None, [])


def test_an_exact_confidence_is_cut_where_two_choices_cost_the_same() -> None:
    assert calibrated_rule(Costs(100, 1, 0.2)) == {
        "accept": pytest.approx(0.998),
        "review": pytest.approx(0.2),
    }
    assert calibrated_rule(Costs(100, 1, 50)) == {"accept": 100 / 101, "review": 100 / 101}
    assert calibrated_rule(Costs(0, 0, 0)) == {"accept": 0.5, "review": 0.5}


pairs = st.lists(
    st.builds(
        Weighed,
        st.sampled_from([0.1, 0.3, 0.5, 0.9, 0.99, 0.999]),
        st.sampled_from([1.0, 3.5]),
        st.sampled_from([0.0, 0.5, 1.0]),
        st.booleans(),
    ),
    max_size=8,
)
costs = st.builds(
    Costs, st.sampled_from([1.0, 100.0]), st.sampled_from([0.5, 1.0]), st.sampled_from([0.0, 0.2, 2.0])
)


def cost_of(found: list[Weighed], asked: Costs, accept: float, review: float) -> float:
    total = 0.0
    for pair in found:
        if pair.confidence >= accept and not pair.guarded:
            total += pair.weight * asked.false * (1 - pair.right)
        elif pair.confidence >= min(review, accept):
            total += pair.weight * asked.review
        else:
            total += pair.weight * asked.missed * pair.right
    return total


@given(pairs, costs)
def test_no_other_pair_of_thresholds_costs_less(found: list[Weighed], asked: Costs) -> None:
    accept, review = suggest(found, asked)
    assert review <= accept
    cuts = sorted({pair.confidence for pair in found} | {1.0})
    cheapest = min(cost_of(found, asked, a, r) for a in cuts for r in cuts if r <= a)
    assert cost_of(found, asked, accept, review) == pytest.approx(cheapest)
