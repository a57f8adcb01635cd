"""What must never happen to a person's record, whatever the other files look like."""

import csv
from pathlib import Path

import pytest
from small_run import made_up_number
from town import client, linked, patient


def test_a_number_held_on_another_row_of_the_record_is_a_conflict_too(town: Path, tmp_path: Path) -> None:
    rows = [
        client("x1", "Edwina", "Holroydson", "04/05/1951"),
        client("x1", "Edwina", "Holroydson", "04/05/1951", **{"NHS Number": "9900001028"}),
    ]
    links, _ = linked(town, tmp_path, rows, [patient("9900001001", "Edwina", "Holroydson", "19510504")])
    assert links["x1"]["band"] == "review"
    assert "nhs_number_conflict" in links["x1"]["guards"]


def test_a_number_of_which_the_register_has_two_people_is_for_a_person_to_decide(
    town: Path, tmp_path: Path
) -> None:
    rows = [
        client("x1", "Edwina", "Holroydson", "04/05/1951"),
        client("x2", "Wilhelmina", "Sugdenson", "17/11/1950"),
    ]
    register = [
        patient("9900001001", "Edwina", "Holroydson", "19510504"),
        patient("9900001001", "Gerald", "Otherby", "19880905", POST_CODE="OL12 9ZZ"),
        # Another name by which somebody is called is no other person.
        patient("9900001028", "Wilhelmina", "Sugdenson", "19501117"),
        patient("9900001028", "Mina", "Sugdenson", "19501117"),
    ]
    links, _ = linked(town, tmp_path, rows, register)
    assert (links["x1"]["band"], links["x1"]["nhs_number"]) == ("review", "9900001001")
    assert links["x1"]["guards"] == "confused_nhs_number"
    assert links["x2"]["band"] == "accept"


@pytest.mark.parametrize(("numbers", "band"), [(2, "review"), (3, "review"), (9, "none")])
def test_a_person_under_several_numbers_is_somebody_as_long_as_the_shown_are_likely(
    town: Path, tmp_path: Path, numbers: int, band: str
) -> None:
    """A row of review.csv stands beside at most two more."""
    alike = [made_up_number(40_000 + place * 50) for place in range(numbers)]
    register = [patient(number, "Edwina", "Holroydson", "19510504") for number in alike]
    links, _ = linked(town, tmp_path, [client("x1", "Edwina", "Holroydson", "04/05/1951")], register)
    assert links["x1"]["band"] == band


@pytest.mark.parametrize("written", ["Edwin", "E", "Ned", "Edwyn"])
def test_a_father_s_number_is_not_given_to_the_son_who_may_have_his_name(
    town: Path, tmp_path: Path, written: str
) -> None:
    phone = "01632 960123"
    son = client("x1", written, "Holroydson", "04/05/1978", Telephone=phone)
    father = patient("9900001001", "Edwin", "Holroydson", "19510504", TELEPHONE_NUMBER=phone)
    links, _ = linked(town, tmp_path, [son], [father])
    assert links["x1"]["band"] == "review"
    assert "namesake_at_home" in links["x1"]["guards"].split(";")


def test_two_names_that_are_alike_are_two_people_not_a_slip(town: Path, tmp_path: Path) -> None:
    register = [patient("9900001001", "Donald", "Ackroydson", "19510504")]
    register += [
        patient(number, "Ronald", f"Other{place}", f"19{40 + place}0607", ADDRESS_LINE_1=f"{place} Elm Row")
        for place, number in enumerate(("9900001028", "9900001036", "9900001044", "9900001052", "9900001060"))
    ]
    links, _ = linked(town, tmp_path, [client("x1", "Ronald", "Ackroydson", "04/05/1951")], register)
    assert links["x1"]["band"] != "accept"


