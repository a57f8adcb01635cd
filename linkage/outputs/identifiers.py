"""What became of identifiers → identifiers.csv: which were retired into which, and which came out of a split."""

from pathlib import Path

from linkage.outputs import Run
from linkage.tabular import write_csv

FILES = ("identifiers.csv",)


def write(run: Run, folder: Path) -> None:
    """Write a row per event: "merged": person_id goes by `other` from now on; "split": it was part of `other`."""
    write_csv(
        run.database,
        "SELECT person_id, event, other FROM succession ORDER BY person_id, event, other",
        folder / "identifiers.csv",
    )
