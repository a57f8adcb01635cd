"""Numbers of people → how long the product takes and how much memory, beside Splink on the same files, as one JSON object.

Both sides run in turn, several times, each in a process of its own; medians, least and most are told. `end_to_end` is from files
to files, with Splink as its documentation shows it (vanilla.py), training included. `scoring` is from standardised records:
our blocking and scoring against Splink's `predict` with the same model, rules and threshold. `febrl4` (a link) and `historical`
(a dedupe of historical_50k, --data) are timed from when their files are there, without the start of a process.
"""

import argparse
import json
import os
import platform
import shutil
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from timing import Cost, cost_of, summary

from linkage import __version__
from linkage.population import generate

PARTS = {
    "end_to_end": ("linkage", "vanilla"),
    "scoring": ("scoring", "scoring_every_pair", "scoring_splink"),
    "febrl4": ("febrl4", "febrl4_vanilla"),
    "historical": ("historical", "historical_vanilla"),
}
"""Part → the jobs of ours, and Splink's."""
COMPARED = {"end_to_end": ("wall_s", "cpu_s", "peak_mb"), "scoring": ("score_s", "score_cpu_s")}
ON_LABELLED = ("job_s", "job_cpu_s")
SEED = 2026


def measure(part: str, folder: Path, times: int) -> dict[str, Any]:
    """One part: what each side costs, and how many times more Splink takes."""
    if part == "scoring":
        run_job("standardised", folder)
    costs: dict[str, list[Cost]] = {job: [] for job in PARTS[part]}
    for turn in range(times):
        for job, found in costs.items():
            print(f"{part} {job} {turn + 1} of {times} …", file=sys.stderr)
            found.append(run_job(job, folder))
    told = {job: summary(found) for job, found in costs.items()}
    *ours, splink = PARTS[part]
    compared = COMPARED.get(part, ON_LABELLED)
    ratios = {
        job: {name: round(told[splink][name]["median"] / told[job][name]["median"], 2) for name in compared}
        for job in ours
    }
    return {**told, "splink_takes_times": ratios}


def run_job(job: str, folder: Path) -> Cost:
    """What one job of speed_jobs.py costs in a process of its own."""
    here = Path(__file__).parent
    return cost_of([sys.executable, str(here / "speed_jobs.py"), job, str(folder.resolve())], here.parent)


def _put_people(chosen: argparse.Namespace, made: Path) -> None:
    """The made-up people into `made`: new ones, or copies of those that the command line names."""
    if chosen.made:
        shutil.copytree(chosen.made, made)
    else:
        generate(chosen.people, chosen.clients, chosen.seed, made)


def main() -> None:
    """Measure the parts that the command line names, print one JSON object, and keep it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of: {', '.join(PARTS)} (all)")
    parser.add_argument(
        "--made", type=Path, help="a folder that `linkage generate` made, in place of a new one"
    )
    parser.add_argument("--data", type=Path, help="folder of downloaded data: labelled/historical_50k")
    parser.add_argument("--people", type=int, default=100_000, help="people of the area (100000)")
    parser.add_argument("--clients", type=int, default=10_000, help="clients of the council (10000)")
    parser.add_argument("--times", type=int, default=3, help="how often each side runs (3)")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of the made-up people ({SEED})")
    parser.add_argument("--out", type=Path, help="file to write the JSON into as well")
    chosen = parser.parse_args()
    unknown = [part for part in chosen.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}; choose from {', '.join(PARTS)}")
    parts = chosen.parts or [part for part in PARTS if part != "historical" or chosen.data]
    results: dict[str, Any] = {
        "versions": {"linkage": __version__, "python": platform.python_version()}
        | {package: version(package) for package in ("splink", "duckdb")},
        "processors": os.cpu_count(),
        "times": chosen.times,
    }
    if chosen.made:
        results["made"] = chosen.made.name
    else:
        results |= {name: getattr(chosen, name) for name in ("people", "clients", "seed")}
    with TemporaryDirectory() as folder:
        home = Path(folder)
        if not {"end_to_end", "scoring"}.isdisjoint(parts):
            _put_people(chosen, home / "made")
        for part in parts:
            results[part] = measure(part, home if part in COMPARED else chosen.data or home, chosen.times)
    text = json.dumps(results, indent=1)
    print(text)
    if chosen.out:
        chosen.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
