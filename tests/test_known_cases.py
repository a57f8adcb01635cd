"""Hard pairs: nobody's care is put on another's record, and no outcome changes without being noticed.

The cases are data in tests/known_cases; tests/known_case_run.py shows and releases their outcomes.
"""

from pathlib import Path

import pytest
from known_case import NOT_FROM_THE_REGISTER, KnownCase, Outcome, read_cases, read_table
from known_case_run import (
    Release,
    council_rows,
    moved,
    moved_table,
    newly_wrong,
    number,
    read_release,
    register_rows,
    run_cases,
    share_as_wanted,
    table,
    write_release,
)

CASES = read_cases()
FEWEST = 170


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    return run_cases(CASES, tmp_path_factory.mktemp("known_cases"))


def test_no_case_is_accepted_as_somebody_else(outcomes: dict[str, Outcome]) -> None:
    wrong = newly_wrong(CASES, outcomes, read_release())
    assert not wrong, f"accepted as another person:\n{table(wrong, outcomes, read_release())}"


def test_no_case_has_moved_since_the_last_release(outcomes: dict[str, Outcome]) -> None:
    assert not moved(CASES, outcomes, read_release()), (
        f"look at each, then: python tests/known_case_run.py --release\n"
        f"{moved_table(CASES, outcomes, read_release())}"
    )


def test_the_release_knows_exactly_the_cases_there_are() -> None:
    assert set(read_release().outcomes) == {case.id for case in CASES}, (
        "cases came or went: python tests/known_case_run.py --release"
    )


def test_no_fewer_cases_are_as_wanted_than_at_the_last_release(outcomes: dict[str, Outcome]) -> None:
    assert share_as_wanted(CASES, outcomes) >= read_release().share_as_wanted


def test_no_case_is_linked_to_people_of_another(outcomes: dict[str, Outcome]) -> None:
    strays = [case.id for case in CASES if outcomes[case.id].proposed == NOT_FROM_THE_REGISTER]
    assert [stray for stray in strays if outcomes[stray].band == "accept"] == []


def test_there_are_many_cases_and_no_kind_shares_a_place_with_another() -> None:
    assert len(CASES) >= FEWEST
    owners: dict[str, str] = {}
    for case in CASES:
        for row in (*council_rows(case), *register_rows(case)):
            postcode = row.get("postcode", "ZZ99")
            assert postcode.startswith("ZZ99") or owners.setdefault(postcode, case.kind) == case.kind
        for who in case.register:
            assert owners.setdefault(number(case, who), case.id) == case.id


def test_a_table_is_drawn_with_one_line_a_row_and_ditto_marks() -> None:
    drawn = """
        who     | forename | surname
        council | Ada      | Quill
        self    |          | "
        "       | Adah     | Vale
    """
    assert read_table(drawn) == [
        ("council", {"forename": "Ada", "surname": "Quill"}),
        ("self", {"surname": "Quill"}),
        ("self", {"forename": "Adah", "surname": "Vale"}),
    ]


def test_a_case_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "kind.toml").write_text(
        """
        [[case]]
        id = "nobody_is_there"
        want = "none"
        reason = "The person is not in the register."
        records = '''
        who     | forename
        council | Ada
        twin    | Bea
        '''
        """,
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match="nobody_is_there: without a self, say never"):
        read_cases(tmp_path)


def test_what_moved_is_told_as_a_table() -> None:
    case = KnownCase("a_case", "twins", (), {"self": ()}, ("accept",), False, "Why.")
    release = Release(outcomes={"a_case": "accept self"})
    assert moved_table([case], {"a_case": Outcome("accept", "self")}, release) == ""
    told = moved_table([case], {"a_case": Outcome("accept", "twin")}, release)
    assert "| a_case | twins | accept self | accept twin | accept | WRONG |" in told


def test_a_case_that_was_right_cannot_be_released_as_wrong(tmp_path: Path) -> None:
    case = KnownCase("a_case", "twins", (), {"twin": ()}, ("none",), True, "Why.")
    right, wrong = {"a_case": Outcome("none")}, {"a_case": Outcome("accept", "twin")}
    path = tmp_path / "released.json"
    write_release([case], wrong, path)
    assert read_release(path).still_wrong == ("a_case",)
    write_release([case], right, path)
    assert read_release(path).still_wrong == ()
    with pytest.raises(ValueError, match="a_case"):
        write_release([case], wrong, path)
