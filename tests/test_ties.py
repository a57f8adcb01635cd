"""A record that fits two people who are opposed says nothing of which of them it is."""

import duckdb
import pytest

from linkage.database import insert_rows
from linkage.guards import CLOSE
from linkage.past import CANNOT_TELL
from linkage.people.ties import _doubt_rivals
from linkage.tables import OPPOSED, RULING, create_sql

Pairs = list[tuple[int, int, float]]


def ties(
    close: Pairs, opposed: list[tuple[int, int]], cannot_tell: list[tuple[int, int]] | None = None
) -> Pairs:
    """Which of the close pairs stay ties."""
    database = duckdb.connect()
    database.execute(
        "CREATE TABLE close_pair (left_subject BIGINT, right_subject BIGINT, weight DOUBLE, why VARCHAR)"
    )
    insert_rows(database, "close_pair", [(*pair, "") for pair in close])
    for table in (OPPOSED, RULING):
        database.execute(create_sql(table))
    insert_rows(database, OPPOSED.name, opposed)
    for pair in cannot_tell or []:
        database.execute(
            """
            INSERT INTO ruling BY NAME SELECT ? AS left_subject, ? AS right_subject, ? AS verdict,
                'council' AS left_dataset, 'council' AS right_dataset
            """,
            [*pair, CANNOT_TELL],
        )
    _doubt_rivals(database)
    found = database.execute(
        "SELECT left_subject, right_subject, weight FROM close_pair WHERE why = '' ORDER BY ALL"
    ).fetchall()
    database.close()
    return found


def test_who_fits_two_opposed_people_about_equally_is_tied_to_neither_nor_to_another() -> None:
    assert ties([(1, 2, 9.0), (1, 3, 9.0), (1, 4, 12.0)], [(2, 3)]) == []
    assert len(ties([(1, 2, 9.0), (1, 3, 9.0), (1, 4, 12.0)], [])) == 3


def test_who_fits_one_of_them_clearly_better_is_tied_to_that_one() -> None:
    better = (1, 2, 9.0 + CLOSE)
    assert ties([better, (1, 3, 9.0)], [(2, 3)]) == [better]
    assert ties([(1, 2, 8.9 + CLOSE), (1, 3, 9.0)], [(2, 3)]) == []


def test_whom_one_is_opposed_to_oneself_is_no_rival() -> None:
    assert (1, 2, 9.0) in ties([(1, 2, 9.0), (1, 3, 9.0)], [(1, 3), (2, 3)])


def test_of_whom_a_person_could_not_tell_is_a_rival_too() -> None:
    assert ties([(1, 2, 9.0)], [(2, 3)]) == [(1, 2, 9.0)]
    assert ties([(1, 2, 9.0)], [(2, 3)], cannot_tell=[(1, 3)]) == []


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_it_does_not_matter_which_subject_is_smaller(order: tuple[int, int, int]) -> None:
    one, two, three = order

    def pair(left: int, right: int) -> tuple[int, int]:
        return min(left, right), max(left, right)

    assert ties([(*pair(one, two), 9.0), (*pair(one, three), 9.0)], [pair(two, three)]) == []
