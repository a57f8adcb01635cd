"""What a calibration tells of what it changes: which records its figures are of, what the model accepts, what became worse."""

from pathlib import Path

import pytest
from command_line import CommandLine
from test_evaluation_recalibrate import folder as folder  # the fixture

from linkage import model_folder
from linkage.evaluation.evaluate import evaluate
from linkage.evaluation.isotonic import Observation
from linkage.evaluation.learns_from import Labels, labels_by_truth
from linkage.evaluation.losses import less_calibrated
from linkage.evaluation.recalibrate import recalibrate, recalibration_table
from linkage.evaluation.sample import Best, best_candidates
from linkage.evaluation.table import evaluation_table
from linkage.reading.lists import read_rows
from linkage.scoring.confidence import calibrate


def test_a_loss_of_precision_at_the_threshold_is_never_silent(folder: Path, tmp_path: Path) -> None:
    sure, unsure = Best("a", "", 0.9999, "accepted", False), Best("b", "", 0.9, "review", False)
    pairs = [(sure, Observation(0.9999, True))] * 500
    pairs += [(unsure, Observation(0.9, place > 0)) for place in range(3_000)]
    result = recalibrate(folder / "run", Labels(tuple(pairs), "a test"), "default", tmp_path / "ours")
    assert result["before"]["accepted"] == {
        "n": 500,
        "right": 500,
        "precision": 1.0,
        "labels": 500,
        "wrong": 0,
    }
    assert result["after"]["accepted"]["n"] == 3_500
    assert "precision of links falls, by labels held out, from 1.0000 to 0.9997" in result["warning"]
    assert result["warning"] in (tmp_path / "ours" / "card.md").read_text(encoding="utf-8")
    told = dict(recalibration_table(result))
    assert told["Labels used, left out"] == "3,500, 0"
    assert told["Records of this run accepted before"].endswith("; precision 1.0000 by 500 labels, 0 wrong")
    assert told["  by the model written"].endswith("; precision 0.9997 by 3,500 labels held out, 1 wrong")


def test_labels_of_no_accepted_link_do_not_show_how_right_accepted_links_are(
    folder: Path, tmp_path: Path
) -> None:
    """Labels of the review list only: a few of them the new confidence accepts, which says nothing of the others."""
    unsure = Best("a", "", 0.98, "review, other", False)
    pairs = [(unsure, Observation(0.98, True))] * 2_000
    pairs += [(Best("b", "", 0.3, "review, other", False), Observation(0.3, False))] * 20
    result = recalibrate(folder / "run", Labels(tuple(pairs), "a test"), "default", tmp_path / "ours")
    assert result["before"]["accepted"]["labels"] == 0 < result["after"]["accepted"]["labels"]
    assert "No label is of a link that the run accepted" in result["warning"]
    assert result["warning"] in (tmp_path / "ours" / "card.md").read_text(encoding="utf-8")


def test_the_calibration_errors_of_evaluate_and_of_calibrate_say_which_records_each_is_of(
    folder: Path, tmp_path: Path
) -> None:
    run, truth = folder / "run", folder / "made" / "truth.csv"
    found = evaluate(run, truth)
    proposed = sum(row["band"] in ("accept", "review") for row in read_rows(run / "links.csv"))
    told = dict(evaluation_table(found))["Calibration error of proposed links (15 bins)"]
    assert (
        told == f"{found['calibration']['ece']:.4f}, of {proposed} that the model accepted or left for review"
    )
    result = recalibrate(run, labels_by_truth(run, truth), "default", tmp_path / "ours")
    candidates = len(best_candidates(run))
    assert candidates > proposed
    assert f"the {candidates} records of this run that have a candidate, linked or not" in result["stand_for"]


def test_what_is_accepted_after_is_judged_by_labels_held_out(folder: Path, tmp_path: Path) -> None:
    """A line learnt from 60 right labels gives their confidence 60.5/61, from four fifths of them 48.5/49: less than 0.99."""
    right = (Best("a", "", 0.999994, "accepted", False), Observation(0.999994, True))
    wrong = (Best("b", "", 0.1, "no link", False), Observation(0.1, False))
    result = recalibrate(
        folder / "run", Labels((*[right] * 60, *[wrong] * 150), "a test"), "default", tmp_path / "ours"
    )
    assert (result["before"]["accepted"]["n"], result["after"]["accepted"]["n"]) == (60, 0)
    assert result["after"]["accepts"] > 0
    told = dict(recalibration_table(result))
    accepts = result["after"]["accepts"]
    assert told["  by the model written"] == f"about {accepts}; precision - by 0 labels held out, 0 wrong"
    assert "no label held out would be accepted" in result["warning"]
    assert not any("abelled" in label for label in told)


def test_a_model_that_accepts_nothing_more_says_so(folder: Path, tmp_path: Path) -> None:
    """Of the surest links one in fifty was wrong, however sure their run was."""
    sure = Best("a", "", 0.999994, "accepted", False)
    pairs = [(sure, Observation(0.999994, place % 50 > 0)) for place in range(1000)]
    pairs += [(Best("b", "", 0.1, "no link", False), Observation(0.1, False))] * 50
    result = recalibrate(folder / "run", Labels(tuple(pairs), "a test"), "default", tmp_path / "ours")
    assert result["before"]["accepts"] > result["after"]["accepts"] == 0
    assert "accepts none of this run's records" in result["warning"]
    written = model_folder.load(str(tmp_path / "ours"))
    assert calibrate(written.calibration, 1 - 1e-8) < written.accept


def test_a_calibration_that_labels_held_out_find_worse_is_never_silent(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The former confidence was right of every pair; few labels cannot say it as surely."""
    sure, unsure = Best("a", "", 0.9999, "accepted", False), Best("b", "", 0.001, "no link", False)
    pairs = [(sure, Observation(0.9999, True))] * 180 + [(unsure, Observation(0.001, False))] * 20
    labels = Labels(tuple(pairs), "a test")
    result = recalibrate(folder / "run", labels, "default", tmp_path / "ours")
    before, after = (f"{result[when]['ece']:.4f}" for when in ("before", "after"))
    assert before < after
    said = f"the confidence got worse: calibration error {after}, before {before}"
    assert said in result["worse"]
    assert said in (tmp_path / "ours" / "card.md").read_text(encoding="utf-8")
    monkeypatch.setattr("linkage.evaluation.learns_from.labels_by_people", lambda *_: labels)
    run = CommandLine(monkeypatch, capsys)
    done = run("calibrate", folder / "run", "--labels", "a.csv", "--out", tmp_path / "again")
    assert said in done.out


def test_a_calibration_that_labels_held_out_find_no_worse_is_not_said_to_be() -> None:
    better, same = {"ece": 0.001, "brier": 0.001}, {"ece": 0.00704, "brier": 0.001}
    assert less_calibrated({"ece": 0.007, "brier": 0.001}, better, "default") == ""
    assert less_calibrated({"ece": 0.007, "brier": 0.001}, same, "default") == ""
    less_sharp = less_calibrated({"ece": 0.007, "brier": 0.001}, {"ece": 0.002, "brier": 0.002}, "default")
    assert "got worse: Brier score 0.0020, before 0.0010;" in less_sharp


def test_without_a_loss_there_is_no_warning(folder: Path, tmp_path: Path) -> None:
    labels = labels_by_truth(folder / "run", folder / "made" / "truth.csv")
    result = recalibrate(folder / "run", labels, "default", tmp_path / "ours")
    assert result["warning"] == ""
    assert result["after"]["ece"] < 0.01
