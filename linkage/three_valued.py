"""Parts of a condition → the condition, each a function of a pair of rows, in SQL's logic of true, false and null (None)."""

from collections.abc import Callable, Mapping
from typing import Any

Row = Mapping[str, Any]
Expression = Callable[[Row, Row], Any]
"""A value from the left and the right row of a pair."""


def constant(value: Any) -> Expression:
    """The same value for every pair."""
    return lambda _left, _right: value


def both(first: Expression, second: Expression) -> Expression:
    """AND: false where one is false, else null where one is null."""

    def found(left: Row, right: Row) -> Any:
        one = first(left, right)
        if one is False:
            return False
        other = second(left, right)
        return other if one or other is False else None

    return found


def either(first: Expression, second: Expression) -> Expression:
    """OR: true where one is true, else null where one is null."""

    def found(left: Row, right: Row) -> Any:
        one = first(left, right)
        if one:
            return True
        other = second(left, right)
        return other if one is False or other else None

    return found


def negated(condition: Expression) -> Expression:
    """NOT."""

    def found(left: Row, right: Row) -> Any:
        value = condition(left, right)
        return None if value is None else not value

    return found


def is_in(value: Expression, listed: list[Expression]) -> Expression:
    """IN: null where the value is null, or none of those listed is it and one of them is null."""

    def found(left: Row, right: Row) -> Any:
        sought = value(left, right)
        if sought is None:
            return None
        among = [each(left, right) for each in listed]
        return True if sought in among else None if None in among else False

    return found


def coalesce(arguments: list[Expression]) -> Expression:
    """The first value that is not null."""

    def found(left: Row, right: Row) -> Any:
        for argument in arguments:
            value = argument(left, right)
            if value is not None:
                return value
        return None

    return found


def strict(function: Callable[..., Any], arguments: list[Expression]) -> Expression:
    """A function that gives null where any argument is null."""
    if len(arguments) == 2:
        first, second = arguments

        def of_two(left: Row, right: Row) -> Any:
            one = first(left, right)
            if one is None:
                return None
            other = second(left, right)
            return None if other is None else function(one, other)

        return of_two

    def of_any(left: Row, right: Row) -> Any:
        values = [argument(left, right) for argument in arguments]
        return None if None in values else function(*values)

    return of_any
