"""One side has no birth date, no surname or no forename, and nothing of the person's own makes up for it.

That is a held NHS Number, a middle name that few of that surname have (Singh, Kaur and Bibi are a family's), or beside the same
names a telephone number that nobody else has; beside names that are only like them it has to be a mobile number or e-mail address,
since an absent son's landline is his father's own. Another surname, or a name that the other has second (Thomas John, and John
his father), needs more. Where most of the council's people are in the register, hardly anybody is absent whose relative of the same
name is there, and a household's telephone number will do beside the same names.

So will a former surname beside the same forename: a namesake at home has the family's name of now. And a middle initial does for a
woman where most people are in the register: daughters are seldom called after their mothers, sons often have their father's initial too.
"""

from linkage.guards import HALF_A_NAME, HALF_NAMES, OWN_MIDDLE_NAME, OWN_MOBILE, SAME_NUMBER

WORDING = "the birth date, the surname or the forename is missing on one side"

WOMANS_INITIAL = f"""
    level_surname IN (3, 5, 6) AND level_middle_names = 2 AND gender_l = 'female' AND gender_r = 'female'
    AND NOT middle_names_shared AND NOT middle_names_l IN ({HALF_NAMES}) AND NOT {HALF_A_NAME}
"""
"""Condition that two women have a middle initial in common, which is no family's (Kaur), and surnames that are one or nearly so."""
FORMER_SURNAME = f"level_surname = 5 AND NOT surname_l IN ({HALF_NAMES}) AND NOT surname_r IN ({HALF_NAMES})"
"""Condition that a surname is a former one of the other side, and no name that half of a family's women have."""

CONDITION = f"""
    shows_relatives AND (level_date_of_birth = -1 OR level_forename = -1 OR surname_l IS NULL OR surname_r IS NULL)
    AND NOT {OWN_MIDDLE_NAME}
    AND NOT coalesce(
        forename_l = forename_r AND surname_l = surname_r
            AND (list_has_any(contacts_l, own_contacts) OR in_register >= 0.7 AND list_has_any(contacts_l, contacts_r))
        OR level_forename <> 5 AND NOT level_surname IN (0, 1) AND {OWN_MOBILE}
        OR forename_l = forename_r AND ({FORMER_SURNAME} OR in_register >= 0.7 AND {WOMANS_INITIAL}),
        false
    )
    AND NOT {SAME_NUMBER}
"""
