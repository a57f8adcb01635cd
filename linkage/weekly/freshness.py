"""The state of the last full run, and this run's model and files → whether the state may still be used, and until when."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from linkage.ingest import Ingested
from linkage.model import Model
from linkage.software import software
from linkage.tables import COUNCIL, NHS
from linkage.values.dates import today
from linkage.weekly.changes import Changes
from linkage.weekly.state import Kept, UnusableError

MOST_CHANGED = 0.05
"""Share of the rows of a dataset that may have changed since the last full run; above it the run is a full one."""
LONGEST = timedelta(weeks=13)
"""Age of the last full run above which the run is a full one."""


def made_with(trained: Model) -> dict[str, Any]:
    """What must be the same as when the state was made, for it to be used; known before files are read."""
    return {
        "software": software(),
        "model": trained.version,
        "thresholds": [trained.accept, trained.review],
        # The century of a two-digit year depends on the current year.
        "year": today().year,
    }


def read_as(received: Sequence[Ingested]) -> dict[str, Any]:
    """What must be the same as when the state was made, for it to be used; known once files are read."""
    read = [found for found in received if found.dataset in (COUNCIL, NHS)]
    return {
        "columns": {found.dataset: found.recognised for found in read},
        "unknown ids": {found.dataset: found.unknown_ids for found in read},
    }


def check_fresh(kept: Kept, changes: dict[str, Changes]) -> None:
    """UnusableError if the last full run is older than `LONGEST`, or more than `MOST_CHANGED` of a dataset's rows changed."""
    if datetime.now(UTC) - datetime.fromisoformat(kept.told["at"]) > LONGEST:
        raise UnusableError(f"the last full run is more than {LONGEST.days // 7} weeks ago")
    for dataset, found in changes.items():
        if found.share > MOST_CHANGED:
            raise UnusableError(f"{found.share:.1%} of the {dataset} rows changed since the last full run")


def next_full(kept: Kept) -> dict[str, Any]:
    """For the manifest: the full run whose statistics are used, its day, and when the next full run is due."""
    made = datetime.fromisoformat(kept.told["at"])
    return {
        "statistics": kept.told["run_id"],
        "statistics_of": made.date().isoformat(),
        "next_full": (made + LONGEST).date().isoformat(),
        "most_changed": MOST_CHANGED,
    }
