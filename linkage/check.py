"""One file before it is linked → what it holds, how much of it can be used, and what is wrong with it."""

from typing import Any

import duckdb

from linkage.cautions import unread_marks
from linkage.config import Dataset
from linkage.database import columns_of, count
from linkage.ingest import Ingested, ingest
from linkage.name_order import surname_first
from linkage.pages.wording import counted
from linkage.past import Past
from linkage.reading.roles import doubt_of_one
from linkage.screen import screen
from linkage.sparse import hardly_told
from linkage.standardise import standardise
from linkage.tables import NHS, RECORD, REJECT, SCREENED, raw
from linkage.values.postcodes import NO_FIXED_ABODE

WANTED = ("forename", "surname", "date_of_birth", "gender", "postcode", "nhs_number")
MOSTLY = 0.95
"""Share of a column's values that can be used, below which there is a problem."""
OFTEN = 0.5
"""Share of rows with a value in one of `WANTED`, below which there is a problem."""
ROWS_NAMED = 5
PLACEHOLDERS = ("placeholder", "unknown", "default")
HOMES = {"address": "coalesce(address_street, address_building)", "postcode": "postcode"}
"""Input that may say "no fixed abode" → expression over its cleaned columns that is NULL if it says no more than that."""


def check(database: duckdb.DuckDBPyConnection, dataset: Dataset) -> dict[str, Any]:
    """Read and clean the file; return how fit it is for linking, as JSON can hold it, without any cell's value.

    Shares are 0–1 to four decimals. InputError or MappingError where the file cannot be used at all.
    """
    ingested = ingest(database, dataset)
    standardise(database, [dataset.name])
    screened = screen(database, Past())
    read = count(database, RECORD.name)
    enough = count(database, RECORD.name, f'subject_id NOT IN (SELECT subject_id FROM "{SCREENED.name}")')
    result: dict[str, Any] = {
        "file": ingested.file,
        "dataset": ingested.dataset,
        "sha256": ingested.sha256,
        "rows": {"received": ingested.received, "rejected": ingested.rejected, "read": read},
        "rejects": _rejects(database),
        "profile": ingested.profile,
        "recognised": ingested.recognised,
        "unused": ingested.unused,
        "notes": ingested.notes,
        "inputs": _inputs(database, ingested),
        "findings": _findings(database),
        "duplicates": _duplicates(database),
        "enough_to_link": {"rows": enough, "share": _share(enough, read)},
        "screened": {reason.partition(": ")[2]: number for reason, number in screened.items()},
    }
    for name, held in result["inputs"].items():
        held["placeholders"] = sum(
            number for flag, number in result["findings"].items() if is_placeholder(flag, name)
        ) + _homeless(database, name)
    numbered = result["inputs"].get("nhs_number", {"valid": 0})["valid"]
    result["doubts"] = doubt_of_one(ingested, _share(numbered, read))
    result["marks"] = unread_marks(database, [ingested])
    result["surname_first"] = surname_first(database, [ingested])
    result["hardly_told"] = hardly_told(database, [ingested])
    result["month_first"] = _month_first(database)
    result["problems"] = problems(result)
    return result


def is_placeholder(flag: str, name: str) -> bool:
    """Whether `flag` says that the input `name` had a word for "nothing"."""
    return flag in tuple(f"{name}_{each}" for each in PLACEHOLDERS)


def _homeless(database: duckdb.DuckDBPyConnection, name: str) -> int:
    """Rows with "no fixed abode" in the input `name`. The flag does not say which of the two inputs had it, so these are
    the flagged rows in which the input has a value but no home."""
    if name not in HOMES:
        return 0
    told = f"{name}_received IS NOT NULL AND {HOMES[name]} IS NULL"
    return count(database, RECORD.name, f"list_contains(flags, '{NO_FIXED_ABODE}') AND {told}")


