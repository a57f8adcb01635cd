"""Conditions on pairs of council records that speak against a tie: too thin evidence (`thin_sql`), relatives (`kin_sql`), and
what makes two people of them whatever other records say (`opposed_sql`).

A tie of fewer than 10 bits is a thousand to one at best, and a file has many thousands of pairs of strangers with an initial,
a birth year or a home in common. Such a pair is joined only if what is the person's own agrees: the birth date and two of
forename, surname and middle names; or two of all four, and a home, telephone or held NHS Number. From 6 bits on the same whole
birth date is enough. If a birth date is missing, the names, home and telephone may be those of a father and his son of the
same name, so a middle name or held NHS Number has to agree. Other pairs wait for a human in duplicates.csv. Measured by
`benchmarks/merges.py`.

All conditions are SQL over a row `p` of `pair` and its rows `l` and `r` of `record`. The public ones are false
where the model's `shows_relatives` is: in a study of unrelated people little evidence is needed.
"""

from linkage import shelf
from linkage.guards import A_GENERATION, HALF_A_NAME, OTHER_BESIDE
from linkage.model import Model
from linkage.people.cluster_risk import WEAK_BITS
from linkage.scoring.compile import SIDED
from linkage.tables import RECORD

OWN = {
    "forename": ("exact", "swapped", "reordered", "other_name", "nickname", "close"),
    "surname": ("exact", "former", "part", "close"),
    "date_of_birth": ("exact", "swapped"),
    "middle_names": ("same",),
}
"""Comparison → levels at which something that is the person's own agrees."""
COMMON = {
    "address": ("same_place", "former_place", "same_line", "close_line"),
    "contact": ("shared",),
    "nhs_number": ("same",),
}
"""Comparison → levels at which something agrees that a household may share, or that may be copied (a held number)."""
ENOUGH_WITH_BIRTH_DATE = 6.0
"""Bits from which a pair with the same whole birth date is not thin."""

FEWEST_CALLED_SO = 3
"""Records with a forename from which it is a real name, though no list has it, and not a typing error that was made twice."""
SLIPS = 0.05
"""Share of the people of a name up to which a similar name is a typing error of it: in a large file RITTA is frequent too."""
CALLED = f"""
    SELECT forename, bool_or(len(forename_variants) > 0) AS is_listed, count(DISTINCT subject_id) AS bearers
    FROM "{RECORD.name}" WHERE forename IS NOT NULL GROUP BY forename
"""
"""SELECT of each forename, whether the list of nicknames has it, and how many people have it."""


def thin_sql(model: Model, bits: str) -> str:
    """Condition that the evidence is too thin, as the top of this file says; `bits` is the expression for the pair's weight."""
    own = " + ".join(f"({_agrees(model, name, levels)})::INTEGER" for name, levels in OWN.items())
    common = " OR ".join(_agrees(model, name, levels) for name, levels in COMMON.items())
    undated = _agrees(model, "date_of_birth", ("missing",))
    persons = " OR ".join(_agrees(model, name, ("same",)) for name in ("middle_names", "nhs_number"))
    dates = f"(NOT {_agrees(model, 'date_of_birth', ('differs',))} AND (NOT {undated} OR {persons}))"
    own_date = _agrees(model, "date_of_birth", OWN["date_of_birth"])
    born = _agrees(model, "date_of_birth", ("exact",))
    enough = f"CASE WHEN {born} THEN {ENOUGH_WITH_BIRTH_DATE!r} ELSE {WEAK_BITS!r} END"
    weak = f"{model.shows_relatives} AND {bits} < {enough}"
    return f"({weak} AND NOT ({dates} AND ({own} >= 3 AND {own_date} OR {own} >= 2 AND ({common}))))"


def kin_sql(model: Model) -> str:
    """Condition that the two look like relatives: a forename is missing, or they have other forenames. The rest may be the
    family's: newborn twins have no forename yet. Not where `_own_number` agrees."""
    unlike = f"({_agrees(model, 'forename', ('missing',))} OR {_other_forenames(model)})"
    return f"({model.shows_relatives} AND NOT {_own_number(model)} AND {unlike})"


def _other_forenames(model: Model) -> str:
    """Condition that the forenames differ; or the middle names do (Mohammed Ali and Mohammed Umar are brothers); or the
    same names stand in another order, and the birth date is not the same."""
    reordered = f"{_agrees(model, 'forename', ('reordered',))} AND NOT {_agrees(model, 'date_of_birth', ('exact', 'exact_weak'))}"
    return f"({_agrees(model, 'forename', ('differs',))} OR {_agrees(model, 'middle_names', ('differs',))} OR {reordered})"


