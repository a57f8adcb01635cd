"""One file in → a published run that says which of its records are one person."""

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import (
    File,
    Json,
    Memory,
    ModelName,
    Objections,
    Out,
    OwnMaps,
    Profile,
    Seed,
    Threads,
    mapped_alone,
    print_run,
    stages,
)


def command(
    file: File,
    out: Out,
    model: ModelName = "default",
    decisions: Annotated[
        Path | None, typer.Option(help="duplicates.csv of a former run, with verdicts filled in")
    ] = None,
    mappings: OwnMaps = None,
    profile: Profile = "",
    objections: Objections = None,
    threads: Threads = 0,
    memory: Memory = "",
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Find records of one file that are the same person."""
    from linkage import pipeline
    from linkage.clerical.verdicts import read_verdicts
    from linkage.config import DedupeJob, Limits, Terms

    records = pipeline.council(file, profile, mapped_alone(mappings))
    terms = Terms(past=read_verdicts(decisions)) if decisions else Terms()
    job = DedupeJob(records, out, model, Limits(threads, memory, seed), terms, objections)
    with stages() as progress:
        manifest = pipeline.dedupe(job, progress)
    print_run(manifest, as_json, out)
