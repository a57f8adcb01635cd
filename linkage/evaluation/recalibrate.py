"""A run, labels of its pairs and the model that made it → a model folder whose confidence is calibrated on the labels.

Only the calibration changes. Weights, ranks, guards and thresholds stay; but other pairs than before may be above a
threshold. What that does to accepted links is measured and reported.
"""

import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from linkage import model, model_folder
from linkage.errors import InputError, ModelError, OutputError
from linkage.evaluation.isotonic import Observation, Points, calibration_points
from linkage.evaluation.learns_from import Labels, calibrated_on
from linkage.evaluation.losses import less_calibrated, less_precise
from linkage.evaluation.measures import calibration, rounded, share
from linkage.evaluation.sample import Best, best_candidates
from linkage.evaluation.weakness import told_apart, weaknesses
from linkage.pages.wording import counted
from linkage.scoring.confidence import calibrate

FOLDS = 5
FEWEST = 50
FORMER = 200
"""Labels that the former calibration counts as, where the new labels are few."""
RELIABILITY = "## Reliability"
FIGURES = "## Figures"
"""The last section of a model's card, with what the benchmark measured; it is removed with the numbers that it is about."""


def recalibrate(folder: Path, labels: Labels, name: str, out: Path) -> dict[str, Any]:
    """Write the model `name`, calibrated on `labels` of the run in `folder`, to `out`; return what that changed.

    "before" and "after" have the calibration over the records that the labels stand for, and over those of them that are
    "accepted". "after" is measured on labels held out: each fifth by a line learnt from the other four, since labels
    flatter the line learnt from them. "accepts" is how many of this run's own records the former and the new model
    accept; for the latter by the run's rounded confidences, so that a few may differ. "cautions" says why the labels are
    weak evidence; then the former calibration counts as `FORMER` labels. "warning" is empty unless the accepted links
    became less precise, and "worse" unless the confidence did.
    """
    source = model_folder.find(name)
    chosen = model_folder.load(name)
    _check(folder, chosen, out, labels)
    cautions = weaknesses(labels.observations)
    trust = len(labels.pairs) / (len(labels.pairs) + FORMER) if cautions else 1.0
    points = calibration_points(labels.observations, chosen.calibration, trust)
    new = calibration_points(labels.observations, (), trust)
    before = _judged(labels, [x.confidence for x in labels.observations], chosen.accept)
    after = _judged(labels, _held_out(labels.observations, trust), chosen.accept)
    best = best_candidates(folder)
    before["accepts"], after["accepts"] = (_accepts(best, line, chosen.accept) for line in ((), new))
    result: dict[str, Any] = rounded(
        {
            "model": out.resolve().name,
            "calibrated_on": calibrated_on(labels),
            "labels": len(labels.pairs),
            "left_out": labels.left_out,
            "stand_for": labels.stand_for,
            "points": len(points),
            "before": before,
            "after": after,
            "cautions": cautions,
            "warning": less_precise(before, after, chosen.accept),
            "worse": less_calibrated(before, after, chosen.name),
        }
    )
    _write(source, out, [[round(raw, 12), round(right, 9)] for raw, right in points], result)
    return result


def recalibration_table(result: dict[str, Any]) -> list[tuple[str, str]]:
    """The figures of `recalibrate`'s answer as (label, value) for a terminal."""
    rows = [
        ("Labels used, left out", f"{result['labels']:,}, {result['left_out']:,}"),
        ("These stand for", result["stand_for"]),
    ]
    known = [result[when]["accepted"]["precision"] for when in ("before", "after")]
    texts = iter(told_apart([precision for precision in known if precision is not None]))
    was, will = ("-" if precision is None else next(texts) for precision in known)
    before, after = result["before"], result["after"]
    return [
        *rows,
        ("Calibration error before", f"{before['ece']:.4f}"),
        ("  after, by labels held out", f"{after['ece']:.4f}"),
        ("Brier score before", f"{before['brier']:.4f}"),
        ("  after, by labels held out", f"{after['brier']:.4f}"),
        (
            "Records of this run accepted before",
            f"{before['accepts']:,}; precision {was} by {_counted(before, 'label')}",
        ),
        (
            "  by the model written",
            f"about {after['accepts']:,}; precision {will} by {_counted(after, 'label held out', 'labels held out')}",
        ),
    ]


def _counted(judged: dict[str, Any], one: str, several: str = "") -> str:
    """How many labels a precision is based on, and how many of them are wrong."""
    accepted = judged["accepted"]
    return f"{counted(accepted['labels'], one, several)}, {accepted['wrong']:,} wrong"


