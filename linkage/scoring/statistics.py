"""The statistics of a full run ↔ JSON and tables that a workspace keeps, so that later runs by changes use the same ones.

They are the models as adapted to these data, the number of people in the register, the share of council records that are
among them, and how common each value is (the tables `frequency_<column>` and `rarest`).
"""

from dataclasses import dataclass, replace
from typing import Any

import duckdb

from linkage.model import CHANCES, SHARES, Model
from linkage.scoring.frequencies import NAMED, count_frequencies, frequency_columns
from linkage.tables import NHS, RECORD

KEPT = (*SHARES, "shows_relatives")


@dataclass(frozen=True)
class Statistics:
    """`scoring` is the model that first weighs the pairs, `deciding` the same with this run's m, which decides. `people`
    is the number of people in the register, `share` the share of council subjects who are among them."""

    scoring: Model
    deciding: Model
    people: int
    share: float


def as_numbers(statistics: Statistics) -> dict[str, Any]:
    """The statistics as JSON can hold them."""
    return {
        "scoring": _numbers(statistics.scoring),
        "deciding": _numbers(statistics.deciding),
        "people": statistics.people,
        "share": statistics.share,
    }


def from_numbers(told: dict[str, Any], model: Model) -> Statistics:
    """The statistics that `as_numbers` wrote, for the trained `model`; KeyError, TypeError or ValueError if `told` is not
    such."""
    scoring, deciding = _with_numbers(model, told["scoring"]), _with_numbers(model, told["deciding"])
    return Statistics(scoring, deciding, int(told["people"]), float(told["share"]))


def _numbers(model: Model) -> dict[str, Any]:
    levels = {
        comparison.name: [[getattr(level, chance) for chance in CHANCES] for level in comparison.levels]
        for comparison in model.comparisons
    }
    return {"levels": levels, "shares": {name: getattr(model, name) for name in KEPT}}


def _with_numbers(model: Model, told: dict[str, Any]) -> Model:
    comparisons = tuple(
        replace(
            comparison,
            levels=tuple(
                replace(level, **dict(zip(CHANCES, chances, strict=True)))
                for level, chances in zip(comparison.levels, told["levels"][comparison.name], strict=True)
            ),
        )
        for comparison in model.comparisons
    )
    return replace(model, comparisons=comparisons, **{name: told["shares"][name] for name in KEPT})


def frequency_tables(model: Model) -> list[str]:
    """Names of the tables that tell how common values are."""
    return [f"frequency_{column}" for column in _counted(model)]


def take_frequencies(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make the tables `frequency_<column>`, and `rarest` (name, share): the share that each column gives to a value that
    nobody in the register has."""
    count_frequencies(database, model)
    database.execute("CREATE TABLE rarest (name VARCHAR, share DOUBLE)")
    for column in _counted(model):
        database.execute(
            f"""
            INSERT INTO rarest
            SELECT '{column}', 1 / (count(DISTINCT subject_id) + 1)::DOUBLE FROM "{RECORD.name}"
            WHERE dataset = '{NHS}' AND "{column}" IS NOT NULL
            """
        )


def add_rare_values(database: duckdb.DuckDBPyConnection, model: Model, rows: str) -> None:
    """Add to `frequency_<column>` the values that have come since frequencies were taken: with the share in `rarest`, or
    for a full name (`NAMED`) with the share of its surname.

    `rows` is a SELECT of the ids of the rows in which new values may stand.
    """
    for column in _counted(model):
        share = "any_value(rarest.share)"
        joined = f"JOIN rarest ON rarest.name = '{column}'"
        if column == NAMED:
            share, joined = "max(tf_surname)", "JOIN frequency_surname USING (surname)"
        database.execute(
            f"""
            INSERT INTO "frequency_{column}"
            SELECT "{column}", {share} FROM "{RECORD.name}" {joined}
            WHERE "{column}" IS NOT NULL AND row_id IN ({rows})
              AND "{column}" NOT IN (SELECT "{column}" FROM "frequency_{column}")
            GROUP BY "{column}"
            """
        )


def _counted(model: Model) -> list[str]:
    """Columns whose values are counted; full names come last, since they stand on the surnames."""
    columns = frequency_columns(model)
    if NAMED not in columns:
        return columns
    return [*sorted({*columns, "surname"} - {NAMED}), NAMED]
