"""What people decided → decisions.csv: each standing decision, and what became of it in this run."""

from pathlib import Path

from linkage.outputs import Run
from linkage.tabular import write_csv

FILES = ("decisions.csv",)


def write(run: Run, folder: Path) -> None:
    """Write one row per standing decision that the run was given."""
    write_csv(
        run.database,
        """
        SELECT number, verdict, state, left_dataset, left_record, right_dataset, right_record, day
        FROM ruling ORDER BY number
        """,
        folder / "decisions.csv",
    )
