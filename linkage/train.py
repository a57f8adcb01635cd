"""Council and register files → a model folder: u by sampling, m by expectation maximisation, relatives' u by counting.

Splink trains. u comes from random pairs; m from several EM runs, each among pairs that agree on other fields (Winkler
2000); the u of relatives and twins from pairs of register people who share a home.
"""

import json
import re
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from linkage import model, splink_model
from linkage.adapt import LARGEST_HOME, adapt_to_register, home_mates
from linkage.block import block
from linkage.database import count, count_subjects, open_database
from linkage.errors import ModelError, OutputError
from linkage.fields import Comparison
from linkage.model import Model
from linkage.pipeline import council, nhs, read_records
from linkage.score import score
from linkage.tables import NHS, RECORD

FLOOR = 1e-7
"""No level is rarer: half a pair of the `SAMPLED_PAIRS` that u is counted in."""
SAMPLED_PAIRS = 5e6
# A register has every number once, so neither chance nor kin can be counted in it: a council may hold another's.
HELD_NUMBER = {
    "same": {"m": 0.97, "u": 0.001, "relative_u": 0.01, "twin_u": 0.02},
    "differs": {"m": 0.03, "u": 0.999, "relative_u": 0.99, "twin_u": 0.98},
}
SEEN_PAIRS = 10.0
"""True pairs that the documented starting values count as."""
MOST_PAIRS_OF_KIN = 300_000


def train(council_file: Path, nhs_file: Path, out: Path, seed: int = 1) -> dict[str, Any]:
    """Estimate every number of the model in `out` (its model.toml, or the default's) and write its files.

    The model is called as its folder.

    OutputError where `out` holds files but no model, or cannot be written; nothing is written before the end.
    """
    own = out / "model.toml"
    if out.exists() and not own.is_file() and (not out.is_dir() or any(out.iterdir())):
        raise OutputError(f"{out} is no model folder: name one, an empty one, or one that does not exist yet")
    text = (own if own.is_file() else model.find("default") / "model.toml").read_text(encoding="utf-8")
    text = named(text, out.resolve().name)
    written = tomllib.loads(text)
    with open_database(out.resolve().parent) as database:
        read_records(database, [council(council_file), nhs(nhs_file)])
        parameters = estimate(database, written, seed)
    model.build(written, parameters)
    numbers = json.dumps(parameters, indent=1) + "\n"
    _write(out, {"model.toml": text, "parameters.json": numbers, "card.md": _card(written, parameters)})
    return parameters


def named(text: str, name: str) -> str:
    """The text of a model.toml with another name in it."""
    return re.sub(r"(?m)^name = .*$", lambda _: f"name = {json.dumps(name)}", text, count=1)


