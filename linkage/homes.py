"""The homes that a run's files show → the model with as many relatives and twins as live there, and with what they share."""

from dataclasses import replace

import duckdb

from linkage.database import count, count_subjects
from linkage.model import DECIMALS, Model, ModelLevel
from linkage.tables import COUNCIL, NHS, RECORD

LARGEST_HOME = 8
STANDS_FOR = {
    "same_line": ("same_place", "line"),
    "same_postcode": ("same_place", "postcode"),
    "former_postcode": ("former_place", "postcode"),
}
"""Levels of the address that stand for a home, of now or a former one, where a side has no postcode (`line`: only street and
number can agree) or no house (`postcode`)."""
SELDOM = 0.1
"""Share of pairs up to which a house or a postcode is missing as now and then everywhere, which the model has seen."""
FEWEST_KIN = 0.001
"""Relatives per person in data that show none."""
PRIOR_PEOPLE = 10
"""People with as many relatives as the model's, who count beside those of the data: a few dozen people cannot show that
relatives are absent, and a twin would be taken for the person."""
HARDLY_ANY_AT_HOME = 0.1
"""Others of one home for each person up to which a register or a council's file shows no relatives: people of a study share
homes by a slip of the pen."""


def adapt_to_homes(database: duckdb.DuckDBPyConnection, model: Model) -> Model:
    """`model` with as many relatives and twins as the homes of this register hold; comes before pairs are scored.

    Where homes cannot be read, what is left of an address stands for them: its people are as much alike. A register of a
    few patients has few homes, but what the council's file shows of families holds for them too.
    """
    model = _with_what_stands_for_homes(database, model)
    read = count(database, RECORD.name, f"dataset = '{NHS}' AND place IS NOT NULL")
    if read * 2 < count(database, RECORD.name, f"dataset = '{NHS}'"):
        return model
    usual = model.relatives + model.twins
    council, nhs = (
        among_few(home_mates(database, dataset), usual, count_subjects(database, dataset))
        for dataset in (COUNCIL, NHS)
    )
    return replace(
        model,
        relatives=round(max(model.relatives * nhs / usual, FEWEST_KIN), DECIMALS),
        twins=round(max(model.twins * nhs / usual, FEWEST_KIN / 100), DECIMALS),
        shows_relatives=max(council, nhs) > HARDLY_ANY_AT_HOME,
    )


def _with_what_stands_for_homes(database: duckdb.DuckDBPyConnection, model: Model) -> Model:
    """`model` with relatives and twins as likely to agree on a street and number, or a postcode, as to share a home, for the
    share of pairs of which no more can agree. m follows the data (`adapt_to_register`): without this, living in one
    postcode would speak for the person and hardly for a sister. u is only raised."""
    seen = _seen_of_homes(database)
    comparisons = []
    for comparison in model.comparisons:
        own = {level.name: level for level in comparison.levels}
        levels = tuple(_as_a_home(level, own, seen) for level in comparison.levels)
        comparisons.append(replace(comparison, levels=levels))
    return replace(model, comparisons=tuple(comparisons))


def _as_a_home(level: ModelLevel, own: dict[str, ModelLevel], seen: dict[str, float]) -> ModelLevel:
    """A level of an address as far as it stands for a home; `own` are its comparison's levels by name."""
    stands_for, by = STANDS_FOR.get(level.name, ("", ""))
    if stands_for not in own or seen[by] <= SELDOM:
        return level
    home = own[stands_for]
    return replace(
        level,
        relative_u=max(level.relative_u, round(seen[by] * home.relative_u, DECIMALS)),
        twin_u=max(level.twin_u, round(seen[by] * home.twin_u, DECIMALS)),
    )


def _seen_of_homes(database: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Of the pairs of rows whose addresses can be compared, the share of which no more than street and number (`line`), and
    no more than the postcode, is known on both sides. A side without rows, as of a prepared register, knows all. A home
    without a number that the register does not have is none: a town alone reads like the name of a house."""
    shares = {COUNCIL: (1.0, 1.0, 1.0), NHS: (1.0, 1.0, 1.0)}
    found = database.execute(
        f"""
        WITH home AS (
            SELECT dataset, address_key IS NOT NULL AS has_line, postcode IS NOT NULL AS has_postcode,
                place IS NOT NULL AND (address_number IS NOT NULL OR place IN (
                    SELECT place FROM "{RECORD.name}" WHERE dataset = '{NHS}' AND place IS NOT NULL)) AS has_place
            FROM "{RECORD.name}"
        )
        SELECT dataset, avg(has_place::INTEGER), avg(has_line::INTEGER), avg(has_postcode::INTEGER)
        FROM home WHERE has_place OR has_line OR has_postcode GROUP BY dataset
        """
    ).fetchall()
    shares |= {dataset: numbers for dataset, *numbers in found}
    home, line, postcode = (a * b for a, b in zip(shares[COUNCIL], shares[NHS], strict=True))
    known = max(line + postcode - home, 1e-9)
    return {"line": max(line - home, 0.0) / known, "postcode": max(postcode - home, 0.0) / known}


def among_few(counted: float, usual: float, people: int) -> float:
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
