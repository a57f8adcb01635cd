"""A workspace whose runs and deciders are killed again and again → what was lost or half-made, as JSON.

`python benchmarks/kills.py --kills 200` kills a process with SIGKILL at a moment drawn from the whole length of a run,
or while it appends decisions. After each kill: every decision that was acknowledged is in the store once, the current
run is whole and holds the bytes it must hold, and the audit trail is in order. The same seed draws the same moments.
"""

import argparse
import csv
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from linkage import audit, workspace
from linkage.population import generate
from linkage.settings import Settings
from linkage.store import open_store, read_decisions, runs

RUN = "import sys; from pathlib import Path; from linkage.workspace import run; run(Path(sys.argv[1]), 'killed')"
DECIDE = """
import sys
from pathlib import Path
from linkage.decisions import keep
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


def check(folder: Path, acknowledged: set[int], expected: Path) -> list[str]:
    """What is wrong after a kill."""
    wrong = []
    now = workspace.current(folder)
    if contents(now) != contents(expected) or links(now) != links(expected):
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


def kills(count: int, seed: int, folder: Path) -> dict[str, object]:
    """Kill `count` times; half of them runs, half of them deciders."""
    chance = random.Random(seed)
    generate(1_000, 60, seed, folder / "made")
    weekly = folder / "weekly"
    workspace.init(weekly, Settings("../made/council.csv", "../made/nhs.csv"), "benchmark")
    workspace.run(weekly, "benchmark")
    _, expected = workspace.run(weekly, "benchmark")
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", RUN, str(weekly)], check=True, capture_output=True)
    length = time.perf_counter() - began
    acknowledged: set[int] = set()
    wrong: dict[str, int] = {}
    for number in range(count):
        if number % 2:
            printed = kill_after(DECIDE, chance.uniform(0.1, 0.6) * length, str(weekly), str(number))
            acknowledged.update(int(line) for line in printed.split())
        else:
            kill_after(RUN, chance.uniform(0, 1.1) * length, str(weekly))
        for problem in check(weekly, acknowledged, expected):
            wrong[problem] = wrong.get(problem, 0) + 1
    _, last = workspace.run(weekly, "benchmark")
    with open_store(weekly) as store:
        completed = len(runs(store))
    return {
        "kills": count,
        "runs_completed": completed,
        "decisions_acknowledged": len(acknowledged),
        "wrong": wrong,
        "the_next_run_is_the_same": contents(last) == contents(expected) and links(last) == links(expected),
    }


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
