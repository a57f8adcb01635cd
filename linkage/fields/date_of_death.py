"""Date of death and start of service as received → dates, for checks that come after linking."""

from datetime import date

from linkage.fields import Input
from linkage.values.dates import read_date, today

INPUTS = (
    Input(
        "date_of_death",
        "date of death",
        (
            "Date of Death", "DOD", "Death Date", "DEATH_DTTM", "DATE_OF_DEATH", "Deceased Date",
            "Date Deceased", "Date Died", "deceasedDateTime", "Client Date of Death",
        ),
    ),
    Input(
        "service_start",
        "first day of the latest service or contact",
        (
            "Service Start", "Service Start Date", "SERVICE_START", "Event Start Date", "Package Start Date",
            "Care Package Start", "Latest Service Start", "Date Service Started", "Service Commenced", "Commencement Date",
        ),
    ),
)  # fmt: skip
LAST_YEAR_OF_NO_DATE = 1900
"""Databases put 1 January 1900 or days before it where there is no date."""
COLUMNS = {"date_of_death": "DATE", "service_start": "DATE", "date_of_death_flags": "VARCHAR[]"}


def clean(date_of_death: str | None, service_start: str | None) -> tuple[date | None, date | None, list[str]]:
    """Both dates; None where unreadable. A death that has not come yet, or whose day stands for none, is None, with a flag;
    a service may start later.

    Of a month or year the last day that has come counts for a death and the first for a service: only what is certain to
    have begun after a death is told so.
    """
    death, start = read_date(date_of_death), read_date(service_start).value
    if death.value and death.value > today():
        return None, start, ["date_of_death_future"]
    if death.value and death.value.year <= LAST_YEAR_OF_NO_DATE:
        return None, start, ["date_of_death_default"]
    return min(death.last, today()) if death.last else death.value, start, []
