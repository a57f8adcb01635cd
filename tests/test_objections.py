"""Whom an objection to the use of the NHS Number reaches, before anything is compared."""

from pathlib import Path

import pytest
from command_line import CommandLine
from small_run import made_up_number
from town import client, linked, patient

from linkage.reading.lists import read_rows


@pytest.fixture
def linkage(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


def test_a_list_with_headings_and_no_rows_says_that_nobody_objects(
    town: Path, tmp_path: Path, linkage: CommandLine
) -> None:
    objections = tmp_path / "objections.csv"
    words = (
        "link",
        town / "council.csv",
        town / "nhs.csv",
        "--objections",
        objections,
        "--out",
        tmp_path / "run",
    )
    for text, told in (("", "objections.csv is empty"), ("Whom\n", "no column of record ids or NHS Numbers")):
        objections.write_text(text, encoding="utf-8")
        assert told in linkage(*words).err
    objections.write_text("NHS Number\n", encoding="utf-8")
    done = linkage(*words)
    assert done.code == 0
    assert "objection: objections.csv, 0 rows" in done.out
    assert "  The list has no row, so nobody objects." in done.out


def test_one_file_is_deduplicated_without_those_who_object(
    town: Path, tmp_path: Path, linkage: CommandLine
) -> None:
    ids = [row["Person ID"] for row in read_rows(town / "council.csv")]
    (tmp_path / "objections.csv").write_text(f"Person ID\n{ids[0]}\nnobody\n", encoding="utf-8")
    words = ("dedupe", town / "council.csv", "--out", tmp_path / "run")
    left_out = "objection to the use of the NHS Number"
    assert left_out not in " ".join(linkage(*words).out.split())
    done = linkage(*words, "--objections", tmp_path / "objections.csv")
    told = " ".join(done.out.split())
    assert (done.code, left_out in told) == (0, True)
    assert "1 of the objections names nobody of either file" in told
    assert ids[0] not in (tmp_path / "run" / "duplicates.csv").read_text(encoding="utf-8-sig")


def test_the_number_that_the_council_holds_of_one_who_objects_is_handed_on_in_no_list(
    town: Path, tmp_path: Path
) -> None:
    held = (made_up_number(70_000), made_up_number(70_050))
    rows = [
        client("0071", "Edwina", "Holroydson", "04/05/1951", **{"NHS Number": held[0]}),
        client("0072", "Edwin", "Holroydson", "05/06/1952", **{"NHS Number": held[1], "Confidential": "Y"}),
    ]
    links, _ = linked(town, tmp_path, rows, [], f"NHS Number\n{held[0]}\n")
    told = {
        name: (row["band"], row["nhs_number_held"], row["nhs_number_status"]) for name, row in links.items()
    }
    assert (told["0071"], told["0072"]) == (("screened", "", "07"), ("screened", held[1], "02"))
    lists = [file.read_text(encoding="utf-8-sig") for file in (tmp_path / "run").glob("*.csv")]
    assert [held[0] in text for text in lists] == [False] * len(lists)


@pytest.mark.parametrize(
    ("heading", "tells"),
    [("NHS Number Objection", True), ("Opted Out", True), ("OBJECTS_TO_SHARING", True), ("Object Id", False)],
)
def test_a_column_that_may_tell_who_objects_is_pointed_out_where_there_is_no_list(
    town: Path, tmp_path: Path, linkage: CommandLine, heading: str, tells: bool
) -> None:
    first, *rows = (town / "council.csv").read_text(encoding="utf-8-sig").splitlines()
    lines = [f"{first},{heading}", *(f"{row},Y" for row in rows)]
    (tmp_path / "council.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "objections.csv").write_text("Person ID\n", encoding="utf-8")
    words = ("dedupe", tmp_path / "council.csv", "--out", tmp_path / "run")
    told = f'BEWARE: council.csv has the column "{heading}", which is not used'
    assert (told in " ".join(linkage(*words).out.split())) == tells
    assert told not in " ".join(linkage(*words, "--objections", tmp_path / "objections.csv").out.split())


@pytest.mark.parametrize("objecting", ["71", "71.0"])
def test_an_objection_reaches_merged_records_and_ids_as_a_spreadsheet_left_them(
    town: Path, tmp_path: Path, objecting: str
) -> None:
    rows = [
        client("0071", "Edwina", "Holroydson", "04/05/1951"),
        client("x2", "Edwina", "Holroydson", "04/05/1951", **{"Merged Into": "0071"}),
    ]
    register = [patient("9900001001", "Edwina", "Holroydson", "19510504")]
    links, persons = linked(town, tmp_path, rows, register, f"record_id\n{objecting}\n")
    assert {links["0071"]["band"], links["x2"]["band"]} == {"screened"}
    assert persons["0071"]["nhs_number"] == persons["x2"]["nhs_number"] == ""


@pytest.mark.parametrize("into", ["777", "777.0"])
def test_an_objection_reaches_the_record_that_another_was_merged_into_under_such_an_id(
    town: Path, tmp_path: Path, into: str
) -> None:
    rows = [
        client("00777", "Edwina", "Holroydson", "04/05/1951"),
        client("00778", "Edwina", "Holroydson", "04/05/1951", **{"Merged Into": into}),
    ]
    register = [patient("9900001001", "Edwina", "Holroydson", "19510504")]
    links, _ = linked(town, tmp_path, rows, register, "record_id\n00778\n")
    assert {links["00777"]["band"], links["00778"]["band"]} == {"screened"}


def test_an_objection_under_the_live_number_reaches_a_record_that_holds_the_former_one(
    town: Path, tmp_path: Path
) -> None:
    rows = [client("x1", "Edwina", "Holroydson", "04/05/1951", **{"NHS Number": "9900001028"})]
    register = [
        patient("9900001028", "Edwina", "Holroydson", "19510504"),
        patient("9900001001", "Edwina", "Holroydson", "19510504", SUPERSEDED_NHS_NUMBERS="9900001028"),
    ]
    links, _ = linked(town, tmp_path, rows, register, "nhs_number\n9900001001\n")
    assert links["x1"]["band"] == "screened"


@pytest.mark.parametrize(
    ("forename", "born", "barred"),
    [("Edwina", "04/05/1951", True), ("Edwina", "09/09/1977", False), ("Albert", "04/05/1951", False)],
)
def test_an_objection_on_a_record_reaches_the_register_person_of_its_number_if_that_may_be_the_same(
    town: Path, tmp_path: Path, forename: str, born: str, barred: bool
) -> None:
    rows = [
        client("x1", forename, "Holroydson", born, **{"NHS Number": "9900001001"}),
        client("x2", "Edwina", "Holroydson", "04/05/1951"),
    ]
    register = [patient("9900001001", "Edwina", "Holroydson", "19510504")]
    links, _ = linked(town, tmp_path, rows, register, "record_id\nx1\n")
    assert links["x1"]["band"] == "screened"
    assert (links["x2"]["nhs_number"] == "") == barred


def test_an_objection_reaches_the_register_person_who_once_had_the_number_held(
    town: Path, tmp_path: Path
) -> None:
    rows = [
        client("x1", "Edwina", "Holroydson", "04/05/1951", **{"NHS Number": "9900001028"}),
        client("x2", "Edwina", "Holroydson", "04/05/1951"),
    ]
    register = [
        patient("9900001001", "Edwina", "Holroydson", "19510504", SUPERSEDED_NHS_NUMBERS="9900001028")
    ]
    links, _ = linked(town, tmp_path, rows, register, "record_id\nx1\n")
    assert (links["x1"]["band"], links["x2"]["nhs_number"]) == ("screened", "")


def test_numbers_held_by_mistake_carry_an_objection_one_step_only(town: Path, tmp_path: Path) -> None:
    rows = [
        client("x1", "Edwina", "Holroydson", "04/05/1951", **{"NHS Number": "9900001001"}),
        client("y1", "Barnaby", "Quillfeather", "12/12/1944", **{"NHS Number": "9900001001"}),
        client("y1", "Barnaby", "Quillfeather", "12/12/1944", **{"NHS Number": "9900001028"}),
        client("y2", "Barnaby", "Quillfeather", "12/12/1944"),
    ]
    register = [
        patient("9900001001", "Edwina", "Holroydson", "19510504"),
        patient("9900001028", "Barnaby", "Quillfeather", "19441212"),
    ]
    links, _ = linked(town, tmp_path, rows, register, "record_id\nx1\n")
    assert (links["x1"]["band"], links["y2"]["nhs_number"]) == ("screened", "9900001028")


TWINS = [
    patient("9900001001", "Edwina", "Holroydson", "19510504"),
    patient("9900001028", "Everilda", "Holroydson", "19510504"),
]


@pytest.mark.parametrize(
    "record",
    [
        client("x1", "E", "Holroydson", "04/05/1951"),
        client("x1", "Edwina", "Holroydson", "04/05/1951", Street="Elm Row", Postcode="OL11 1AA"),
        client("x1", "Edwina", "Marriedson", "04/05/1951"),
        client("x1", "Everilda", "Holroydson", "04/05/1951", **{"Middle Names": "Edwina"}),
    ],
    ids=["initial", "moved", "married", "middle name"],
)
def test_whoever_may_be_one_who_objects_is_not_taken_for_another(
    town: Path, tmp_path: Path, record: dict[str, str]
) -> None:
    links, _ = linked(town, tmp_path, [record], TWINS, "nhs_number\n9900001001\n")
    assert (links["x1"]["band"], links["x1"]["nhs_number"]) == ("screened", "")


@pytest.mark.parametrize(
    "record",
    [
        client("x1", "Everilda", "Holroydson", "04/05/1951"),
        client("x1", "Everilda", "Holroydson", "05/04/1951"),
        client("x1", "Edna", "Holroydson", "04/05/1951"),
        client("x1", "E", "Holroydson", "04/05/1951", **{"NHS Number": "9900001028"}),
    ],
    ids=["her twin", "her twin, mistyped", "a form of the name", "whose number is held"],
)
def test_an_objection_does_not_reach_another_name_or_birth_date(
    town: Path, tmp_path: Path, record: dict[str, str]
) -> None:
    links, _ = linked(town, tmp_path, [record], TWINS, "nhs_number\n9900001001\n")
    assert links["x1"]["band"] != "screened"


@pytest.mark.parametrize(("house", "reached"), [("7", True), ("19", False)])
def test_on_the_first_of_january_a_name_is_not_enough_without_a_home(
    town: Path, tmp_path: Path, house: str, reached: bool
) -> None:
    record = client("x1", "Edwina", "Holroydson", "01/01/1951", **{"House No": house})
    register = [patient("9900001001", "Edwina", "Holroydson", "19510101")]
    links, _ = linked(town, tmp_path, [record], register, "nhs_number\n9900001001\n")
    assert (links["x1"]["band"] == "screened") is reached


def test_an_objection_on_a_record_reaches_the_persons_number_and_other_records_by_name_and_birth_date(
    town: Path, tmp_path: Path
) -> None:
    rows = [
        client("x1", "Edwina", "Holroydson", "04/05/1951"),
        client("x2", "Edwina", "Maidenson", "04/05/1951", Street="Elm Row", Postcode="OL11 1AA"),
    ]
    register = [
        patient("9900001001", "Edwina", "Holroydson", "19510504", PREVIOUS_FAMILY_NAME="Maidenson"),
    ]
    links, _ = linked(town, tmp_path, rows, register, "record_id\nx1\n")
    assert {links["x1"]["band"], links["x2"]["band"]} == {"screened"}
