"""The benchmarks' own parts are right: made-up numbers, mistakes that repeat, judges that count what they say."""

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import accuracy
import clusters
import noise
import sample_coverage
from cases import Case, Choices, NotHereError, synthetic_number, write
from council_side import HEADINGS, Person, components, export
from measure import reach
from own_population import TRAINING_SEED
from recipes import ONE_ADDRESS
from second_judge import chosen

from linkage import pipeline
from linkage.evaluation.judged import Judged
from linkage.fields.nhs_number import read_number

WORDS = st.text(alphabet="abcdefghiklmnoprstuvwy", min_size=1, max_size=12)
DATES = st.dates(min_value=date(1900, 1, 1), max_value=date(2025, 12, 31)).map(lambda day: f"{day:%Y%m%d}")
FORENAMES = [
    "ADA",
    "BERYL",
    "CLIVE",
    "DORIS",
    "EDWIN",
    "FREDA",
    "GEORGE",
    "HILDA",
    "IVOR",
    "JOYCE",
    "KENNETH",
    "LAURA",
    "MORRIS",
    "NORMA",
    "OLIVE",
]
SURNAMES = [
    "ATTWOOD",
    "BARRACLOUGH",
    "CHADWICK",
    "DUCKWORTH",
    "ENTWISTLE",
    "FAIRHURST",
    "GREENHALGH",
    "HOLROYD",
]


