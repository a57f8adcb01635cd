"""Records with random cells and models with random numbers, on which all executors of a model must agree."""

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import duckdb

from linkage import model_folder
from linkage.model import Model
from linkage.tables import COUNCIL, NHS, RECORD


def other_numbers(chosen: Model, chance: random.Random) -> Model:
    """The same levels with other m and u."""
    return replace(
        chosen,
        comparisons=tuple(
            replace(
                comparison,
                levels=tuple(
                    level
                    if level.missing
                    else replace(level, m=chance.uniform(0.001, 1), u=chance.uniform(0.00001, 1) ** 2)
                    for level in comparison.levels
                ),
            )
            for comparison in chosen.comparisons
        ),
    )


def random_cell(name: str, kind: str, chance: random.Random) -> Any:
    """A value of a column, from so small an alphabet that all kinds of agreement happen, or nothing."""
    if chance.random() < 0.15:
        return None
    if kind == "VARCHAR" and name.startswith("date_of_birth"):
        return "".join(chance.choices("01", k=8))
    if kind == "VARCHAR":
        return "".join(chance.choices("AB", k=chance.choice((1, 4, 4, 8)))) + chance.choice(
            ("", " 1AA", " 1AB")
        )
    if kind == "VARCHAR[]":
        return chance.sample(["AB", "BA", "AA", "ABAB"], k=chance.randrange(3))
    if kind == "DATE":
        return date(1950, 1, 1) + timedelta(days=chance.randrange(40))
    if kind == "BOOLEAN":
        return chance.random() < 0.5
    return 1950 + chance.randrange(4)


def random_records(database: duckdb.DuckDBPyConnection, records: int, seed: int) -> None:
    """`record` with random cells, and every council row against every NHS row in `candidate_pair`."""
    chance = random.Random(seed)
    columns = RECORD.columns | model_folder.record_columns()
    listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    database.execute(f"CREATE TABLE record ({listed})")
    rows = []
    for row_id in range(records):
        cells = {name: random_cell(name, kind, chance) for name, kind in columns.items()}
        cells |= {"row_id": row_id, "subject_id": row_id, "dataset": COUNCIL if row_id % 2 else NHS}
        rows.append(tuple(cells.values()))
    marks = ", ".join("?" for _ in columns)
    values = ", ".join(f"({marks})" for _ in rows)
    database.execute(f"INSERT INTO record VALUES {values}", [cell for row in rows for cell in row])
    database.execute(
        """
        CREATE TABLE candidate_pair AS
        SELECT l.row_id AS left_id, r.row_id AS right_id, 1 AS rules FROM record l, record r
        WHERE l.dataset = 'council' AND r.dataset = 'nhs'
        """
    )
