"""The answer of `check` → its findings in words, and one HTML page; no cell's value is in either."""

from typing import Any

from linkage.pages.page import Html, element, page, section, table
from linkage.reading.profile import inputs

FINDINGS = {
    "format": "cannot be read",
    "impossible": "is no date that there is",
    "check_digit": "has a wrong check digit",
    "placeholder": "is a placeholder",
    "default": "is a date that stands for an unknown one",
    "unknown": "says that it is unknown",
    "invalid": "is not of a form that exists",
    "overseas": "stands for a place abroad",
    "precision_lost": "has lost digits in a spreadsheet",
    "two_digit_year": "has a year of two digits",
    "too_old": "is too long ago",
    "future": "is in the future",
    "not_latin": "is in letters that are not Latin",
    "note": "holds a note beside the name",
}


def finding_in_words(flag: str) -> str:
    """A flag such as "postcode_unknown" as a human reads it."""
    name = max((each for each in inputs() if flag.startswith(f"{each}_")), key=len, default="")
    finding = flag.removeprefix(f"{name}_")
    return f"{name} {FINDINGS[finding]}" if name and finding in FINDINGS else flag.replace("_", " ")


def check_page(result: dict[str, Any]) -> str:
    """The answer of `check` as one HTML page that needs nothing else."""
    rows = result["rows"]
    found = result["problems"] or ["Nothing was found that should be looked at before linking."]
    enough = result["enough_to_link"]
    return page(
        f"Before linking: {result['file']}",
        element("h1", f"Before linking: {result['file']}"),
        element(
            "p",
            f"{enough['rows']:,} of {rows['read']:,} rows ({enough['share']:.1%}) would take part in a run.",
            class_="lead",
        ),
        section("What to look at", element("ul", *(element("li", each) for each in found))),
        section("Rows", *_row_tables(result)),
        section("Columns", *_column_tables(result)),
        section("About the file", element("ul", *(element("li", each) for each in _about(result)))),
    )


def _row_tables(result: dict[str, Any]) -> list[Html]:
    rows = result["rows"]
    listed = [("Received", rows["received"]), ("Rejected", rows["rejected"]), ("Read", rows["read"])]
    tables = [table("Where the rows went", ["", "Rows"], listed)]
    if result["rejects"]:
        named = [(each["problem"], each["rows"], _listed(each["first_rows"])) for each in result["rejects"]]
        tables.append(table("Why rows were rejected", ["Reason", "Rows", "First rows"], named))
    if result["findings"]:
        found = [(finding_in_words(flag), number) for flag, number in result["findings"].items()]
        tables.append(table("What was found in the rows that were read", ["Finding", "Rows"], found))
    return tables


def _column_tables(result: dict[str, Any]) -> list[Html]:
    listed = [
        (
            name,
            _listed(held["columns"]),
            f"{held['completeness']:.1%}",
            None if held["validity"] is None else f"{held['validity']:.1%}",
            held["placeholders"],
        )
        for name, held in result["inputs"].items()
    ]
    headings = ["Field", "Column of the file", "Filled", "Of these usable", "Placeholders"]
    unused = element("p", f"Not used: {_listed(result['unused']) or 'none'}.")
    return [table("What fills which field", headings, listed), unused]


def _about(result: dict[str, Any]) -> list[str]:
    profile = result["profile"] or "none; columns were recognised by their names"
    return [f"Profile: {profile}.", *result["notes"], f"SHA-256 of the file: {result['sha256']}"]


def _listed(values: list[Any]) -> str:
    return ", ".join(str(value) for value in values)
