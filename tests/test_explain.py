"""Why a record was linked as it was."""

import re
from pathlib import Path
from typing import Any

import pytest
from small_run import ADA, BEN, CY, small_run

from linkage.errors import InputError
from linkage.publish import publish
from linkage.runs.explain import NOT_COMPARED, explain, explain_page, explain_text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run") / "out"
    publish(small_run(), out)
    return out


@pytest.fixture(scope="module")
def ben(folder: Path) -> dict[str, Any]:
    return explain(folder, "C2")


def test_the_decision_and_every_candidate_are_told_best_first(ben: dict[str, Any]) -> None:
    assert (ben["decision"]["band"], ben["decision"]["nhs_number"]) == ("review", BEN)
    assert [candidate["nhs_number"] for candidate in ben["candidates"]] == [BEN, CY]


def test_evidence_has_wording_weight_and_both_sides(ben: dict[str, Any]) -> None:
    assert ben["candidates"][0]["evidence"][3] == {
        "comparison": "date_of_birth",
        "level": "swapped",
        "wording": "day and month are swapped",
        "weight": 2.5,
        "value_council": "1951-05-06",
        "value_nhs": "1951-06-05",
    }


def test_the_evidence_of_a_candidate_adds_up_to_its_match_weight(ben: dict[str, Any]) -> None:
    for candidate in ben["candidates"]:
        total = sum(step["weight"] for step in candidate["evidence"])
        assert total == pytest.approx(candidate["match_weight"], abs=0.01)


def test_a_record_without_candidates_is_explained_too(folder: Path) -> None:
    found = explain(folder, "=C3")
    assert found["candidates"] == []
    assert "Nobody in the register" in explain_text(found)
    assert "No link" in explain_page(found)


def test_an_unknown_record_is_an_error_that_does_not_repeat_it(folder: Path) -> None:
    with pytest.raises(InputError, match="no council record with that id") as caught:
        explain(folder, "Grizelda")
    assert "Grizelda" not in str(caught.value)


def test_a_folder_that_is_no_run_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no links\.parquet"):
        explain(tmp_path, "C1")
    (tmp_path / "links.parquet").write_bytes(b"torn")
    with pytest.raises(InputError, match="cannot be read"):
        explain(tmp_path, "C1")


def test_a_run_on_one_file_is_told_from_one_that_is_torn(tmp_path: Path) -> None:
    publish(small_run("dedupe"), tmp_path / "out")
    with pytest.raises(InputError, match=r"linkage dedupe.*duplicates\.csv"):
        explain(tmp_path / "out", "C1")


def test_the_text_can_be_printed_on_a_plain_terminal(ben: dict[str, Any]) -> None:
    text = explain_text(ben)
    assert text.isascii()
    assert "Guards: twins, same_home" in text
    assert max(len(line) for line in text.splitlines()) <= 110


def test_a_confidence_is_never_rounded_up_to_certainty(ben: dict[str, Any]) -> None:
    sure = {**ben, "decision": ben["decision"] | {"confidence": 0.999984}}
    assert "confidence 0.9999 but" in explain_text(sure)


def test_weights_stand_below_each_other_whatever_the_words(ben: dict[str, Any]) -> None:
    candidate = ben["candidates"][1]
    steps = [candidate["evidence"][0] | {"wording": "surname differs, as it may where a woman has married"}]
    text = explain_text(
        {**ben, "candidates": [candidate | {"evidence": [*steps, *candidate["evidence"][1:]]}]}
    )
    ends = {
        line.index(found[0]) + len(found[0])
        for line in text.splitlines()
        if (found := re.findall(r" [+-]\d+\.\d", line))
    }
    assert len(ends) == 1


def test_bars_of_the_text_start_where_the_one_before_ended(folder: Path) -> None:
    lines = explain_text(explain(folder, "C1")).splitlines()
    bars = [match for line in lines if (match := re.search(r"[+-]\d+\.\d  ( *)(\++|-+)(?= |$)", line))]
    starts = [len(bar[1]) for bar in bars]
    ends = [len(bar[1]) + len(bar[2]) for bar in bars]
    assert len(bars) == 4
    assert starts[0] == starts[1] == 0
    assert starts[2:] == ends[1:-1]


def test_characters_that_steer_a_terminal_are_not_printed(ben: dict[str, Any]) -> None:
    ben["candidates"][0]["evidence"][1]["value_nhs"] = "Ben\x1b[2J\u202e"
    text = explain_text(ben)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "Ben?[2J?" in text


def test_the_page_draws_each_candidate_and_escapes_what_came_in(folder: Path) -> None:
    found = explain(folder, "C2")
    found["candidates"][0]["evidence"][1]["value_nhs"] = "<script>"
    html = explain_page(found, banner="TEST DATA")
    assert html.count('role="img"') == 2
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "TEST DATA" in html


def test_the_page_shows_the_number_that_was_linked(folder: Path) -> None:
    assert f"Linked, NHS Number {ADA}, confidence 0.9999." in explain_page(explain(folder, "C1"))


def test_what_waits_is_not_worded_as_a_link_and_what_a_person_decided_has_no_confidence(
    ben: dict[str, Any],
) -> None:
    decision = ben["decision"]
    assert decision["guards"]
    waits = explain_text(ben).splitlines()[0]
    assert re.search(
        rf": For a person to decide: perhaps NHS Number {BEN}, confidence 0\.\d{{4}} but for the guards$",
        waits,
    )
    alone = explain_text(ben | {"decision": decision | {"guards": ""}}).splitlines()[0]
    assert re.search(r": perhaps NHS Number \d+, confidence 0\.\d{4}$", alone)
    linked = decision | {"band": "accept", "guards": ""}
    assert re.search(
        rf": Linked, NHS Number {BEN}, confidence 0\.\d{{4}}$",
        explain_text(ben | {"decision": linked}).splitlines()[0],
    )
    decided = linked | {"method": "decision", "confidence": 1.0}
    told = explain_text(ben | {"decision": decided}).splitlines()[0]
    assert told.endswith(f": Linked, NHS Number {BEN}, by what a person decided")


def test_that_the_candidates_shown_are_not_the_person_decided_on_is_said(ben: dict[str, Any]) -> None:
    decided = ben["decision"] | {"band": "accept", "method": "decision", "nhs_number": ADA}
    for told in (explain_text, explain_page):
        assert NOT_COMPARED in told(ben | {"decision": decided})
        assert NOT_COMPARED not in told(ben)
