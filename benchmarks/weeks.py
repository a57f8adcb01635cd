"""A made-up council through a year of weekly runs → how many unchanged people got another person_id, as JSON.

Every week some people arrive and leave, move house, marry, have a date corrected, get a new record id or a second record, and
both files are shuffled. `python benchmarks/weeks.py --model FOLDER --from-week 26` goes over to another model on the way. A
person is unchanged if the same records with the same values are in both weeks' council file, and the register's rows for them
are the same too. The same seed gives the same figures.
"""

import argparse
import csv
import json
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from linkage.past import end_of_chain
from linkage.population import generate
from linkage.reading.lists import read_rows
from linkage.runs.compare import compare
from linkage.weekly.settings import Settings
from linkage.weekly.workspace import init, run

Row = dict[str, str]
SHARE_A_WEEK = 0.002
STREETS = ("Larch Close", "Tannery Row", "Foundry Lane", "Mill Brow")


@dataclass
class Council:
    """The council's file as it stands: rows by record id, whose each is, those not yet arrived, and the next id."""

    rows: dict[str, Row]
    person: dict[str, str]
    waiting: list[Row]
    next_id: int = 90_000_000
    touched: set[str] = field(default_factory=set)


def start(folder: Path, chance: random.Random) -> Council:
    """The first week: nine tenths of the made-up council."""
    truth = {row["record_id"]: row["person"] for row in read_rows(folder / "truth.csv")}
    rows = read_rows(folder / "council.csv")
    chance.shuffle(rows)
    kept = len(rows) * 9 // 10
    held = {row["Person ID"]: row for row in rows[:kept]}
    return Council(held, truth, rows[kept:])


def pass_a_week(council: Council, chance: random.Random) -> None:
    """Change the council's file as a week does."""
    council.touched = set()
    events = max(1, round(len(council.rows) * SHARE_A_WEEK))
    for happens in (arrive, leave, move, marry, correct, rekey, repeat):
        for _ in range(events):
            happens(council, chance)


def some(council: Council, chance: random.Random) -> Row:
    """Somebody's row, whose person counts as changed from now on."""
    row = council.rows[chance.choice(sorted(council.rows))]
    council.touched.add(council.person[row["Person ID"]])
    return row


def arrive(council: Council, chance: random.Random) -> None:
    """A record that was not there."""
    if council.waiting:
        row = council.waiting.pop(chance.randrange(len(council.waiting)))
        council.rows[row["Person ID"]] = row
        council.touched.add(council.person[row["Person ID"]])


def leave(council: Council, chance: random.Random) -> None:
    """A record that goes, and may come again."""
    row = some(council, chance)
    council.waiting.append(council.rows.pop(row["Person ID"]))


def move(council: Council, chance: random.Random) -> None:
    """Another address."""
    row = some(council, chance)
    row["House No"], row["Street"] = str(chance.randint(1, 200)), chance.choice(STREETS)
    row["Flat No"] = row["Building"] = row["UPRN"] = ""


def marry(council: Council, chance: random.Random) -> None:
    """Another surname."""
    row = some(council, chance)
    row["Previous Surname"], row["Surname"] = row["Surname"], some(council, chance)["Surname"]


def correct(council: Council, chance: random.Random) -> None:
    """Another day of birth."""
    row = some(council, chance)
    row["Date of Birth"] = f"{chance.randint(1, 28):02}{row['Date of Birth'][2:]}"


def rekey(council: Council, chance: random.Random) -> None:
    """The same record under another id, also where others name it; whose it is stays, so it is not touched."""
    row = council.rows.pop(chance.choice(sorted(council.rows)))
    old, row["Person ID"] = row["Person ID"], new_id(council)
    council.person[row["Person ID"]] = council.person[old]
    council.rows[row["Person ID"]] = row
    for other in council.rows.values():
        if other["Merged Into"] == old:
            other["Merged Into"] = row["Person ID"]


def repeat(council: Council, chance: random.Random) -> None:
    """A second record of somebody."""
    row = some(council, chance)
    copy = row | {"Person ID": new_id(council), "Telephone": "", "Email": ""}
    council.person[copy["Person ID"]] = council.person[row["Person ID"]]
    council.rows[copy["Person ID"]] = copy


def new_id(council: Council) -> str:
    """A record id that was never used."""
    council.next_id += 1
    return str(council.next_id)


def write(council: Council, file: Path, chance: random.Random) -> None:
    """The file, in an order of its own."""
    rows = [council.rows[key] for key in sorted(council.rows)]
    chance.shuffle(rows)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def identifiers(council: Council, out: Path) -> dict[str, frozenset[str]]:
    """Person → the identifiers that their records have in this run."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in read_rows(out / "links.csv"):
        found[council.person[row["record_id"]]].add(row["person_id"])
    return {person: frozenset(held) for person, held in found.items()}


def year(weeks: int, choices: argparse.Namespace, folder: Path) -> dict[str, object]:
    """Run the weeks; per week the people unchanged, and those of them whose identifiers changed."""
    chance = random.Random(choices.seed)
    generate(choices.people, choices.clients, choices.seed, folder / "made")
    workspace = folder / "weekly"
    init(workspace, Settings(council="council.csv", nhs="nhs.csv"), "benchmark")
    (workspace / "nhs.csv").write_bytes((folder / "made" / "nhs.csv").read_bytes())
    council = start(folder / "made", chance)
    changed: dict[int, int] = {}
    unchanged, seconds, unresolved = 0, [], 0
    why: dict[str, dict[str, int]] = {}
    models: dict[str, int] = {}
    before: dict[str, frozenset[str]] = {}
    former = workspace
    for week in range(1, weeks + 1):
        if week > 1:
            pass_a_week(council, chance)
        if choices.model and week == choices.from_week:
            settings = workspace / "linkage.toml"
            text = settings.read_text(encoding="utf-8")
            settings.write_text(
                text.replace('model = "default"', f'model = "{choices.model}"'), encoding="utf-8"
            )
        write(council, workspace / "council.csv", chance)
        began = time.perf_counter()
        manifest, out = run(workspace, "benchmark")
        models[manifest["model"]["version"]] = week
        seconds.append(time.perf_counter() - began)
        now = identifiers(council, out)
        same = [person for person in now if person in before and person not in council.touched]
        moved = [person for person in same if now[person] != before[person]]
        unchanged += len(same)
        if moved:
            changed[week] = len(moved)
            why[str(week)] = compare(former, out)["why"]
            successors = {
                row["person_id"]: row["other"]
                for row in read_rows(out / "identifiers.csv")
                if row["event"] == "merged"
            }
            unresolved += sum(
                not {end_of_chain(successors, name) for name in before[person]} & now[person]
                for person in moved
            )
        before, former = now, out
    return {
        "weeks": weeks,
        "last_week_of_model": models,
        "people_weeks_unchanged": unchanged,
        "changed_by_week": changed,
        "share_changed": sum(changed.values()) / max(1, unchanged),
        "of_these_not_resolving_to_a_successor": unresolved,
        "why": why,
        "seconds_a_run": round(sum(seconds) / len(seconds), 2),
    }


def main() -> None:
    """Read the choices, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--people", type=int, default=6_000)
    parser.add_argument("--clients", type=int, default=800)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--model", default="", help="name or folder of another model")
    parser.add_argument("--from-week", type=int, default=26, help="the week from which it is used")
    choices = parser.parse_args()
    with TemporaryDirectory() as folder:
        print(json.dumps(year(choices.weeks, choices, Path(folder)), indent=2))


if __name__ == "__main__":
    main()
