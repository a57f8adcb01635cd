"""The tables that stages hand over are as `linkage.tables` says, in a run of either kind."""

from pathlib import Path

import pytest

from linkage import pipeline, tables
from linkage.config import DedupeJob, LinkJob
from linkage.database import columns_of, has_table
from linkage.outputs import Run
from linkage.population import generate
from linkage.reading.lists import read_rows
from linkage.tables import PAIR, RECORD, Table

OPEN = {RECORD.name, PAIR.name}
"""Tables to which fields and comparisons add columns of their own."""
HANDED_OVER = {each.name: each for each in vars(tables).values() if isinstance(each, Table)}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, dict[str, str]]]:
    """Kind of run → table → its columns when the files are written."""
    folder = tmp_path_factory.mktemp("made")
    generate(1_000, 100, 5, folder / "made")
    council, nhs, objections = (
        folder / "made" / "council.csv",
        folder / "made" / "nhs.csv",
        folder / "list.csv",
    )
    objections.write_text(f"Person ID\n{read_rows(council)[0]['Person ID']}\n", encoding="utf-8")
    found: dict[str, dict[str, dict[str, str]]] = {}

    def look(run: Run, _: Path) -> None:
        found[run.kind] = {
            name: columns_of(run.database, name) for name in HANDED_OVER if has_table(run.database, name)
        }

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "publish", look)
        pipeline.link(
            LinkJob(pipeline.council(council), pipeline.nhs(nhs), folder / "o", objections=objections)
        )
        pipeline.dedupe(DedupeJob(pipeline.council(council), folder / "p"))
    return found


@pytest.mark.parametrize("kind", ["link", "dedupe"])
def test_the_tables_of_a_run_have_the_columns_that_are_told(
    kind: str, finished: dict[str, dict[str, dict[str, str]]]
) -> None:
    for name, columns in finished[kind].items():
        told = HANDED_OVER[name].columns
        assert {column: columns.get(column) for column in told} == told, name
        assert name in OPEN or set(columns) == set(told), name


def test_a_run_makes_every_table_that_is_told(finished: dict[str, dict[str, dict[str, str]]]) -> None:
    assert set(finished["link"]) == set(HANDED_OVER)
