"""A run in → a sample of its pairs for people to label."""

from math import ceil
from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import Json, RunFolder, Seed, print_json, print_table, say
from linkage.pages.wording import counted


def command(
    folder: RunFolder,
    out: Annotated[Path, typer.Option(help="file for the sample; it shows values of people")],
    n: Annotated[int, typer.Option("--n", min=20, help="pairs to draw")] = 500,
    bound: Annotated[
        float,
        typer.Option(min=1e-6, max=0.5, help="share of wrong links that you want to be able to exclude"),
    ] = 0.001,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Draw pairs for people to label, from sure links to just below the threshold."""
    from linkage.evaluation.sample import draw_sample, sizes_needed

    result = draw_sample(folder, n, seed, out)
    needed = sizes_needed(bound, result["accepted"])
    result |= {"bound": bound, "sizes_needed": [{"wrong": wrong, "labelled": size} for wrong, size in needed]}
    if as_json:
        print_json(result)
        return
    strata = result["strata"].items()
    print_table([(name.capitalize(), f"{told['drawn']:,} of {told['size']:,}") for name, told in strata])
    say(
        f"{counted(result['drawn'], 'pair is', 'pairs are')} in {out}: write same, different or cannot tell into the column label"
    )
    for need in result["sizes_needed"]:
        say(
            f"To show with 95 % certainty that at most {bound:g} of the {result['accepted']:,} accepted links are wrong, "
            f"label {need['labelled']:,} drawn at random from all of them, and find {need['wrong']} wrong"
        )
    if result["sizes_needed"]:
        share = ceil(100 * result["sizes_needed"][0]["labelled"] / result["accepted"])
        say(
            f"This sample is drawn by strata instead: it shows as much where {share} % of each accepted stratum is labelled and "
            f"{result['sizes_needed'][0]['wrong']} are wrong; `linkage threshold --sample` says what fewer labels leave possible"
        )