def twins_sql(model: Model) -> str:
    """Condition that the two look like twins, as in the guard `twins`: the same birth date, and forenames that are only
    alike, where both are real names, one is a woman's form of the other, or the gender differs. `l` and `r` have the
    columns of `CALLED`."""
    born = _agrees(model, "date_of_birth", ("exact", "exact_weak"))
    near = _agrees(model, "forename", ("close", "like"))
    alike = _agrees(model, "forename", ("close", "like", "initial", "nickname"))
    other_gender = _agrees(model, "gender", ("differs",))
    womans_form = f"((l.forename = r.forename || 'A' OR r.forename = l.forename || 'A') AND NOT {_agrees(model, 'gender', ('same',))})"
    return f"""({model.shows_relatives} AND NOT {_own_number(model)} AND {born}
            AND ({near} AND ({_is_name("l", "r")} AND {_is_name("r", "l")} OR {womans_form}) OR {alike} AND {other_gender}))"""


def _is_name(side: str, other: str) -> str:
    """Condition that the forename of a side is a real name, and not a typing error of the other side's."""
    known = f"({side}.is_listed OR {side}.bearers >= {FEWEST_CALLED_SO})"
    return f"({known} AND {side}.bearers >= {SLIPS!r} * {other}.bearers)"


def _own_number(model: Model) -> str:
    """Condition that a held NHS Number agrees, the whole birth date, and a home or telephone."""
    home = " OR ".join(_agrees(model, name, COMMON[name]) for name in ("address", "contact"))
    born = _agrees(model, "date_of_birth", ("exact",))
    return f"({_agrees(model, 'nhs_number', ('same',))} AND {born} AND ({home}))"


def opposed_sql(model: Model) -> str:
    """Condition that the two look like two people. One of these holds:

    - other forenames, unless `_own_number` agrees; or a forename in common beside which different names stand;
    - twins' names; Junior and Senior;
    - another birth date: one that differs altogether, by `A_GENERATION` years or more, or that differs at all where both are
      weak (1 January or estimated) or the forename is half a name and only one side has a middle name.
    """
    half_a_name = f"{_of_rows(HALF_A_NAME)} AND (l.middle_names IS NULL) <> (r.middle_names IS NULL)"
    other_date = (
        f"{model.shows_relatives} AND ({_agrees(model, 'date_of_birth', ('differs',))}"
        f" OR coalesce(abs(l.date_of_birth_year - r.date_of_birth_year) >= {A_GENERATION}, false)"
        f" OR coalesce(l.date_of_birth <> r.date_of_birth AND ({half_a_name} OR l.date_of_birth_weak AND r.date_of_birth_weak), false))"
    )
    beside = f"{model.shows_relatives} AND NOT {_own_number(model)} AND ({_of_rows(OTHER_BESIDE)} OR {_of_rows(OTHER_BESIDE, 'r', 'l')})"
    return (
        f"({_other_forenames(model)} AND {kin_sql(model)} OR {twins_sql(model)} OR {other_date} OR {beside}"
        f" OR {model.shows_relatives} AND {_namesakes(model)})"
    )


def _namesakes(model: Model) -> str:
    """Condition that one side says Junior and the other Senior; or that a side says either and a birth date is missing, as in the
    guard `junior_or_senior`."""
    said = {
        (word, side): f"list_has_any({side}.flags, ['forename_{word}', 'surname_{word}'])"
        for word in ("junior", "senior")
        for side in ("l", "r")
    }
    undated = _agrees(model, "date_of_birth", ("missing",))
    return f"""({said["junior", "l"]} AND {said["senior", "r"]} OR {said["senior", "l"]} AND {said["junior", "r"]}
            OR {undated} AND ({" OR ".join(said.values())}))"""


def _of_rows(condition: str, left: str = "l", right: str = "r") -> str:
    """A guard's condition with <column>_l and <column>_r as columns of the rows aliased `left` and `right`."""
    return SIDED.sub(lambda found: f"{left if found[0].endswith('l') else right}.{found[1]}", condition)


def _agrees(model: Model, comparison: str, levels: tuple[str, ...]) -> str:
    """Condition that a comparison is at one of `levels`; false if the model does not compare on it. KeyError for a level that the
    field does not have."""
    known = shelf.load("fields", comparison).COMPARISON.numbers
    if unknown := sorted(set(levels) - known.keys()):
        raise KeyError(f"{comparison} has no level {', '.join(unknown)}")
    numbers = [
        str(level.number) for found in model.comparisons if found.name == comparison
        for level in found.levels if level.name in levels
    ]  # fmt: skip
    return f'(p."level_{comparison}" IN ({", ".join(numbers)}))' if numbers else "(false)"
