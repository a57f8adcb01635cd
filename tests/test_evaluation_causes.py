"""Where a run went wrong: misses, guards, traps and groups, told from judged records."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.evaluation.causes import FATES, fate, guards, misses, traps
from linkage.evaluation.group_tables import missed_tables, recall_tables
from linkage.evaluation.groups import (
    confident,
    gaps,
    interval_of_gap,
    linked_unlinked,
    matters,
    standardised_difference,
)
from linkage.evaluation.judged import Judged
from linkage.evaluation.links import judge_links
from linkage.evaluation.table import gap_rows, guard_rows, miss_rows
from linkage.pages.page import joined

A, B = "a number", "another number"


def record(
    band: str, proposed: str = "", *, truth: str = A, confidence: float = 0.9995, **more: object
) -> Judged:
    return Judged("r", truth, band, proposed, confidence, **more)  # type: ignore[arg-type]  # any field


def scenario(*tags: str) -> tuple[tuple[str, str], ...]:
    return tuple(("scenario", tag) for tag in tags)


def test_a_miss_is_told_by_where_the_right_number_was_lost() -> None:
    assert fate(record("accept", A)) == "linked"
    assert fate(record("accept", B)) == "linked to somebody else"
    assert fate(record("review", B)) == "in review as somebody else"
    assert fate(record("none", candidates=(A, B), compared=2)) == "best candidate, but too unsure"
    assert fate(record("none", candidates=(B, A), compared=2)) == "behind another candidate"
    assert fate(record("none", candidates=(B,), compared=1)) == "no link, and the right number no candidate"
    assert fate(record("none", candidates=(B,), compared=9)) == "not told by the run"
    assert fate(record("absent")) == "absent from the run"


def test_a_number_that_was_never_compared_counts_as_a_blocking_miss_also_if_somebody_else_was_linked() -> (
    None
):
    found = misses(
        [
            record("accept", A, candidates=(A,), compared=1),
            record("accept", B, candidates=(B,), compared=1),
            record("none", candidates=(B,), compared=7),
            record("none", truth="", candidates=(B,), compared=1),
        ]
    )
    assert (found["never_a_candidate"], found["not_told"], found["reach"]) == (1, 1, 0.5)


def test_those_without_the_right_candidate_are_named_apart_from_those_of_them_who_have_no_link() -> None:
    """Linked to somebody else, in review and without a link: of none was the right number a candidate, and one's fate is that."""
    others = [record(band, B, candidates=(B,), compared=1) for band in ("accept", "review", "none")]
    unseen = [record("none", candidates=(B,), compared=7)]
    rows = dict(miss_rows(misses([record("accept", A, candidates=(A,), compared=1), *others, *unseen])))
    assert rows["  not among them, linked or not"] == "3"
    assert rows["  not known of, so not in that share"] == "1"
    assert rows["Missed: no link, and the right number no candidate"] == "1"
    assert rows["Missed: linked to somebody else"] == rows["Missed: in review as somebody else"] == "1"
    assert sum(int(count) for name, count in rows.items() if name.startswith("Missed")) == 4


def test_blocking_is_not_blamed_for_a_record_that_the_run_did_not_have() -> None:
    found = misses([record("accept", A, candidates=(A,), compared=1), record("absent")])
    assert (found["never_a_candidate"], found["not_told"], found["reach"]) == (0, 1, 1.0)


def test_what_people_decided_is_no_claim_of_the_model() -> None:
    told = judge_links([record("accept", A), record("accept", B, confidence=1.0, decided=True)])
    assert (told["calibration"]["n"], told["confident"]["n"], told["oracle"]["recall"]) == (1, 1, 1.0)
    assert (told["wrong"], told["proposals"]["n"]) == (1, 2)


def test_a_run_without_evidence_does_not_tell_its_reach() -> None:
    assert misses([record("accept", A)])["reach"] is None


def test_a_guard_is_told_by_the_links_it_stopped_and_how_many_were_wrong() -> None:
    found = guards(
        [
            record("accept", A, confidence=0.99),
            record("review", A, guards=("twins",)),
            record("review", B, guards=("twins", "close_rival")),
            record("review", B, confidence=0.7, guards=("twins",)),
        ]
    )
    assert found["twins"] == {
        "fired": 3, "fired_wrong": 2, "stopped": 2, "wrong": 1, "share_wrong": 0.5, "alone": 1, "alone_wrong": 0,
    }  # fmt: skip
    assert (found["close_rival"]["stopped"], found["close_rival"]["alone"]) == (1, 0)


