"""A file with the truth, and the run that it judges → the truth in that run's terms.

A truth may have NHS Numbers that the run's register does not have, or has under another number now.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from linkage.errors import InputError
from linkage.evaluation.judged import read_table
from linkage.fields.nhs_number import read_number
from linkage.runs.run_folder import table_of
from linkage.tables import NHS

RECORDS = "records.parquet"
NO_TRUTH = ("label", "verdict", "band")
"""Columns of files that give a record an NHS Number without saying that it is the right one."""


def read_truth(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a file with the truth, with NHS Numbers as ten digits.

    InputError if it is a sample or a file of a run, has no row, has two rows of one record, or something else in place of
    an NHS Number.
    """
    numbered = {
        place: row for place, row in enumerate(read_table(path, needed), start=2) if any(row.values())
    }
    rows = list(numbered.values())
    if not rows:
        raise InputError(f"{path} has no row below its headings, so there is nothing to judge by.")
    if found := [name for name in NO_TRUTH if name in rows[0]]:
        raise InputError(
            f"{path} has the column {found[0]}, so it is a sample or a file of a run, and --truth takes neither: give a "
            "labelled sample with --sample (for `linkage calibrate`: --labels)."
        )
    first: dict[str, int] = {}
    for place, row in numbered.items():
        if (before := first.setdefault(row["record_id"], place)) != place:
            raise InputError(
                f"{path}, rows {before} and {place}: one record_id twice. Leave one row of each record."
            )
        if "nhs_number" in row:
            number, problem = read_number(row["nhs_number"])
            if problem:
                raise InputError(
                    f"{path}, row {place}: nhs_number is no valid NHS Number; empty says that nobody of the register is right"
                )
            row["nhs_number"] = number or ""
    return rows


def true_numbers(path: Path, folder: Path) -> dict[str, str]:
    """Record id → its NHS Number in the register of the run in `folder` ("" for nobody), by a file that `read_truth` reads."""
    rows = read_truth(path, ("record_id", "nhs_number"))
    numbers = {row["record_id"]: row["nhs_number"] for row in rows}
    live = live_numbers(folder, numbers.values())
    return {record_id: live.get(number, "") for record_id, number in numbers.items()}


def live_numbers(folder: Path, numbers: Iterable[str]) -> dict[str, str]:
    """NHS Number → the one by which the run's register knows that person now, for those of `numbers` that it has. A run
    whose files do not say whom its register has is taken to have all of them."""
    asked = {number for number in numbers if number}
    people = _people(folder)
    if not len(people):
        return {number: number for number in asked}
    import pyarrow
    import pyarrow.compute as compute

    wanted = pyarrow.array(sorted(asked), pyarrow.string())
    named = people.filter(compute.is_in(people["record_id"], value_set=wanted))["record_id"].to_pylist()
    renamed = people.filter(compute.greater(compute.list_value_length(people["former_numbers"]), 0))
    former = {old: row["record_id"] for row in renamed.to_pylist() for old in row["former_numbers"]}
    return {old: live for old, live in former.items() if old in asked} | {number: number for number in named}


def _people(folder: Path) -> Any:
    """The people of a run's register as an Arrow table of record_id and former_numbers; empty if the run's files do not
    have them."""
    if not (folder / RECORDS).is_file():
        return ()
    return table_of(folder, RECORDS, ("record_id", "former_numbers"), [("dataset", "=", NHS)])
