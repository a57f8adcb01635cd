"""Record table and the fields of a model → every number of the model, or why they cannot be had.

u comes from pairs of strangers of both files; m from expectation maximisation among the competing candidates of each
record, begun in several places; the u of relatives and twins from pairs of people who share a home. A level that is never
seen gets what is said at `HALF`, `SEEN_PAIRS` and `SEEN_KIN`, never 0 or 1.
"""

from dataclasses import replace
from typing import Any

import duckdb

from linkage import model_folder
from linkage.adapt import climb_to_register, home_mates, weigh
from linkage.block import block
from linkage.database import count_subjects
from linkage.errors import InputError, ModelError
from linkage.fields import Comparison
from linkage.model import Model
from linkage.pipeline import compare
from linkage.strangers import draw_strangers
from linkage.tables import COUNCIL, NHS, RECORD
from linkage.tally import Tally, tally
from linkage.training.kin import draw_kin_across, draw_kin_of_register, find_certain_matches, find_homes
from linkage.training.plausible import unfit, unlike_published
from linkage.training.starts import ROUNDS, WIDE_GAP, Reached, climb_all, widest_gap

FLOOR = 1e-7
"""No level is rarer, and none is certain by more."""
HALF = 0.5
"""Pairs of strangers that every level counts as, beside those that were seen (Jeffreys' prior)."""
SEEN_PAIRS = 10.0
"""True pairs that the documented starting values of m count as."""
SEEN_KIN = 100.0
"""Pairs across the files that kin of the register count as: with few twins, those of the register decide."""
SAMPLED_PAIRS = 2_500_000
"""Pairs of strangers that u is counted in."""
MOST_RECORDS = 20_000
"""Council records that m is estimated from: four times as many halve errors that are too small to matter."""
FEWEST_MATCHES = 100
# A register has every number once, so neither chance nor kin can be counted in it: a council may hold another's.
HELD_NUMBER = {
    "same": {"u": 0.001, "relative_u": 0.01, "twin_u": 0.02},
    "differs": {"u": 0.999, "relative_u": 0.99, "twin_u": 0.98},
}
KIN = (("relative_u", False), ("twin_u", True))
"""Name of a number, and whether the pairs that it is counted in were born on one day."""

Numbers = dict[str, dict[str, dict[str, float]]]
"""Comparison → level → m, u, relative_u and twin_u."""


def estimate(database: duckdb.DuckDBPyConnection, written: dict[str, Any], seed: int) -> dict[str, Any]:
    """The numbers of every level of the model `written` in its model.toml, from the `record` table.

    InputError where there are too few records or matches, ModelError where what was found is unfit. The warnings, and how
    the training went, stand in "training".
    """
    parameters = starting_parameters(written["fields"])
    numbers: Numbers = {name: told["levels"] for name, told in parameters["comparisons"].items()}
    started = model_folder.build(written, parameters)
    strangers = _count_strangers(database, seed)
    _fill_strangers(tally(database, started, "stranger_pair"), numbers)
    twins = find_homes(database)
    mates = home_mates(database)
    parameters |= {"relatives": round(mates * (1 - twins), 5), "twins": round(mates * twins, 5)}
    of_register = {}
    for chance, born_together in KIN:
        draw_kin_of_register(database, born_together)
        of_register[chance] = tally(database, started, "kin_pair")
        _fill_kin_of_register(of_register[chance], numbers, chance, "u")
    _hold_number(numbers)
    counted = model_folder.build(written, parameters)
    records = _keep_records(database, seed)
    reached = _reach(database, counted, records)
    best = reached[0].model
    matches = find_certain_matches(database, reached[0].prior)
    if matches < FEWEST_MATCHES:
        raise InputError(
            f"only {matches:,} of {records:,} records have a certain match in the register, and training needs "
            f"{FEWEST_MATCHES}: `linkage link` adapts the model that ships to a small file"
        )
    parameters["share_in_register"] = best.share_in_register
    _fill_m(best, numbers)
    told = {"records": records, "matches": matches, "strangers": strangers}
    for chance, born_together in KIN:
        draw_kin_across(database, born_together)
        found = tally(database, started, "kin_pair")
        told["twins" if born_together else "relatives"] = max(sum(x.values()) for x in found.values())
        if born_together:
            _fill_kin_of_register(of_register[chance], numbers, chance, "relative_u")
        _fill_kin_across(found, numbers, chance)
    _hold_number(numbers)
    _share_birthday(numbers)
    parameters["training"] = told | _judged(model_folder.build(written, parameters), reached)
    return parameters


def _count_strangers(database: duckdb.DuckDBPyConnection, seed: int) -> int:
    """Make `stranger_pair` and return its number of pairs; InputError if there are none."""
    if strangers := draw_strangers(database, seed, SAMPLED_PAIRS):
        return strangers
    records, people = (count_subjects(database, name) for name in (COUNCIL, NHS))
    raise InputError(
        f"{records} records of the council's file and {people} people of the register can be linked: training needs thousands "
        "of each. `linkage link` adapts the model that ships to a small file"
    )


def _reach(database: duckdb.DuckDBPyConnection, counted: Model, records: int) -> list[Reached]:
    """Where the starts of expectation maximisation lead, the likeliest first; `pair` is weighed by that."""
    people = count_subjects(database, NHS)
    compare(database, counted, people, block)
    climb = climb_to_register(database, counted, people)
    if not len(climb.pairs.record):
        raise InputError(
            "no record of the council resembles anybody in the register: there is no pair to learn from"
        )
    reached = climb_all(replace(climb, prior_pairs=SEEN_PAIRS, rounds=ROUNDS), records)
    weigh(database, counted, reached[0].model, people)
    return reached


