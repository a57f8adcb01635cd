"""What follows from decisions: sameness is transitive, difference holds for all, contradictions are told."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.clerical.rulings import (
    ABSENT,
    APPLIED,
    BARRED,
    CHANGED,
    CONTRADICTED,
    REPLACED,
    Located,
    contradictions,
    latest,
    rulings_from,
    standing,
)
from linkage.past import CANNOT_TELL, DIFFERENT, SAME, WITHDRAWN, Decision, Side
from linkage.people.clusters import Edge, Graph, cluster_groups

NUMBERS = {8, 9}


def said(number: int, left: int, right: int, verdict: str, fresh: bool = True) -> Located:
    sides = [Side("nhs" if place in NUMBERS else "council", str(place)) for place in (left, right)]
    low, high = sorted(sides)
    return Located(Decision(number, low, high, verdict, "ada", "2026-01-01"), left, right, fresh)


DECISIONS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from([SAME, DIFFERENT, CANNOT_TELL]), st.booleans()),
    max_size=14,
).map(lambda rows: [said(n, *row) for n, row in enumerate(rows, start=1) if row[0] != row[1]])  # fmt: skip


def test_same_is_transitive_and_different_holds_for_all_of_them() -> None:
    found = rulings_from([said(1, 0, 1, SAME), said(2, 1, 8, SAME), said(3, 2, 0, DIFFERENT)], NUMBERS, set())
    assert found.groups == {0: 0, 1: 0, 8: 0}
    assert found.apart == {(0, 2), (1, 2), (2, 8)}
    assert set(found.states.values()) == {APPLIED}


def test_contradictions_are_told_and_join_nobody() -> None:
    decisions = [said(1, 0, 1, SAME), said(2, 1, 2, SAME), said(3, 0, 2, DIFFERENT), said(4, 3, 4, SAME)]
    found = rulings_from(decisions, NUMBERS, set())
    assert found.states == {1: CONTRADICTED, 2: CONTRADICTED, 3: CONTRADICTED, 4: APPLIED}
    assert found.groups == {3: 3, 4: 3}
    assert (0, 2) in found.apart
    assert [each.number for each in contradictions([each.decision for each in decisions])] == [1, 2, 3]


def test_one_person_has_one_nhs_number() -> None:
    found = rulings_from([said(1, 0, 8, SAME), said(2, 0, 9, SAME)], NUMBERS, set())
    assert found.groups == {}
    assert set(found.states.values()) == {CONTRADICTED}


def test_a_decision_on_changed_records_joins_nobody_but_still_keeps_apart() -> None:
    found = rulings_from(
        [said(1, 0, 1, SAME, fresh=False), said(2, 2, 3, DIFFERENT, fresh=False)], NUMBERS, set()
    )
    assert found.groups == {}
    assert found.apart == {(2, 3)}
    assert set(found.states.values()) == {CHANGED}


def test_records_that_are_gone_or_may_not_be_linked_are_told() -> None:
    gone = Located(said(1, 0, 1, SAME).decision, None, 1)
    found = rulings_from([gone, said(2, 2, 8, SAME)], NUMBERS, {2})
    assert found.states == {1: ABSENT, 2: BARRED}
    assert found.groups == {}


def test_of_two_decisions_on_the_same_subjects_the_later_holds() -> None:
    found = rulings_from([said(1, 0, 8, SAME), said(2, 0, 8, DIFFERENT)], NUMBERS, set())
    assert found.states == {1: REPLACED, 2: APPLIED}
    assert found.apart == {(0, 8)}


def test_the_last_decision_stands_until_it_is_withdrawn() -> None:
    first, second, third = (
        said(1, 0, 8, SAME).decision,
        said(2, 0, 8, DIFFERENT).decision,
        said(3, 0, 8, WITHDRAWN).decision,
    )
    assert standing([first]) == [first]
    assert standing([second, first]) == [second]
    assert standing([third, second, first]) == []
    assert latest([third, second, first]) == [third]


def test_a_withdrawal_also_ends_what_was_said_before_of_the_same_record_under_another_id() -> None:
    followed = replace(said(1, 0, 8, SAME), followed=True)
    found = rulings_from([followed, said(3, 0, 8, WITHDRAWN)], NUMBERS, set())
    assert (found.groups, found.states) == ({}, {1: REPLACED})


def test_a_decision_after_a_withdrawal_holds() -> None:
    found = rulings_from([said(1, 0, 8, WITHDRAWN), said(2, 0, 8, SAME)], NUMBERS, set())
    assert (found.groups, found.states) == ({0: 0, 8: 0}, {2: APPLIED})


def test_a_withdrawal_for_a_former_id_does_not_end_what_was_said_of_the_record_itself() -> None:
    withdrawal = replace(said(3, 0, 8, WITHDRAWN), followed=True)
    found = rulings_from([said(2, 0, 8, DIFFERENT), withdrawal], NUMBERS, set())
    assert found.apart == {(0, 8)}
    assert found.states == {2: APPLIED}


@settings(max_examples=300)
@given(DECISIONS)
def test_nobody_is_in_one_group_with_whom_a_person_called_different(decisions: list[Located]) -> None:
    found = rulings_from(decisions, NUMBERS, set())
    for left, right in found.apart:
        assert left < right
        assert left not in found.groups or found.groups[left] != found.groups.get(right)
    for group in set(found.groups.values()):
        assert (
            len(
                [subject for subject in found.groups if found.groups[subject] == group and subject in NUMBERS]
            )
            < 2
        )
    assert set(found.states) == {each.decision.number for each in decisions}


@settings(max_examples=200)
@given(DECISIONS, st.data())
def test_whatever_the_evidence_decisions_hold_in_the_clusters(
    decisions: list[Located], data: st.DataObject
) -> None:
    found = rulings_from(decisions, NUMBERS, set())
    pairs = data.draw(
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.floats(1, 90)), max_size=20)
    )
    births = {0: "19500102", 1: "19771130", 2: "19311215"}
    edges = [Edge(*pair) for pair in pairs if pair[0] != pair[1]]
    clusters = cluster_groups(Graph(set(range(10)), edges, NUMBERS, births, found.apart), found.groups)
    for left, right in found.apart:
        assert clusters[left][0] != clusters[right][0]
    for subject, group in found.groups.items():
        assert clusters[subject][0] == clusters[group][0]
