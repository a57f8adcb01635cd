"""A run and labels or the truth of its pairs → the labelled confidences that a calibration learns from, and which records
they stand for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from linkage.evaluation.isotonic import Observation
from linkage.evaluation.labels import Label, read_labels, records_to_a_label
from linkage.evaluation.sample import Best, best_candidates
from linkage.evaluation.truth import true_numbers
from linkage.past import CANNOT_TELL, SAME


@dataclass(frozen=True)
class Labels:
    """The labelled pairs of a run: how they were chosen, how many were left out because a guard or a decision chose them,
    and which records they stand for."""

    pairs: tuple[tuple[Best, Observation], ...]
    source: str
    left_out: int = 0
    stand_for: str = "the labelled pairs alone"

    @property
    def observations(self) -> list[Observation]:
        """The labelled confidences."""
        return [observation for _, observation in self.pairs]


def labels_by_truth(folder: Path, truth: Path, described: str = "") -> Labels:
    """Every best candidate of a run whose truth is known, without records that people decided on, since their confidence
    is not the model's."""
    answers = true_numbers(truth, folder)
    told = [one for one in best_candidates(folder) if one.record_id in answers]
    pairs = tuple(
        (one, Observation(one.confidence, answers[one.record_id] == one.nhs_number))
        for one in told
        if not one.decided
    )
    records = (
        f"the {len(pairs):,} records of this run that have a candidate, linked or not, and a known truth"
    )
    return Labels(pairs, described or f"the truth in {truth.name}", len(told) - len(pairs), records)


def labels_by_people(folder: Path, path: Path, described: str = "") -> Labels:
    """The labelled pairs of a run: from a sample of `linkage sample`, or from decisions on pairs in review.

    A sample's pair stands for as many records as its stratum had per clear label in the run that it was drawn from, which
    may be another run with the same best candidates. Labels without strata count once each. Those were sent to people
    because they were in review, so above the acceptance threshold only because a guard stopped them; they say nothing
    about links without a guard and are left out. So are pairs of records that people decided on, since their confidence
    is not the model's.
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
    """Which records the labels stand for, in words; `number` is how many these are."""
    if not any(label.stratum for label in listed):
        return f"{number:,} labelled pairs alone, unweighted: the file does not say by what chance they were drawn"
    sizes = Counter(one.stratum for one in best)
    if all((label.stratum, label.size) == (label.of.stratum, sizes[label.of.stratum]) for label in listed):
        return (
            f"the {number:,} records of this run that have a candidate, linked or not, by a weighted sample"
        )
    return (
        f"the {number:,} records that have a candidate, linked or not, in the run that the sample was drawn from, which is another; "
        "by its weights"
    )


def calibrated_on(labels: Labels) -> str:
    """What the calibration was learnt from, in the words of a model's `calibrated_on`."""
    right = sum(one.right for one in labels.observations)
    sure = [one.confidence for one in labels.observations]
    return (
        f"{labels.source}: {len(labels.pairs):,} labelled pairs, {right:,} of them right, "
        f"with confidences from {min(sure):.6g} to {max(sure):.6g}"
    )
