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
from linkage.model import DECIMALS, Model, mixture_sql, prior_bits
from linkage.scoring.maximise import PRIOR_PAIRS, Climb, ScoredPairs, kin_of, maximise, shifts_of
from linkage.tables import COUNCIL, NHS, PAIR, RECORD

if TYPE_CHECKING:
    from linkage.scoring.maximise import Floats

COMMON = 20
LARGEST_HOME = 8
HOME_OF = {"same_postcode": "same_place", "former_postcode": "former_place"}
"""Levels of the address that stand for a home where none can be read."""
FEWEST_KIN = 0.001
"""Relatives per person in data that show none."""
PRIOR_PEOPLE = 10
"""People with as many relatives as the model's, who count beside those of the data: a few dozen people cannot show that
relatives are absent, and a twin would be taken for the person."""
HARDLY_ANY_AT_HOME = 0.1
"""Others of one home for each person up to which a register or a council's file shows no relatives: people of a study share
homes by a slip of the pen."""
HARDLY_ANY_KIN = 0.01
"""Relatives for each person up to which the pairs of one dataset show none. Of a large area's people a council has few who
are kin, and those are the ones to tell apart."""


def adapt_to_homes(database: duckdb.DuckDBPyConnection, model: Model) -> Model:
    """`model` with as many relatives and twins as the homes of this register hold; comes before pairs are scored.

    Where most rows have no home that can be read, a postcode stands for it: its people are as much alike. A register of a
    few patients has few homes, but what the council's file shows of families holds for them too.
    """
    read = count(database, RECORD.name, f"dataset = '{NHS}' AND place IS NOT NULL")
    if read * 2 < count(database, RECORD.name, f"dataset = '{NHS}'"):
        return _by_postcode(model)
    usual = model.relatives + model.twins
    council, nhs = (
        _among_few(home_mates(database, dataset), usual, count_subjects(database, dataset))
        for dataset in (COUNCIL, NHS)
    )
    return replace(
        model,
        relatives=round(max(model.relatives * nhs / usual, FEWEST_KIN), DECIMALS),
        twins=round(max(model.twins * nhs / usual, FEWEST_KIN / 100), DECIMALS),
        shows_relatives=max(council, nhs) > HARDLY_ANY_AT_HOME,
    )


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


def _by_postcode(model: Model) -> Model:
    """`model` with a shared postcode as likely among relatives and twins as a shared home."""
    comparisons = []
    for comparison in model.comparisons:
        own = {level.name: level for level in comparison.levels}
        levels = tuple(
            replace(level, relative_u=own[home].relative_u, twin_u=own[home].twin_u)
            if (home := HOME_OF.get(level.name, "")) in own
            else level
            for level in comparison.levels
        )
        comparisons.append(replace(comparison, levels=levels))
    return replace(model, comparisons=tuple(comparisons))


def _among_few(counted: float, usual: float, people: int) -> float:
    """Relatives per person, as `counted` among `people` and as `usual` for `PRIOR_PEOPLE` more."""
    return (counted * people + usual * PRIOR_PEOPLE) / (people + PRIOR_PEOPLE)


def home_mates(database: duckdb.DuckDBPyConnection, dataset: str = NHS) -> float:
    """How many others of its dataset a person shares a home with or shared one, on average.

    Homes of more than `LARGEST_HOME` people are none: they are care homes and blocks.
    """
    found = database.execute(
        f"""
        SELECT coalesce(sum(people * (people - 1)), 0) FROM (
            SELECT count(DISTINCT subject_id) AS people
            FROM (SELECT subject_id, unnest(places) AS home FROM "{RECORD.name}" WHERE dataset = ?)
            GROUP BY home HAVING people BETWEEN 2 AND {LARGEST_HOME}
        )
        """,
        [dataset],
    ).fetchall()
    return int(found[0][0]) / max(count_subjects(database, dataset), 1)


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
        relatives = max(_among_few(counted, model.relatives, records), FEWEST_KIN)
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
