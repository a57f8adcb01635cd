"""Results of the benchmarks and a model folder → its figures.json, and the last section of its card.md."""

import json
from pathlib import Path
from typing import Any

from linkage.evaluation.recalibrate import FIGURES

Results = dict[str, Any]
VERDICTS = {"no": "**no**", "not shown": "**not shown**"}


class MixedModelsError(Exception):
    """The benchmarks were not all run with one model."""


def write_card(folder: Path, results: Results) -> None:
    """Write what was measured of the model in `folder` into it; MixedModelsError if it was not one model all along."""
    told = figures(results)
    card = folder / "card.md"
    text = card.read_text(encoding="utf-8") if card.is_file() else f"# {folder.name}\n"
    (folder / "figures.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8", newline="\n")
    card.write_text(with_figures(text, told), encoding="utf-8", newline="\n")


def figures(results: Results) -> Results:
    """The results with the version of the one model that they are about; groups of people of the product only."""
    models = {name: found["model"] for name, found in results["benchmarks"].items() if "model" in found}
    versions = sorted({model["version"] for model in models.values()})
    if len(versions) != 1:
        raise MixedModelsError(
            f"the benchmarks ran with the models {', '.join(versions) or 'none'}: run them again"
        )
    told = {
        name: {part: _brief(part, found) for part, found in benchmark.items() if part != "model"}
        for name, benchmark in results["benchmarks"].items()
    }
    return {"model_version": versions[0], **results, "benchmarks": told}


def _brief(part: str, found: Any) -> Any:
    if part == "linkage" or not isinstance(found, dict):
        return found
    return {name: value for name, value in found.items() if name not in ("by", "confident", "recall_gaps")}


def with_figures(card: str, told: Results) -> str:
    """`card` with its section of figures made anew; whatever stands before that section stays."""
    lines = [
        card.split(FIGURES)[0].rstrip(),
        "",
        FIGURES,
        "",
        f"Measured by `benchmarks/accuracy.py` on model {told['model_version']}, seed {told['seed']}; all of it is in",
        f"figures.json. {', '.join(f'{name} {number}' for name, number in told['versions'].items())}.",
        "",
        "| benchmark | | precision | recall | F1 | wrong | review | reach |",
        "|---|---|---|---|---|---|---|---|",
        *(line for name, found in told["benchmarks"].items() for line in _rows(name, found)),
        "",
        "Links: precision, recall and F1 of what is accepted. Dedupes: of pairs of records.",
        "",
        "Bound: the end of the 95 % interval (Wilson) of a share that lies towards the bar. Not shown: the figure meets the bar and",
        "its bound does not, as too few records were there to tell. F1 and what is no share of records has no bound here.",
        "",
        "| benchmark | figure | bar | measured | of | bound | met |",
        "|---|---|---|---|---|---|---|",
        *(
            f"| {bar['benchmark']} | {bar['name']} | {bar['bar']} | {_number(bar['measured'])} | {_count(bar['of'])} | "
            f"{_number(bar['bound'])} | {VERDICTS.get(bar['verdict'], bar['verdict'])} |"
            for bar in told["bars"]
        ),
    ]
    return "\n".join(lines) + "\n"


def _rows(name: str, benchmark: Results) -> list[str]:
    if "not_run" in benchmark:
        return [f"| {name} | not run: {benchmark['not_run']} | | | | | | |"]
    rows = []
    for side, found in benchmark.items():
        if isinstance(found, dict):
            quality = found.get("pairwise", found)
            shares = [_number(quality[kind]) for kind in ("precision", "recall", "f1")]
            wrong = found["wrong_pairs"] if "pairwise" in found else found["wrong"]
            rest = [f"{wrong:,}", _number(found.get("review_share")), _number(found["reach"])]
            rows.append(f"| {name} | {side} | {' | '.join([*shares, *rest])} |")
    return rows


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _count(value: int | None) -> str:
    return "" if value is None else f"{value:,}"
