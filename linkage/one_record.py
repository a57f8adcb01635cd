"""One person's values and the register rows that share a key with them → that person's decision, by the stages' own SQL.

The tables are those of the main job, with one council row and a few register rows in them. Nearly all the time of so
small a job goes into planning its statements, so they are prepared once, without the optimiser, and each look-up is a
transaction that is rolled back: the tables are empty again, and no plan is out of date.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from linkage import decide, shelf
from linkage.confidence import confidence
from linkage.database import open_small_database
from linkage.model import Model
from linkage.one_record_sql import ASKED, PARTS, make_tables, statements
from linkage.splink_model import frequency_columns
from linkage.standardise import reads

Reach = Callable[[Iterable[int]], dict[int, str]]
"""Entries → the register rows that have one of them: row_id → content."""
Share = Callable[[str, str], float]
"""Column and value → the share of people in the register with that value."""


@dataclass(frozen=True)
class Answer:
    """What the stages say of one record: why it may not be linked ("" if it may), its `decision_row` (empty where it has
    no candidate), and NHS Number and bits of its candidates, best first."""

    screened: str
    decision: tuple[Any, ...] = ()
    candidates: tuple[tuple[str, float], ...] = ()


class OneRecord:
    """The small database and its prepared statements; for one thread at a time."""

    def __init__(
        self, chosen: Model, people: int, objections: Sequence[tuple[str | None, str | None]]
    ) -> None:
        """`people` is the number of people in the register; `objections` are record ids and NHS Numbers."""
        self._model = chosen
        self._frequent = frequency_columns(chosen)
        self._fields = shelf.load_all("fields")
        self._database = open_small_database()
        lists = make_tables(self._database, chosen, objections)
        for name, statement in statements(self._database, chosen, people, lists).items():
            self._database.execute(f"PREPARE {name} AS {statement}")

    def close(self) -> None:
        """Let the memory go."""
        self._database.close()

    def match(self, received: dict[str, str | None], reach: Reach, share: Share) -> Answer:
        """The answer for the values `received`, one for every input of the shelf of fields."""
        self._database.execute("BEGIN")
        try:
            self._clean(received)
            [(reason, *values)] = self._run("ask")
            if reason:
                return Answer(reason)
            self._put_shares(values, share)
            self._find(reach)
            return self._decide()
        finally:
            self._database.execute("ROLLBACK")

    def _run(self, statement: str) -> list[tuple[Any, ...]]:
        return self._database.execute(f"EXECUTE {statement}").fetchall()

    def _send(self, part: str, content: str) -> None:
        self._database.execute("INSERT INTO sent VALUES (?, ?)", [part, content])

    def _clean(self, received: dict[str, str | None]) -> None:
        """Put the council row into `record`."""
        self._send("received", json.dumps(received))
        [worked_out] = self._run("work_out")
        known = received | dict(zip(self._worked_out(), worked_out, strict=True))
        cleaned: dict[str, Any] = {"record_id": received["record_id"] or "asked"}
        for field in self._fields.values():
            values = field.clean(*(known[name] for name in reads(field)))
            cleaned |= dict(zip(field.COLUMNS, values, strict=True))
        self._send("asked", json.dumps(cleaned, default=str))
        self._run("put_asked")

    def _worked_out(self) -> list[str]:
        return [name for field in self._fields.values() for name in getattr(field, "WORKED_OUT", {})]

    def _put_shares(self, values: Sequence[str | None], share: Share) -> None:
        """How common the council row's own values are."""
        shares = [
            None if value is None else share(name, value)
            for name, value in zip(self._frequent, values, strict=True)
        ]
        marks = ", ".join("?" * len(shares))
        self._database.execute(f"INSERT INTO own_shares VALUES ({marks})", shares)

    def _find(self, reach: Reach) -> None:
        """Fill `pair`: by the strict rules, and by the loose ones if those make nobody certain."""
        self._run("put_keyed")
        entries = self._run("list_entries")
        first_loose = len(self._model.blocking)
        strict = reach(entry for rule, entry in entries if rule < first_loose)
        self._compare(PARTS[0], list(strict.values()))
        if self._model.loose and not self._run("list_certain"):
            loose = reach(entry for rule, entry in entries if rule >= first_loose)
            self._compare(PARTS[1], [content for row, content in loose.items() if row not in strict])

    def _compare(self, part: str, contents: list[str]) -> None:
        self._send(part, f"[{','.join(contents)}]")
        for statement in ("put_known", "put_record", "score"):
            self._run(f"{statement}_{part}")

    def _decide(self) -> Answer:
        self._run("put_candidates")
        candidates = self._run("list_candidates")
        if not candidates:
            return Answer("")
        sure = confidence([weight for _, weight in candidates], self._model)
        self._database.execute("INSERT INTO decided VALUES (?, ?, ?, ?)", [ASKED, *sure])
        [proposal] = self._run("propose")
        return Answer(
            "",
            decide.decision(proposal, self._model),
            tuple((number, weight) for number, weight in candidates),
        )
