"""Rows under one record id are one person's, unless they tell of two: then a link of that id is for a person to decide."""

from pathlib import Path

import pytest

from linkage.config import Dataset
from linkage.database import open_database
from linkage.ingest import ingest
from linkage.register_sql import ROWS_DISAGREE
from linkage.standardise import standardise

Row = tuple[str, str, str]
"""Forename, gender and birth date."""
BORN = "02/03/1941"


def disagree(folder: Path, *rows: Row) -> bool:
    """Whether these rows of one record id are seen as two people's."""
    path = folder / "council.csv"
    lines = [f"1,{forename},Quill,{gender},{born}" for forename, gender, born in rows]
    path.write_text("\n".join(["Person ID,Forename,Surname,Gender,Date of Birth", *lines]), encoding="utf-8")
    with open_database(folder, threads=1) as database:
        ingest(database, Dataset("council", path))
        standardise(database, ["council"])
        [(found,)] = database.execute(
            f"SELECT coalesce({ROWS_DISAGREE}, false) FROM record GROUP BY subject_id"
        ).fetchall()
        return bool(found)


@pytest.mark.parametrize(
    "other",
    [
        ("John", "M", BORN),
        ("Jennifer", "M", BORN),
        ("Ann", "F", BORN),
        ("Jane", "F", "02/03/1942"),
    ],
)
def test_another_gender_and_forename_another_initial_or_another_birth_date_is_somebody_else(
    tmp_path: Path, other: Row
) -> None:
    assert disagree(tmp_path, ("Jane", "F", BORN), other)


@pytest.mark.parametrize(
    "others",
    [
        [("Jane", "M", BORN)],
        [("June", "F", BORN)],
        [("John", "", BORN)],
        [("J", "M", BORN)],
        [("", "M", BORN)],
        [("Jane", "M", BORN), ("John", "M", BORN)],
    ],
    ids=["gender alone", "name alone", "no gender", "an initial", "no name", "one of several forenames"],
)
def test_what_may_be_a_slip_of_one_person_is_not(tmp_path: Path, others: list[Row]) -> None:
    assert not disagree(tmp_path, ("Jane", "F", BORN), *others)


@pytest.mark.parametrize(("one", "other"), [("Christopher", "Chris"), ("Leslie", "Lesley"), ("Jan", "Janet")])
def test_a_known_form_of_the_name_is_no_other(tmp_path: Path, one: str, other: str) -> None:
    assert not disagree(tmp_path, (one, "M", BORN), (other, "F", BORN))
