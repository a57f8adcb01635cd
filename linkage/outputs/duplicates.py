"""Pairs of council records that are or may be one person → duplicates.csv, with both sides' values and room for a verdict."""

from pathlib import Path

from linkage.database import columns_of
from linkage.outputs import Run
from linkage.shown import both_sides_sql, shown_columns
from linkage.tabular import write_csv

FILES = ("duplicates.csv",)


def write(run: Run, folder: Path) -> None:
    """Write one row per pair, those that a human should decide first."""
    columns = shown_columns(list(columns_of(run.database, "record")))
    write_csv(run.database, duplicates_query(columns), folder / "duplicates.csv")


def duplicates_query(shown: dict[str, str]) -> str:
    """Pairs that wait for a human by falling confidence, then those that were joined by person; `shown`: field → its column."""
    sides = both_sides_sql(shown, {"one": "left", "other": "right"})
    return f"""
        SELECT
            one.record_id AS left_record,
            other.record_id AS right_record,
            duplicate.band,
            '' AS verdict,
            '' AS why,{sides}
            round(duplicate.confidence, 6) AS confidence,
            round(duplicate.match_weight, 3) AS match_weight,
            duplicate.reason,
            CASE WHEN duplicate.band = 'joined' THEN person.person_id END AS person_id,
            seen_one.fingerprint AS left_shown,
            seen_other.fingerprint AS right_shown
        FROM duplicate
        JOIN record one ON one.row_id = duplicate.left_id
        JOIN record other ON other.row_id = duplicate.right_id
        JOIN person ON person.subject_id = one.subject_id
        LEFT JOIN fingerprint seen_one ON seen_one.subject_id = one.subject_id
        LEFT JOIN fingerprint seen_other ON seen_other.subject_id = other.subject_id
        ORDER BY
            duplicate.band = 'joined',
            CASE WHEN duplicate.band = 'joined' THEN person.person_id END,
            duplicate.confidence DESC,
            one.record_id,
            other.record_id
    """
