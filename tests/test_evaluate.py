"""How right a run was, by the truth."""

import re
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_run import ADA, BEN, CY, small_run

from linkage.errors import InputError
from linkage.evaluation.evaluate import evaluate
from linkage.evaluation.judged import Judged
from linkage.evaluation.links import judge_links
from linkage.evaluation.measures import calibration, judge_clusters, oracle, wilson
from linkage.evaluation.page import evaluation_page
from linkage.evaluation.table import evaluation_table
from linkage.publish import publish
from linkage.tabular import write_rows

LINK_HEADINGS = ("record_id", "nhs_number", "band", "confidence")
PERSON_HEADINGS = ("person_id", "dataset", "record_id")
TRUTH_HEADINGS = ("record_id", "nhs_number", "person", "scenarios", "sex")


def a_run(
    folder: Path, links: Sequence[tuple[str, str, str, float]], persons: Sequence[tuple[str, ...]] = ()
) -> Path:
    write_rows(folder / "links.csv", LINK_HEADINGS, links)
    write_rows(folder / "persons.csv", PERSON_HEADINGS, persons)
    return folder


def a_truth(folder: Path, rows: Sequence[tuple[str, ...]]) -> Path:
    write_rows(folder / "truth.csv", TRUTH_HEADINGS, rows)
    return folder / "truth.csv"


@pytest.fixture
def judged(tmp_path: Path) -> dict[str, object]:
    """Two right links, a wrong one, a stranger's, a right proposal, a miss, a screened and a lost record."""
    run = a_run(
        tmp_path,
        [
            ("r1", ADA, "accept", 0.999),
            ("r2", BEN, "accept", 0.998),
            ("r3", ADA, "accept", 0.997),
            ("r4", CY, "accept", 0.996),
            ("r5", CY, "review", 0.6),
            ("r6", "", "none", 0.0),
            ("r7", "", "screened", 0.0),
        ],
        [("P1", "council", "r1"), ("P1", "council", "r3"), ("P2", "council", "r2"), ("P1", "nhs", ADA)],
    )
    truth = a_truth(
        tmp_path,
        [
            ("r1", ADA, "a", "twins;moved", "F"),
            ("r2", BEN, "b", "", "M"),
            ("r3", BEN, "b", "twins", "M"),
            ("r4", "", "d", "stranger", "M"),
            ("r5", CY, "c", "", "M"),
            ("r6", ADA, "a", "", "F"),
            ("r7", BEN, "b", "", "M"),
            ("r8", CY, "c", "", "F"),
        ],
    )
    return evaluate(run, truth)


def test_precision_counts_accepted_links_only(judged: dict[str, object]) -> None:
    assert (judged["precision"], judged["right"], judged["wrong"]) == (0.5, 2, 2)


def test_recall_counts_records_in_the_register_also_those_that_the_run_lost(
    judged: dict[str, object],
) -> None:
    assert judged["recall"] == pytest.approx(2 / 6, abs=1e-6)
    assert judged["recall_with_screened"] == pytest.approx(2 / 7, abs=1e-6)


def test_records_are_counted_by_band(judged: dict[str, object]) -> None:
    assert judged["counts"] == {
        "in_register": 7,
        "not_in_register": 1,
        "accept": 4,
        "review": 1,
        "none": 1,
        "screened": 1,
        "absent": 1,
    }


def test_a_link_of_somebody_who_is_not_in_the_register_is_wrong(judged: dict[str, dict[str, object]]) -> None:
    assert (judged["not_in_register"]["n"], judged["not_in_register"]["accepted"]) == (1, 1)


def test_proposals_are_accepted_links_and_those_in_review(judged: dict[str, dict[str, object]]) -> None:
    assert (judged["proposals"]["n"], judged["proposals"]["right"]) == (5, 3)
    assert judged["proposals"]["recall"] == 0.5
    assert (judged["review"]["n"], judged["review"]["precision"]) == (1, 1.0)


def test_quality_is_told_by_group(judged: dict[str, dict[str, dict[str, dict[str, object]]]]) -> None:
    scenarios = judged["by"]["scenario"]
    assert sorted(scenarios) == ["moved", "stranger", "twins"]
    assert (scenarios["twins"]["n"], scenarios["twins"]["wrong"], scenarios["twins"]["recall"]) == (2, 1, 0.5)
    assert (scenarios["stranger"]["recall"], scenarios["stranger"]["precision"]) == (None, 0.0)
    assert judged["by"]["sex"]["F"]["n"] == 3


