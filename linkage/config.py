"""What a user asked for → one frozen description of a run, and the place where its messages go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from linkage.past import Past

Progress = Callable[[str], None]

FULL, CHANGES, EVERYTHING = "full", "changes", "everything"
"""How a run of a workspace is done: with statistics of its own; by what has changed; or all anew by the statistics of the
last full run, which is what the second way is held to."""


def silent(message: str) -> None:
    """A progress that says nothing."""


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
    """What a workspace adds to a job: its purpose, its own thresholds (accept, review) and what it remembers."""

    purpose: str = "direct care"
    thresholds: dict[str, float] = field(default_factory=dict)
    past: Past = field(default_factory=Past)


@dataclass(frozen=True)
class LinkJob:
    """Everything that decides what a run of the main job gives."""

    council: Dataset
    nhs: Dataset
    out: Path
    model: str = "default"
    objections: Path | None = None
    limits: Limits = field(default_factory=Limits)
    terms: Terms = field(default_factory=Terms)


@dataclass(frozen=True)
class DedupeJob:
    """Everything that decides what a run on one dataset gives."""

    records: Dataset
    out: Path
    model: str = "default"
    limits: Limits = field(default_factory=Limits)
    terms: Terms = field(default_factory=Terms)
    objections: Path | None = None
