"""Pairs of rows and a model → one SELECT of those that may matter: the others are dropped at little cost.

A level's condition is replaced by one that costs less and holds whenever it does: two lists may share a value if their
masks do (64 bits, each value sets one), and texts may be alike. The best of the levels that may hold bounds what a
comparison can add. For pairs that could still weigh enough the similarities of texts are then reckoned, field by field.
What is left is compared in full by `linkage.scoring.compile`.
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
LENGTH = re.compile(r"\blen\((\w+)_([lr])\)")
SHARED = re.compile(r"\blist_(?:has_any|contains)\((\w+)_([lr]), (\w+)_([lr])\)")
ALIKE = re.compile(r"\bjaro_winkler_similarity\(\w+, \w+\) >= [0-9.]+")
TURNED = re.compile(r"\b(not|case|if)\b", re.IGNORECASE)
"""Words by which a condition may hold because a part of it does not."""

Replacements = tuple[tuple[re.Pattern[str], str], ...]


@dataclass(frozen=True)
class Glance:
    """What stands for the costly parts of a condition: something that holds whenever they do, and that never holds."""

    may: Replacements
    must: Replacements


MASKS = (SHARED, r'("mask_\1_\2" & "mask_\3_\4") <> 0')
FIRST = Glance(
    (MASKS, (ONE_EDIT, NEAR), (ALIKE, "true")), ((SHARED, "false"), (ONE_EDIT, "false"), (ALIKE, "false"))
)
TEXTS = Glance((MASKS, (ONE_EDIT, NEAR_AND_ALIKE)), ((SHARED, "false"), (ONE_EDIT, "false")))


def possible_sql(model: Model, lowest: float, pairs: str, types: dict[str, str]) -> str:
    """SELECT of left_id and right_id of the pairs in the table `pairs` that may have `lowest` bits of evidence.

    `types` are those of the columns of `record`. The table `rarity` is made before.
    """
    lists = {name for name in columns_read(model) if types[name].endswith("[]")}
    told = {name: _told_sql(name, types) for name in _read(model, lists)}
    sides = sides_sql(pairs, told, frequency_columns(model))
    pruned = _pruned_sql(model, lowest, sides, lists)
    return f"SELECT row_id_l AS left_id, row_id_r AS right_id FROM ({pruned})"


def _pruned_sql(model: Model, lowest: float, pairs: str, lists: set[str]) -> str:
    """SELECT of the `pairs` that may weigh `lowest` bits; most_<comparison> is what each comparison may add to them."""
    total = " + ".join(f'"most_{c.name}"' for c in model.comparisons)
    enough = f"WHERE {total} >= {lowest - SLACK!r}"
    most = ", ".join(f'{_most(c, FIRST, lists)} AS "most_{c.name}"' for c in model.comparisons)
    query = f"SELECT * FROM (SELECT *, {most} FROM ({pairs})) {enough}"
    for comparison in model.comparisons:
        if any(ALIKE.search(level.condition) for level in comparison.levels):
            known = f'{_most(comparison, TEXTS, lists)} AS "most_{comparison.name}"'
            query = f"SELECT * FROM (SELECT * REPLACE ({known}) FROM ({query})) {enough}"
    return query


def _most(comparison: ModelComparison, glance: Glance, lists: set[str]) -> str:
    """Expression for the most bits that a comparison may add: of the level that must hold, or of all that may."""
    cases = []
    for place, level in enumerate(comparison.levels):
        must, may = (told(level.condition, glance, lists) for told in (_must, _may))
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


def _must(condition: str, glance: Glance, lists: set[str]) -> str:
    return _replaced(condition, glance.must, "false", lists)


def _may(condition: str, glance: Glance, lists: set[str]) -> str:
    return _replaced(condition, glance.may, "true", lists)


def _replaced(condition: str, replacements: Replacements, otherwise: str, lists: set[str]) -> str:
    """`condition` with its costly parts replaced, or `otherwise` if it cannot be told what that makes of it."""
    known = LENGTH.sub(r'"len_\1_\2"', condition)
    found = known
    for part, replacement in replacements:
        found = part.sub(replacement, found)
    unsure = lists & set(SIDED.findall(found)) or (found != known and TURNED.search(known))
    return otherwise if unsure else found or "true"


def _read(model: Model, lists: set[str]) -> list[str]:
    """What is read of a record at a glance: columns that are no lists, lengths and masks."""
    conditions = [level.condition for comparison in model.comparisons for level in comparison.levels]
    weaker = [_may(condition, glance, lists) for condition in conditions for glance in (FIRST, TEXTS)]
    return sorted({name for condition in weaker for name in SIDED.findall(condition)})


def _told_sql(name: str, types: dict[str, str]) -> str:
    """A column of `record`, the length of a list (len_<column>), or the mask of a value or a list (mask_<column>)."""
    if name in types:
        return f'"{name}"'
    kind, _, column = name.partition("_")
    if kind == "len":
        return f'len("{column}")'
    if types[column].endswith("[]"):
        masks = f'list_transform("{column}", lambda value: 1::UBIGINT << (hash(value) % 64))'
        return f"list_reduce({masks}, lambda all_of, one: all_of | one, 0::UBIGINT)"
    return f'CASE WHEN "{column}" IS NOT NULL THEN 1::UBIGINT << (hash("{column}") % 64) END'
