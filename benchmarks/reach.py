"""A case → which of its true pairs the product's blocking finds, by running its stages up to there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
from cases import Case

from linkage import model_folder, pipeline
from linkage.block import block
from linkage.database import insert_rows, open_database
from linkage.ingest import ingest
from linkage.past import Past
from linkage.screen import screen_one
from linkage.standardise import standardise
from linkage.tables import COUNCIL

Rows = list[dict[str, str]]


def records_reached(case: Case, answers: Rows, folder: Path, name: str) -> set[str]:
    """Ids of council records whose right register person is among the pairs compared with the model `name`."""
    assert case.nhs is not None
    with open_database(folder) as database:
        pipeline.read_records(database, [case.council, case.nhs])
        block(database, model_folder.load(name).rules)
        _truth(database, [(row["record_id"], row["nhs_number"].replace(" ", "")) for row in answers])
        rows = database.execute(
            """
            SELECT DISTINCT truth.record_id
            FROM candidate_pair
            JOIN record l ON l.row_id = left_id
            JOIN record r ON r.row_id = right_id
            JOIN truth ON truth.record_id = l.record_id AND truth.answer = r.record_id
            WHERE r.dataset = 'nhs'
            """
        ).fetchall()
    return {record for (record,) in rows}


def pairs_reached(case: Case, answers: Rows, folder: Path, name: str) -> int:
    """How many true pairs of records are among the pairs that the product compares with the model `name`."""
    with open_database(folder) as database:
        ingest(database, replace(case.council, name=COUNCIL))
        standardise(database, [COUNCIL])
        screen_one(database, Past())
        block(database, model_folder.load(name).rules)
        _truth(database, [(row["record_id"], row["person"]) for row in answers])
        rows = database.execute(
            """
            SELECT count(DISTINCT (l.subject_id, r.subject_id))
            FROM candidate_pair
            JOIN record l ON l.row_id = left_id
            JOIN record r ON r.row_id = right_id
            JOIN truth lt ON lt.record_id = l.record_id
            JOIN truth rt ON rt.record_id = r.record_id
            WHERE lt.answer = rt.answer
            """
        ).fetchall()
    return int(rows[0][0])


def true_pairs(answers: Rows) -> int:
    """How many pairs of records are one person."""
    sizes = Counter(row["person"] for row in answers).values()
    return sum(size * (size - 1) // 2 for size in sizes)


def _truth(database: duckdb.DuckDBPyConnection, rows: Sequence[tuple[str, str]]) -> None:
    database.execute("CREATE TABLE truth (record_id VARCHAR, answer VARCHAR)")
    insert_rows(database, "truth", rows)
