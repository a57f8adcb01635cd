"""Council and register files → a model folder: u by sampling, m by expectation maximisation, relatives' u by counting.

Splink trains. u comes from random pairs; m from several EM runs, each among pairs that agree on other fields (Winkler
2000); the relatives' u from pairs of register people who share a home, who are known to be different people.
"""

import json
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from linkage import model, splink_model
from linkage.database import count, open_database
from linkage.errors import ModelError, OutputError
from linkage.fields import Comparison
from linkage.model import Model
from linkage.pipeline import council, nhs, read_records
from linkage.tables import NHS, RECORD

EM_BLOCKS = (("date_of_birth_text",), ("surname", "forename"), ("postcode", "date_of_birth_year"))
FLOOR = 1e-6
HELD_NUMBER = {"same": (0.97, 0.001, 0.01), "differs": (0.03, 0.999, 0.99)}
MOST_RELATIVE_PAIRS = 300_000


def train(council_file: Path, nhs_file: Path, out: Path, seed: int = 1) -> dict[str, Any]:
    """Estimate every number of the model in `out` (its model.toml, or the default's) and write its files.

    OutputError where `out` holds files but no model, or cannot be written; nothing is written before the end.
    """
    own = out / "model.toml"
    if out.exists() and not own.is_file() and (not out.is_dir() or any(out.iterdir())):
        raise OutputError(f"{out} is no model folder: name one, an empty one, or one that does not exist yet")
    text = (own if own.is_file() else model.find("default") / "model.toml").read_text(encoding="utf-8")
    written = tomllib.loads(text)
    with open_database(out.resolve().parent) as database:
        read_records(database, [council(council_file), nhs(nhs_file)])
        started = model.build(written, _starting_parameters(written["fields"]))
        parameters = estimate(database, started, seed)
    model.build(written, parameters)
    numbers = json.dumps(parameters, indent=1) + "\n"
    _write(out, {"model.toml": text, "parameters.json": numbers, "card.md": _card(written, parameters)})
    return parameters


def _write(out: Path, files: dict[str, str]) -> None:
    """Write the files into a folder beside `out`, then move them in."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{out.name}-", dir=out.resolve().parent) as fresh:
            for name, text in files.items():
                (Path(fresh) / name).write_text(text, encoding="utf-8", newline="\n")
            for name in files:
                (Path(fresh) / name).replace(out / name)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror}") from error


def estimate(database: duckdb.DuckDBPyConnection, started: Model, seed: int) -> dict[str, Any]:
    """The numbers of every level, from the `record` table."""
    splink_model.count_frequencies(database, started)
    linker = splink_model.linker(database, started)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=seed)
    for keys in EM_BLOCKS:
        rule = " and ".join(f"l.{key} = r.{key}" for key in keys)
        linker.training.estimate_parameters_using_expectation_maximisation(
            f"l.dataset <> r.dataset and {rule}",
            estimate_without_term_frequencies=True,
            record_sample_proportion=1.0,
        )
    trained = {x.output_column_name: x for x in linker._settings_obj.comparisons}
    relatives, shares = _relatives(database, started)
    parameters = _starting_parameters([comparison.field for comparison in started.comparisons])
    for comparison in started.comparisons:
        found = {level.label_for_charts: level for level in trained[comparison.name].comparison_levels}
        numbers = parameters["comparisons"][comparison.name]["levels"]
        for level in comparison.levels:
            if level.missing:
                continue
            own = numbers[level.name]
            own["m"] = _kept(getattr(found[level.name], "m_probability", None), own["m"])
            own["u"] = _kept(getattr(found[level.name], "u_probability", None), own["u"])
            own["relative_u"] = shares.get((comparison.name, level.number), FLOOR * 10)
        if comparison.name == "nhs_number":
            for name, (m, u, relative_u) in HELD_NUMBER.items():
                numbers[name] = {"m": m, "u": u, "relative_u": relative_u}
    parameters["relatives"] = round(relatives, 4)
    return parameters


def _starting_parameters(fields: list[str]) -> dict[str, Any]:
    """Documented starting values: m from the fields' sources, u spread so that rarer levels are rarer."""
    comparisons = {}
    for field in fields:
        comparison = model.comparison_of(field)
        comparisons[comparison.name] = {
            "levels_digest": model.digest(comparison),
            "levels": _starting_levels(comparison),
        }
    return {
        "share_in_register": 0.9,
        "share_duplicate": 0.05,
        "relatives": 1.5,
        "calibration": [],
        "calibrated_on": "not calibrated: the confidence is the model's own posterior",
        "comparisons": comparisons,
    }


