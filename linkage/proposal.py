"""Best candidate of each council subject → one SELECT of what `decide` needs: its weights and levels, and the guards that fire.

What the guards read is listed in `linkage.guards`.
"""

import duckdb

from linkage import shelf
from linkage.database import columns_of
from linkage.model import Model
from linkage.register_sql import (
    BEARERS,
    CONFUSED,
    DEATHS,
    HOMES,
    KNOWN_TO_COUNCIL,
    ROWS_DISAGREE,
    SHARED_MIDDLE_NAMES,
    own_contacts_sql,
)
from linkage.scoring.compile import SIDED, sided_sql
from linkage.tables import CANDIDATE, COUNCIL, PAIR, RECORD


def proposal_sql(database: duckdb.DuckDBPyConnection, model: Model) -> str:
    """SELECT of one row per council subject with a candidate, in their order: the columns that `linkage.decide.decision`
    reads."""
    sides = _both_sides(database)
    guards = ", ".join(
        f"""CASE WHEN coalesce({module.CONDITION.strip()}, false) THEN '{name}' END"""
        for name, module in shelf.load_all("guards").items()
    )
    weighed = ", ".join(f'p."level_{c.name}", p."weight_{c.name}"' for c in model.comparisons)
    levels = ", ".join(f'"level_{c.name}"' for c in model.comparisons)
    return f"""
        WITH proposed AS (SELECT right_id FROM "{CANDIDATE.name}" WHERE rank = 1),

        home AS ({HOMES}),
        mixed AS (
            SELECT subject_id, {ROWS_DISAGREE} AS rows_disagree,
                flatten(list(nhs_numbers ORDER BY row_id)) AS held_numbers, max(service_start) AS last_service_start
            FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}' GROUP BY subject_id
        ),
        named AS ({BEARERS}),
        dead AS ({DEATHS}),
        reached AS ({own_contacts_sql(KNOWN_TO_COUNCIL)}),
        alike AS ({SHARED_MIDDLE_NAMES}),
        sides AS (
            SELECT c.subject_id, c.other_id, c.left_id, c.right_id, c.match_weight, c.candidates, d.confidence, d.best_three, d.margin,
                home.residents, mixed.rows_disagree, mixed.held_numbers, mixed.last_service_start,
                c.other_id IN ({CONFUSED}) AS confused,
                reached.own_contacts, coalesce(alike.middle_names_shared, false) AS middle_names_shared,
                dead.first_date_of_death, coalesce(named.bearers, 0) AS forename_bearers,
                {model.shows_relatives} AS shows_relatives, {model.share_in_register!r} AS in_register, {weighed}, {sides}
            FROM "{CANDIDATE.name}" c
            JOIN sureness d USING (subject_id)
            JOIN mixed USING (subject_id)
            JOIN "{PAIR.name}" p ON p.left_id = c.left_id AND p.right_id = c.right_id
            JOIN "{RECORD.name}" l ON l.row_id = c.left_id
            JOIN (FROM "{RECORD.name}" WHERE row_id IN (FROM proposed)) r ON r.row_id = c.right_id
            LEFT JOIN home ON home.place = r.place
            LEFT JOIN dead ON dead.subject_id = c.other_id
            LEFT JOIN reached ON reached.subject_id = c.other_id
            LEFT JOIN alike ON alike.surname = r.surname AND alike.middle_names = r.middle_names
            LEFT JOIN named ON named.forename = l.forename
            WHERE c.rank = 1
        )
        SELECT subject_id, record_id_r, match_weight, margin, candidates, confidence, best_three,
            list_filter([{guards}], lambda guard: guard IS NOT NULL)::VARCHAR[] AS guards, left_id, right_id, {levels}
        FROM sides ORDER BY subject_id
    """


def _both_sides(database: duckdb.DuckDBPyConnection) -> str:
    """The record id and the columns of `record` that guards read, of both sides, for a SELECT."""
    conditions = " ".join(guard.CONDITION for guard in shelf.load_all("guards").values())
    read = {"record_id", *SIDED.findall(conditions)}
    return sided_sql(name for name in columns_of(database, RECORD.name) if name in read)
