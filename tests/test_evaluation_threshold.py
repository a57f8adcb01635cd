"""Where to draw the line: costs, labels and the thresholds that follow from them."""

from collections import Counter
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_run import made_up_number

from linkage.errors import InputError
from linkage.evaluation.costs import Costs, calibrated_rule
from linkage.evaluation.rests_on import Labelled, rests_on, rests_on_words
from linkage.evaluation.sample import FIRST, LAST, best_candidates
from linkage.evaluation.threshold import Weighed, suggest, trade_off, trade_off_table
from linkage.evaluation.threshold_page import threshold_page
from linkage.reading.lists import read_rows
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


def test_every_threshold_is_told_with_the_review_threshold_it_goes_with_and_the_unit_of_cost(
    run: Path,
) -> None:
    found = trade_off(run, Costs(), truth=run / "truth.csv")
    assert {row["accept"]: row["review"] for row in found["thresholds"]} == {
        row["accept"]: min(0.7, row["accept"]) for row in found["thresholds"]
    }
    told = dict(trade_off_table(found))
    assert told["Each line below"] == "people look at pairs from 0.7, as suggested"
    assert told["Cost"] == "per record that has a candidate, where a wrong link costs 100"
    assert "from 0.7, as suggested" in threshold_page(found)
    assert "Cost per record" in threshold_page(found)


def test_bands_chosen_on_what_judges_them_are_told_to_look_better_than_they_are(run: Path) -> None:
    for found in (
        trade_off(run, Costs(), truth=run / "truth.csv"),
        trade_off(run, Costs(), sample=labelled(run)),
    ):
        assert any("chosen on the very answers that judge them" in caution for caution in found["cautions"])
        assert "chosen on the very answers that judge them" in threshold_page(found)
    assert not any("chosen on" in caution for caution in trade_off(run, Costs())["cautions"])


def test_how_few_pairs_of_a_truth_speak_for_a_lower_threshold_than_an_exact_confidence_has(run: Path) -> None:
    """Were r3 right, r3 and r5 were two of less than 0.998, both right."""
    write_rows(run / "right.csv", ("record_id", "nhs_number"), [(r, best) for r, best, *_ in RECORDS])
    [_, caution] = trade_off(run, Costs(), truth=run / "right.csv")["cautions"]
    assert "below 0.998, the threshold of an exact confidence" in caution
    assert caution.endswith("rests on 2 pairs, 0 of them wrong")
    assert len(trade_off(run, Costs(), truth=run / "truth.csv")["cautions"]) == 1


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


def test_recall_is_told_to_be_at_most_that_where_the_truth_is_not_known(run: Path) -> None:
    unseen = "recall is at most what is told"
    for found in (trade_off(run, Costs()), trade_off(run, Costs(), sample=labelled(run, ("r3", "r6")))):
        assert unseen in found["cautions"][-1]
        assert unseen in threshold_page(found)
    assert not any(
        unseen in caution for caution in trade_off(run, Costs(), truth=run / "truth.csv")["cautions"]
    )


def labelled(run: Path, different: Sequence[str] = ()) -> Path:
    """A sample of all pairs of the run, labelled."""
    return sample_of(run, [(r, "different" if r in different else "same") for r, best, *_ in RECORDS if best])


def sample_of(run: Path, labels: Sequence[tuple[str, str]]) -> Path:
    """A sample of these records of the run, labelled."""
    best = {one.record_id: one for one in best_candidates(run)}
    sizes = Counter(one.stratum for one in best.values())
    rows = [
        (label, r, best[r].nhs_number, best[r].stratum, sizes[best[r].stratum], 1.0) for r, label in labels
    ]
    write_rows(run / "sample.csv", (*FIRST, *LAST), rows)
    return run / "sample.csv"


def advice(found: Labelled, costs: Costs, accept: float = 0.5) -> dict[str, Any]:
    """What of an answer tells what it rests on."""
    suggested = {"accept": accept, "review": 0.2}
    rule = calibrated_rule(costs)
    return {"rests_on": rests_on(found, costs), "calibrated_rule": rule, "suggested": suggested}


