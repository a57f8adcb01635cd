"""A condition in DuckDB's SQL → a Python function that gives its value for one pair of rows, as DuckDB would.

For one pair the engine takes far longer to start than to compare. What is read is what fields, guards and screening are
written in: comparisons, AND, OR, NOT, IS NULL, IN, CASE, CAST, functions of `expression_functions`, days added to a date.
Null is None, and a condition that is neither true nor false is None.
"""

import operator
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from linkage.errors import ModelError
from linkage.expression_functions import STRICT, greatest, least
from linkage.three_valued import Expression, Row, both, coalesce, constant, either, is_in, negated, strict

Resolve = Callable[[str], Expression]
"""The name of a column → how it is read."""

_TOKEN = re.compile(r"\s*(?:(\d+\.\d+|\d+)|'((?:[^']|'')*)'|([A-Za-z_]\w*)|(<>|!=|<=|>=|\|\||[-+=<>(),:]))")
_COMPARED = {
    "=": operator.eq, "<>": operator.ne, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_ADDED = {"+": operator.add, "-": operator.sub, "||": operator.add}
_CONSTANTS = {"TRUE": True, "FALSE": False, "NULL": None}
_CASTS: dict[str, Callable[[Any], Any]] = {"INTEGER": int, "VARCHAR": str, "DATE": date.fromisoformat}


def read(text: str, resolve: Resolve) -> Expression:
    """The function that `text` describes; ModelError names what in it is not understood."""
    parser = _Parser(text, resolve)
    found = parser.expression()
    parser.expect("")
    return found


def of_pair(name: str) -> Expression:
    """`<column>_l` is read from the left row of a pair, `<column>_r` from the right one."""
    column, side = name[:-2], name[-2:]
    if side == "_l":
        return lambda left, _: left[column]
    if side == "_r":
        return lambda _, right: right[column]
    raise ModelError(f"a condition reads {name}, which is neither _l nor _r")


def of_row(name: str) -> Expression:
    """Every column is read from the left row; the right one is not looked at."""
    return lambda left, _: left[name]


class _Parser:
    """By descent from what binds loosest; a token is a pair of its kind and its text."""

    def __init__(self, text: str, resolve: Resolve) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._resolve = resolve
        self._variables: dict[str, list[Any]] = {}

    def expression(self) -> Expression:
        found = self._conjunction()
        while self._accept("OR"):
            found = either(found, self._conjunction())
        return found

    def expect(self, word: str) -> None:
        if not self._accept(word):
            raise self._not_understood()

    def _accept(self, *words: str) -> bool:
        """Go past `words` if they come next."""
        coming = self._tokens[self._at : self._at + len(words)]
        if any(
            kind == "text" or said.upper() != word for (kind, said), word in zip(coming, words, strict=True)
        ):
            return False
        self._at += len(words)
        return True

    def _next(self) -> tuple[str, str]:
        self._at += 1
        return self._tokens[self._at - 1]

    def _not_understood(self) -> ModelError:
        return ModelError(f"a condition is not understood at {self._tokens[self._at][1] or 'its end'}")

    def _conjunction(self) -> Expression:
        found = self._negation()
        while self._accept("AND"):
            found = both(found, self._negation())
        return found

    def _negation(self) -> Expression:
        return negated(self._negation()) if self._accept("NOT") else self._comparison()

    def _comparison(self) -> Expression:
        found = self._sum()
        if self._accept("IS", "NOT", "NULL"):
            return lambda left, right: found(left, right) is not None
        if self._accept("IS", "NULL"):
            return lambda left, right: found(left, right) is None
        if self._accept("IN"):
            self.expect("(")
            return is_in(found, self._arguments())
        for sign, compare in _COMPARED.items():
            if self._accept(sign):
                return strict(compare, [found, self._sum()])
        return found

    def _sum(self) -> Expression:
        found = self._value()
        while True:
            for sign, add in _ADDED.items():
                if self._accept(sign):
                    found = strict(add, [found, self._value()])
                    break
            else:
                return found

    def _value(self) -> Expression:
        if self._accept("("):
            found = self.expression()
            self.expect(")")
            return found
        if self._accept("-"):
            return strict(operator.neg, [self._value()])
        kind, said = self._next()
        if kind == "text":
            return constant(said)
        if kind == "number":
            return constant(float(said) if "." in said else int(said))
        if kind != "name":
            self._at -= 1
            raise self._not_understood()
        return self._named(said)

    def _named(self, said: str) -> Expression:
        """A constant, a function or a column, by its first word."""
        word = said.upper()
        if word in _CONSTANTS:
            return constant(_CONSTANTS[word])
        if word == "CASE":
            return self._case()
        if word == "INTERVAL":
            days = int(self._next()[1])
            self.expect("DAY")
            return constant(timedelta(days))
        if self._accept("("):
            return self._called(said.lower())
        if said in self._variables:
            held = self._variables[said]
            return lambda _left, _right: held[0]
        return self._resolve(said)

    def _case(self) -> Expression:
        cases = []
        while self._accept("WHEN"):
            condition = self.expression()
            self.expect("THEN")
            cases.append((condition, self.expression()))
        otherwise = self.expression() if self._accept("ELSE") else constant(None)
        self.expect("END")

        def chosen(left: Row, right: Row) -> Any:
            for condition, value in cases:
                if condition(left, right):
                    return value(left, right)
            return otherwise(left, right)

        return chosen

    def _called(self, name: str) -> Expression:
        if name == "cast":
            value = self.expression()
            self.expect("AS")
            cast = _CASTS[self._next()[1].upper()]
            self.expect(")")
            return strict(cast, [value])
        if name == "list_filter":
            return self._filtered()
        arguments = self._arguments()
        if name == "coalesce":
            return coalesce(arguments)
        if name in ("greatest", "least"):
            choose = greatest if name == "greatest" else least
            return lambda left, right: choose([value(left, right) for value in arguments])
        if name not in STRICT:
            raise ModelError(f"a condition calls {name}, which look-ups do not know")
        return strict(STRICT[name], arguments)

    def _arguments(self) -> list[Expression]:
        found = [self.expression()]
        while self._accept(","):
            found.append(self.expression())
        self.expect(")")
        return found

    def _filtered(self) -> Expression:
        """list_filter(list, lambda name: condition); the parenthesis is open."""
        values = self.expression()
        self.expect(",")
        self.expect("LAMBDA")
        name = self._next()[1]
        self.expect(":")
        held = self._variables[name] = [None]
        condition = self.expression()
        del self._variables[name]
        self.expect(")")

        def kept(left: Row, right: Row) -> list[Any] | None:
            found = values(left, right)
            if found is None:
                return None
            some = []
            for held[0] in found:
                if condition(left, right):
                    some.append(held[0])
            return some

        return kept


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
    # Enough of them that looking ahead finds an end.
    return [*found, *[("end", "")] * 3]
