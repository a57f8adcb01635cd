"""A model → the small tables of a look-up, and the statements on them, made of the stages' own SQL.

They must do without the optimiser: nothing may be left for it to push down or to reorder.
"""

from collections.abc import Sequence

import duckdb

from linkage import decide, shelf
from linkage.block import entry_sql, keyed_sql, make_keyed
from linkage.compile import refusal, scored_at_once_sql, side_sql
from linkage.errors import ModelError
from linkage.model import Model, record_columns
from linkage.profile import inputs
from linkage.register_file import content_names, content_types, kept_columns
from linkage.score import certain_sql, lowest_useful_weight, pair_sql
from linkage.screen import one_record_sql
from linkage.splink_model import frequency_columns
from linkage.standardise import derived_sql, flags_sql, worked_out_sql
from linkage.tables import CANDIDATE, COUNCIL, PAIR, RECORD, SCREENED, create_sql

ASKED = -1
"""row_id and subject_id of the council row: before all of the register, as in the main job."""
PARTS = ("strict", "loose")
"""Register rows come in two parts: those that the strict blocking rules find, and those that only the loose ones do."""
MOST_CANDIDATES = 50


def make_tables(
    database: duckdb.DuckDBPyConnection, chosen: Model, objections: Sequence[tuple[str | None, str | None]]
) -> set[str]:
    """Make the tables, empty but for `objection`; return the blocking keys that are lists. ModelError where the model
    can only be scored by Splink."""
    types = RECORD.columns | record_columns()
    refused = refusal(chosen, set(types))
    if refused:
        raise ModelError(f"{chosen.name} cannot be used for look-ups: {refused}")
    columns = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
    database.execute(f'CREATE TABLE "{RECORD.name}" ({columns})')
    columns = ", ".join(f'"{name}" {kind}' for name, kind in content_types(chosen).items())
    database.execute(f"CREATE TABLE known (part VARCHAR, {columns})")
    shares = ", ".join(f'"tf_{name}" DOUBLE' for name in frequency_columns(chosen))
    database.execute(f"CREATE TABLE own_shares ({shares or 'none DOUBLE'})")
    database.execute("CREATE TABLE sent (part VARCHAR, content VARCHAR)")
    database.execute(create_sql(SCREENED))
    database.execute(decide.DECIDED)
    database.execute("CREATE TABLE objection (record_id VARCHAR, nhs_number VARCHAR)")
    if objections:
        database.executemany("INSERT INTO objection VALUES (?, ?)", objections)
    return make_keyed(database, _keys(chosen))


def statements(
    database: duckdb.DuckDBPyConnection, chosen: Model, people: int, lists: set[str]
) -> dict[str, str]:
    """Name → statement, for a register of `people` people."""
    pairs = _pairs(database, chosen, people)
    database.execute(f'CREATE TABLE "{PAIR.name}" AS {pairs[PARTS[0]]}')
    database.execute(f"CREATE VIEW best_pair AS {decide.best_pair_sql()}")
    candidates = decide.candidate_sql(people, chosen.share_in_register)
    database.execute(f'CREATE TABLE "{CANDIDATE.name}" AS {candidates}')
    homes = "SELECT DISTINCT place, residents FROM known WHERE place IS NOT NULL"
    proposal = decide.proposal_sql(database, chosen, homes)
    made = {
        "work_out": f"SELECT {worked_out_sql() or 'NULL'} FROM ({_sent('received', dict.fromkeys(inputs(), 'VARCHAR'))})",
        "put_asked": _put_asked(),
        "ask": _ask(chosen),
        "put_keyed": f"INSERT INTO keyed {keyed_sql(_keys(chosen), lists)}",
        "list_entries": " UNION ALL ".join(
            f"SELECT {number} AS rule, entry FROM ({entry_sql(number, keys, lists)})"
            for number, keys in enumerate(chosen.rules)
        ),
        "list_certain": certain_sql(people),
        "put_candidates": f'INSERT INTO "{CANDIDATE.name}" {candidates}',
        "list_candidates": f"""
            SELECT r.record_id, c.match_weight FROM "{CANDIDATE.name}" c JOIN "{RECORD.name}" r ON r.row_id = c.right_id
            WHERE c.rank <= {MOST_CANDIDATES} ORDER BY c.rank
        """,
        "propose": f"{decide.proposed_sql(chosen)} FROM ({proposal})",
    }
    for part in PARTS:
        made |= _put_known(chosen, part) | {f"score_{part}": f'INSERT INTO "{PAIR.name}" {pairs[part]}'}
    return made


