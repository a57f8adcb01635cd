"""One side has no birth date, no surname or no forename, and nothing of the person's own makes up for it.

That is a held NHS Number, a telephone number that nobody else has, or a middle name that few of that surname have: Singh, Kaur
and Bibi are a family's, as its landline is. Where most of the council's people are in the register, hardly anybody is absent
whose relative of the same name is there, and a household's telephone number will do beside the same names.
"""

from linkage.guards import OWN_MIDDLE_NAME, SAME_NUMBER

WORDING = "the birth date, the surname or the forename is missing on one side"

CONDITION = f"""
    shows_relatives AND (level_date_of_birth = -1 OR level_forename = -1 OR surname_l IS NULL OR surname_r IS NULL)
    AND NOT {OWN_MIDDLE_NAME}
    AND NOT coalesce(list_has_any(contacts_l, own_contacts), false)
    AND NOT coalesce(
        in_register >= 0.7 AND forename_l = forename_r AND surname_l = surname_r AND list_has_any(contacts_l, contacts_r), false
    )
    AND NOT {SAME_NUMBER}
"""
