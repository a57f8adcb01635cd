"""The manifest of a run → what it read and what came of it, in lines for a terminal; no line names a person."""

from pathlib import Path
from textwrap import wrap
from typing import Any

from linkage.clerical.rulings import APPLIED
from linkage.pages.wording import NO_LIST, TEST_NUMBERS, counted
from linkage.tables import NHS

WIDTH = 100
LABEL = 12
UNBROKEN = "\u00a0"
"""A space at which no line is broken; it is printed as a plain one."""
BANDS = {
    "accept": "linked",
    "review": "for a person to decide: review.csv",
    "none": "nobody in the register is likely enough",
    "screened": "may not be linked",
}


def summary(manifest: dict[str, Any], out: Path) -> list[str]:
    """What was read from each file, what was left out, what came of it, and where it is."""
    lines = beginning(manifest)
    for dataset, read in manifest["inputs"].items():
        lines += [*file_lines(dataset, read, manifest["stages"]["rejected_for"]), ""]
    lines += [*way(manifest["weekly"]), ""] if "weekly" in manifest else []
    left_out = [
        f"{reason} {counted(number, 'row') if reason.startswith(NHS) else f'{number:,}'}"
        for reason, number in manifest["stages"]["screened"].items()
    ]
    if followed := manifest["stages"].get("objections_on_former_ids"):
        left_out.append(
            f"{counted(followed, 'of the objections names a former id of a record and holds', 'of the objections name a former id of a record and hold')} "
            "for it under its new one"
        )
    if nobody := manifest["stages"].get("objections_that_name_nobody"):
        left_out.append(
            f"{counted(nobody, 'of the objections names', 'of the objections name')} nobody of either file: look them up"
        )
    if left_out:
        lines += [*_listed("left out", left_out), ""]
    if "objection" not in manifest["inputs"]:
        lines += [*_listed("objections", [NO_LIST]), ""]
    if register := manifest.get("register"):
        told = "{linkable:,} of {received:,} rows, of {people:,} people, could be linked to; {left_out:,} were left out"
        lines += [*_listed("register", [told.format(**register)]), ""]
    lines += counts(manifest)
    if further := manifest["stages"]["further_rows"]:
        lines.append(f"{counted(further, 'row is a further row', 'rows are further rows')} of these records")
    if waiting := manifest["stages"]["duplicates_to_decide"]:
        lines.append(f"{counted(waiting, 'pair')} of council records may be one person: duplicates.csv")
    if doubtful := manifest["stages"]["clusters_to_check"]:
        lines.append(
            f"{counted(doubtful, 'person', 'people')} may be several: clusters_to_check.csv, most risky first"
        )
    for state, number in manifest["stages"].get("decisions", {}).items():
        if state != APPLIED:
            lines += wrap(f"{number:,} of the decisions not obeyed: {state}. See decisions.csv", WIDTH)
    return [*lines, f"The report is {out / 'report.html'}", f"Results are in {out}"]


def beginning(told: dict[str, Any]) -> list[str]:
    """Whether the data are for tests, and what to beware of."""
    lines = [TEST_NUMBERS] if told["test_data"] else []
    return lines + [line for caution in told["cautions"] for line in wrap(f"BEWARE: {caution}", WIDTH)]


def way(weekly: dict[str, Any]) -> list[str]:
    """How a run of a workspace was done, and why."""
    if "changes" not in weekly:
        return wrap(f"a full run: {weekly['why']}. Runs that follow compare what has changed since.", WIDTH)
    sides = [
        f"{found['new']:,} of {found['rows']:,} {dataset} rows ({found['gone']:,} of {found['before']:,} gone or changed)"
        for dataset, found in weekly["changes"].items()
    ]
    told = f"{' and '.join(sides)} are new or changed since the full run of {weekly['statistics_of']}, whose statistics hold"
    next_full = (
        f"when more than {weekly['most_changed']:.0%} of a side has changed, or on {weekly['next_full']}"
    )
    return wrap(f"{told}; the next full run is due {next_full}", WIDTH)


def counts(manifest: dict[str, Any]) -> list[str]:
    """What became of the records."""
    found = manifest["counts"]
    if "people" in found:
        return [
            f"{counted(found['records'], 'record is', 'records are')} {counted(found['people'], 'person', 'people')}; "
            f"{counted(found['screened'], 'was left out', 'were left out')}"
        ]
    whole = sum(found.values()) or 1
    return [
        f"{band:<{LABEL}}{found.get(band, 0):>10,}  {found.get(band, 0) / whole:>6.1%}  {words}"
        for band, words in BANDS.items()
    ]


def file_lines(dataset: str, read: dict[str, Any], rejected_for: list[dict[str, Any]]) -> list[str]:
    """How a file was read, and what of it was set aside."""
    known = f"the profile {read['profile']}" if read["profile"] else "its headings"
    recognised = [
        f"{' + '.join(columns)} -> {field}".replace(" ", UNBROKEN)
        for field, columns in read["recognised"].items()
    ]
    lines = [f"{dataset}: {read['name']}, {counted(read['rows'], 'row')}, recognised by {known}"]
    lines += _listed("  columns", recognised)
    lines += _listed("  not used", read["unused"] or ["none"])
    reasons = [
        f"{row['column']} {row['problem']} {row['rows']:,}".strip()
        for row in rejected_for
        if row["file"] == read["name"]
    ]
    lines += _listed("  set aside", [counted(read["rejected"], "row"), *reasons])
    return [*lines, *(f"  {note}" for note in read["notes"])]


def _listed(label: str, parts: list[str]) -> list[str]:
    """`parts` with semicolons between, wrapped behind `label`."""
    indent = " " * LABEL
    lines = wrap(
        "; ".join(parts),
        WIDTH,
        initial_indent=f"{label:<{LABEL}}",
        subsequent_indent=indent,
        break_on_hyphens=False,
    )
    return [line.replace(UNBROKEN, " ") for line in lines]
