"""What a user asked for → one frozen description of a run, and the place where its messages go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from linkage.past import Past

Progress = Callable[[str], None]

FULL, CHANGES, EVERYTHING = "full", "changes", "everything"
"""How a run of a workspace is done. Full: it scores everything with statistics of its own. Changes: it scores what has
changed, with the statistics of the last full run. Everything: it scores everything with those; only tests and the
benchmark use it, to check that a run by changes gives the same."""


def silent(message: str) -> None:
    """A `Progress` that shows nothing."""


@dataclass(frozen=True)
class Dataset:
    """One file to read: its path, the dataset it is ("council" or "nhs"), and how its columns are to be read.

    `profile` is the name of a shipped profile, the path of a saved one, or empty to recognise it. `mappings` are
    the user's own input name → column heading. `save_profile` is a file to keep what was recognised in.
    """

    name: str
    path: Path
    profile: str = ""
    mappings: dict[str, str] = field(default_factory=dict)
    save_profile: Path | None = None


@dataclass(frozen=True)
class Limits:
    """Threads (0: all cores), memory as DuckDB text ("4GB", empty: DuckDB's own rule) and the seed of samples."""

    threads: int = 0
    memory: str = ""
    seed: int = 1


@dataclass(frozen=True)
class Terms:
    """What a workspace adds to a job: its purpose, thresholds in place of the model's (accept, review), and its past."""

    purpose: str = "direct care"
    thresholds: dict[str, float] = field(default_factory=dict)
    past: Past = field(default_factory=Past)


@dataclass(frozen=True)
class LinkJob:
    """Everything on which the results of a link run depend, and the folder `out` for them."""

    council: Dataset
    nhs: Dataset
    out: Path
    model: str = "default"
    objections: Path | None = None
    limits: Limits = field(default_factory=Limits)
    terms: Terms = field(default_factory=Terms)


@dataclass(frozen=True)
class DedupeJob:
    """Everything on which the results of a dedupe run depend, and the folder `out` for them."""

    records: Dataset
    out: Path
    model: str = "default"
    limits: Limits = field(default_factory=Limits)
    terms: Terms = field(default_factory=Terms)
    objections: Path | None = None