def test_a_guard_is_not_passed_by_way_of_a_duplicate(town: Path, tmp_path: Path) -> None:
    rows = [
        client("x1", "Edwina", "Holroydson", "04/05/1951"),
        client("x2", "Edwina", "Holroydson", "04/05/1951", **{"NHS Number": "9900001028"}),
    ]
    links, persons = linked(town, tmp_path, rows, [patient("9900001001", "Edwina", "Holroydson", "19510504")])
    assert (links["x1"]["band"], links["x2"]["band"]) == ("accept", "review")
    assert persons["x1"]["nhs_number"] == "9900001001"
    assert persons["x2"]["nhs_number"] == ""


def test_a_record_that_is_cut_off_from_its_number_is_for_a_person_to_decide(
    town: Path, tmp_path: Path
) -> None:
    """Both fit the number, by other things, and their birth dates contradict each other: one of them is not this person's."""
    known = {"Middle Names": "Philippa", "NHS Number": "9900001001", "Telephone": "01632 960123"}
    elsewhere = {"House No": "9", "Street": "Mill Lane", "Postcode": "OL2 6BB"}
    rows = [
        client("x1", "Rosamund", "Thwaitely", "12/03/1950"),
        client("x2", "Rosamund", "Thwaitely", "25/08/1950", **known, **elsewhere),
    ]
    moved = {
        "OTHER_GIVEN_NAME": "Philippa", "TELEPHONE_NUMBER": "01632 960123",
        "PREVIOUS_ADDRESS": "9 Mill Lane", "PREVIOUS_POST_CODE": "OL2 6BB",
    }  # fmt: skip
    links, persons = linked(
        town, tmp_path, rows, [patient("9900001001", "Rosamund", "Thwaitely", "19500312", **moved)]
    )
    assert persons["x2"]["conflict"] == "two birth dates"
    assert (links["x1"]["band"], persons["x1"]["nhs_number"]) == ("accept", "9900001001")
    assert (links["x2"]["band"], persons["x2"]["nhs_number"]) == ("review", "")
    assert (links["x2"]["nhs_number"], links["x2"]["nhs_number_status"]) == ("9900001001", "04")
    assert "contradict each other (two birth dates)" in links["x2"]["reason"]


def test_all_that_agrees_is_exact_and_the_first_of_january_is_not(town: Path, tmp_path: Path) -> None:
    rows = [
        client("x1", "Edwina", "Holroydson", "04/05/1951"),
        client("x2", "Wilhelmina", "Sugdenson", "01/01/1950"),
    ]
    register = [
        patient("9900001001", "Edwina", "Holroydson", "19510504"),
        patient("9900001028", "Wilhelmina", "Sugdenson", "19500101"),
    ]
    links, _ = linked(town, tmp_path, rows, register)
    assert links["x1"]["method"] == "exact"
    assert links["x2"]["method"] == "probabilistic"


def test_a_record_that_is_merged_into_itself_is_not_merged(town: Path, tmp_path: Path) -> None:
    rows = [client("x1", "Edwina", "Holroydson", "04/05/1951", **{"Merged Into": "x1"})]
    register = [patient("9900001001", "Edwina", "Holroydson", "19510504")]
    links, _ = linked(town, tmp_path, rows, register)
    assert links["x1"]["band"] != "screened"


def test_a_missing_surname_is_for_a_person_to_decide(town: Path, tmp_path: Path) -> None:
    rows = [client("x1", "Edwina", "", "04/05/1951")]
    links, _ = linked(town, tmp_path, rows, [patient("9900001001", "Edwina", "Holroydson", "19510504")])
    assert (links["x1"]["band"], links["x1"]["nhs_number"]) == ("review", "9900001001")
    assert "no_birth_date" in links["x1"]["guards"]


def test_a_held_number_that_is_somebody_else_s_is_told_where_nobody_is_proposed(
    town: Path, tmp_path: Path
) -> None:
    rows = [client("x1", "Edwina", "Holroydson", "04/05/1951", **{"NHS Number": "9900001001"})]
    elsewhere = {"ADDRESS_LINE_1": "3 Elm Row", "POST_CODE": "TR19 7AA"}
    links, _ = linked(
        town, tmp_path, rows, [patient("9900001001", "Mohammed", "Zaman", "19881130", **elsewhere)]
    )
    assert (links["x1"]["band"], links["x1"]["nhs_number"]) == ("none", "")
    assert links["x1"]["reason"].startswith(
        "The NHS Number that it holds is in the register, but that person"
    )