def _judged(trained: Model, reached: list[Reached]) -> dict[str, Any]:
    """How the starts ended and what to beware of; ModelError if the model is unfit."""
    if why := unfit(trained):
        raise ModelError(
            f"what was learnt from these files is unfit, so no model is written: {'; '.join(why)}"
        )
    gap, level = widest_gap(reached)
    warnings = unlike_published(trained)
    if gap > WIDE_GAP:
        warnings.insert(
            0, f"the starts disagree by {gap:.2f} bits about {level}: too few matches to trust its m"
        )
    starts = [
        {
            "start": one.start,
            "log2_likelihood": one.likelihood,
            "share_in_register": one.model.share_in_register,
        }
        for one in reached
    ]
    return {"starts": starts, "widest_gap": round(gap, 3), "warnings": warnings}


def _keep_records(database: duckdb.DuckDBPyConnection, seed: int) -> int:
    """Keep `MOST_RECORDS` of the council's records, drawn by `seed`, and return how many can be linked."""
    database.execute(
        f"""
        DELETE FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}' AND subject_id NOT IN (
            SELECT DISTINCT subject_id FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}'
            ORDER BY hash(subject_id, ?), subject_id LIMIT {MOST_RECORDS}
        )
        """,
        [seed],
    )
    return count_subjects(database, COUNCIL)


def _fill_strangers(found: Tally, numbers: Numbers) -> None:
    """Fill `u`; a comparison that these files cannot make keeps its starting values."""
    for comparison, levels in found.items():
        total = sum(levels.values())
        for level, pairs in levels.items():
            if total:
                numbers[comparison][level]["u"] = _kept((pairs + HALF) / (total + HALF * len(levels)))


def _fill_kin_of_register(found: Tally, numbers: Numbers, chance: str, else_as: str) -> None:
    """Fill `relative_u` or `twin_u` from kin within the register, which has no initials and slips of the kind that councils
    have: at levels that it never shows, kin are as alike as the chance `else_as` says, but for the birth date, which is
    what tells the two kinds apart."""
    for comparison, levels in found.items():
        total = sum(levels.values())
        for level, pairs in levels.items():
            own = numbers[comparison][level]
            # One such pair is added, so that nothing is impossible because it was not seen.
            share = (pairs + own[else_as]) / (total + 1)
            own[chance] = _kept(share if pairs or comparison == "date_of_birth" else own[else_as])


def _fill_kin_across(found: Tally, numbers: Numbers, chance: str) -> None:
    """Fill `relative_u` or `twin_u` from kin across the files; what the register said counts as `SEEN_KIN` of them."""
    for comparison, levels in found.items():
        total = sum(levels.values())
        before = sum(numbers[comparison][level][chance] for level in levels)
        for level, pairs in levels.items():
            own = numbers[comparison][level]
            own[chance] = _kept((pairs + SEEN_KIN * own[chance] / before) / (total + SEEN_KIN))


def _fill_m(found: Model, numbers: Numbers) -> None:
    """Fill `m`. That something agrees is never worse evidence than that nothing does: a level that true pairs hardly
    show, and of which m thus says little, weighs no less than the last level."""
    for comparison in found.comparisons:
        last = comparison.levels[-1]
        least = {
            level.name: max(level.m, level.u * last.m / last.u)
            for level in comparison.levels
            if not level.missing
        }
        total = sum(least.values())
        for name, m in least.items():
            numbers[comparison.name][name]["m"] = _kept(m / total)


def _hold_number(numbers: Numbers) -> None:
    """Set the chances of a held NHS Number, all but its m, to what is known beforehand."""
    for level, known in HELD_NUMBER.items():
        if "nhs_number" in numbers:
            numbers["nhs_number"][level] |= known


def _share_birthday(numbers: Numbers) -> None:
    """Twins were born on one day, so their birth dates agree and are mistaken as one person's do."""
    for level in numbers.get("date_of_birth", {}).values():
        level["twin_u"] = level["m"]


def starting_parameters(fields: list[str]) -> dict[str, Any]:
    """Documented starting values: m from the fields' sources, u spread so that rarer levels are rarer."""
    comparisons = {}
    for field in fields:
        comparison = model_folder.comparison_of(field)
        comparisons[comparison.name] = {
            "levels_digest": model_folder.digest(comparison),
            "levels": _starting_levels(comparison),
        }
    return {
        "share_in_register": 0.9,
        "share_duplicate": 0.05,
        "relatives": 1.5,
        "twins": 0.01,
        "calibration": [],
        "calibrated_on": "not calibrated: the confidence is the model's own posterior",
        "comparisons": comparisons,
    }


def _starting_levels(comparison: Comparison) -> dict[str, dict[str, float]]:
    compared = [level for level in comparison.levels if not level.missing]
    total = sum(max(level.m, 0.001) for level in compared)
    chances = [0.01] * (len(compared) - 1) + [1 - 0.01 * (len(compared) - 1)]
    return {
        level.name: {
            "m": max(level.m, 0.001) / total,
            "u": chance,
            "relative_u": chance,
            "twin_u": chance,
        }
        for level, chance in zip(compared, chances, strict=True)
    }


def _kept(found: float) -> float:
    """A trained number within bounds: no level is impossible or certain."""
    return round(min(1 - FLOOR, max(FLOOR, found)), 9)
