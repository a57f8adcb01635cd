"""A run's folder and an NHS Number → the number that stands for it there, and the others of the same person."""

from pathlib import Path

from linkage.runs.run_folder import rows_of, table_of
from linkage.runs.since import workspace_of
from linkage.tables import NHS
from linkage.weekly.memory import successors
from linkage.weekly.store import open_store


def numbers_of(folder: Path, asked: str) -> list[str]:
    """The number that stands for `asked` in the run, being the one that replaced it if one did, then those it replaced."""
    import pyarrow.compute as compute

    rows = table_of(folder, "records.parquet", ("record_id", "former_numbers"), [("dataset", "=", NHS)])
    rows = rows.filter(compute.greater(compute.list_value_length(rows["former_numbers"]), 0)).to_pylist()
    replaced = {row["record_id"]: row["former_numbers"] for row in rows}
    former = {old: live for live, numbers in replaced.items() for old in numbers}
    live = former.get(asked) or _remembered(folder, asked, former)
    return [live, *sorted({asked, *replaced.get(live, [])} - {live})]


def _remembered(folder: Path, asked: str, former: dict[str, str]) -> str:
    """The number that replaced `asked` by what an earlier register said, unless this run's has it as a live one; else `asked`."""
    workspace = workspace_of(folder)
    if not workspace:
        return asked
    with open_store(workspace) as store:
        remembered = successors(store)
    live, seen = asked, {asked}
    while live in remembered and not _is_live(folder, live):
        live = former.get(remembered[live], remembered[live])
        if live in seen:
            return asked
        seen.add(live)
    return live


def _is_live(folder: Path, number: str) -> bool:
    """Whether the run's register has somebody under this number."""
    return bool(
        rows_of(
            folder, "records.parquet", ("record_id",), [("dataset", "=", NHS), ("record_id", "=", number)]
        )
    )
