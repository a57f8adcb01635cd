"""Clusters that may not be one person are listed: a weak tie, few ties, or sudden growth, the most risky first."""

import shutil
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_workspace import COUNCIL, N, make_workspace, write

from linkage.clerical import decisions
from linkage.clusters_to_check import checked
from linkage.people.cluster_risk import LARGEST_SEARCHED, Cut, Shape, doubts, risk, weakest_cut
from linkage.people.components import component_sets
from linkage.reading.lists import read_rows
from linkage.runs.known import known
from linkage.tabular import write_rows
from linkage.weekly.run_names import current
from linkage.weekly.workspace import run


def shape(bits: float, nodes: int = 3, ties: int = 3, before: int | None = None) -> Shape:
    return Shape(Cut(bits, 1, frozenset({1}), (1, 2)), nodes, ties, nodes, before)


def test_the_risk_is_the_odds_that_the_weakest_cut_is_false() -> None:
    assert risk(shape(10.0)) == pytest.approx(1 / 1025)
    assert risk(shape(0.0)) == pytest.approx(0.5)


def test_every_pair_without_a_tie_doubles_the_odds() -> None:
    assert risk(shape(10.0, nodes=3, ties=2)) == pytest.approx(2 / 1026)
    assert risk(shape(10.0, nodes=5, ties=4)) == pytest.approx(64 / 1088)


def test_a_cluster_that_grew_is_riskier_by_as_many_times_as_it_grew() -> None:
    assert risk(shape(10.0, nodes=3, before=1)) == pytest.approx(3 / 1027)
    assert risk(shape(10.0, before=3)) == risk(shape(10.0, before=None))


def test_a_tie_that_speaks_against_one_person_holds_nothing_together() -> None:
    """Where a model accepts from a low confidence, a link may have fewer than 0 bits, which no search for cuts takes."""
    ties = {(1, 2): 20.0, (2, 3): 20.0, (1, 3): 20.0, (3, 4): -2.0}
    cut = weakest_cut({1, 2, 3, 4}, ties)
    assert (cut.bits, cut.side) == (0.0, frozenset({4}))


def test_weak_ties_few_ties_and_sudden_growth_are_told_and_nothing_else_is() -> None:
    assert doubts(shape(9.0, ties=2)) == ["a single tie of 9.0 bits (odds of 512 to 1) holds it together"]
    assert doubts(shape(30.0, nodes=5, ties=4)) == [
        "only 4 of 10 pairs of its records have a tie of their own"
    ]
    assert doubts(shape(30.0, nodes=4, ties=6, before=2)) == ["it had 2 of its 4 records in the last run"]
    assert doubts(replace(shape(30.0), opposed=1)) == ["1 pair of its records looks like two people"]
    assert doubts(shape(10.0, nodes=3, ties=2, before=2)) == []
    assert doubts(shape(30.0, nodes=4, ties=6, before=None)) == []


@given(
    st.integers(2, 6).flatmap(
        lambda count: st.tuples(
            st.just(count),
            st.dictionaries(
                st.sampled_from(list(combinations(range(count), 2))),
                st.integers(1, 30).map(float),
                min_size=1,
            ),
        )
    )
)
def test_no_way_to_take_a_cluster_apart_is_cheaper_than_its_weakest_cut(
    drawn: tuple[int, dict[tuple[int, int], float]],
) -> None:
    count, ties = drawn
    nodes = set(range(count))
    if len(component_sets(nodes, ties)) > 1:
        return
    sides = (set(side) for size in range(1, count) for side in combinations(range(count), size))
    cheapest = min(sum(b for (left, right), b in ties.items() if (left in s) != (right in s)) for s in sides)
    found = weakest_cut(nodes, ties)
    assert found.bits == cheapest
    assert len(found.side) <= count / 2


def test_a_bridge_between_two_groups_is_found_also_in_a_large_cluster() -> None:
    for size in (3, LARGEST_SEARCHED):
        groups = [range(size), range(size, 2 * size)]
        ties = {pair: 5.0 for group in groups for pair in combinations(group, 2)} | {(0, size): 7.0}
        found = weakest_cut(set(range(2 * size)), ties)
        assert (found.bits, found.ties, found.strongest) == (7.0, 1, (0, size))
        assert found.side == frozenset(groups[0])


def test_records_that_people_decided_to_be_one_person_count_as_one() -> None:
    ties = [(1, 2, 4.0), (2, 3, 30.0)]
    alone = checked([(1, 1, "A"), (2, 2, "B"), (3, 3, "C")], ties, None)
    assert alone is not None
    assert (alone[2:4], alone[-1]) == ((1, 2), ["A"])
    assert checked([(1, 1, "A"), (2, 1, "B"), (3, 3, "C")], ties, None) is None
    assert checked([(1, 1, "A"), (2, 1, "B"), (3, 1, "C")], ties, None) is None


def test_a_cluster_of_two_who_look_like_two_people_is_listed_unless_people_decided_on_them() -> None:
    ties = [(1, 3, 30.0), (2, 3, 30.0), (1, 2, 30.0)]
    found = checked([(1, 1, "A"), (2, 2, "B"), (3, 3, "C")], ties, None, [(1, 2)])
    assert found is not None
    assert found[1] == "1 pair of its records looks like two people."
    assert checked([(1, 1, "A"), (2, 1, "B"), (3, 3, "C")], ties, None, [(1, 2)]) is None


def to_check(folder: Path) -> list[dict[str, str]]:
    return read_rows(current(folder) / "clusters_to_check.csv")


def test_a_person_who_grew_suddenly_is_listed_and_a_verdict_in_the_list_takes_them_apart(
    tmp_path: Path,
) -> None:
    folder = make_workspace(tmp_path / "weekly")
    assert to_check(folder) == []
    write(folder, [*COUNCIL, ["91", *COUNCIL[0][1:]], ["92", *COUNCIL[0][1:]]])
    run(folder)
    [row] = to_check(folder)
    assert (row["records_before"], row["records"]) == ("2", "4")
    assert row["reason"] == "It had 2 of its 4 records in the last run."
    people = read_rows(current(folder) / "persons.csv")
    assert {each["record_id"] for each in people if each["person_id"] == row["person_id"]} > {"1", "91", "92"}
    assert known(current(folder), N[0])["to_check"] == [row["reason"]]
    copy = Path(shutil.copy(current(folder) / "clusters_to_check.csv", tmp_path / "worked.csv"))
    write_rows(copy, list(row), [list((row | {"verdict": "different", "why": "asked"}).values())])
    assert len(decisions.import_rows(folder, read_rows(copy), copy.name).new) == 1
    run(folder)
    people = read_rows(current(folder) / "persons.csv")
    person = {each["record_id"]: each["person_id"] for each in people}
    assert person[row["left_record"]] != person[row["right_record"]]
    assert to_check(folder) == []
