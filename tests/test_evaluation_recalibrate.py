"""Calibrating a model on labels of a run: what is written, what is told and what is refused."""

import json
import shutil
from pathlib import Path

import pytest

from linkage import model_folder, pipeline
from linkage.config import LinkJob
from linkage.errors import InputError, ModelError, OutputError
from linkage.evaluation.estimate import estimate
from linkage.evaluation.evaluate import evaluate
from linkage.evaluation.isotonic import Observation, calibration_points
from linkage.evaluation.learns_from import Labels, labels_by_people, labels_by_truth
from linkage.evaluation.measures import calibration
from linkage.evaluation.page import evaluation_page
from linkage.evaluation.recalibrate import recalibrate
from linkage.evaluation.sample import Best, draw_sample
from linkage.evaluation.weakness import told_apart, weaknesses
from linkage.population import generate
from linkage.reading.lists import read_rows
from linkage.tabular import write_rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small population in "made", its run in "run" and a sample of that, labelled with the truth, in "sample.csv"."""
    folder = tmp_path_factory.mktemp("calibrate")
    generate(3_000, 500, 5, folder / "made", True)
    council, nhs = (folder / "made" / f"{name}.csv" for name in ("council", "nhs"))
    pipeline.link(LinkJob(pipeline.council(council), pipeline.nhs(nhs), folder / "run"))
    draw_sample(folder / "run", 200, 1, folder / "sample.csv")
    label(folder / "sample.csv", folder / "made" / "truth.csv")
    return folder


def label(sample: Path, truth: Path) -> None:
    """Fill the labels of a sample from the truth."""
    numbers = {row["record_id"]: row["nhs_number"] for row in read_rows(truth)}
    rows = [
        row | {"label": "same" if numbers[row["record_id"]] == row["nhs_number"] else "different"}
        for row in read_rows(sample)
    ]
    write_rows(sample, list(rows[0]), [list(row.values()) for row in rows])


def test_a_calibrated_model_loads_and_says_what_it_was_learnt_on(folder: Path, tmp_path: Path) -> None:
    labels = labels_by_truth(folder / "run", folder / "made" / "truth.csv", "a made-up council")
    result = recalibrate(folder / "run", labels, "default", tmp_path / "ours")
    found = model_folder.load(str(tmp_path / "ours"))
    assert found.name == "ours"
    assert len(found.calibration) == result["points"] > 1
    assert found.calibrated_on.startswith("a made-up council: ")
    assert found.version != model_folder.load("default").version
    assert found.comparisons == model_folder.load("default").comparisons
    card = (tmp_path / "ours" / "card.md").read_text(encoding="utf-8")
    assert "Calibration: a made-up council" in card
    assert "## Reliability" in card


def test_a_model_of_the_folder_one_stands_in_is_called_as_that(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ours").mkdir()
    monkeypatch.chdir(tmp_path / "ours")
    labels = labels_by_truth(folder / "run", folder / "made" / "truth.csv")
    assert recalibrate(folder / "run", labels, "default", Path())["model"] == "ours"
    assert Path("card.md").read_text(encoding="utf-8").startswith("# ours\n")


def test_a_model_holds_no_value_of_a_person(folder: Path, tmp_path: Path) -> None:
    labels = labels_by_people(folder / "run", folder / "sample.csv")
    recalibrate(folder / "run", labels, "default", tmp_path / "ours")
    written = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "ours").iterdir())
    assert not any(row["nhs_number"] in written for row in read_rows(folder / "sample.csv"))


def test_a_sample_counts_its_pairs_by_what_their_stratum_weighs(folder: Path) -> None:
    labels = labels_by_people(folder / "run", folder / "sample.csv")
    assert len(labels.pairs) == 200
    candidates = sum(stratum["size"] for stratum in estimate(folder / "run", folder / "sample.csv")["strata"])
    assert sum(one.weight for one in labels.observations) == pytest.approx(candidates, rel=1e-3)


def test_the_calibration_error_told_is_that_of_the_run_and_not_of_its_sample(
    folder: Path, tmp_path: Path
) -> None:
    truth, sample = folder / "made" / "truth.csv", folder / "sample.csv"
    whole = recalibrate(folder / "run", labels_by_truth(folder / "run", truth), "default", tmp_path / "whole")
    labels = labels_by_people(folder / "run", sample)
    told = recalibrate(folder / "run", labels, "default", tmp_path / "ours")["before"]
    alike = calibration((one.confidence, one.right) for one in labels.observations)
    for measure in ("ece", "brier"):
        true = whole["before"][measure]
        assert abs(told[measure] - true) < abs(alike[measure] - true) / 2


def test_decisions_on_pairs_that_a_guard_stopped_say_nothing_of_other_links(
    folder: Path, tmp_path: Path
) -> None:
    rows = [
        (row["record_id"], row["nhs_number"], "different")
        for row in read_rows(folder / "run" / "links.csv")
        if row["band"] == "review"
    ]
    write_rows(tmp_path / "decisions.csv", ("record_id", "nhs_number", "label"), rows)
    labels = labels_by_people(folder / "run", tmp_path / "decisions.csv")
    accepted = [
        float(r["confidence"]) for r in read_rows(folder / "run" / "links.csv") if r["band"] == "accept"
    ]
    assert max(one.confidence for one in labels.observations) < min(accepted)
    assert labels.left_out == len(rows) - len(labels.pairs) > 0


def test_a_run_of_the_calibrated_model_is_calibrated(folder: Path, tmp_path: Path) -> None:
    truth = folder / "made" / "truth.csv"
    labels = labels_by_truth(folder / "run", truth)
    told = recalibrate(folder / "run", labels, "default", tmp_path / "ours")
    council, nhs = (folder / "made" / f"{name}.csv" for name in ("council", "nhs"))
    pipeline.link(
        LinkJob(pipeline.council(council), pipeline.nhs(nhs), tmp_path / "run", str(tmp_path / "ours"))
    )
    for when, run in (("before", folder / "run"), ("after", tmp_path / "run")):
        accepted = [row for row in read_rows(run / "links.csv") if row["band"] == "accept"]
        assert told[when]["accepts"] == len(accepted)
    found = evaluate(tmp_path / "run", truth, council)
    assert found["calibration"]["ece"] <= 0.02
    assert "ethnicity" in found["by"]
    assert max(claim["confidence"] for claim in found["calibration"]["claims"]) < 1
    again = recalibrate(
        tmp_path / "run", labels_by_truth(tmp_path / "run", truth), str(tmp_path / "ours"), tmp_path / "again"
    )
    assert again["points"] >= len(model_folder.load(str(tmp_path / "ours")).calibration)


def test_labels_of_a_run_by_another_model_are_refused(folder: Path, tmp_path: Path) -> None:
    labels = labels_by_truth(folder / "run", folder / "made" / "truth.csv")
    recalibrate(folder / "run", labels, "default", tmp_path / "ours")
    with pytest.raises(ModelError, match="the run was made with default"):
        recalibrate(folder / "run", labels, str(tmp_path / "ours"), tmp_path / "more")


def test_too_few_labels_and_folders_that_hold_anything_are_refused(folder: Path, tmp_path: Path) -> None:
    labels = labels_by_truth(folder / "run", folder / "made" / "truth.csv")
    with pytest.raises(InputError, match="at least 50"):
        recalibrate(folder / "run", Labels(labels.pairs[:49], "few"), "default", tmp_path / "ours")
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="is not an empty folder, so it is not replaced"):
        recalibrate(folder / "run", labels, "default", tmp_path)
    with pytest.raises(OutputError, match="not replaced"):
        recalibrate(folder / "run", labels, "default", tmp_path / "notes.txt")
    manifest = json.loads((folder / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["model"]["name"] == "default"


def test_a_model_that_is_there_is_not_replaced(folder: Path, tmp_path: Path) -> None:
    labels = labels_by_truth(folder / "run", folder / "made" / "truth.csv")
    recalibrate(folder / "run", labels, "default", tmp_path / "ours")
    before = {path.name: path.read_bytes() for path in (tmp_path / "ours").iterdir()}
    with pytest.raises(OutputError, match="Name another folder"):
        recalibrate(folder / "run", Labels(labels.pairs[:90], "fewer"), "default", tmp_path / "ours")
    assert {path.name: path.read_bytes() for path in (tmp_path / "ours").iterdir()} == before


def test_the_page_of_an_evaluation_tells_all_and_shows_nobody(folder: Path) -> None:
    found = evaluate(folder / "run", folder / "made" / "truth.csv", folder / "made" / "council.csv")
    page = evaluation_page(found)
    for words in (
        "What the guards stopped",
        "By ethnic group",
        "Standardised difference",
        "Absent, but a",
        "not for release",
        "<svg",
    ):
        assert words in page
    people = read_rows(folder / "run" / "links.csv")
    assert not any(
        row["record_id"] in page or (row["nhs_number"] != "" and row["nhs_number"] in page) for row in people
    )


def labelled(number: int, wrong: int, low: float = 0.05, high: float = 0.999) -> Labels:
    """Labels with evenly spread confidences, the least sure of them wrong."""
    spread = [low + (high - low) * place / (number - 1) for place in range(number)]
    return Labels(
        tuple(
            (Best(str(place), "", sure, "review", False), Observation(sure, place >= wrong))
            for place, sure in enumerate(spread)
        ),
        "a test",
    )


def test_labels_that_all_say_the_same_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="all 300 labels say the same"):
        recalibrate(folder / "run", labelled(300, 0), "default", tmp_path / "ours")
    assert not (tmp_path / "ours").exists()


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (labelled(199, 50), "only 199 labels"),
        (labelled(1000, 9), "only 9 of the labels are of wrong pairs"),
        (labelled(1000, 50, 0.9999991, 0.9999999), "confidences from 0.9999991 to 0.9999999"),
    ],
)
def test_labels_that_are_little_to_go_by_are_told_and_move_the_confidence_part_of_the_way(
    folder: Path, tmp_path: Path, labels: Labels, words: str
) -> None:
    result = recalibrate(folder / "run", labels, "default", tmp_path / "ours")
    assert any(words in caution for caution in result["cautions"])
    assert words in (tmp_path / "ours" / "card.md").read_text(encoding="utf-8")
    whole = calibration_points(labels.observations)
    part = calibration_points(labels.observations, (), 0.5)
    moved = [abs(right - raw) for raw, right in part]
    assert moved == pytest.approx([abs(right - raw) / 2 for raw, right in whole], abs=1e-6)


def test_enough_labels_are_taken_at_their_word() -> None:
    assert weaknesses(labelled(200, 10).observations) == []


def test_figures_are_printed_with_as_many_decimals_as_tell_them_apart() -> None:
    assert told_apart([0.5, 0.25]) == ["0.5000", "0.2500"]
    assert told_apart([0.99999, 0.999991]) == ["0.999990", "0.999991"]
    assert told_apart([1.0, 1.0]) == ["1.0000", "1.0000"]
    assert told_apart([0.999996, 1.0]) == ["0.999996", "1.000000"]


def test_records_that_people_decided_on_teach_no_confidence(folder: Path, tmp_path: Path) -> None:
    """Their confidence is the decision's, not the model's."""
    shutil.copytree(folder / "run", tmp_path / "run")
    rows = read_rows(tmp_path / "run" / "links.csv")
    decided = next(row for row in rows if row["band"] == "accept")
    decided |= {"method": "decision", "confidence": "1.000000"}
    write_rows(tmp_path / "run" / "links.csv", list(rows[0]), [list(row.values()) for row in rows])
    write_rows(
        tmp_path / "labels.csv",
        ("record_id", "nhs_number", "label"),
        [(row["record_id"], row["nhs_number"], "same") for row in rows if row["band"] == "accept"],
    )
    truth = folder / "made" / "truth.csv"
    for before, now in (
        (labels_by_truth(folder / "run", truth), labels_by_truth(tmp_path / "run", truth)),
        *[[labels_by_people(run, tmp_path / "labels.csv") for run in (folder / "run", tmp_path / "run")]],
    ):
        assert {one.record_id for one, _ in before.pairs} - {one.record_id for one, _ in now.pairs} == {
            decided["record_id"]
        }
        assert now.left_out == before.left_out + 1