def _rejects(database: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    rows = database.execute(
        f"""
        SELECT problem, count(*), list(row_number ORDER BY row_number)[:{ROWS_NAMED}]
        FROM "{REJECT.name}" GROUP BY problem ORDER BY count(*) DESC, problem
        """
    ).fetchall()
    return [{"problem": problem, "rows": number, "first_rows": first} for problem, number, first in rows]


def _inputs(database: duckdb.DuckDBPyConnection, ingested: Ingested) -> dict[str, dict[str, Any]]:
    """Input that has a column → its headings, how many rows have a value, how many of these can be used, and both as shares.

    `valid` and `validity` are None where the input has no cleaned column of the same name.
    """
    names = list(ingested.recognised)
    cleaned = columns_of(database, RECORD.name)
    counts = "".join(
        f""", count(received."{name}"), count(*) FILTER (received."{name}" IS NOT NULL AND {usable})"""
        for name in names
        for usable in [f'cleaned."{name}" IS NOT NULL' if name in cleaned else "false"]
    )
    [row] = database.execute(
        f"""
        SELECT count(*){counts}
        FROM "{raw(ingested.dataset)}" received JOIN "{RECORD.name}" cleaned USING (row_number)
        """
    ).fetchall()
    held: dict[str, dict[str, Any]] = {}
    for place, name in enumerate(names):
        filled, valid = row[1 + 2 * place], row[2 + 2 * place]
        held[name] = {
            "columns": ingested.recognised[name],
            "filled": filled,
            "completeness": _share(filled, row[0]),
            "valid": valid if name in cleaned else None,
            "validity": _share(valid, filled) if name in cleaned else None,
        }
    return held


def _findings(database: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Flag → how many rows have it; the most frequent first."""
    rows = database.execute(
        f"""
        SELECT flag, count(*) FROM (SELECT unnest(list_distinct(flags)) AS flag FROM "{RECORD.name}")
        GROUP BY flag ORDER BY count(*) DESC, flag
        """
    ).fetchall()
    return dict(rows)


def _duplicates(database: duckdb.DuckDBPyConnection) -> dict[str, int]:
    [(ids, rows)] = database.execute(
        f"""
        SELECT count(*), coalesce(sum(rows), 0)
        FROM (SELECT count(*) AS rows FROM "{RECORD.name}" GROUP BY record_id HAVING count(*) > 1)
        """
    ).fetchall()
    return {"record_ids": int(ids), "rows": int(rows)}


def _month_first(database: duckdb.DuckDBPyConnection) -> int:
    """How many birth dates are valid only if the month comes first; 0 if any is valid only if the day does."""
    [(month_first, day_first)] = database.execute(
        f"""
        SELECT count(*) FILTER (date_of_birth IS NULL AND month > '12' AND day <= '12'),
            count(*) FILTER (date_of_birth IS NOT NULL AND day > '12')
        FROM (
            SELECT date_of_birth, substr(date_of_birth_text, 5, 2) AS month, right(date_of_birth_text, 2) AS day
            FROM "{RECORD.name}" WHERE date_of_birth_text IS NOT NULL
        )
        """
    ).fetchall()
    return 0 if day_first else int(month_first)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def problems(result: dict[str, Any]) -> list[str]:
    """What a person should look at before linking, the weightiest first. A pure function of the other results."""
    found = [*result["doubts"], *result["marks"]]
    enough, read = result["enough_to_link"], result["rows"]["read"]
    if result["screened"]:
        reasons = "; ".join(f"{reason} {number:,}" for reason, number in result["screened"].items())
        what = "row" if result["dataset"] == NHS else "record"
        found.append(
            f"{read - enough['rows']:,} of {read:,} rows would be left out of a run. By {what}: {reasons}."
        )
    if result["rows"]["rejected"]:
        found.append(
            f"{counted(result['rows']['rejected'], 'row was', 'rows were')} rejected; the reasons are listed."
        )
    found += [f"No column was recognised for {name}." for name in WANTED if name not in result["inputs"]]
    for name, held in result["inputs"].items():
        if name in WANTED and held["completeness"] < OFTEN:
            found.append(f"{name} is empty in {1 - held['completeness']:.0%} of the rows.")
        if held["validity"] is not None and held["filled"] and held["validity"] < MOSTLY:
            found.append(f"{1 - held['validity']:.0%} of the values of {name} cannot be made use of.")
    found += result["surname_first"]
    found += result["hardly_told"]
    if result["month_first"]:
        found.append(
            f"{counted(result['month_first'], 'birth date has', 'birth dates have')} a number above 12 in the month's place, and none has one in the "
            "day's: does the month come first (month/day/year)? Here the day does, so all would be misread."
        )
    if result["duplicates"]["record_ids"]:
        found.append(
            f"{counted(result['duplicates']['record_ids'], 'record id occurs', 'record ids occur')} in more than one row "
            f"({result['duplicates']['rows']:,} rows); the rows of one id are taken for one person."
        )
    return found
