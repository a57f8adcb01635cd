"""The speed benchmark's own parts are right: both sides do the same work, and what it costs is what is told."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import speed_jobs
from timing import cost_of, summary

from linkage.population import generate


def test_a_command_is_charged_for_its_own_and_its_childrens_memory(tmp_path: Path) -> None:
    child = "x = bytearray(120_000_000); import time; time.sleep(0.4)"
    parent = (
        "import subprocess, sys, json; x = bytearray(60_000_000);"
        f"subprocess.run([sys.executable, '-c', {child!r}]); print(json.dumps({{'n': 3}}))"
    )
    cost = cost_of([sys.executable, "-c", parent], tmp_path)
    assert cost["told"] == {"n": 3}
    assert 0.4 <= cost["wall_s"] < 10
    assert cost["peak_mb"] >= {"linux": 180, "win32": 0}.get(sys.platform, 100)


def test_a_command_that_fails_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="exit code 3"):
        cost_of([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)


def test_the_middle_of_several_costs_is_told() -> None:
    costs = [
        {"wall_s": wall, "cpu_s": 1.0, "peak_mb": 1.0, "told": {"pairs": 7, "name": "x"}}
        for wall in (3.0, 1.0, 2.0)
    ]
    told = summary(costs)
    assert told["wall_s"] == {"median": 2.0, "least": 1.0, "most": 3.0}
    assert told["pairs"]["median"] == 7
    assert "name" not in told


def test_scoring_alone_keeps_the_same_pairs_on_both_sides(tmp_path: Path) -> None:
    generate(2_000, 300, 5, tmp_path / "made")
    speed_jobs.standardised(tmp_path)
    product, every, splink = (
        job(tmp_path)
        for job in (speed_jobs.scoring, speed_jobs.scoring_every_pair, speed_jobs.scoring_splink)
    )
    assert every["pairs_kept"] == splink["pairs_kept"] >= product["pairs_kept"] > 0
    assert every["pairs_compared"] > product["pairs_compared"]
