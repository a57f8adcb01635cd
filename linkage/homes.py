"""The homes in a run's files → the model with as many relatives and twins as live in them, and with u of theirs that fits
addresses without a postcode or a house.

A *home* is a value of the columns `place` (now) and `places` (now and before): a postcode with a flat and house, or a name.
"""

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
"""Level of the address → the level of a shared home that it stands for, and what the addresses then have: `line`, street and
number without a postcode; `postcode`, a postcode without a house."""
SELDOM = 0.1
"""Share of pairs up to which a missing house or postcode is as usual, which the trained model has in its numbers."""
FEWEST_KIN = 0.001
"""The least relatives per person that a model has, since there are no odds of 0."""
PRIOR_PEOPLE = 10
"""People with the model's own number of relatives who are added to those of the data. A few dozen people cannot show that
there are no relatives, and without any a twin would be linked as the person."""
HARDLY_ANY_AT_HOME = 0.1
"""Others per home and person up to which a file counts as having no relatives: in a study of unrelated people, typing errors
give some of them one home."""


def adapt_to_homes(database: duckdb.DuckDBPyConnection, model: Model) -> Model:
    """`model` with `relatives` and `twins` in proportion to how many people share a home in this register; and with
    `shows_relatives`: whether people share homes there or in the council's file (a register of a few patients may show no
    families that the council's file does). For before pairs are scored.

    Where most of the register's rows have no home that can be read, these stay as trained.
    """
    model = _with_what_stands_for_homes(database, model)
    read = count(database, RECORD.name, f"dataset = '{NHS}' AND place IS NOT NULL")
    if read * 2 < count(database, RECORD.name, f"dataset = '{NHS}'"):
        return model
    usual = model.relatives + model.twins
    council, nhs = (
        shrunk(home_mates(database, dataset), usual, count_subjects(database, dataset))
        for dataset in (COUNCIL, NHS)
    )
    return replace(
        model,
        relatives=round(max(model.relatives * nhs / usual, FEWEST_KIN), DECIMALS),
        twins=round(max(model.twins * nhs / usual, FEWEST_KIN / 100), DECIMALS),
        shows_relatives=max(council, nhs) > HARDLY_ANY_AT_HOME,
    )


def _with_what_stands_for_homes(database: duckdb.DuckDBPyConnection, model: Model) -> Model:
    """`model` with relative_u and twin_u raised at the levels in `STANDS_FOR`, where many addresses lack a part.

    Where no more than a postcode can agree, relatives agree on it as often as they would share a home. m follows the data
    (`adapt_to_register`); if u of relatives did not, one postcode would speak for the person and hardly for a sister.
    """
    seen = _share_of_pairs_with_only(database)
    comparisons = []
    for comparison in model.comparisons:
        own = {level.name: level for level in comparison.levels}
        levels = tuple(_as_a_home(level, own, seen) for level in comparison.levels)
        comparisons.append(replace(comparison, levels=levels))
    return replace(model, comparisons=tuple(comparisons))


def _as_a_home(level: ModelLevel, own: dict[str, ModelLevel], seen: dict[str, float]) -> ModelLevel:
    """The level with relative_u and twin_u raised as far as it stands for a shared home.

    `own`: name → level of its comparison. `seen` is from `_share_of_pairs_with_only`.
    """
    stands_for, by = STANDS_FOR.get(level.name, ("", ""))
    if stands_for not in own or seen[by] <= SELDOM:
        return level
    home = own[stands_for]
    return replace(
        level,
        relative_u=max(level.relative_u, round(seen[by] * home.relative_u, DECIMALS)),
        twin_u=max(level.twin_u, round(seen[by] * home.twin_u, DECIMALS)),
    )


def _share_of_pairs_with_only(database: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Of all pairs of a council row and a register row that both have a street line or a postcode: the share in which both
    sides have the `line` (street and number) but not both a whole home, and the same for the `postcode`.

    A file without rows, as when a register is prepared by itself, counts as having everything. A place without a number
    counts as a home only if the register has it: a town alone reads like the name of a house.
    """
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


def shrunk(counted: float, usual: float, people: int) -> float:
    """Relatives per person as `counted` among `people`, shrunk towards `usual` by `PRIOR_PEOPLE` more people who have
    that many."""
    return (counted * people + usual * PRIOR_PEOPLE) / (people + PRIOR_PEOPLE)


def home_mates(database: duckdb.DuckDBPyConnection, dataset: str = NHS) -> float:
    """How many others of its dataset a person shares or shared a home with, on average.

    Homes of more than `LARGEST_HOME` people do not count: they are care homes and blocks of flats.
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
