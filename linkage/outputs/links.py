"""The decisions → links.csv and links.parquet: one row for every council record that was not rejected."""

from pathlib import Path

from linkage.outputs import Run
from linkage.tabular import literal, write_csv, write_parquet

FILES = ("links.csv", "links.parquet")


def write(run: Run, folder: Path) -> None:
    """Write the links; a run on one dataset has none."""
    if run.kind == "dedupe":
        return
    write_csv(run.database, links_query(run), folder / "links.csv")
    write_parquet(run.database, links_query(run), folder / "links.parquet")


def links_query(run: Run) -> str:
    """One row per council record, by record_id: the columns that users have been promised."""
    return f"""
        SELECT
            'council' AS dataset,
            link.record_id,
            link.nhs_number,
            link.band,
            round(link.confidence, 6) AS confidence,
            round(link.match_weight, 3) AS match_weight,
            round(link.margin, 3) AS margin,
            link.candidates,
            link.method,
            array_to_string(link.guards, ';') AS guards,
            link.reason,
            link.nhs_number_held,
            link.nhs_number_status,
            person.person_id,
            {literal(run.run_id)} AS run_id,
            {literal(f"{run.model.name} {run.model.version}")} AS model
        FROM link LEFT JOIN person USING (subject_id)
        ORDER BY link.record_id, link.subject_id
    """
