"""The shelf of guards: rules that can stop an automatic link, one file a rule.

A file on this shelf holds

- `WORDING`: one plain sentence that says why a human should look, put into the link's reason;
- `CONDITION`: a DuckDB expression that is true where the guard fires. It is asked of each record's best candidate, and reads

  - `<column>_l` and `<column>_r`: any column of `record`, of the council's row and of the register's row;
  - `level_<comparison>`, best asked by name (`at`, `at_least`, `at_most`), and `weight_<comparison>` (bits);
  - `match_weight` (bits, prior included), `margin` (bits to the next candidate, NULL if there is none), `confidence`, and
    `best_three` (calibrated probability that the person is one of the three best candidates);
  - `residents`: register people at the candidate's address;
  - `rows_disagree`: whether the council record's rows describe different people;
  - `confused`: whether the register has two people under the candidate's number;
  - `held_numbers`: NHS Numbers on any row of the council record; `last_service_start`: its latest start of care;
  - `own_contacts`: telephone numbers and e-mail addresses of the candidate that nobody else in the register has;
  - `middle_names_shared`: whether many people of the candidate's surname have the same middle names;
  - `first_date_of_death`: the earliest on any row of the candidate;
  - `forename_bearers`: register rows with the council record's forename;
  - `in_register`: share of the council's records whose person is in the register;
  - `shows_relatives`: whether people of this register may have relatives in it.

`linkage.proposal` gives these in a run, `linkage.lookup.one_record` in a look-up. A guard turns an accept into a review; it
never makes or changes a link.
"""

from linkage import shelf
from linkage.tabular import literal
from linkage.values.names import HALVES_OF_NAMES


def at(comparison: str, *levels: str) -> str:
    """Condition that the pair is at one of these levels of a comparison; "missing" may be one of them."""
    numbers = [str(_number(comparison, level)) for level in levels]
    return (
        f"level_{comparison} = {numbers[0]}"
        if len(numbers) == 1
        else f"level_{comparison} IN ({', '.join(numbers)})"
    )


def at_least(comparison: str, level: str) -> str:
    """Condition that the pair is at this level of a comparison or at a stronger one."""
    return f"level_{comparison} >= {_number(comparison, level)}"


def at_most(comparison: str, level: str) -> str:
    """Condition that the pair is at this level of a comparison, at a weaker one, or that a value is missing."""
    return f"level_{comparison} <= {_number(comparison, level)}"


def _number(comparison: str, level: str) -> int:
    number: int = shelf.load("fields", comparison).COMPARISON.numbers[level]
    return number


CLOSE = 5
"""Bits of difference below which two candidates of a record fit it about equally well."""
A_GENERATION = 12
"""Years between two birth dates from which they are two people's."""
TWO_SLIPS = at("date_of_birth", "differs", "year", "two_digits", "two_parts")
"""Condition that the birth dates differ by two slips or more."""
OWN_MIDDLE_NAME = "coalesce(middle_names_l = middle_names_r AND NOT middle_names_shared, false)"
"""Condition that the middle names agree and are not ones that many of the surname have, such as Singh, Kaur and Bibi."""
SAME_NUMBER = "coalesce(list_has_any(nhs_numbers_l, nhs_numbers_r), false)"
"""Condition that the council record holds an NHS Number that is or was the candidate's."""
OWN_MOBILE = """
coalesce(list_has_any(
    list_filter(contacts_l, lambda contact: starts_with(contact, '07') OR contains(contact, '@')), own_contacts
), false)
"""
"""Condition that a mobile number or e-mail address of the council record is the candidate's and nobody else's."""
HALF_NAMES = ", ".join(map(literal, sorted(HALVES_OF_NAMES)))
"""Names that are a family's or only half of a name, as a list for SQL: Kaur, Singh, Bibi, Abdul …"""
HALF_A_NAME = f"(coalesce(forename_skeleton_l = 'MOHMD', false) OR forename_l IN ({HALF_NAMES}))"
"""Condition that the forename is one that brothers or sisters share, so that only the name behind it is the person's own."""
_ANOTHER = "forename_l <> forename_r AND NOT list_has_any(forename_variants_l, forename_variants_r)"
OTHER_BESIDE = f"""
({_ANOTHER}
    AND list_contains(forename_others_r, forename_l) AND NOT list_contains(forename_others_l, forename_r)
    AND length(middle_names_l) > 1 AND len(forename_others_l) > 0
    AND len(list_filter(forename_others_l, lambda told: jaro_winkler_similarity(told, forename_r) >= 0.9
        OR len(list_filter(forename_others_r, lambda known: jaro_winkler_similarity(told, known) >= 0.9)) > 0)) = 0)
"""
"""Condition that the council's forename is a later name on the register's side, but the names beside it are not alike: Kaur
Davinder and Jaswinder Kaur, John Oliver and James John."""
LATER_NAME = f"""
({_ANOTHER}
    AND list_contains(forename_others_l, forename_r) AND NOT list_contains(forename_others_r, forename_l))
"""
"""Condition that the register's forename is one of the council's later names, and that the register does not have the council's
forename. The register has names in full, so it would."""
WOMANS_FORM = "((forename_l = forename_r || 'A' OR forename_r = forename_l || 'A') AND NOT coalesce(gender_l = gender_r, false))"
"""Condition that one forename is the other with an A behind it, as a sister's may be (Nadir and Nadira), and the genders are not
known to be the same."""
