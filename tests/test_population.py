"""The made-up population is the same every time, agrees with its truth, and errs as often as it promises."""

import csv
import hashlib
from pathlib import Path

import pytest

from linkage.errors import LimitError, OutputError
from linkage.population import generate
from linkage.population.council import COLUMNS as COUNCIL_COLUMNS
from linkage.population.exports_register import COLUMNS as REGISTER_COLUMNS

PEOPLE, CLIENTS = 40_000, 6_000
Rows = list[dict[str, str]]


class Population:
    """One generated population, read back from its files."""

    def __init__(self, folder: Path, counts: dict[str, int]) -> None:
        self.folder, self.counts = folder, counts
        self.council, self.nhs = self._read("council"), self._read("nhs")
        self.objections, self.truth = self._read("objections"), self._read("truth")
        self.tags = [set(row["scenarios"].split(";")) for row in self.truth]

    def _read(self, name: str) -> Rows:
        with (self.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def share(self, tag: str) -> float:
        """Share of the council's records that carry a tag."""
        return sum(tag in tags for tags in self.tags) / len(self.tags)


def _make(folder: Path, hard: bool) -> Population:
    return Population(folder, generate(PEOPLE, CLIENTS, 11, folder, hard=hard))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Population:
    return _make(tmp_path_factory.mktemp("plain") / "out", hard=False)


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Population:
    return _make(tmp_path_factory.mktemp("hard") / "out", hard=True)


def _digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def _check_digit_fits(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:9], range(10, 1, -1), strict=True))
    return (11 - total % 11) % 11 == int(number[9])


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ones(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("same", 5), ("other", 6)):
        generate(2_000, 300, seed, tmp_path / name)
    assert _digests(tmp_path / "one") == _digests(tmp_path / "same")
    other = _digests(tmp_path / "other")
    assert all(
        other[name] != digest for name, digest in _digests(tmp_path / "one").items() if "obj" not in name
    )


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(OutputError, match="not an empty folder"):
        generate(500, 50, 1, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    generate(500, 50, 1, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert sorted(_digests(tmp_path / "out")) == ["council.csv", "nhs.csv", "objections.csv", "truth.csv"]


def test_more_clients_than_adults_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="cannot hold"):
        generate(100, 90, 1, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_few_people_may_all_live_outside_the_council_s_area(tmp_path: Path) -> None:
    """Then there is no home in it that a client could have moved to."""
    assert generate(100, 60, 3, tmp_path / "out", hard=True)["clients"] == 60


def test_the_files_have_the_columns_of_the_two_systems(plain: Population) -> None:
    assert list(plain.council[0]) == list(COUNCIL_COLUMNS)
    assert list(plain.nhs[0]) == list(REGISTER_COLUMNS)
    assert list(plain.objections[0]) == ["Person ID"]
    assert list(plain.truth[0]) == [
        "record_id",
        "person",
        "nhs_number",
        "scenarios",
        "origin",
        "sex",
        "birth_year",
    ]


def test_the_counts_are_those_of_the_files(plain: Population) -> None:
    clients = {t["person"] for t, c in zip(plain.truth, plain.council, strict=True) if c["Is Client"] == "Y"}
    absent = {t["person"] for t in plain.truth if not t["nhs_number"]}
    assert plain.counts["people"] == PEOPLE
    assert plain.counts["clients"] == len(clients) == CLIENTS
    assert plain.counts["clients_absent"] == len(absent) == PEOPLE - plain.counts["register_rows"]
    assert plain.counts["register_rows"] == len(plain.nhs)
    assert plain.counts["council_rows"] == len(plain.council)
    assert plain.counts["objections"] == len(plain.objections)


def test_nhs_numbers_are_distinct_unissued_and_valid(plain: Population) -> None:
    live = [row["NHS_NUMBER"] for row in plain.nhs]
    old = [row["SUPERSEDED_NHS_NUMBERS"] for row in plain.nhs if row["SUPERSEDED_NHS_NUMBERS"]]
    assert old
    assert len(set(live + old)) == len(live) + len(old)
    assert all(len(n) == 10 and n[0] == "9" and _check_digit_fits(n) for n in live + old)


def test_a_true_number_is_on_the_register_unless_the_person_is_not(plain: Population) -> None:
    live = {row["NHS_NUMBER"] for row in plain.nhs}
    for row, tags in zip(plain.truth, plain.tags, strict=True):
        assert (row["nhs_number"] in live) == ("not_in_register" not in tags)
        assert (row["nhs_number"] == "") == ("not_in_register" in tags)


def test_truth_has_a_row_for_every_council_record_in_the_same_order(plain: Population) -> None:
    assert [row["Person ID"] for row in plain.council] == [row["record_id"] for row in plain.truth]
    assert len({row["record_id"] for row in plain.truth}) == len(plain.truth)


def test_objections_and_merged_records_name_council_records_of_the_right_person(plain: Population) -> None:
    person = {row["record_id"]: row["person"] for row in plain.truth}
    assert plain.objections
    assert all(row["Person ID"] in person for row in plain.objections)
    merged = [row for row in plain.council if row["Merged Into"]]
    assert merged
    assert all(person[row["Merged Into"]] == person[row["Person ID"]] for row in merged)


def test_held_numbers_are_what_their_tag_says(plain: Population) -> None:
    old = {number for row in plain.nhs for number in row["SUPERSEDED_NHS_NUMBERS"].split(";") if number}
    for record, truth, tags in zip(plain.council, plain.truth, plain.tags, strict=True):
        held = record["NHS Number"].replace(" ", "")
        kinds = {tag for tag in tags if tag.startswith("held_")}
        assert bool(held) == (len(kinds) == 1)
        if "held_correct" in tags:
            assert held == truth["nhs_number"]
        if "held_wrong" in tags:
            assert held != truth["nhs_number"]
        if "held_superseded" in tags:
            assert held in old
        if "held_invalid" in tags:
            assert not _check_digit_fits(held) or len(set(held)) == 1


def test_an_exact_record_agrees_with_the_register(plain: Population) -> None:
    register = {row["NHS_NUMBER"]: row for row in plain.nhs}
    seen = 0
    for record, truth, tags in zip(plain.council, plain.truth, plain.tags, strict=True):
        if "exact" not in tags or not truth["nhs_number"]:
            continue
        row, seen = register[truth["nhs_number"]], seen + 1
        day, month, year = record["Date of Birth"].split("/")
        assert year + month + day == row["DATE_OF_BIRTH"]
        assert record["Forename"].upper() == row["GIVEN_NAME"]
        assert record["Surname"].upper() == row["FAMILY_NAME"]
        assert row["SENSITIVE_FLAG"] or record["Postcode"] == row["POST_CODE"]
    assert seen > 1_000


def test_an_absent_client_with_a_twin_present_has_somebody_of_that_birth_date_on_the_register(
    plain: Population,
) -> None:
    born = {row["DATE_OF_BIRTH"] for row in plain.nhs}
    changed = {"dob_typo", "no_dob", "day_month_swap", "estimated_dob", "january_first", "placeholder_dob"}
    dates = [
        record["Date of Birth"].split("/")
        for record, tags in zip(plain.council, plain.tags, strict=True)
        if "absent_twin_present" in tags and not tags & changed
    ]
    assert len(dates) > 10
    assert all(year + month + day in born for day, month, year in dates)


EXPECTED = {
    "not_in_register": 0.118,
    "duplicate": 0.08,
    "married_name": 0.039,
    "nickname": 0.041,
    "middle_name_first": 0.019,
    "typo_forename": 0.017,
    "typo_surname": 0.0105,
    "dob_typo": 0.005,
    "day_month_swap": 0.004,
    "estimated_dob": 0.010,
    "no_dob": 0.010,
    "gender_wrong": 0.0033,
    "moved": 0.25,
    "care_home": 0.035,
    "no_postcode": 0.02,
    "no_fixed_abode": 0.005,
    "postcode_typo": 0.023,
    "held_correct": 0.386,
    "held_wrong": 0.0065,
}


@pytest.mark.parametrize("tag", EXPECTED)
def test_mistakes_are_as_frequent_as_promised(plain: Population, tag: str) -> None:
    assert plain.share(tag) == pytest.approx(
        EXPECTED[tag], rel=0.15, abs=4 * (EXPECTED[tag] / CLIENTS) ** 0.5
    )


@pytest.mark.parametrize(
    "tag", ["not_in_register", "typo_surname", "moved", "nickname", "no_dob", "postcode_typo"]
)
def test_a_hard_population_errs_more(plain: Population, hard: Population, tag: str) -> None:
    assert hard.share(tag) > 1.25 * plain.share(tag)


@pytest.mark.parametrize("tag", ["twin", "sibling", "parent", "child", "spouse", "namesake"])
def test_absent_clients_of_every_kind_of_kin_are_there(plain: Population, tag: str) -> None:
    assert plain.share(f"absent_{tag}_present") > 0


def test_clients_are_mostly_old_and_mostly_women(plain: Population) -> None:
    clients = [t for t, tags in zip(plain.truth, plain.tags, strict=True) if "non_client" not in tags]
    assert sum(int(row["birth_year"]) <= 1960 for row in clients) / len(clients) == pytest.approx(
        0.60, abs=0.03
    )
    assert sum(row["sex"] == "F" for row in clients) / len(clients) == pytest.approx(0.58, abs=0.03)


def test_sensitive_people_have_no_address_on_the_register(plain: Population) -> None:
    sensitive = [row for row in plain.nhs if row["SENSITIVE_FLAG"]]
    assert sensitive
    assert not any(row["POST_CODE"] or row["ADDRESS_LINE_2"] or row["TELEPHONE_NUMBER"] for row in sensitive)