def test_clusters_leave_out_records_of_the_register_and_those_that_the_run_did_not_have(
    judged: dict[str, dict[str, object]],
) -> None:
    clusters = judged["clusters"]
    assert (clusters["records"], clusters["clusters"], clusters["people"]) == (3, 2, 2)
    assert (clusters["wrong_pairs"], clusters["absent"]) == (1, 5)


def a_register(folder: Path, rows: Sequence[tuple[str, str, list[str], bool]]) -> None:
    """Write what a run tells of its records: dataset, id, former numbers, and whether the council had merged it."""
    columns = zip(("dataset", "record_id", "former_numbers", "merged"), zip(*rows, strict=True), strict=True)
    pyarrow.parquet.write_table(
        pyarrow.table({name: list(values) for name, values in columns}), folder / "records.parquet"
    )


def test_a_number_that_the_register_of_the_run_does_not_have_is_nobodys(tmp_path: Path) -> None:
    run = a_run(
        tmp_path, [("r1", ADA, "accept", 0.999), ("r2", "", "none", 0.0), ("r3", ADA, "accept", 0.998)]
    )
    a_register(tmp_path, [("nhs", ADA, [], False)])
    found = evaluate(
        run,
        a_truth(
            tmp_path, [(f"r{place}", number, "", "", "") for place, number in enumerate((ADA, BEN, CY), 1)]
        ),
    )
    assert (found["recall"], found["precision"], found["numbers_outside_register"]) == (1.0, 0.5, 2)
    assert found["not_in_register"] == {"n": 2, "accepted": 1} | {
        name: found["not_in_register"][name] for name in ("share", "share_interval")
    }
    assert dict(evaluation_table(found))["  whose number this register does not have: nobody's"] == "2"


def test_a_number_of_the_truth_that_was_replaced_stands_for_the_one_that_replaced_it(tmp_path: Path) -> None:
    run = a_run(tmp_path, [("r1", ADA, "accept", 0.999)])
    a_register(tmp_path, [("nhs", ADA, [BEN], False)])
    found = evaluate(run, a_truth(tmp_path, [("r1", BEN, "", "", "")]))
    assert (found["precision"], found["recall"], found["numbers_outside_register"]) == (1.0, 1.0, 0)


def test_records_of_the_run_that_the_truth_does_not_tell_of_are_counted_where_people_look(
    tmp_path: Path,
) -> None:
    run = a_run(
        tmp_path, [("r1", ADA, "accept", 0.999), ("r2", BEN, "accept", 0.99), ("r3", "", "none", 0.0)]
    )
    found = evaluate(run, a_truth(tmp_path, [("r1", ADA, "", "", "")]))
    said = "NOT JUDGED: records of the run that the truth does not tell of"
    assert dict(evaluation_table(found))[said] == "2, 1 of them linked"
    assert said in evaluation_page(found)
    whole = evaluate(run, a_truth(tmp_path, [(name, "", "", "", "") for name in ("r1", "r2", "r3")]))
    assert said not in dict(evaluation_table(whole))


def test_what_the_council_merged_itself_is_not_found_by_the_run(tmp_path: Path) -> None:
    persons = [
        ("P1", "council", "r1"),
        ("P1", "council", "r2"),
        ("P2", "council", "r3"),
        ("P3", "council", "r4"),
    ]
    run = a_run(tmp_path, [], persons)
    people = [("r1", "a"), ("r2", "a"), ("r3", "b"), ("r4", "b")]
    write_rows(tmp_path / "people.csv", ("record_id", "person"), people)
    (run / "links.csv").unlink()
    a_register(tmp_path, [("council", record, [], record == "r2") for record, _ in people])
    clusters = evaluate(run, tmp_path / "people.csv")["clusters"]
    assert (clusters["records"], clusters["merged_before"], clusters["pairwise"]["recall"]) == (3, 1, 0.0)


def test_the_oracle_may_go_below_the_threshold_of_the_run() -> None:
    found = judge_links([Judged("r1", ADA, "none", "", 0.3, candidates=(ADA,), compared=1)])
    assert (found["recall"], found["oracle"]["recall"], found["oracle"]["threshold"]) == (0.0, 1.0, 0.3)


