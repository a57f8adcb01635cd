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
"""Databases have 1 January 1900 or a day before it where there is no date."""
COLUMNS = {"date_of_death": "DATE", "service_start": "DATE", "date_of_death_flags": "VARCHAR[]"}


def clean(date_of_death: str | None, service_start: str | None) -> tuple[date | None, date | None, list[str]]:
    """Both dates; None where they cannot be read. A death in the future, or on a day that stands for no date, is None
    with a flag; a service may start in the future.

    A death given as a month or year counts as on its last day, or today, and a start of service as on its first day, so
    that a service counts as begun after the death only if that is certain.
    """
    death, start = read_date(date_of_death), read_date(service_start).value
    if death.value and death.value > today():
        return None, start, ["date_of_death_future"]
    if death.value and death.value.year <= LAST_YEAR_OF_NO_DATE:
        return None, start, ["date_of_death_default"]
    return min(death.last, today()) if death.last else death.value, start, []
