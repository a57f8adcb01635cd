"""Compared pairs and a model → the model with the m of these data, and the pairs weighed by it.

How often true pairs disagree on a field is a habit of those who typed it in, so it differs from council to council. The
shipped m are where the estimate starts and count as `PRIOR_PAIRS` true pairs that have been seen before; expectation
maximisation (Dempster, Laird and Rubin 1977) on the candidates of each record adds those of this run, and finds the prior
and, where no register tells it, how many kin there are. u is not touched here (`linkage.scoring.strangers` raises it before pairs
are scored): a pair's evidence against strangers, relatives and twins has the same m in its numerator, so a new m shifts
them alike.
"""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import duckdb

from linkage.database import count, count_subjects
from linkage.homes import FEWEST_KIN, LARGEST_HOME, among_few
from linkage.model import DECIMALS, Model, mixture_sql, prior_bits
from linkage.scoring.maximise import PRIOR_PAIRS, Climb, ScoredPairs, kin_of, maximise, shifts_of
from linkage.tables import COUNCIL, NHS, PAIR, RECORD

if TYPE_CHECKING:
    from linkage.scoring.maximise import Floats

COMMON = 20
HARDLY_ANY_KIN = 0.01
"""Relatives for each person up to which the pairs of one dataset show none. Of a large area's people a council has few who
are kin, and those are the ones to tell apart."""


def adapt_to_dates(database: duckdb.DuckDBPyConnection, model: Model, other: str) -> Model:
    """`model` with u of a shared 1 January, or another estimated date, as these data have them; before pairs are scored.

    Where dates of birth were not known, many people share one. `other` is the dataset that the council's is compared with.
    Only dates of `COMMON` people and more count: fewer may be one person's own records.
    """
    found = database.execute(
        f"""
        WITH share AS (
            SELECT dataset, date_of_birth_text AS born, coalesce(date_of_birth_weak, false) AS weak, count(*) AS people,
                count(*) / sum(count(*)) OVER (PARTITION BY dataset) AS part
            FROM "{RECORD.name}" WHERE date_of_birth_text IS NOT NULL GROUP BY 1, 2, 3
        )
        SELECT coalesce(sum(l.part * r.part), 0)
        FROM share l JOIN share r USING (born)
        WHERE l.dataset = '{COUNCIL}' AND r.dataset = ? AND (l.weak OR r.weak) AND r.people >= {COMMON}
        """,
        [other],
    ).fetchall()
    shared = round(min(float(found[0][0]), 0.5), DECIMALS)
    comparisons = tuple(
        replace(
            comparison,
            levels=tuple(
                replace(level, u=max(level.u, shared)) if level.name == "exact_weak" else level
                for level in comparison.levels
            ),
        )
        for comparison in model.comparisons
    )
    return replace(model, comparisons=comparisons)


def adapt_to_register(database: duckdb.DuckDBPyConnection, model: Model, people: int) -> Model:
    """`model` with the m and the share in the register of these data; `pair` is weighed anew.

    `people` is the number of people in the register.
    """
    climb = climb_to_register(database, model, people)
    start = prior_bits(model.share_in_register, people)
    adapted = maximise(model, climb.pairs, people, start, climb.update)
    weigh(database, model, adapted, people)
    return adapted


def climb_to_register(database: duckdb.DuckDBPyConnection, model: Model, people: int) -> Climb:
    """What expectation maximisation goes by on the pairs of a council's records with a register of `people` people."""
    linkable = count_subjects(database, COUNCIL)

    def update(adapted: Model, posteriors: "Floats") -> tuple[Model, float]:
        found = float(posteriors.sum()) + 2 * model.share_in_register
        share = min(0.999, max(0.001, found / (linkable + 2)))
        return replace(adapted, share_in_register=round(share, 4)), prior_bits(share, people)

    pairs = _scored(database, model, f"r.dataset = '{NHS}'", "l.subject_id")
    return Climb(model, pairs, people, update, PRIOR_PAIRS)


