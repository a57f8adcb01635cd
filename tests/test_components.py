"""Components found in arrays are connected components, and asking the rule about doubtful ones only changes no answer."""

from dataclasses import replace
from itertools import combinations
from random import Random

import duckdb
import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage import model_folder
from linkage.database import insert_rows
from linkage.people.clusters import Edge, Graph, cluster_groups
from linkage.people.components import components
from linkage.people.ties import duplicate_prior
from linkage.resolve import make_clusters
from linkage.tables import EDGE, ONE_PERSON, OPPOSED, TWO_PEOPLE, create_sql

MODEL = model_folder.load("default")
COUNCIL, REGISTER = range(8), range(8, 11)
DATES = ["19500102", "19500102", "19500201", "19771130", None]
GROUPS: list[dict[int, int]] = [{}, {}, {}, {0: 0, 4: 0}, {1: 1, 2: 1, 9: 1}, {8: 8, 9: 8}]


def graph_of(random: Random) -> Graph:
    """A graph in which most components hold a few subjects; all council pairs may be compared."""
    subjects = {*COUNCIL, *random.sample(REGISTER, random.randrange(4))}
    pairs = list(combinations(sorted({*COUNCIL, *REGISTER}), 2))
    joined = random.sample(pairs, random.randrange(2, 12))
    compared = [pair for pair in random.sample(pairs, random.randrange(6)) if pair[1] in COUNCIL]
    births = {subject: random.choice(DATES) for subject in COUNCIL if random.randrange(3) == 0}
    return Graph(
        subjects,
        [Edge(*pair, random.choice([6.0, 9.0, 20.0]), random.random() < 0.3) for pair in joined],
        {*REGISTER},
        {subject: date for subject, date in births.items() if date},
        frozenset(random.sample(pairs, random.choice([0, 0, 1]))),
        [Edge(*pair, random.choice([-30.0, 12.0, 20.0])) for pair in compared],
        frozenset(random.sample(compared, min(len(compared), random.randrange(2)))),
    )


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
def test_the_label_of_a_subject_is_the_smallest_member_of_its_component_as_networkx_finds_it(
    pairs: list[tuple[int, int]],
) -> None:
    import networkx

    subjects = [subject for subject in range(31) if subject % 7]
    graph = networkx.Graph(pair for pair in pairs if pair[0] % 7 and pair[1] % 7)
    graph.add_nodes_from(subjects)
    expected = {subject: min(found) for found in networkx.connected_components(graph) for subject in found}
    left, right = numpy.array(pairs, dtype=numpy.int64).reshape(-1, 2).T
    labels = components(numpy.array(subjects), left, right).tolist()
    assert labels == [expected[subject] for subject in subjects]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_long_chain_in_any_order_is_one_component(seed: int) -> None:
    order = numpy.random.default_rng(seed).permutation(100_000)
    assert not components(numpy.arange(100_000), order[1:], order[:-1]).any()


@pytest.mark.parametrize("seed", range(150))
def test_asking_the_rule_about_doubtful_components_only_gives_what_it_gives_for_all(seed: int) -> None:
    random = Random(seed)
    graph, groups = graph_of(random), random.choice(GROUPS)
    # Nobody is decided to be one person with somebody and another one than they.
    graph = replace(graph, apart=frozenset(pair for pair in graph.apart if not set(pair) <= set(groups)))
    with duckdb.connect(":memory:", config={"threads": 1}) as database:
        fill(database, graph, groups)
        make_clusters(database, MODEL)
        found = database.execute("SELECT * FROM cluster ORDER BY ALL").fetchall()
        prior = duplicate_prior(database, MODEL)
    compared = [replace(pair, weight=pair.weight + prior) for pair in graph.compared]
    told = cluster_groups(replace(graph, compared=compared, opposed=graph.apart | graph.opposed), groups)
    assert found == [(subject, *answer) for subject, answer in told.items()]


def test_what_speaks_against_two_records_counts_also_where_decisions_connect_them() -> None:
    """Each is tied by 9 bits to one of two records that a person decided to be the same, and 10 are against their being one."""
    edges = [Edge(0, 1, 9.0), Edge(2, 3, 9.0)]
    against = Edge(0, 3, -30.0)
    with duckdb.connect(":memory:", config={"threads": 1}) as database:
        fill(database, Graph({*COUNCIL}, edges, compared=[against]), {1: 1, 2: 1})
        make_clusters(database, MODEL)
        found = dict(database.execute("SELECT subject_id, cluster_id FROM cluster").fetchall())
    assert found[0] == found[1] == found[2] != found[3]


def fill(database: duckdb.DuckDBPyConnection, graph: Graph, groups: dict[int, int]) -> None:
    """Make the tables that `make_clusters` reads, with a row of the same number for each subject."""
    database.execute(
        """
        CREATE TABLE record (
            row_id BIGINT, subject_id BIGINT, dataset VARCHAR, date_of_birth VARCHAR, date_of_birth_text VARCHAR,
            date_of_birth_weak BOOLEAN
        )
        """
    )
    database.execute("CREATE TABLE link (right_id BIGINT, band VARCHAR)")
    database.execute("CREATE TABLE pair (left_id BIGINT, right_id BIGINT, match_weight DOUBLE)")
    for table in (EDGE, ONE_PERSON, OPPOSED, TWO_PEOPLE):
        database.execute(create_sql(table))
    insert_rows(
        database,
        "record",
        [
            *[(place, place, "council", graph.births.get(place), graph.births.get(place), None) for place in COUNCIL],
            *[(place, place, "nhs", "19500102", "19500102", None) for place in REGISTER],
        ],
    )  # fmt: skip
    insert_rows(database, "link", [(subject, "accept") for subject in graph.subjects - {*COUNCIL}])
    insert_rows(database, "pair", [(pair.left, pair.right, pair.weight) for pair in graph.compared])
    insert_rows(database, "edge", [(edge.left, edge.right, edge.weight, edge.firm) for edge in graph.edges])
    insert_rows(database, "one_person", list(groups.items()))
    insert_rows(database, "two_people", list(graph.apart))
    insert_rows(database, "opposed", list(graph.apart | graph.opposed))
