"""A run and what mistakes cost in → what each threshold gives, and the bands that cost least."""

from pathlib import Path
from typing import Annotated

import typer

from linkage.commands import Json, Page, RunFolder, print_json, print_table, say, write_page
from linkage.errors import MappingError

DEAREST = 1e12


def command(
    folder: RunFolder,
    truth: Annotated[Path | None, typer.Option(help="file with the truth")] = None,
    sample: Annotated[Path | None, typer.Option(help="sample of `linkage sample`, labelled")] = None,
    cost_false: Annotated[float, typer.Option(min=0.0, max=DEAREST, help="cost of a wrong link")] = 100.0,
    cost_missed: Annotated[
        float, typer.Option(min=0.0, max=DEAREST, help="cost of a link that is missed")
    ] = 1.0,
    cost_review: Annotated[
        float, typer.Option(min=0.0, max=DEAREST, help="cost of a pair that a person looks at")
    ] = 0.2,
    page: Page = None,
    as_json: Json = False,
) -> None:
    """Show what each threshold gives, and the bands that cost least; without labels, by the confidence itself."""
    if truth and sample:
        raise MappingError("give --truth FILE or --sample FILE, not both")
    from linkage.evaluation.costs import Costs
    from linkage.evaluation.rests_on import rests_on_words
    from linkage.evaluation.threshold import trade_off, trade_off_table
    from linkage.evaluation.threshold_page import threshold_page
    from linkage.runs.run_folder import banner_of

    result = trade_off(folder, Costs(cost_false, cost_missed, cost_review), truth, sample)
    if page:
        write_page(page, threshold_page(result, banner_of(folder)))
    if as_json:
        print_json(result)
        return
    print_table(trade_off_table(result))
    for sentence in rests_on_words(result):
        say(sentence)
    for caution in result["cautions"]:
        say(f"Beware: {caution}.")
