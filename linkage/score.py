"""Candidate pairs and model → `pair`: each pair's level of agreement on every field, and its weight in bits.

Two different people are strangers; or relatives, who share a home and so agree on surname and address together; or
twins, who agree on the birth date as well. The weight of a pair is its evidence against this mixture:
w = log2( M / ((1 - r - t) U + r U_relative + t U_twin) ), where r and t are the shares of relatives and twins among all
pairs of different people. M and each U are products of the level's m or u over all fields, which are taken to be
independent within each kind of pair (Fellegi and Sunter 1969), so log2(M / U) is a sum over the fields. Term frequencies
count in the sum against strangers only.

`scoring.compile` (or Splink, where a model cannot be compiled) gives the levels and the weights against strangers; the
sums against relatives and twins follow from the levels.
"""

import math
from collections.abc import Sequence

import duckdb

from linkage.database import columns_of, has_table
from linkage.model import DECIMALS, Model, ModelComparison, mixture_sql, prior_bits
from linkage.scoring import compile, prune, splink_model
from linkage.scoring.frequencies import count_frequencies
from linkage.tables import (
    CANDIDATE,
    CANDIDATE_PAIR,
    CANDIDATES_EXPLAINED,
    CERTAIN,
    EVIDENCE,
    NHS,
    PAIR,
    RECORD,
)

EVERY_PAIR = -10_000.0
"""A `lowest` weight that keeps all pairs."""
CERTAIN_BITS = 12.0
"""How far the best candidate must be ahead to be certain: odds of 4,096 to 1."""


def score(
    database: duckdb.DuckDBPyConnection,
    model: Model,
    people: int,
    lowest: float | None = None,
    first: int = 0,
) -> str:
    """Score the pairs in `candidate_pair` that a blocking rule of number `first` or above found, and add them to `pair`.

    Pairs of fewer than `lowest` bits against strangers are dropped; the default is `lowest_useful_weight(people)`. `people`
    is the size of the population: of the register, or the records of one file. `match_weight` is evidence only, without
    the prior, rounded so that the number of threads cannot change it. Return what scored: "compiled", or "splink" and
    why the model could not be compiled.
    """
    lowest = lowest_useful_weight(people) if lowest is None else lowest
    types = columns_of(database, RECORD.name)
    refused = compile.refusal(model, set(types))
    count_frequencies(database, model)
    # Bits of `rules` from 1 << first on are of these rules. A pair that an earlier rule found as well is not added again.
    added = f'SELECT left_id, right_id FROM "{CANDIDATE_PAIR.name}" WHERE rules >= {1 << first}'
    database.execute(f"CREATE OR REPLACE TEMP TABLE compared AS {added}")
    if refused:
        scored = splink_model.predict(database, model, "compared", lowest)
        _keep(database, pair_sql(model, f'"{scored}"', people))
        database.execute(f'DROP TABLE "{scored}"')
    else:
        database.execute(f"CREATE TEMP TABLE IF NOT EXISTS rarity AS {compile.rarity_sql(model)}")
        possible = prune.possible_sql(model, lowest, "compared", types)
        database.execute(f"CREATE OR REPLACE TEMP TABLE possible AS {possible}")
        weighed = compile.scored_sql(model, lowest, "possible")
        _keep(database, pair_sql(model, f"({weighed})", people))
        database.execute("DROP TABLE possible")
    database.execute("DROP TABLE compared")
    return f"splink, because {refused}" if refused else "compiled"


def _keep(database: duckdb.DuckDBPyConnection, pairs: str) -> None:
    """Add the pairs of the SELECT `pairs` to `pair`, or make it of them."""
    if has_table(database, PAIR.name):
        database.execute(f'INSERT INTO "{PAIR.name}" {pairs}')
    else:
        database.execute(f'CREATE TABLE "{PAIR.name}" AS {pairs}')


def find_certain(database: duckdb.DuckDBPyConnection, people: int) -> None:
    """Make `certain`: council subjects whose match is clear from the pairs so far, so that no loose rule is tried for them.

    Their best register person has `CERTAIN_BITS` more evidence than it takes to find one among `people` people
    (log2(people)), and `CERTAIN_BITS` more than the next candidate.
    """
    database.execute(
        f"""
        CREATE OR REPLACE TABLE "{CERTAIN.name}" AS
        SELECT subject_id
        FROM (
            SELECT l.subject_id, max(match_weight) AS weight
            FROM "{PAIR.name}"
            JOIN "{RECORD.name}" l ON l.row_id = left_id
            JOIN "{RECORD.name}" r ON r.row_id = right_id
            WHERE r.dataset = '{NHS}' GROUP BY l.subject_id, r.subject_id
        )
        GROUP BY subject_id
        HAVING max(weight) >= {math.log2(max(people, 2)) + CERTAIN_BITS!r}
            AND coalesce(max(weight, 2)[2], -1000) <= max(weight) - {CERTAIN_BITS!r}
        """
    )


