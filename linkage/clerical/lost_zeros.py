"""The rows of a worked list and the store of a workspace → the same rows with the zeros that a spreadsheet took from record ids."""

from pathlib import Path

from linkage.clerical.verdicts import SIDES, side_of
from linkage.objections import plain_id
from linkage.tables import COUNCIL
from linkage.weekly.memory import council_seen
from linkage.weekly.store import open_store

Told = dict[str, dict[str, str]]


def with_zeros(folder: Path, told: Told) -> Told:
    """`told` is where in the list → the row, as `verdicts.told_rows` gives it.

    An id that no run has is put right if one record alone has it but for its first zeros (`plain_id`), and that record has had the
    values that the row showed. Any other id stays as it is.
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
