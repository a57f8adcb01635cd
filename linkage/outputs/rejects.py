"""Rows that were set aside → rejects.csv: file, row, column and what is wrong, never the value itself."""

from pathlib import Path

from linkage.outputs import Run
from linkage.tabular import write_csv

FILES = ("rejects.csv",)


def write(run: Run, folder: Path) -> None:
    """Write one row per thing that was wrong."""
    write_csv(
        run.database,
        """
        SELECT file, row_number AS "row", column_name AS "column", problem
        FROM reject
        ORDER BY file, row_number, column_name, problem
        """,
        folder / "rejects.csv",
    )
