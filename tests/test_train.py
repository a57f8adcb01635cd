"""Training: what it counts, and that it cannot quietly go wrong."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
from command_line import CommandLine

from linkage import model_folder
from linkage.database import count, open_database
from linkage.errors import InputError, ModelError
from linkage.model import Model
from linkage.pipeline import council, nhs, read_records
from linkage.population import generate
from linkage.reading.lists import read_rows
from linkage.scoring.maximise import EmSetup, ScoredPairs
from linkage.scoring.strangers import draw_strangers
from linkage.tabular import write_rows
from linkage.training import parameters
from linkage.training.numbers import HALF, starting_parameters
from linkage.training.plausible import PUBLISHED, unfit, unlike_published
from linkage.training.starts import SHARES, run_from_starts, widest_gap
from linkage.training.train import leave_out_who_objects, train

PAIRS = 150_000
"""Pairs of strangers: fewer than in earnest."""


@pytest.fixture(scope="module", autouse=True)
def few_pairs() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parameters, "SAMPLED_PAIRS", PAIRS)
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up population: council.csv, nhs.csv and truth.csv."""
    folder = tmp_path_factory.mktemp("made")
    generate(3_000, 700, 5, folder, hard=False)
    return folder


@pytest.fixture(scope="module")
def trained(made: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The parameters of a model trained on it."""
    return train(
        council(made / "council.csv"), nhs(made / "nhs.csv"), tmp_path_factory.mktemp("models") / "ours"
    )


def shipped() -> Model:
    return model_folder.load("default")


def with_levels(found: Model, comparison: str, **chances: dict[str, Any]) -> Model:
    """The model with other numbers at some levels of a comparison."""
    comparisons = tuple(
        replace(one, levels=tuple(replace(level, **chances.get(level.name, {})) for level in one.levels))
        if one.name == comparison
        else one
        for one in found.comparisons
    )
    return replace(found, comparisons=comparisons)


def test_initials_are_counted_where_councils_write_them(made: Path, trained: dict[str, Any]) -> None:
    rows = read_rows(made / "council.csv")
    written = [row["Forename"].split()[-1] for row in rows if row["Forename"].strip()]
    initials = sum(len(name.strip(".")) == 1 for name in written) / len(written)
    found = trained["comparisons"]["forename"]["levels"]["initial"]["u"]
    assert initials / 50 < found < initials / 5


def test_true_pairs_and_people_of_one_home_are_no_strangers(made: Path) -> None:
    with open_database(made) as database:
        read_records(database, [council(made / "council.csv"), nhs(made / "nhs.csv")])
        draw_strangers(database, 1, PAIRS)
        database.execute(
            """CREATE TABLE drawn AS SELECT l.record_id AS record, r.record_id AS number,
            list_has_any(l.places, r.places) AS at_home
            FROM stranger_pair JOIN record l ON l.row_id = left_id JOIN record r ON r.row_id = right_id"""
        )
        answers = {(row["record_id"], row["nhs_number"]) for row in read_rows(made / "truth.csv")}
        drawn = set(database.execute("SELECT record, number FROM drawn").fetchall())
        # Care homes and blocks are of strangers.
        homes = count(database, "drawn", "at_home")
    assert len(drawn) > 140_000
    assert len(answers & drawn) <= 1
    assert homes < len(drawn) / 1000


def test_the_same_seed_draws_the_same_strangers_and_another_does_not(made: Path) -> None:
    found = []
    for seed in (1, 1, 2):
        with open_database(made) as database:
            read_records(database, [council(made / "council.csv"), nhs(made / "nhs.csv")])
            draw_strangers(database, seed, PAIRS)
            found.append(database.execute("SELECT * FROM stranger_pair ORDER BY ALL").fetchall())
    assert found[0] == found[1] != found[2]


def test_relatives_are_compared_as_a_council_writes_their_addresses(trained: dict[str, Any]) -> None:
    address = trained["comparisons"]["address"]["levels"]
    assert address["same_line"]["relative_u"] > 50 * address["same_line"]["u"]
    assert sum(level["relative_u"] for level in address.values()) == pytest.approx(1, abs=1e-5)


def test_the_chances_of_a_comparison_sum_to_one(trained: dict[str, Any]) -> None:
    for name, comparison in trained["comparisons"].items():
        for chance in ("m", "u"):
            total = sum(level[chance] for level in comparison["levels"].values())
            assert total == pytest.approx(1, abs=1e-5), name


def test_a_level_that_no_strangers_are_at_counts_as_half_a_pair(trained: dict[str, Any]) -> None:
    found = [x["u"] for comparison in trained["comparisons"].values() for x in comparison["levels"].values()]
    assert min(found) >= HALF / (trained["training"]["strangers"] + 10) - 1e-9


def test_a_field_that_the_files_do_not_have_keeps_its_documented_values(trained: dict[str, Any]) -> None:
    start = starting_parameters(["birth_place"])["comparisons"]["birth_place"]["levels"]
    for name, level in trained["comparisons"]["birth_place"]["levels"].items():
        assert level["m"] == pytest.approx(start[name]["m"])
        assert level["u"] == pytest.approx(start[name]["u"])


def test_agreement_is_never_worse_evidence_than_none(trained: dict[str, Any]) -> None:
    for comparison in trained["comparisons"].values():
        bits = [math.log2(level["m"] / level["u"]) for level in comparison["levels"].values()]
        assert min(bits) >= bits[-1] - 0.01


def test_training_says_how_its_starts_ended(trained: dict[str, Any]) -> None:
    told = trained["training"]
    assert [one["start"] for one in told["starts"]] != []
    assert {one["start"] for one in told["starts"]} == set(SHARES)
    assert told["widest_gap"] < 0.5
    assert told["matches"] > 400
    likelihoods = [one["log2_likelihood"] for one in told["starts"]]
    assert likelihoods == sorted(likelihoods, reverse=True)


def test_starts_that_end_apart_are_told_with_the_level() -> None:
    ends = run_from_starts(flat_setup(), 100)
    moved = replace(ends[1], model=with_levels(ends[1].model, "gender", same={"m": 0.4}))
    gap, level = widest_gap([ends[0], moved])
    assert level == "same of gender"
    assert gap > 1


def flat_setup() -> EmSetup:
    """A climb over pairs that say nothing: each start stays near the documented m."""
    found = shipped()
    nothing = numpy.zeros(10)
    levels = tuple(numpy.full(10, -1) for _ in found.comparisons)
    pairs = ScoredPairs(numpy.arange(10), nothing, nothing, nothing, levels)
    return EmSetup(found, pairs, 1000, lambda adapted, _: (adapted, -10.0), 10.0, 5)


def test_the_model_that_ships_is_fit() -> None:
    assert unfit(shipped()) == []


def test_birth_dates_that_true_pairs_disagree_on_make_a_model_unfit() -> None:
    found = with_levels(shipped(), "date_of_birth", exact={"m": 0.5}, two_parts={"m": 0.35})
    assert any(
        "date_of_birth: 35% of true pairs have another one" in why or "36%" in why for why in unfit(found)
    )


def test_agreement_that_strangers_show_as_often_makes_a_model_unfit() -> None:
    assert (
        "surname: 0.01 of true pairs"
        in unfit(with_levels(shipped(), "surname", exact={"m": 0.01, "u": 0.02}))[0]
    )


def test_difference_that_true_pairs_show_as_often_makes_a_model_unfit() -> None:
    assert (
        "gender: 0.6 of true pairs"
        in unfit(with_levels(shipped(), "gender", differs={"m": 0.6, "u": 0.5}))[0]
    )


@pytest.mark.parametrize("share", [0.001, 0.999])
def test_a_share_at_its_bound_makes_a_model_unfit(share: float) -> None:
    assert "share of records in the register" in unfit(replace(shipped(), share_in_register=share))[0]


def test_a_share_far_from_what_is_published_is_told_with_the_range_and_its_source() -> None:
    [told] = unlike_published(with_levels(shipped(), "gender", differs={"m": 0.1}))
    assert told == ("gender: 0.1 of true pairs are at differs; 0.0033 is known (Cardinal and others 2023)")


def test_every_published_level_is_a_level_of_today() -> None:
    levels = {c.name: {level.name for level in c.levels} for c in shipped().comparisons}
    for known in PUBLISHED:
        assert set(known.levels) <= levels[known.comparison]
        assert 0 < known.lowest <= known.highest < 1


def test_a_file_of_one_row_is_refused_in_words_and_nothing_is_written(made: Path, tmp_path: Path) -> None:
    rows = read_rows(made / "council.csv")[:1]
    write_rows(tmp_path / "one.csv", list(rows[0]), [list(rows[0].values())])
    with pytest.raises(InputError, match="1 record of the council's file"):
        train(council(tmp_path / "one.csv"), nhs(made / "nhs.csv"), tmp_path / "ours")
    assert [path.name for path in tmp_path.iterdir()] == ["one.csv"]


def test_columns_of_both_files_can_be_named_and_one_file_is_not_trained_on_with_itself(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    linkage = CommandLine(monkeypatch, capsys)
    for name, old in (("council", "Person ID"), ("nhs", "NHS_NUMBER")):
        text = (made / f"{name}.csv").read_text(encoding="utf-8-sig")
        (tmp_path / f"{name}.csv").write_text(text.replace(old, "Nummer", 1), encoding="utf-8")
    words = ("train", tmp_path / "council.csv", tmp_path / "nhs.csv", "--out", tmp_path / "ours")
    assert "council.csv has no column for record_id" in linkage(*words).err
    done = linkage(
        *words, "--map", "record_id=Nummer", "--map", "nhs.nhs_number=Nummer", "--nhs-profile", "pds"
    )
    assert (done.code, (tmp_path / "ours" / "model.toml").is_file()) == (0, True)
    same = linkage("train", made / "nhs.csv", made / "nhs.csv", "--out", tmp_path / "more")
    assert (same.code, "hold the same, byte for byte" in same.err) == (3, True)


def test_who_objects_is_in_none_of_the_counts(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    records = [row["Person ID"] for row in read_rows(made / "council.csv")[:20]]
    numbers = [row["NHS_NUMBER"] for row in read_rows(made / "nhs.csv")[:20]]
    rows = [*((record, "") for record in [*records, "nobody"]), *(("", number) for number in numbers)]
    objections = tmp_path / "objections.csv"
    write_rows(objections, ["Person ID", "NHS Number"], rows)
    files = [council(made / "council.csv"), nhs(made / "nhs.csv")]
    with open_database(tmp_path) as database:
        read_records(database, files, objections)
        left_out = leave_out_who_objects(database)
        held = {name for (name,) in database.execute("SELECT record_id FROM record").fetchall()}
    assert held
    assert not held & {*records, *numbers}
    linkage = CommandLine(monkeypatch, capsys)
    words = ("train", made / "council.csv", made / "nhs.csv", "--out", tmp_path / "ours")
    done = linkage(*words, "--objections", objections)
    assert f"{left_out['rows_of_who_objects']} rows are left out: an objection" in done.out
    assert "1 of the objections names nobody of either file: look them up" in done.out
    told = json.loads((tmp_path / "ours" / "parameters.json").read_text(encoding="utf-8"))["training"]
    assert told.items() >= left_out.items()


def test_a_model_toml_that_is_none_is_refused_in_words(made: Path, tmp_path: Path) -> None:
    (tmp_path / "model.toml").write_text("fields = [", encoding="utf-8")
    with pytest.raises(ModelError, match=r"model\.toml cannot be read"):
        train(council(made / "council.csv"), nhs(made / "nhs.csv"), tmp_path)


@pytest.mark.parametrize(
    ("taken", "lacking"),
    [
        ("fields = ", "lacks fields"),
        ("blocking = ", "lacks blocking"),
        ("join = ", r"lacks \[decision\] join"),
    ],
)
def test_what_a_model_toml_lacks_is_named(made: Path, tmp_path: Path, taken: str, lacking: str) -> None:
    default = (model_folder.find("default") / "model.toml").read_text(encoding="utf-8")
    (tmp_path / "model.toml").write_text(default.replace(f"\n{taken}", f"\nunused_{taken}"), encoding="utf-8")
    with pytest.raises(ModelError, match=lacking):
        train(council(made / "council.csv"), nhs(made / "nhs.csv"), tmp_path)


def test_files_without_a_match_are_refused_and_nothing_is_written(made: Path, tmp_path: Path) -> None:
    generate(400, 100, 77, tmp_path / "others", hard=False)
    with pytest.raises((InputError, ModelError), match=r"certain match|unfit|resembles"):
        train(council(tmp_path / "others" / "council.csv"), nhs(made / "nhs.csv"), tmp_path / "ours")
    assert not (tmp_path / "ours").exists()


def test_a_trained_model_loads_and_its_card_tells_of_the_training(made: Path, tmp_path: Path) -> None:
    train(council(made / "council.csv"), nhs(made / "nhs.csv"), tmp_path / "ours")
    assert model_folder.load(str(tmp_path / "ours")).name == "ours"
    assert "## Training" in (tmp_path / "ours" / "card.md").read_text(encoding="utf-8")
    written = json.loads((tmp_path / "ours" / "parameters.json").read_text(encoding="utf-8"))
    assert written["training"]["strangers"] > 100_000
