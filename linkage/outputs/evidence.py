"""Evidence for the best candidates → evidence.parquet: what `explain` shows, with both sides' values."""

from pathlib import Path
from typing import Any

from linkage.database import columns_of
from linkage.outputs import Run
from linkage.shown import CURRENT_NUMBERS, shown_sql
from linkage.tables import CANDIDATES_EXPLAINED
from linkage.tabular import write_parquet

FILES = ("evidence.parquet",)


def write(run: Run, folder: Path) -> None:
    """Write one row per candidate and comparison; a run on one dataset has none."""
    if run.kind == "dedupe":
        return
    columns = set(columns_of(run.database, "record"))
    write_parquet(run.database, evidence_query(run.model.comparisons, columns), folder / "evidence.parquet")


def evidence_query(comparisons: tuple[Any, ...], columns: set[str]) -> str:
    """Evidence by record, rank and the model's order of comparisons; starting odds first, corrections last.

    `comparisons` are the model's; `columns` are the columns of `record`. The NHS Number is the candidate's
    current one. What must not be shown of sensitive people is withheld.
    """
    names = [comparison.name for comparison in comparisons]
    received = [(place.name, f"{place.field}_received") for place in comparisons]
    shown = [(name, column) for name, column in received if column in columns]
    values = "".join(
        f', {shown_sql(side, other, name, column)} AS "{side}_{name}"'
        for side, other in (("council", "nhs"), ("nhs", "council"))
        for name, column in shown
    )
    order = " ".join(f"WHEN '{name}' THEN {place}" for place, name in enumerate(["prior", *names]))
    # The shown values are joined once per candidate, not once per comparison.
    return f"""
        WITH told AS (
            SELECT candidate.subject_id, candidate.left_id, candidate.right_id, candidate.rank, candidate.match_weight,
                council.record_id, register.nhs_number{values}
            FROM candidate
            JOIN record council ON council.row_id = candidate.left_id
            JOIN record nhs ON nhs.row_id = candidate.right_id
            JOIN ({CURRENT_NUMBERS}) register ON register.subject_id = candidate.other_id
            WHERE candidate.rank <= {CANDIDATES_EXPLAINED}
        )
        SELECT
            told.record_id,
            told.nhs_number,
            told.rank,
            round(told.match_weight, 3) AS match_weight,
            evidence.comparison,
            evidence.level,
            evidence.wording,
            round(evidence.weight, 3) AS weight,
            {value_of("council", shown)} AS value_council,
            {value_of("nhs", shown)} AS value_nhs
        FROM told JOIN evidence USING (left_id, right_id)
        ORDER BY
            told.subject_id, told.rank, CASE evidence.comparison {order} ELSE {len(names) + 1} END
    """


def value_of(side: str, shown: list[tuple[str, str]]) -> str:
    """SQL for the received value that a comparison stands on; `shown`: (comparison, column of `record`)."""
    cases = " ".join(f"""WHEN '{name}' THEN told."{side}_{name}" """ for name, _ in shown)
    return f"CASE evidence.comparison {cases}END" if cases else "CAST(NULL AS VARCHAR)"
