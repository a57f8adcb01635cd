"""A model judged by labels before and after its calibration → warnings on what became worse."""

from typing import Any

from linkage.evaluation.weakness import told_apart


def less_precise(before: dict[str, Any], after: dict[str, Any], accept: float) -> str:
    """A warning if, by labels held out, a greater share of the links above `accept` is wrong than before; or if nothing
    of the run or of the labels held out is above it; or if no label is of a link accepted before. Empty if none of these
    holds."""
    if before["accepts"] and not after["accepts"]:
        return (
            f"At the threshold {accept:g} the model accepts none of this run's records, before {before['accepts']:,}: by these "
            "labels no link is as sure."
        )
    was, will = before["accepted"]["precision"], after["accepted"]["precision"]
    if will is None and after["accepts"]:
        return (
            f"At the threshold {accept:g} no label held out would be accepted, so the labels do not show how many are right of "
            f"the {after['accepts']:,} records that the model accepts."
        )
    if was is None and before["accepts"]:
        return (
            f"No label is of a link that the run accepted, so the labels do not show how many of those {before['accepts']:,} are "
            f"right, nor of the {after['accepts']:,} that the model accepts: label a sample of linkage sample."
        )
    if was is None or will is None or will >= was:
        return ""
    told = " to ".join(told_apart([was, will]))
    return (
        f"At the threshold {accept:g} the precision of links falls, by labels held out, from {told}; raise accept in model.toml "
        "if that is too low."
    )


def less_calibrated(before: dict[str, Any], after: dict[str, Any], name: str) -> str:
    """A warning if, by labels held out, the new confidence is further from the truth than that of the model `name`; empty
    if it is not."""
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
