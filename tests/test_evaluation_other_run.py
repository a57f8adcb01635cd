"""A sample stands for the run that it was drawn from, and for no other."""

import shutil
from pathlib import Path

import pytest
from command_line import CommandLine
from test_evaluation_recalibrate import folder as folder  # the fixture
from test_evaluation_sample import by_stratum, labelled, put_together
from test_evaluation_sample import run as run  # the fixture

from linkage.errors import InputError
from linkage.evaluation.costs import Costs
from linkage.evaluation.estimate import estimate
from linkage.evaluation.learns_from import labels_by_people
from linkage.evaluation.recalibrate import recalibrate, recalibration_table
from linkage.evaluation.threshold import trade_off
from linkage.reading.lists import read_rows
from linkage.tabular import write_rows


def rewritten(path: Path, out: Path, **columns: str | None) -> Path:
    """The list with other values in some columns, or without those that are None."""
    rows = [row | {k: v for k, v in columns.items() if v is not None} for row in read_rows(path)]
    names = [name for name in rows[0] if columns.get(name, "") is not None]
    write_rows(out, names, [[row[name] for name in names] for row in rows])
    return out


@pytest.fixture
def other(run: Path, tmp_path: Path) -> Path:
    """Another run with the same best candidates, half of which it is surer of."""
    folder = Path(shutil.copytree(run, tmp_path / "other"))
    rows = read_rows(run / "links.csv")
    for row in rows[40:60]:
        row["confidence"] = "0.99995"
    write_rows(folder / "links.csv", list(rows[0]), [list(row.values()) for row in rows])
    return folder


def test_a_sample_of_another_run_is_refused(run: Path, other: Path, tmp_path: Path) -> None:
    """Its pairs were drawn with other chances than this run's strata would have it, so the estimate would be biased."""
    sample = labelled(run, tmp_path / "s.csv", by_stratum)
    with pytest.raises(InputError, match=r"s\.csv was drawn from another run") as raised:
        estimate(other, sample)
    assert "`linkage sample`" in str(raised.value)
    assert "calibrate --labels" in str(raised.value)
    with pytest.raises(InputError, match=r"s\.csv was drawn from another run"):
        trade_off(other, Costs(), sample=sample)
    assert estimate(run, sample)["labelled"] == 100


def test_a_column_that_slipped_into_that_of_the_stratum_is_not_told(run: Path, tmp_path: Path) -> None:
    rows = read_rows(labelled(run, tmp_path / "s.csv", by_stratum))
    for row in rows:
        row["stratum"] = "Zyxwvutia" + row["stratum"]
    write_rows(tmp_path / "slipped.csv", list(rows[0]), [list(row.values()) for row in rows])
    with pytest.raises(InputError, match="row 2") as raised:
        estimate(run, tmp_path / "slipped.csv")
    assert "Zyxwvutia" not in str(raised.value)


def test_a_run_of_the_same_strata_and_other_records_is_another_run(run: Path, tmp_path: Path) -> None:
    sample = labelled(run, tmp_path / "s.csv", by_stratum)
    fewer = Path(shutil.copytree(run, tmp_path / "fewer"))
    drawn = {row["record_id"] for row in read_rows(sample)}
    rows = read_rows(run / "links.csv")
    gone = next(row for row in rows if row["record_id"] not in drawn and row["band"] == "accept")
    rows.remove(gone)
    write_rows(fewer / "links.csv", list(rows[0]), [list(row.values()) for row in rows])
    with pytest.raises(InputError, match=r"of 40 records.*of 39"):
        estimate(fewer, sample)


@pytest.mark.parametrize("gone", [("stratum",), ("stratum_size",), ("weight",), ("stratum", "weight")])
def test_a_sample_that_lost_some_of_what_it_says_of_its_strata_is_refused(
    run: Path, tmp_path: Path, gone: tuple[str, ...]
) -> None:
    sample = labelled(run, tmp_path / "s.csv", by_stratum)
    cut = rewritten(sample, tmp_path / "cut.csv", **dict.fromkeys(gone))
    for judge in (estimate, labels_by_people):
        with pytest.raises(InputError, match=rf"cut\.csv has no column {', '.join(gone)}, which a sample"):
            judge(run, cut)


