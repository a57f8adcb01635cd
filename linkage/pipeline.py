"""One job, top to bottom: files in → a published run. Read this first.

ingest → standardise → screen → block → score → decide → resolve → identify → publish
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from linkage import model_folder
from linkage.adapt import adapt_to_dates, adapt_to_duplicates, adapt_to_register
from linkage.block import RuleCount, Rules, block
from linkage.cautions import cautions
from linkage.clusters_to_check import find_clusters_to_check
from linkage.config import Dataset, DedupeJob, LinkJob, Progress, silent
from linkage.database import count, count_subjects, open_database
from linkage.decide import decide
from linkage.duplicates import find_duplicates
from linkage.errors import InputError
from linkage.expected import tell_dedupe, tell_link
from linkage.fingerprint import fingerprint, tell_former_numbers
from linkage.garbage import without_garbage_collection
from linkage.homes import adapt_to_homes
from linkage.identify import identify
from linkage.ingest import Ingested, drop_received, ingest
from linkage.manifest import adapted, bands, identity_of, people_found, register_rows, stages
from linkage.model import Model
from linkage.objection_list import ingest_objections
from linkage.outputs import Run
from linkage.outrank import outrank
from linkage.past import Past
from linkage.protect import protect
from linkage.publish import prepare, publish
from linkage.reading.roles import refuse_exchanged, refuse_same
from linkage.resolve import resolve
from linkage.score import EVERY_PAIR, find_certain, make_evidence, score
from linkage.scoring.statistics import Statistics
from linkage.scoring.strangers import adapt_to_strangers
from linkage.screen import is_test, screen, screen_one
from linkage.settle import settle
from linkage.standardise import resolve_superseded, standardise
from linkage.tables import ACCEPT, COUNCIL, NHS, SCREENED
from linkage.weekly.last_ties import find_last_ties
from linkage.weekly.same_values import keep_fingerprints

Reader = Callable[[duckdb.DuckDBPyConnection, Dataset], Ingested]
"""Reads one file into the database: `ingest`, or in a weekly run `read_new_lines`."""
Blocker = Callable[[duckdb.DuckDBPyConnection, Rules, int], list[RuleCount]]
"""Adds the pairs that some blocking rules find to `candidate_pair`: `block`, or in a workspace `block_known`.
Its last argument is the number of the first of these rules among all rules of the model."""


@dataclass(frozen=True)
class Matched:
    """What `finish` needs to know of a link run beside the tables in the database.

    `trained` is the model as it was loaded; `statistics` has it as adapted to these data. `received` has one entry per
    file read: council, register and, if there is one, the list of objections. `screened` is reason → subjects left out.
    `scored_by` is "compiled", or "splink" and why. `weekly` is what the manifest says of how a workspace's run was done,
    empty for a one-off run.
    """

    trained: Model
    received: list[Ingested]
    screened: dict[str, int]
    rules: list[RuleCount]
    scored_by: str
    statistics: Statistics
    weekly: dict[str, Any] = field(default_factory=dict)


@without_garbage_collection()
def link(job: LinkJob, progress: Progress = silent) -> dict[str, Any]:
    """The main job: council records and a register in, the files of a run in `job.out`; returns the manifest."""
    trained = model_folder.load_for(job)
    prepare(job.out)
    with open_database(job.out.resolve().parent, job.limits.threads, job.limits.memory) as database:
        progress("reading")
        received = read_files(database, job, ingest)
        progress("standardising")
        standardise(database, [COUNCIL, NHS])
        drop_received(database, [COUNCIL, NHS])
        screened, people = complete_records(database, job, progress)
        scoring = scoring_model(database, trained, job.limits.seed)
        rules, scored_by = compare(database, scoring, people, block)
        progress("deciding")
        deciding = adapt_to_register(database, scoring, people)
        settle(database, job.terms.past)
        share = decide(database, deciding, people)
        statistics = Statistics(scoring, deciding, people, share)
        return finish(
            database, job, Matched(trained, received, screened, rules, scored_by, statistics), progress
        )


def read_files(database: duckdb.DuckDBPyConnection, job: LinkJob, read: Reader) -> list[Ingested]:
    """Read the council's file, the register and the list of objections, if there is one; return an entry for each, in
    that order. InputError if council and register are the same file, or seem to be exchanged."""
    refuse_same(job.council.path, job.nhs.path)
    received = [read(database, job.council), read(database, job.nhs)]
    refuse_exchanged(database, job, received)
    return received + _objections(database, job.objections)


def _objections(database: duckdb.DuckDBPyConnection, file: Path | None) -> list[Ingested]:
    return [ingest_objections(database, file)] if file else []


def complete_records(
    database: duckdb.DuckDBPyConnection, job: LinkJob, progress: Progress
) -> tuple[dict[str, int], int]:
    """Do what stands between cleaning and comparing: follow superseded NHS Numbers, take fingerprints, screen.

    Return reason → subjects screened, and how many people of the register may be linked. InputError if none may.
    """
    resolve_superseded(database)
    fingerprint(database)
    keep_fingerprints(database, job.terms.past)
    tell_former_numbers(database)
    screened = screen(database, job.terms.past)
    people = count_people(database, job)
    progress(tell_link(count_subjects(database, COUNCIL), people))
    return screened, people


def scoring_model(database: duckdb.DuckDBPyConnection, trained: Model, seed: int) -> Model:
    """The model that scores the pairs of a link run: `trained` with the share of relatives and twins of this register,
    and with u of these files. Its m are adapted after scoring, by `adapt_to_register`."""
    return adapt_u(database, adapt_to_homes(database, trained), NHS, seed)


def adapt_u(database: duckdb.DuckDBPyConnection, model: Model, other: str, seed: int) -> Model:
    """`model` with u raised where strangers agree more often than it says: on estimated birth dates, and on any level.

    Strangers are a council row and a row of the dataset `other`; `seed` draws them.
    """
    return adapt_to_strangers(database, adapt_to_dates(database, model, other), other, seed)


def count_people(database: duckdb.DuckDBPyConnection, job: LinkJob) -> int:
    """People of the register that may be linked; InputError if there is none."""
    people = count_subjects(database, NHS)
    if not people:
        raise InputError(
            f"{job.nhs.path.name} has no row with a valid NHS Number, so nothing can be linked to it"
        )
    return people


def compare(
    database: duckdb.DuckDBPyConnection, model: Model, people: int, find_pairs: Blocker
) -> tuple[list[RuleCount], str]:
    """Make `pair`: block and score council records against a register of `people` people.

    Return what each blocking rule found, and what scored the pairs ("compiled", or "splink" and why).

    Loose rules find most of the pairs and few of the matches, so they are tried only for records of which the strict
    rules have not made one register person certain.
    """
    rules = find_pairs(database, model.blocking, 0)
    scored_by = score(database, model, people)
    if model.loose:
        find_certain(database, people)
        strict = len(rules)
        rules += find_pairs(database, model.loose, strict)
        score(database, model, people, first=strict)
    return rules, scored_by


def finish(
    database: duckdb.DuckDBPyConnection, job: LinkJob, matched: Matched, progress: Progress
) -> dict[str, Any]:
    """From the model's links to the end: apply people's decisions, find who is one person, write the run to `job.out`.

    Return the manifest.
    """
    statistics = matched.statistics
    deciding = statistics.deciding
    outrank(database)
    make_evidence(database, deciding, statistics.people, statistics.share)
    find_people(database, deciding, job.terms.past)
    progress("writing")
    manifest = identity_of(deciding, matched.received, job, matched.weekly.get("statistics", ""))
    counts = bands(database)
    manifest |= {
        "test_data": is_test(database),
        "cautions": cautions(database, matched.received, job.terms.past.last, counts.get(ACCEPT, 0)),
        "stages": stages(database, matched.rules, matched.screened) | {"scored_by": matched.scored_by},
        "register": register_rows(database, matched.received[1]),
        "share_in_register": statistics.share,
        "adapted": adapted(matched.trained, deciding),
        "counts": counts,
    }
    if matched.weekly:
        manifest["weekly"] = matched.weekly
    publish(Run(database, manifest["run_id"], deciding, manifest), job.out)
    return manifest


def find_people(database: duckdb.DuckDBPyConnection, model: Model, past: Past) -> None:
    """From `link` and `pair` to `person`; also the duplicates and clusters that a human should look at, and `protected`."""
    find_last_ties(database, past)
    resolve(database, model)
    identify(database, past)
    find_duplicates(database, model)
    find_clusters_to_check(database)
    protect(database)


@without_garbage_collection()
def dedupe(job: DedupeJob, progress: Progress = silent) -> dict[str, Any]:
    """One dataset in, its people in `job.out`; returns the manifest."""
    trained = model_folder.load(job.model)
    prepare(job.out)
    with open_database(job.out.resolve().parent, job.limits.threads, job.limits.memory) as database:
        progress("reading")
        received = [ingest(database, replace(job.records, name=COUNCIL))]
        received += _objections(database, job.objections)
        progress("standardising")
        standardise(database, [COUNCIL])
        drop_received(database, [COUNCIL])
        fingerprint(database)
        screened = screen_one(database, job.terms.past)
        records = count_subjects(database, COUNCIL)
        progress(tell_dedupe(records))
        scoring = adapt_u(database, trained, COUNCIL, job.limits.seed)
        rules = block(database, scoring.rules)
        scored_by = score(database, scoring, records, EVERY_PAIR)
        progress("deciding")
        deciding = adapt_to_duplicates(database, scoring)
        settle(database, job.terms.past)
        # There is no register to link to: this makes `link` with nobody in it, which later stages read.
        decide(database, deciding, 1)
        find_people(database, deciding, job.terms.past)
        progress("writing")
        manifest = identity_of(deciding, received, job)
        manifest |= {
            "test_data": False,
            "cautions": cautions(database, received),
            "stages": stages(database, rules, screened) | {"scored_by": scored_by},
            "adapted": adapted(trained, deciding),
            "counts": people_found(database) | {"screened": count(database, SCREENED.name)},
        }
        publish(Run(database, manifest["run_id"], deciding, manifest, kind="dedupe"), job.out)
    return manifest


@without_garbage_collection()
def read_records(
    database: duckdb.DuckDBPyConnection, datasets: list[Dataset], objections: Path | None = None
) -> None:
    """Make `record` and `screened` from files, without a job: for training, and to read a council's groups."""
    for dataset in datasets:
        ingest(database, dataset)
    _objections(database, objections)
    standardise(database, [dataset.name for dataset in datasets])
    resolve_superseded(database)
    screen(database, Past())


def council(
    path: Path, profile: str = "", mappings: dict[str, str] | None = None, save_profile: Path | None = None
) -> Dataset:
    """A council file to read; what is recognised in it is kept in `save_profile` if that is given."""
    return Dataset(COUNCIL, path, profile, mappings or {}, save_profile)


def nhs(path: Path, profile: str = "", mappings: dict[str, str] | None = None) -> Dataset:
    """A register file to read."""
    return Dataset(NHS, path, profile, mappings or {})
