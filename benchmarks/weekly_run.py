"""A made-up council and register, and a share of rows that change in a week → what a run by changes costs beside a full run.

`python benchmarks/weekly_run.py --people 100000 --clients 10000 --changed 0.01 --repeats 3` prints JSON: seconds of both runs and
of their stages, and whether the run by changes gave the same bytes as comparing everything with the same statistics. In both
files four in five of the new or changed rows of the second week are edited and one in five has come. As many go as have come.
"""

import argparse
import csv
import json
import random
import shutil
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from linkage.config import CHANGES, EVERYTHING, FULL
from linkage.population import generate
from linkage.weekly.settings import Settings
from linkage.weekly.workspace import init, run

Row = dict[str, str]
EDITS = {
    "council": ("Surname", "Forename", "Date of Birth", "Postcode"),
    "nhs": ("FAMILY_NAME", "GIVEN_NAME", "DATE_OF_BIRTH", "POST_CODE"),
}
TOLD_OF_THE_WAY = {"manifest.json", "report.html"}


def split_weeks(file: Path, edited: tuple[str, ...], share: float, chance: random.Random) -> list[list[Row]]:
    """The rows of a file in the first week and in the second."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    chance.shuffle(rows)
    fifth = round(len(rows) * share / 5)
    coming, going, rest = rows[:fifth], rows[fifth : 2 * fifth], rows[2 * fifth :]
    second = [dict(row) for row in rest[: 4 * fifth]]
    for row in second:
        column = chance.choice(edited)
        row[column] = chance.choice(
            [other for other in chance.sample(rest, 50) if other[column] != row[column]]
        )[column]
    return [going + rest, coming + second + rest[4 * fifth :]]


def prepare(made: Path, folder: Path, share: float, seed: int) -> None:
    """A workspace in `folder` with the files of the first week in `in`; those of the second are in `next`."""
    chance = random.Random(seed)
    init(folder, Settings(objections=str((made / "objections.csv").resolve())), "benchmark")
    for name, edited in EDITS.items():
        for place, rows in zip(
            ("in", "next"), split_weeks(made / f"{name}.csv", edited, share, chance), strict=True
        ):
            (folder / place).mkdir(exist_ok=True)
            with (folder / place / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)


def next_week(folder: Path) -> None:
    """Put the files of the second week where the first's are."""
    shutil.rmtree(folder / "in")
    (folder / "next").rename(folder / "in")


def timed(folder: Path, asked: str) -> tuple[dict[str, Any], Path]:
    """Do the run of a workspace: the seconds of it and of its stages, and where its results are."""
    marks: list[tuple[str, float]] = []

    def mark(stage: str) -> None:
        # What is expected is told with the numbers of the run, which are not the stage's name.
        name = "comparing" if stage.startswith("comparing") else stage
        marks.append((name, time.perf_counter()))

    processor = time.process_time()
    mark("remembering people")
    manifest, out = run(folder, "benchmark", mark, asked)
    mark("")
    assert manifest["weekly"]["way"] == asked, manifest["weekly"]["why"]
    stages = {name: round(end - start, 2) for (name, start), (_, end) in pairwise(marks)}
    seconds = round(marks[-1][1] - marks[0][1], 2)
    return {
        "seconds": seconds,
        "processor_seconds": round(time.process_time() - processor, 2),
        "stages": stages,
        "changes": manifest["weekly"].get("changes"),
        "counts": manifest["counts"],
    }, out


def in_a_copy(folder: Path, do: Callable[[Path], Any]) -> Any:
    """What `do` gives for a copy of the workspace."""
    with TemporaryDirectory(dir=folder.parent) as temporary:
        return do(Path(shutil.copytree(folder, Path(temporary) / "copy")))


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a run but for those that tell how it was done."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name not in TOLD_OF_THE_WAY}


def compare(folder: Path, repeats: int) -> dict[str, Any]:
    """Both ways for a workspace after its first week."""
    next_week(folder)
    by_changes = [in_a_copy(folder, lambda copy: timed(copy, CHANGES)[0]) for _ in range(repeats)]
    in_full = [in_a_copy(folder, lambda copy: timed(copy, FULL)[0]) for _ in range(repeats)]
    wanted = in_a_copy(folder, lambda copy: contents(timed(copy, EVERYTHING)[1]))
    given = in_a_copy(folder, lambda copy: contents(timed(copy, CHANGES)[1]))
    cost = {
        measure: {
            name: median(each[measure] for each in found)
            for name, found in ((CHANGES, by_changes), (FULL, in_full))
        }
        for measure in ("seconds", "processor_seconds")
    }
    return {
        "by_changes": by_changes,
        "in_full": in_full,
        "median": cost,
        "ratio": {measure: round(found[CHANGES] / found[FULL], 3) for measure, found in cost.items()},
        "identical": given == wanted,
    }


def main() -> None:
    """Read the choices, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=10_000)
    parser.add_argument("--changed", type=float, default=0.01, help="share of the rows of both sides")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--made", type=Path, help="a folder that `linkage generate` made")
    choices = parser.parse_args()
    with TemporaryDirectory() as temporary:
        made = choices.made or Path(temporary) / "made"
        if not choices.made:
            generate(choices.people, choices.clients, choices.seed, made)
        folder = Path(temporary) / "weekly"
        prepare(made, folder, choices.changed, choices.seed)
        first, _ = timed(folder, FULL)
        print(json.dumps({"first": first} | compare(folder, choices.repeats), indent=2))


if __name__ == "__main__":
    main()
