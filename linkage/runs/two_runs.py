"""Two runs' folders → every council record as it was in each, also where it has another id now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from linkage.database import insert_rows, open_database
from linkage.reading.lists import read_rows
from linkage.runs.run_folder import table_of
from linkage.tables import ACCEPT, COUNCIL, NHS

Ids = tuple[str | None, str | None]
"""A record's id in the first run and in the second; None where it was not there."""
READ = {
    "links": ("record_id", "band", "nhs_number", "confidence", "person_id"),
    "records": ("dataset", "record_id", "fingerprint"),
}
"""Parquet file of a run → the columns that are read of it."""


@dataclass(frozen=True)
class State:
    """A council record in one run. `values` and `number_values` are the fingerprints of its and its number's values,
    the latter for the numbers of both runs; `decisions` are those about it and what became of them."""

    band: str
    number: str | None
    confidence: float
    person_id: str | None
    values: str | None
    number_values: tuple[str | None, ...] = ()
    decisions: frozenset[tuple[str, str]] = frozenset()

    @property
    def linked(self) -> str | None:
        """The accepted NHS Number."""
        return self.number if self.band == ACCEPT else None


Pairs = dict[Ids, tuple[State | None, State | None]]


def read_pairs(before: Path, after: Path) -> Pairs:
    """Every council record of either run: its ids, and its state in each run."""
    decided = [_decisions(folder) for folder in (before, after)]
    pairs: Pairs = {}
    for *ids, row in _rows(before, after):
        states: list[State | None] = []
        for place, record_id in enumerate(ids):
            band, number, confidence, person, values, *numbers = row[7 * place : 7 * place + 7]
            about = frozenset(decided[place].get(record_id, ()))
            known = State(band, number, confidence, person, values, tuple(numbers), about)
            states.append(known if record_id is not None else None)
        pairs[ids[0], ids[1]] = (states[0], states[1])
    return pairs


def same_records(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Record id after → before, from record id → fingerprint: by both, by the fingerprint if only one record went and
    one came with it, else by the id."""
    found = {record: record for record, values in after.items() if before.get(record) == values}
    gone, come = _by_values(before, found.values()), _by_values(after, found)
    for values, records in come.items():
        if len(records) == len(gone.get(values, [])) == 1:
            found[records[0]] = gone[values][0]
    taken = set(found.values())
    return found | {
        record: record for record in after if record not in found and record in before and record not in taken
    }


def _by_values(records: Mapping[str, str], but: Iterable[str]) -> dict[str, list[str]]:
    left_out = set(but)
    found: dict[str, list[str]] = {}
    for record, values in records.items():
        if record not in left_out:
            found.setdefault(values, []).append(record)
    return found


def _decisions(folder: Path) -> dict[str, set[tuple[str, str]]]:
    """Council record → the decisions about it, each with what became of it."""
    about: dict[str, set[tuple[str, str]]] = {}
    for row in read_rows(folder / "decisions.csv") if (folder / "decisions.csv").is_file() else []:
        for side in ("left", "right"):
            if row[f"{side}_dataset"] == COUNCIL:
                about.setdefault(row[f"{side}_record"], set()).add((row["number"], row["state"]))
    return about


def _rows(before: Path, after: Path) -> list[tuple[Any, ...]]:
    """Per council record its id in each run, and a tuple of band, NHS Number, confidence, person, fingerprint and the
    fingerprints of both runs' numbers, for each run."""
    with open_database() as database:
        for place, run in enumerate((before, after)):
            for name, columns in READ.items():
                database.register(f"{name}_{place}", table_of(run, f"{name}.parquet", columns))
        database.execute("CREATE TABLE same (new VARCHAR, old VARCHAR)")
        insert_rows(
            database, "same", sorted(same_records(*(_council(database, place) for place in (0, 1))).items())
        )
        columns, joins = zip(*(_side(place) for place in (0, 1)), strict=True)
        found = database.execute(
            f"""
            SELECT l0.record_id, l1.record_id, {", ".join(columns)}
            FROM links_0 l0
            FULL JOIN (SELECT l.*, same.old FROM links_1 l LEFT JOIN same ON same.new = l.record_id) l1
              ON l1.old = l0.record_id
            {" ".join(joins)}
            ORDER BY coalesce(l1.record_id, l0.record_id), l0.record_id
            """
        ).fetchall()
    return [(*row[:2], row[2:]) for row in found]


def _council(database: duckdb.DuckDBPyConnection, place: int) -> dict[str, str]:
    return dict(
        database.execute(
            f"""SELECT record_id, fingerprint FROM records_{place} WHERE dataset = '{COUNCIL}' ORDER BY record_id"""
        ).fetchall()
    )


def _side(place: int) -> tuple[str, str]:
    """Columns and joins for one run's side of `_rows`."""
    columns = f"""l{place}.band, l{place}.nhs_number, l{place}.confidence, l{place}.person_id, c{place}.fingerprint,
        n{place}0.fingerprint, n{place}1.fingerprint"""
    joins = f"""LEFT JOIN records_{place} c{place}
        ON c{place}.dataset = '{COUNCIL}' AND c{place}.record_id = l{place}.record_id"""
    for other in (0, 1):
        joins += f""" LEFT JOIN records_{place} n{place}{other}
            ON n{place}{other}.dataset = '{NHS}' AND n{place}{other}.record_id = l{other}.nhs_number"""
    return columns, joins
