"""A run notices that its two files are one, or stand in each other's place, and refuses no file that is right."""

import csv
import json
from pathlib import Path

import pytest
from command_line import CommandLine, names, written
from small_run import made_up_number

LAS = "Person ID,Forename,Surname,Date of Birth,Postcode,House No,Street,Is Client,NHS Number"
PDS = "NHS_NUMBER,FAMILY_NAME,GIVEN_NAME,DATE_OF_BIRTH,POST_CODE,ADDRESS_LINE_1,GP_PRACTICE_CODE"
PLAIN = "Person ID,NHS Number,Forename,Surname,Date of Birth,Postcode"
PEOPLE = [
    (f"Ann{chr(97 + place)}", f"Otherby{chr(97 + place)}", made_up_number(100 * place)) for place in range(20)
]


@pytest.fixture
def linkage(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


def table(path: Path, headings: str, rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings.split(","), *rows])
    return path


def las(folder: Path, numbered: int) -> Path:
    """A council's file in which the first people have NHS Numbers."""
    rows = [
        [
            str(place),
            name,
            surname,
            "02/03/1951",
            "LS1 1AA",
            "1",
            "Quay Street",
            "Y",
            number if place < numbered else "",
        ]
        for place, (name, surname, number) in enumerate(PEOPLE)
    ]
    return table(folder / "las.csv", LAS, rows)


def pds(folder: Path, first_heading: str = "") -> Path:
    """A register, with a column of record ids in front if that has a heading."""
    rows = [
        [number, surname, name, "19510302", "LS1 1AA", "1 QUAY STREET", "P90003"]
        for name, surname, number in PEOPLE
    ]
    if first_heading:
        rows = [[f"R{place}", *row] for place, row in enumerate(rows)]
    return table(folder / "pds.csv", f"{first_heading},{PDS}" if first_heading else PDS, rows)


def plain(folder: Path, name: str, numbered: int) -> Path:
    rows = [
        [str(place), number if place < numbered else "", forename, surname, "02/03/1951", "LS1 1AA"]
        for place, (forename, surname, number) in enumerate(PEOPLE)
    ]
    return table(folder / name, PLAIN, rows)


def cautions(folder: Path) -> list[str]:
    told: list[str] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["cautions"]
    return told


@pytest.mark.parametrize("twice", [False, True])
def test_a_file_is_not_linked_with_itself_nor_with_a_copy(
    linkage: CommandLine, tmp_path: Path, twice: bool
) -> None:
    one = plain(tmp_path, "one.csv", 20)
    other = one if twice else written(tmp_path / "copy.csv", one.read_bytes())
    before = names(tmp_path)
    done = linkage("link", one, other, "--out", tmp_path / "run")
    assert done.code == 3
    assert "hold the same, byte for byte" in done.err
    assert "linkage dedupe" in done.err
    assert names(tmp_path) == before


