"""A SELECT of pairs of council records that may as well be two people of one home.

A shared home or telephone number only says that two records are of that home. Whether they are one person is for the rest of
the evidence to say, against all the other people there: of twenty in a care home, two have similar names and ages by chance.
"""

from linkage.model import Model
from linkage.tables import COUNCIL, RECORD


def housemates_sql(model: Model, needed: float) -> str:
    """SELECT of left_id and right_id of the pairs of `tie` that share a home (now or before), telephone number or e-mail address,
    and have fewer than `needed` bits against relatives after the prior of that home.

    The prior odds are the duplicates of a record (`share_duplicate`) to the other records of its home. Nothing is selected
    where the model's `shows_relatives` is false.
    """
    # Homes are unnested before rows are joined: DuckDB 2.0 fails at random where an unnest of joined rows is joined again.
    return f"""
        WITH resident AS MATERIALIZED (
            SELECT row_id, subject_id, unnest(list_concat(coalesce(places, []), coalesce(contacts, []))) AS home
            FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}' AND {model.shows_relatives}
        )
        SELECT left_id, right_id
        FROM tie
        JOIN resident l ON l.row_id = left_id
        JOIN resident r ON r.row_id = right_id AND r.home = l.home
        JOIN (SELECT home, count(DISTINCT subject_id) - 1 AS others FROM resident GROUP BY home) shared
            ON shared.home = l.home
        WHERE others > 0
        GROUP BY left_id, right_id, relative_weight
        HAVING relative_weight + log2({model.share_duplicate!r} / max(others)) < {needed!r}
    """
