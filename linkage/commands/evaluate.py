"""A run and the truth, or a labelled sample, in → how good the run is."""

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import Json, Page, RunFolder, print_json, print_table, write_page
from linkage.errors import MappingError


def command(
    folder: RunFolder,
    truth: Annotated[Path | None, typer.Option(help="file with the truth")] = None,
    sample: Annotated[Path | None, typer.Option(help="sample of `linkage sample`, labelled")] = None,
    council: Annotated[
        Path | None, typer.Option(help="the council file, to tell results by its groups")
    ] = None,
    page: Page = None,
    as_json: Json = False,
) -> None:
    """Precision and recall of a run, by the truth or by a labelled sample."""
    if (truth is None) == (sample is None):
        raise MappingError("give either --truth FILE or --sample FILE")
    from linkage.evaluation.estimate import estimate, estimate_table
    from linkage.evaluation.evaluate import evaluate
    from linkage.evaluation.page import evaluation_page, sample_page
    from linkage.evaluation.table import evaluation_table
    from linkage.runs.run_folder import banner_of

    if truth:
        result = evaluate(folder, truth, council)
        rows, html = evaluation_table(result), evaluation_page(result, banner_of(folder)) if page else ""
    else:
        assert sample is not None
        result = estimate(folder, sample)
        rows, html = estimate_table(result), sample_page(result, banner_of(folder)) if page else ""
    if page:
        write_page(page, html)
    if as_json:
        print_json(result)
        return
    print_table(rows)
