"""A run's folder → by which run an answer is given, how old that is, and what it cannot know yet.

When a run was made stands in its workspace alone: the same input gives the same bytes, and a copied file has the day of the copy.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from linkage.pages.moments import moment
from linkage.pages.wording import counted
from linkage.runs.since import Since, unread_files, workspace_of
from linkage.tables import COUNCIL, NHS
from linkage.weekly.store import open_store, runs


def as_of(
    folder: Path, manifest: dict[str, Any], since: Since | None, records: Collection[str]
) -> dict[str, Any]:
    """{"name", "council", "nhs": names of its two files, "made": when, in UTC as ISO 8601, "newer": name of the workspace's current
    run if that is another one, "unread": names of files that the workspace has by now (see `unread_files`), "decided_since":
    decisions `since` the run on `records` (ids and NHS Numbers)}.

    The last four are None where the run stands in no workspace.
    """
    told = {"name": manifest.get("run", manifest["run_id"])}
    told |= {side: manifest["inputs"][side]["name"] for side in (COUNCIL, NHS)}
    workspace = workspace_of(folder)
    if since is None or not workspace:
        return told | dict.fromkeys(("made", "newer", "unread", "decided_since"))
    with open_store(workspace) as store:
        made = store.execute("SELECT at FROM run WHERE name = ?", [told["name"]]).fetchall()
        newest = runs(store)[-1:]
    return told | {
        "made": made[0][0] if made else None,
        "newer": newest[0] if newest and newest[0] != told["name"] else None,
        "unread": unread_files(folder, manifest["inputs"]),
        "decided_since": sum(left[1] in records or right[1] in records for left, right in since),
    }


def as_of_text(told: dict[str, Any]) -> list[str]:
    """What `as_of` found, in lines for a terminal."""
    files = f"from {told['council']} and {told['nhs']}"
    if told["made"]:
        lines = [f"By run {told['name']} of {moment(told['made'])}, {files}."]
    else:
        lines = [
            f"By run {told['name']}, {files}. The run does not record when it was made: check that these files are the latest."
        ]
    if told["newer"]:
        lines.append(f"BEWARE: the workspace has a newer run, {told['newer']}. Ask that.")
    elif told["unread"]:
        files = " and ".join(told["unread"])
        lines.append(
            f"BEWARE: {files} came or changed after that run. Run the workspace again, then ask again."
        )
    if told["decided_since"]:
        about = "on this patient or these records"
        decided = counted(told["decided_since"], f"decision {about} was", f"decisions {about} were")
        lines.append(
            f"BEWARE: {decided} made or withdrawn since that run. Only the next run obeys what was decided."
        )
    return lines
