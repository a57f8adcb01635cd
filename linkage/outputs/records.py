"""The subjects of a run → records.parquet: what the next run recognises records by, and `compare` finds changes by."""

from pathlib import Path

from linkage.outputs import Run
from linkage.tables import MERGED
from linkage.tabular import literal, write_parquet

FILES = ("records.parquet",)


def write(run: Run, folder: Path) -> None:
    """Write one row per subject of either side; `tied` has the fingerprints of the council records after it that are the
    same person by what they say, not by decision or merge; `to_check` why the record's person is in
    clusters_to_check.csv, which people edit. The hashes have no key, so whoever tries names and dates reads them back."""
    write_parquet(
        run.database,
        f"""
        WITH tied AS (
            SELECT left_subject AS subject_id, list(fingerprint.fingerprint ORDER BY fingerprint.fingerprint) AS tied
            FROM edge
            JOIN person one ON one.subject_id = left_subject
            JOIN person other ON other.subject_id = right_subject AND other.person_id = one.person_id
            JOIN fingerprint ON fingerprint.subject_id = right_subject
            WHERE NOT firm GROUP BY left_subject
        ),
        doubted AS (SELECT person_id, reason AS to_check FROM cluster_to_check JOIN person_key USING (cluster_id))
        SELECT fingerprint.dataset, fingerprint.record_id, person.person_id, fingerprint.fingerprint,
            fingerprint.birth, fingerprint.names, fingerprint.former_numbers,
            nullif(fingerprint.received, fingerprint.fingerprint) AS received, fingerprint.cleaned, tied, to_check,
            subject_id IN (SELECT subject_id FROM screened WHERE reason = {literal(MERGED)}) AS merged
        FROM fingerprint LEFT JOIN person USING (subject_id) LEFT JOIN tied USING (subject_id)
        LEFT JOIN doubted USING (person_id)
        ORDER BY subject_id
        """,
        folder / "records.parquet",
    )