def test_a_guard_that_fires_on_links_too_unsure_to_accept_stops_none_and_is_told_of_all_the_same() -> None:
    unsure = record("review", B, confidence=0.7, guards=("namesake_at_home",))
    assert guard_rows(guards([record("accept", A, confidence=0.99), *[unsure] * 9])) == [
        (
            "Guard namesake at home, records in review",
            "9, of which wrong 9; sure enough to accept 0, of which wrong 0",
        )
    ]


def test_wrong_accepts_are_counted_by_the_relative_who_is_there_instead() -> None:
    tags = scenario("absent_twin_present", "held_wrong", "moved")
    found = traps([record("accept", B, truth="", groups=tags), record("none", truth="", groups=tags)])
    assert sorted(found) == ["held_wrong", "twin"]
    assert (found["twin"]["n"], found["twin"]["wrong"], found["twin"]["share"]) == (2, 1, 0.5)


def test_a_right_link_of_a_record_that_holds_a_wrong_number_is_not_a_wrong_accept() -> None:
    assert traps([record("accept", A, groups=scenario("held_wrong"))])["held_wrong"]["wrong"] == 0


def test_the_claim_is_held_against_groups_of_three_hundred() -> None:
    many = [record("accept", A, groups=scenario("moved"))] * 300
    few = [record("accept", B, groups=scenario("twins"))] * 3
    found = confident([*many, *few, record("accept", B, confidence=0.998)])
    assert (found["n"], found["right"]) == (303, 300)
    assert list(found["by"]["scenario"]) == ["moved"]
    assert found["by"]["scenario"]["moved"]["share"] == 1.0


def test_the_gap_of_recall_is_between_large_groups_only() -> None:
    by = {
        "origin": {
            "a": {"recall": 0.9, "in_register": 300},
            "b": {"recall": 0.8, "in_register": 400},
            "c": {"recall": 0.1, "in_register": 299},
        }
    }
    assert gaps(by)["origin"]["worst"] == "b"
    assert gaps(by)["origin"]["best"] == "a"


def test_the_gap_of_recall_says_how_many_groups_and_records_it_leaves_out() -> None:
    sizes = {"a": 300, "b": 400, "c": 299, "d": 36}
    by = {"ethnicity": {name: {"recall": 0.9, "in_register": size} for name, size in sizes.items()}}
    told = gaps(by)["ethnicity"]
    assert (told["least"], told["groups"]) == (300, 2)
    assert told["left_out"] == {"groups": 2, "in_register": 335}
    [(label, value)] = gap_rows(gaps(by))
    assert label == "Recall by ethnicity, best less worst"
    assert value.endswith(": b, a, of 2 groups of 300 or more; left out 2 smaller groups, 335 records")


def test_a_kind_without_two_large_groups_is_told_so() -> None:
    by = {"origin": {name: {"recall": 0.9, "in_register": size} for name, size in (("a", 900), ("b", 12))}}
    assert gaps(by)["origin"]["difference"] is None
    assert gap_rows(gaps(by)) == [
        (
            "Recall by origin, best less worst",
            "-, of 1 group of 300 or more; left out 1 smaller group, 12 records",
        )
    ]


def test_the_interval_of_a_difference_of_shares_is_the_published_one() -> None:
    """56 of 70 less 48 of 80: Newcombe 1998, table II, method 10."""
    assert interval_of_gap((56 / 70, 70), (48 / 80, 80), 1) == pytest.approx([0.0524, 0.3339], abs=5e-5)


def test_a_gap_of_recall_has_an_interval_that_is_wider_the_more_groups_it_was_picked_from() -> None:
    by = {"sex": {name: {"recall": recall, "in_register": 300} for name, recall in (("F", 0.95), ("M", 0.9))}}
    two = gaps(by)["sex"]["interval"]
    by["sex"] |= {str(place): {"recall": 0.92, "in_register": 300} for place in range(10)}
    low, high = gaps(by)["sex"]["interval"]
    assert low < 0 < two[0] < two[1] < high


def test_the_missed_are_compared_with_the_linked_and_people_outside_the_register_with_neither() -> None:
    found = linked_unlinked(
        [
            *[record("accept", A, groups=(("sex", "F"),))] * 3,
            record("accept", A, groups=(("sex", "M"),)),
            *[record("none", groups=(("sex", "M"),))] * 2,
            record("none", truth="", groups=(("sex", "F"),)),
        ]
    )
    assert (found["sex"]["F"]["linked"], found["sex"]["F"]["missed"]) == (0.75, 0.0)
    assert (found["sex"]["M"]["n_linked"], found["sex"]["M"]["n_missed"]) == (1, 2)
    assert found["sex"]["M"]["difference"] == -found["sex"]["F"]["difference"]


