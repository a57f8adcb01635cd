"""The folder of a run → what its records are called and known by: ids, superseded NHS Numbers and fingerprints; and which
NHS Numbers it proposed for them."""

from pathlib import Path
from typing import Any

from linkage.clerical.verdicts import Held
from linkage.runs.run_folder import rows_of, table_of


def fingerprints(run: Path, wanted: set[str]) -> Held:
    """(dataset, record id or superseded NHS Number) → (dataset, record id now, fingerprint), for the records `wanted`."""
    import pyarrow.compute

    table = _records(run)
    chosen = _is_one_of(table["record_id"], wanted)
    former = pyarrow.compute.greater(pyarrow.compute.list_value_length(table["former_numbers"]), 0)
    held: Held = {}
    for row in table.filter(pyarrow.compute.or_(chosen, former)).to_pylist():
        for name in {row["record_id"], *row["former_numbers"]} & wanted:
            held[row["dataset"], name] = (row["dataset"], row["record_id"], row["fingerprint"])
    return held


def names_by_values(run: Path, shown: set[str]) -> dict[tuple[str, str], set[str]]:
    """(dataset, fingerprint) → the ids of the records of a run that have it, with former NHS Numbers."""
    table = _records(run)
    names: dict[tuple[str, str], set[str]] = {}
    for row in table.filter(_is_one_of(table["fingerprint"], shown)).to_pylist():
        known = names.setdefault((row["dataset"], row["fingerprint"]), set())
        known |= {row["record_id"], *row["former_numbers"]}
    return names


def proposed(run: Path, records: set[str]) -> set[tuple[str, str]]:
    """The pairs (council record id, live NHS Number) that a run linked or has evidence for, of the records `wanted`."""
    wanted = [("record_id", "in", sorted(records))]
    return {
        (row["record_id"], row["nhs_number"])
        for name in ("links.parquet", "evidence.parquet")
        for row in rows_of(run, name, ("record_id", "nhs_number"), wanted)
    }


def _records(run: Path) -> Any:
    """The ids and fingerprints of a run's records, as an Arrow table."""
    return table_of(run, "records.parquet", ("dataset", "record_id", "fingerprint", "former_numbers"))


def _is_one_of(column: Any, wanted: set[str]) -> Any:
    import pyarrow.compute

    return pyarrow.compute.is_in(column, pyarrow.array(sorted(wanted), pyarrow.string()))
