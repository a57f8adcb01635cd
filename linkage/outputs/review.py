"""Links that a human should look at → review.csv: each candidate with both sides' values as received."""

from pathlib import Path

from linkage.database import columns_of
from linkage.outputs import Run
from linkage.tabular import write_csv

FILES = ("review.csv",)
CANDIDATES_SHOWN = 3
RECEIVED = "_received"


def write(run: Run, folder: Path) -> None:
    """Write one row per review link's candidate; a run on one dataset has none."""
    if run.kind == "dedupe":
        return
    received = [name for name in columns_of(run.database, "record") if name.endswith(RECEIVED)]
    write_csv(run.database, review_query(received), folder / "review.csv")


def review_query(received: list[str]) -> str:
    """The best candidates of every review link; `received` are the columns of `record` to show of both sides.

    Confidence, margin, guards and reason were worked out for the proposed candidate and stand in its row
    only. The NHS Number is the candidate's current one, also where a superseded one matched best.
    """
    proposed = "candidate.rank = 1"
    sides = "".join(
        f""",
            council."{name}" AS "{name.removesuffix(RECEIVED)}_council",
            nhs."{name}" AS "{name.removesuffix(RECEIVED)}_nhs" """
        for name in received
    )
    return f"""
        SELECT
            link.record_id,
            register.nhs_number,
            candidate.rank,
            CASE WHEN {proposed} THEN round(link.confidence, 6) END AS confidence,
            round(candidate.match_weight, 3) AS match_weight,
            CASE WHEN {proposed} THEN round(link.margin, 3) END AS margin,
            CASE WHEN {proposed} THEN array_to_string(link.guards, ';') END AS guards,
            CASE WHEN {proposed} THEN link.reason END AS reason{sides}
        FROM link
        JOIN candidate USING (subject_id)
        JOIN record council ON council.row_id = candidate.left_id
        JOIN record nhs ON nhs.row_id = candidate.right_id
        JOIN (
            SELECT
                subject_id,
                coalesce(
                    min(nhs_number) FILTER (WHERE nhs_number_superseded_by IS NULL), min(nhs_number)
                ) AS nhs_number
            FROM record
            WHERE dataset = 'nhs'
            GROUP BY subject_id
        ) register ON register.subject_id = candidate.other_id
        WHERE link.band = 'review' AND candidate.rank <= {CANDIDATES_SHOWN}
        ORDER BY link.record_id, candidate.rank, register.nhs_number
    """
