"""A run's folder → by which run an answer is given, how old that is, and what it cannot know yet.

When a run was made stands in its workspace alone: the same input gives the same bytes, and a copied file has the day of the copy.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from linkage.clerical.rulings import standing
from linkage.pages.moments import moment
from linkage.pages.wording import counted
from linkage.reading.lists import read_rows
from linkage.tables import COUNCIL, NHS
from linkage.weekly.store import RUNS, STORE, open_store, read_decisions, runs


def workspace_of(folder: Path) -> Path | None:
    """The workspace that the run in `folder` stands in; None for a run of `linkage link`, or one that was copied out."""
    run = folder.resolve()
    workspace = run.parent.parent
    return workspace if run.parent.name == RUNS and (workspace / STORE).is_file() else None


def as_of(folder: Path, manifest: dict[str, Any], records: Collection[str]) -> dict[str, Any]:
    """{"name", "council", "nhs": names of its two files, "made": when, in UTC as ISO 8601, "newer": name of the workspace's current
    run if that is another one, "decided_since": decisions on `records` (ids and NHS Numbers) that were made or withdrawn since}.

    The last three are None where the run stands in no workspace.
    """
    told = {"name": manifest.get("run", manifest["run_id"])}
    told |= {side: manifest["inputs"][side]["name"] for side in (COUNCIL, NHS)}
    workspace = workspace_of(folder)
    if not workspace:
        return told | dict.fromkeys(("made", "newer", "decided_since"))
    with open_store(workspace) as store:
        made = store.execute("SELECT at FROM run WHERE name = ?", [told["name"]]).fetchall()
        newest = runs(store)[-1:]
        decisions = standing(read_decisions(store))
    sides = {each.number: {each.left.record_id, each.right.record_id} for each in decisions}
    before = {
        int(row["number"]): {row["left_record"], row["right_record"]}
        for row in read_rows(folder / "decisions.csv")
    }
    changed = [(sides | before)[number] for number in sides.keys() ^ before.keys()]
    return told | {
        "made": made[0][0] if made else None,
        "newer": newest[0] if newest and newest[0] != told["name"] else None,
        "decided_since": sum(not pair.isdisjoint(records) for pair in changed),
    }


def as_of_text(told: dict[str, Any]) -> list[str]:
    """What `as_of` found, in lines for a terminal."""
    files = f"from {told['council']} and {told['nhs']}"
    if told["made"]:
        lines = [f"By run {told['name']} of {moment(told['made'])}, {files}."]
    else:
        lines = [
            f"By run {told['name']}, {files}. It does not tell when it was made: see that these files are the latest."
        ]
    if told["newer"]:
        lines.append(f"BEWARE: the workspace has a newer run, {told['newer']}. Ask that.")
    if told["decided_since"]:
        about = "on this patient or these records"
        decided = counted(told["decided_since"], f"decision {about} was", f"decisions {about} were")
        obeyed = "is" if told["decided_since"] == 1 else "are"
        lines.append(f"BEWARE: {decided} made or withdrawn since that run, and {obeyed} not in this answer.")
    return lines
