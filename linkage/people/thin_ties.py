"""The levels of a model → SQL that tells pairs of council records that are too thinly evidenced to be joined, look like
kin, or look like two people whatever other records say.

A tie of few bits is a thousand to one at best, and a file has many thousands of pairs of strangers with an initial, a
birth year or a home in common. Such a pair is joined only if what is the person's own agrees: the birth date and two of
forename, surname and middle names, or two of all four and a home, telephone or held NHS Number in common. Where the whole birth date
agrees, fewer bits do. Where one is missing, names, home and telephone may be a father's and his son's of one name: a middle name or held
NHS Number has to be in common. Others wait for a human in duplicates.csv. Measured by `benchmarks/merges.py`.
"""

from linkage.guards import HALF_A_NAME, OTHER_BESIDE
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
COMMON = {
    "address": ("same_place", "former_place", "same_line", "close_line"),
    "contact": ("shared",),
    "nhs_number": ("same",),
}
ENOUGH_WITH_BIRTH_DATE = 6.0
"""Bits from which a pair of one whole birth date is not thin."""
A_GENERATION = 12
"""Years between two birth dates of which neither is a slip of the other, as the guard `namesake_at_home` has it."""
FEWEST_CALLED_SO = 3
"""Records from which a forename that is a form of no other is somebody's, and no slip of the pen that came twice."""
SLIPS = 0.05
"""Share of the people of a name up to which another one like it is a slip of the pen: in a large file RITTA comes often too."""
CALLED = f"""
    SELECT forename, bool_or(len(forename_variants) > 0) AS is_listed, count(DISTINCT subject_id) AS bearers
    FROM "{RECORD.name}" WHERE forename IS NOT NULL GROUP BY forename
"""
"""SELECT of the forenames, whether the lists of names know them, and how many people are called so."""


def thin_sql(model: Model, bits: str) -> str:
    """Condition over a row `p` of `pair` that it is too thin; `bits` is the expression of its evidence.

    It never holds in a file that shows hardly anybody's relatives, such as one of a study, where little is needed.
    """
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
    """Condition over a row `p` of `pair` that it looks like kin: no forename on a side, or other forenames. What else agrees is
    a family's: newborn twins have no forename yet.

    A held NHS Number in common says otherwise where birth date and home or telephone number agree too. It never holds in a
    file that shows hardly anybody's relatives.
    """
    unlike = f"(p.level_forename = -1 OR {_other_forenames(model)})"
    return f"({model.shows_relatives} AND NOT {_own_number(model)} AND {unlike})"


def _other_forenames(model: Model) -> str:
    """Condition over a row `p` of `pair`: another forename, another middle name behind it (Mohammed Ali and Mohammed Umar are
    brothers), or the same names in another order and not the same birth date."""
    reordered = f"{_agrees(model, 'forename', ('reordered',))} AND NOT {_agrees(model, 'date_of_birth', ('exact', 'exact_weak'))}"
    return f"(p.level_forename = 0 OR {_agrees(model, 'middle_names', ('differs',))} OR {reordered})"


def twins_sql(model: Model) -> str:
    """Condition over a row `p` of `pair` and its rows `l` and `r` of `record` that they look like twins, as the guard `twins`
    has it: born on one day, and with forenames that are only alike, of which both are somebody's or one is a woman's form of
    the other, or with another gender.

    Both sides have what `CALLED` tells of their forename.
    """
    born = _agrees(model, "date_of_birth", ("exact", "exact_weak"))
    near = _agrees(model, "forename", ("close", "like"))
    alike = _agrees(model, "forename", ("close", "like", "initial", "nickname"))
    other_gender = _agrees(model, "gender", ("differs",))
    womans_form = f"((l.forename = r.forename || 'A' OR r.forename = l.forename || 'A') AND NOT {_agrees(model, 'gender', ('same',))})"
    return f"""({model.shows_relatives} AND NOT {_own_number(model)} AND {born}
            AND ({near} AND ({_is_name("l", "r")} AND {_is_name("r", "l")} OR {womans_form}) OR {alike} AND {other_gender}))"""


def _is_name(side: str, other: str) -> str:
    """Condition that the forename of a side is somebody's, and no slip of the pen of the other side's."""
    known = f"({side}.is_listed OR {side}.bearers >= {FEWEST_CALLED_SO})"
    return f"({known} AND {side}.bearers >= {SLIPS!r} * {other}.bearers)"


def _own_number(model: Model) -> str:
    """Condition over a row `p` of `pair` that an NHS Number is held in common, and birth date and home or telephone agree."""
    home = " OR ".join(_agrees(model, name, COMMON[name]) for name in ("address", "contact"))
    born = _agrees(model, "date_of_birth", ("exact",))
    return f"({_agrees(model, 'nhs_number', ('same',))} AND {born} AND ({home}))"


def opposed_sql(model: Model) -> str:
    """Condition over a row `p` of `pair` and its rows `l` and `r` of `record` that they look like two people: other forenames
    that are not explained by a held NHS Number, one in common beside which another stands, twins' names, Junior and Senior, or
    another birth date: also two firsts of January, or one that differs at all behind half a name. It never holds in a file that shows hardly anybody's relatives."""
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
    """Condition that Junior or Senior is said of a record, and the other one of the other or no birth date of one of them, as
    the guard `junior_or_senior` has it."""
    said = {
        (word, side): f"list_has_any({side}.flags, ['forename_{word}', 'surname_{word}'])"
        for word in ("junior", "senior")
        for side in ("l", "r")
    }
    undated = _agrees(model, "date_of_birth", ("missing",))
    return f"""({said["junior", "l"]} AND {said["senior", "r"]} OR {said["senior", "l"]} AND {said["junior", "r"]}
            OR {undated} AND ({" OR ".join(said.values())}))"""


def _of_rows(condition: str, left: str = "l", right: str = "r") -> str:
    """A condition of guards, over the rows `left` and `right`."""
    return SIDED.sub(lambda found: f"{left if found[0].endswith('l') else right}.{found[1]}", condition)


def _agrees(model: Model, comparison: str, levels: tuple[str, ...]) -> str:
    """Condition that a comparison is at one of `levels`; never true where the model has none of them."""
    numbers = [
        str(level.number) for found in model.comparisons if found.name == comparison
        for level in found.levels if level.name in levels
    ]  # fmt: skip
    return f'(p."level_{comparison}" IN ({", ".join(numbers)}))' if numbers else "(false)"
