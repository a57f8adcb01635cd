"""One person's values and the register rows that share a blocking key with them → the same decision as in a run.

The fields clean the values. The conditions of levels, guards and screening are evaluated in Python (`expression.py`) for the few
rows found, because starting DuckDB's statements would take several times as long as running them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from linkage import decide, screen, shelf
from linkage.cleaning import reads
from linkage.errors import ModelError
from linkage.lookup import expression
from linkage.lookup.entries import entries_of, number_of
from linkage.lookup.expression import Row
from linkage.lookup.one_pair import Pair, Scorer, rounded
from linkage.model import Model, prior_bits
from linkage.model_folder import record_columns
from linkage.objections import OBJECTED
from linkage.score import is_certain, lowest_useful_weight
from linkage.scoring.compile import refusal
from linkage.scoring.confidence import confidence
from linkage.scoring.frequencies import frequency_columns
from linkage.tables import COUNCIL, RECORD

BY_NUMBER = "nhs_numbers"
ASKED = -1
"""row_id of the record that is looked up: smaller than those of the register, as a council's are in a run."""


class Store(Protocol):
    """What is asked of a prepared register."""

    def find(self, entries: Iterable[tuple[int, int]]) -> set[int]:
        """The row_ids of the rows that have any of the `entries`: (number of a rule, entry)."""

    def row(self, row_id: int) -> Row:
        """The values kept of a register row (see `register_file.content_types`)."""

    def bits(self, column: str, value: str) -> float:
        """Log2 of the share of the register's people who have `value` in `column`."""

    def bearers(self, forename: str) -> int:
        """How many rows of the register have the forename."""


@dataclass(frozen=True)
class Answer:
    """What was found about one record.

    `screened`: why it may not be linked, "" if it may. `decision`: the result of `decide.decision`, empty where there is no
    candidate; then `nobody` says why. `candidates`: register row and weight in bits (prior included), best first. `unread`:
    fields with a value that cannot be used. `impossible`: fields with a day that does not exist, whose digits are compared.
    """

    screened: str
    decision: tuple[Any, ...] = ()
    candidates: tuple[tuple[Row, float], ...] = ()
    nobody: str = ""
    unread: tuple[str, ...] = ()
    impossible: tuple[str, ...] = ()


