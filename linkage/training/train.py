"""Council and register files → a model folder with model.toml, parameters.json (see `training.parameters`) and card.md."""

import json
import tomllib
from pathlib import Path
from typing import Any

import duckdb

from linkage import model_folder
from linkage.config import Dataset
from linkage.database import count, open_database
from linkage.errors import ModelError, OutputError
from linkage.objections import OBJECTED, unmatched_objections
from linkage.pipeline import read_records
from linkage.reading.roles import refuse_same
from linkage.tables import RECORD, SCREENED
from linkage.training.parameters import estimate


def train(
    council: Dataset, nhs: Dataset, out: Path, seed: int = 1, objections: Path | None = None
) -> dict[str, Any]:
    """Estimate every number of the model in the folder `out` (by its model.toml, or the default's), write its files, and
    return the contents of parameters.json. The model gets its folder's name. People whom an objection reaches are left
    out of all counts.

    OutputError where `out` has files but no model, or cannot be written; InputError or ModelError where the files are too
    small or the estimates implausible. Nothing is written before the end.
    """
    own = out / "model.toml"
    if out.exists() and not own.is_file() and (not out.is_dir() or any(out.iterdir())):
        raise OutputError(f"{out} is no model folder: name one, an empty one, or one that does not exist yet")
    refuse_same(council.path, nhs.path)
    source = own if own.is_file() else model_folder.find("default") / "model.toml"
    try:
        text = model_folder.named(source.read_text(encoding="utf-8-sig"), out.resolve().name)
        written = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ModelError(f"{source} cannot be read: {error}") from None
    _refuse_incomplete(source, written)
    with open_database(out.resolve().parent) as database:
        read_records(database, [council, nhs], objections)
        objecting = leave_out_who_objects(database) if objections else {}
        parameters = estimate(database, written, seed)
    parameters["training"] |= objecting
    model_folder.build(written, parameters)
    numbers = json.dumps(parameters, indent=1) + "\n"
    model_folder.write(
        out, {"model.toml": text, "parameters.json": numbers, "card.md": _card(written, parameters)}
    )
    return parameters


def leave_out_who_objects(database: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Delete the rows of people whom an objection reaches from `record`; return how many rows, and how many objections
    name nobody."""
    unmatched = unmatched_objections(database)
    objecting = f"""subject_id IN (SELECT subject_id FROM "{SCREENED.name}" WHERE reason = '{OBJECTED}')"""
    rows = count(database, RECORD.name, objecting)
    database.execute(f'DELETE FROM "{RECORD.name}" WHERE {objecting}')
    return {"rows_of_who_objects": rows, "objections_that_name_nobody": unmatched}


def _refuse_incomplete(source: Path, written: dict[str, Any]) -> None:
    """ModelError where a model.toml lacks a key that every model has. Called before the files are read."""
    decision = written.get("decision")
    lacking = [name for name in ("name", "fields", "blocking", "decision") if name not in written]
    if decision is not None:
        told = decision if isinstance(decision, dict) else {}
        lacking += [f"[decision] {name}" for name in ("accept", "review", "join") if name not in told]
    if lacking:
        raise ModelError(f"{source} lacks {', '.join(lacking)}; the default's model.toml shows what they are")


def _card(written: dict[str, Any], parameters: dict[str, Any]) -> str:
    """The text of card.md: what the model is, how it was trained, and its numbers."""
    lines = [
        f"# {written['name']}",
        "",
        written.get("title", ""),
        "",
        f"Calibration: {parameters['calibrated_on']}.",
        "",
        *_training(parameters["training"]),
    ]
    for name, comparison in parameters["comparisons"].items():
        lines += [f"## {name}", "", "| level | m | u | relatives' u | twins' u |", "|---|---|---|---|---|"]
        lines += [
            f"| {level} | {x['m']:.6f} | {x['u']:.8f} | {x['relative_u']:.6f} | {x['twin_u']:.6f} |"
            for level, x in comparison["levels"].items()
        ]
        lines.append("")
    return "\n".join(lines)


def _training(told: dict[str, Any]) -> list[str]:
    """The lines of card.md on training and its warnings."""
    return [
        "## Training",
        "",
        f"m from {told['matches']:,} certain matches of {told['records']:,} records, u from {told['strangers']:,} pairs of "
        f"strangers, the u of relatives and twins from {told['relatives']:,} and {told['twins']:,} pairs across the files. "
        f"{len(told['starts'])} starts ended {told['widest_gap']:.2f} bits apart at most.",
        "",
        *(f"- Beware: {warning}" for warning in told["warnings"]),
        *([""] if told["warnings"] else []),
    ]
