"""The records of each home → SQL that tells pairs of council records that may as well be two people of that home.

That a home or a telephone number agrees says that two records are of the same home, and no more. What is left is held
against every other record of that home: of twenty in a care home, two will have like names and ages by chance.
"""

from linkage.model import Model
from linkage.tables import COUNCIL, RECORD


def housemates_sql(model: Model, needed: float) -> str:
    """SELECT of the pairs of `tie` (left_id, right_id) that share a home, now or before, or a telephone number or e-mail
    address, and whose evidence against relatives is less than `needed` bits after the odds of that home.

    The odds beforehand are the duplicates of a record to the other records of its home. Nothing is selected in a file
    that shows hardly anybody's relatives.
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
