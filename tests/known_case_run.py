"""Known cases → one link job among a made-up town, each case's outcome, and what moved since the last release.

python tests/known_case_run.py                   what is not as wanted, and what moved
python tests/known_case_run.py --explain CASE    the evidence of one case
python tests/known_case_run.py --release         keep the outcomes as those of this release
"""

import argparse
import csv
import hashlib
import json
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from known_case import COUNCIL, NOT_FROM_THE_REGISTER, SELF, KnownCase, Outcome, Row, read_cases
from small_run import made_up_number

import linkage
from linkage import pipeline
from linkage.config import LinkJob
from linkage.population import generate
from linkage.runs.explain import explain, explain_text

RELEASED = Path(__file__).parent / "known_cases" / "released.json"
PROFILES = Path(linkage.__file__).parent / "profiles"
PEOPLE, CLIENTS, SEED = 20_000, 1_500, 11
NUMBER_COLUMNS = ("nhs_number", "superseded_nhs_numbers", "superseded_by")
ADDRESS_LINES = 5


def run_cases(cases: Sequence[KnownCase], folder: Path) -> dict[str, Outcome]:
    """Case id → outcome of one link job over all cases and a made-up town, so that names are as frequent and the
    prior is as it is in a real run; the run's files stay in `folder`/run."""
    town = folder / "town"
    generate(PEOPLE, CLIENTS, SEED, town)
    council = [told for case in cases for told in council_rows(case)]
    register = [told for case in cases for told in register_rows(case)]
    _add_rows(town / "council.csv", "liquidlogic_adults", council)
    _add_rows(town / "nhs.csv", "pds", register)
    pipeline.link(
        LinkJob(pipeline.council(town / "council.csv"), pipeline.nhs(town / "nhs.csv"), folder / "run")
    )
    links = {row["record_id"]: row for row in _read_csv(folder / "run" / "links.csv")[1]}
    return {case.id: _outcome(case, links[case.id]) for case in cases}


def _outcome(case: KnownCase, link: Row) -> Outcome:
    names = {number(case, who): who for who in case.register}
    proposed = names.get(link["nhs_number"], NOT_FROM_THE_REGISTER) if link["nhs_number"] else ""
    return Outcome(link["band"], proposed)


def number(case: KnownCase, label: str) -> str:
    """The NHS Number, of the range kept for tests, that `label` stands for in a case."""
    digest = hashlib.sha256(f"{case.id}/{label}".encode()).hexdigest()
    return made_up_number(int(digest, 16) % 10**8)


def council_rows(case: KnownCase) -> list[Row]:
    """The council's rows by input name; a held number is written as the name of whose it is."""
    return [_with_numbers(case, row) | {"record_id": case.id} for row in case.council]


def register_rows(case: KnownCase) -> list[Row]:
    """The register's rows by input name, the address in lines."""
    return [
        {"nhs_number": number(case, who)} | _in_lines(_with_numbers(case, row))
        for who, rows in case.register.items()
        for row in rows
    ]


def _with_numbers(case: KnownCase, row: Row) -> Row:
    labels = {name: row[name] for name in NUMBER_COLUMNS if name in row and not row[name][0].isdigit()}
    return row | {name: number(case, label) for name, label in labels.items()}


def _in_lines(row: Row) -> Row:
    lines = [line.strip() for line in row.get("address", "").split(",")]
    first, rest = lines[: ADDRESS_LINES - 1], lines[ADDRESS_LINES - 1 :]
    written = [*first, " ".join(rest)] if rest else first
    told = {name: cell for name, cell in row.items() if name != "address"}
    return told | {f"address_line_{place}": line for place, line in enumerate(written, 1)}


def _add_rows(path: Path, profile: str, rows: Sequence[Row]) -> None:
    """Append rows to a file of the made-up town; a person there who has one of their numbers makes way."""
    heading, town = _read_csv(path)
    columns: dict[str, list[str]] = tomllib.loads((PROFILES / f"{profile}.toml").read_text(encoding="utf-8"))[
        "columns"
    ]
    used = sorted({name for row in rows for name in row})
    headings = {name: next((x for x in columns[name] if x in heading), columns[name][0]) for name in used}
    taken = {row["nhs_number"] for row in rows if "nhs_number" in row}
    kept = [row for row in town if row.get("NHS_NUMBER") not in taken]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys([*heading, *headings.values()])), restval="")
        writer.writeheader()
        writer.writerows(kept)
        writer.writerows({headings[name]: cell for name, cell in row.items()} for row in rows)


def _read_csv(path: Path) -> tuple[list[str], list[Row]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader.fieldnames or []), list(reader)


