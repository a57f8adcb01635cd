"""What a user types → one call of the product, its counts on screen and an exit code."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from linkage.errors import LinkageError, MappingError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)

Json = Annotated[bool, typer.Option("--json", help="print the result as JSON, for scripts")]
Out = Annotated[Path, typer.Option("--out", help="folder for the results; a former run in it is replaced")]
ModelName = Annotated[str, typer.Option("--model", help="name or folder of the model")]
Threads = Annotated[int, typer.Option("--threads", min=0, help="processor threads; 0 takes all")]
Memory = Annotated[str, typer.Option("--memory", help='memory limit, such as "4GB"')]
Seed = Annotated[int, typer.Option("--seed", help="seed of everything that is sampled")]
SaveProfile = Annotated[
    Path | None, typer.Option(help="keep the council columns that were recognised, for --council-profile")
]
Maps = Annotated[
    list[str], typer.Option("--map", help='field="Column", for a column that was not recognised')
]


@app.command()
def link(
    council: Path,
    nhs: Path,
    out: Out,
    model: ModelName = "default",
    mappings: Maps = [],  # noqa: B006 - typer copies the default
    council_profile: Annotated[str, typer.Option(help="profile of the council file")] = "",
    nhs_profile: Annotated[str, typer.Option(help="profile of the register file")] = "",
    objections: Annotated[
        Path | None, typer.Option(help="people who object to the use of their number")
    ] = None,
    save_profile: SaveProfile = None,
    threads: Threads = 0,
    memory: Memory = "",
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Link council records to NHS Numbers."""
    from linkage import pipeline
    from linkage.config import Limits, LinkJob

    job = LinkJob(
        council=pipeline.council(council, council_profile, _mapped(mappings), save_profile),
        nhs=pipeline.nhs(nhs, nhs_profile),
        out=out,
        model=model,
        objections=objections,
        limits=Limits(threads, memory, seed),
    )
    _tell(pipeline.link(job, _progress), as_json, out)