def test_whoever_is_linked_to_somebody_else_is_missed() -> None:
    wrongly = [record("accept", B, groups=(("sex", "M"),))] * 120
    records = [*people(200, 50, "F"), *people(100, 10, "M"), *wrongly]
    told = judge_links(records)
    found = told["linked_unlinked"]["sex"]["M"]
    assert (found["n_linked"], found["n_missed"], found["linked"]) == (100, 130, 100 / 300)
    assert sum(group["n_linked"] for group in told["linked_unlinked"]["sex"].values()) == told["right"]
    page = str(joined(missed_tables(told["linked_unlinked"], told["misses"]["fates"])))
    assert re.search(r"M</th><td[^>]*>33%</td><td[^>]*>72%", page)
    assert "Of those linked rightly" in page


def people(linked: int, missed: int, group: str) -> list[Judged]:
    """Records of a group."""
    groups = (("sex", group),)
    return [*[record("accept", A, groups=groups)] * linked, *[record("none", groups=groups)] * missed]


def test_a_difference_that_chance_explains_does_not_matter() -> None:
    """By Austin 2009 the standard error of d is sqrt((n1 + n2) / (n1 n2) + d² / (2 (n1 + n2)))."""
    for times, expected in ((1, False), (100, True)):
        found = linked_unlinked([*people(80 * times, 10 * times, "F"), *people(120 * times, 10 * times, "M")])
        told = found["sex"]["F"]
        d, n1, n2 = told["difference"], 200 * times, 20 * times
        error = ((n1 + n2) / (n1 * n2) + d**2 / (2 * (n1 + n2))) ** 0.5
        assert round(d, 3) == -0.202
        assert told["interval"] == pytest.approx([d - 1.95996 * error, d + 1.95996 * error], abs=1e-5)
        assert matters(d, told["interval"]) is expected
        [row, _] = str(joined(missed_tables(found, {"linked": n1, "in review": n2}))).split("<tr>")[2:]
        assert ("<strong>" in row, row.count(" to ")) == (expected, 1)
    assert not matters(0.09, (0.05, 0.13))


def test_a_difference_is_told_from_the_exact_counts() -> None:
    """290 of 357 linked and 18 of 30 missed: rounded to fives, the 18 would be two thirds of the missed."""
    found = linked_unlinked([*people(290, 18, "F"), *people(67, 12, "M")])
    row = str(joined(missed_tables(found, {"linked": 357, "in review": 30}))).split("<tr>")[2]
    assert "+0.48" in row
    assert "81%" in row
    assert "60%" in row


def test_small_groups_that_share_records_are_not_added_up() -> None:
    groups = tuple((kind, name) for kind, name in (("scenario", "a"), ("scenario", "b"), ("origin", "c")))
    many = [record("accept", A, groups=(("scenario", "d"), ("origin", "e")))] * 40
    told = judge_links([*many, *[record("none", groups=groups)] * 6])
    pages = [str(joined(recall_tables(told["by"]))), str(joined(missed_tables(told["linked_unlinked"], {})))]
    for page in pages:
        [scenarios] = [each for each in page.split("<table>") if "what was done to the record" in each]
        assert "smaller groups" not in scenarios
        assert ">d</th>" in scenarios
        assert "smaller groups" in page


def test_a_standardised_difference_is_the_published_one() -> None:
    assert standardised_difference(0.5, 0.4) is not None
    assert round(standardised_difference(0.5, 0.4) or 0, 6) == round(0.1 / ((0.25 + 0.24) / 2) ** 0.5, 6)
    assert standardised_difference(None, 0.4) is None
    assert standardised_difference(1.0, 0.0) is None


numbers = st.sampled_from(["", A, B])
records_strategy = st.lists(
    st.builds(
        Judged,
        st.just("r"),
        numbers,
        st.sampled_from(["accept", "review", "none", "screened", "absent"]),
        numbers,
        st.sampled_from([0.0, 0.5, 0.99, 0.9995]),
        st.sampled_from([(), scenario("absent_twin_present"), scenario("held_wrong", "moved")]),
        st.sampled_from([(), ("twins",)]),
        st.sampled_from([(), (A,), (B, A)]),
        st.integers(0, 3),
    ),
    max_size=12,
)


@given(records_strategy)
def test_every_record_in_the_register_has_one_fate_and_bands_add_up(records: list[Judged]) -> None:
    found = judge_links(records)
    eligible = [x for x in records if x.band != "screened"]
    assert sum(found["misses"]["fates"].values()) == sum(x.in_register for x in eligible)
    assert set(found["misses"]["fates"]) <= set(FATES)
    assert sum(band["n"] for band in found["bands"].values()) + found["counts"]["absent"] == len(eligible)
    assert found["right"] + found["wrong"] == found["counts"]["accept"]