def test_a_number_that_the_row_of_another_says_is_replaced_is_never_proposed(
    town: Path, tmp_path: Path
) -> None:
    moved = {"ADDRESS_LINE_1": "3 Elm Row", "POST_CODE": "OL11 3AB", "SUPERSEDED_NHS_NUMBERS": "9900001028"}
    register = [
        patient("9900001028", "Edwina", "Holroydson", "19510504"),
        patient("9900001001", "Edwina", "Ackroyd", "19510504", **moved),
    ]
    links, _ = linked(town, tmp_path, [client("x1", "Edwina", "Holroydson", "04/05/1951")], register)
    assert (links["x1"]["band"], links["x1"]["nhs_number"]) == ("accept", "9900001001")


def test_numbers_that_replace_each_other_in_a_circle_stay_as_they_are(town: Path, tmp_path: Path) -> None:
    first, second, third = "9900001001", "9900001028", "9900001036"
    away = {"ADDRESS_LINE_1": "3 Elm Row", "POST_CODE": "OL11 3AB"}
    register = [
        patient(first, "Edwina", "Holroydson", "19510504", SUPERSEDED_NHS_NUMBERS=third),
        patient(second, "Wilfred", "Ackroyd", "19330221", SUPERSEDED_NHS_NUMBERS=first, **away),
        patient(third, "Bertha", "Sugden", "19770809", SUPERSEDED_NHS_NUMBERS=second, **away),
    ]
    links, _ = linked(town, tmp_path, [client("x1", "Edwina", "Holroydson", "04/05/1951")], register)
    assert (links["x1"]["band"], links["x1"]["nhs_number"]) == ("accept", first)


def test_records_of_two_namesakes_in_the_register_are_not_joined(town: Path, tmp_path: Path) -> None:
    oak = {"House No": "12", "Street": "Oak Street", "Postcode": "OL1 4AA"}
    elm = {"House No": "88", "Street": "Elm Road", "Postcode": "OL2 7BB"}
    rows = [
        client("x1", "Margaret", "Holroydson", "12/03/1941", **oak),
        client("x2", "Margaret", "Holroydson", "12/03/1941", **elm),
        client(
            "x3", "Margaret", "Holroydson", "12/03/1941", **{"House No": "", "Street": "", "Postcode": ""}
        ),
    ]
    register = [
        patient(number, "Margaret", "Holroydson", "19410312", ADDRESS_LINE_1=line, POST_CODE=code)
        for number, line, code in (
            ("9900001001", "12 Oak Street", "OL1 4AA"), ("9900001028", "88 Elm Road", "OL2 7BB")
        )
    ]  # fmt: skip
    _, persons = linked(town, tmp_path, rows, register)
    assert len({persons[record]["person_id"] for record in ("x1", "x2", "x3")}) == 3
    with (tmp_path / "run" / "duplicates.csv").open(encoding="utf-8-sig", newline="") as file:
        bands = {(row["left_record"], row["right_record"]): row["band"] for row in csv.DictReader(file)}
    assert bands["x1", "x2"] == bands["x1", "x3"] == bands["x2", "x3"] == "review"


def test_a_day_of_birth_that_does_not_exist_is_something_to_go_by(town: Path, tmp_path: Path) -> None:
    rows = [
        client("x1", "Edwina", "Holroydson", "31/02/1951", **{"House No": "", "Street": "", "Postcode": ""})
    ]
    links, _ = linked(town, tmp_path, rows, [patient("9900001001", "Edwina", "Holroydson", "19510228")])
    assert links["x1"]["band"] in ("review", "none")
