"""Pairs of rows and a model → a SELECT of those that may reach a weight: the others are dropped without a full comparison.

Each costly part of a level's condition is replaced by a cheap one that is true whenever the part is. Two lists can share a
value only if their 64-bit masks share a bit (each value sets one), and two texts are at first all taken to be similar. The
highest weight among the levels that may hold then bounds what a comparison can add, and the sum bounds the pair's weight.
For pairs whose bound is high enough, text similarities are worked out, one comparison at a time, and the bound tightens.
The pairs left are compared in full by `linkage.scoring.compile`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from linkage.model import Model, ModelComparison, ModelLevel
from linkage.scoring.compile import (
    NEAR,
    NEAR_AND_ALIKE,
    ONE_EDIT,
    SIDED,
    bits,
    columns_read,
    double,
    sides_sql,
)
from linkage.scoring.frequencies import frequency_columns

SLACK = 1e-6
"""Bits by which the order of a sum may change it."""
LENGTH = re.compile(r"\blen\((\w+)_([lr])\)")
SHARED = re.compile(r"\blist_(?:has_any|contains)\((\w+)_([lr]), (\w+)_([lr])\)")
ALIKE = re.compile(r"\bjaro_winkler_similarity\(\w+, \w+\) >= [0-9.]+")
TURNED = re.compile(r"\b(not|case|if)\b", re.IGNORECASE)
"""Words that can make a condition true because a part of it is false, so that replacing parts proves nothing."""

Replacements = tuple[tuple[re.Pattern[str], str], ...]


@dataclass(frozen=True)
class Bounds:
    """Replacements for the costly parts of a condition: `may` by what is true whenever the part is, `must` by what is true
    only if the part is."""

    may: Replacements
    must: Replacements


MASKS = (SHARED, r'("mask_\1_\2" & "mask_\3_\4") <> 0')
WITHOUT_TEXTS = Bounds(
    (MASKS, (ONE_EDIT, NEAR), (ALIKE, "true")), ((SHARED, "false"), (ONE_EDIT, "false"), (ALIKE, "false"))
)
WITH_TEXTS = Bounds((MASKS, (ONE_EDIT, NEAR_AND_ALIKE)), ((SHARED, "false"), (ONE_EDIT, "false")))


def possible_sql(model: Model, lowest: float, pairs: str, types: dict[str, str]) -> str:
    """SELECT of left_id and right_id of the pairs in the table `pairs` that may have `lowest` bits against strangers.

    `types`: column of `record` → its DuckDB type. It reads the table `rarity` (see `compile.rarity_sql`).
    """
    lists = {name for name in columns_read(model) if types[name].endswith("[]")}
    read = {name: _value_sql(name, types) for name in _read(model, lists)}
    sides = sides_sql(pairs, read, frequency_columns(model))
    pruned = _pruned_sql(model, lowest, sides, lists)
    return f"SELECT row_id_l AS left_id, row_id_r AS right_id FROM ({pruned})"


def _pruned_sql(model: Model, lowest: float, pairs: str, lists: set[str]) -> str:
    """SELECT of those `pairs` (a SELECT) that may weigh `lowest` bits; most_<comparison> is the bound of each comparison."""
    total = " + ".join(f'"most_{c.name}"' for c in model.comparisons)
    enough = f"WHERE {total} >= {lowest - SLACK!r}"
    most = ", ".join(f'{_most(c, WITHOUT_TEXTS, lists)} AS "most_{c.name}"' for c in model.comparisons)
    query = f"SELECT * FROM (SELECT *, {most} FROM ({pairs})) {enough}"
    for comparison in model.comparisons:
        if any(ALIKE.search(level.condition) for level in comparison.levels):
            known = f'{_most(comparison, WITH_TEXTS, lists)} AS "most_{comparison.name}"'
            query = f"SELECT * FROM (SELECT * REPLACE ({known}) FROM ({query})) {enough}"
    return query


def _most(comparison: ModelComparison, bounds: Bounds, lists: set[str]) -> str:
    """Expression for the most bits that a comparison may add.

    Levels are tried in order: one that must hold gives its own weight; one that may hold gives the best weight of itself
    and all levels behind it.
    """
    cases = []
    for place, level in enumerate(comparison.levels):
        must, may = (replaced(level.condition, bounds, lists) for replaced in (_must, _may))
        sure, best = bits(level), _best(comparison.levels[place:])
        if must == may:
            cases.append(f"WHEN {may} THEN {sure}")
        else:
            cases += [f"WHEN {must} THEN {sure}"] * (sure != best)
            cases.append(f"WHEN {may} THEN {best}")
    return f"(CASE {' '.join(cases)} END)"


def _best(levels: Sequence[ModelLevel]) -> str:
    """Expression for the most bits that any of `levels` adds."""
    weighed = [bits(level) for level in levels if level.term_frequency]
    plain = [level.weight for level in levels if not level.term_frequency]
    each = weighed + ([double(max(plain))] if plain else [])
    return each[0] if len(each) == 1 else f"greatest({', '.join(each)})"


def _must(condition: str, bounds: Bounds, lists: set[str]) -> str:
    return _replaced(condition, bounds.must, "false", lists)


def _may(condition: str, bounds: Bounds, lists: set[str]) -> str:
    return _replaced(condition, bounds.may, "true", lists)


def _replaced(condition: str, replacements: Replacements, otherwise: str, lists: set[str]) -> str:
    """`condition` with its costly parts replaced; or `otherwise`, if it still reads a list or a part stands under a word in
    `TURNED`, so that replacing it gives no bound."""
    known = LENGTH.sub(r'"len_\1_\2"', condition)
    found = known
    for part, replacement in replacements:
        found = part.sub(replacement, found)
    unsure = lists & set(SIDED.findall(found)) or (found != known and TURNED.search(known))
    return otherwise if unsure else found or "true"


def _read(model: Model, lists: set[str]) -> list[str]:
    """Names that the replaced conditions read of a record: columns that are not lists, len_<column> and mask_<column>."""
    conditions = [level.condition for comparison in model.comparisons for level in comparison.levels]
    weaker = [
        _may(condition, bounds, lists) for condition in conditions for bounds in (WITHOUT_TEXTS, WITH_TEXTS)
    ]
    return sorted({name for condition in weaker for name in SIDED.findall(condition)})


def _value_sql(name: str, types: dict[str, str]) -> str:
    """Expression for one of the names of `_read`: a column, the length of a list, or the mask of a value or a list."""
    if name in types:
        return f'"{name}"'
    kind, _, column = name.partition("_")
    if kind == "len":
        return f'len("{column}")'
    if types[column].endswith("[]"):
        masks = f'list_transform("{column}", lambda value: 1::UBIGINT << (hash(value) % 64))'
        return f"list_reduce({masks}, lambda all_of, one: all_of | one, 0::UBIGINT)"
    return f'CASE WHEN "{column}" IS NOT NULL THEN 1::UBIGINT << (hash("{column}") % 64) END'
