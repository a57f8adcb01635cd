"""A mark that is not understood counts, and a run says so: who may not be linked or shown is not left to a word list."""

import csv
import json
from pathlib import Path

import duckdb
import pytest
from small_run import made_up_number
from town import client, linked, patient

from linkage.cautions import unread_marks
from linkage.check import check
from linkage.config import Dataset
from linkage.database import open_database
from linkage.ingest import Ingested
from linkage.lookup.register import Register
from linkage.lookup.register_file import IndexJob, make_register
from linkage.shown import WITHHELD

MOTHER, NUMBER = ("Zenobia", "Quarrington", "05/10/1977"), made_up_number(77_000)
IS_MARKED = (
    "In nhs.csv 1 row holds something in SENSITIVE_FLAG that is neither a yes nor a no, and counts as a yes:"
)


def test_a_mark_in_words_withholds_a_home_and_leaves_out_a_record(town: Path, tmp_path: Path) -> None:
    register = [patient(NUMBER, *MOTHER, SENSITIVE_FLAG="Sensitive - no contact with father")]
    council = [
        client("900001", "Zenobia", "Quarrington", "15/11/1977"),
        client("900002", *MOTHER, Confidential="Do not disclose"),
        client("900003", "Zachary", "Quarrington", "05/10/1950", **{"Is Client": "Informal Carer"}),
    ]
    links, _ = linked(town, tmp_path, council, register)
    assert [links[f"90000{place}"]["reason"] for place in (2, 3)] == [
        "Not linked: marked confidential.",
        "Not linked: not a client.",
    ]
    shown = (tmp_path / "run" / "review.csv").read_text(encoding="utf-8-sig").splitlines()
    [row] = [row for row in csv.DictReader(shown) if row["record_id"] == "900001"]
    assert (row["nhs_number"], row["address_council"], row["address_nhs"]) == (NUMBER, WITHHELD, WITHHELD)
    told = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))["cautions"]
    assert len([each for each in told if each.startswith(IS_MARKED)]) == 1
    report = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    for column in ("Confidential", "Is Client", "SENSITIVE_FLAG"):
        assert f"holds something in {column} that is neither a yes nor a no" in report


def test_a_prepared_register_tells_of_such_a_mark_and_its_answers_do(town: Path, tmp_path: Path) -> None:
    with (town / "nhs.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows.append(patient(NUMBER, *MOTHER, SENSITIVE_FLAG="Witness protection"))
    with (tmp_path / "nhs.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    about = make_register(IndexJob(Dataset("nhs", tmp_path / "nhs.csv", "", {}), tmp_path / "r.register"))
    assert [each for each in about["cautions"] if each.startswith(IS_MARKED)]
    with Register.open(tmp_path / "r.register") as register:
        match = register.match({"forename": MOTHER[0], "surname": MOTHER[1], "date_of_birth": MOTHER[2]})
    assert (match.nhs_number, match.sensitive) == (NUMBER, True)


def test_a_check_tells_of_marks_that_are_not_understood(tmp_path: Path) -> None:
    (tmp_path / "council.csv").write_text(
        "Person ID,Surname,Date of Birth,Confidential\n1,Vale,01/02/1950,Refuge\n2,Vale,01/02/1951,N\n",
        encoding="utf-8",
    )
    with open_database(tmp_path) as database:
        result = check(database, Dataset("council", tmp_path / "council.csv", "", {}))
    assert [each for each in result["problems"] if "something in Confidential that is neither" in each]


@pytest.mark.parametrize(("marked", "loud"), [(0, False), (1, False), (9, False), (10, True), (100, True)])
def test_a_column_that_holds_something_else_is_told_loudly(marked: int, loud: bool) -> None:
    read = Ingested("council", "c.csv", "", 100, 0, "", {"confidential": ["Sensitive"]})
    with duckdb.connect() as database:
        database.execute(
            f"""
            CREATE TABLE record AS SELECT 'council' AS dataset,
                CASE WHEN range < {marked} THEN ['confidential_format'] ELSE [] END AS flags FROM range(100)
            """
        )
        told = unread_marks(database, [read])
    assert len(told) == (marked > 0)
    assert (
        any(f"That is {marked}% of all rows: is the column about something else?" in each for each in told)
        == loud
    )
