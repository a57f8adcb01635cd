"""Two records of one home are held against everybody else of that home."""

from dataclasses import replace

import duckdb
import pytest

from linkage import model, model_folder
from linkage.people.housemates import housemates_sql
from linkage.tables import COUNCIL, NHS

CHOSEN = replace(model_folder.load("default"), relatives=0.1, share_duplicate=0.1)
NEEDED = 4.0


def doubted(bits: float, others: int, chosen: model.Model = CHOSEN, shared: str = "places") -> bool:
    """Whether two records of a home with `others` more are taken for two people, at so many bits against relatives."""
    database = duckdb.connect()
    database.execute(
        "CREATE TABLE record (row_id INT, subject_id INT, dataset VARCHAR, places VARCHAR[], contacts VARCHAR[])"
    )
    for row in range(others + 2):
        home = [f"own{row}", "home"]
        places = home if shared == "places" else None
        contacts = home if shared == "contacts" else None
        database.execute("INSERT INTO record VALUES (?, ?, ?, ?, ?)", [row, row, COUNCIL, places, contacts])
    database.execute("INSERT INTO record VALUES (9000, 9000, ?, ['home'], ['home'])", [NHS])
    database.execute(f"CREATE TABLE tie AS SELECT 0 AS left_id, 1 AS right_id, {bits!r} AS relative_weight")
    found = database.execute(housemates_sql(chosen, NEEDED)).fetchall()
    database.close()
    return found == [(0, 1)]


@pytest.mark.parametrize("shared", ["places", "contacts"])
def test_the_more_there_are_of_a_home_the_more_evidence_is_needed(shared: str) -> None:
    # log2(0.1) is -3.3 bits; 19 others are -7.6.
    assert doubted(7.2, 0, shared=shared)
    assert not doubted(7.4, 0, shared=shared)
    assert doubted(11.4, 18, shared=shared)
    assert not doubted(11.7, 18, shared=shared)


def test_records_that_share_no_home_are_not_doubted() -> None:
    assert not doubted(-20.0, 18, shared="")


def test_a_file_without_relatives_has_no_housemates() -> None:
    assert not doubted(0.0, 18, replace(CHOSEN, shows_relatives=False))
