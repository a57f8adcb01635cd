"""A model's card and figures are written by the benchmark, and figures go when the model that they are about goes."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from bars import BARS, against_bars
from card import MixedModelsError, write_card

from linkage import model_folder
from linkage.evaluation.recalibrate import FIGURES
from linkage.model_folder import write

SHIPPED = Path(__file__).parents[1] / "models" / "default"
CLUSTERS = {
    "pairwise": {"precision": 1.0, "recall": 0.98, "f1": 0.99},
    "b_cubed": {"precision": 1.0, "recall": 0.99, "f1": 0.995},
    "wrong_pairs": 3,
    "reach": 0.9,
}


def results(*versions: str) -> dict[str, Any]:
    """What accuracy.py found of dedupes, each with a model of this version."""
    names = ("febrl3", "historical")
    benchmarks: dict[str, Any] = {
        name: {"seed": 1, "model": {"name": "default", "version": version}, "linkage": CLUSTERS}
        for name, version in zip(names, versions, strict=False)
    }
    benchmarks["pds_pack"] = {"seed": 1, "not_run": "needs --data"}
    return {
        "versions": {"linkage": "0.1.0"},
        "seed": 1,
        "benchmarks": benchmarks,
        "bars": against_bars(benchmarks),
    }


def test_each_figure_that_was_measured_stands_beside_its_bar() -> None:
    told = {(bar["benchmark"], bar["name"]): bar for bar in results("a", "a")["bars"]}
    assert len(told) == 4
    assert told["febrl3", "pairwise F1"] == {
        "benchmark": "febrl3",
        "name": "pairwise F1",
        "bar": "≥ 0.997",
        "measured": 0.99,
        "of": None,
        "bound": None,
        "verdict": "no",
    }
    assert told["historical", "reach of blocking"]["verdict"] == "yes"


def test_a_bar_that_the_data_cannot_show_is_neither_met_nor_missed() -> None:
    figures = {"right": 0, "wrong": 0, "confident": {"by": {}}}
    told = against_bars({"plain": {"linkage": figures}})
    assert len(told) == sum(bar.benchmark == "plain" for bar in BARS)
    assert {(bar["measured"], bar["verdict"]) for bar in told} == {(None, "not told")}


@pytest.mark.parametrize(
    ("wrong", "accepted", "verdict"),
    [(2, 16_000, "not shown"), (3, 16_000, "no"), (0, 16_000, "not shown"), (0, 40_000, "yes")],
)
def test_a_share_of_wrong_links_meets_its_bar_only_if_enough_links_were_there_to_show_it(
    wrong: int, accepted: int, verdict: str
) -> None:
    figures = {"right": accepted - wrong, "wrong": wrong, "recall": 0.98}
    found = against_bars({"second_judge": {"linkage": figures}})
    assert (found[0]["verdict"], found[1]["verdict"]) == ("yes", verdict)
    assert found[1]["of"] == accepted


@pytest.mark.parametrize(
    ("n", "wrong", "verdict", "bound"),
    [
        (53, 1, "not shown", 0.099429),
        (49, 0, "not shown", 0.072698),
        (190, 0, "yes", 0.019818),
        (53, 2, "no", None),
    ],
)
def test_a_bar_that_a_handful_of_records_meets_is_not_shown(
    n: int, wrong: int, verdict: str, bound: float | None
) -> None:
    trap = {"n": n, "wrong": wrong, "share": wrong / n}
    figures = {
        "right": 0, "wrong": 0, "confident": {"by": {}}, "traps": {"namesake": trap},
        "counts": {"accept": 0, "review": 0, "none": 0, "absent": 0},
    }  # fmt: skip
    found = against_bars({"plain": {"linkage": figures}})
    told = next(bar for bar in found if "namesake" in bar["name"])
    assert (told["of"], told["verdict"]) == (n, verdict)
    assert bound is None or told["bound"] == bound


def test_the_card_keeps_what_training_wrote_and_its_figures_are_made_anew(tmp_path: Path) -> None:
    (tmp_path / "card.md").write_text("# ours\n\n## forename\n\nnumbers\n", encoding="utf-8")
    write_card(tmp_path, results("a", "a"))
    once = (tmp_path / "card.md").read_text(encoding="utf-8")
    write_card(tmp_path, results("b"))
    card = (tmp_path / "card.md").read_text(encoding="utf-8")
    assert once.startswith("# ours\n\n## forename\n\nnumbers\n\n## Figures\n")
    assert once.count(FIGURES) == card.count(FIGURES) == 1
    assert "on model a," in once
    assert "on model b," in card
    assert "on model a," not in card
    assert "| pds_pack | not run: needs --data |" in card
    assert json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))["model_version"] == "b"


def test_figures_of_two_models_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(MixedModelsError, match="a, b"):
        write_card(tmp_path, results("a", "b"))
    assert list(tmp_path.iterdir()) == []


def test_training_anew_takes_the_figures_of_the_former_numbers_away(tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    folder.mkdir()
    write_card(folder, results("a"))
    write(folder, {"card.md": "# ours\n"})
    assert [path.name for path in folder.iterdir()] == ["card.md"]
    assert FIGURES not in (folder / "card.md").read_text(encoding="utf-8")


def test_figures_that_ship_are_about_the_model_that_ships() -> None:
    shipped = SHIPPED / "figures.json"
    measured = json.loads(shipped.read_text(encoding="utf-8"))["model_version"] if shipped.is_file() else None
    version = model_folder.load(str(SHIPPED)).version
    assert measured in (version, None), (
        "the model has changed: run `python benchmarks/accuracy.py --card models/default`, or take figures.json away"
    )
    card = (SHIPPED / "card.md").read_text(encoding="utf-8")
    assert measured is None or f"on model {version}," in card.partition(FIGURES)[2]
