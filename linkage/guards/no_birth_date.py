"""One side has no birth date, no surname or no forename, and nothing of the person's own makes up for it.

That is a held NHS Number, a middle name that few of that surname have (Singh, Kaur and Bibi are a family's), or beside the same
names a telephone number that nobody else has; beside names that are only like them it has to be a mobile number or e-mail address,
since an absent son's landline is his father's own. Another surname, or a name that the other has second (Thomas John, and John
his father), needs more. Where most of the council's people are in the register, hardly anybody is absent whose relative of the same
name is there, and a household's telephone number will do beside the same names.
"""

from linkage.guards import OWN_MIDDLE_NAME, SAME_NUMBER

WORDING = "the birth date, the surname or the forename is missing on one side"

PERSONAL = "list_filter(contacts_l, lambda contact: starts_with(contact, '07') OR contains(contact, '@'))"
"""Mobile numbers and e-mail addresses of the council record."""

CONDITION = f"""
    shows_relatives AND (level_date_of_birth = -1 OR level_forename = -1 OR surname_l IS NULL OR surname_r IS NULL)
    AND NOT {OWN_MIDDLE_NAME}
    AND NOT coalesce(
        forename_l = forename_r AND surname_l = surname_r
            AND (list_has_any(contacts_l, own_contacts) OR in_register >= 0.7 AND list_has_any(contacts_l, contacts_r))
        OR level_forename <> 5 AND NOT level_surname IN (0, 1) AND list_has_any({PERSONAL}, own_contacts),
        false
    )
    AND NOT {SAME_NUMBER}
"""
