"""A worked list and the lists of a workspace's runs → whether each row still shows the values that a run showed of its
records.

If somebody sorts some columns of a spreadsheet and not the others, or types over a name, the values that were looked at
are not those of the ids in the row. What spreadsheets change by themselves is allowed: other forms of a date, lost zeros,
spaces and letters.
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
"""File of a run → for each of its two sides: the ending of its columns, its dataset, and the column with its id."""


class Told(NamedTuple):
    """The values that a row of a worked list shows of one record; `where` names the file and row for messages."""

    where: str
    side: Side
    values: Values


def refuse_other_values(
    folder: Path, rows: Mapping[str, dict[str, str]], given: Mapping[str, Decision]
) -> None:
    """InputError if a row shows values of a record (by id and fingerprint) that no run of the workspace showed of it.

    `rows` and `given`: where → the row, and its decision. Columns that the list lacks are not checked, nor are records
    that are in no run's list, as when the run was deleted.
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
    """The fields that both have, and that differ in a way that a spreadsheet does not cause by itself."""
    return [name for name in shown if name in told and not is_alike(shown[name], told[name])]


def is_alike(shown: str, told: str) -> bool:
    """Whether `told` may be what a spreadsheet made of `shown`: other case, spaces or signs, lost leading zeros, letters that an
    encoding lacks, another form of a date, or a long number cut to its first digits."""
    if _pattern(shown).fullmatch(_plain(told)):
        return True
    parts = _date_parts(shown)
    return (parts is not None and parts == _date_parts(told)) or _is_cut(_plain(shown), told)


@lru_cache(maxsize=4096)
def _pattern(shown: str) -> re.Pattern[str]:
    """A pattern for what may come back of a text: a letter beyond ASCII may have become up to four others, or none."""
    return re.compile("".join(letter if letter.isascii() else ".{0,4}" for letter in _plain(shown)))


def _plain(text: str) -> str:
    """Only the letters and digits of a text, in lower case; a number without leading zeros and a final ".0"."""
    text = re.sub(r"^\s*([0-9]+)\.0*\s*$", r"\1", unicodedata.normalize("NFC", text)).casefold()
    plain = "".join(letter for letter in text if letter.isalnum())
    return plain.lstrip("0") if plain.isdigit() else plain


def _date_parts(text: str) -> tuple[int, ...] | None:
    """Day, month and two-digit year of a date, sorted, since day and month may be exchanged; None if it is not a date."""
    found = read_date(text.strip().upper()).value
    return tuple(sorted((found.day, found.month, found.year % 100))) if found else None


def _is_cut(plain: str, told: str) -> bool:
    """Whether `told` is a number such as 4.4E+11 for the digits `plain`."""
    cut = re.fullmatch(r"([0-9])(?:[.,]([0-9]+))?[Ee]\+([0-9]+)", told.strip())
    if not cut or not plain.isdigit() or int(cut[3]) != len(plain) - 1:
        return False
    kept = 1 + len(cut[2] or "")
    return bool(abs(int(cut[1] + (cut[2] or "")) - int(plain) / 10 ** (len(plain) - kept)) <= 1)