@app.command()
def dedupe(
    file: Path,
    out: Out,
    model: ModelName = "default",
    mappings: Maps = [],  # noqa: B006 - typer copies the default
    profile: Annotated[str, typer.Option(help="profile of the file")] = "",
    threads: Threads = 0,
    memory: Memory = "",
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Find records of one file that are the same person."""
    from linkage import pipeline
    from linkage.config import DedupeJob, Limits

    records = pipeline.council(file, profile, _mapped(mappings))
    job = DedupeJob(records, out, model, Limits(threads, memory, seed))
    _tell(pipeline.dedupe(job, _progress), as_json, out)


@app.command()
def check(
    file: Path,
    kind: Annotated[str, typer.Option(help="council or nhs")] = "council",
    page: Annotated[Path | None, typer.Option(help="also write the result as an HTML page")] = None,
    mappings: Maps = [],  # noqa: B006 - typer copies the default
    profile: Annotated[str, typer.Option(help="profile of the file")] = "",
    as_json: Json = False,
) -> None:
    """See what a file holds and whether it can be linked, before linking it."""
    from tempfile import TemporaryDirectory

    from linkage.check import check as check_file
    from linkage.check import check_page, problems
    from linkage.config import Dataset
    from linkage.database import open_database

    if kind not in ("council", "nhs"):
        raise MappingError("--kind is council or nhs")
    with TemporaryDirectory() as folder, open_database(Path(folder)) as database:
        result = check_file(database, Dataset(kind, file, profile, _mapped(mappings)))
    if page:
        page.write_text(check_page(result), encoding="utf-8")
    if as_json:
        print(json.dumps(result, indent=2))
        return
    print(f"{result['file']}: {result['rows']} rows, {result['rejected']} set aside")
    for problem in problems(result):
        print(f"- {problem}")


@app.command()
def generate(
    out: Out,
    people: Annotated[int, typer.Option(min=100, help="people in the register's area")] = 20_000,
    clients: Annotated[int, typer.Option(min=1, help="people the council knows")] = 2_000,
    seed: Seed = 1,
    hard: Annotated[bool, typer.Option("--hard", help="about twice the mistakes, combined")] = False,
    as_json: Json = False,
) -> None:
    """Make up a council, a register, objections and the truth about them."""
    from linkage.population import generate as make

    counts = make(people, clients, seed, out, hard, _progress)
    if as_json:
        print(json.dumps(counts, indent=2))
        return
    for name in ("people", "register_rows", "council_rows", "clients", "clients_absent", "objections"):
        print(f"{name.replace('_', ' '):20} {counts[name]:>10,}")


@app.command()
def demo(out: Out = Path("demo"), seed: Seed = 1, as_json: Json = False) -> None:
    """Make up a small council, link it, and score the result against the truth."""
    from tempfile import TemporaryDirectory

    from linkage import pipeline
    from linkage.config import LinkJob
    from linkage.evaluate import evaluate as judge
    from linkage.evaluate import evaluation_table
    from linkage.population import generate as make

    with TemporaryDirectory() as folder:
        made = Path(folder) / "made"
        counts = make(20_000, 2_000, seed, made, False, _progress)
        job = LinkJob(
            council=pipeline.council(made / "council.csv"),
            nhs=pipeline.nhs(made / "nhs.csv"),
            out=out,
            objections=made / "objections.csv",
        )
        manifest = pipeline.link(job, _progress)
        result = judge(out, made / "truth.csv")
    if as_json:
        print(json.dumps({"manifest": manifest, "evaluation": result}, indent=2))
        return
    print(
        f"Before: {counts['council_rows']:,} council records, {counts['register_rows']:,} people in the register"
    )
    _print_counts(manifest)
    for label, value in evaluation_table(result):
        print(f"{label:45} {value}")
    print(f"The report is {out / 'report.html'}")


@app.command()
def evaluate(
    folder: Path, truth: Annotated[Path, typer.Option(help="file with the truth")], as_json: Json = False
) -> None:
    """Precision and recall of a run, where the truth is known."""
    from linkage.evaluate import evaluate as judge
    from linkage.evaluate import evaluation_table

    result = judge(folder, truth)
    if as_json:
        print(json.dumps(result, indent=2))
        return
    for label, value in evaluation_table(result):
        print(f"{label:45} {value}")


@app.command()
def train(council: Path, nhs: Path, out: Out, seed: Seed = 1) -> None:
    """Estimate a model from two files and write its folder."""
    from linkage.train import train as estimate

    estimate(council, nhs, out, seed)
    print(f"The model is in {out}; see card.md there")


@app.command()
def models() -> None:
    """List the models that can be used."""
    from linkage.model import available, load

    for name in sorted(available()):
        found = load(name)
        print(f"{name:20} {found.version}  {found.calibrated_on}")


@app.command()
def explain(
    folder: Path,
    record_id: str,
    page: Annotated[Path | None, typer.Option(help="also write it as an HTML page")] = None,
    as_json: Json = False,
) -> None:
    """Show the candidates of one record, field by field, and why it was decided so."""
    from linkage.explain import explain as find
    from linkage.explain import explain_page, explain_text

    result = find(folder, record_id)
    if page:
        page.write_text(explain_page(result), encoding="utf-8")
    print(json.dumps(result, indent=2, default=str) if as_json else explain_text(result))


def main() -> None:
    """Run a command; what a user can mend ends in one clear line and its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app()
    except LinkageError as error:
        print(f"linkage: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("linkage: stopped; nothing was written", file=sys.stderr)
        sys.exit(130)


def _mapped(pairs: list[str]) -> dict[str, str]:
    mapped = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        if not equals or not name or not column:
            raise MappingError('--map takes field="Column"')
        mapped[name.strip()] = column.strip()
    return mapped


def _progress(message: str) -> None:
    if sys.stderr.isatty():
        print(f"... {message}", file=sys.stderr)


def _tell(manifest: dict[str, Any], as_json: bool, out: Path) -> None:
    if as_json:
        print(json.dumps(manifest, indent=2))
        return
    if manifest["test_data"]:
        print("TEST DATA: the NHS Numbers are from the range kept for tests")
    for name, read in manifest["inputs"].items():
        print(
            f"{name}: {read['name']} read as {read['profile'] or 'recognised headings'}, {read['rows']:,} rows"
        )
    _print_counts(manifest)
    print(f"Results are in {out}")


def _print_counts(manifest: dict[str, Any]) -> None:
    print("; ".join(f"{name} {number:,}" for name, number in manifest["counts"].items()))