def test_labels_that_say_nothing_of_strata_are_no_sample(run: Path, tmp_path: Path) -> None:
    """Nobody knows by what chance they came to be labelled."""
    sample = labelled(run, tmp_path / "s.csv", by_stratum)
    cut = rewritten(sample, tmp_path / "cut.csv", stratum=None, stratum_size=None, weight=None)
    with pytest.raises(InputError, match=r"cut\.csv has no column stratum, stratum_size, weight, which a sa"):
        estimate(run, cut)
    with pytest.raises(InputError, match=r"cut\.csv has no column stratum"):
        trade_off(run, Costs(), sample=cut)


@pytest.mark.parametrize("size", ["", "many", "0", "inf"])
def test_a_stratum_without_a_size_is_refused_by_its_row(run: Path, tmp_path: Path, size: str) -> None:
    sample = labelled(run, tmp_path / "s.csv", by_stratum)
    with pytest.raises(InputError, match=r"bad\.csv, row 2: stratum_size"):
        labels_by_people(run, rewritten(sample, tmp_path / "bad.csv", stratum_size=size))


def test_a_size_may_be_written_as_a_spreadsheet_does(run: Path, tmp_path: Path) -> None:
    sample = labelled(run, tmp_path / "s.csv", by_stratum)
    assert estimate(run, rewritten(sample, tmp_path / "again.csv", stratum_size="40.0")) == estimate(
        run, sample
    )


def test_a_calibration_weighs_pairs_by_the_run_that_they_were_drawn_from(
    run: Path, other: Path, tmp_path: Path
) -> None:
    """A label stays true, and what it stands for is known from how it was drawn."""
    sample = labelled(run, tmp_path / "s.csv", by_stratum)
    ours, theirs = labels_by_people(run, sample), labels_by_people(other, sample)
    weights = [[observation.weight for observation in labels.observations] for labels in (ours, theirs)]
    assert weights[0] == weights[1]
    assert [one.confidence for one in ours.observations] != [one.confidence for one in theirs.observations]
    assert (
        ours.stand_for
        == "the 200 records of this run that have a candidate, linked or not, by a weighted sample"
    )
    assert (
        "the 200 records that have a candidate, linked or not, in the run that the sample was drawn from"
        in theirs.stand_for
    )
    assert "which is another" in theirs.stand_for


def test_samples_of_two_runs_in_one_file_are_refused(run: Path, other: Path, tmp_path: Path) -> None:
    both = put_together(
        tmp_path / "both.csv",
        labelled(run, tmp_path / "s.csv", by_stratum),
        labelled(other, tmp_path / "o.csv", by_stratum),
    )
    for judge in (estimate, labels_by_people):
        with pytest.raises(InputError, match=r"both\.csv, rows \d+ and \d+: one stratum with two sizes"):
            judge(run, both)


def test_labels_without_weights_are_told_as_such(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = rewritten(folder / "sample.csv", tmp_path / "cut.csv", stratum=None, stratum_size=None, weight=None)
    labels = labels_by_people(folder / "run", cut)
    assert {one.weight for one in labels.observations} == {1.0}
    command = CommandLine(monkeypatch, capsys)
    done = command("calibrate", folder / "run", "--labels", cut, "--out", tmp_path / "ours")
    words = f"{len(labels.pairs)} labelled pairs alone, unweighted"
    assert words in " ".join(done.out.split())
    assert words in (tmp_path / "ours" / "card.md").read_text(encoding="utf-8")
    weighed = labels_by_people(folder / "run", folder / "sample.csv")
    told = dict(recalibration_table(recalibrate(folder / "run", weighed, "default", tmp_path / "weighed")))
    assert "by a weighted sample" in told["These stand for"]
