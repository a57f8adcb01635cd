"""Clusters that are a person as they were are passed over, and everybody gets the identifier that asking about all gives."""

from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage.database import insert_rows, open_small_database
from linkage.identify import identify
from linkage.past import Holding, Past
from linkage.people.succession import Seen, succeed
from linkage.tables import (
    ACCEPT,
    CLUSTER,
    FINGERPRINT,
    LINK,
    NONE,
    ONE_PERSON,
    PERSON,
    PERSON_KEY,
    REVIEW,
    RULING,
    SUCCESSION,
    create_sql,
)

COUNCIL_IDS, NUMBERS = [f"c{place}" for place in range(5)], [f"n{place}" for place in range(4)]
RECORDS = [("council", name) for name in COUNCIL_IDS] + [("nhs", name) for name in NUMBERS]
PEOPLE = ["P0", "P1", "P2", "P3"]


@pytest.fixture
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_small_database() as opened:
        yield opened


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Past, list[Seen]]:
    """What is remembered, and the records of a week: most of them as they were, in the clusters that they were in."""
    remembered, now = {}, []
    for key in RECORDS:
        person, values = draw(st.sampled_from([*PEOPLE, None])), draw(st.sampled_from("vw"))
        if person is not None:
            remembered[key] = Holding(*key, f"{key[1][1]}{values}", f"b{values}", f"n{values}", person)
    present = [key for key in RECORDS if draw(st.integers(0, 7))]
    gone = [name for dataset, name in RECORDS if dataset == "nhs" and (dataset, name) not in present]
    for key in present:
        held = remembered.get(key, Holding(*key, draw(st.sampled_from(["0v", "1v", "x"])), "b", "n", "P0"))
        held = (
            held
            if draw(st.integers(0, 5))
            else held._replace(fingerprint=draw(st.sampled_from(["0v", "1w", "y"])))
        )
        cluster = PEOPLE.index(held.person_id) if draw(st.integers(0, 5)) else draw(st.integers(0, 5))
        former = [gone.pop()] if key[0] == "nhs" and gone and draw(st.booleans()) else []
        telling = key[0] == "council" and draw(st.booleans())
        now.append(Seen(cluster, *held[:-1], former, telling))
    live = draw(st.dictionaries(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS), max_size=1))
    return Past((), tuple(remembered.values()), dict.fromkeys(PEOPLE, 1), live), now


def make_tables(database: duckdb.DuckDBPyConnection, now: list[Seen]) -> None:
    """The tables that `identify` reads, of the records of a week; a record's number is its subject."""
    for table in (CLUSTER, FINGERPRINT, LINK, ONE_PERSON, RULING):
        database.execute(create_sql(table))
    insert_rows(database, CLUSTER.name, [(place, seen.cluster, "") for place, seen in enumerate(now)])
    insert_rows(
        database,
        FINGERPRINT.name,
        [(place, *seen[1:7], seen.fingerprint, place) for place, seen in enumerate(now)],
    )
    database.execute(
        """
        CREATE TABLE record (subject_id BIGINT, dataset VARCHAR, forename VARCHAR, surname VARCHAR, date_of_birth VARCHAR,
            nhs_number VARCHAR, address_care_home BOOLEAN, place VARCHAR, contacts VARCHAR[])
        """
    )
    rows = [
        (place, seen.dataset, "A", "B", "born" if seen.telling else None, None, None, None, None)
        for place, seen in enumerate(now)
    ]
    insert_rows(database, "record", rows)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(weeks())
def test_people_who_are_as_they_were_need_not_be_asked_about(
    database: duckdb.DuckDBPyConnection, week: tuple[Past, list[Seen]]
) -> None:
    past, now = week
    for (table,) in database.execute("SELECT table_name FROM duckdb_tables()").fetchall():
        database.execute(f'DROP TABLE "{table}"')
    make_tables(database, now)
    identify(database, past)
    wanted = succeed(now, past)
    keys = {(cluster, name, wanted.known.get(cluster)) for cluster, name in wanted.names.items()}
    assert set(database.execute(f'FROM "{PERSON_KEY.name}"').fetchall()) == keys
    assert set(database.execute(f'FROM "{SUCCESSION.name}"').fetchall()) == set(wanted.events)


@pytest.mark.parametrize(
    ("band", "guards", "decided", "number"),
    [
        (ACCEPT, [], False, "n0"),
        (REVIEW, [], False, None),
        (REVIEW, ["twins"], False, None),
        (NONE, [], False, None),
        (NONE, [], True, "n0"),
        (REVIEW, [], True, "n0"),
        (REVIEW, ["twins"], True, None),
    ],
)
def test_a_duplicate_has_the_persons_number_if_its_own_link_or_somebody_gives_it(
    database: duckdb.DuckDBPyConnection, band: str, guards: list[str], decided: bool, number: str | None
) -> None:
    """links.csv and persons.csv are of one mind."""
    make_tables(
        database,
        [
            Seen(0, *key, "f", "b", "n", [], True)
            for key in (("council", "c0"), ("council", "c1"), ("nhs", "n0"))
        ],
    )
    for subject, told, why in ((0, ACCEPT, []), (1, band, guards)):
        database.execute(
            f'INSERT INTO "{LINK.name}" (subject_id, band, guards) VALUES (?, ?, ?)', [subject, told, why]
        )
    if decided:
        insert_rows(database, ONE_PERSON.name, [(0, 0), (1, 0)])
    identify(database)
    people = database.execute(f'SELECT record_id, nhs_number, conflict FROM "{PERSON.name}"').fetchall()
    found = {record: (known, why) for record, known, why in people}
    assert found["c0"] == ("n0", "")
    assert found["c1"][0] == number
    assert (found["c1"][1] == "") is (number is not None)
