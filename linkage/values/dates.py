"""Text in one of the strict formats → a date, how precise it is, and what is wrong with it."""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

EARLIEST_YEAR = 1000


class Reading(NamedTuple):
    """The result of reading a text: a date or None, `estimated` if day or month was not given, and a problem or "".

    Problems: "format" (none of the formats), "impossible" (no such day), "two_digit_year" (the century was guessed by a
    rule). `digits` is YYYYMMDD as written, for an impossible day. `last` is the last day that a date without day or month
    can mean; `value` is the first.
    """

    value: date | None
    estimated: bool = False
    problem: str = ""
    digits: str = ""
    last: date | None = None


_TIME = (
    r"(?:[T ]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
    r"\s*(?:[AaPp][Mm])?\s*(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?" + _TIME)
_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:[0-9]{4}(?:[0-9]{2})?)?" + _TIME)
_DAY_FIRST = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})" + _TIME)
_NAMED_MONTH = re.compile(
    r"([0-9]{1,2})(?:ST|ND|RD|TH)?[-/. ]?\s*([A-Z]{3,9})[-/., ]?\s*([0-9]{4}|[0-9]{2})" + _TIME
)
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})" + _TIME)
_NAMED_MONTH_FIRST = re.compile(r"([A-Z]{3,9})[-/., ]?\s*([0-9]{4})" + _TIME)
_NAMED_MONTH_THEN_DAY = re.compile(r"([A-Z]{3,9})\.?\s+([0-9]{1,2})(?:ST|ND|RD|TH)?,?\s+([0-9]{4})" + _TIME)
_SERIAL = re.compile(r"([0-9]{1,5})(?:\.([0-9]*))?")
_MONTHS = (
    "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER",
    "NOVEMBER", "DECEMBER",
)  # fmt: skip
_MONTH_NUMBER = {name: number for number, name in enumerate(_MONTHS, 1)}
_MONTH_NUMBER |= {name[:3]: number for number, name in enumerate(_MONTHS, 1)} | {"SEPT": 9}
_LAST_SERIAL = 60_000
_UNREADABLE = Reading(None, problem="format")
_IMPOSSIBLE = Reading(None, problem="impossible")


@cache
def today() -> date:
    """Today, as of the first call in this process, so that it is the same for a whole run."""
    return date.today()


@lru_cache(maxsize=1 << 17)
def read_date(text: str | None) -> Reading:
    """The date in `text`, in one of these formats, each with or without a time of day after it.

    yyyy-mm-dd, yyyymmdd, dd/mm/yyyy, dd-mm-yyyy, dd.mm.yyyy, dd mmm yyyy, dd-mmm-yyyy, mmm dd yyyy; yyyy, yyyy-mm, mm/yyyy,
    mm-yyyy, mm.yyyy and mmm yyyy (the first of the year or month, estimated); a spreadsheet's serial number up to
    60000; a two-digit year with a day and a named month or as dd/mm/yy, which is 19yy if 20yy is in the future, and
    has a problem. Day and month are never guessed. Empty text is no date and no problem.
    """
    stripped = text.strip() if text else ""
    if not stripped:
        return Reading(None)
    if found := _YEAR_FIRST.fullmatch(stripped):
        return _from_parts(found[1], found[3], found[4] or "0")
    if found := _DAY_FIRST.fullmatch(stripped):
        return _from_parts(found[4], found[3], found[1])
    if found := _DIGITS.fullmatch(stripped):
        return _from_parts(found[1], found[2], found[3])
    # Before serial numbers: 03.1960 is a month, not the third day of 1900.
    if found := _MONTH_FIRST.fullmatch(stripped):
        return _from_parts(found[2], found[1], "0")
    if found := _SERIAL.fullmatch(stripped):
        return _from_number(found[1], found[2] or "")
    if found := _NAMED_MONTH.fullmatch(stripped.upper()):
        return _from_named_month(found[3], found[2], found[1])
    if found := _NAMED_MONTH_THEN_DAY.fullmatch(stripped.upper()):
        return _from_named_month(found[3], found[1], found[2])
    if found := _NAMED_MONTH_FIRST.fullmatch(stripped.upper()):
        return _from_named_month(found[2], found[1], "0")
    return _UNREADABLE


def read_moment(text: str) -> datetime | None:
    """The moment in `text`, in UTC unless it says otherwise: in ISO 8601, as a spreadsheet shows one (dd/mm/yyyy hh:mm),
    or the beginning of the day of a whole date in any form that is read. None if it is none of these."""
    for read in (datetime.fromisoformat, _from_spreadsheet, _from_day):
        try:
            moment = read(text.strip())
        except ValueError:
            continue
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _from_spreadsheet(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M:%S" if text.count(":") > 1 else "%d/%m/%Y %H:%M")


def _from_day(text: str) -> datetime:
    said = read_date(text)
    if said.value is None or said.estimated:
        raise ValueError
    return datetime.combine(said.value, time())


def _from_named_month(year_text: str, name: str, day_text: str) -> Reading:
    month = _MONTH_NUMBER.get(name)
    return _from_parts(year_text, str(month), day_text) if month else _UNREADABLE


def _from_parts(year_text: str, month_text: str, day_text: str) -> Reading:
    year, month, day = int(year_text), int(month_text), int(day_text)
    problem = ""
    if len(year_text) == 2:
        problem = "two_digit_year"
        year += 2000 if 2000 + year <= today().year else 1900
    # A zero says that the day, or the month and the day, are not known.
    estimated = day == 0
    if year < EARLIEST_YEAR or (month == 0 and day != 0):
        return _IMPOSSIBLE
    try:
        last = _last_day(year, month) if estimated else None
        return Reading(date(year, month or 1, day or 1), estimated, problem, last=last)
    except ValueError:
        return Reading(None, problem="impossible", digits=f"{year:04}{month:02}{day:02}")


def _last_day(year: int, month: int) -> date:
    """The last day of a month, or of the year if the month is 0."""
    return date(year, month, monthrange(year, month)[1]) if month else date(year, 12, 31)


def _from_number(digits: str, fraction: str) -> Reading:
    number = int(digits)
    # A spreadsheet turns 10.1960 into 10.196: rather that, or a day and month, than an hour of January 1900.
    if number <= 31 and fraction.strip("0"):
        return _UNREADABLE
    if len(digits) == 4 and EARLIEST_YEAR <= number <= today().year:
        return Reading(date(number, 1, 1), True, last=_last_day(number, 0))
    # Spreadsheets believe in a 29 February 1900 (serial 60), so days before it are one off.
    if number in (0, 60):
        return _IMPOSSIBLE
    if number > _LAST_SERIAL:
        return _UNREADABLE
    return Reading(date(1899, 12, 30 if number > 60 else 31) + timedelta(days=number))
