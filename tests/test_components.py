"""Components found in arrays are connected components, and asking the rule about doubtful ones only changes no answer."""

from dataclasses import replace

import duckdb
import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage import model
from linkage.clusters import Edge, Graph, cluster_groups
from linkage.components import component_sets, components
from linkage.database import insert_rows
from linkage.duplicates import duplicate_prior
from linkage.resolve import make_clusters
from linkage.tables import EDGE, ONE_PERSON, TWO_PEOPLE, create_sql

MODEL = model.load("default")
COUNCIL, REGISTER = range(11), range(11, 14)
DATES = st.sampled_from(["19500102", "19500102", "19500201", "19771130", None])
PAIRS = st.tuples(st.integers(0, 13), st.integers(0, 13)).filter(lambda pair: pair[0] < pair[1])
EDGES = st.builds(
    lambda pair, weight, firm: Edge(*pair, weight, firm),
    PAIRS,
    st.sampled_from([6.0, 9.0, 20.0]),
    st.booleans(),
)
COMPARED = st.builds(
    lambda pair, weight: Edge(*pair, weight),
    PAIRS.filter(lambda pair: pair[1] in COUNCIL),
    st.sampled_from([-30.0, 3.0, 12.0, 20.0]),
)
GRAPHS = st.builds(
    Graph,
    st.sets(st.sampled_from(REGISTER)).map({*COUNCIL}.union),
    st.lists(EDGES, max_size=14),
    st.just({*REGISTER}),
    st.lists(DATES, min_size=11, max_size=11).map(lambda told: {n: date for n, date in enumerate(told) if date}),
    st.frozensets(PAIRS, max_size=2),
    st.lists(COMPARED, max_size=10),
)  # fmt: skip
GROUPS = st.sampled_from(
    [{}, {}, {0: 0, 4: 0}, {1: 1, 2: 1, 12: 1}, {3: 3, 13: 3, 5: 5, 6: 5}, {11: 11, 12: 11}]
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


@settings(max_examples=100, deadline=None)
@given(GRAPHS, GROUPS)
def test_asking_the_rule_about_doubtful_components_only_gives_what_it_gives_for_all(
    graph: Graph, groups: dict[int, int]
) -> None:
    with duckdb.connect(":memory:", config={"threads": 1}) as database:
        fill(database, graph, groups)
        make_clusters(database, MODEL)
        found = database.execute("SELECT * FROM cluster ORDER BY ALL").fetchall()
        prior = duplicate_prior(database, MODEL)
    sets = component_sets(graph.subjects, ((edge.left, edge.right) for edge in graph.edges))
    inside = [
        Edge(pair.left, pair.right, pair.weight + prior)
        for pair in graph.compared
        if any(len(each) > 2 and each.issuperset((pair.left, pair.right)) for each in sets)
    ]
    told = cluster_groups(replace(graph, compared=inside), groups)
    assert found == [(subject, *answer) for subject, answer in told.items()]


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
    for table in (EDGE, ONE_PERSON, TWO_PEOPLE):
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
