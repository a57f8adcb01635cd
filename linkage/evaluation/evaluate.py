"""A run's folder and a file with the truth → how right the run was, in measures of links and of clusters.

Truth columns: record_id; nhs_number (empty: not in the register) for a link run; person (empty: not known) for clusters;
and, where there are any, scenarios (joined with ";"), origin, sex, birth_year, ethnicity and deprivation to report by.
"""

from pathlib import Path
from typing import Any

from linkage.errors import InputError
from linkage.evaluation.judged import council_groups, judged, read_candidates, read_links, read_table
from linkage.evaluation.links import judge_links
from linkage.evaluation.measures import judge_clusters, rounded
from linkage.evaluation.truth import RECORDS, live_numbers, read_truth
from linkage.runs.run_folder import table_of
from linkage.tables import ACCEPT, NHS


def evaluate(folder: Path, truth: Path, council: Path | None = None) -> dict[str, Any]:
    """Judge the run in `folder` by `truth` (CSV or Parquet); InputError if either lacks what is needed.

    Shares are 0–1, rounded to 6 decimals; one that has no denominator is None. With the `council` file, results are
    also told by the sex, decade of birth, ethnic group and deprivation that it gives.
    """
    answers = read_truth(truth, ("record_id",))
    persons = read_table(folder / "persons.csv", ("person_id", "dataset", "record_id"))
    _refuse_foreign(truth, answers, persons)
    has = answers[0].keys()
    result: dict[str, Any] = {"truth_records": len(answers)}
    if (folder / "links.csv").is_file():
        if "nhs_number" not in has:
            raise InputError(f"{truth.name} has no column nhs_number, so links cannot be judged by it.")
        links = read_links(folder)
        groups = council_groups(council) if council else {}
        outside = _hold_to_register(folder, answers)
        result |= judge_links(judged(links, answers, read_candidates(folder), groups))
        told = {row["record_id"] for row in answers}
        untold = [row for row in links if row["record_id"] not in told]
        result |= {
            "numbers_outside_register": outside,
            "links_without_truth": len(untold),
            "accepted_without_truth": sum(row["band"] == ACCEPT for row in untold),
        }
    if "person" in has:
        result["clusters"] = _judge_people(folder, answers, persons)
    if len(result) == 1:
        raise InputError(f"{truth.name} has neither nhs_number nor person, so there is nothing to judge by.")
    answer: dict[str, Any] = rounded(result)
    return answer


def _refuse_foreign(truth: Path, answers: list[dict[str, str]], persons: list[dict[str, str]]) -> None:
    """InputError if the truth is about another file: less than half of its records are in the run, and less than half of
    the run's in it."""
    told = {row["record_id"] for row in answers}
    there = {row["record_id"] for row in persons if row["dataset"] != "nhs"}
    both = len(told & there)
    if both * 2 < len(told) and both * 2 < len(there):
        raise InputError(
            f"{truth.name} tells the truth of {len(told):,} records, of which {both:,} are among the {len(there):,} of the run: "
            "it is of another file"
        )


def _hold_to_register(folder: Path, answers: list[dict[str, str]]) -> int:
    """Replace each NHS Number in `answers` by the one that the run's register has for that person, or by "" if it has
    nobody of that number; return how many were replaced by ""."""
    live = live_numbers(folder, (row["nhs_number"] for row in answers))
    outside = sum(row["nhs_number"] not in live for row in answers if row["nhs_number"])
    for row in answers:
        row["nhs_number"] = live.get(row["nhs_number"], "")
    return outside


def _judge_people(
    folder: Path, answers: list[dict[str, str]], persons: list[dict[str, str]]
) -> dict[str, Any]:
    """The measures of a run's people (see `judge_clusters`), over the records that were in the run and that the council
    had not merged: a merge that the run was given is not its finding."""
    merged = _merged(folder)
    found = {row["record_id"]: row["person_id"] for row in persons if row["dataset"] != NHS}
    known = {row["record_id"]: row["person"] for row in answers if row["person"]}
    there = {record: person for record, person in known.items() if record in found}
    judged = {record: person for record, person in there.items() if record not in merged}
    return judge_clusters(found, judged) | {
        "absent": len(known) - len(there),
        "merged_before": len(there) - len(judged),
    }


def _merged(folder: Path) -> set[str]:
    """Records that the council had merged into another; none if the run's files do not say so."""
    if not (folder / RECORDS).is_file():
        return set()
    told = table_of(folder, RECORDS)
    if "merged" not in told.column_names:
        return set()
    return set(told.filter(told["merged"])["record_id"].to_pylist())