def test_what_people_decided_is_told_apart(tmp_path: Path) -> None:
    links = [
        ("r1", ADA, "accept", 0.999, "exact"),
        ("r2", BEN, "accept", 1.0, "decision"),
        ("r3", CY, "accept", 1.0, "decision"),
    ]
    write_rows(tmp_path / "links.csv", (*LINK_HEADINGS, "method"), links)
    write_rows(tmp_path / "persons.csv", PERSON_HEADINGS, [])
    found = evaluate(
        tmp_path,
        a_truth(tmp_path, [("r1", ADA, "", "", ""), ("r2", BEN, "", "", ""), ("r3", ADA, "", "", "")]),
    )
    assert found["decided"] == {"accepted": 2, "wrong": 1}
    assert (
        dict(evaluation_table(found))["Accepted because people said so (counted above)"]
        == "2, of which wrong 1"
    )


def test_the_table_has_a_text_for_every_figure(judged: dict[str, object]) -> None:
    table = dict(evaluation_table(judged))
    assert table["Precision of accepted links"] == "0.5000 (0.1500 to 0.8500)"
    assert table["Wrong links accepted"] == "2"
    assert table["Clusters found, people there are"] == "2, 2"
    assert table["Records of the truth that this run did not have"] == "5"


def test_a_published_run_can_be_judged(tmp_path: Path) -> None:
    publish(small_run(), tmp_path / "out")
    truth = a_truth(tmp_path, [("C1", ADA, "a", "", ""), ("C2", BEN, "b", "", ""), ("=C3", "", "c", "", "")])
    found = evaluate(tmp_path / "out", truth)
    assert (found["precision"], found["recall"], found["links_without_truth"]) == (1.0, 0.5, 1)
    assert found["counts"]["absent"] == 0


def test_a_run_on_one_dataset_is_judged_by_its_people(tmp_path: Path) -> None:
    publish(small_run("dedupe"), tmp_path / "out")
    write_rows(tmp_path / "truth.csv", ("record_id", "person"), [("C1", "a"), ("C2", "a"), ("=C3", "b")])
    found = evaluate(tmp_path / "out", tmp_path / "truth.csv")
    assert found["clusters"]["pairwise"] == {"precision": None, "recall": 0.0, "f1": None}
    assert found["clusters"]["b_cubed"]["precision"] == 1.0
    assert "precision" not in found


def test_records_whose_person_is_not_known_are_not_taken_for_one_person(tmp_path: Path) -> None:
    publish(small_run("dedupe"), tmp_path / "out")
    write_rows(tmp_path / "truth.csv", ("record_id", "person"), [("C1", "a"), ("C2", ""), ("=C3", "")])
    found = evaluate(tmp_path / "out", tmp_path / "truth.csv")
    assert (found["clusters"]["records"], found["clusters"]["people"]) == (1, 1)


def test_a_year_of_two_digits_is_no_decade(tmp_path: Path) -> None:
    write_rows(
        tmp_path / "truth.csv",
        ("record_id", "nhs_number", "birth_year"),
        [("r1", "", "50"), ("r2", "", "1950")],
    )
    found = evaluate(a_run(tmp_path, []), tmp_path / "truth.csv")
    assert list(found["by"]["born"]) == ["1950s"]


def test_a_number_of_the_truth_may_be_written_in_groups_but_not_be_another_word(tmp_path: Path) -> None:
    run = a_run(tmp_path, [("r1", ADA, "accept", 0.999), ("r2", BEN, "accept", 0.999)])
    grouped = [
        f"{number[:3]}{gap}{number[3:6]}{gap}{number[6:]}" for number, gap in ((ADA, "-"), (BEN, "\u00a0"))
    ]
    truth = a_truth(tmp_path, [("r1", grouped[0], "a", "", ""), ("r2", grouped[1], "b", "", "")])
    assert evaluate(run, truth)["precision"] == 1.0
    with pytest.raises(InputError, match="row 3: nhs_number is no valid NHS Number") as refused:
        evaluate(run, a_truth(tmp_path, [("r1", ADA, "a", "", ""), ("r2", "nobody", "b", "", "")]))
    assert "nobody of the register" in str(refused.value)