def _check(folder: Path, chosen: model.Model, out: Path, labels: Labels) -> None:
    try:
        made_by = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["model"]
    except (OSError, ValueError, KeyError):
        raise InputError(
            f"{folder} has no manifest.json that names a model; name the folder of a run."
        ) from None
    if made_by["version"] != chosen.version:
        raise ModelError(
            f"the run was made with {made_by['name']} {made_by['version']}, not with {chosen.name} {chosen.version}; "
            "link again with that model, or name the one that was used with --model"
        )
    if len(labels.pairs) < FEWEST:
        raise InputError(
            f"{len(labels.pairs):,} labelled pairs can be used; a calibration needs at least {FEWEST}."
        )
    if len({one.right for one in labels.observations}) == 1:
        raise InputError(
            f"all {len(labels.pairs):,} labels say the same, so they cannot tell where links begin to be wrong: label pairs "
            "below the threshold too, such as those of `linkage sample`"
        )
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise OutputError(
            f"{out} exists and is not an empty folder, so it is not replaced. Name another folder."
        )


def _held_out(observations: Sequence[Observation], trust: float) -> list[float]:
    """The confidence that each pair gets from the labels of the other four fifths."""
    folds = [
        calibration_points(
            [one for place, one in enumerate(observations) if place % FOLDS != fold], trust=trust
        )
        for fold in range(FOLDS)
    ]
    return [calibrate(folds[place % FOLDS], one.confidence) for place, one in enumerate(observations)]


def _judged(labels: Labels, confidences: Sequence[float], accept: float) -> dict[str, Any]:
    right = [one.right for one in labels.observations]
    weights = [one.weight for one in labels.observations]
    found = calibration(zip(confidences, right, strict=True), weights=weights)
    return found | {"accepted": _accepted(labels, confidences, accept)}


def _accepted(labels: Labels, confidences: Sequence[float], accept: float) -> dict[str, Any]:
    """The labelled pairs above a threshold that no guard stops: "n" and "right" by weight, the share that is right, and
    the number of labels."""
    taken = [
        observation
        for (one, observation), confidence in zip(labels.pairs, confidences, strict=True)
        if confidence >= accept and not one.guarded
    ]
    number, right = sum(one.weight for one in taken), sum(one.weight * one.right for one in taken)
    wrong = sum(not one.right for one in taken)
    return {
        "n": number,
        "right": right,
        "precision": share(right, number),
        "labels": len(taken),
        "wrong": wrong,
    }


def _accepts(best: Sequence[Best], line: Points, accept: float) -> int:
    """How many of a run's records are accepted if their confidence goes through `line`; without records that people
    decided on."""
    return sum(
        calibrate(line, one.confidence) >= accept and not one.guarded and not one.decided for one in best
    )


def _write(source: Path, out: Path, points: list[list[float]], result: dict[str, Any]) -> None:
    """Write the model folder: that of `source`, with the new calibration and name, and with its reliability on the card."""
    parameters = json.loads((source / "parameters.json").read_text(encoding="utf-8"))
    parameters |= {"calibration": points, "calibrated_on": result["calibrated_on"]}
    written = (source / "model.toml").read_text(encoding="utf-8-sig")
    text = model_folder.named(written, out.resolve().name)
    model_folder.build(tomllib.loads(text), parameters)
    card = (source / "card.md").read_text(encoding="utf-8") if (source / "card.md").is_file() else ""
    numbers, told = json.dumps(parameters, indent=1) + "\n", _card(card, out.resolve().name, result)
    model_folder.write(out, {"model.toml": text, "parameters.json": numbers, "card.md": told})


def _card(card: str, name: str, result: dict[str, Any]) -> str:
    body = card.split(FIGURES)[0].split(RELIABILITY)[0].rstrip()
    body = re.sub(r"(?m)^# .*$", lambda _: f"# {name}", body, count=1)
    body = re.sub(
        r"(?m)^Calibration: .*$", lambda _: f"Calibration: {result['calibrated_on']}.", body, count=1
    )
    after = result["after"]
    lines = [
        body,
        "",
        RELIABILITY,
        "",
        f"The labels stand for {result['stand_for']}. Each fifth of the labelled pairs by a line learnt from the others, and each "
        f"pair counted as the records that it stands for: calibration error {after['ece']:.4f} "
        f"(before {result['before']['ece']:.4f}), Brier score {after['brier']:.4f} (before "
        f"{result['before']['brier']:.4f}).",
        f"Of the run's records about {after['accepts']:,} are accepted (before {result['before']['accepts']:,}).",
        *(f"Beware: {caution}." for caution in result["cautions"]),
        *(f"Beware: {result[name]}" for name in ("warning", "worse") if result[name]),
        "",
        "| confidence above | mean | pairs | right | 95 % interval of the share |",
        "|---|---|---|---|---|",
        *(
            f"| {c['above']:g} | {c['confidence']:.5f} | {c['n']:,} | {c['right']:,} | "
            f"{c['interval'][0]:.4f} to {c['interval'][1]:.4f} |"
            for c in after["claims"]
        ),
    ]
    return "\n".join(lines) + "\n"
