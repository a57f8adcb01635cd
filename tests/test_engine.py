"""The engine from files to a run: what must hold whatever the data."""

import csv
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import pipeline
from linkage.config import DedupeJob, Limits, LinkJob
from linkage.evaluation.evaluate import evaluate
from linkage.people.clusters import UNLIKE, Edge, Graph, cluster
from linkage.people.components import component_sets
from linkage.people.cuts import certain_births, contradict
from linkage.population import generate
from linkage.scoring.confidence import calibrate, posterior


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "population"
    generate(6_000, 800, 7, folder)
    return folder


def run(made: Path, out: Path, threads: int = 2) -> None:
    job = LinkJob(
        pipeline.council(made / "council.csv"),
        pipeline.nhs(made / "nhs.csv"),
        out,
        objections=made / "objections.csv" if (made / "objections.csv").exists() else None,
        limits=Limits(threads=threads),
    )
    pipeline.link(job)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{k: v for k, v in row.items() if k != "run_id"} for row in csv.DictReader(file)]


def shuffled(source: Path, target: Path, seed: int) -> None:
    with source.open(encoding="utf-8-sig", newline="") as file:
        heading, *body = list(csv.reader(file))
    random.Random(seed).shuffle(body)
    with target.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *body])


def test_every_council_record_gets_one_answer_and_the_answers_are_right(made: Path, tmp_path: Path) -> None:
    run(made, tmp_path / "run")
    council = rows(made / "council.csv")
    links = rows(tmp_path / "run" / "links.csv")
    assert sorted(row["record_id"] for row in links) == sorted(row["Person ID"] for row in council)
    assert all(bool(row["nhs_number"]) == (row["band"] in ("accept", "review")) for row in links)
    assert not any(row["nhs_number_status"] == "01" for row in links)
    result = evaluate(tmp_path / "run", made / "truth.csv")
    assert result["precision"] >= 0.995
    assert result["recall"] >= 0.93


def test_objectors_are_not_linked(made: Path, tmp_path: Path) -> None:
    run(made, tmp_path / "run")
    objectors = {row["Person ID"] for row in rows(made / "objections.csv")}
    links = {row["record_id"]: row for row in rows(tmp_path / "run" / "links.csv")}
    assert objectors
    assert all(
        links[record]["band"] == "screened" and not links[record]["nhs_number"] for record in objectors
    )


def test_order_of_rows_and_number_of_threads_change_nothing(made: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for name in ("council.csv", "nhs.csv"):
        shuffled(made / name, other / name, seed=3)
    (other / "objections.csv").write_bytes((made / "objections.csv").read_bytes())
    run(made, tmp_path / "a", threads=2)
    run(other, tmp_path / "b", threads=1)
    for name in ("links.csv", "persons.csv"):
        assert rows(tmp_path / "a" / name) == rows(tmp_path / "b" / name)


def test_dedupe_finds_the_people_of_one_file(made: Path, tmp_path: Path) -> None:
    pipeline.dedupe(DedupeJob(pipeline.council(made / "council.csv"), tmp_path / "run"))
    result = evaluate(tmp_path / "run", made / "truth.csv")
    assert result["clusters"]["pairwise"]["precision"] >= 0.98


@given(st.lists(st.floats(-200, 200), min_size=1, max_size=8))
def test_a_posterior_is_a_probability_and_falls_with_every_rival(weights: list[float]) -> None:
    weights = sorted(weights, reverse=True)
    alone, _ = posterior(weights[:1])
    best, best_three = posterior(weights)
    assert 0 <= best <= alone <= 1
    assert best <= best_three <= 1


@given(st.floats(0, 1), st.floats(0, 1))
def test_calibration_never_turns_two_confidences_around(first: float, second: float) -> None:
    points = [(0.1, 0.05), (0.5, 0.4), (0.9, 0.95), (0.999, 0.99)]
    low, high = sorted((first, second))
    assert calibrate(points, low) <= calibrate(points, high) + 1e-12


@settings(max_examples=60)
@given(st.data())
def test_no_cluster_holds_two_nhs_numbers_or_opposed_birth_dates(data: st.DataObject) -> None:
    subjects = set(range(12))
    pairs = data.draw(
        st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.floats(1, 30)), max_size=25)
    )
    edges = [Edge(left, right, weight) for left, right, weight in pairs if left != right]
    nhs_subjects = {9, 10, 11}
    births = {0: "19500102", 1: "19500102", 2: "19771130"}
    answers = cluster(Graph(subjects, edges, nhs_subjects, births))
    certain = certain_births(subjects, {(min(x.left, x.right), max(x.left, x.right)) for x in edges}, births)
    assert set(answers) == subjects
    groups: dict[int, set[int]] = {}
    for subject, (root, _) in answers.items():
        groups.setdefault(root, set()).add(subject)
    for group in groups.values():
        assert len(group & nhs_subjects) <= 1
        dates = [certain[subject] for subject in group if subject in certain]
        assert not any(contradict(a, b) for a in dates for b in dates)


