"""What is read of a run is that run's own, whatever its folder is called, and a damaged file is told by its name."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_run import ADA, BEN, CY, small_run
from typer.testing import CliRunner

from linkage.cli import app
from linkage.errors import InputError
from linkage.evaluation.judged import read_candidates
from linkage.evaluation.sample import best_candidates
from linkage.outputs import Run
from linkage.publish import publish
from linkage.runs.compare import compare
from linkage.runs.explain import explain
from linkage.runs.known import known
from linkage.runs.run_folder import read_manifest
from linkage.runs.run_records import fingerprints
from linkage.runs.two_runs import read_pairs


def published(out: Path, run: Run | None = None) -> Path:
    """The folder of a run; `out` may be a name that holds signs of a pattern."""
    publish(run or small_run(), out)
    return out


def test_a_folder_whose_name_reads_as_a_pattern_is_not_taken_for_another(tmp_path: Path) -> None:
    """DuckDB takes `run [2]` for a pattern that `run 2` fits as well."""
    other = small_run()
    other.database.execute("DELETE FROM candidate")
    published(tmp_path / "run 2", other)
    run = published(tmp_path / "run [2]")
    assert read_candidates(run)["C2"] == (BEN, CY)
    assert {one.record_id: one.nhs_number for one in best_candidates(run)}["C2"] == BEN


@pytest.mark.parametrize(
    ("file", "ask"),
    [
        ("evidence.parquet", read_candidates),
        ("evidence.parquet", best_candidates),
        ("evidence.parquet", lambda run: explain(run, "C2")),
        ("links.parquet", lambda run: read_pairs(run, run)),
        ("records.parquet", lambda run: read_pairs(run, run)),
        ("records.parquet", lambda run: known(run, BEN)),
        ("records.parquet", lambda run: fingerprints(run, {"C2"})),
    ],
)
def test_a_damaged_file_of_a_run_is_told_by_its_name(
    file: str, ask: Callable[[Path], object], tmp_path: Path
) -> None:
    run = published(tmp_path / "run")
    (run / file).write_bytes(b"torn: Benedict")
    with pytest.raises(InputError, match=f"{file} cannot be read") as caught:
        ask(run)
    assert "Benedict" not in str(caught.value)


@pytest.mark.parametrize("is_test", [True, False])
@pytest.mark.parametrize("command", ["explain", "threshold", "evaluate", "compare"])
def test_the_pages_of_a_run_on_test_data_say_so(command: str, is_test: bool, tmp_path: Path) -> None:
    made_with: dict[str, Any] = {"model": {"name": "small", "version": "1"}, "versions": {}}
    run = published(tmp_path / "run", small_run(test_data=is_test, **made_with))
    truth, page = tmp_path / "truth.csv", tmp_path / "page.html"
    truth.write_text(f"record_id,nhs_number\nC1,{ADA}\nC2,{BEN}\n", encoding="utf-8")
    words: dict[str, list[object]] = {
        "explain": [run, "C2"], "threshold": [run, "--truth", truth], "evaluate": [run, "--truth", truth],
        "compare": [run, run],
    }  # fmt: skip
    told = CliRunner().invoke(app, [command, *(str(word) for word in words[command]), "--page", str(page)])
    assert told.exit_code == 0, told.output
    assert ("TEST DATA" in page.read_text(encoding="utf-8")) == is_test


def test_a_folder_with_files_of_two_runs_is_refused(tmp_path: Path) -> None:
    run = published(tmp_path / "run")
    assert read_manifest(run)
    told = run / "manifest.json"
    told.write_text(
        re.sub(r'"run_id": "[^"]*"', '"run_id": "another"', told.read_text(encoding="utf-8")),
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="files of two runs"):
        known(run, BEN)
    with pytest.raises(InputError, match="files of two runs"):
        compare(run, run)