def test_advice_tells_how_few_labels_it_rests_on_and_what_they_cannot_exclude() -> None:
    """None wrong among n: up to about 3 / n may be (Hanley and Lippman-Hand 1983), all of them where labels are fewest."""
    found = advice(Labelled(2_000, 30, (), 80.0), Costs(3, 1, 0.2))
    assert found["rests_on"] == {
        "labels": 30, "wrong": 0, "at_most": pytest.approx(0.12, abs=2e-4), "links": 2_000, "holds": False,
        "needed": 45,
    }  # fmt: skip
    said = " ".join(rests_on_words(found))
    assert "30 labels of links that it would accept, none of them wrong" in said
    assert "up to about 12 % of the links (240 of 2,000) may be wrong all the same" in said
    assert "do not show the advice to be right; about 45 labels with none wrong would" in said
    assert "do not go below 0.933333" in said


def test_a_wrong_label_makes_the_bound_wider_and_the_warning_stay() -> None:
    """With 0, 1 or 2 wrong among n of many links the exact bound is 3.00, 4.74 or 6.30 / n (Poisson)."""
    for wrong, most in enumerate((2.9957, 4.7439, 6.2958)):
        told = advice(Labelled(30_000, 300, (100.0,) * wrong, 100.0), Costs())
        assert told["rests_on"]["at_most"] == pytest.approx(most / 300, rel=1e-4)
        assert (told["rests_on"]["holds"], told["rests_on"]["needed"]) == (False, ceil(most / 0.002))
    said = " ".join(rests_on_words(told))
    assert "2 of them wrong: up to about 2.1 % of the links (630 of 30,000) may be" in said
    assert "do not show the advice to be right; about 3,148 labels with no more wrong ones would" in said
    enough = advice(Labelled(30_000, 3_000, (10.0,), 10.0), Costs())
    assert enough["rests_on"]["holds"]
    assert "too many" not in " ".join(rests_on_words(enough))


def test_wrong_labels_where_few_links_stand_behind_each_widen_the_bound_less() -> None:
    few, many = (rests_on(Labelled(3_000, 300, (weight,) * 3, 30.0), Costs()) for weight in (1.0, 30.0))
    assert (
        30 * 2.9957 / 3_000
        < few["at_most"]
        < many["at_most"]
        == pytest.approx(30 * 7.75366 / 3_000, rel=1e-5)
    )


def test_where_every_link_is_labelled_nothing_is_left_to_suppose(run: Path) -> None:
    found = trade_off(run, Costs(3, 1, 0.2), sample=labelled(run))
    assert (found["rests_on"]["at_most"], found["rests_on"]["holds"]) == (0.0, True)
    (said,) = rests_on_words(found)
    assert said == (
        "This rests on 4 labels of links that it would accept, none of them wrong; every such link is labelled."
    )
    assert said in threshold_page(found)


def test_a_suggestion_that_its_labels_do_not_show_is_told_as_such(run: Path) -> None:
    shown = trade_off(run, Costs(0, 1, 0.2), sample=labelled(run, ["r3"]))
    assert (shown["rests_on"]["wrong"], shown["rests_on"]["at_most"], shown["rests_on"]["holds"]) == (
        1, 0.25, True,
    )  # fmt: skip
    assert "Suggested: accept from, review from" in dict(trade_off_table(shown))
    # Nine links that nobody labelled stand behind the label of r1.
    more = [(f"s{place}", A, "accept", 0.9999, "") for place in range(9)]
    links = [tuple(row.values()) for row in read_rows(run / "links.csv")]
    write_rows(
        run / "links.csv", ("record_id", "nhs_number", "band", "confidence", "guards"), [*links, *more]
    )
    evidence = {"record_id": [x[0] for x in more], "nhs_number": [A] * 9, "rank": [1] * 9}
    before = pyarrow.parquet.read_table(run / "evidence.parquet")
    pyarrow.parquet.write_table(
        pyarrow.concat_tables([before, pyarrow.table(evidence)]), run / "evidence.parquet"
    )
    few = [("r1", "same"), ("r2", "same"), ("r3", "different"), ("r4", "same"), ("r5", "same")]
    found = trade_off(run, Costs(), sample=sample_of(run, [*few, ("r6", "different")]))
    assert found["rests_on"]["holds"] is False
    assert "Suggested, not shown by these labels: accept from, review from" in dict(trade_off_table(found))
    assert "which does not show it to be right" in threshold_page(found)
    assert "do not show the advice to be right" in threshold_page(found)


