"""Accepted links, the council's own merges, and ties of council records → `edge`: two subjects that belong together."""

import duckdb

from linkage.model import Model
from linkage.people.ties import make_ties
from linkage.tables import ACCEPT, EDGE, KNOWN_DUPLICATE, LINK, MERGED, NHS, RECORD, SCREENED, create_sql

KNOWN = 60.0
"""Bits that a merge by the council counts as: more than any comparison gives, so that only a conflict cuts it."""


def make_edges(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `edge`; also `opposed` and `untied` (see `people.ties`). A merge with a record that was screened for another reason
    than the merge itself is no edge."""
    database.execute(create_sql(EDGE))
    database.execute(
        f"""
        INSERT INTO "{EDGE.name}"
        SELECT DISTINCT link.subject_id, r.subject_id, coalesce(link.match_weight, 0), true
        FROM "{LINK.name}" link JOIN "{RECORD.name}" r ON r.row_id = link.right_id
        WHERE link.band = '{ACCEPT}' AND r.dataset = '{NHS}'
        """
    )
    database.execute(
        f"""
        INSERT INTO "{EDGE.name}"
        WITH closed AS (SELECT subject_id FROM "{SCREENED.name}" WHERE reason <> ?)
        SELECT left_subject, right_subject, {KNOWN!r}, true FROM "{KNOWN_DUPLICATE.name}"
        WHERE left_subject NOT IN (SELECT subject_id FROM closed)
          AND right_subject NOT IN (SELECT subject_id FROM closed)
        """,
        [MERGED],
    )
    make_ties(database, model)
    database.execute(
        f"""
        INSERT INTO "{EDGE.name}"
        SELECT left_subject, right_subject, max(weight), false FROM tie GROUP BY left_subject, right_subject
        """
    )
    database.execute("DROP TABLE tie")
