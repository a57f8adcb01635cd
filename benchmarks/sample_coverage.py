"""Runs whose truth is known, and samples of them labelled by it → how often an estimate's 95 % interval holds the truth, as JSON.

`python benchmarks/sample_coverage.py --seeds 501 502 --samples 200` goes the way that a council goes: `linkage sample`, labels,
`linkage evaluate --sample`. The model's links are hardly ever wrong, so the truth is made worse: a share of the accepted links,
drawn by the seed, is called wrong, and the labels say so too. Where some pairs are unclear, people cannot tell half of the
wrong pairs and one in twenty of the right ones; the lower end of the interval is then that of the worst case. Recall is of best
candidates, as in a sample.
"""

import argparse
import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from linkage import pipeline
from linkage.config import LinkJob
from linkage.errors import InputError
from linkage.evaluation.estimate import estimate
from linkage.evaluation.sample import best_candidates, draw_sample
from linkage.evaluation.truth import true_numbers
from linkage.population import generate
from linkage.reading.lists import read_rows
from linkage.tabular import write_rows

PEOPLE, CLIENTS = 20_000, 2_000
CASES = ((0.0, False), (0.002, False), (0.01, False), (0.05, False), (0.01, True))
"""Share of accepted links that is called wrong, and whether people cannot tell of some."""
MEASURES = ("precision", "recall", "f1")
UNCLEAR_WRONG, UNCLEAR_RIGHT = 0.5, 0.05


def measure(folder: Path, seed: int, hard: bool, size: int, samples: int) -> dict[str, Any]:
    """For each of `CASES` the true figures, the mean of their estimates and how many intervals held them."""
    made, run = folder / "made", folder / "run"
    generate(PEOPLE, CLIENTS, seed, made, hard)
    files = pipeline.council(made / "council.csv"), pipeline.nhs(made / "nhs.csv")
    pipeline.link(LinkJob(*files, run, objections=made / "objections.csv"))
    found = {}
    for share, unclear in CASES:
        right = _right(run, made / "truth.csv", share, seed)
        name = f"{share:g}{', unclear' if unclear else ''}"
        seeds = [
            int(hashlib.sha256(f"{seed} {hard} {name} {each}".encode()).hexdigest()[:8], 16)
            for each in range(samples)
        ]
        found[name] = _judged(run, right, size, seeds, Random(seed) if unclear else None)
    return found


def _right(run: Path, truth: Path, share: float, seed: int) -> dict[str, bool]:
    """Record → whether its best candidate is right, once this share of the accepted ones is called wrong."""
    true, best = true_numbers(truth, run), best_candidates(run)
    right = {one.record_id: true[one.record_id] == one.nhs_number for one in best}
    accepted = [one.record_id for one in best if one.accepted]
    return right | dict.fromkeys(Random(seed).sample(accepted, round(share * len(accepted))), False)


def _judged(
    run: Path, right: dict[str, bool], size: int, seeds: Sequence[int], unclear: Random | None
) -> dict[str, Any]:
    accepted = {one.record_id for one in best_candidates(run) if one.accepted}
    linked, everywhere = sum(right[each] for each in accepted), sum(right.values())
    true = {
        "precision": linked / len(accepted),
        "recall": linked / everywhere,
        "f1": 2 * linked / (len(accepted) + everywhere),
    }
    told: dict[str, list[tuple[float, list[float]]]] = defaultdict(list)
    for seed in seeds:
        try:
            answer = _estimated(run, right, size, seed, unclear)
        except InputError:  # a stratum without a clear label
            continue
        source = answer if unclear is None else answer["if_cannot_tell_is_against"]
        for name in MEASURES:
            told[name].append((answer[name], [source[f"{name}_interval"][0], answer[f"{name}_interval"][1]]))
    return {
        name: {
            "true": round(true[name], 5),
            "mean": round(sum(value for value, _ in told[name]) / len(told[name]), 5),
            "held": sum(
                low <= true[name] + 1e-6 and true[name] - 1e-6 <= high for _, (low, high) in told[name]
            ),
            "of": len(told[name]),
        }
        for name in MEASURES
    }


def _estimated(
    run: Path, right: dict[str, bool], size: int, seed: int, unclear: Random | None
) -> dict[str, Any]:
    """What `linkage evaluate --sample` says of a sample of this seed, labelled."""
    with TemporaryDirectory() as folder:
        sample = Path(folder) / "sample.csv"
        draw_sample(run, size, seed, sample)
        rows = read_rows(sample)
        for row in rows:
            is_right = right[row["record_id"]]
            row["label"] = "same" if is_right else "different"
            if unclear and unclear.random() < (UNCLEAR_RIGHT if is_right else UNCLEAR_WRONG):
                row["label"] = "cannot tell"
        write_rows(sample, list(rows[0]), [list(row.values()) for row in rows])
        return estimate(run, sample)


def main() -> None:
    """Print what was measured, population by population."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[501, 502])
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--size", type=int, default=300)
    asked = parser.parse_args()
    found = {}
    for seed in asked.seeds:
        for hard in (False, True):
            with TemporaryDirectory() as folder:
                name = f"{seed}{' hard' if hard else ''}"
                found[name] = measure(Path(folder), seed, hard, asked.size, asked.samples)
    print(json.dumps({"size": asked.size, "samples": asked.samples, "populations": found}, indent=1))


if __name__ == "__main__":
    main()
