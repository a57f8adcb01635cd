"""Record table and the fields of a model → every number of parameters.json, or an error that says why they cannot be
estimated.

u is counted in random pairs of strangers across the files; relative_u and twin_u in pairs of people who share a home. m
is estimated by expectation maximisation on the candidates of each record, from several starts. `numbers` makes
probabilities of the counts.
"""

from dataclasses import replace
from typing import Any

import duckdb

from linkage import model_folder
from linkage.adapt import register_em, reweigh
from linkage.block import block
from linkage.database import count_subjects
from linkage.errors import InputError, ModelError
from linkage.homes import home_mates
from linkage.model import Model
from linkage.pages.wording import counted
from linkage.pipeline import compare
from linkage.scoring.strangers import draw_strangers
from linkage.scoring.tally import tally
from linkage.tables import COUNCIL, NHS, RECORD
from linkage.training.kin import draw_kin_across, draw_kin_of_register, find_certain_matches, find_homes
from linkage.training.numbers import (
    Numbers,
    fill_kin_across,
    fill_kin_of_register,
    fill_m,
    fill_strangers,
    hold_number,
    share_birthday,
    starting_parameters,
)
from linkage.training.plausible import unfit, unlike_published
from linkage.training.starts import ROUNDS, WIDE_GAP, Reached, run_from_starts, widest_gap

SEEN_PAIRS = 10.0
"""True pairs that the documented starting values of m count as."""
SAMPLED_PAIRS = 2_500_000
"""Pairs that are drawn to count u in."""
MOST_RECORDS = 20_000
"""Council records that m is estimated from. Four times as many would halve the error, which is too small to matter."""
FEWEST_MATCHES = 100
"""Certain matches without which there is no training."""
KIN = (("relative_u", False), ("twin_u", True))
"""Name of a probability, and whether the pairs that it is counted in have the same birth date."""


def estimate(database: duckdb.DuckDBPyConnection, written: dict[str, Any], seed: int) -> dict[str, Any]:
    """The contents of parameters.json for the model that `written` (the contents of model.toml) describes, from the
    `record` table.

    "training" has the warnings and how the training went. InputError where there are too few records or matches,
    ModelError where the estimates are implausible. Deletes council rows from `record`: see `_keep_records`.
    """
    parameters = starting_parameters(written["fields"])
    numbers: Numbers = {name: told["levels"] for name, told in parameters["comparisons"].items()}
    started = model_folder.build(written, parameters)
    strangers = _count_strangers(database, seed)
    fill_strangers(tally(database, started, "stranger_pair"), numbers)
    twins = find_homes(database)
    mates = home_mates(database)
    parameters |= {"relatives": round(mates * (1 - twins), 5), "twins": round(mates * twins, 5)}
    of_register = {}
    for chance, born_together in KIN:
        draw_kin_of_register(database, born_together)
        of_register[chance] = tally(database, started, "kin_pair")
        fill_kin_of_register(of_register[chance], numbers, chance, "u")
    hold_number(numbers)
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
    fill_m(best, numbers)
    told = {"records": records, "matches": matches, "strangers": strangers}
    for chance, born_together in KIN:
        draw_kin_across(database, born_together)
        found = tally(database, started, "kin_pair")
        told["twins" if born_together else "relatives"] = max(sum(x.values()) for x in found.values())
        if born_together:
            fill_kin_of_register(of_register[chance], numbers, chance, "relative_u")
        fill_kin_across(found, numbers, chance)
    hold_number(numbers)
    share_birthday(numbers)
    parameters["training"] = told | _judged(model_folder.build(written, parameters), reached)
    return parameters


def _count_strangers(database: duckdb.DuckDBPyConnection, seed: int) -> int:
    """Make `stranger_pair` and return its number of pairs; InputError if there are none."""
    if strangers := draw_strangers(database, seed, SAMPLED_PAIRS):
        return strangers
    records, people = (count_subjects(database, name) for name in (COUNCIL, NHS))
    raise InputError(
        f"{counted(records, 'record')} of the council's file and {counted(people, 'person', 'people')} of the register can be linked: training needs thousands "
        "of each. `linkage link` adapts the model that ships to a small file"
    )


def _reach(database: duckdb.DuckDBPyConnection, counted: Model, records: int) -> list[Reached]:
    """The results of expectation maximisation from all starts, the likeliest first; makes `pair`, weighed by that one.

    `counted` is the model with u counted and m as documented; `records` is how many council records can be linked.
    """
    people = count_subjects(database, NHS)
    compare(database, counted, people, block)
    em = register_em(database, counted, people)
    if not len(em.pairs.record):
        raise InputError(
            "no record of the council resembles anybody in the register: there is no pair to learn from"
        )
    reached = run_from_starts(replace(em, prior_pairs=SEEN_PAIRS, rounds=ROUNDS), records)
    reweigh(database, counted, reached[0].model, people)
    return reached


def _judged(trained: Model, reached: list[Reached]) -> dict[str, Any]:
    """How the starts ended, and warnings, for "training"; ModelError if the model is implausible."""
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
    """Delete all but `MOST_RECORDS` of the council's records from `record`, drawn by `seed`; return how many of these can
    be linked."""
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