def adapt_to_duplicates(database: duckdb.DuckDBPyConnection, model: Model) -> Model:
    """`model` with the m, the duplicates per record and the kin of one dataset; `pair` is weighed anew."""
    records = max(count_subjects(database, COUNCIL), 2)
    pairs = _scored(
        database, model, f"r.dataset = '{COUNCIL}'", "row_number() OVER (ORDER BY left_id, right_id)"
    )

    def update(adapted: Model, posteriors: "Floats") -> tuple[Model, float]:
        duplicates = (2 * float(posteriors.sum()) + 2 * model.share_duplicate) / (records + 2)
        counted = kin_of(adapted, pairs, records, posteriors)
        relatives = max(among_few(counted, model.relatives, records), FEWEST_KIN)
        adapted = replace(
            adapted,
            share_duplicate=round(duplicates, DECIMALS),
            relatives=round(relatives, DECIMALS),
            twins=round(relatives * model.twins / model.relatives, DECIMALS),
        )
        return adapted, math.log2(duplicates / records)

    start = math.log2(model.share_duplicate / records)
    adapted = maximise(model, pairs, records, start, update)
    weigh(database, model, adapted, records)
    # Where homes do not tell, kin may be there, unless each record has so many duplicates that kin would be few beside them.
    unknown = adapted.share_duplicate < 1 and not _shows_homes(database)
    return replace(adapted, shows_relatives=adapted.relatives > HARDLY_ANY_KIN or unknown)


def _shows_homes(database: duckdb.DuckDBPyConnection) -> bool:
    """Whether most of the council's rows have a home that can be read, and is one of a few people."""
    homes = database.execute(
        f"""
        SELECT coalesce(sum(found), 0) FROM (
            SELECT count(*) AS found FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}' AND place IS NOT NULL
            GROUP BY place HAVING count(DISTINCT subject_id) <= {LARGEST_HOME}
        )
        """
    ).fetchall()
    return 2 * int(homes[0][0]) >= count(database, RECORD.name, f"dataset = '{COUNCIL}'")


def weigh(database: duckdb.DuckDBPyConnection, model: Model, adapted: Model, people: int) -> None:
    """Weigh `pair`, which `model` weighed, anew by `adapted`, among `people` people."""
    shifted, total = [], []
    for before, after in zip(model.comparisons, adapted.comparisons, strict=True):
        cases = " ".join(f"WHEN {number} THEN {bits!r}" for number, bits in shifts_of(before, after).items())
        shift = f'CASE "level_{before.name}" {cases} ELSE 0 END'
        shifted.append(f'round("weight_{before.name}" + {shift}, {DECIMALS}) AS "weight_{before.name}"')
        total.append(shift)
    added = " + ".join(total)
    shifted += [
        f"round({name} + {added}, {DECIMALS}) AS {name}"
        for name in ("stranger_weight", "relative_weight", "twin_weight")
    ]
    database.execute(
        f"""
        CREATE OR REPLACE TABLE "{PAIR.name}" AS
        SELECT * REPLACE ({mixture_sql(adapted, people)} AS match_weight)
        FROM (SELECT * REPLACE ({", ".join(shifted)}) FROM "{PAIR.name}")
        """
    )


def _scored(database: duckdb.DuckDBPyConnection, model: Model, where: str, record: str) -> ScoredPairs:
    """The pairs of `pair` that meet a condition, best pair of rows of each two subjects, in a fixed order."""
    levels = ", ".join(f'CAST("level_{c.name}" AS BIGINT) AS "level_{c.name}"' for c in model.comparisons)
    found: dict[str, Any] = database.execute(
        f"""
        SELECT {record} AS record, stranger_weight, relative_weight, twin_weight, {levels}
        FROM "{PAIR.name}" p
        JOIN "{RECORD.name}" l ON l.row_id = p.left_id
        JOIN "{RECORD.name}" r ON r.row_id = p.right_id
        WHERE {where}
        QUALIFY row_number() OVER (
            PARTITION BY l.subject_id, r.subject_id ORDER BY match_weight DESC, left_id, right_id
        ) = 1
        ORDER BY left_id, right_id
        """
    ).fetchnumpy()
    return ScoredPairs(
        found["record"],
        found["stranger_weight"],
        found["relative_weight"],
        found["twin_weight"],
        tuple(found[f"level_{c.name}"] for c in model.comparisons),
    )
