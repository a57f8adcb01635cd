"""A finished run of made-up people, small enough to read → a database with the tables that outputs need."""

from typing import Any

import duckdb

from linkage.database import columns_of
from linkage.model import Model, ModelComparison, ModelLevel
from linkage.outputs import Run
from linkage.protect import protect
from linkage.tables import (
    CANDIDATE,
    CLUSTER,
    CLUSTER_TO_CHECK,
    DUPLICATE,
    EDGE,
    EVIDENCE,
    FINGERPRINT,
    LINK,
    PERSON,
    PERSON_KEY,
    RECORD,
    REJECT,
    RULING,
    SCREENED,
    SET_ASIDE,
    SUCCESSION,
    TWO_PEOPLE,
    create_sql,
)

FIELDS = {
    "forename_received": "VARCHAR",
    "forename": "VARCHAR",
    "surname_received": "VARCHAR",
    "surname": "VARCHAR",
    "date_of_birth_received": "VARCHAR",
    "date_of_birth": "DATE",
    "gender_received": "VARCHAR",
    "gender": "VARCHAR",
    "address_received": "VARCHAR",
    "places": "VARCHAR[]",
    "address_key": "VARCHAR",
    "uprn": "VARCHAR",
    "contacts": "VARCHAR[]",
    "is_confidential": "BOOLEAN",
    "nhs_number_received": "VARCHAR",
    "nhs_number": "VARCHAR",
    "nhs_number_superseded_by": "VARCHAR",
}


def made_up_number(place: int) -> str:
    """The NHS Number of the synthetic range at `place`, or the next one that has a check digit."""
    stem = f"9{place:08d}"
    check = 11 - sum(int(digit) * weight for digit, weight in zip(stem, range(10, 1, -1), strict=True)) % 11
    return made_up_number(place + 1) if check == 10 else f"{stem}{check % 11}"


ADA, BEN, CY = made_up_number(0), made_up_number(100), made_up_number(200)

# row_id, dataset, subject_id, record_id, row_number, flags, forename, surname, born, gender, NHS Number
RECORDS: list[tuple[Any, ...]] = [
    (0, "council", 0, "C1", 2, ["name_order"], "Ada", "Quill", "1940-02-03", "F", None),
    (1, "council", 1, "C2", 3, [], "Ben", "Vale", "1951-05-06", "M", None),
    (2, "council", 2, "=C3", 4, [], "Nell", "Orrin", None, "F", None),
    (3, "council", 3, "C4", 5, [], "Tam", "Hush", "1960-01-01", None, None),
    (4, "council", 0, "C1", 6, [], "Ada", "Former", "1940-02-03", "F", None),
    (10, "nhs", 10, ADA, 2, [], "Ada", "Quill", "1940-02-03", "F", ADA),
    (11, "nhs", 11, BEN, 3, [], "+Ben", "Vale", "1951-06-05", "M", BEN),
    (12, "nhs", 12, CY, 4, [], "Cy", "Vale", "1951-05-06", "M", CY),
]

LINKS: list[tuple[Any, ...]] = [
    (0, "C1", ADA, "accept", 0.99991, 23.45678, None, 1, "exact", [], "Same name; no other candidate.",
     None, "02", 0, 10),
    (1, "C2", BEN, "review", 0.71, 4.5, 0.25, 2, "probabilistic", ["twins", "same_home"],
     "Same surname; day and month are swapped; another candidate is about as good.", BEN, "04", 1, 11),
    (2, "=C3", None, "none", 0.0, None, None, 0, "probabilistic", [],
     "Nobody in the register is like this person.", None, "04", None, None),
    (3, "C4", None, "screened", 0.0, None, None, 0, "probabilistic", [], "Not linked: marked confidential.",
     None, "07", None, None),
]  # fmt: skip

CANDIDATES = [(0, 10, 0, 10, 23.45678, 1), (1, 11, 1, 11, 4.5, 1), (1, 12, 1, 12, 4.25, 2)]

EVIDENCE_ROWS = [
    (0, 10, "surname", "exact", "same surname", 14.2),
    (0, 10, "prior", "", "starting odds", -12.0),
    (0, 10, "forename", "exact", "same forename", 9.1),
    (0, 10, "date_of_birth", "exact", "same date of birth", 12.15678),
    (1, 11, "prior", "", "starting odds", -12.0),
    (1, 11, "forename", "exact", "same forename", 9.0),
    (1, 11, "surname", "exact", "same surname", 9.5),
    (1, 11, "date_of_birth", "swapped", "day and month are swapped", 2.5),
    (1, 11, "household", "", "a shared home counts once", -4.5),
    (1, 12, "prior", "", "starting odds", -12.0),
    (1, 12, "forename", "none", "forename differs", -4.0),
    (1, 12, "date_of_birth", "exact", "same date of birth", 10.75),
    (1, 12, "surname", "exact", "same surname", 9.5),
]

