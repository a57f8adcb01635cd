"""A side has no birth date, surname or forename, and nothing else that is the person's own makes up for it.

Any of these makes up for it:

- a held NHS Number;
- a middle name that few of that surname have (not Singh, Kaur or Bibi, which are a family's);
- the same forename and surname, with a telephone number or e-mail address that nobody else in the register has; or, where at
  least 70 % of the council's people are in the register, one that the household shares, since then hardly anybody is absent
  whose relative of the same name is present;
- names that are only alike, with a mobile number or e-mail address of the person's own (an absent son's landline is his
  father's own). It is not enough for another surname, nor for a forename that the other side has second: Thomas John, and
  John his father;
- the same forename and a former surname: a namesake at home has the family's name of now;
- for women, where 70 % are in the register, the same forename and a middle initial in common: sons often have their father's
  initial, but daughters are seldom called after their mothers.
"""

from linkage.guards import HALF_A_NAME, HALF_NAMES, OWN_MIDDLE_NAME, OWN_MOBILE, SAME_NUMBER, at

WORDING = "the birth date, the surname or the forename is missing on one side"

WOMANS_INITIAL = f"""
    {at("surname", "close", "former", "exact")} AND {at("middle_names", "initial")} AND gender_l = 'female' AND gender_r = 'female'
    AND NOT middle_names_shared AND NOT middle_names_l IN ({HALF_NAMES}) AND NOT {HALF_A_NAME}
"""
"""Condition that two women have a middle initial in common that is not a family's (Kaur), and the same or nearly the same
surname."""
FORMER_SURNAME = (
    f"{at('surname', 'former')} AND NOT surname_l IN ({HALF_NAMES}) AND NOT surname_r IN ({HALF_NAMES})"
)
"""Condition that one surname is a former one of the other side, and not a name that a family's women share."""

CONDITION = f"""
    shows_relatives AND ({at("date_of_birth", "missing")} OR {at("forename", "missing")} OR surname_l IS NULL OR surname_r IS NULL)
    AND NOT {OWN_MIDDLE_NAME}
    AND NOT coalesce(
        forename_l = forename_r AND surname_l = surname_r
            AND (list_has_any(contacts_l, own_contacts) OR in_register >= 0.7 AND list_has_any(contacts_l, contacts_r))
        OR NOT {at("forename", "other_name")} AND NOT {at("surname", "differs", "differs_woman")} AND {OWN_MOBILE}
        OR forename_l = forename_r AND ({FORMER_SURNAME} OR in_register >= 0.7 AND {WOMANS_INITIAL}),
        false
    )
    AND NOT {SAME_NUMBER}
"""
