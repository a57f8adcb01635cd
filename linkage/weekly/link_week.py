"""This week's files and the state of the last full run → a run, by changes only where possible.

A full run estimates its statistics from its own data, and keeps them, its rows and its pairs as the workspace's state (see
`state`). Until the next full run, runs use that state: they clean and compare only rows that are new or changed, and give
byte for byte what scoring everything with the same statistics would.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from linkage.adapt import adapt_to_register, reweigh
from linkage.config import CHANGES, EVERYTHING, FULL, LinkJob, Progress, silent
from linkage.database import open_database
from linkage.decide import decide
from linkage.errors import LinkageError
from linkage.fingerprint import tell_former_numbers
from linkage.garbage import without_garbage_collection
from linkage.ingest import Ingested, drop_received, ingest
from linkage.model import Model
from linkage.model_folder import load_for
from linkage.pipeline import (
    Matched,
    compare,
    complete_records,
    count_people,
    finish,
    read_files,
    scoring_model,
)
from linkage.publish import prepare
from linkage.scoring.statistics import (
    Statistics,
    add_rare_values,
    as_numbers,
    take_frequencies,
)
from linkage.screen import screen
from linkage.settle import settle
from linkage.standardise import resolve_superseded, standardise
from linkage.tables import COUNCIL, NHS, RECORD
from linkage.weekly import state
from linkage.weekly.block_known import GrownError, block_known, find_large_keys
from linkage.weekly.changes import add_known, find_changes, number_rows
from linkage.weekly.freshness import check_fresh, made_with, next_full, read_as
from linkage.weekly.keeping import keep_comparisons, keep_records, take_statistics
from linkage.weekly.lines import ReadWholeError, keep_lines, read_new_lines
from linkage.weekly.reuse import fingerprint_changes, standardise_changes
from linkage.weekly.same_values import keep_fingerprints
from linkage.weekly.score_changes import compare_changes
from linkage.weekly.state import Kept, UnusableError

DATASETS = [COUNCIL, NHS]
ASKED_FOR = "a full run was asked for"
GROWN = "a value has become so common that what is compared has to be found anew"
"""Why a run is a full one, in the manifest."""


@dataclass(frozen=True)
class Week:
    """A run under way: its job, the workspace's folder, the model as loaded, what was read, and in `told` what the manifest will
    say of how it was done ("way": full, changes or everything) and why."""

    job: LinkJob
    workspace: Path
    trained: Model
    received: list[Ingested]
    told: dict[str, Any]
    progress: Progress


@without_garbage_collection()
def link_week(
    job: LinkJob, workspace: Path, asked: str = CHANGES, progress: Progress = silent
) -> dict[str, Any]:
    """Do the run of a workspace in the way `asked` for (see `config.FULL`), or in full where the state cannot be used; return
    the manifest."""
    week = Week(job, workspace, load_for(job), [], {}, progress)
    try:
        if asked == CHANGES:
            with suppress(ReadWholeError, UnusableError):
                return _by_lines(week)
        return _link(week, asked, ASKED_FOR)
    except GrownError:
        return _link(week, FULL, GROWN)


def _by_lines(week: Week) -> dict[str, Any]:
    """A run by changes that reads only the lines which the last full run did not have.

    ReadWholeError if a file has to be read whole, UnusableError if the state cannot be used.
    """
    job = week.job
    prepare(job.out)
    with open_database(job.out.resolve().parent, job.limits.threads, job.limits.memory) as database:
        week.progress("reading")
        kept = state.read(week.workspace, made_with(week.trained))
        state.take(database, kept, "kept_row", "EXCLUDE (record_id)")
        try:
            week = replace(week, received=read_files(database, job, read_new_lines))
        except LinkageError:
            # The error is about the few lines read. Reading the file whole gives it with the right row numbers and counts.
            raise ReadWholeError from None
        state.check(kept, read_as(week.received))
        number_rows(database, DATASETS)
        add_known(database)
        return _go_by(database, week, CHANGES, kept)


def _link(week: Week, asked: str, why_full: str) -> dict[str, Any]:
    """A run that reads its files whole: as `asked`, or in full if that is asked (for the reason `why_full`) or the state cannot
    be used."""
    job = week.job
    prepare(job.out)
    with open_database(job.out.resolve().parent, job.limits.threads, job.limits.memory) as database:
        week.progress("reading")
        week = replace(week, received=read_files(database, job, ingest))
        number_rows(database, DATASETS)
        try:
            if asked == FULL:
                raise UnusableError(why_full)
            kept = state.read(week.workspace, made_with(week.trained) | read_as(week.received))
            state.take(database, kept, "kept_row", "EXCLUDE (record_id)")
            return _go_by(database, week, asked, kept)
        except UnusableError as reason:
            return _in_full(database, replace(week, told={"way": FULL, "why": str(reason)}))


def _go_by(database: duckdb.DuckDBPyConnection, week: Week, asked: str, kept: Kept) -> dict[str, Any]:
    """The rest of a run that uses the state, once files are read; UnusableError if too much has changed or the state is
    too old."""
    changes = find_changes(database)
    check_fresh(kept, changes)
    told = {name: found.told() for name, found in changes.items()}
    week = replace(week, told={"way": asked, "changes": told} | next_full(kept))
    statistics = take_statistics(database, kept, week.trained)
    if asked == EVERYTHING:
        return _everything(database, week, statistics)
    return _by_changes(database, week, kept, statistics)


def _in_full(database: duckdb.DuckDBPyConnection, week: Week) -> dict[str, Any]:
    """The rest of a full run, once files are read: estimate statistics, and make the state for the runs that follow."""
    making = state.begin(week.workspace)
    keep_lines(database, [week.job.council, week.job.nhs], week.received[:2])
    week.progress("standardising")
    standardise(database, DATASETS)
    drop_received(database, DATASETS)
    keep_records(database, making)
    screened, people = complete_records(database, week.job, week.progress)
    scoring = scoring_model(database, week.trained, week.job.limits.seed)
    take_frequencies(database, scoring)
    find_large_keys(database, scoring.rules)
    rules, scored_by = compare(database, scoring, people, block_known)
    keep_comparisons(database, making, scoring)
    week.progress("deciding")
    deciding = adapt_to_register(database, scoring, people)
    settle(database, week.job.terms.past)
    share = decide(database, deciding, people)
    statistics = Statistics(scoring, deciding, people, share)
    matched = Matched(week.trained, week.received, screened, rules, scored_by, statistics, week.told)
    manifest = finish(database, week.job, matched, week.progress)
    state.describe(
        making,
        {
            "basis": made_with(week.trained) | read_as(week.received),
            "run_id": manifest["run_id"],
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "statistics": as_numbers(statistics),
        },
    )
    return manifest


def _by_changes(
    database: duckdb.DuckDBPyConnection, week: Week, kept: Kept, statistics: Statistics
) -> dict[str, Any]:
    """The rest of a run by changes: clean and compare the rows that are new or changed."""
    week.progress("standardising")
    standardise_changes(database, DATASETS, kept)
    drop_received(database, DATASETS)
    resolve_superseded(database)
    fingerprint_changes(database, kept)
    keep_fingerprints(database, week.job.terms.past)
    tell_former_numbers(database)
    state.take(database, kept, "kept_pair")
    screened = screen(database, week.job.terms.past)
    count_people(database, week.job)
    week.progress("comparing")
    add_rare_values(database, statistics.scoring, "SELECT row_id FROM changed_id")
    rules, scored_by = compare_changes(database, statistics)
    matched = Matched(week.trained, week.received, screened, rules, scored_by, statistics, week.told)
    return _decide(database, week, matched)


def _everything(database: duckdb.DuckDBPyConnection, week: Week, statistics: Statistics) -> dict[str, Any]:
    """The rest of a run that cleans and compares everything with the kept statistics: what `_by_changes` must equal."""
    week.progress("standardising")
    standardise(database, DATASETS)
    drop_received(database, DATASETS)
    screened, _ = complete_records(database, week.job, week.progress)
    add_rare_values(database, statistics.scoring, f'SELECT row_id FROM "{RECORD.name}"')
    rules, scored_by = compare(database, statistics.scoring, statistics.people, block_known)
    matched = Matched(week.trained, week.received, screened, rules, scored_by, statistics, week.told)
    return _decide(database, week, matched)


def _decide(database: duckdb.DuckDBPyConnection, week: Week, matched: Matched) -> dict[str, Any]:
    """The rest of a run with kept statistics, once `pair` is made."""
    week.progress("deciding")
    statistics = matched.statistics
    reweigh(database, statistics.scoring, statistics.deciding, statistics.people)
    settle(database, week.job.terms.past)
    decide(database, statistics.deciding, statistics.people, statistics.share)
    return finish(database, week.job, matched, week.progress)
