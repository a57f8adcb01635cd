"""How dates of birth and death are read."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.fields import date_of_birth, date_of_death
from linkage.values.dates import read_date, today


def birth(received: str | None, estimated: str | None = None) -> dict[str, Any]:
    return dict(zip(date_of_birth.COLUMNS, date_of_birth.clean(received, estimated), strict=True))


@pytest.mark.parametrize(
    "received",
    ["1950-03-02", "1950/03/02", "19500302", "02/03/1950", "2/3/1950", "02-03-1950", "02.03.1950",
     "2 Mar 1950",
     "02-MAR-1950", "02 March 1950", "2nd March 1950", "1950-03-02 00:00:00", "1950-03-02T00:00:00Z",
     "1950-03-02 00:00:00+01", "Mar  2 1950 12:00AM", "March 2nd, 1950",
     "02/03/1950 00:00", "2/3/1950 12:00:00 AM", "19500302000000", "1950-03-02 00:00:00.000", " 02/03/1950 ",
     "18324", "18324.0"],
)  # fmt: skip
def test_every_strict_format_is_read(received: str) -> None:
    read = birth(received)
    assert read["date_of_birth"] == date(1950, 3, 2)
    assert (read["date_of_birth_text"], read["date_of_birth_weak"]) == ("19500302", False)
    assert (read["date_of_birth_flags"], read["date_of_birth_received"]) == ([], received)


@pytest.mark.parametrize(
    ("received", "flag"),
    [
        ("31/02/1950", "impossible"),
        ("29/02/1951", "impossible"),
        ("13/13/1950", "impossible"),
        ("03/25/1950", "impossible"),
        ("12/05/0950", "impossible"),
        ("60", "impossible"),
        ("unknown", "format"),
        ("1/2", "format"),
        ("13/1950", "impossible"),
        ("031950", "format"),
        ("Foo 1950", "format"),
        ("Mar 50", "format"),
        ("03/50", "format"),
        ("3 Foo 1950", "format"),
        ("99999", "format"),
        ("०२/०३/१९५०", "format"),
        ("01/01/1900", "default"),
        ("1900-01-01", "default"),
        ("01/01/1901", "default"),
        ("11/11/1911", "default"),
        ("31/12/1899", "default"),
        ("01/01/1800", "default"),
        ("1", "default"),
        ("1900", "default"),
        ("02/03/2999", "future"),
    ],
)
def test_what_is_no_date_of_birth_says_why(received: str, flag: str) -> None:
    read = birth(received)
    assert read["date_of_birth"] is None
    assert read["date_of_birth_flags"] == [f"date_of_birth_{flag}"]


@pytest.mark.parametrize(
    ("received", "compared"), [("31/06/1960", "19600631"), ("02/03/2999", "29990302"), ("01/01/1900", None)]
)
def test_the_digits_of_a_day_that_cannot_be_or_is_to_come_are_compared(
    received: str, compared: str | None
) -> None:
    """Without them a child whose year was mistyped has no birth date, and a father of the same name fits."""
    read = birth(received)
    assert (read["date_of_birth"], read["date_of_birth_text"]) == (None, compared)


def test_day_and_month_are_never_guessed() -> None:
    assert birth("03/04/1950")["date_of_birth"] == date(1950, 4, 3)
    assert birth("04/13/1950")["date_of_birth"] is None


@pytest.mark.parametrize("received", ["02-Mar-50", "02/03/50"])
def test_a_two_digit_year_that_has_not_come_is_of_the_last_century_and_flagged(received: str) -> None:
    read = birth(received)
    assert read["date_of_birth"] == date(1950, 3, 2)
    assert read["date_of_birth_flags"] == ["date_of_birth_two_digit_year"]


def test_a_two_digit_year_that_has_come_is_of_this_century() -> None:
    assert read_date("02/03/01").value == date(2001, 3, 2)


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("1950", date(1950, 1, 1)),
        ("00/00/1950", date(1950, 1, 1)),
        ("00/1950", date(1950, 1, 1)),
        *(
            (month, date(1950, 3, 1))
            for month in ("1950-03", "03/1950", "3/1950", "03-1950", "03.1950", "Mar 1950", "MARCH 1950")
        ),
        *(
            (month, date(1950, 9, 1))
            for month in ("Sept 1950", "sep-1950", "September, 1950", "09/1950 00:00")
        ),
    ],
)
def test_a_year_or_month_alone_is_an_estimate(received: str, expected: date) -> None:
    read = birth(received)
    assert (read["date_of_birth"], read["date_of_birth_estimated"], read["date_of_birth_weak"]) == (
        expected,
        True,
        True,
    )


def test_the_first_of_january_is_weak_and_so_is_a_date_flagged_as_estimated() -> None:
    assert birth("01/01/1950")["date_of_birth_weak"] is True
    assert birth("01/01/1950")["date_of_birth_estimated"] is False
    assert birth("02/03/1950", "Y")["date_of_birth_weak"] is True
    assert birth("02/03/1950", "N")["date_of_birth_weak"] is False


def test_a_date_of_long_ago_is_kept_and_flagged() -> None:
    read = birth("02/03/1512")
    assert read["date_of_birth"] == date(1512, 3, 2)
    assert read["date_of_birth_flags"] == ["date_of_birth_too_old"]


def test_an_empty_date_of_birth_is_missing_without_a_flag() -> None:
    assert birth(None)["date_of_birth_flags"] == []
    assert birth(" ")["date_of_birth"] is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("02/2020", date(2020, 2, 29)),
        ("2020-02", date(2020, 2, 29)),
        ("Feb 2020", date(2020, 2, 29)),
        ("00/02/2020", date(2020, 2, 29)),
        ("2020", date(2020, 12, 31)),
    ],
)
def test_a_death_known_by_its_month_or_year_is_not_before_care_that_began_in_it(
    written: str, day: date
) -> None:
    assert date_of_death.clean(written, written) == (
        day,
        day.replace(month=1 if len(written) == 4 else 2, day=1),
        [],
    )


@pytest.mark.parametrize("number", ["10.196", "3.196", "1.2", "12.19", "16.02"])
def test_a_month_and_year_that_a_spreadsheet_took_for_a_number_is_no_day_of_1900(number: str) -> None:
    assert date_of_birth.clean(number, None)[0] is None
    assert date_of_birth.clean(number, None)[-1] == ["date_of_birth_format"]


def test_a_death_in_the_month_that_is_now_is_none_to_come() -> None:
    assert date_of_death.clean(f"{today():%Y-%m}", None) == (today(), None, [])


@pytest.mark.parametrize("received", ["1900-01-01 00:00:00", "31/12/1899", "0", "1753-01-01"])
def test_nobody_is_dead_since_a_day_that_stands_for_no_date(received: str) -> None:
    assert date_of_death.clean(received, None)[0] is None


def test_a_death_may_not_be_to_come_but_a_service_may_start_later() -> None:
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert date_of_death.clean(tomorrow, tomorrow) == (
        None, today() + timedelta(days=1), ["date_of_death_future"],
    )  # fmt: skip
    assert date_of_death.clean("02/03/2020", None) == (date(2020, 3, 2), None, [])


@given(st.dates(min_value=date(1902, 1, 1), max_value=date(2020, 12, 31)))
def test_every_format_of_one_day_reads_as_that_day(day: date) -> None:
    written = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day:%d/%m/%Y}",
        f"{day:%d-%b-%Y}",
        f"{day.day}/{day.month}/{day.year}",
    ]
    assert {read_date(text).value for text in written} == {day}


@given(
    st.one_of(
        st.text(max_size=20), st.from_regex(r"[0-9]{0,4}[-/. ]?[0-9]{0,2}[-/. ]?[0-9]{0,4}", fullmatch=True)
    )
)
def test_any_text_can_be_a_date_and_reading_twice_is_reading_once(text: str) -> None:
    read = birth(text)
    again = birth(read["date_of_birth_text"])
    assert again["date_of_birth"] == read["date_of_birth"]
    assert read["date_of_birth"] is not None or read["date_of_birth_flags"] or not text.strip()
