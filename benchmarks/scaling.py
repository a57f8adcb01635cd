"""Sizes of councils and registers → what `link` costs at each, how that grows, and what it would be for a country; as JSON.

Part `scaling` links several councils to one register, and one council to several registers, and fits power laws to what they
cost (growth.py). Part `flat` tells what a council record costs in a small council and in a large one, from the same runs.
"""

import argparse
import csv
import json
import os
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from growth import COSTS, Point, flat, growth
from speed import SEED, run_job

from linkage import __version__
from linkage.population import generate

COUNCILS = (3_000, 10_000, 30_000)
REGISTERS = (100_000, 300_000, 1_000_000)


@dataclass(frozen=True)
class Sizes:
    """Clients of each council and people of each register, smallest first; the middle one of each meets all the others."""

    councils: tuple[int, ...] = COUNCILS
    registers: tuple[int, ...] = REGISTERS

    @property
    def clients(self) -> int:
        """Clients of the council that is linked to every register."""
        return self.councils[len(self.councils) // 2]

    @property
    def people(self) -> int:
        """People of the register that every council is linked to."""
        return self.registers[len(self.registers) // 2]


def measure_councils(sizes: Sizes, folder: Path, times: int, seed: int) -> list[Point]:
    """Each council against the middle register: the largest one, and evenly spread parts of it."""
    largest = max(sizes.councils)
    home = folder / "councils"
    generate(sizes.people, largest, seed, home / "made")
    points = []
    for clients in sizes.councils:
        part = folder / "part"
        shutil.copytree(home, part)
        keep_part(part / "made" / "council.csv", clients / largest)
        points.append(_point(part, times))
        shutil.rmtree(part)
    shutil.rmtree(home)
    return points


def measure_registers(sizes: Sizes, folder: Path, times: int, seed: int) -> list[Point]:
    """The middle council against each register but the middle one."""
    points = []
    for people in sizes.registers:
        if people != sizes.people:
            home = folder / "register"
            generate(people, sizes.clients, seed, home / "made")
            points.append(_point(home, times))
            shutil.rmtree(home)
    return points


def keep_part(path: Path, share: float) -> None:
    """Leave that share of a CSV file's rows in it, spread evenly, with its heading."""
    with path.open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    kept = [row for place, row in enumerate(rows) if int((place + 1) * share) > int(place * share)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *kept])


def _point(home: Path, times: int) -> Point:
    """What the product costs on the files in `home`: the median of several runs."""
    council, register = (_rows(home / "made" / name) for name in ("council.csv", "nhs.csv"))
    costs = []
    for turn in range(times):
        print(f"{council:,} to {register:,}, {turn + 1} of {times} …", file=sys.stderr)
        cost = run_job("linkage", home)
        costs.append(cost | cost["told"])
    return Point(council, register, {name: round(median(x[name] for x in costs), 2) for name in COSTS})


def _rows(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def measure(parts: tuple[str, ...], sizes: Sizes, times: int, seed: int) -> dict[str, Any]:
    """The parts that are asked for."""
    results: dict[str, Any] = {}
    with TemporaryDirectory() as folder:
        councils = measure_councils(sizes, Path(folder), times, seed)
        if "scaling" in parts:
            middle = councils[sizes.councils.index(sizes.clients)]
            registers = [middle, *measure_registers(sizes, Path(folder), times, seed)]
            results["scaling"] = growth(councils, sorted(registers, key=lambda point: point.register))
    if "flat" in parts:
        results["flat"] = flat(councils)
    return results


def main() -> None:
    """Measure the parts that the command line names, print one JSON object, and keep it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("parts", nargs="*", metavar="PART", help="scaling, flat (both)")
    parser.add_argument("--councils", type=int, nargs="+", default=COUNCILS, help="clients of each council")
    parser.add_argument("--registers", type=int, nargs="+", default=REGISTERS, help="people of each register")
    parser.add_argument("--times", type=int, default=1, help="how often each size runs (1)")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the made-up people ({SEED})")
    parser.add_argument("--out", type=Path, help="file to write the JSON into as well")
    chosen = parser.parse_args()
    if set(chosen.parts) - {"scaling", "flat"}:
        parser.error("choose from scaling, flat")
    sizes = Sizes(tuple(sorted(chosen.councils)), tuple(sorted(chosen.registers)))
    if len(sizes.councils) < 2 or len(sizes.registers) < 2:
        parser.error("how a cost grows takes two sizes of each side at least")
    results: dict[str, Any] = {
        "versions": {"linkage": __version__, "python": platform.python_version()},
        "processors": os.cpu_count(),
        "load_at_start": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "seed": chosen.seed,
        "times": chosen.times,
    }
    results |= measure(tuple(chosen.parts) or ("scaling", "flat"), sizes, chosen.times, chosen.seed)
    text = json.dumps(results, indent=1, ensure_ascii=False)
    print(text)
    if chosen.out:
        chosen.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