def test_links_saved_by_a_program_that_writes_decimal_commas_are_refused_by_their_row(tmp_path: Path) -> None:
    run = a_run(tmp_path, [("r1", ADA, "accept", 0.999)])
    (run / "links.csv").write_text("record_id;nhs_number;band;confidence\nr1;;none;0,98\n", encoding="utf-8")
    with pytest.raises(InputError, match="row 2: confidence is no number"):
        evaluate(run, a_truth(tmp_path, [("r1", ADA, "a", "", "")]))


def test_a_truth_without_rows_or_with_two_of_one_record_is_an_error(tmp_path: Path) -> None:
    run = a_run(tmp_path, [])
    with pytest.raises(InputError, match="no row below its headings"):
        evaluate(run, a_truth(tmp_path, []))
    with pytest.raises(InputError, match="rows 2 and 4: one record_id twice"):
        evaluate(run, a_truth(tmp_path, [(name, ADA, "a", "", "") for name in ("r1", "r2", "r1")]))


def test_a_truth_without_answers_is_an_error(tmp_path: Path) -> None:
    run = a_run(tmp_path, [])
    write_rows(tmp_path / "a.csv", ("record_id", "sex"), [("r1", "F")])
    with pytest.raises(InputError, match="no column nhs_number"):
        evaluate(run, tmp_path / "a.csv")
    write_rows(tmp_path / "b.csv", ("id",), [("r1",)])
    with pytest.raises(InputError, match="no column record_id"):
        evaluate(run, tmp_path / "b.csv")
    with pytest.raises(InputError, match="there is no file"):
        evaluate(run, tmp_path / "c.csv")


def test_a_run_without_links_gives_no_shares(tmp_path: Path) -> None:
    found = evaluate(a_run(tmp_path, []), a_truth(tmp_path, [("r1", "", "", "", "")]))
    assert (found["precision"], found["recall"], found["f1"], found["calibration"]["ece"]) == (
        None,
        None,
        None,
        None,
    )
    assert dict(evaluation_table(found))["F1"] == "-"


def test_wilson_gives_the_published_interval() -> None:
    assert wilson(8, 10) == pytest.approx([0.490162, 0.943318], abs=1e-6)
    assert wilson(0, 10) == pytest.approx([0.0, 0.277533], abs=1e-6)
    assert wilson(0, 0) is None


def test_perfect_confidence_has_no_calibration_error() -> None:
    found = calibration([(1.0, True)] * 40 + [(0.0, False)] * 35)
    assert (found["ece"], found["brier"], len(found["reliability"])) == (0.0, 0.0, 15)


def test_overconfidence_is_the_calibration_error() -> None:
    found = calibration([(0.9, place % 2 == 0) for place in range(300)], bins=1)
    assert found["ece"] == pytest.approx(0.4)
    assert found["brier"] == pytest.approx((0.01 + 0.81) / 2)


def test_bins_hold_equally_many() -> None:
    sizes = [part["n"] for part in calibration([(place / 100, True) for place in range(100)])["reliability"]]
    assert sum(sizes) == 100
    assert max(sizes) - min(sizes) <= 1


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.3, 0.9, 1.0]), st.booleans()), min_size=1, max_size=40))
def test_a_proposal_of_weight_three_is_three_of_them(proposals: list[tuple[float, bool]]) -> None:
    ordered = sorted(proposals)
    weighed = calibration(ordered, 1, [3.0] * len(ordered))
    listed = calibration([one for one in ordered for _ in range(3)], 1)
    assert (weighed["ece"], weighed["brier"]) == pytest.approx((listed["ece"], listed["brier"]))
    assert calibration(ordered, weights=[2.0] * len(ordered))["ece"] == pytest.approx(
        calibration(ordered)["ece"]
    )


def test_calibration_is_that_of_those_whom_proposals_stand_for() -> None:
    """Nine sure links stand behind each right one, and none but itself behind each that is wrong half the time."""
    sure, unsure = [(1.0, True)] * 10, [(0.9, False), (0.9, True)] * 5
    found = calibration([*sure, *unsure], 2, [9.0] * 10 + [1.0] * 10)
    assert found["ece"] == pytest.approx(0.4 * 10 / 100)
    assert found["brier"] == pytest.approx((0.81 + 0.01) / 2 * 10 / 100)
    assert found["n"] == 20


