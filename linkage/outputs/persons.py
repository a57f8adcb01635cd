"""The people found → persons.csv: which records are one person, under a person_id that stays."""

from pathlib import Path

from linkage.outputs import Run
from linkage.tabular import write_csv

FILES = ("persons.csv",)


def write(run: Run, folder: Path) -> None:
    """Write one row per council record and per NHS record that one was linked to."""
    write_csv(
        run.database,
        """
        SELECT person_id, dataset, record_id, nhs_number, cluster_size, conflict
        FROM person
        ORDER BY person_id, dataset, record_id, subject_id
        """,
        folder / "persons.csv",
    )