def is_certain(weights: Sequence[float], people: int) -> bool:
    """The rule of `find_certain` for one council subject: `weights` is the evidence for each of its candidates, best first."""
    if not weights or weights[0] < math.log2(max(people, 2)) + CERTAIN_BITS:
        return False
    return len(weights) == 1 or weights[1] <= weights[0] - CERTAIN_BITS


def lowest_useful_weight(people: int) -> float:
    """Bits below which a pair is dropped: log2(people) - 15, which leaves it odds of about 1 in 2^15 after the prior.

    Ten bits are one in a thousand; the other five are what adapting m to careless data may add later.
    """
    return math.log2(max(people, 2)) - 15


def pair_sql(model: Model, scored: str, people: int) -> str:
    """SELECT that makes the columns of `pair` from pairs with Splink's columns (see `compile.scored_sql`).

    `scored` is the quoted name of a table, or a SELECT in brackets.
    """
    levels = ", ".join(f'"gamma_{c.name}"::TINYINT AS "level_{c.name}"' for c in model.comparisons)
    weights = ", ".join(
        f'round({stranger_sql(c.name, model)}, {DECIMALS}) AS "weight_{c.name}"' for c in model.comparisons
    )
    stranger = " + ".join(f'"weight_{c.name}"' for c in model.comparisons)
    relative = " + ".join(level_sql(c, [x.relative_weight for x in c.levels]) for c in model.comparisons)
    twin = " + ".join(level_sql(c, [x.twin_weight for x in c.levels]) for c in model.comparisons)
    return f"""
        SELECT *,
            {mixture_sql(model, people)} AS match_weight
        FROM (
            SELECT *, {stranger} AS stranger_weight, {relative} AS relative_weight, {twin} AS twin_weight
            FROM (
                SELECT row_id_l AS left_id, row_id_r AS right_id, {levels}, {weights} FROM {scored}
            )
        )
    """


def stranger_sql(comparison: str, model: Model) -> str:
    """Expression for one comparison's weight against strangers, term frequency included."""
    has_frequency = any(level.term_frequency for level in model.comparison(comparison).levels)
    frequency = f' + coalesce("mw_tf_adj_{comparison}", 0)' if has_frequency else ""
    return f'"mw_{comparison}"{frequency}'


def level_sql(comparison: ModelComparison, weights: Sequence[float]) -> str:
    """Expression for a pair's weight on one comparison; `weights` are those of its levels, in their order."""
    cases = " ".join(
        f"WHEN {level.number} THEN {weight!r}"
        for level, weight in zip(comparison.levels, weights, strict=True)
        if not level.missing
    )
    return f'(CASE "level_{comparison.name}" {cases} ELSE 0 END)'


def make_evidence(database: duckdb.DuckDBPyConnection, model: Model, people: int, share: float) -> None:
    """Make `evidence` for the best `CANDIDATES_EXPLAINED` candidates of each record: the weight of each comparison against
    strangers, the prior, and the difference that weighing relatives and twins as well makes (`household`).

    `share` is the share of the council's records with their person in the register of `people`.
    """
    prior = prior_bits(share, people)
    kept = f"""(
        SELECT p.* FROM "{PAIR.name}" p JOIN "{CANDIDATE.name}" c USING (left_id, right_id)
        WHERE c.rank <= {CANDIDATES_EXPLAINED}
    )"""
    parts = []
    for comparison in model.comparisons:
        names = " ".join(f"WHEN {level.number} THEN '{level.name}'" for level in comparison.levels)
        words = " ".join(
            f"WHEN {level.number} THEN '{level.wording.replace(chr(39), chr(39) * 2)}'"
            for level in comparison.levels
        )
        parts.append(
            f"""SELECT left_id, right_id, '{comparison.name}' AS comparison,
                CASE "level_{comparison.name}" {names} END AS level, CASE "level_{comparison.name}" {words} END AS wording,
                "weight_{comparison.name}" AS weight FROM kept"""
        )
    parts.append(
        f"SELECT left_id, right_id, 'prior', 'prior', 'starting odds among everybody in the register', {prior!r} FROM kept"
    )
    parts.append(
        """SELECT left_id, right_id, 'household', 'household', 'a shared home counts once',
            match_weight - stranger_weight FROM kept"""
    )
    database.execute(f'CREATE TABLE "{EVIDENCE.name}" AS WITH kept AS {kept} {" UNION ALL ".join(parts)}')
