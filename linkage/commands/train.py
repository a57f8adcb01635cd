"""Two files in → a model folder."""

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import (
    CouncilFile,
    CouncilProfile,
    Json,
    Maps,
    NhsFile,
    NhsProfile,
    Objections,
    Seed,
    mapped,
    print_json,
    say,
    stages,
)
from linkage.pages.wording import counted
from linkage.tables import NHS

Folder = Annotated[
    Path, typer.Option("--out", help="folder for the model; a model.toml in it says what to train")
]


def command(
    council: CouncilFile,
    nhs: NhsFile,
    out: Folder,
    mappings: Maps = None,
    council_profile: CouncilProfile = "",
    nhs_profile: NhsProfile = "",
    objections: Objections = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Estimate a model from two files and write its folder."""
    from linkage import pipeline
    from linkage.training.train import train

    files = (
        pipeline.council(council, council_profile, mapped(mappings)),
        pipeline.nhs(nhs, nhs_profile, mapped(mappings, NHS)),
    )
    with stages() as progress:
        progress("training")
        parameters = train(*files, out, seed, objections)
    if as_json:
        print_json(parameters)
        return
    levels = sum(len(comparison["levels"]) for comparison in parameters["comparisons"].values())
    say(f"{len(parameters['comparisons'])} comparisons with {levels} levels were estimated")
    told = parameters["training"]
    say(f"{told['matches']:,} of {told['records']:,} records have a certain match in the register")
    say(f"{len(told['starts'])} starts ended at most {told['widest_gap']:.2f} bits apart")
    if objections:
        say(
            f"{counted(told['rows_of_who_objects'], 'row is', 'rows are')} left out: an objection reaches them"
        )
    if nobody := told.get("objections_that_name_nobody"):
        say(
            f"{counted(nobody, 'of the objections names', 'of the objections name')} nobody of either file: look them up"
        )
    for warning in told["warnings"]:
        say(f"Beware: {warning}")
    say(f"The model is in {out}; see card.md there")