def _starting_levels(comparison: Comparison) -> dict[str, dict[str, float]]:
    compared = [level for level in comparison.levels if not level.missing]
    total = sum(max(level.m, 0.001) for level in compared)
    chances = [0.01] * (len(compared) - 1) + [1 - 0.01 * (len(compared) - 1)]
    return {
        level.name: {"m": max(level.m, 0.001) / total, "u": chance, "relative_u": chance}
        for level, chance in zip(compared, chances, strict=True)
    }


def _kept(found: Any, prior: float) -> float:
    """A trained number within bounds, or the documented prior where training saw nothing."""
    if not isinstance(found, int | float):
        return prior
    return round(min(1 - FLOOR, max(FLOOR, float(found))), 9)


def _relatives(
    database: duckdb.DuckDBPyConnection, started: Model
) -> tuple[float, dict[tuple[str, int], float]]:
    """People of the same home per register person, and the share of such pairs at each level of each comparison."""
    database.execute(
        f"""
        CREATE TABLE at_home AS
        SELECT '0' AS match_key, l.row_id AS join_key_l, r.row_id AS join_key_r
        FROM "{RECORD.name}" l JOIN "{RECORD.name}" r ON l.place = r.place AND l.row_id < r.row_id
        WHERE l.dataset = '{NHS}' AND r.dataset = '{NHS}' AND l.subject_id <> r.subject_id
          AND l.place IN (
              SELECT place FROM "{RECORD.name}" WHERE dataset = '{NHS}' GROUP BY place
              HAVING count(DISTINCT subject_id) <= 8
          )
        """
    )
    pairs = count(database, "at_home")
    people = database.execute(
        f"""SELECT count(DISTINCT subject_id) FROM "{RECORD.name}" WHERE dataset = '{NHS}'"""
    ).fetchall()[0][0]
    if not pairs:
        raise ModelError(
            "no two people of the register share a home, so relatives cannot be told from the same person"
        )
    database.execute(
        f"""CREATE TABLE at_home_sample AS SELECT * FROM at_home
        ORDER BY hash(join_key_l, join_key_r) LIMIT {MOST_RELATIVE_PAIRS}"""
    )
    linker = splink_model.linker(database, started)
    linker.table_management.register_blocked_pairs_for_predict(linker._db_api.register("at_home_sample"))
    scored = linker.inference.predict(threshold_match_weight=-10_000).physical_name
    shares: dict[tuple[str, int], float] = {}
    for comparison in started.comparisons:
        counts = dict(
            database.execute(
                f"""SELECT "gamma_{comparison.name}", count(*) FROM "{scored}"
                WHERE "gamma_{comparison.name}" >= 0 GROUP BY 1"""
            ).fetchall()
        )
        compared = [level for level in comparison.levels if not level.missing]
        total = sum(counts.values()) + 0.5 * len(compared)
        for level in compared:
            shares[comparison.name, level.number] = round((counts.get(level.number, 0) + 0.5) / total, 9)
    return 2 * pairs / people, shares


def _card(written: dict[str, Any], parameters: dict[str, Any]) -> str:
    """What the model is and what its numbers are, for people."""
    lines = [
        f"# {written['name']}",
        "",
        written.get("title", ""),
        "",
        f"Calibration: {parameters['calibrated_on']}.",
        "",
    ]
    for name, comparison in parameters["comparisons"].items():
        lines += [f"## {name}", "", "| level | m | u | relatives' u |", "|---|---|---|---|"]
        lines += [
            f"| {level} | {x['m']:.6f} | {x['u']:.8f} | {x['relative_u']:.6f} |"
            for level, x in comparison["levels"].items()
        ]
        lines.append("")
    return "\n".join(lines)
