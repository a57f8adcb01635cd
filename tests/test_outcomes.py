"""What people decided on a record stands before what follows from its being one person with others."""

import pytest

from linkage.clerical.outcomes import Outcome, Proposal, Ruling, group_outcomes, ruled, said_different
from linkage.clerical.rulings import APPLIED, CHANGED, CONTRADICTED
from linkage.past import CANNOT_TELL, DIFFERENT, SAME
from linkage.tables import ACCEPT, NONE, REVIEW

A, B, C, N, M = 1, 2, 3, 8, 9
TOGETHER: list[tuple[list[int], list[int]]] = [([A, B, C], [])]
UNSURE = Proposal(REVIEW, 0.6, M)
NOBODY = Proposal(NONE, 0.0, None)


def sure(other: int) -> Proposal:
    return Proposal(ACCEPT, 0.999, other)


def asked_again(other: int) -> Outcome:
    return Outcome(REVIEW, 0.9, other, "decide again")


def found(proposals: dict[int, Proposal], own: dict[int, Outcome]) -> dict[int, tuple[str, int | None]]:
    outcomes = group_outcomes(TOGETHER, proposals, own)
    return {subject: (outcome.band, outcome.other) for subject, outcome in outcomes.items()}


def test_a_number_that_the_model_accepts_is_shared_by_all_of_the_group() -> None:
    assert found({A: sure(N), B: UNSURE, C: NOBODY}, {}) == {B: (ACCEPT, N), C: (ACCEPT, N)}


def test_a_link_on_which_a_decision_is_asked_again_reaches_nobody() -> None:
    assert found({A: sure(N), B: UNSURE, C: NOBODY}, {A: asked_again(N)}) == {}


def test_a_link_of_which_somebody_could_not_tell_reaches_nobody() -> None:
    assert found({A: sure(N), B: NOBODY}, {A: Outcome(NONE, 0.9, None, "could not tell")}) == {}


def test_a_decision_that_waits_on_one_number_sends_another_number_of_the_same_person_to_review() -> None:
    assert found({A: UNSURE, B: sure(M), C: NOBODY}, {A: asked_again(N)}) == {B: (REVIEW, M)}


def test_a_record_keeps_what_was_decided_on_it_when_others_share_the_number() -> None:
    assert found({A: UNSURE, B: sure(N), C: NOBODY}, {A: asked_again(N)}) == {C: (ACCEPT, N)}


def test_two_numbers_that_the_model_accepts_for_one_person_both_go_to_review() -> None:
    assert found({A: sure(N), B: sure(M), C: NOBODY}, {}) == {A: (REVIEW, N), B: (REVIEW, M)}


def test_a_number_that_was_decided_is_everybodys_whatever_waits() -> None:
    outcomes = group_outcomes([([A, B], [N])], {A: sure(M), B: UNSURE}, {A: asked_again(M)})
    assert {subject: (outcome.band, outcome.other) for subject, outcome in outcomes.items()} == {
        A: (ACCEPT, N),
        B: (ACCEPT, N),
    }


@pytest.mark.parametrize(
    ("proposal", "verdict", "state", "becomes"),
    [
        (sure(N), SAME, CHANGED, None),
        (sure(M), SAME, CHANGED, (REVIEW, N)),
        (NOBODY, SAME, CHANGED, (REVIEW, N)),
        (sure(N), DIFFERENT, CHANGED, (REVIEW, N)),
        (sure(M), DIFFERENT, CHANGED, None),
        (NOBODY, DIFFERENT, CHANGED, None),
        (sure(N), CANNOT_TELL, APPLIED, (NONE, None)),
        (sure(M), CANNOT_TELL, APPLIED, None),
        (sure(N), CANNOT_TELL, CHANGED, None),
        (sure(M), SAME, CONTRADICTED, (REVIEW, N)),
        (sure(M), DIFFERENT, CONTRADICTED, (REVIEW, N)),
    ],
)
def test_a_decision_on_a_record_and_a_number_that_joins_nobody_changes_what_the_model_says(
    proposal: Proposal, verdict: str, state: str, becomes: tuple[str, int | None] | None
) -> None:
    outcome = ruled(proposal, [Ruling(1, verdict, state, "2026-01-05", N)])
    assert (outcome and (outcome.band, outcome.other)) == becomes


def test_of_several_decisions_on_a_record_the_last_that_says_anything_counts() -> None:
    asked = Ruling(1, SAME, CHANGED, "2026-01-05", N)
    untold = Ruling(2, CANNOT_TELL, APPLIED, "2026-01-12", M)
    first, last = ruled(sure(M), [asked, untold]), ruled(NOBODY, [asked, untold])
    assert first is not None
    assert last is not None
    assert (first.band, last.band) == (NONE, REVIEW)


def test_a_record_whose_candidates_were_all_decided_away_says_when_the_last_was() -> None:
    rulings = [Ruling(place, DIFFERENT, APPLIED, f"2026-01-0{place}", N) for place in (1, 2)]
    outcome = said_different(NOBODY, rulings)
    assert outcome is not None
    assert (outcome.band, "on 2026-01-02" in outcome.reason) == (NONE, True)
    assert said_different(sure(M), rulings) is None
    assert said_different(NOBODY, []) is None
