"""Whose home and telephone no output shows: sensitive people, and every council record that may be theirs."""

from pathlib import Path

import duckdb
import pytest
from small_run import fill, made_up_number, small_database, small_run
from town import client, linked, patient

from linkage.evaluation.sample import draw_sample
from linkage.outputs import duplicates, review
from linkage.protect import protect
from linkage.reading.lists import read_rows
from linkage.runs.explain import explain, explain_text
from linkage.runs.known import Care, known
from linkage.shown import CONTACT, HOME, WITHHELD

# Council subjects 0 to 3, each on its own until a test ties them; of the register 10, 11 and 12, of whom 11 is sensitive.
TIED = ("candidate", "duplicate", "person", "two_people")


@pytest.fixture
def database() -> duckdb.DuckDBPyConnection:
    made = small_database()
    for table in TIED:
        made.execute(f"DELETE FROM {table}")
    made.execute("UPDATE record SET is_confidential = true WHERE subject_id = 11")
    return made


def protected(database: duckdb.DuckDBPyConnection, what: str = HOME) -> list[int]:
    protect(database)
    rows = database.execute("SELECT subject_id FROM protected WHERE what = ? ORDER BY subject_id", [what])
    return [subject for (subject,) in rows.fetchall()]


def give(database: duckdb.DuckDBPyConnection, column: str, value: object, *rows: int) -> None:
    database.execute(f"UPDATE record SET {column} = ? WHERE row_id IN {rows}", [value])


def person(name: str, subject: int, dataset: str = "council") -> tuple[object, ...]:
    return (name, subject, dataset, str(subject), None, 1, None)


def test_a_sensitive_person_and_nobody_else_is_protected_where_nothing_ties(
    database: duckdb.DuckDBPyConnection,
) -> None:
    assert protected(database) == [11]


def test_a_record_is_protected_however_far_down_its_sensitive_candidate_stands(
    database: duckdb.DuckDBPyConnection,
) -> None:
    fill(database, "candidate", [(1, 12, 1, 12, 9.0, 1), (1, 11, 1, 11, -9.0, 9), (2, 12, 2, 12, 9.0, 1)])
    assert protected(database) == [1, 11]


def test_a_record_that_people_decided_not_to_be_the_sensitive_person_is_protected(
    database: duckdb.DuckDBPyConnection,
) -> None:
    fill(database, "two_people", [(1, 11), (2, 12)])
    assert protected(database) == [1, 11]


def test_records_that_are_or_may_be_one_person_are_protected_together_from_the_first_to_the_last(
    database: duckdb.DuckDBPyConnection,
) -> None:
    fill(database, "candidate", [(3, 11, 3, 11, 9.0, 1)])
    fill(database, "person", [person("P-1", 2), person("P-1", 3), person("P-2", 1), person("P-3", 0)])
    fill(database, "duplicate", [(1, 2, 2.0, 0.8, "review", "")])
    assert protected(database) == [1, 2, 3, 11]


def test_a_person_of_the_register_who_is_not_sensitive_is_not_protected_and_leads_on_to_nobody(
    database: duckdb.DuckDBPyConnection,
) -> None:
    fill(database, "candidate", [(1, 11, 1, 11, 9.0, 2), (1, 12, 1, 12, 9.5, 1), (2, 12, 2, 12, 9.0, 1)])
    fill(database, "person", [person("P-1", 1), person("P-1", 12, "nhs"), person("P-2", 2)])
    fill(database, "two_people", [(0, 12)])
    assert protected(database) == [1, 11]


@pytest.mark.parametrize(
    ("column", "of_hers", "of_theirs"),
    [
        ("places", ["M1 1AA||9", "OL1 2XY||3"], ["OL1 2XY||3"]),
        ("places", ["OL1 2XY||3"], ["M1 1AA||9", "OL1 2XY||3"]),
        ("uprn", "100", "100"),
    ],
)
def test_whoever_has_a_home_of_a_sensitive_person_now_or_before_is_protected_in_either_file(
    database: duckdb.DuckDBPyConnection, column: str, of_hers: object, of_theirs: object
) -> None:
    give(database, column, of_hers, 11)
    give(database, column, of_theirs, 2, 12)
    assert (protected(database), protected(database, CONTACT)) == ([2, 11, 12], [11])


