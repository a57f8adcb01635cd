"""A run's database and its job → what the manifest tells: inputs, versions, counts by stage, what was estimated."""

import hashlib
import json
from typing import Any

import duckdb

from linkage import __version__
from linkage.block import RuleCount
from linkage.config import DedupeJob, Limits, LinkJob, Terms
from linkage.database import count
from linkage.ingest import Ingested
from linkage.model import SHARES, Model
from linkage.objections import followed_objections, has_objections, unmatched_objections
from linkage.pages.data_quality import rejections
from linkage.software import software
from linkage.tables import CLUSTER_TO_CHECK, COUNCIL, DUPLICATE, LINK, NHS, PERSON, RECORD, RULING, SCREENED
from linkage.values.dates import today


def identity_of(
    model: Model, received: list[Ingested], job: LinkJob | DedupeJob, statistics: str = ""
) -> dict[str, Any]:
    """The first part of the manifest: run_id, purpose, model, thresholds, inputs, versions, year and seed.

    The run_id is a hash of what was read, the model and everything else that changes results. `statistics` is the
    run_id of the full run whose statistics this run uses, empty if they are its own.
    """
    identity = json.dumps(
        [[x.dataset, x.sha256, x.recognised] for x in received] + [model.version, __version__]
    )
    if job.terms != Terms(job.terms.purpose):
        identity += repr(job.terms)
    if job.limits.seed != Limits().seed:
        identity += f"seed {job.limits.seed}"
    if statistics:
        identity += f"statistics of {statistics}"
    return {
        "run_id": hashlib.sha256(identity.encode()).hexdigest()[:12],
        "purpose": job.terms.purpose,
        "model": {"name": model.name, "version": model.version, "calibrated_on": model.calibrated_on},
        "thresholds": {"accept": model.accept, "review": model.review},
        "inputs": {found.dataset: read_of(found) for found in received},
        "versions": software(),
        "year": today().year,
        "seed": job.limits.seed,
    }


def read_of(found: Ingested) -> dict[str, Any]:
    """What was read of one file."""
    return {
        "name": found.file,
        "sha256": found.sha256,
        "rows": found.received,
        "rejected": found.rejected,
        "profile": found.profile,
        "recognised": found.recognised,
        "empty": list(found.empty),
        "unused": list(found.unused),
        "notes": list(found.notes),
    }


def rejected_for(database: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """How many rows were rejected, by file, column and problem."""
    return [
        dict(zip(("file", "column", "problem", "rows"), row, strict=True)) for row in rejections(database)
    ]


def stages(
    database: duckdb.DuckDBPyConnection, rules: list[RuleCount], screened: dict[str, int]
) -> dict[str, Any]:
    """The counts of every stage up to the duplicates; `screened` is reason → subjects."""
    counts: dict[str, Any] = {
        "rejected": count(database, "reject"),
        "rejected_for": rejected_for(database),
        "further_rows": _further_rows(database),
        "screened": screened,
        "blocking": [{"keys": list(x.keys), "pairs": x.pairs, "set_aside": x.set_aside} for x in rules],
        "pairs_compared": count(database, "candidate_pair"),
        "pairs_kept": count(database, "pair"),
        "duplicates_to_decide": count(database, DUPLICATE.name, "band = 'review'"),
        "clusters_to_check": count(database, CLUSTER_TO_CHECK.name),
    }
    if decided := _decisions(database):
        counts["decisions"] = decided
    if has_objections(database):
        counts["objections_on_former_ids"] = followed_objections(database)
        counts["objections_that_name_nobody"] = unmatched_objections(database)
    return counts


def _decisions(database: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """State of a standing decision (such as "applied") → decisions in that state."""
    return dict(
        database.execute(
            f'SELECT state, count(*) FROM "{RULING.name}" GROUP BY state ORDER BY state'
        ).fetchall()
    )


def _further_rows(database: duckdb.DuckDBPyConnection) -> int:
    """Rows of the council's records beside the first of each."""
    [(further,)] = database.execute(
        f"SELECT count(*) - count(DISTINCT subject_id) FROM \"{RECORD.name}\" WHERE dataset = '{COUNCIL}'"
    ).fetchall()
    return int(further)


def register_rows(database: duckdb.DuckDBPyConnection, read: Ingested) -> dict[str, int]:
    """Counts of the register's rows: received = set_aside (rejected) + left_out (screened) + linkable; and how many
    `people` the linkable rows are."""
    [(left_out, linkable, people)] = database.execute(
        f"""
        SELECT count(*) FILTER (left_out), count(*) FILTER (NOT left_out),
            count(DISTINCT subject_id) FILTER (NOT left_out)
        FROM (
            SELECT subject_id, subject_id IN (SELECT subject_id FROM "{SCREENED.name}") AS left_out
            FROM "{RECORD.name}" WHERE dataset = '{NHS}'
        )
        """
    ).fetchall()
    rows = {"received": read.received, "set_aside": read.rejected}
    return rows | {"left_out": left_out, "linkable": linkable, "people": people}


def adapted(trained: Model, deciding: Model) -> dict[str, Any]:
    """What the run changed in the model. Each of `SHARES` → [as trained, as estimated]; `m`: comparison → level → m as
    trained; `m_estimated`: whether the run replaced these m (not if its own were implausible or did not converge)."""
    m, own = (
        {c.name: {x.name: round(x.m, 9) for x in c.levels if not x.missing} for c in each.comparisons}
        for each in (trained, deciding)
    )
    shares = {name: [getattr(trained, name), getattr(deciding, name)] for name in SHARES}
    return shares | {"m": m, "m_estimated": m != own}


def bands(database: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Band → council records."""
    return dict(
        database.execute(f'SELECT band, count(*) FROM "{LINK.name}" GROUP BY band ORDER BY band').fetchall()
    )


def people_found(database: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many council records were not screened, and how many people they are."""
    [(records, people)] = database.execute(
        f"""
        SELECT count(DISTINCT subject_id), count(DISTINCT person_id) FROM "{PERSON.name}"
        WHERE subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")
        """
    ).fetchall()
    return {"records": int(records), "people": int(people)}