DUPLICATES = [
    (0, 1, 12.0, 0.9998, "joined", "Same surname; forename differs."),
    (1, 2, 2.0, 0.8, "review", "Same forename; surname differs."),
]

PERSONS = [
    ("P-1", 0, "council", "C1", ADA, 2, None),
    ("P-1", 10, "nhs", ADA, ADA, 2, None),
    ("P-2", 1, "council", "C2", None, 1, "two certain dates of birth"),
    ("P-3", 2, "council", "=C3", None, 1, None),
]


def level(name: str, wording: str, number: int, m: float, u: float) -> ModelLevel:
    """A level without conditions, which outputs do not read."""
    return ModelLevel(name, "", wording, "", number == -1, number, m, u, u, u)


def small_model() -> Model:
    """A model of three comparisons."""
    comparisons = tuple(
        ModelComparison(
            field,
            field,
            (
                level("missing", f"{words} not given", -1, 1.0, 1.0),
                level("exact", f"same {words}", 1, 0.9, 0.002),
                level("none", f"{words} differs", 0, 0.1, 0.998),
            ),
        )
        for field, words in (
            ("forename", "forename"),
            ("surname", "surname"),
            ("date_of_birth", "date of birth"),
        )
    )
    return Model(
        "small", "abc", comparisons, (), 0.99, 0.2, 0.95, 0.9, 0.02, 0.1, 0.001, (), "nothing, for tests"
    )


def small_database() -> duckdb.DuckDBPyConnection:
    """All tables of a finished run."""
    database = duckdb.connect(config={"python_enable_replacements": False, "preserve_insertion_order": False})
    for table in (
        REJECT,
        SCREENED,
        CANDIDATE,
        LINK,
        CLUSTER,
        CLUSTER_TO_CHECK,
        DUPLICATE,
        EDGE,
        EVIDENCE,
        PERSON,
        PERSON_KEY,
        FINGERPRINT,
        SUCCESSION,
        RULING,
        SET_ASIDE,
        TWO_PEOPLE,
    ):
        database.execute(create_sql(table))
    columns = RECORD.columns | FIELDS
    listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    database.execute(f"CREATE TABLE record ({listed})")
    for *row, forename, surname, born, gender, number in RECORDS:
        received = f"v{row[0]}"
        values = [
            *row,
            received,
            forename,
            forename,
            surname,
            surname,
            born,
            born,
            gender,
            gender,
            f"{row[0]} Quay Street",
            [f"M1 1AA||{row[0]}"],
            f"|{row[0]}|QUAY ST",
            None,
            [],
            False,
            number,
            number,
            None,
        ]
        fill(database, "record", [tuple(values)])
    fill(database, "reject", [("council.csv", 7, "date_of_birth", "is not a date")])
    fill(database, "screened", [(3, "marked confidential")])
    fill(database, "link", LINKS)
    fill(database, "candidate", CANDIDATES)
    fill(database, "evidence", EVIDENCE_ROWS)
    fill(database, "person", PERSONS)
    fill(database, "duplicate", DUPLICATES)
    protect(database)
    return database


def fill(database: duckdb.DuckDBPyConnection, table: str, rows: list[tuple[Any, ...]]) -> None:
    """Append rows to a table; columns behind theirs stay empty."""
    names = ", ".join(f'"{name}"' for name in list(columns_of(database, table))[: len(rows[0])])
    marks = ", ".join("?" for _ in rows[0])
    database.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)


def small_run(kind: str = "link", **manifest: Any) -> Run:
    """The run, with a manifest that says what a run says."""
    said = {
        "run_id": "run-1",
        "purpose": "direct care",
        "inputs": {"council": {"name": "council.csv", "sha256": "0" * 64, "rows": 6}},
        "versions": {"linkage": "0.1.0"},
        "test_data": True,
        "register": {"received": 5, "set_aside": 1, "left_out": 1, "linkable": 3, "people": 3},
        "stages": {
            "blocking": [{"keys": ["surname"], "pairs": 12, "set_aside": 3456}],
            "screened": {"council: marked confidential": 1},
            "further_rows": 1,
        },
    }
    return Run(small_database(), "run-1", small_model(), said | manifest, kind)
