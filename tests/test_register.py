"""A look-up finds, weighs and says what the main job does; its file is private and read by many at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from linkage import decide, model, pipeline
from linkage.adapt import adapt_to_homes
from linkage.block import block
from linkage.database import count_subjects, open_database
from linkage.ingest import ingest
from linkage.population import generate
from linkage.profile import inputs
from linkage.register import Match, Register
from linkage.register_file import IndexJob, make_register
from linkage.score import find_certain, score
from linkage.screen import screen
from linkage.standardise import resolve_superseded, standardise
from linkage.tables import COUNCIL, NHS


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up population and its prepared register, "prepared.register"."""
    folder = tmp_path_factory.mktemp("population") / "made"
    generate(3000, 300, 4, folder)
    make_register(IndexJob(pipeline.nhs(folder / "nhs.csv"), folder / "prepared.register"))
    return folder


@pytest.fixture(scope="module")
def register(made: Path) -> Iterator[Register]:
    with Register.open(made / "prepared.register") as opened:
        yield opened


def batch(folder: Path, share: float) -> tuple[list[dict[str, str]], dict[str, tuple[Any, ...]]]:
    """Single council rows by their inputs, and what the stages of the main job say of each record without adapting:
    band, NHS Number, confidence, bits, margin, guards, reason, then (NHS Number, bits) of the five best."""
    with open_database(folder) as database, pytest.MonkeyPatch.context() as patch:
        patch.setattr(decide, "_share_in_register", lambda *_: share)
        ingest(database, pipeline.council(folder / "council.csv"))
        ingest(database, pipeline.nhs(folder / "nhs.csv"))
        standardise(database, [COUNCIL, NHS])
        resolve_superseded(database)
        screen(database)
        people = count_subjects(database, NHS)
        chosen = adapt_to_homes(database, model.load("default"))
        block(database, chosen.blocking)
        score(database, chosen, people)
        find_certain(database, people)
        block(database, chosen.loose, len(chosen.blocking))
        score(database, chosen, people)
        decide.decide(database, chosen, people)
        decided = database.execute(
            """
            SELECT record_id, band, nhs_number, confidence, match_weight, margin, guards, reason, coalesce(found, [])
            FROM link LEFT JOIN (
                SELECT c.subject_id, list((r.record_id, c.match_weight) ORDER BY rank) AS found
                FROM candidate c JOIN record r ON r.row_id = c.right_id WHERE rank <= 5 GROUP BY c.subject_id
            ) USING (subject_id)
            """
        ).fetchall()
        names = list(inputs())
        rows = database.execute(
            f"""
            SELECT {", ".join(names)} FROM raw_council
            QUALIFY count(*) OVER (PARTITION BY record_id) = 1 ORDER BY record_id
            """
        ).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows], {row[0]: row[1:] for row in decided}


def told(match: Match) -> tuple[Any, ...]:
    candidates = [(each.nhs_number, each.match_weight) for each in match.candidates]
    return (
        match.band, match.nhs_number, match.confidence, match.match_weight, match.margin, list(match.guards),
        match.reason, candidates,
    )  # fmt: skip


def test_a_look_up_says_what_the_main_job_says(made: Path, register: Register) -> None:
    rows, wanted = batch(made, register.about["model"]["share"])
    found = {row["record_id"]: told(register.match(row)) for row in rows}
    assert len(found) >= 200
    assert {band for band, *_ in found.values()} == {"accept", "review", "none", "screened"}
    assert found == {record: wanted[record] for record in found}
