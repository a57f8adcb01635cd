"""One job of the speed benchmark, run in a process of its own: `python speed_jobs.py JOB FOLDER` prints what it told as JSON.

FOLDER holds `made` (a made-up population); for the jobs on labelled files it is the folder of downloaded data.
"""

import csv
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from cases import Case, Choices
from febrl import febrl4
from historical import historical
from scoring_jobs import scoring, scoring_every_pair, scoring_splink, standardised
from timing import Clock

from linkage import pipeline
from linkage.config import DedupeJob, LinkJob

LABELLED: dict[str, Callable[[Path, Choices], Case]] = {"febrl4": febrl4, "historical": historical}
STAGES = (
    "ingest", "standardise", "resolve_superseded", "fingerprint", "screen", "adapt_to_homes", "adapt_to_dates",
    "adapt_to_strangers", "block", "score", "find_certain", "adapt_to_register", "settle", "decide", "outrank",
    "make_evidence", "resolve", "identify", "find_duplicates", "find_clusters_to_check", "protect", "cautions", "publish",
)  # fmt: skip
SEED = 1


def linkage(folder: Path) -> dict[str, Any]:
    """The product, files in to files out, with the seconds of each stage, and of all from the first comparison on."""
    seconds: dict[str, float] = {}
    begun: dict[str, Clock] = {}
    for name in STAGES:
        setattr(pipeline, name, _timed(getattr(pipeline, name), f"stage_{name}_s", seconds))
    made = folder / "made"
    with TemporaryDirectory(dir=folder) as out:
        job = LinkJob(
            pipeline.council(made / "council.csv"), pipeline.nhs(made / "nhs.csv"), Path(out) / "run"
        )
        manifest = pipeline.link(job, lambda told: begun.update({told.partition(" ")[0]: Clock()}))
    return (
        seconds
        | begun["comparing"].told("from_comparing")
        | {
            "pairs": manifest["stages"]["pairs_compared"],
            "accepted": manifest["counts"].get("accept", 0),
        }
    )


def vanilla(folder: Path) -> dict[str, Any]:
    """Splink as its documentation shows it, files in to a file out, training included."""
    import vanilla as splink_job
    from recipes import UK_PEOPLE

    made = folder / "made"
    case = Case(
        council=pipeline.council(made / "council.csv"),
        nhs=pipeline.nhs(made / "nhs.csv"),
        truth=made / "truth.csv",
        recipes={},
    )
    links = splink_job.link(case, UK_PEOPLE, [], SEED).links
    with TemporaryFile("w+", encoding="utf-8", newline="", dir=folder) as file:
        writer = csv.DictWriter(file, list(links[0]))
        writer.writeheader()
        writer.writerows(links)
    return {"accepted": sum(row["band"] == "accept" for row in links)}


def labelled(name: str, folder: Path) -> dict[str, Any]:
    """The product on a labelled file or two, from the files to the files of a run."""
    with TemporaryDirectory() as made:
        case = LABELLED[name](Path(made), Choices(SEED, folder))
        out = Path(made) / "run"
        clock = Clock()
        if case.nhs:
            pipeline.link(LinkJob(case.council, case.nhs, out))
        else:
            pipeline.dedupe(DedupeJob(case.council, out))
        return clock.told("job")


def labelled_vanilla(name: str, folder: Path) -> dict[str, Any]:
    """Splink as its documentation shows it on the same files, training included."""
    import vanilla as splink_job

    with TemporaryDirectory() as made:
        case = LABELLED[name](Path(made), Choices(SEED, folder))
        clock = Clock()
        (splink_job.link if case.nhs else splink_job.dedupe)(case, case.recipes["vanilla"], [], SEED)
        return clock.told("job")


JOBS: dict[str, Callable[[Path], dict[str, Any]]] = {
    job.__name__: job for job in (linkage, vanilla, standardised, scoring, scoring_every_pair, scoring_splink)
}
JOBS |= {name: partial(labelled, name) for name in LABELLED}
JOBS |= {f"{name}_vanilla": partial(labelled_vanilla, name) for name in LABELLED}


def _timed(stage: Callable[..., Any], name: str, seconds: dict[str, float]) -> Callable[..., Any]:
    """`stage`, which adds the seconds that it took to `seconds`."""

    def timed(*values: Any, **named: Any) -> Any:
        started = time.perf_counter()
        answer = stage(*values, **named)
        seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - started
        return answer

    return timed


if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](Path(sys.argv[2]))))
