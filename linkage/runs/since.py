"""A run's folder → what people have decided since it was made, and what of its links that leaves in doubt.

The run does not obey such a decision; the next one does. Until then an answer shows no record on which it may turn.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from linkage.clerical.rulings import standing
from linkage.errors import LinkageError
from linkage.ingest import sha256_of
from linkage.past import DIFFERENT, SAME
from linkage.reading.lists import read_rows
from linkage.runs.run_folder import rows_of
from linkage.tables import ACCEPT, COUNCIL, NHS
from linkage.weekly.settings import read_job
from linkage.weekly.store import RUNS, STORE, open_store, read_decisions

Party = tuple[str, str]
"""One side of a decision: dataset, and record id or NHS Number."""
Since = dict[tuple[Party, Party], str]
"""Two sides → the verdict that stands on them now, "" if it was withdrawn; only where the run had another one, or none."""


def workspace_of(folder: Path) -> Path | None:
    """The workspace that the run in `folder` stands in; None for a run of `linkage link`, or one that was copied out."""
    run = folder.resolve()
    workspace = run.parent.parent
    return workspace if run.parent.name == RUNS and (workspace / STORE).is_file() else None


def decided_since(folder: Path) -> Since | None:
    """What people have decided or withdrawn since the run in `folder`; None where it stands in no workspace."""
    workspace = workspace_of(folder)
    if not workspace:
        return None
    with open_store(workspace) as store:
        now = {each.number: each for each in standing(read_decisions(store))}
    then = {int(row["number"]): row for row in read_rows(folder / "decisions.csv")}
    withdrawn = {
        ((row["left_dataset"], row["left_record"]), (row["right_dataset"], row["right_record"])): ""
        for number, row in then.items()
        if number not in now
    }
    return withdrawn | {
        ((each.left.dataset, each.left.record_id), (each.right.dataset, each.right.record_id)): each.verdict
        for number, each in now.items()
        if number not in then
    }


def unread_files(folder: Path, inputs: dict[str, dict[str, Any]]) -> list[str]:
    """Names of the files that the workspace of the run in `folder` would read now, and that this run did not read as they are.

    `inputs` are those of the run's manifest. A register, which is large, is known by its name only; the other two by their hash.
    """
    workspace = workspace_of(folder)
    if not workspace:
        return []
    try:
        job = read_job(workspace, folder)
    except LinkageError:
        return []
    read = {told["name"]: told["sha256"] for told in inputs.values()}
    files = [file for file in (job.council.path, job.objections) if file and file.is_file()]
    changed = [file.name for file in files if sha256_of(file) not in read.values()]
    return changed if job.nhs.path.name in read else [*changed, job.nhs.path.name]


def unsettled(
    folder: Path, since: Since, numbers: Collection[str], accepted: Collection[str]
) -> tuple[set[str], set[str], set[str]]:
    """Record ids of which decisions `since` the run leave open, or have settled, whether they are one patient's.

    `numbers` are the patient's, `accepted` the records that the run linked to them. Returns those of `accepted` whose link
    may not stand, others that may be the patient's now, and others that a person has decided to be somebody else's.
    """
    elsewhere = _accepted(folder, since) - set(accepted)
    shaken: set[str] = set()
    possible: set[str] = set()
    cleared: set[str] = set()
    for record, other, verdict in _of_council(since):
        theirs = other in {(NHS, number) for number in numbers}
        if record in accepted:
            one_of_them = theirs or (other[0] == COUNCIL and other[1] in accepted)
            # The same as another patient, or as a record that is linked to one.
            drawn_away = verdict == SAME and (other[0] == NHS or other[1] in elsewhere)
            shaken |= {record} if (verdict != SAME if one_of_them else drawn_away) else set()
        elif theirs:
            (cleared if verdict == DIFFERENT else possible).add(record)
        elif verdict == SAME and other[0] == COUNCIL and other[1] in accepted:
            possible.add(record)
    return shaken, possible, cleared


def _of_council(since: Since) -> Sequence[tuple[str, Party, str]]:
    """Each council record of each decision, the other side, and the verdict."""
    sides = [(*pair, verdict) for pair, verdict in since.items()]
    sides += [(right, left, verdict) for left, right, verdict in sides]
    return [(one[1], other, verdict) for one, other, verdict in sides if one[0] == COUNCIL]


def _accepted(folder: Path, since: Since) -> set[str]:
    """The council records of these decisions that the run linked to anybody."""
    asked = sorted({record for record, _, _ in _of_council(since)})
    rows = (
        rows_of(folder, "links.parquet", ("record_id", "band"), [("record_id", "in", asked)]) if asked else []
    )
    return {row["record_id"] for row in rows if row["band"] == ACCEPT}
