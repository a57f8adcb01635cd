"""Scored pairs and a model → the model with the m of these data, and `pair` weighed anew by it.

How often true pairs disagree on a field depends on who typed the field, so it differs from council to council. The m of the
trained model are the start of the estimate and count as `PRIOR_PAIRS` true pairs; expectation maximisation (Dempster, Laird
and Rubin 1977) on the candidates of each record adds the true pairs of this run. It also estimates the prior and, in a file
by itself, how many relatives a person has. Pairs need not be compared again: m is the numerator of the evidence against
strangers, relatives and twins alike, so a new m adds the same bits to all three. u is adapted before pairs are scored
(`adapt_to_dates`, and `linkage.scoring.strangers`).
"""

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import duckdb

from linkage.database import count, count_subjects
from linkage.homes import FEWEST_KIN, LARGEST_HOME, shrunk
from linkage.model import DECIMALS, Model, mixture_sql, prior_bits
from linkage.scoring.maximise import (
    PRIOR_PAIRS,
    EmSetup,
    ScoredPairs,
    maximise,
    relatives_per_person,
    shifts_of,
)
from linkage.tables import COUNCIL, NHS, PAIR, RECORD

if TYPE_CHECKING:
    from linkage.scoring.maximise import Floats

COMMON = 20
"""People who must share an estimated birth date before it counts as one that strangers share."""
HARDLY_ANY_KIN = 0.01
"""Relatives per person up to which a file by itself counts as having none. It is low because a council has few relatives of
its clients on file, and those must be told apart."""


def adapt_to_dates(database: duckdb.DuckDBPyConnection, model: Model, other: str) -> Model:
    """`model` with u of the level `exact_weak` (a shared 1 January or estimated date) raised to what these data show.

    Where dates of birth were not known, many people were given the same one. u becomes the chance that a council row and a
    row of the dataset `other` share a date that is weak on either side, at most 0.5. Only dates of `COMMON` rows of `other`
    and more count: fewer may be one person's own records.
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
    """`model` with the m and the share_in_register of these data; `pair` is weighed anew by it.

    `people` is the number of people in the register.
    """
    em = register_em(database, model, people)
    start = prior_bits(model.share_in_register, people)
    adapted = maximise(model, em.pairs, people, start, em.update)
    reweigh(database, model, adapted, people)
    return adapted


def register_em(database: duckdb.DuckDBPyConnection, model: Model, people: int) -> EmSetup:
    """The setup of expectation maximisation on the pairs of council records with a register of `people` people."""
    linkable = count_subjects(database, COUNCIL)

    def update(adapted: Model, posteriors: "Floats") -> tuple[Model, float]:
        found = float(posteriors.sum()) + 2 * model.share_in_register
        share = min(0.999, max(0.001, found / (linkable + 2)))
        return replace(adapted, share_in_register=round(share, 4)), prior_bits(share, people)

    pairs = _scored(database, model, f"r.dataset = '{NHS}'", "l.subject_id")
    return EmSetup(model, pairs, people, update, PRIOR_PAIRS)


def adapt_to_duplicates(database: duckdb.DuckDBPyConnection, model: Model) -> Model:
    """`model` with the m, share_duplicate, relatives and twins of one file by itself; `pair` is weighed anew by it.

    The pairs do not compete: a record may have any number of duplicates. Relatives are estimated from the pairs; twins keep
    their ratio to relatives. `shows_relatives` is set to whether guards should reckon with relatives.
    """
    records = max(count_subjects(database, COUNCIL), 2)
    pairs = _scored(
        database, model, f"r.dataset = '{COUNCIL}'", "row_number() OVER (ORDER BY left_id, right_id)"
    )

    def update(adapted: Model, posteriors: "Floats") -> tuple[Model, float]:
        duplicates = (2 * float(posteriors.sum()) + 2 * model.share_duplicate) / (records + 2)
        counted = relatives_per_person(adapted, pairs, records, posteriors)
        relatives = max(shrunk(counted, model.relatives, records), FEWEST_KIN)
        adapted = replace(
            adapted,
            share_duplicate=round(duplicates, DECIMALS),
            relatives=round(relatives, DECIMALS),
            twins=round(relatives * model.twins / model.relatives, DECIMALS),
        )
        return adapted, math.log2(duplicates / records)

    start = math.log2(model.share_duplicate / records)
    adapted = maximise(model, pairs, records, start, update)
    reweigh(database, model, adapted, records)
    # Where few homes can be read, relatives cannot be ruled out; but a file with a duplicate or more per record is of few
    # people, with few relatives among them.
    unknown = adapted.share_duplicate < 1 and not _shows_homes(database)
    return replace(adapted, shows_relatives=adapted.relatives > HARDLY_ANY_KIN or unknown)


def _shows_homes(database: duckdb.DuckDBPyConnection) -> bool:
    """Whether at least half of the council's rows have a home of at most `LARGEST_HOME` people."""
    homes = database.execute(
        f"""
        SELECT coalesce(sum(found), 0) FROM (
            SELECT count(*) AS found FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}' AND place IS NOT NULL
            GROUP BY place HAVING count(DISTINCT subject_id) <= {LARGEST_HOME}
        )
        """
    ).fetchall()
    return 2 * int(homes[0][0]) >= count(database, RECORD.name, f"dataset = '{COUNCIL}'")


def reweigh(database: duckdb.DuckDBPyConnection, model: Model, adapted: Model, people: int) -> None:
    """Change the weights in `pair` from those of `model` to those of `adapted`, which differs in m, relatives and twins only.

    `people` is the size of the population: of the register, or the records of one file.
    """
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
    """The best pair of rows of each two subjects in `pair` as arrays, in the order of row ids.

    `where` is a condition on the records l and r; `record` is the expression for the number of the record whose candidates
    compete.
    """
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