@dataclass(frozen=True)
class Release:
    """The last release: the share of cases that were as wanted, the cases accepted as another person that wait to be
    mended, and each case's outcome as text."""

    share_as_wanted: float = 0.0
    still_wrong: tuple[str, ...] = ()
    outcomes: dict[str, str] = field(default_factory=dict)


def share_as_wanted(cases: Sequence[KnownCase], outcomes: dict[str, Outcome]) -> float:
    """Share of cases whose outcome is the wanted one, rounded down to four decimals."""
    return int(10_000 * sum(case.is_wanted(outcomes[case.id]) for case in cases) / len(cases)) / 10_000


def newly_wrong(
    cases: Sequence[KnownCase], outcomes: dict[str, Outcome], release: Release
) -> list[KnownCase]:
    """Cases accepted as another person that did not wait to be mended at the last release."""
    return [
        case for case in cases if case.is_forbidden(outcomes[case.id]) and case.id not in release.still_wrong
    ]


def read_release(path: Path = RELEASED) -> Release:
    """The outcomes of the last release; an empty one where there was none."""
    if not path.exists():
        return Release()
    told = json.loads(path.read_text(encoding="utf-8"))
    return Release(told["share_as_wanted"], tuple(told["still_wrong"]), told["outcomes"])


def write_release(cases: Sequence[KnownCase], outcomes: dict[str, Outcome], path: Path = RELEASED) -> None:
    """Keep the outcomes as those of this release.

    ValueError where a case that was released before is now accepted as another person: the list of those that wait
    to be mended grows only by new cases.
    """
    before = read_release(path)
    worse = [case.id for case in newly_wrong(cases, outcomes, before) if case.id in before.outcomes]
    if worse:
        raise ValueError(f"not released, accepted as another person: {', '.join(worse)}")
    told = {
        "share_as_wanted": share_as_wanted(cases, outcomes),
        "still_wrong": sorted(case.id for case in cases if case.is_forbidden(outcomes[case.id])),
        "outcomes": {case.id: str(outcomes[case.id]) for case in sorted(cases, key=lambda case: case.id)},
    }
    path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def moved(cases: Sequence[KnownCase], outcomes: dict[str, Outcome], release: Release) -> list[KnownCase]:
    """Cases that were in the last release and have another outcome now."""
    return [
        case
        for case in cases
        if case.id in release.outcomes and release.outcomes[case.id] != str(outcomes[case.id])
    ]


def table(cases: Iterable[KnownCase], outcomes: dict[str, Outcome], release: Release) -> str:
    """The cases as a table in Markdown: what each was at the last release, is now, and should be."""
    lines = ["| case | kind | last release | now | wanted | |", "|---|---|---|---|---|---|"]
    for case in cases:
        outcome = outcomes[case.id]
        verdict = (
            "WRONG"
            if case.is_forbidden(outcome)
            else "as wanted"
            if case.is_wanted(outcome)
            else "not as wanted"
        )
        before = release.outcomes.get(case.id, "new")
        lines.append(
            f"| {case.id} | {case.kind} | {before} | {outcome} | {' or '.join(case.want)} | {verdict} |"
        )
    return "\n".join(lines)


def moved_table(cases: Sequence[KnownCase], outcomes: dict[str, Outcome], release: Release) -> str:
    """The cases that moved since the last release, as a table for the report and the change log; "" if none."""
    found = moved(cases, outcomes, release)
    return table(found, outcomes, release) if found else ""


def main(say: Callable[[str], None] = print) -> None:
    """Run all cases and say, explain or keep the outcomes."""
    parser = argparse.ArgumentParser(description="Run the known cases.")
    parser.add_argument("--release", action="store_true", help="keep the outcomes as those of this release")
    parser.add_argument("--explain", metavar="CASE", nargs="+", default=[], help="show the evidence of cases")
    told = parser.parse_args()
    cases = read_cases()
    with tempfile.TemporaryDirectory() as folder:
        outcomes = run_cases(cases, Path(folder))
        release = read_release()
        for name in told.explain:
            say(_evidence(next(case for case in cases if case.id == name), Path(folder) / "run"))
    off = [case for case in cases if not case.is_wanted(outcomes[case.id])]
    say(f"Not as wanted: {len(off)} of {len(cases)}\n\n{table(off, outcomes, release)}\n")
    say(f"Moved since the last release:\n\n{moved_table(cases, outcomes, release) or 'none'}")
    if told.release:
        write_release(cases, outcomes)


def _evidence(case: KnownCase, run: Path) -> str:
    """What `linkage explain` says of a case, with its people's names in place of their numbers."""
    text = explain_text(explain(run, case.id))
    for who in case.register:
        text = text.replace(number(case, who), who)
    expected = SELF if SELF in case.register else "nobody"
    return f"{case.reason} Wanted: {' or '.join(case.want)}; {COUNCIL} record is {expected}.\n{text}"


if __name__ == "__main__":
    main()
