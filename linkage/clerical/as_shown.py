"""A list that came back and the lists of a workspace's runs → whether each row still shows what a run showed of its records.

Who sorts some columns of a spreadsheet and not the others, or types over a name, looks at other people than the ids of the
row are. What spreadsheets do by themselves changes nothing: other forms of a date, zeros, spaces and letters lost.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from linkage.errors import InputError
from linkage.past import Decision, Side
from linkage.reading.lists import read_rows
from linkage.tables import COUNCIL, NHS
from linkage.values.dates import read_date
from linkage.weekly.store import RUNS

Values = dict[str, str]
ENDINGS = ("council", "nhs", "left", "right")
LISTS = {
    "review.csv": (("council", COUNCIL, "record_id"), ("nhs", NHS, "nhs_number")),
    "duplicates.csv": (("left", COUNCIL, "left_record"), ("right", COUNCIL, "right_record")),
}
"""List of a run → for each of its sides what its columns end in, its dataset and the column of its id."""


class Told(NamedTuple):
    """What a row of a list that came back shows of one record."""

    where: str
    side: Side
    values: Values


def refuse_other_values(
    folder: Path, rows: Mapping[str, dict[str, str]], given: Mapping[str, Decision]
) -> None:
    """InputError if a row shows of a record, known by its id and fingerprint, what no run of the workspace showed of it.

    `rows` and `given` are where → the row and its decision. Columns that the list does not have are not missed, nor are
    records that no run's list has, as when the run was deleted.
    """
    waiting = [told for where, row in rows.items() for told in _told(where, row, given[where])]
    wrong: dict[tuple[str, Side], list[str]] = {}
    for run in sorted((folder / RUNS).glob("[0-9]*-*"), reverse=True):
        shown = _shown(run, {told.side for told in waiting}) if waiting else {}
        for told in list(waiting):
            if told.side in shown:
                unlike = min((_unlike(told.values, values) for values in shown[told.side]), key=len)
                wrong[told.where, told.side] = unlike
                if not unlike:
                    waiting.remove(told)
    for (where, side), columns in wrong.items():
        if columns:
            raise InputError(
                f"{where}{', '.join(columns)} of the {side.dataset} record is not what was shown of it: was a column sorted "
                "by itself, or a value typed over? Take the list of the run anew; columns that nobody needs may be left out"
            )


def _told(where: str, row: dict[str, str], decision: Decision) -> Iterator[Told]:
    for ending, side in zip(ENDINGS, (decision.left, decision.right) * 2, strict=True):
        values = _values(row, ending)
        if values:
            yield Told(where, side, values)


def _values(row: Mapping[str, str], ending: str) -> Values:
    return {
        name.removesuffix(f"_{ending}"): value for name, value in row.items() if name.endswith(f"_{ending}")
    }


def _shown(run: Path, wanted: set[Side]) -> dict[Side, list[Values]]:
    """What the lists of a run show of the records `wanted`; a list that cannot be read shows nothing."""
    shown: dict[Side, list[Values]] = {}
    for name, sides in LISTS.items():
        try:
            rows = read_rows(run / name)
        except InputError:
            continue
        for row in rows:
            for ending, dataset, column in sides:
                side = Side(dataset, row.get(column, ""), row.get(f"{ending}_shown", ""))
                if side in wanted:
                    shown.setdefault(side, []).append(_values(row, ending))
    return shown


def _unlike(told: Values, shown: Values) -> list[str]:
    """The fields that both have and that differ by more than a spreadsheet does."""
    return [name for name in shown if name in told and not is_alike(shown[name], told[name])]


def is_alike(shown: str, told: str) -> bool:
    """Whether a spreadsheet may have made `told` of what was `shown`: case, spaces, signs, zeros in front, letters that an
    encoding does not have, another form of a date or a long number cut to its first digits."""
    if _pattern(shown).fullmatch(_plain(told)):
        return True
    parts = _date_parts(shown)
    return (parts is not None and parts == _date_parts(told)) or _is_cut(_plain(shown), told)


@lru_cache(maxsize=4096)
def _pattern(shown: str) -> re.Pattern[str]:
    """What may come back of a text: a letter beyond ASCII may be another, several or none."""
    return re.compile("".join(letter if letter.isascii() else ".{0,4}" for letter in _plain(shown)))


def _plain(text: str) -> str:
    """Letters and digits alone, in lower case; a number without zeros in front or ".0" behind."""
    text = re.sub(r"^\s*([0-9]+)\.0*\s*$", r"\1", unicodedata.normalize("NFC", text)).casefold()
    plain = "".join(letter for letter in text if letter.isalnum())
    return plain.lstrip("0") if plain.isdigit() else plain


def _date_parts(text: str) -> tuple[int, ...] | None:
    """Day, month and year without its century, in order of size, since day and month may have changed places."""
    found = read_date(text.strip().upper()).value
    return tuple(sorted((found.day, found.month, found.year % 100))) if found else None


def _is_cut(plain: str, told: str) -> bool:
    """Whether `told` is a number such as 4.4E+11 for the digits `plain`."""
    cut = re.fullmatch(r"([0-9])(?:[.,]([0-9]+))?[Ee]\+([0-9]+)", told.strip())
    if not cut or not plain.isdigit() or int(cut[3]) != len(plain) - 1:
        return False
    kept = 1 + len(cut[2] or "")
    return bool(abs(int(cut[1] + (cut[2] or "")) - int(plain) / 10 ** (len(plain) - kept)) <= 1)
