"""Pairs of rows and a model → how many of the pairs are at each level of each comparison."""

import duckdb

from linkage.database import columns_of
from linkage.errors import ModelError
from linkage.model import Model
from linkage.scoring import compile
from linkage.tables import RECORD

Tally = dict[str, dict[str, int]]
"""Comparison → level → pairs at that level. Pairs with a missing value are not counted."""


def tally(database: duckdb.DuckDBPyConnection, model: Model, pairs: str) -> Tally:
    """Count the levels of the pairs of rows in the table `pairs` (left_id, right_id).

    ModelError if the record table lacks what the model compares.
    """
    if refused := compile.refusal(model, set(columns_of(database, RECORD.name))):
        raise ModelError(f"the pairs cannot be compared: {refused}")
    gammas = [f'"gamma_{comparison.name}"' for comparison in model.comparisons]
    rows = database.execute(
        f"""
        SELECT {", ".join(gammas)}, count(*) FROM ({compile.compared_sql(model, pairs)})
        GROUP BY GROUPING SETS ({", ".join(f"({gamma})" for gamma in gammas)})
        """
    ).fetchall()
    found: Tally = {}
    for place, comparison in enumerate(model.comparisons):
        by_number = {row[place]: int(row[-1]) for row in rows if row[place] is not None}
        compared = [level for level in comparison.levels if not level.missing]
        found[comparison.name] = {level.name: by_number.get(level.number, 0) for level in compared}
    return found
