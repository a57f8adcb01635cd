"""A run's folder and a file with the truth → how right the run was, in measures of links and of clusters.

Truth columns: record_id; nhs_number (empty: not in the register) for a link run; person (empty: not known) for clusters;
and, where there are any, scenarios (joined with ";"), origin, sex, birth_year, ethnicity and deprivation to report by.
"""

from pathlib import Path
from typing import Any

from linkage.errors import InputError
from linkage.evaluation.judged import (
    council_groups,
    judged,
    read_candidates,
    read_links,
    read_table,
    read_truth,
)
from linkage.evaluation.links import judge_links
from linkage.evaluation.measures import judge_clusters, rounded


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
        result |= judge_links(judged(links, answers, read_candidates(folder), groups))
        result["links_without_truth"] = len(
            {row["record_id"] for row in links} - {row["record_id"] for row in answers}
        )
    if "person" in has:
        predicted = {row["record_id"]: row["person_id"] for row in persons if row["dataset"] != "nhs"}
        known = {row["record_id"]: row["person"] for row in answers if row["person"]}
        result["clusters"] = judge_clusters(predicted, known)
    if len(result) == 1:
        raise InputError(f"{truth.name} has neither nhs_number nor person, so there is nothing to judge by.")
    answer: dict[str, Any] = rounded(result)
    return answer


def _refuse_foreign(truth: Path, answers: list[dict[str, str]], persons: list[dict[str, str]]) -> None:
    """InputError if the truth is about other records: most of neither side are on the other."""
    told = {row["record_id"] for row in answers}
    there = {row["record_id"] for row in persons if row["dataset"] != "nhs"}
    both = len(told & there)
    if both * 2 < len(told) and both * 2 < len(there):
        raise InputError(
            f"{truth.name} tells the truth of {len(told):,} records, of which {both:,} are among the {len(there):,} of the run: "
            "it is of another file"
        )
