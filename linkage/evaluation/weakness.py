"""Labels → the reasons why they are weak evidence; and figures with as many decimals as tell them apart."""

from collections.abc import Sequence

from linkage.evaluation.isotonic import Observation

FEW, FEW_WRONG, NARROW = 200, 10, 0.2
"""Labels, wrong ones among them, and range of confidences below which labels alone are too weak for a calibration."""


def weaknesses(labels: Sequence[Observation]) -> list[str]:
    """Why these labels are weak evidence for a calibration or a threshold, in words; empty if they are not."""
    number = len(labels)
    wrong = sum(not one.right for one in labels)
    sure = [one.confidence for one in labels]
    found = []
    if number < FEW:
        found.append(f"there are only {number:,} labels; {FEW} are the least to go by")
    if wrong < FEW_WRONG:
        found.append(
            f"only {wrong:,} of the labels are of wrong pairs, so how often a sure link is wrong is hardly known"
        )
    if max(sure) - min(sure) < NARROW:
        low, high = told_apart([min(sure), max(sure)])
        found.append(f"all labels have confidences from {low} to {high}: they say nothing of any other")
    return found


def told_apart(values: Sequence[float]) -> list[str]:
    """The values with at least four decimals, and as many as distinguish them from each other and from 1."""
    texts: list[str] = []
    for digits in range(4, 13):
        texts = [f"{value:.{digits}f}" for value in values]
        if len({*texts, f"{1:.{digits}f}"}) == len({*values, 1.0}):
            break
    return texts