def test_the_oracle_takes_the_lowest_threshold_that_is_precise_enough() -> None:
    proposals = [(0.9, True), (0.8, True), (0.7, False), (0.6, True)]
    found = oracle(proposals, findable=4)
    assert (found["threshold"], found["recall"], found["chosen_with_the_truth"]) == (0.8, 0.5, True)


def test_the_oracle_cannot_part_links_of_equal_confidence() -> None:
    assert oracle([(0.9, True), (0.9, False)], findable=1)["threshold"] is None


@given(
    st.dictionaries(st.integers(0, 30).map(str), st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz")))
)
def test_cluster_scores_are_those_of_listing_every_pair(records: dict[str, tuple[str, str]]) -> None:
    predicted = {record: found for record, (found, _) in records.items()}
    true = {record: real for record, (_, real) in records.items()}
    together = {pair for pair in combinations(sorted(records), 2) if predicted[pair[0]] == predicted[pair[1]]}
    really = {pair for pair in combinations(sorted(records), 2) if true[pair[0]] == true[pair[1]]}
    scores = judge_clusters(predicted, true)
    assert scores["pairwise"]["precision"] == (len(together & really) / len(together) if together else None)
    assert scores["pairwise"]["recall"] == (len(together & really) / len(really) if really else None)
    assert scores["wrong_pairs"] == len(together - really)
    b_cubed = [
        sum((predicted[r], true[r]) == (predicted[s], true[s]) for s in records)
        / sum(predicted[r] == predicted[s] for s in records)
        for r in records
    ]
    assert scores["b_cubed"]["precision"] == (pytest.approx(sum(b_cubed) / len(b_cubed)) if b_cubed else None)


def page_text(folder: Path, kinds: dict[str, tuple[int, int]]) -> str:
    """What the page of a run says by group, of groups with so many records in the register, so many of them linked rightly."""
    records = [
        (f"{group}-{place}", group, "accept" if place < right else "none")
        for group, (n, right) in kinds.items()
        for place in range(n)
    ]
    run = a_run(folder, [(name, ADA if band == "accept" else "", band, 0.999) for name, _, band in records])
    found = evaluate(run, a_truth(folder, [(name, ADA, "", "", group) for name, group, _ in records]))
    page = evaluation_page(found)
    assert "the page as a whole is not for release" in page
    return " ".join(re.sub("<[^>]+>", " ", page.partition('id="by-group"')[2]).split())


def test_a_rate_of_a_group_is_that_of_its_exact_counts_with_its_interval(tmp_path: Path) -> None:
    text = page_text(tmp_path, {"A": (117, 108), "B": (400, 382), "C": (200, 198)})
    for row in ("A 115 115 92% 86% to 96%", "B 400 400 96% 93% to 97%", "C 200 200 at least 96% 93% to 100%"):
        assert row in text, row
    assert "Groups stand in the order of their names" in text


def test_a_group_of_fewer_than_a_hundred_has_no_rate(tmp_path: Path) -> None:
    text = page_text(tmp_path, {"Few": (13, 12), "Many": (300, 250)})
    assert "Few 15 15 too few to say *" in text
    assert "67%" not in text
    assert "Few * * too few to say *" in text


def test_the_page_shows_no_small_group_and_no_small_count_of_a_group(tmp_path: Path) -> None:
    groups = {"Rare A": (4, 4), "Rare B": (5, 2), "One missed": (120, 119), "F": (300, 250), "M": (410, 330)}
    text = page_text(tmp_path, groups)
    assert "Rare" not in text
    for row in (
        "All smaller groups 10 10 too few to say *",
        "One missed 120 120 at least 94% 88% to 100%",
        "M 410 410 80% 76% to 84%",
        "M 47% 60% -0.26 -0.45 to -0.08",
        "One missed * * too few to say *",
    ):
        assert row in text, row


def test_a_hidden_number_of_missed_is_not_what_the_others_leave(tmp_path: Path) -> None:
    """With one group's hidden, a total less the others would be it: the next smallest is hidden, too."""
    text = page_text(tmp_path, {"F": (300, 200), "M": (400, 380), "X": (200, 197)})
    assert "X * * too few to say *" in text
    assert "M * * too few to say *" in text
    assert re.search("F 26% 81% -1", text)