def test_below_the_run_s_own_review_threshold_nothing_is_suggested_or_told(run: Path) -> None:
    """A run keeps no guards where it proposes nothing, so that what one would stop there cannot be known."""
    links = [list(row.values()) for row in read_rows(run / "links.csv")]
    rows = [(*row[:2], "none" if row[0] == "r5" else row[2], *row[3:]) for row in links]
    write_rows(run / "links.csv", ("record_id", "nhs_number", "band", "confidence", "guards"), rows)
    found = trade_off(run, Costs(0.5, 1, 10), truth=run / "truth.csv")
    assert found["suggested"]["accept"] > found["unknown"] == 0.7
    assert min(row["accept"] for row in found["thresholds"]) > 0.7
    assert "not known from this run" in dict(trade_off_table(found))["Accept from 0.7 or less"]
    assert "accepting from 0.7 or less would give is not known from this run" in threshold_page(found)


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
        st.sampled_from([0.1, 0.3, 0.5, 0.9, 0.99, 0.999, 1.0]),
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


def test_the_picture_says_that_cost_has_another_scale_than_the_shares(run: Path) -> None:
    assert "Cost has a scale of its own, from 0 at the bottom" in threshold_page(trade_off(run, Costs()))


def test_where_nothing_is_worth_accepting_that_is_said_and_no_number(run: Path) -> None:
    sample = labelled(run, [record for record, *_ in RECORDS])
    found = trade_off(run, Costs(), sample=sample)
    assert found["suggested"]["accepted"] == 0
    [told] = [value for label, value in trade_off_table(found) if label.startswith("Suggested")]
    assert told.startswith("accept nothing, ")
    assert "looked at, accept nothing and have people" in threshold_page(found)


def test_a_threshold_that_nothing_reaches_is_not_told(run: Path) -> None:
    """It accepts nothing, and its recall of 0 would leave no room in the picture for what the others give."""
    assert trade_off(run, Costs(), truth=run / "truth.csv")["thresholds"][-1]["accept"] == 0.9999


def test_a_truth_of_other_records_is_refused(run: Path) -> None:
    write_rows(run / "other.csv", ("record_id", "nhs_number"), [("z1", A)])
    with pytest.raises(InputError, match=r"other\.csv tells of no record of this run"):
        trade_off(run, Costs(), truth=run / "other.csv")


def test_a_record_that_people_decided_on_hides_no_threshold(run: Path) -> None:
    """Of r1, the surest, nobody could tell: it stands without a link, whatever is accepted."""
    rows = [
        [*row.values(), "decision" if row["record_id"] == "r1" else ""]
        for row in read_rows(run / "links.csv")
    ]
    rows[0][2] = "none"
    write_rows(run / "links.csv", ("record_id", "nhs_number", "band", "confidence", "guards", "method"), rows)
    sample_of(run, [(r, "same" if best == true else "different") for r, best, true, *_ in RECORDS if best])
    for found in (
        trade_off(run, Costs(), truth=run / "truth.csv"),
        trade_off(run, Costs(), sample=run / "sample.csv"),
    ):
        assert found["unknown"] == 0.1
        assert found["suggested"]["accept"] == 0.999
        assert max(row["accepted"] for row in found["thresholds"]) == 3
    assert trade_off(run, Costs(), truth=run / "truth.csv")["suggested"]["recall"] == pytest.approx(1 / 5)
