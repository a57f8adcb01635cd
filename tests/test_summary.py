"""What a run says of itself at its end."""

from pathlib import Path
from typing import Any

from linkage.pages.summary import summary
from linkage.pages.wording import NO_LIST, counted


def manifest(**other: Any) -> dict[str, Any]:
    read = {
        "name": "a.csv",
        "rows": 1200,
        "rejected": 3,
        "profile": "",
        "recognised": {f"field_{place}": [f"Column {place}", "Other"] for place in range(12)},
        "unused": ["Shoe Size", "Hat Size"],
        "notes": ["a note"],
    }
    told = {"file": "a.csv", "column": "nhs_number", "problem": "is missing", "rows": 3}
    elsewhere = told | {"file": "b.csv", "problem": "is not here"}
    stages = {
        "rejected_for": [told, elsewhere],
        "further_rows": 5,
        "screened": {"council: not a client": 1040},
        "duplicates_to_decide": 0,
        "clusters_to_check": 0,
    }
    counts = {"accept": 900, "review": 60, "none": 40, "screened": 1000}
    told_of = {"test_data": False, "cautions": [], "inputs": {"council": read}}
    return told_of | {"stages": stages, "counts": counts} | other


def test_the_summary_says_what_was_read_left_out_and_found() -> None:
    text = "\n".join(summary(manifest(), Path("out")))
    assert "council: a.csv, 1,200 rows, recognised by its headings" in text
    assert "Column 0 + Other -> field_0; " in text
    assert "  not used  Shoe Size; Hat Size" in text
    assert "3 rows; nhs_number is missing 3" in text
    assert "is not here" not in text
    assert "left out    council: not a client 1,040" in text
    assert "5 rows are further rows of these records" in text
    assert "review              60    3.0%  for a person to decide: review.csv" in text
    assert "TEST DATA" not in text
    assert text.splitlines()[-1] == "Results are in out"


def test_a_run_without_a_list_of_objections_says_so_and_one_with_a_list_does_not() -> None:
    told = manifest()
    assert f"objections  {NO_LIST}" in "\n".join(summary(told, Path("out")))
    told["inputs"] |= {"objection": told["inputs"]["council"]}
    assert NO_LIST not in "\n".join(summary(told, Path("out")))


def test_cautions_stand_before_everything_else() -> None:
    lines = summary(manifest(cautions=["the files look exchanged"]), Path("out"))
    assert lines[0] == "BEWARE: the files look exchanged"


def test_the_summary_fits_a_terminal_and_any_console() -> None:
    lines = summary(manifest(), Path("out"))
    assert max(map(len, lines)) <= 100
    assert "".join(lines).isascii()
    assert not any(line.endswith(("->", "+")) for line in lines)


def test_records_of_one_file_are_counted_as_people() -> None:
    stages = {
        "rejected_for": [],
        "further_rows": 0,
        "screened": {},
        "duplicates_to_decide": 12,
        "clusters_to_check": 3,
    }
    counts = {"records": 1100, "people": 1000, "screened": 7}
    text = "\n".join(summary(manifest(stages=stages, counts=counts), Path("out")))
    assert "1,100 records are 1,000 people; 7 were left out" in text
    assert "further rows" not in text
    assert "12 pairs of council records may be one person: duplicates.csv" in text
    assert "3 people may be several: clusters_to_check.csv, most risky first" in text


def test_one_is_not_several() -> None:
    assert [counted(number, "row") for number in (0, 1, 2000)] == ["0 rows", "1 row", "2,000 rows"]
    assert [counted(number, "person is", "people are") for number in (1, 2)] == [
        "1 person is",
        "2 people are",
    ]
