"""Who each record is → records.parquet: what the next run knows a record by, and what `compare` tells changes by."""

from pathlib import Path

from linkage.outputs import Run
from linkage.tables import MERGED
from linkage.tabular import literal, write_parquet

FILES = ("records.parquet",)


def write(run: Run, folder: Path) -> None:
    """Write one row per subject of either side; the hashes have no key, so whoever tries names and dates reads them back."""
    write_parquet(
        run.database,
        f"""
        SELECT fingerprint.dataset, fingerprint.record_id, person.person_id, fingerprint.fingerprint,
            fingerprint.birth, fingerprint.names, fingerprint.former_numbers,
            nullif(fingerprint.received, fingerprint.fingerprint) AS received, fingerprint.cleaned,
            subject_id IN (SELECT subject_id FROM screened WHERE reason = {literal(MERGED)}) AS merged
        FROM fingerprint LEFT JOIN person USING (subject_id)
        ORDER BY subject_id
        """,
        folder / "records.parquet",
    )
