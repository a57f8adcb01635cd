"""A run and a patient's NHS Numbers → the council records that may be the patient's, though they are not linked to them.

Without them "not known" would be said of people whom the council's file knows by that very number. Of records that may not
be linked, such as those of whoever objects, nothing is told.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from linkage.outputs.review import CLOSE
from linkage.past import DIFFERENT
from linkage.reading.lists import read_rows
from linkage.runs.run_folder import rows_of
from linkage.runs.since import Since, unsettled
from linkage.screen import NOTHING_TO_LINK
from linkage.tables import ACCEPT, CANDIDATES_SHOWN, COUNCIL, MERGED, NONE, NOT_LINKED, REVIEW

ASKED_ABOUT = frozenset(f"{NOT_LINKED}{reason}." for reason in (MERGED, NOTHING_TO_LINK))
"""What links.csv says of records that are left out, but not since they or the person may not be linked."""
Rows = list[dict[str, Any]]


def doubtful(
    folder: Path, numbers: Sequence[str], accepted: Rows, likely: float, since: Since
) -> tuple[Rows, set[str], set[str]]:
    """The rows of `accepted` that may be shown; record ids of the run that wait for a person to decide on this patient, as in
    review.csv; and those of others that may be theirs.

    `numbers` are the patient's, the live one first; `accepted` the rows of links.parquet that are linked to it; `likely` is the
    confidence from which the run proposes a link; `since` what people have decided since. The others are linked to nobody, or
    proposed for somebody else, and hold one of the numbers (also where the record was merged away, or has no name), or are of one
    person with an accepted record, or a person could not tell of them, or has decided since that they are the patient's, or that
    an accepted one is not. Not those that a person decided to be somebody else's.
    """
    candidates = _candidates(folder, numbers[0])
    persons = {row["person_id"] for row in accepted}
    shaken, possible, cleared = unsettled(folder, since, numbers, {row["record_id"] for row in accepted})
    asked = {
        "record_id": [*candidates, *shaken, *possible],
        "nhs_number": numbers[:1],
        "nhs_number_held": numbers,
        "person_id": persons,
    }
    any_of = [[(name, "in", sorted(values))] for name, values in asked.items() if values]
    waiting, others = set(), set()
    for row in rows_of(folder, "links.parquet", filters=any_of):
        name = row["record_id"]
        rank, weight = candidates.get(name, (0, 0.0))
        near = rank == 1 or (0 < rank <= CANDIDATES_SHOWN and weight >= (row["match_weight"] or 0) - CLOSE)
        holds, same = row["nhs_number_held"] in numbers, row["person_id"] in persons
        # Of as likely a person as this no run says that there is nobody: a person could not tell.
        open_case = rank == 1 and row["confidence"] >= likely
        if row["band"] == REVIEW and (near or row["nhs_number"] == numbers[0]):
            waiting.add(name)
        elif row["band"] in (REVIEW, NONE):
            others |= {name} if holds or same or open_case or name in possible else set()
        elif row["band"] == ACCEPT:
            others |= {name} & (shaken | possible)
        elif row["reason"] in ASKED_ABOUT and ((holds and not same) or name in possible):
            others.add(name)
    shown = [row for row in accepted if row["record_id"] not in shaken]
    return shown, waiting - cleared, others - cleared - (_somebody_else(folder, numbers) - possible)


def _candidates(folder: Path, number: str) -> dict[str, tuple[int, float]]:
    """Records that have this number among their candidates → its best rank there and its bits."""
    columns = ("record_id", "rank", "match_weight")
    rows = rows_of(
        folder, "evidence.parquet", columns, [("nhs_number", "=", number), ("comparison", "=", "prior")]
    )
    return {
        row["record_id"]: (row["rank"], row["match_weight"])
        for row in sorted(rows, key=lambda row: -row["rank"])
    }


def _somebody_else(folder: Path, numbers: Sequence[str]) -> set[str]:
    """Records of which a person decided that they are not this patient's."""
    rows = read_rows(folder / "decisions.csv")
    return {
        row["left_record"]
        for row in rows
        if row["verdict"] == DIFFERENT and row["left_dataset"] == COUNCIL and row["right_record"] in numbers
    }
