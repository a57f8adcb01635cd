"""What the last run of a workspace and this one read and linked → cautions where much is missing now."""

from collections.abc import Sequence

from linkage.ingest import Ingested
from linkage.pages.wording import counted
from linkage.past import LastRun

FEWER_ROWS = 0.8
"""Share of the last run's rows of a file, below which there is a caution."""
FEWER_LINKS = 0.9
"""Share of the last run's accepted links, below which there is a caution."""


def since_last(last: LastRun, received: Sequence[Ingested], accepted: int) -> list[str]:
    """A sentence for each file that is missing, and for each that lost columns, all values of a column, or many rows; and
    one if far fewer records are linked. `accepted` is how many this run linked."""
    read = {found.dataset for found in received}
    told = [
        f"No file of {dataset}s was read, where the last run's had {counted(rows, 'row')}: is it left out on purpose?"
        for dataset, rows in last.rows.items()
        if dataset not in read
    ]
    for found in received:
        gone = [name for name in last.columns.get(found.dataset, ()) if name not in found.recognised]
        before = last.rows.get(found.dataset, 0)
        if gone:
            unused = f" (not used: {', '.join(found.unused)})" if found.unused else ""
            told.append(
                f"{found.file} has no column for {', '.join(gone)}, which the last run's file had{unused}: was a heading "
                "renamed?"
            )
        emptied = [
            f"{' + '.join(found.recognised[name])} ({name})"
            for name in last.columns.get(found.dataset, ())
            if name in found.empty
        ]
        if emptied and found.received:
            told.append(
                f"{found.file} has nothing in {', '.join(emptied)}, where the last run's file had: was it exported whole?"
            )
        if found.received < FEWER_ROWS * before:
            told.append(
                f"{found.file} has {counted(found.received, 'row')}, where the last run's file had {before:,}: is it whole?"
            )
    if accepted < FEWER_LINKS * last.accepted:
        told.append(
            f"{counted(accepted, 'record is', 'records are')} linked, where the last run linked {last.accepted:,}: look at both with `linkage "
            "compare` before these results are used."
        )
    return told
