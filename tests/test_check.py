"""Before linking, a person learns how much of a file can be used and what is wrong with it."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine, written

from linkage.check import check
from linkage.config import Dataset, LinkJob
from linkage.database import open_database
from linkage.pages.check_page import check_page, finding_in_words
from linkage.pipeline import council, link, nhs
from linkage.population import generate
from linkage.screen import NOTHING_TO_LINK

CANARY = "Zanzibarella"
FILE = f"""Person ID,Forename,Surname,Date of Birth,Gender,Postcode,NHS Number,Colour
1,Ann,{CANARY},01/02/1931,F,LS1 4AP,9000000009,red
1,Ann,{CANARY},31/02/1931,F,ZZ99 3VZ,9000000008,red
2,Unknown,Unknown,,,XXX,0000000000,red
,Bo,{CANARY},01/02/1931,F,LS1 4AP,,red
3,Cy,,01/01/1900,M,,,red
4,Di,{CANARY},,,LS1 4AP,,
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("check")
    path = folder / "people <b>.csv"
    path.write_text(FILE, encoding="utf-8")
    with open_database(folder, threads=2) as database:
        yield check(database, Dataset("council", path))


def test_all_rows_are_accounted_for(result: dict[str, Any]) -> None:
    assert result["rows"] == {"received": 6, "rejected": 1, "read": 5}
    assert result["rejects"] == [{"problem": "no record id", "rows": 1, "first_rows": [5]}]


def test_each_field_says_how_much_is_filled_and_how_much_of_that_is_usable(result: dict[str, Any]) -> None:
    assert result["inputs"]["date_of_birth"] == {
        "columns": ["Date of Birth"],
        "filled": 3,
        "completeness": 0.6,
        "valid": 1,
        "validity": 0.3333,
        "placeholders": 1,
    }
    assert result["inputs"]["nhs_number"]["valid"] == 1
    assert result["inputs"]["surname"]["placeholders"] == 1
    assert result["inputs"]["postcode"]["placeholders"] == 2
    assert result["unused"] == ["Colour"]


def test_rows_of_records_that_would_take_part_in_a_run_are_counted(result: dict[str, Any]) -> None:
    assert result["enough_to_link"] == {"rows": 3, "share": 0.6}
    assert result["screened"] == {NOTHING_TO_LINK: 2}
    assert result["duplicates"] == {"record_ids": 1, "rows": 2}


def test_what_is_wrong_is_said_in_plain_words(result: dict[str, Any]) -> None:
    said = result["problems"]
    assert said[0] == f"2 of 5 rows would be left out of a run. By record: {NOTHING_TO_LINK} 2."
    assert any("date_of_birth cannot be made use of" in each for each in said)
    assert any("1 record id occurs in more than one row (2 rows)" in each for each in said)
    assert finding_in_words("nhs_number_check_digit") == "nhs_number has a wrong check digit"
    assert finding_in_words("no_fixed_abode") == "no fixed abode"


def test_the_answer_is_json_and_names_nobody(result: dict[str, Any]) -> None:
    assert CANARY not in json.dumps(result)
    assert "9000000009" not in json.dumps(result)


def test_the_page_is_whole_needs_no_network_and_names_nobody(result: dict[str, Any]) -> None:
    page = check_page(result)
    assert page.startswith("<!doctype html>")
    assert "people &lt;b&gt;.csv" in page
    assert CANARY not in page
    opened: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            opened.append(tag)
            assert not any(name in ("src", "srcset") for name, _ in attrs)

    Reader().feed(page)
    assert opened.count("main") == opened.count("h1") == 1
    assert opened.count("caption") == opened.count("table") > 2


def test_every_cause_of_a_value_that_cannot_be_used_is_listed_on_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    linkage = CommandLine(monkeypatch, capsys)
    told = linkage("check", written(tmp_path / "people.csv", FILE)).out
    assert "  1 row: date_of_birth is no date that there is\n" in told
    assert "  1 row: date_of_birth is a date that stands for an unknown one\n" in told


def test_a_finding_counts_rows_also_where_two_fields_of_a_row_say_it(tmp_path: Path) -> None:
    path = written(
        tmp_path / "people.csv",
        "Person ID,Forename,Surname,Date of Birth,Address,Postcode\n"
        "1,Ann,Lee,01/02/1931,No fixed abode,ZZ99 3VZ\n"
        "2,Bo,Lee,01/02/1932,NFA,LS1 4AP\n"
        "3,Cy,Lee,01/02/1933,12 High Street,ZZ99 3VZ\n"
        "4,Di,Lee,01/02/1934,12 High Street,LS1 4AP\n",
    )
    with open_database(tmp_path, threads=2) as database:
        told = check(database, Dataset("council", path))
    assert told["findings"]["no_fixed_abode"] == 3
    assert told["inputs"]["address"]["placeholders"] == 2
    assert told["inputs"]["postcode"]["placeholders"] == 2


def test_a_sound_file_has_nothing_to_look_at(tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_text(
        "Person ID,Forename,Surname,Date of Birth,Gender,Postcode,NHS Number\n"
        "1,Ann,Lee,01/02/1931,F,LS1 4AP,9000000009\n",
        encoding="utf-8",
    )
    with open_database(tmp_path, threads=2) as database:
        result = check(database, Dataset("council", path))
    assert result["problems"] == []
    assert "Nothing was found" in check_page(result)


def test_who_would_be_left_out_is_who_a_run_leaves_out(tmp_path: Path) -> None:
    made = tmp_path / "made"
    generate(1000, 200, 7, made, True)
    manifest = link(LinkJob(council(made / "council.csv"), nhs(made / "nhs.csv"), tmp_path / "out"))
    left_out = manifest["stages"]["screened"]
    for name in ("council", "nhs"):
        with open_database(tmp_path, threads=2) as database:
            told = check(database, Dataset(name, made / f"{name}.csv"))["screened"]
        assert {f"{name}: {reason}": number for reason, number in told.items()} == {
            reason: number for reason, number in left_out.items() if reason.startswith(name)
        }
    assert left_out


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        (
            ["03/17/1977", "04/05/1951", "12/31/1960"],
            "2 birth dates have a number above 12 in the month's place",
        ),
        (["03/17/1977", "17/03/1977"], ""),
        (["04/05/1951", "1960-12-31", "31/02/1931"], ""),
    ],
)
def test_a_file_that_writes_the_month_first_is_told_so_without_a_date(
    tmp_path: Path, dates: list[str], said: str
) -> None:
    rows = "".join(f"{place},Ann,{CANARY},{born}\n" for place, born in enumerate(dates, 1))
    path = tmp_path / "people.csv"
    path.write_text(f"Person ID,Forename,Surname,Date of Birth\n{rows}", encoding="utf-8")
    with open_database(tmp_path, threads=2) as database:
        problems = " ".join(check(database, Dataset("council", path))["problems"])
    assert ("does the month come first" in problems) is bool(said)
    assert said in problems
    assert not any(born in problems for born in dates)
