"""Numbers of people and clients, and a seed → a made-up council and NHS register, and who is who."""

from pathlib import Path

from linkage.config import Progress, silent
from linkage.errors import LimitError, OutputError
from linkage.file_locks import patiently, remove
from linkage.spill import new_folder

ADULTS_AT_LEAST = 0.6


def generate(
    people: int,
    clients: int,
    seed: int,
    out: Path,
    hard: bool = False,
    progress: Progress = silent,
) -> dict[str, int]:
    """Write council.csv, nhs.csv, objections.csv and truth.csv into `out`; return the counts.

    The same arguments give the same bytes. `hard` about doubles the mistakes and the share of clients whom
    the register lacks. Raises OutputError where `out` exists and is not empty, LimitError where there are
    too few people for the clients. Counts: people, register_rows, council_rows, clients, clients_absent,
    objections, and scenario_<name> for the council records with that tag.
    """
    from linkage.population.build import build

    if clients < 1 or clients > people * ADULTS_AT_LEAST:
        raise LimitError(f"{people} people cannot hold {clients} clients. Ask for 1 to 60% of the people.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise OutputError(f"{out} exists and is not an empty folder. Choose another folder.")
    out.parent.mkdir(parents=True, exist_ok=True)
    temporary = new_folder(out.parent, f".{out.name}-")
    try:
        counts = build(people, clients, seed, temporary, hard, progress)
        if out.exists():
            out.rmdir()
        patiently(lambda: temporary.rename(out))
    finally:
        remove(temporary)
    return counts
