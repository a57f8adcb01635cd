"""A seed → people whom the product merges wrongly, beside plain connected components of the same pairs, as JSON.

`python benchmarks/merges.py --people 100000 --clients 10000` makes a hard population, and judges the people of a link run and
of a dedupe of the council's file. `plain` joins every pair of council records of at least the model's `join`, every accepted
link and every merge of the source. `ties` joins what the product takes for a tie. `product` is what it publishes after the
conflict cut. A person is wrongly merged if somebody else is in the same cluster. The bar: a tenth of plain's wrong merges, at
no more than half a point of pairwise recall.
"""

import argparse
import csv
import json
import math
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from linkage import pipeline
from linkage.config import DedupeJob, LinkJob
from linkage.evaluation.measures import judge_clusters, rounded
from linkage.outputs import Run
from linkage.people.components import component_sets
from linkage.people.ties import duplicate_prior
from linkage.population import generate

Clusters = dict[str, dict[str, str]]


def clusters_of(run: Run) -> Clusters:
    """Plain, ties and product → council record → its cluster, from the tables of a finished run."""
    query = run.database.execute
    records = dict(
        query("SELECT subject_id, min(record_id) FROM record WHERE dataset = 'council' GROUP BY 1").fetchall()
    )
    ties = [(row[0], row[1]) for row in query("SELECT left_subject, right_subject FROM edge").fetchall()]
    prior, join = duplicate_prior(run.database, run.model), run.model.join
    alike = query(
        """
        SELECT DISTINCT l.subject_id, r.subject_id FROM pair p
        JOIN record l ON l.row_id = p.left_id AND l.dataset = 'council'
        JOIN record r ON r.row_id = p.right_id AND r.dataset = 'council'
        WHERE p.match_weight >= ?
        """,
        [math.log2(join / (1 - join)) - prior],
    ).fetchall()
    product = dict(query("SELECT subject_id, cluster_id FROM cluster").fetchall())
    return {
        "plain": _named(component_sets(set(product), [*ties, *alike]), records),
        "ties": _named(component_sets(set(product), ties), records),
        "product": {records[subject]: str(found) for subject, found in product.items() if subject in records},
    }


def judge(clusters: dict[str, str], person: dict[str, str]) -> dict[str, Any]:
    """People wrongly merged, wrong pairs, and pairwise precision and recall."""
    inside = defaultdict(set)
    for record, cluster in clusters.items():
        inside[cluster].add(person[record])
    told = judge_clusters(clusters, person)
    wrong = sum(len(people) for people in inside.values() if len(people) > 1)
    return {"people_wrongly_merged": wrong, "wrong_pairs": told["wrong_pairs"], **told["pairwise"]}


def measure(folder: Path, kind: str) -> dict[str, Any]:
    """All three, for a link run or a dedupe of the population in `folder`."""
    found: dict[str, Clusters] = {}
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        person = {row["record_id"]: row["person"] for row in csv.DictReader(file)}
    council, out = pipeline.council(folder / "council.csv"), folder / kind

    def keep(run: Run, _out: Path) -> None:
        found["clusters"] = clusters_of(run)

    with patch.object(pipeline, "publish", keep):
        if kind == "link":
            pipeline.link(LinkJob(council, pipeline.nhs(folder / "nhs.csv"), out))
        else:
            pipeline.dedupe(DedupeJob(council, out))
    return {name: judge(clusters, person) for name, clusters in found["clusters"].items()}


def _named(found: list[set[int]], records: dict[int, str]) -> dict[str, str]:
    return {records[s]: str(number) for number, part in enumerate(found) for s in part if s in records}


def main() -> None:
    """Read the choices, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--kinds", nargs="+", choices=("link", "dedupe"), default=["link", "dedupe"])
    choices = parser.parse_args()
    with TemporaryDirectory() as folder:
        generate(choices.people, choices.clients, choices.seed, Path(folder), hard=True)
        print(json.dumps(rounded({kind: measure(Path(folder), kind) for kind in choices.kinds}), indent=2))


if __name__ == "__main__":
    main()
