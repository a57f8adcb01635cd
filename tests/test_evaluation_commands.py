"""The commands that judge a run, as a user types them: label, estimate, choose a threshold, calibrate."""

from pathlib import Path

import pytest
from small_run import small_run
from test_evaluation_sample import labelled
from test_evaluation_sample import run as run  # the fixture
from typer.testing import CliRunner

from linkage.cli import app
from linkage.errors import InputError, MappingError
from linkage.publish import publish


def typed(*words: object) -> str:
    """What a command prints; whatever it raises is raised."""
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False).stdout


def test_a_sample_is_drawn_and_the_sizes_needed_are_told(run: Path, tmp_path: Path) -> None:
    told = typed("sample", run, "--n", 40, "--out", tmp_path / "s.csv", "--bound", 0.01)
    assert "40 pairs are in" in told
    assert (
        "at most 0.01 of the 80 accepted links are wrong, label 76 drawn at random from all of them" in told
    )
    assert (
        "by strata instead: it shows as much where 95 % of each accepted stratum is labelled and 0 are"
        in told
    )


def test_a_labelled_sample_gives_estimates_and_a_page(run: Path, tmp_path: Path) -> None:
    sample = labelled(run, tmp_path / "s.csv", lambda _: "same")
    told = typed("evaluate", run, "--sample", sample, "--page", tmp_path / "page.html")
    assert "Precision of accepted links" in told
    assert "Labels by stratum" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_a_threshold_is_suggested_from_labels_with_a_chart(run: Path, tmp_path: Path) -> None:
    sample = labelled(
        run, tmp_path / "s.csv", lambda row: "same" if row["stratum"][0] == "a" else "different"
    )
    told = typed("threshold", run, "--sample", sample, "--page", tmp_path / "page.html", "--cost-false", 50)
    assert "Beware: there are only" in told
    assert "Beware: there are only" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "a labelled sample" in told
    assert "<svg" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [("threshold",), ("sample", "--out", "s.csv")])
def test_a_run_on_one_file_has_no_links_to_sample_or_to_choose_a_threshold_for(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    publish(small_run("dedupe"), tmp_path / "people")
    with pytest.raises(InputError, match=r"`linkage dedupe`, which links nobody.*duplicates\.csv"):
        typed(words[0], "people", *words[1:])
    assert not (tmp_path / "s.csv").exists()


def test_what_to_judge_by_must_be_one_thing(run: Path, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="either --truth FILE or --sample FILE"):
        typed("evaluate", run)
    with pytest.raises(MappingError, match="not both"):
        typed("threshold", run, "--truth", "a", "--sample", "b")
    with pytest.raises(MappingError, match="either --labels FILE or --truth FILE"):
        typed("calibrate", run, "--out", tmp_path / "model")


@pytest.mark.parametrize("cost", ["inf", "nan", "-1"])
def test_a_cost_is_a_number_that_can_be_reckoned_with(run: Path, cost: str) -> None:
    assert CliRunner().invoke(app, ["threshold", str(run), "--cost-false", cost]).exit_code == 2


def test_the_truth_of_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "persons.csv").write_text("person_id,dataset,record_id\nP1,council,a1\n", encoding="utf-8")
    (tmp_path / "truth.csv").write_text("record_id,nhs_number\nz1,\nz2,\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"truth\.csv tells the truth of 2 records, of which 0 are among"):
        typed("evaluate", tmp_path, "--truth", tmp_path / "truth.csv")


def test_what_is_no_truth_is_not_taken_for_it(run: Path, tmp_path: Path) -> None:
    sample = labelled(run, tmp_path / "s.csv", lambda _: "different")
    for words in (("evaluate", run), ("threshold", run), ("calibrate", run, "--out", tmp_path / "model")):
        with pytest.raises(InputError, match=r"s\.csv has the column label.*--sample .*--labels"):
            typed(*words, "--truth", sample)
        with pytest.raises(InputError, match=r"links\.csv has the column band"):
            typed(*words, "--truth", run / "links.csv")
    assert not (tmp_path / "model").exists()
