"""Clusters that may not be one person → clusters_to_check.csv, most risky first, with room for a verdict."""

from pathlib import Path

from linkage.outputs import Run
from linkage.tabular import write_csv

FILES = ("clusters_to_check.csv",)


def write(run: Run, folder: Path) -> None:
    """Write one row per cluster: the tie to decide on, in the columns that `linkage decisions --import` takes."""
    write_csv(
        run.database,
        """
        SELECT
            person_key.person_id,
            round(checked.risk, 6) AS risk,
            checked.reason,
            '' AS verdict,
            '' AS why,
            one.dataset AS left_dataset,
            one.record_id AS left_record,
            other.dataset AS right_dataset,
            other.record_id AS right_record,
            checked.part,
            round(checked.bits, 3) AS weakest_cut,
            round(checked.density, 3) AS density,
            checked.records,
            checked.records_before,
            one.fingerprint AS left_shown,
            other.fingerprint AS right_shown
        FROM cluster_to_check checked
        JOIN person_key USING (cluster_id)
        JOIN fingerprint one ON one.subject_id = checked.left_subject
        JOIN fingerprint other ON other.subject_id = checked.right_subject
        ORDER BY checked.risk DESC, person_key.person_id
        """,
        folder / "clusters_to_check.csv",
    )