def test_two_files_are_not_one_because_a_network_drive_tells_the_same_inode_of_both(
    linkage: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = plain(tmp_path, "one.csv", 20), tmp_path / "other.csv"
    written(other, one.read_bytes().replace(b"Otherbya", b"Otherbyz", 1))
    assert one.stat().st_size == other.stat().st_size
    monkeypatch.setattr(Path, "samefile", lambda *_: True)
    assert "hold the same" not in linkage("link", one, other, "--out", tmp_path / "run").err


def test_exchanged_files_are_refused_with_what_makes_each_look_like_the_other(
    linkage: CommandLine, tmp_path: Path
) -> None:
    done = linkage("link", pds(tmp_path, "LOCAL_PATIENT_ID"), las(tmp_path, 9), "--out", tmp_path / "run")
    assert done.code == 3
    assert (
        "pds.csv was given as the council's file, but has the headings of an NHS register (profile pds)"
        in done.err
    )
    assert "an NHS Number in 100% of its rows" in done.err
    assert "(profile liquidlogic_adults) and a number in 45%" in done.err
    assert names(tmp_path) == {"pds.csv", "las.csv"}


def test_a_council_s_file_in_the_register_s_place_is_warned_of(linkage: CommandLine, tmp_path: Path) -> None:
    council = las(tmp_path, 9)
    copy = written(tmp_path / "copy.csv", council.read_bytes() + b"\r\n")
    assert linkage("link", council, copy, "--out", tmp_path / "run").code == 0
    (told,) = cautions(tmp_path / "run")
    assert told.startswith("copy.csv: It has the headings of a council's file (profile liquidlogic_adults)")
    assert told.endswith("a valid NHS Number in 45% of the rows only: is it the register?")


def test_who_names_the_profiles_is_taken_at_their_word_and_warned(
    linkage: CommandLine, tmp_path: Path
) -> None:
    files = pds(tmp_path, "LOCAL_PATIENT_ID"), las(tmp_path, 9)
    done = linkage("link", *files, "--council-profile", "pds", "--out", tmp_path / "run")
    assert done.code == 0
    assert "BEWARE: 100% of the rows of pds.csv hold an NHS Number and 45% of las.csv" in done.out
    assert "were the two files exchanged?" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")


def test_files_of_the_same_headings_are_told_apart_by_their_numbers_and_only_warned_of(
    linkage: CommandLine, tmp_path: Path
) -> None:
    register, council = plain(tmp_path, "register.csv", 20), plain(tmp_path, "council.csv", 9)
    assert linkage("link", council, register, "--out", tmp_path / "right").code == 0
    assert linkage("link", register, council, "--out", tmp_path / "wrong").code == 0
    assert cautions(tmp_path / "right") == []
    assert len(cautions(tmp_path / "wrong")) == 1


def test_a_missing_column_is_told_with_the_doubt_whether_it_is_the_right_file(
    linkage: CommandLine, tmp_path: Path
) -> None:
    register = pds(tmp_path)
    done = linkage("link", register, las(tmp_path, 9), "--out", tmp_path / "run")
    assert done.code == 4
    assert "pds.csv has no column for record_id" in done.err
    assert "rather those of an NHS register (profile pds): is it the right file?" in done.err
    assert (
        "rather" not in linkage("check", written(tmp_path / "x.csv", "Surname,Postcode\nLee,LS1 1AA\n")).err
    )


@pytest.mark.parametrize("numbered", [0, 9, 20])
def test_a_council_file_may_hold_as_many_nhs_numbers_as_it_does(
    linkage: CommandLine, tmp_path: Path, numbered: int
) -> None:
    council = las(tmp_path, numbered)
    assert linkage("link", council, pds(tmp_path), "--out", tmp_path / "run").code == 0
    assert cautions(tmp_path / "run") == []
    assert "is it" not in linkage("check", council).out


def test_a_council_file_in_the_form_of_a_batch_trace_is_no_register(
    linkage: CommandLine, tmp_path: Path
) -> None:
    trace = table(
        tmp_path / "trace.csv",
        "UNIQUE REFERENCE,NHS_NO,FAMILY_NAME,GIVEN_NAME,DATE_OF_BIRTH,POSTCODE",
        [
            [str(place), "", surname, name, "19510302", "LS1 1AA"]
            for place, (name, surname, _) in enumerate(PEOPLE)
        ],
    )
    assert linkage("link", trace, pds(tmp_path), "--out", tmp_path / "run").code == 0
    assert cautions(tmp_path / "run") == []
    assert "is it" not in linkage("check", trace).out


def test_check_asks_whether_it_is_the_right_kind_of_file(linkage: CommandLine, tmp_path: Path) -> None:
    register, council = pds(tmp_path, "LOCAL_PATIENT_ID"), las(tmp_path, 9)
    assert "is it the council's file?" in linkage("check", register).out
    assert "is it the register?" in linkage("check", council, "--kind", "nhs").out
    assert "is it" not in linkage("check", register, "--kind", "nhs").out
    assert "is it" not in linkage("check", council).out


def test_nhs_numbers_that_a_spreadsheet_has_cut_are_counted_in_the_run_and_its_report(
    linkage: CommandLine, tmp_path: Path
) -> None:
    council = las(tmp_path, 9)
    text = council.read_text(encoding="utf-8")
    council.write_text(text.replace(PEOPLE[0][2], "9.0E+09").replace(PEOPLE[1][2], "9E+09"), encoding="utf-8")
    done = linkage("link", council, pds(tmp_path), "--out", tmp_path / "run")
    told = "2 rows of las.csv have an NHS Number that a spreadsheet has cut"
    assert f"BEWARE: {told}" in done.out
    assert told in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert f"BEWARE: {told}" in linkage("dedupe", council, "--out", tmp_path / "people").out


def test_ids_that_a_spreadsheet_has_cut_and_birth_dates_that_cannot_be_read_are_told(
    linkage: CommandLine, tmp_path: Path
) -> None:
    people = [
        ["1.0E+06", "Ada", "Quill", "12/31/1940"],
        ["1.0E+06", "Ben", "Shaw", "03/04/1951"],
        ["7", "Cy", "Lee", ""],
    ]
    file = table(tmp_path / "people.csv", "Person ID,Forename,Surname,Date of Birth", people)
    told = linkage("dedupe", file, "--out", tmp_path / "people").out
    assert "BEWARE: 2 rows of people.csv have a record id that a spreadsheet has cut" in told
    assert "BEWARE: 50% of the birth dates of people.csv cannot be used" in told


@pytest.mark.parametrize(
    ("births", "told"),
    [
        (("12/31/1940", "10/25/1951", "about 1950"), "is the month before the day?"),
        (("12/31/1940", "about 1950", "1950s"), "because they are in no form that is read"),
        (("12/31/1940", "01/01/1900", "01/01/1900"), "because they stand for an unknown date"),
        (("02/03/2999",), "because they are in the future"),
    ],
)
def test_birth_dates_that_cannot_be_used_are_told_with_the_commonest_cause(
    linkage: CommandLine, tmp_path: Path, births: tuple[str, ...], told: str
) -> None:
    people = [[str(place), "Ada", "Quill", born] for place, born in enumerate(births)]
    file = table(tmp_path / "people.csv", "Person ID,Forename,Surname,Date of Birth", people)
    assert linkage("dedupe", file, "--out", tmp_path / "people").code == 0
    [caution] = [each for each in cautions(tmp_path / "people") if "birth dates" in each]
    assert caution.startswith("100% of the birth dates of people.csv cannot be used, most often ")
    assert told in caution


def test_numbers_that_are_not_valid_and_birth_dates_that_are_not_there_are_told(
    linkage: CommandLine, tmp_path: Path
) -> None:
    wrong = [[str(place), "1234567899", "Ann", "Otherby", "02/03/1951", "LS1 1AA"] for place in range(3)]
    council = table(tmp_path / "council.csv", PLAIN.replace("Date of Birth", "Day"), wrong)
    assert linkage("link", council, plain(tmp_path, "register.csv", 20), "--out", tmp_path / "run").code == 0
    invalid, unborn = cautions(tmp_path / "run")
    assert invalid.startswith("100% of the NHS Numbers of council.csv are not valid")
    assert unborn.startswith("council.csv has no column that is recognised as the date of birth")
    assert "(not used: Day)" in unborn


def test_ids_that_were_used_again_for_somebody_else_are_told(linkage: CommandLine, tmp_path: Path) -> None:
    rows = [
        ["1", "", "Ann", "Otherby", "02/03/1951", "LS1 1AA"],
        ["1", "", "Zoe", "Quill", "05/09/1988", "LS2 2BB"],
        # A birth date that was corrected, or another name by which somebody is called, is no other person.
        ["3", "", "Eve", "Elder", "02/03/1951", "LS1 1AA"],
        ["3", "", "Eve", "Elder", "03/03/1951", "LS1 1AA"],
        ["4", "", "Mary", "Young", "02/03/1961", "LS1 1AA"],
        ["4", "", "Polly", "Young", "02/03/1961", "LS1 1AA"],
    ]
    register = plain(tmp_path, "register.csv", 20)
    council = table(
        tmp_path / "council.csv", PLAIN, [*rows, ["2", "", "Ann", "Otherby", "02/03/1951", "LS1 1AA"]]
    )
    assert linkage("link", council, register, "--out", tmp_path / "run").code == 0
    (told,) = cautions(tmp_path / "run")
    assert told.startswith(
        "In council.csv rows of one record id have different forenames and birth dates (1 id)"
    )


def test_nhs_numbers_of_which_the_register_has_two_people_are_counted(
    linkage: CommandLine, tmp_path: Path
) -> None:
    people = [
        ["0", PEOPLE[0][2], "Ann", "Otherby", "02/03/1951", "LS1 1AA"],
        ["1", PEOPLE[0][2], "Zoe", "Quill", "05/09/1988", "LS2 2BB"],
        # A birth date that was corrected is no other person.
        ["2", PEOPLE[1][2], "Eve", "Elder", "02/03/1951", "LS1 1AA"],
        ["3", PEOPLE[1][2], "Eve", "Elder", "03/03/1951", "LS1 1AA"],
        # What is no NHS Number is nobody's, and takes no part.
        ["4", "123", "Ann", "Young", "02/03/1961", "LS1 1AA"],
        ["4", "123", "Zoe", "Shaw", "05/09/1978", "LS2 2BB"],
    ]
    register = table(tmp_path / "register.csv", PLAIN, people)
    council = table(tmp_path / "council.csv", PLAIN, [["2", "", "Ann", "Otherby", "02/03/1951", "LS1 1AA"]])
    assert linkage("link", council, register, "--out", tmp_path / "run").code == 0
    told = "In register.csv rows of one NHS Number have different forenames and birth dates (1 number)"
    assert [each for each in cautions(tmp_path / "run") if each.startswith(told)]
