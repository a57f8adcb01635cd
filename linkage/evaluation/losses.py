"""How labels judge a model before and after it was calibrated → what became worse, in words."""

from typing import Any

from linkage.evaluation.weakness import told_apart


def less_precise(before: dict[str, Any], after: dict[str, Any], accept: float) -> str:
    """That the labelled links that the threshold `accept` takes hold more wrong ones than before; empty if they do not."""
    if before["precision"] is None or after["precision"] is None or after["precision"] >= before["precision"]:
        return ""
    was, will = told_apart([before["precision"], after["precision"]])
    return f"At the threshold {accept:g} the labelled links accepted fall in precision from {was} to {will}; raise accept in model.toml if that is too low."


def less_calibrated(before: dict[str, Any], after: dict[str, Any], name: str) -> str:
    """That labels held out find the new confidence further from the truth than that of the model `name`; empty if they do not."""
    measures = {"calibration error": "ece", "Brier score": "brier"}
    texts = {
        said: (f"{after[measure]:.4f}", f"{before[measure]:.4f}")
        for said, measure in measures.items()
        if round(after[measure], 4) > round(before[measure], 4)
    }
    if not texts:
        return ""
    risen = ", ".join(f"{said} {now}, before {was}" for said, (now, was) in texts.items())
    return f"On labels held out the confidence got worse: {risen}; without a reason of your own stay with {name}."
