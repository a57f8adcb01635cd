"""Links that a human should look at → review.csv: each candidate with both sides' values, and room for the decision."""

from pathlib import Path

from linkage import shelf
from linkage.database import columns_of
from linkage.outputs import Run
from linkage.shown import CURRENT_NUMBERS, both_sides_sql, shown_columns
from linkage.tables import CANDIDATES_SHOWN
from linkage.tabular import literal, write_csv

FILES = ("review.csv",)
CLOSE = 10.0
"""Bits that a further candidate may be behind the best and still be shown: a thousandth of its odds."""
NO_GUARD = "likely, but less sure than the threshold"


def write(run: Run, folder: Path) -> None:
    """Write one row per review link's candidate; a run on one dataset has none."""
    if run.kind == "dedupe":
        return
    columns = shown_columns(list(columns_of(run.database, "record")))
    write_csv(run.database, review_query(columns), folder / "review.csv")


def review_query(shown: dict[str, str]) -> str:
    """The best candidates of every review link; `shown` are the fields and their columns to show of both sides.

    Warning, confidence, margin, guards and reason were worked out for the proposed candidate and stand in its row
    only. The NHS Number is the candidate's current one, also where a superseded one matched best.
    """
    proposed = "candidate.rank = 1"
    sides = both_sides_sql(shown, {"council": "council", "nhs": "nhs"})
    return f"""
        SELECT
            link.record_id,
            register.nhs_number,
            candidate.rank,
            CASE WHEN {proposed} THEN {warning_sql()} END AS warning,
            '' AS verdict,
            '' AS why,{sides}
            CASE WHEN {proposed} THEN round(link.confidence, 6) END AS confidence,
            round(candidate.match_weight, 3) AS match_weight,
            CASE WHEN {proposed} THEN round(link.margin, 3) END AS margin,
            CASE WHEN {proposed} THEN array_to_string(link.guards, ';') END AS guards,
            CASE WHEN {proposed} THEN link.reason END AS reason,
            seen_council.fingerprint AS council_shown,
            seen_nhs.fingerprint AS nhs_shown
        FROM link
        JOIN candidate USING (subject_id)
        JOIN record council ON council.row_id = candidate.left_id
        JOIN record nhs ON nhs.row_id = candidate.right_id
        JOIN ({CURRENT_NUMBERS}) register ON register.subject_id = candidate.other_id
        LEFT JOIN fingerprint seen_council ON seen_council.subject_id = candidate.subject_id
        LEFT JOIN fingerprint seen_nhs ON seen_nhs.subject_id = candidate.other_id
        WHERE link.band = 'review'
          AND ({proposed} OR
              candidate.rank <= {CANDIDATES_SHOWN} AND candidate.match_weight >= link.match_weight - {CLOSE!r})
        ORDER BY link.record_id, candidate.rank, register.nhs_number
    """


def warning_sql() -> str:
    """Expression for what the guards of `link` say, in their own words."""
    words = {name: str(shelf.load("guards", name).WORDING) for name in shelf.names("guards")}
    cases = " ".join(f"WHEN '{name}' THEN {literal(said)}" for name, said in words.items())
    told = f"list_transform(link.guards, lambda guard: CASE guard {cases} ELSE guard END)"
    return f"CASE WHEN len(link.guards) > 0 THEN array_to_string({told}, '; ') ELSE '{NO_GUARD}' END"
