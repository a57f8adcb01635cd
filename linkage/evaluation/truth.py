"""A file with the truth, and the run that it is to judge → what is true of that run's records.

A truth may know more than a run could: numbers that its register does not have, or by which it goes no more.
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
"""Columns of files that name an NHS Number for a record without saying that it is the right one."""


def read_truth(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    """Rows of a file with the truth, as `read_table` reads them, NHS Numbers as ten digits; InputError if it is a sample or a
    file of a run, has no row, has two of one record, or something else in place of an NHS Number."""
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
    """Record id → its NHS Number in the register of the run in `folder`, "" for nobody's, by a file with the truth as
    `read_truth` reads it."""
    rows = read_truth(path, ("record_id", "nhs_number"))
    numbers = {row["record_id"]: row["nhs_number"] for row in rows}
    live = live_numbers(folder, numbers.values())
    return {record_id: live.get(number, "") for record_id, number in numbers.items()}


def live_numbers(folder: Path, numbers: Iterable[str]) -> dict[str, str]:
    """Those of `numbers` that the register of a run has → the number by which it knows that person now. A run that does not
    tell its register is taken to have all of them."""
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
    """The people of a run's register, as an Arrow table of record_id and former_numbers; empty if it does not tell."""
    if not (folder / RECORDS).is_file():
        return ()
    return table_of(folder, RECORDS, ("record_id", "former_numbers"), [("dataset", "=", NHS)])
