"""Python source for the parts of an SQL condition, with SQL's three-valued logic: NULL is None."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_SIMPLE = re.compile(r"[lr]\['\w+'\]|[a-z_]\w*")
_CONSTANT = re.compile(r"'.*'|-?[0-9.]+|True|False|timedelta\([0-9]+\)")


class Source(NamedTuple):
    """Three Python expressions for one SQL expression: its value, whether it is true, and whether it is false."""

    value: str
    true: str
    false: str


def scalar(value: str) -> Source:
    """The `Source` of a Python expression whose value may be a truth value."""
    return Source(value, f"({value} is True)", f"({value} is False)")


def condition(true: str, false: str) -> Source:
    """The `Source` of a truth value, from the expressions that say whether it is true and whether it is false; else it is
    NULL."""
    return Source(f"(True if {true} else False if {false} else None)", true, false)


def both(one: Source, other: Source) -> Source:
    """AND."""
    return condition(f"({one.true} and {other.true})", f"({one.false} or {other.false})")


def either(one: Source, other: Source) -> Source:
    """OR."""
    return condition(f"({one.true} or {other.true})", f"({one.false} and {other.false})")


def negated(one: Source) -> Source:
    """NOT."""
    return condition(one.false, one.true)


def is_null(one: Source) -> Source:
    """IS NULL."""
    return condition(f"({one.value} is None)", f"({one.value} is not None)")


def is_in(one: Source, listed: Sequence[Source]) -> Source:
    """IN: NULL where the value is NULL, or where it is not among those listed and one of them is NULL."""
    among = f"({', '.join(each.value for each in listed)},)"
    return condition(
        f"(None is not {one.value} in {among})",
        f"(None is not {one.value} not in {among} and None not in {among})",
    )


class Parts:
    """Makes the parts that read a value more than once. It is kept under a name of its own, so that it is worked out once."""

    def __init__(self) -> None:
        self._kept = 0

    def called(self, function: str, arguments: Sequence[Source]) -> Source:
        """A function that is NULL where an argument is."""
        nulls, kept = self._checked(arguments, "is None")
        call = f"{function}({', '.join(kept)})"
        return scalar(f"(None if {' or '.join(nulls)} else {call})" if nulls else call)

    def combined(self, sign: str, one: Source, other: Source) -> Source:
        """An operator that gives a value."""
        nulls, (first, second) = self._checked((one, other), "is None")
        return scalar(f"(None if {' or '.join(nulls)} else {first} {sign} {second})")

    def compared(self, sign: str, opposite: str, one: Source, other: Source) -> Source:
        """A comparison and its opposite, in Python's signs."""
        if sign == "==" and not _CONSTANT.fullmatch(other.value):
            # Chained comparisons work out each side once: a == b is not None means a == b and b is not None.
            return condition(
                f"({one.value} == {other.value} is not None)",
                f"(None is not {one.value} != {other.value} is not None)",
            )
        known, (first, second) = self._checked((one, other), "is not None")
        return condition(
            f"({' and '.join([*known, f'{first} {sign} {second}'])})",
            f"({' and '.join([*known, f'{first} {opposite} {second}'])})",
        )

    def coalesced(self, arguments: Sequence[Source]) -> Source:
        """The first value that is not null."""
        *tried, last = arguments
        found = last.value
        for argument in reversed(tried):
            first, kept = self._keep(argument.value)
            found = f"({kept} if {first} is not None else {found})"
        return scalar(found)

    def _checked(self, arguments: Sequence[Source], check: str) -> tuple[list[str], list[str]]:
        """The checks of those arguments that may be NULL, and the names of all arguments for use after the checks."""
        pairs = [self._keep(argument.value) for argument in arguments]
        checks = [f"{first} {check}" for first, kept in pairs if not _CONSTANT.fullmatch(kept)]
        return checks, [kept for _, kept in pairs]

    def _keep(self, value: str) -> tuple[str, str]:
        """The source that works `value` out and keeps it, and the name to use afterwards."""
        if _SIMPLE.fullmatch(value) or _CONSTANT.fullmatch(value):
            return value, value
        self._kept += 1
        name = f"kept_{self._kept}"
        return f"({name} := {value})", name
