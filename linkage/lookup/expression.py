"""A condition in DuckDB's SQL → a Python function that gives for one pair of rows what DuckDB would.

For a few pairs, starting DuckDB takes far longer than comparing. The parser knows the SQL that fields, guards and screening are
written in: comparisons, AND, OR, NOT, IS NULL, IN, CASE, CAST, the functions of `expression_functions`, and days added to a date.
Each condition becomes Python source, which is compiled; conditions are part of the program and never come from data.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from linkage.errors import ModelError
from linkage.lookup.expression_functions import STRICT, filtered, greatest, least
from linkage.lookup.python_source import Parts, Source, both, either, is_in, is_null, negated, scalar

Row = Mapping[str, Any]
Resolve = Callable[[str], str]
"""The name of a column in a condition → the Python source that reads it from the rows l and r."""

_TOKEN = re.compile(r"\s*(?:(\d+\.\d+|\d+)|'((?:[^']|'')*)'|([A-Za-z_]\w*)|(<>|!=|<=|>=|\|\||[-+=<>(),:]))")
_COMPARED = {
    "=": ("==", "!="), "<>": ("!=", "=="), "!=": ("!=", "=="),
    "<": ("<", ">="), "<=": ("<=", ">"), ">": (">", "<="), ">=": (">=", "<"),
}  # fmt: skip
_COMBINED = {"+": "+", "-": "-", "||": "+"}
_CONSTANTS = {"TRUE": "True", "FALSE": "False", "NULL": "None"}
_CASTS = {"INTEGER": "int", "VARCHAR": "str", "DATE": "date.fromisoformat"}
_KNOWN = STRICT | {
    "date": date, "timedelta": timedelta, "filtered": filtered, "greatest": greatest, "least": least,
    "int": int, "str": str,
}  # fmt: skip


def value(text: str, resolve: Resolve) -> Callable[[Row, Row], Any]:
    """A function that gives the value of the expression `text` for a pair of rows; ModelError where `text` is not understood."""
    return _compiled(_read(text, resolve).value)


def holds(text: str, resolve: Resolve) -> Callable[[Row, Row], bool]:
    """A function that says whether the condition `text` is true (not false, not NULL) of a pair of rows."""
    return _compiled(_read(text, resolve).true)


def first_that_holds(texts: Sequence[str], resolve: Resolve) -> Callable[[Row, Row], int]:
    """A function that gives the index of the first condition that is true of a pair of rows, or their number if none is."""
    cases = [f"{place} if {_read(text, resolve).true}" for place, text in enumerate(texts)]
    return _compiled(" else ".join([*cases, str(len(cases))]))


def of_pair(name: str) -> str:
    """A `Resolve` that reads `<column>_l` from the left row of a pair and `<column>_r` from the right one."""
    column, side = name[:-2], name[-2:]
    if side not in ("_l", "_r"):
        raise ModelError(f"a condition reads {name}, which is neither _l nor _r")
    return f"{side[1]}['{column}']"


def of_row(name: str) -> str:
    """A `Resolve` that reads every column from the left row."""
    return f"l['{name}']"


def _compiled(source: str) -> Callable[[Row, Row], Any]:
    made: Callable[[Row, Row], Any] = eval(f"lambda l, r: {source}", dict(_KNOWN))
    return made


def _read(text: str, resolve: Resolve) -> Source:
    parser = _Parser(text, resolve)
    found = parser.expression()
    parser.expect("")
    return found


class _Parser:
    """A recursive descent parser, from the operator that binds loosest. A token is (kind, text)."""

    def __init__(self, text: str, resolve: Resolve) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._resolve = resolve
        self._variables: list[str] = []
        self._parts = Parts()

    def expression(self) -> Source:
        found = self._conjunction()
        while self._accept("OR"):
            found = either(found, self._conjunction())
        return found

    def expect(self, word: str) -> None:
        if not self._accept(word):
            raise self._not_understood()

    def _accept(self, *words: str) -> bool:
        """Whether `words` come next; if so, go past them."""
        coming = self._tokens[self._at : self._at + len(words)]
        if any(
            kind == "text" or said.upper() != word for (kind, said), word in zip(coming, words, strict=True)
        ):
            return False
        self._at += len(words)
        return True

    def _next(self, kind: str) -> str:
        if self._tokens[self._at][0] != kind:
            raise self._not_understood()
        self._at += 1
        return self._tokens[self._at - 1][1]

    def _not_understood(self) -> ModelError:
        return ModelError(f"a condition is not understood at {self._tokens[self._at][1] or 'its end'}")

    def _conjunction(self) -> Source:
        found = self._negation()
        while self._accept("AND"):
            found = both(found, self._negation())
        return found

    def _negation(self) -> Source:
        return negated(self._negation()) if self._accept("NOT") else self._comparison()

    def _comparison(self) -> Source:
        found = self._sum()
        if self._accept("IS", "NOT", "NULL"):
            return negated(is_null(found))
        if self._accept("IS", "NULL"):
            return is_null(found)
        if self._accept("IN"):
            self.expect("(")
            return is_in(found, self._arguments())
        for sign, (python, opposite) in _COMPARED.items():
            if self._accept(sign):
                return self._parts.compared(python, opposite, found, self._sum())
        return found

    def _sum(self) -> Source:
        found = self._value()
        while sign := next((python for sign, python in _COMBINED.items() if self._accept(sign)), ""):
            found = self._parts.combined(sign, found, self._value())
        return found

    def _value(self) -> Source:
        if self._accept("("):
            found = self.expression()
            self.expect(")")
            return found
        if self._accept("-"):
            return scalar(f"-{self._next('number')}")
        kind = self._tokens[self._at][0]
        if kind == "text":
            return scalar(repr(self._next(kind)))
        return scalar(self._next(kind)) if kind == "number" else self._named(self._next("name"))

    def _named(self, said: str) -> Source:
        """A constant, a function or a column, by its first word."""
        word = said.upper()
        if word in _CONSTANTS:
            return scalar(_CONSTANTS[word])
        if word == "CASE":
            return self._case()
        if word == "INTERVAL":
            days = int(self._next("number"))
            self.expect("DAY")
            return scalar(f"timedelta({days})")
        if self._accept("("):
            return self._called(said.lower())
        return scalar(said if said in self._variables else self._resolve(said))

    def _case(self) -> Source:
        cases = []
        while self._accept("WHEN"):
            condition = self.expression()
            self.expect("THEN")
            cases.append(f"{self.expression().value} if {condition.true}")
        otherwise = self.expression().value if self._accept("ELSE") else "None"
        self.expect("END")
        return scalar(f"({' else '.join([*cases, otherwise])})")

    def _called(self, name: str) -> Source:
        """A function; its parenthesis is open."""
        if name == "cast":
            told = self.expression()
            self.expect("AS")
            cast = _CASTS[self._next("name").upper()]
            self.expect(")")
            return self._parts.called(cast, [told])
        if name == "list_filter":
            return self._filtered()
        arguments = self._arguments()
        if name == "coalesce":
            return self._parts.coalesced(arguments)
        if name in ("greatest", "least"):
            return scalar(f"{name}([{', '.join(each.value for each in arguments)}])")
        if name not in STRICT:
            raise ModelError(f"a condition calls {name}, which look-ups do not know")
        return self._parts.called(name, arguments)

    def _arguments(self) -> list[Source]:
        found = [self.expression()]
        while self._accept(","):
            found.append(self.expression())
        self.expect(")")
        return found

    def _filtered(self) -> Source:
        """list_filter(list, lambda name: condition)."""
        values = self.expression().value
        self.expect(",")
        self.expect("LAMBDA")
        name = self._next("name")
        self.expect(":")
        self._variables.append(name)
        condition = self.expression()
        self._variables.pop()
        self.expect(")")
        return scalar(f"filtered({values}, lambda {name}: {condition.true})")


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at, kept = [], 0, text.rstrip()
    while at < len(kept):
        token = _TOKEN.match(kept, at)
        if token is None:
            raise ModelError(f"a condition is not understood at {kept[at : at + 20]}")
        number, quoted, name, sign = token.groups()
        if quoted is not None:
            found.append(("text", quoted.replace("''", "'")))
        else:
            found.append(("number", number) if number else ("name", name) if name else ("sign", sign))
        at = token.end()
    # As many ends as `_accept` may look ahead.
    return [*found, *[("end", "")] * 3]