def _pairs(database: duckdb.DuckDBPyConnection, chosen: Model, people: int) -> dict[str, str]:
    """Part → SELECT of `pair` for its register rows."""
    sides = side_sql(chosen)
    database.execute(
        f'CREATE VIEW asked AS SELECT row_id, {sides} FROM "{RECORD.name}", own_shares WHERE row_id = {ASKED}'
    )
    found = {}
    for part in PARTS:
        database.execute(
            f"CREATE VIEW known_{part} AS SELECT row_id, {sides} FROM known WHERE part = '{part}'"
        )
        compared = scored_at_once_sql(chosen, lowest_useful_weight(people), "asked", f"known_{part}")
        database.execute(f"CREATE VIEW compared_{part} AS {compared}")
        found[part] = pair_sql(chosen, f"compared_{part}", people)
    return found


def _keys(chosen: Model) -> list[str]:
    return sorted({key for keys in chosen.rules for key in keys})


def _sent(part: str, types: dict[str, str]) -> str:
    """SELECT of the columns in the JSON object that was sent as `part`."""
    described = ", ".join(f'"{name}": "{kind}"' for name, kind in types.items())
    columns = ", ".join(f'"row"."{name}" AS "{name}"' for name in types)
    return f"""
        SELECT {columns} FROM (SELECT from_json(content, '{{{described}}}') AS "row" FROM sent WHERE part = '{part}')
    """


def _put_asked() -> str:
    """INSERT of the council row, as `standardise` makes it."""
    cleaned = {
        name: kind for field in shelf.load_all("fields").values() for name, kind in field.COLUMNS.items()
    }
    columns = [f'"{name}"' for name in cleaned]
    return f"""
        INSERT INTO "{RECORD.name}" BY NAME
        SELECT *, {derived_sql()}
        FROM (
            SELECT {ASKED} AS row_id, '{COUNCIL}' AS dataset, {ASKED} AS subject_id, record_id, 1 AS row_number,
                {flags_sql(columns)} AS flags, {", ".join(columns)}
            FROM ({_sent("asked", {"record_id": "VARCHAR"} | cleaned)})
        )
    """


def _ask(chosen: Model) -> str:
    """SELECT of why the council row may not be linked, then of its values whose frequency counts."""
    values = ", ".join(f'"{name}"' for name in frequency_columns(chosen))
    return f'SELECT {one_record_sql()}, {values} FROM "{RECORD.name}"'


def _put_known(chosen: Model, part: str) -> dict[str, str]:
    """The statements that put a part of the register rows into the tables."""
    names, types = content_names(chosen), content_types(chosen)
    described = ", ".join(f'"{names[name]}": "{kind}"' for name, kind in types.items())
    columns = ", ".join(f'"row"."{names[name]}" AS "{name}"' for name in types)
    kept = ", ".join(f'"{name}"' for name in kept_columns(chosen))
    return {
        f"put_known_{part}": f"""
            INSERT INTO known BY NAME SELECT part, {columns}
            FROM (
                SELECT part, unnest(from_json(content, '[{{{described}}}]')) AS "row"
                FROM sent WHERE part = '{part}'
            )
        """,
        f"put_record_{part}": f"""
            INSERT INTO "{RECORD.name}" BY NAME SELECT {kept} FROM known WHERE part = '{part}'
        """,
    }