def _write(out: Path, files: dict[str, str]) -> None:
    """Write the files into a folder beside `out`, then move them in; figures of the former numbers go."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{out.name}-", dir=out.resolve().parent) as fresh:
            for name, text in files.items():
                (Path(fresh) / name).write_text(text, encoding="utf-8", newline="\n")
            for name in files:
                (Path(fresh) / name).replace(out / name)
        (out / "figures.json").unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror}") from error


def estimate(database: duckdb.DuckDBPyConnection, written: dict[str, Any], seed: int) -> dict[str, Any]:
    """The numbers of every level of the model `written` in its model.toml, from the `record` table."""
    parameters = _starting_parameters(written["fields"])
    started = model.build(written, parameters)
    _strangers(database, started, parameters["comparisons"], seed)
    parameters["relatives"], parameters["twins"] = _kin(database, started, parameters["comparisons"])
    if "nhs_number" in parameters["comparisons"]:
        parameters["comparisons"]["nhs_number"]["levels"] = HELD_NUMBER
    counted = model.build(written, parameters)
    people = count_subjects(database, NHS)
    block(database, counted.rules)
    score(database, counted, people)
    adapted = adapt_to_register(database, counted, people, SEEN_PAIRS)
    parameters["share_in_register"] = adapted.share_in_register
    for comparison in adapted.comparisons:
        numbers = parameters["comparisons"][comparison.name]["levels"]
        for level in comparison.levels:
            if not level.missing:
                numbers[level.name] = numbers[level.name] | {"m": _kept(level.m)}
    for level in parameters["comparisons"].get("date_of_birth", {"levels": {}})["levels"].values():
        # Twins were born on one day, so their birth dates agree and are mistaken as one person's do.
        level["twin_u"] = level["m"]
    return parameters


def _strangers(
    database: duckdb.DuckDBPyConnection, started: Model, numbers: dict[str, Any], seed: int
) -> None:
    """Fill `u` of every level from random pairs of rows."""
    splink_model.count_frequencies(database, started)
    linker = splink_model.linker(database, started)
    linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=seed)
    for comparison in linker._settings_obj.comparisons:
        compared = [level for level in comparison.comparison_levels if not level.is_null_level]
        # Splink says in words that no pair of the sample was at a level.
        seen = {
            level.label_for_charts: float(level.u_probability)
            for level in compared
            if isinstance(level.u_probability, int | float)
        }
        if seen:
            levels = numbers[comparison.output_column_name]["levels"]
            for level in compared:
                levels[level.label_for_charts]["u"] = _kept(seen.get(level.label_for_charts, FLOOR))


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
        "twins": 0.01,
        "calibration": [],
        "calibrated_on": "not calibrated: the confidence is the model's own posterior",
        "comparisons": comparisons,
    }


def _starting_levels(comparison: Comparison) -> dict[str, dict[str, float]]:
    compared = [level for level in comparison.levels if not level.missing]
    total = sum(max(level.m, 0.001) for level in compared)
    chances = [0.01] * (len(compared) - 1) + [1 - 0.01 * (len(compared) - 1)]
    return {
        level.name: {
            "m": max(level.m, 0.001) / total,
            "u": chance,
            "relative_u": chance,
            "twin_u": chance,
        }
        for level, chance in zip(compared, chances, strict=True)
    }


def _kept(found: float) -> float:
    """A trained number within bounds: no level is impossible or certain."""
    return round(min(1 - FLOOR, max(FLOOR, found)), 9)


def _kin(database: duckdb.DuckDBPyConnection, started: Model, numbers: dict[str, Any]) -> tuple[float, float]:
    """Fill `relative_u` and `twin_u` of every level; return relatives and twins per person of the register.

    Kin are two people of the register who share a home or shared one, and so are known to be different people. A register
    has no initials and slips of the kind that councils have: at levels that it never shows, kin are as alike as strangers.
    """
    _people_of_one_home(database)
    for chance, condition in (("relative_u", "NOT born_together"), ("twin_u", "born_together")):
        database.execute(
            f"""
            CREATE OR REPLACE TABLE kin AS SELECT match_key, join_key_l, join_key_r FROM at_home WHERE {condition}
            ORDER BY hash(join_key_l, join_key_r) LIMIT {MOST_PAIRS_OF_KIN}
            """
        )
        counted = splink_model.count_levels(database, started, "kin")
        for comparison in started.comparisons:
            found = counted[comparison.name]
            compared = [level for level in comparison.levels if not level.missing]
            for level in compared:
                own = numbers[comparison.name]["levels"][level.name]
                # One pair of strangers is added, so that nothing is impossible because it was not seen.
                share = (found.get(level.number, 0) + own["u"]) / (sum(found.values()) + 1)
                born = comparison.name == "date_of_birth"
                own[chance] = _kept(share if born or level.number in found else own["u"])
    together = count(database, "at_home", "born_together") / max(count(database, "at_home"), 1)
    mates = home_mates(database)
    return round(mates * (1 - together), 5), round(mates * together, 5)


def _people_of_one_home(database: duckdb.DuckDBPyConnection) -> None:
    """Make `at_home`: pairs of register rows of two people with a home in common."""
    database.execute(
        f"""
        CREATE TABLE at_home AS
        WITH lived AS (
            SELECT DISTINCT row_id, subject_id, date_of_birth_text AS born, unnest(places) AS home
            FROM "{RECORD.name}" WHERE dataset = '{NHS}'
        ),
        small AS (SELECT home FROM lived GROUP BY home HAVING count(DISTINCT subject_id) BETWEEN 2 AND {LARGEST_HOME})
        SELECT DISTINCT '0' AS match_key, l.row_id AS join_key_l, r.row_id AS join_key_r,
            coalesce(l.born = r.born, false) AS born_together
        FROM lived l JOIN small USING (home) JOIN lived r USING (home)
        WHERE l.row_id < r.row_id AND l.subject_id <> r.subject_id
        """
    )
    if not count(database, "at_home"):
        raise ModelError(
            "no two people of the register share a home, so relatives cannot be told from the same person"
        )


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
        lines += [f"## {name}", "", "| level | m | u | relatives' u | twins' u |", "|---|---|---|---|---|"]
        lines += [
            f"| {level} | {x['m']:.6f} | {x['u']:.8f} | {x['relative_u']:.6f} | {x['twin_u']:.6f} |"
            for level, x in comparison["levels"].items()
        ]
        lines.append("")
    return "\n".join(lines)
