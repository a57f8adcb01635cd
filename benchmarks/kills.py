"""A workspace whose runs and deciders are killed again and again → what was lost or half-made, as JSON.

`python benchmarks/kills.py --kills 200` kills a process with SIGKILL at a moment drawn from the whole length of a run,
or while it appends decisions. Half of the runs are the second week of a made-up council, by changes; the other half are
full ones. After each kill: every decision that was acknowledged is in the store once, the current run is whole and holds
the bytes it must hold, and the audit trail is in order. The same seed draws the same moments.
"""

import argparse
import csv
import json
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from linkage.config import CHANGES, FULL
from linkage.population import generate
from linkage.reading.lists import read_rows
from linkage.weekly import audit, run_names, workspace
from linkage.weekly.settings import Settings
from linkage.weekly.store import open_store, read_decisions, runs

RUN = """
import sys
from pathlib import Path
from linkage.weekly.workspace import run
run(Path(sys.argv[1]), "killed", asked=sys.argv[2])
"""
DECIDE = """
import sys
from pathlib import Path
from linkage.clerical.keep import keep
from linkage.past import Decision, Side
for number in range(10_000):
    sides = Side("council", f"{sys.argv[2]}-{number}"), Side("nhs", "9000000009")
    kept, = keep(Path(sys.argv[1]), [Decision(0, *sides, "different", "killed", "2026-01-01T00:00:00Z")])
    print(kept.number, flush=True)
"""


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a run but those that tell which run it is or which decisions it was given."""
    told = ("manifest.json", "report.html", "decisions.csv", "links.csv", "links.parquet")
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name not in told}


def links(folder: Path) -> list[tuple[str, ...]]:
    """The links of a run, without the run's own id."""
    with (folder / "links.csv").open(encoding="utf-8-sig", newline="") as file:
        return [tuple(v for k, v in row.items() if k != "run_id") for row in csv.DictReader(file)]


def kill_after(code: str, seconds: float, *words: str) -> str:
    """What a process printed until it was killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.communicate()[0]


def check(folder: Path, acknowledged: set[int], expected: Sequence[Path]) -> list[str]:
    """What is wrong after a kill; the current run must be one of `expected`."""
    wrong = []
    if not is_one_of(run_names.current(folder), expected):
        wrong.append("the current run is torn")
    with open_store(folder) as store:
        held = read_decisions(store)
        wrong += audit.verify(store, folder)
        if any(not (folder / "runs" / name / "manifest.json").is_file() for name in runs(store)):
            wrong.append("a run that the store names is not there")
    if acknowledged - {each.number for each in held}:
        wrong.append("a decision was lost")
    if len({each.pair for each in held}) != len(held):
        wrong.append("a decision is there twice")
    return wrong


def is_one_of(folder: Path, expected: Sequence[Path]) -> bool:
    """Whether a run holds the bytes of one of `expected`."""
    return any(contents(folder) == contents(each) and links(folder) == links(each) for each in expected)


def pass_a_week(made: Path) -> None:
    """Other surnames in one row in forty of both files, few enough for a run by changes."""
    for name, heading in (("council", "Surname"), ("nhs", "FAMILY_NAME")):
        rows = read_rows(made / f"{name}.csv")
        for row in rows[::40]:
            row[heading] += "e"
        with (made / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


def second_week(weekly: Path, made: Path, seed: int) -> dict[str, list[Path]]:
    """Make a workspace in its second week; how a run is asked for → the runs it may give, the last one if it is repeated."""
    generate(1_000, 60, seed, made)
    workspace.init(weekly, Settings("../made/council.csv", "../made/nhs.csv"), "benchmark")
    workspace.run(weekly, "benchmark")
    pass_a_week(made)
    manifest, first = workspace.run(weekly, "benchmark")
    assert manifest["weekly"]["way"] == CHANGES, manifest["weekly"]
    by_changes = [first, workspace.run(weekly, "benchmark")[1]]
    copy = weekly.with_name("copy")
    shutil.copytree(weekly, copy)
    in_full = [workspace.run(copy, "benchmark", asked=FULL)[1] for _ in range(2)]
    return {CHANGES: by_changes[1:], FULL: [*by_changes[1:], *in_full]}


def length_of(asked: str, weekly: Path) -> float:
    """Seconds of a run in a process of its own."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", RUN, str(weekly), asked], check=True, capture_output=True)
    return time.perf_counter() - began


def kills(count: int, seed: int, folder: Path) -> dict[str, object]:
    """Kill `count` times; half of them deciders, the others runs, by changes first."""
    chance = random.Random(seed)
    weekly = folder / "weekly"
    expected = second_week(weekly, folder / "made", seed)
    acknowledged: set[int] = set()
    wrong: Counter[str] = Counter()
    same = []
    for asked in (CHANGES, FULL):
        length = length_of(asked, weekly)
        for number in range(count // 2):
            if number % 2:
                words = str(weekly), f"{asked}-{number}"
                printed = kill_after(DECIDE, chance.uniform(0.1, 0.6) * length, *words)
                acknowledged.update(int(line) for line in printed.split())
            else:
                kill_after(RUN, chance.uniform(0, 1.1) * length, str(weekly), asked)
            wrong.update(check(weekly, acknowledged, expected[asked]))
        same.append(is_one_of(workspace.run(weekly, "benchmark")[1], expected[asked][-1:]))
    return {
        "kills": count,
        "runs_completed": dict(Counter(way_of(run) for run in (weekly / "runs").iterdir())),
        "decisions_acknowledged": len(acknowledged),
        "wrong": dict(wrong),
        "the_next_run_is_the_same": all(same),
    }


def way_of(run: Path) -> str:
    """How a run was done."""
    return str(json.loads((run / "manifest.json").read_text(encoding="utf-8"))["weekly"]["way"])


def main() -> None:
    """Read the choices, kill, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    choices = parser.parse_args()
    with TemporaryDirectory() as folder:
        result = kills(choices.kills, choices.seed, Path(folder))
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
