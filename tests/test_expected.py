"""A run tells what it expects before it compares: near enough to go by, in few digits, and nowhere else."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage import pipeline
from linkage.config import DedupeJob, LinkJob
from linkage.expected import expect_dedupe, expect_link, tell_dedupe, tell_link
from linkage.population import generate

SIZES = st.integers(1, 10**8)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "population"
    generate(4_000, 600, 11, folder)
    return folder


def test_a_link_tells_what_it_expects_before_it_compares(made: Path, tmp_path: Path) -> None:
    told: list[str] = []
    job = LinkJob(pipeline.council(made / "council.csv"), pipeline.nhs(made / "nhs.csv"), tmp_path / "run")
    manifest = pipeline.link(job, told.append)
    links = sum(count for band, count in manifest["counts"].items() if band != "screened")
    [said] = [line for line in told if line.startswith("comparing")]
    assert told.index(said) == told.index("standardising") + 1
    assert said.startswith(f"comparing {links:,} council records with ")
    people = int(re.findall(r"with ([\d,]+) people", said)[0].replace(",", ""))
    assert said == tell_link(links, people)
    assert 0.25 < expect_link(links, people).pairs / manifest["stages"]["pairs_compared"] < 4
    assert "about" not in json.dumps(manifest["stages"])


def test_a_dedupe_tells_what_it_expects_before_it_compares(made: Path, tmp_path: Path) -> None:
    told: list[str] = []
    job = DedupeJob(pipeline.council(made / "council.csv"), tmp_path / "run")
    manifest = pipeline.dedupe(job, told.append)
    records = manifest["counts"]["records"]
    assert tell_dedupe(records) in told
    assert 0.25 < expect_dedupe(records).pairs / manifest["stages"]["pairs_compared"] < 4


def test_what_is_expected_is_told_in_few_digits() -> None:
    said = r"about [\d,.]+ (million |billion )?pairs, [\d,.]+ (seconds|minutes|hours), [\d,.]+ (MB|GB)"
    line = tell_link(10_599, 1_000_000)
    assert re.fullmatch(r"comparing 10,599 council records with 1,000,000 people: " + said, line)
    assert re.fullmatch(r"comparing 100,000 records with each other: " + said, tell_dedupe(100_000))


@given(SIZES, SIZES)
def test_no_number_of_an_expectation_has_more_than_two_digits_that_count(records: int, people: int) -> None:
    for line in (tell_link(records, people), tell_dedupe(records)):
        for number in re.findall(r"[\d.,]+\d|\d", line.split("about", 1)[1]):
            assert len(number.replace(",", "").replace(".", "").strip("0")) <= 2


@given(SIZES, SIZES)
def test_more_records_or_people_never_take_less_time_or_memory(records: int, people: int) -> None:
    least = expect_link(records, people)
    for more in (expect_link(2 * records, people), expect_link(records, 2 * people)):
        assert more.seconds >= least.seconds
        assert more.megabytes > least.megabytes
    assert expect_dedupe(2 * records).pairs > expect_dedupe(records).pairs > 0
