"""What changed between two runs, and why: each reason is told from the others."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import CommandLine
from hypothesis import given
from hypothesis import strategies as st
from small_workspace import COUNCIL, NHS, N, write

from linkage.clerical import decisions
from linkage.errors import InputError
from linkage.pages.compare_page import compare_page
from linkage.runs.compare import (
    DATA,
    DECISION,
    LEFT_OUT,
    MODEL,
    OTHERS,
    REASONS,
    SOFTWARE,
    THRESHOLD,
    Setting,
    change,
    compare,
    reason,
    write_changes,
)
from linkage.runs.two_runs import State, same_records
from linkage.weekly.run_names import current, find_run
from linkage.weekly.store import MAKING
from linkage.weekly.workspace import run

OURS = Setting("m1", 0.99, "1")
LINKED = State("accept", "9000000009", 0.995, "P1", "v1", ("v2", "v2"))
IN_REVIEW = replace(LINKED, band="review", confidence=0.98)


def test_each_reason_is_told_from_the_others() -> None:
    cases = {
        LEFT_OUT: (replace(IN_REVIEW, band="screened", decisions=frozenset({("1", "applied")})), OURS),
        DECISION: (replace(IN_REVIEW, decisions=frozenset({("1", "applied")})), OURS),
        DATA: (replace(IN_REVIEW, values="v9"), OURS),
        MODEL: (IN_REVIEW, replace(OURS, model="m2", accept=0.5)),
        THRESHOLD: (replace(LINKED, band="review"), replace(OURS, accept=0.999)),
        SOFTWARE: (IN_REVIEW, replace(OURS, software="2")),
        OTHERS: (IN_REVIEW, OURS),
    }
    for expected, (after, now) in cases.items():
        assert change(LINKED, after) == "lost"
        assert reason(LINKED, after, [OURS, now]) == expected
    register_changed = replace(IN_REVIEW, number_values=("v3", "v3"))
    assert reason(LINKED, register_changed, [OURS, OURS]) == DATA


STATES = st.none() | st.builds(
    State,
    st.sampled_from(["accept", "review", "none"]),
    st.sampled_from([None, "9000000009", "9000000017"]),
    st.floats(0, 1),
    st.sampled_from(["P1", "P2"]),
    st.sampled_from(["v1", "v2"]),
)


@given(STATES, STATES)
def test_looking_back_turns_gained_into_lost(before: State | None, after: State | None) -> None:
    back = {"gained": "lost", "lost": "gained", "arrived": "left", "left": "arrived"}
    if before is None and after is None:
        return
    there, again = change(before, after), change(after, before)
    assert again == back.get(str(there), there)
    assert reason(before, after, [OURS, OURS]) in REASONS


def test_a_run_compared_with_itself_has_no_changes(undecided: Path) -> None:
    found = find_run(undecided, "1")
    result = compare(found, found)
    assert set(result["counts"].values()) == {0}
    assert result["changes"] == []
    assert "Nothing changed" in compare_page(result)


def test_data_and_decisions_of_a_week_are_told_apart(fresh: Path, tmp_path: Path) -> None:
    decisions.decide(fresh, ("1", N[0]), "different")
    decisions.decide(fresh, ("3", N[2]), "same")
    decisions.decide(fresh, ("4", "council:6"), "same")
    write(fresh, [row for row in COUNCIL if row[0] != "2"] + [["7", *COUNCIL[4][1:]]])
    run(fresh)
    result = compare(find_run(fresh, "0001"), find_run(fresh, "2"))
    told = {(row["record_id"], row["change"]): row["why"] for row in result["changes"]}
    assert told["1", "lost"] == told["3", "gained"] == DECISION
    assert told["2", "left"] == told["7", "arrived"] == DATA
    assert told["4", "merged"] == told["6", "merged"] == DECISION
    assert ("5", "gained") not in told
    assert result["counts"]["merged"] == 1
    write_changes(result, tmp_path / "changes.csv")
    with (tmp_path / "changes.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(result["changes"])


def test_how_many_were_linked_before_and_after_is_what_the_changes_add_up_to(fresh: Path) -> None:
    """One link is lost, a linked record and one without a link are gone, and of two new records one is linked."""
    decisions.decide(fresh, ("1", N[0]), "different")
    new = [["7", *NHS[2][1:]], ["8", "Nobody", "Anywhere", "01/03/1922", "M1 1AA", "F"]]
    write(fresh, [row for row in COUNCIL if row[0] not in "23"] + new)
    run(fresh)
    folders = [find_run(fresh, each) for each in "12"]
    result = compare(*folders)
    linked = []
    for folder in folders:
        with (folder / "links.csv").open(encoding="utf-8-sig", newline="") as file:
            linked.append(sum(row["band"] == "accept" for row in csv.DictReader(file)))
    counts = result["counts"]
    assert [result["before"]["linked"], result["after"]["linked"]] == linked
    assert (counts["arrived"], counts["arrived_linked"]) == (2, 1)
    assert (counts["left"], counts["left_linked"]) == (2, 1)
    added = counts["gained"] + counts["arrived_linked"] - counts["lost"] - counts["left_linked"]
    assert linked[0] + added == linked[1]
    assert counts["lost"] == 1
    page = compare_page(result)
    assert f"0001 ({linked[0]} linked)" in re.sub(r"-[^ ]*(?= \()", "", page)
    assert "New council records that are linked" in page
    assert "Council records that are gone and were linked" in page


def test_a_run_that_could_not_get_its_name_gets_it_when_it_is_compared(fresh: Path) -> None:
    found = find_run(fresh, "1")
    found.rename(found.parent / MAKING)
    assert find_run(fresh, "1") == found
    assert found.is_dir()


def test_records_are_paired_by_id_and_values_then_values_then_id() -> None:
    before = {"1": "a", "2": "b", "3": "c", "4": "d", "5": "d"}
    after = {"1": "b", "2": "a", "3": "changed", "9": "d", "8": "d", "5": "e"}
    assert same_records(before, after) == {"1": "2", "2": "1", "3": "3", "5": "5"}


def test_new_record_ids_alone_are_no_change(fresh: Path) -> None:
    write(fresh, [[f"9{row[0]}", *row[1:]] for row in COUNCIL])
    run(fresh)
    assert set(compare(find_run(fresh, "1"), find_run(fresh, "2"))["counts"].values()) == {0}


def test_other_thresholds_are_told(fresh: Path) -> None:
    settings = fresh / "linkage.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("# accept = 0.995", "accept = 0.9999999"), encoding="utf-8")
    run(fresh)
    result = compare(find_run(fresh, "1"), find_run(fresh, "2"))
    assert result["counts"]["lost"] >= 3
    assert result["why"]["lost"] == {THRESHOLD: result["counts"]["lost"]}
    page = compare_page(result)
    assert "Lost the NHS Number" in page
    assert "not for release" in page
    assert "Zyxwvutia" not in page


def test_what_is_no_run_is_told(fresh: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no run 9"):
        find_run(fresh, "9")
    with pytest.raises(InputError, match="not the folder of a run"):
        compare(tmp_path, tmp_path)


def test_which_run_came_before_which_is_told_and_looking_back_is_warned_of(
    fresh: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = current(fresh)
    run(fresh)
    last = current(fresh)
    linkage = CommandLine(monkeypatch, capsys)
    told = linkage("compare", "1", "2", "--workspace", fresh).out
    assert told.startswith(f"From run {first.name} to run {last.name}\n")
    assert compare(first, last)["cautions"] == compare(first, first)["cautions"] == []
    (warned,) = compare(last, first)["cautions"]
    assert warned.startswith(f"Run {first.name} was made before run {last.name}")