def people(number: int) -> list[Person]:
    """Made-up people, two to a home."""
    return [
        Person(
            number=synthetic_number(place),
            forename=FORENAMES[place * 7 % 15],
            middle=FORENAMES[place * 11 % 15],
            surname=SURNAMES[place // 2 % 8],
            sex="FM"[place % 2],
            born=f"{1930 + place * 13 % 70}{1 + place % 12:02}{1 + place * 5 % 28:02}",
            lines=("", f"{1 + place // 2} MILL LANE", "WEIR", "BACUP", ""),
            postcode=f"ZZ{1 + place // 40} {place // 4 % 10}AB",
        )
        for place in range(number)
    ]


def register(folder: Path, listed: list[Person]) -> Path:
    """A PDS-like extract of `listed`."""
    headings = ["NHS_NUMBER", "FAMILY_NAME", "GIVEN_NAME", "OTHER_GIVEN_NAME", "GENDER", "DATE_OF_BIRTH"]
    lines = [f"ADDRESS_LINE_{line}" for line in range(1, 6)]
    rows = [
        [x.number, x.surname, x.forename, x.middle, {"M": "1", "F": "2"}[x.sex], x.born, *x.lines, x.postcode]
        for x in listed
    ]
    return write(folder / "nhs.csv", [*headings, *lines, "POST_CODE"], rows)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("case")
    listed = people(400)
    made = export(listed[:200], listed, 1, folder)
    truth = [[row[0], x.number] for row, x in zip(made.rows, listed, strict=False)]
    return Case(
        council=pipeline.council(write(folder / "council.csv", HEADINGS, made.rows)),
        nhs=pipeline.nhs(register(folder, listed)),
        truth=write(folder / "truth.csv", ["record_id", "nhs_number"], truth),
        recipes={"vanilla": ONE_ADDRESS},
    )


@given(st.integers(min_value=0, max_value=9_000_000), st.integers(min_value=0, max_value=9_000_000))
def test_made_up_numbers_are_valid_kept_for_tests_and_each_its_own(one: int, other: int) -> None:
    number = synthetic_number(one)
    assert read_number(number) == (number, "")
    assert number.startswith("9")
    assert (number == synthetic_number(other)) == (one == other)


@pytest.mark.parametrize("mistake", [noise.typed, noise.misread, noise.misheard])
@given(word=WORDS, seed=st.integers(0, 99))
def test_a_mistake_in_a_word_repeats_and_keeps_its_letter_case(mistake: object, word: str, seed: int) -> None:
    assert callable(mistake)
    written = mistake(word.upper(), Random(seed))
    assert written == mistake(word.upper(), Random(seed))
    assert written == written.upper()


@pytest.mark.parametrize("mistake", [noise.digit_keyed, noise.digits_turned])
@given(born=DATES, seed=st.integers(0, 99))
def test_a_mistaken_date_is_a_date_that_differs_in_at_most_two_digits(
    mistake: object, born: str, seed: int
) -> None:
    assert callable(mistake)
    written = mistake(born, Random(seed))
    assert noise.is_date(written)
    assert sum(a != b for a, b in zip(born, written, strict=True)) <= 2


@given(DATES)
def test_day_and_month_swapped_twice_is_the_date_again(born: str) -> None:
    assert noise.day_and_month_swapped(noise.day_and_month_swapped(born)) == born


@pytest.mark.parametrize(
    ("lines", "parts"),
    [
        (("", "1 MILL LANE", "", "BACUP", ""), ("", "", "1", "MILL LANE", "", "BACUP")),
        (
            ("FLAT 1 IVY MANSIONS", "25 BOLTON ROAD", "WEIR", "BACUP"),
            ("FLAT 1", "IVY MANSIONS", "25", "BOLTON ROAD", "WEIR", "BACUP"),
        ),
        (("BROGA", "FARM LANE", "", "ASHTEAD"), ("", "BROGA", "", "FARM LANE", "", "ASHTEAD")),
        (("", ""), ("", "", "", "", "", "")),
    ],
)
def test_address_lines_are_taken_apart(lines: tuple[str, ...], parts: tuple[str, ...]) -> None:
    assert components(lines) == parts


def test_the_council_side_is_the_same_for_the_same_seed_and_errs_about_as_often_as_it_says(
    tmp_path: Path,
) -> None:
    listed = people(1000)
    one, again, other = (export(listed, listed, seed, tmp_path) for seed in (1, 1, 2))
    assert one == again
    assert one != other
    moved = sum("moved" in tags for tags in one.tags) / len(listed)
    misspelt = sum(any(tag.startswith("forename_") for tag in tags) for tags in one.tags) / len(listed)
    assert 0.15 < moved < 0.25
    assert 0.02 < misspelt < 0.09


def test_nobody_is_taken_out_of_the_register_without_a_relative_left_at_home() -> None:
    listed = people(100)
    absent, present = chosen(listed, 1)
    gone = {person.number for person in absent}
    left = {(*person.lines, person.surname) for person in listed if person.number not in gone}
    assert absent
    assert all((*person.lines, person.surname) in left for person in absent)
    assert not gone & {person.number for person in present}


def test_reach_counts_only_records_that_have_a_right_answer() -> None:
    record = Judged("a", synthetic_number(1), "none", "", 0.0)
    records = [record, replace(record, record_id="b"), replace(record, record_id="c", truth="")]
    assert reach(records, {"a", "c"}) == 0.5
    assert reach([], set()) is None


def test_the_product_and_splink_answer_for_every_record_of_the_same_case(case: Case, tmp_path: Path) -> None:
    found = accuracy.linked(case, tmp_path, Choices(seed=1))
    for name in ("linkage", "vanilla"):
        counts = found[name]["counts"]
        assert sum(counts[band] for band in ("accept", "review", "none")) == 200, name
        assert found[name]["reach"] > 0.9, name
        assert found[name]["precision"] > 0.9, name


@pytest.mark.parametrize("name", ["historical", "pds_pack"])
def test_a_benchmark_without_its_data_says_what_it_needs(name: str, tmp_path: Path) -> None:
    assert "--data" in accuracy.run(name, Choices(seed=1))["not_run"]
    assert "has no" in accuracy.run(name, Choices(seed=1, data=tmp_path))["not_run"]


def test_the_graph_of_millions_of_edges_is_made_and_taken_apart_at_any_size() -> None:
    found = clusters.once(10_000)
    assert (found["edges"], found["subjects"], found["clusters"], found["in_conflict"]) == (
        10_000,
        8_000,
        3_020,
        40,
    )


def test_the_seed_of_training_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotHereError, match="choose another --seed"):
        accuracy.BENCHMARKS["plain"](tmp_path, Choices(seed=TRAINING_SEED))


def test_the_coverage_of_samples_is_held_against_a_truth_that_was_made_worse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample_coverage, "PEOPLE", 3_000)
    monkeypatch.setattr(sample_coverage, "CLIENTS", 300)
    monkeypatch.setattr(sample_coverage, "CASES", ((0.0, False), (0.1, False), (0.1, True)))
    found = sample_coverage.measure(tmp_path, 505, False, 100, 4)
    assert found["0"]["precision"]["true"] > 0.99 > 0.91 > found["0.1"]["precision"]["true"] > 0.89
    assert found["0.1"]["precision"]["of"] == 4
    assert found["0.1, unclear"]["precision"]["mean"] > found["0.1"]["precision"]["mean"]
