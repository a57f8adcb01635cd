"""The rows of a worked list → the same rows, with the leading zeros of record ids that a spreadsheet removed."""

from pathlib import Path

from linkage.clerical.verdicts import SIDES, side_of
from linkage.objections import plain_id
from linkage.tables import COUNCIL
from linkage.weekly.memory import council_seen
from linkage.weekly.store import open_store

Told = dict[str, dict[str, str]]


def with_zeros(folder: Path, told: Told) -> Told:
    """The rows `told` (see `verdicts.told_rows`) of the workspace `folder`, with council record ids mended.

    An id that is in no run is replaced by the one that differs from it in leading zeros only (`plain_id`), if there is
    exactly one and that record has had the values that the row shows. Any other id stays as it is.
    """
    with open_store(folder) as store:
        seen = council_seen(store)
    ids = {record_id for record_id, _ in seen}
    alike: dict[str, list[str]] = {}
    for record_id in ids:
        alike.setdefault(plain_id(record_id), []).append(record_id)
    mended = {where: dict(row) for where, row in told.items()}
    for row in mended.values():
        for side in SIDES:
            dataset, written = side_of(row, side)
            if dataset != COUNCIL or written in ids:
                continue
            match alike.get(plain_id(written)):
                case [record_id] if (record_id, row.get(f"{side}_shown", "")) in seen:
                    row |= {f"{side}_dataset": COUNCIL, f"{side}_record": record_id}
    return mended