def test_a_birth_date_that_the_closest_records_outvote_is_a_slip_and_one_between_strangers_a_conflict() -> (
    None
):
    births = {0: "19500102", 1: "19500102", 2: "19771130", 3: "19771130"}
    slip = [Edge(0, 1, 9.0), Edge(0, 2, 9.0), Edge(1, 2, 9.0)]
    assert {root for root, _ in cluster(Graph({0, 1, 2}, slip, births=births)).values()} == {0}
    chain = [Edge(0, 4, 9.0), Edge(4, 3, 8.0)]
    assert cluster(Graph({0, 3, 4}, chain, births=births))[3] == (3, "two birth dates")


def test_a_record_that_is_close_to_one_and_unlike_the_others_does_not_chain_them_together() -> None:
    people = [Edge(0, 1, 20.0), Edge(2, 3, 15.0), Edge(1, 2, 6.0)]
    told = [Edge(0, 2, -9.0), Edge(0, 3, -9.0)]
    assert {root for root, _ in cluster(Graph({0, 1, 2, 3}, people)).values()} == {0}
    grown = cluster(Graph({0, 1, 2, 3}, people, compared=told))
    assert {subject: root for subject, (root, _) in grown.items()} == {0: 0, 1: 0, 2: 2, 3: 2}
    assert {conflict for _, conflict in grown.values()} == {UNLIKE}


def test_two_opposed_subjects_are_one_person_by_links_only_however_much_ties_them() -> None:
    ties = [Edge(0, 1, 30.0), Edge(1, 2, 20.0), Edge(0, 3, 9.0), Edge(3, 2, 9.0)]
    assert {root for root, _ in cluster(Graph({0, 1, 2, 3}, ties)).values()} == {0}
    grown = cluster(Graph({0, 1, 2, 3}, ties, opposed=frozenset({(0, 2)})))
    assert {subject: root for subject, (root, _) in grown.items()} == {0: 0, 1: 0, 2: 2, 3: 0}
    assert {conflict for _, conflict in grown.values()} == {UNLIKE}
    linked = [Edge(0, 9, 25.0, firm=True), Edge(2, 9, 25.0, firm=True)]
    both = cluster(Graph({0, 2, 9}, linked, nhs_subjects={9}, opposed=frozenset({(0, 2)})))
    assert {root for root, _ in both.values()} == {0}


@settings(max_examples=100)
@given(st.data())
def test_no_cluster_of_ties_holds_an_opposed_pair_in_any_order_of_the_edges(data: st.DataObject) -> None:
    drawn = data.draw(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25))
    pairs = sorted({(min(pair), max(pair)) for pair in drawn if pair[0] != pair[1]})
    opposed = frozenset(data.draw(st.lists(st.sampled_from(pairs), max_size=4)) if pairs else [])
    edges = [
        Edge(*pair, data.draw(st.sampled_from([6.0, 9.0, 20.0]))) for pair in pairs if pair not in opposed
    ]
    found = cluster(Graph(set(range(10)), edges, opposed=opposed))
    assert all(found[left][0] != found[right][0] for left, right in opposed)
    assert cluster(Graph(set(range(10)), edges[::-1], opposed=opposed)) == found


def test_no_single_pair_outvotes_many_and_links_are_not_called_in_doubt() -> None:
    agree = [Edge(0, 2, 9.0), Edge(1, 2, 9.0), Edge(0, 1, 9.0)]
    slip = [Edge(2, 3, 9.0), Edge(1, 3, 9.0)]
    apart = [Edge(0, 3, -200.0)]
    assert {root for root, _ in cluster(Graph({0, 1, 2, 3}, agree + slip, compared=apart)).values()} == {0}
    linked = [Edge(0, 9, 25.0, firm=True), Edge(1, 9, 25.0, firm=True)]
    both = cluster(Graph({0, 1, 9}, linked, nhs_subjects={9}, compared=[Edge(0, 1, -50.0)]))
    assert {root for root, _ in both.values()} == {0}


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
def test_components_are_those_of_networkx(edges: list[tuple[int, int]]) -> None:
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(range(31))
    graph.add_edges_from(edges)
    expected = sorted(sorted(found) for found in networkx.connected_components(graph))
    assert sorted(sorted(found) for found in component_sets(set(range(31)), edges)) == expected
