"""A made-up register → how long a look-up in it takes: warm, from a cold start, and with 16 readers at once (threads of
one process, then processes), as JSON.

`python benchmarks/lookup.py` takes 100,000 people; `--people 1000000` takes ten times as many. Seconds are by the clock, so
nothing else should run meanwhile; `cpu_ms` is the processor time of one look-up.
"""

import argparse
import csv
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from linkage import pipeline
from linkage.lookup.register import Register
from linkage.lookup.register_file import IndexJob, make_register
from linkage.population import generate

ASKED = {
    "Forename": "forename",
    "Surname": "surname",
    "Date of Birth": "date_of_birth",
    "Postcode": "postcode",
    "Street": "address",
    "Gender": "gender",
    "Telephone": "phone",
}
READERS = 16
COLD_STARTS = 5


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--records", type=int, default=4800)
    parser.add_argument("--reader", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--number", type=int, default=0, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.reader:
        print(json.dumps(_warm(chosen.reader, chosen.records, chosen.number)))
        return
    with TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder) / "made", chosen.people, chosen.records), indent=2))


def measure(made: Path, people: int, records: int) -> dict[str, Any]:
    """Make a population in `made` and look up `records` of its council's records."""
    generate(people, records, 1, made)
    started = time.perf_counter()
    make_register(IndexJob(pipeline.nhs(made / "nhs.csv"), made / "nhs.register"))
    built = time.perf_counter() - started
    few = records // READERS
    reader = [sys.executable, __file__, "--reader", str(made), "--records", str(few)]
    with ThreadPoolExecutor(READERS) as pool:
        threads = list(pool.map(lambda number: _warm(made, few, number), range(READERS)))
        processes = list(
            pool.map(lambda number: json.loads(_output([*reader, "--number", str(number)])), range(READERS))
        )
    return {
        "people": people,
        "build_s": round(built, 1),
        "file_mb": round((made / "nhs.register").stat().st_size / 1e6, 1),
        "warm": _summary([_warm(made, min(records, 1000), 0)]),
        "readers": READERS,
        "threads_at_once": _summary(threads),
        "processes_at_once": _summary(processes),
        "cold_start_s": round(median(_cold(made) for _ in range(COLD_STARTS)), 3),
    }


def _warm(made: Path, records: int, number: int) -> dict[str, list[float]]:
    """Seconds of each of `records` look-ups, by the clock and of the processor; each `number` has records of its own."""
    with (made / "council.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [{name: row[heading] for heading, name in ASKED.items()} for row in csv.DictReader(file)]
    found: dict[str, list[float]] = {"wall": [], "cpu": []}
    with Register.open(made / "nhs.register") as register:
        for row in rows[:10]:
            register.match(row)
        for row in rows[number * records : (number + 1) * records]:
            wall, cpu = time.perf_counter(), time.thread_time()
            register.match(row)
            found["wall"].append(time.perf_counter() - wall)
            found["cpu"].append(time.thread_time() - cpu)
    return found


def _cold(made: Path) -> float:
    """Seconds of one `linkage lookup`, start of the process included."""
    command = "from linkage.cli import main; main()"
    words = ["--family", "Smith", "--given", "Ann", "--dob", "1950-02-03", "--postcode", "M13 0AQ"]
    started = time.perf_counter()
    _output([sys.executable, "-c", command, "lookup", "--index", str(made / "nhs.register"), *words])
    return time.perf_counter() - started


def _output(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout


def _summary(told: list[dict[str, list[float]]]) -> dict[str, float]:
    wall = sorted(each for one in told for each in one["wall"])
    cpu = [each for one in told for each in one["cpu"]]
    return {
        "p50_ms": round(median(wall) * 1000, 1),
        "p95_ms": round(wall[int(len(wall) * 0.95)] * 1000, 1),
        "cpu_ms": round(sum(cpu) / len(cpu) * 1000, 1),
    }


if __name__ == "__main__":
    main()
