"""A run, labels of its pairs and the model that made it → a model folder whose confidence is calibrated on the labels.

Only the confidence changes: weights, ranks and guards stay, and so does the threshold, which the new confidence may
cross for other pairs than before. What that does to accepted links is measured and told.
"""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linkage import model, model_folder
from linkage.errors import InputError, ModelError, OutputError
from linkage.evaluation.isotonic import Observation, calibration_points
from linkage.evaluation.labels import Label, read_labels, records_to_a_label
from linkage.evaluation.losses import less_calibrated, less_precise
from linkage.evaluation.measures import calibration, rounded, share
from linkage.evaluation.sample import Best, best_candidates
from linkage.evaluation.truth import true_numbers
from linkage.evaluation.weakness import told_apart, weaknesses
from linkage.past import CANNOT_TELL, SAME
from linkage.scoring.confidence import calibrate

FOLDS = 5
FEWEST = 50
FORMER = 200
"""Labels that the calibration of before then counts as."""
RELIABILITY = "## Reliability"
FIGURES = "## Figures"
"""What the benchmark measured of a model: the last section of its card, gone with the numbers that it is about."""


@dataclass(frozen=True)
class Labels:
    """Labelled pairs of a run, how they were come by, how many were left out because a guard or a decision chose them, and which
    records they stand for."""

    pairs: tuple[tuple[Best, Observation], ...]
    source: str
    left_out: int = 0
    stand_for: str = "the labelled pairs alone"

    @property
    def observations(self) -> list[Observation]:
        """What calibration learns from."""
        return [observation for _, observation in self.pairs]


def recalibrate(folder: Path, labels: Labels, name: str, out: Path) -> dict[str, Any]:
    """Write the model `name`, calibrated on `labels` of the run in `folder`, to `out`; return what that changed.

    "before" and "after": calibration of the records that the labelled pairs stand for (after: each fifth by a line learnt
    from the others) and what of them is accepted; "cautions": why the labels are little to go by, in which case the former calibration counts as `FORMER`
    labels; "warning" is empty unless the labelled links that would be accepted became less precise, "worse" unless the
    confidence became so.
    """
    source = model_folder.find(name)
    chosen = model_folder.load(name)
    _check(folder, chosen, out, labels)
    cautions = weaknesses(labels.observations)
    trust = len(labels.pairs) / (len(labels.pairs) + FORMER) if cautions else 1.0
    points = calibration_points(labels.observations, chosen.calibration, trust)
    new = calibration_points(labels.observations, (), trust)
    held_out = _held_out(labels.observations, trust)
    before = _judged(labels, [x.confidence for x in labels.observations], chosen.accept)
    after = _judged(labels, held_out, chosen.accept)
    after["accepted"] = _accepted(
        labels, [calibrate(new, x.confidence) for x in labels.observations], chosen.accept
    )
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
            "warning": less_precise(before["accepted"], after["accepted"], chosen.accept),
            "worse": less_calibrated(before, after, chosen.name),
        }
    )
    _write(source, out, [[round(raw, 12), round(right, 9)] for raw, right in points], result)
    return result


def labels_by_truth(folder: Path, truth: Path, described: str = "") -> Labels:
    """Every best candidate of a run with a known truth, but those of records that people decided on: they have no
    confidence of the model's."""
    answers = true_numbers(truth, folder)
    told = [one for one in best_candidates(folder) if one.record_id in answers]
    pairs = tuple(
        (one, Observation(one.confidence, answers[one.record_id] == one.nhs_number))
        for one in told
        if not one.decided
    )
    records = f"the {len(pairs):,} records of this run that have a candidate and a known truth"
    return Labels(pairs, described or f"the truth in {truth.name}", len(told) - len(pairs), records)