def test_a_home_without_a_postcode_is_known_by_its_street_and_number_and_only_then(
    database: duckdb.DuckDBPyConnection,
) -> None:
    give(database, "address_key", "|3|MILL LN", 1, 11, 12)
    assert protected(database) == [11]
    give(database, "places", [], 11, 12)
    assert protected(database) == [11, 12]


def test_a_telephone_number_of_a_sensitive_person_is_withheld_of_whoever_has_it_and_their_home_is_not(
    database: duckdb.DuckDBPyConnection,
) -> None:
    give(database, "contacts", ["01614960001", "01614960002"], 11)
    give(database, "contacts", ["01614960002"], 3, 10)
    assert (protected(database, CONTACT), protected(database)) == ([3, 10, 11], [11])


def test_the_council_s_home_of_one_who_may_be_sensitive_is_withheld_of_whoever_has_it(
    database: duckdb.DuckDBPyConnection,
) -> None:
    fill(database, "candidate", [(1, 11, 1, 11, 9.0, 1), (2, 12, 2, 12, 9.0, 1), (0, 10, 0, 10, 9.0, 1)])
    give(database, "places", ["OL1 2XY||3"], 1, 12)
    assert protected(database) == [1, 2, 11, 12]


def test_the_home_of_one_who_shares_a_sensitive_person_s_leads_on_to_no_other(
    database: duckdb.DuckDBPyConnection,
) -> None:
    give(database, "places", ["OL1 2XY||3"], 11)
    give(database, "places", ["OL1 2XY||3", "OL1 2XY||5"], 12)
    give(database, "places", ["OL1 2XY||5"], 10)
    assert protected(database) == [11, 12]


def test_what_agrees_with_a_withheld_home_is_not_shown_beside_it(tmp_path: Path) -> None:
    run = small_run()
    run.database.execute("UPDATE record SET is_confidential = true WHERE row_id = 11")
    protect(run.database)
    review.write(run, tmp_path)
    _, other = read_rows(tmp_path / "review.csv")
    assert (other["address_council"], other["address_nhs"]) == (WITHHELD, WITHHELD)


@pytest.mark.parametrize("flag", ["", "S"])
def test_a_refuge_is_told_by_no_output_by_way_of_a_child_who_is_not_marked(
    town: Path, tmp_path: Path, flag: str
) -> None:
    home = {"ADDRESS_LINE_1": "7 Elderflower Row", "POST_CODE": "OL16 3ZX"}
    register = [
        patient(made_up_number(70_000), "Mona", "Quarrington", "05/10/1977", **home, SENSITIVE_FLAG=flag),
        patient(made_up_number(70_050), "Lily", "Quarrington", "05/10/2012", **home),
    ]
    at_home = {"House No": "7", "Street": "Elderflower Row", "Postcode": "OL16 3ZX"}
    council = [
        client("900001", "Lilah", "Quarrington", "05/10/2012", **at_home),
        client("900002", "Lily", "Quarrington", "05/10/2012", **at_home),
        client("900003", "Lily", "Quarringtn", "06/10/2012", **at_home),
    ]
    links, _ = linked(town, tmp_path, council, register)
    run = tmp_path / "run"
    assert (links["900001"]["band"], links["900002"]["band"]) == ("review", "accept")
    draw_sample(run, 10_000, 1, tmp_path / "sample.csv")
    told = (tmp_path / "sample.csv").read_text(encoding="utf-8-sig")
    told += "".join((run / name).read_text(encoding="utf-8-sig") for name in ("review.csv", "duplicates.csv"))
    told += "".join(explain_text(explain(run, record)) for record in ("900001", "900002", "900003"))
    assert "elderflower" not in told.lower() if flag else told.lower().count("elderflower") > 5
    [care] = known(run, register[1]["NHS_NUMBER"], Care(tmp_path / "council.csv", ("Street",)))["records"][0][
        "care"
    ]
    assert care == {"Street": WITHHELD if flag else "Elderflower Row"}


def test_neither_of_two_records_at_one_address_shows_it_once_one_may_be_a_sensitive_persons(
    tmp_path: Path,
) -> None:
    run = small_run()
    run.database.execute("UPDATE record SET is_confidential = true WHERE row_id = 11")
    protect(run.database)
    duplicates.write(run, tmp_path)
    waiting, joined = read_rows(tmp_path / "duplicates.csv")
    homes = [row[f"address_{side}"] for row in (waiting, joined) for side in ("left", "right")]
    assert homes == [WITHHELD] * 4
