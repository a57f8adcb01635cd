"""A made-up graph of millions of edges → how long it takes to make clusters of them and in how much memory, as JSON.

`python benchmarks/clusters.py` takes 10 million edges over 8 million subjects. Of every eight subjects one is alone, two are a
link to the register, and five are one person with nine edges. Of these fives one in fifty holds two NHS Numbers, and one in a
hundred has a pair that speaks against it, so that the rule has to be asked. Seconds are by the clock, from the table `edge` to
the table `cluster`; memory is that of the whole process with the made-up tables.
"""

import argparse
import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from timing import cost_of, summary

from linkage import model_folder
from linkage.database import count, open_database
from linkage.resolve import make_clusters
from linkage.tables import ACCEPT, COUNCIL, EDGE, NHS, ONE_PERSON, OPPOSED, TWO_PEOPLE, create_sql

STRIDE = 7_368_787
"""A prime by which the members of a person are numbered far apart."""


def make_tables(database: duckdb.DuckDBPyConnection, people: int) -> None:
    """Make the tables that `make_clusters` reads, of `people` times eight subjects and ten edges."""
    for table in (EDGE, ONE_PERSON, OPPOSED, TWO_PEOPLE):
        database.execute(create_sql(table))
    database.execute(
        f"""
        CREATE TABLE record AS
        SELECT subject_id AS row_id, subject_id, '19500102' AS date_of_birth, '19500102' AS date_of_birth_text,
            false AS date_of_birth_weak, person, place,
            if(place = 1 OR place IN (3, 7) AND person % 50 = 0, '{NHS}', '{COUNCIL}') AS dataset
        FROM (
            SELECT person, place, (person * 8 + place) * {STRIDE} % {people * 8} AS subject_id
            FROM range({people}) people(person), range(8) places(place)
        )
        """
    )
    database.execute(
        """
        CREATE TABLE tie AS
        SELECT l.subject_id AS left_id, r.subject_id AS right_id, l.place > 2 AS compared,
            if(l.place = 3 AND r.place = 7, -20.0, 60.0) AS match_weight,
        FROM record l JOIN record r ON r.person = l.person AND r.place > l.place
        WHERE l.place = 1 AND r.place = 2 OR l.place > 2 AND (l.place <> 3 OR r.place <> 7 OR l.person % 100 = 7)
        """
    )
    database.execute(
        f"""
        INSERT INTO "{EDGE.name}"
        SELECT left_id, right_id, match_weight, NOT compared FROM tie WHERE match_weight > 0
        """
    )
    database.execute("CREATE TABLE pair AS SELECT left_id, right_id, match_weight FROM tie WHERE compared")
    database.execute(
        f"""
        CREATE TABLE link AS
        SELECT subject_id AS right_id, '{ACCEPT}' AS band FROM record WHERE dataset = '{NHS}'
        """
    )
    database.execute("DROP TABLE tie")


def once(edges: int) -> dict[str, float]:
    """Make the graph, then clusters of it; tell edges, subjects, clusters, those that were taken apart, and seconds."""
    with TemporaryDirectory() as folder, open_database(Path(folder), threads=2) as database:
        make_tables(database, edges // 10)
        started = time.perf_counter()
        make_clusters(database, model_folder.load("default"))
        seconds = time.perf_counter() - started
        clusters, subjects, conflicts = database.execute(
            """
            SELECT count(DISTINCT cluster_id), count(*), count(DISTINCT cluster_id) FILTER (conflict <> '')
            FROM cluster
            """
        ).fetchall()[0]
        return {
            "edges": count(database, EDGE.name),
            "subjects": subjects,
            "clusters": clusters,
            "in_conflict": conflicts,
            "cluster_s": seconds,
        }


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, default=10_000_000)
    parser.add_argument("--times", type=int, default=3, help="how often it is done (3)")
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.once:
        print(json.dumps(once(chosen.edges)))
        return
    command = [sys.executable, __file__, "--once", "--edges", str(chosen.edges)]
    costs = [cost_of(command, Path(__file__).parents[1]) for _ in range(chosen.times)]
    print(json.dumps(summary(costs), indent=1))


if __name__ == "__main__":
    main()
