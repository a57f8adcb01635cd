"""Nothing in → a small made-up council, linked, and the result held against the truth."""

from pathlib import Path

from linkage.commands import Json, Out, Seed, print_json, print_table, say, stages


def command(out: Out = Path("demo"), seed: Seed = 1, as_json: Json = False) -> None:
    """Make up a small council, link it, and score the result against the truth."""
    from tempfile import TemporaryDirectory

    from linkage import pipeline
    from linkage.config import LinkJob
    from linkage.evaluation.evaluate import evaluate
    from linkage.evaluation.table import evaluation_table
    from linkage.pages.summary import counts as summary_counts
    from linkage.population import generate

    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, stages() as progress:
        made = Path(folder) / "made"
        counts = generate(20_000, 2_000, seed, made, False, progress)
        job = LinkJob(
            council=pipeline.council(made / "council.csv"),
            nhs=pipeline.nhs(made / "nhs.csv"),
            out=out,
            objections=made / "objections.csv",
        )
        manifest = pipeline.link(job, progress)
        result = evaluate(out, made / "truth.csv")
    if as_json:
        print_json({"manifest": manifest, "evaluation": result})
        return
    say(
        f"Before: {counts['council_rows']:,} council records, {counts['register_rows']:,} people in the register"
    )
    for line in summary_counts(manifest):
        say(line)
    print_table(evaluation_table(result))
    say(f"The report is {out / 'report.html'}")
