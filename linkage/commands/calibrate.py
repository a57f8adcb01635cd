"""A run, its labels and its model in → a model folder whose confidence means what the labels say."""

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import Json, ModelName, RunFolder, print_json, print_table, say
from linkage.errors import MappingError


def command(
    folder: RunFolder,
    out: Annotated[Path, typer.Option(help="folder for the new model, which must not hold anything yet")],
    labels: Annotated[Path | None, typer.Option(help="pairs that people labelled, such as a sample")] = None,
    truth: Annotated[Path | None, typer.Option(help="file with the truth")] = None,
    model: ModelName = "default",
    described: Annotated[str, typer.Option(help="in words, what the labels are of")] = "",
    as_json: Json = False,
) -> None:
    """Calibrate a model's confidence on labelled pairs of a run that it made."""
    if (truth is None) == (labels is None):
        raise MappingError("give either --labels FILE or --truth FILE")
    from linkage.evaluation.learns_from import labels_by_people, labels_by_truth
    from linkage.evaluation.recalibrate import recalibrate, recalibration_table

    if truth:
        known = labels_by_truth(folder, truth, described)
    else:
        assert labels is not None
        known = labels_by_people(folder, labels, described)
    result = recalibrate(folder, known, model, out)
    if as_json:
        print_json(result)
        return
    print_table(recalibration_table(result))
    for caution in result["cautions"]:
        say(f"Beware: {caution}.")
    if result["cautions"]:
        say("So the calibration of before counts for much; the confidence has moved only part of the way.")
    for told in ("warning", "worse"):
        if result[told]:
            say(f"Beware: {result[told]}")
    say(f"The model is in {out}; see card.md there")