class OneRecord:
    """The model as functions of one record and a prepared register."""

    def __init__(self, model: Model, people: int, objects: Callable[[Row], bool] = lambda _: False) -> None:
        """`people` is the number of people in the register; `objects` says whether an objection reaches a cleaned row.

        ModelError where look-ups cannot use the model.
        """
        refused = refusal(model, set(RECORD.columns | record_columns()))
        if refused:
            raise ModelError(f"{model.name} cannot be used for look-ups: {refused}")
        self._model = model
        self._people = people
        self._prior = prior_bits(model.share_in_register, people)
        self._scorer = Scorer(model, people, lowest_useful_weight(people))
        self._fields = shelf.load_all("fields")
        self._worked_out = _expressions("WORKED_OUT", lambda told: told)
        self._derived = _expressions("DERIVED", lambda told: told[1])
        self._guards = {
            name: expression.holds(guard.CONDITION, expression.of_row)
            for name, guard in shelf.load_all("guards").items()
        }
        self._screens = {
            reason: expression.holds(condition, expression.of_row)
            for reason, condition in (screen.MARKED | {screen.NOTHING_TO_LINK: screen.NOTHING}).items()
        }
        self._objects = objects
        self._frequent = frequency_columns(model)
        self._keys = sorted({key for keys in model.rules for key in keys})

    def match(self, received: dict[str, str | None], store: Store) -> Answer:
        """The answer for `received`, which has every input of all fields (None where there is no value)."""
        asked = self._cleaned(received)
        doubtful = [name for name in sorted(asked) if asked.get(f"{name}_received") and asked[name] is None]
        # A day that does not exist keeps its digits, since they are probably one slip from the right ones.
        impossible = tuple(name for name in doubtful if asked.get(f"{name}_text"))
        unread = tuple(name for name in doubtful if name not in impossible)
        return replace(self._answer(asked, store), unread=unread, impossible=impossible)

    def _answer(self, asked: dict[str, Any], store: Store) -> Answer:
        """The answer for a cleaned row, without `unread` and `impossible`."""
        if reason := self._screened(asked):
            return Answer(reason)
        for name in self._frequent:
            value = asked[name]
            asked[f"bits_{name}"] = None if value is None else store.bits(name, value)
        pairs = self._find(asked, store)
        if not pairs:
            return Answer(
                "", nobody=decide.SOMEBODY_ELSE_S if self._holds_a_number(asked, store) else decide.NOBODY
            )
        weights = [rounded(pair.evidence + self._prior) for pair in pairs]
        bearers = store.bearers(asked["forename"]) if asked["forename"] else 0
        told = zip(pairs[: decide.MOST_CANDIDATES], weights, strict=False)
        return Answer(
            "",
            self._decide(asked, pairs[0], weights, bearers),
            tuple((pair.row, weight) for pair, weight in told),
        )

    def _cleaned(self, received: dict[str, str | None]) -> dict[str, Any]:
        """The row of `record` that `standardise` would make of these values in a council's file."""
        known = dict(received)
        for name, worked_out in self._worked_out.items():
            known[name] = worked_out(received, {})
        asked: dict[str, Any] = {"record_id": received["record_id"] or "asked", "dataset": COUNCIL}
        for field in self._fields.values():
            values = field.clean(*(known[name] for name in reads(field)))
            asked |= dict(zip(field.COLUMNS, values, strict=True))
        asked["flags"] = [
            flag for name, value in asked.items() if name.endswith("_flags") for flag in value or ()
        ]
        for name, derived in self._derived.items():
            asked[name] = derived(asked, {})
        return asked

    def _screened(self, asked: Row) -> str:
        if self._objects(asked):
            return OBJECTED
        return next((reason for reason, holds in self._screens.items() if holds(asked, {})), "")

    def _find(self, asked: Row, store: Store) -> list[Pair]:
        """The best pair with each candidate, best first: found by the strict rules, and also by the loose ones if no candidate is
        certain by then."""
        numbers = {name: [number_of(name, value) for value in _values(asked[name])] for name in self._keys}
        first_loose = len(self._model.blocking)
        strict = store.find(self._entries(range(first_loose), numbers))
        pairs = self._compared(asked, strict, store)
        best = _best(pairs)
        if self._model.loose and not is_certain([pair.evidence for pair in best], self._people):
            loose = store.find(self._entries(range(first_loose, len(self._model.rules)), numbers))
            best = _best([*pairs, *self._compared(asked, loose - strict, store)])
        return best

    def _holds_a_number(self, asked: Row, store: Store) -> bool:
        """Whether the register has the NHS Number that the record holds."""
        numbers = {BY_NUMBER: [number_of(BY_NUMBER, value) for value in asked[BY_NUMBER]]}
        rules = [rule for rule, keys in enumerate(self._model.blocking) if keys == (BY_NUMBER,)]
        found = store.find(self._entries(rules, numbers))
        return any(asked["nhs_number"] in store.row(row_id)["nhs_numbers"] for row_id in found)

    def _entries(
        self, rules: Iterable[int], numbers: Mapping[str, Sequence[int]]
    ) -> Iterator[tuple[int, int]]:
        for rule in rules:
            for entry in entries_of(rule, self._model.rules[rule], numbers):
                yield rule, entry

    def _compared(self, asked: Row, row_ids: set[int], store: Store) -> list[Pair]:
        pairs = [self._scorer.compare(asked, store.row(row_id)) for row_id in row_ids]
        return [pair for pair in pairs if pair]

    def _decide(self, asked: Row, pair: Pair, weights: Sequence[float], bearers: int) -> tuple[Any, ...]:
        """The result of `decide.decision` for the best pair. `weights` are those of all candidates, best first; `bearers`
        is how many register rows have the forename."""
        sure, best_three, margin = confidence(weights[: decide.MOST_CANDIDATES], self._model)
        proposed = {
            "match_weight": weights[0],
            "margin": margin,
            "confidence": sure,
            "best_three": best_three,
            "residents": pair.row["residents"],
            "rows_disagree": False,
            "confused": pair.row["confused"],
            "held_numbers": asked["nhs_numbers"],
            "last_service_start": asked["service_start"],
            "middle_names_shared": pair.row["middle_names_shared"],
            "own_contacts": pair.row["own_contacts"],
            "in_register": self._model.share_in_register,
            "first_date_of_death": pair.row["first_date_of_death"],
            "forename_bearers": bearers,
            "shows_relatives": self._model.shows_relatives,
        }
        proposed |= {f"{name}_l": value for name, value in asked.items()}
        proposed |= {f"{name}_r": value for name, value in pair.row.items()}
        for compared, level, weight in zip(self._model.comparisons, pair.levels, pair.weights, strict=True):
            proposed |= {f"level_{compared.name}": level, f"weight_{compared.name}": weight}
        guards = [name for name, fires in self._guards.items() if fires(proposed, {})]
        row = (ASKED, pair.row["record_id"], weights[0], margin, len(weights), sure, best_three, guards)
        return decide.decision((*row, ASKED, pair.row["row_id"], *pair.levels), self._model)


def _best(pairs: list[Pair]) -> list[Pair]:
    """The best pair with each person of the register, best first."""
    found: dict[int, Pair] = {}
    for pair in sorted(pairs, key=lambda pair: (-pair.evidence, pair.row["row_id"])):
        found.setdefault(pair.row["subject_id"], pair)
    return sorted(found.values(), key=lambda pair: (-pair.evidence, pair.row["subject_id"]))


def _values(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _expressions(name: str, text: Callable[[Any], str]) -> dict[str, Callable[[Row, Row], Any]]:
    """Column → function of one row, for the SQL expressions that fields have under `name` ("WORKED_OUT" or "DERIVED")."""
    return {
        column: expression.value(text(told), expression.of_row)
        for field in shelf.load_all("fields").values()
        for column, told in getattr(field, name, {}).items()
    }