def labels_by_people(folder: Path, path: Path, described: str = "") -> Labels:
    """Pairs that people labelled: a sample of `linkage sample`, or decisions on pairs in review.

    A sample's pairs weigh as many records as their stratum had to a clear label where they were drawn, which may be another run
    with the same best candidates: the label is true of both. Labels without strata weigh one each. Those are of pairs that were
    sent to people, so above the acceptance threshold only because a guard stopped them: such say nothing of links without a
    guard and are left out. So are pairs of records that people decided on, in either, as they have no confidence of the
    model's.
    """
    best = best_candidates(folder)
    listed = [label for label in read_labels(path, best) if label.said != CANNOT_TELL]
    is_sample = any(label.stratum for label in listed)
    weights = records_to_a_label(listed) if is_sample else {"": 1.0}
    accepted_from = min((one.confidence for one in best if one.accepted), default=1.0)
    pairs = tuple(
        (label.of, Observation(label.of.confidence, label.said == SAME, weights[label.stratum]))
        for label in listed
        if (is_sample or label.of.accepted or label.of.confidence < accepted_from) and not label.of.decided
    )
    told = _stand_for(listed, best, round(sum(one.weight for _, one in pairs)))
    return Labels(pairs, described or f"people's labels in {path.name}", len(listed) - len(pairs), told)


def _stand_for(listed: Sequence[Label], best: Sequence[Best], number: int) -> str:
    """Which records the labels stand for, `number` in all."""
    if not any(label.stratum for label in listed):
        return f"{number:,} labelled pairs alone, unweighted: the file does not say by what chance they were drawn"
    sizes = Counter(one.stratum for one in best)
    if all((label.stratum, label.size) == (label.of.stratum, sizes[label.of.stratum]) for label in listed):
        return f"the {number:,} records of this run that have a candidate, by a weighted sample"
    return (
        f"the {number:,} records that have a candidate in the run that the sample was drawn from, which is another; "
        "by its weights"
    )


def calibrated_on(labels: Labels) -> str:
    """What the calibration was learnt on, as a model says it."""
    right = sum(one.right for one in labels.observations)
    sure = [one.confidence for one in labels.observations]
    return (
        f"{labels.source}: {len(labels.pairs):,} labelled pairs, {right:,} of them right, "
        f"with confidences from {min(sure):.6g} to {max(sure):.6g}"
    )


def recalibration_table(result: dict[str, Any]) -> list[tuple[str, str]]:
    """The figures of `recalibrate`'s answer as (label, value) for a terminal."""
    rows = [
        ("Labels used, left out", f"{result['labels']:,}, {result['left_out']:,}"),
        ("These stand for", result["stand_for"]),
    ]
    known = [result[when]["accepted"]["precision"] for when in ("before", "after")]
    texts = iter(told_apart([precision for precision in known if precision is not None]))
    for when in ("before", "after"):
        told, accepted = result[when], result[when]["accepted"]
        precision = "-" if accepted["precision"] is None else next(texts)
        rows += [
            (f"Calibration error {when}", f"{told['ece']:.4f}"),
            (f"Brier score {when}", f"{told['brier']:.4f}"),
            (f"Labelled and accepted {when}", f"{accepted['n']:,.0f}, precision {precision}"),
        ]
    return rows


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
    """Labelled pairs, by weight, that a threshold and no guard would accept, and the share that is right."""
    taken = [
        observation
        for (one, observation), confidence in zip(labels.pairs, confidences, strict=True)
        if confidence >= accept and not one.guarded
    ]
    number, right = sum(one.weight for one in taken), sum(one.weight * one.right for one in taken)
    return {"n": number, "right": right, "precision": share(right, number)}


def _write(source: Path, out: Path, points: list[list[float]], result: dict[str, Any]) -> None:
    """The model folder: as `source`, with the new calibration, a new name, and its reliability on the card."""
    parameters = json.loads((source / "parameters.json").read_text(encoding="utf-8"))
    parameters |= {"calibration": points, "calibrated_on": result["calibrated_on"]}
    written = (source / "model.toml").read_text(encoding="utf-8")
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
