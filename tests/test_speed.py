"""The speed benchmark's own parts are right: both sides do the same work, and what it costs is what is told."""

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import scaling
import scoring_jobs
import speed_jobs
from growth import COSTS, Point, flat, growth, power_law
from speed import run_job
from timing import cost_of, summary

from linkage import pipeline
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
    scoring_jobs.standardised(tmp_path)
    product, every, splink = (
        job(tmp_path)
        for job in (scoring_jobs.scoring, scoring_jobs.scoring_every_pair, scoring_jobs.scoring_splink)
    )
    assert every["pairs_kept"] == splink["pairs_kept"] >= product["pairs_kept"] > 0
    assert every["pairs_compared"] > product["pairs_compared"]


def test_a_power_law_is_found_again() -> None:
    sizes = [3_000.0, 10_000.0, 30_000.0]
    assert power_law(sizes, [0.002 * size**0.75 for size in sizes]) == {"exponent": 0.75, "constant": 0.002}


def test_costs_that_grow_by_known_laws_are_projected_by_them() -> None:
    def point(council: int, register: int) -> Point:
        seconds = 1e-5 * council * register**0.5
        return Point(council, register, dict.fromkeys(COSTS, seconds))

    councils = [point(council, 300_000) for council in (3_000, 10_000, 30_000)]
    registers = [point(10_000, 100_000), councils[1], point(10_000, 1_000_000)]
    told = growth(councils, registers)
    assert told["by_council_size"]["cpu_s"]["exponent"] == 1
    assert told["by_register_size"]["cpu_s"]["exponent"] == 0.5
    hours = 1e-5 * 500_000 * 60_000_000**0.5 / 3600
    assert told["projected"]["by_power_laws"]["cpu_hours"] == pytest.approx(hours, rel=0.05)
    assert told["projected"]["by_power_laws"]["hours"] == pytest.approx(hours / 16 / 0.7, rel=0.05)
    assert len(told["measured"]) == 5


def test_a_cost_that_is_in_proportion_to_the_council_is_flat_beyond_the_register() -> None:
    councils = [
        Point(council, 5, dict.fromkeys(COSTS, 6 + council / 1000)) for council in (1_000, 2_000, 6_000)
    ]
    told = flat(councils)
    assert told["ms_a_record"] == [7, 4, 2]
    assert told["largest_by_smallest"] == 3.5
    assert told["largest_by_smallest_further"] == 1


def test_sizes_are_measured_each_once_and_costs_told_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    def counted(job: str, home: Path) -> dict[str, Any]:
        rows = [
            len((home / "made" / name).read_text("utf-8").splitlines()) for name in ("council.csv", "nhs.csv")
        ]
        return dict.fromkeys(COSTS, float(rows[0] * rows[1])) | {"told": {"job": job}}

    monkeypatch.setattr(scaling, "run_job", counted)
    told = scaling.measure(("scaling", "flat"), scaling.Sizes((100, 200), (500, 1_000)), 2, 5)
    sizes = [(x["council"], x["register"]) for x in told["scaling"]["measured"]]
    assert len(set(sizes)) == 3
    assert sizes[0][1] == sizes[1][1] > sizes[2][1]
    assert sizes[1][0] == pytest.approx(2 * sizes[0][0], abs=1)
    assert told["scaling"]["by_register_size"]["cpu_s"]["exponent"] == pytest.approx(1, abs=0.02)
    assert told["flat"]["council"] == [sizes[0][0], sizes[1][0]]


def test_every_stage_that_is_told_is_one_of_the_pipeline() -> None:
    assert [name for name in speed_jobs.STAGES if not hasattr(pipeline, name)] == []


def test_the_job_that_is_measured_tells_all_costs(tmp_path: Path) -> None:
    generate(400, 60, 5, tmp_path / "made")
    cost = run_job("linkage", tmp_path)
    assert set(COSTS) <= set(cost | cost["told"])
    assert cost["told"]["pairs"] > 0
    assert 0 < cost["told"]["from_comparing_cpu_s"] < cost["cpu_s"]


def test_labelled_files_are_timed_on_both_sides(tmp_path: Path) -> None:
    for job in ("febrl4", "febrl4_vanilla"):
        cost = run_job(job, tmp_path)
        assert 0 < cost["told"]["job_s"] < cost["wall_s"]
