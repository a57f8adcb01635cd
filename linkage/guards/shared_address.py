"""An address of many people (care home, hostel, block) counts for the person who is named there, not for a near one: another
name, a birth date with two slips or more, an estimated one that is not the same, or a name and a birth date that are both only
alike. A held NHS Number or a middle name of one's own makes up for the last two. A woman of the same forename and whole birth date
has married: two of these in one home are rare.
"""

from linkage.guards import HALF_A_NAME, OWN_MIDDLE_NAME, SAME_NUMBER

WORDING = "the address is shared by many people and the name or birth date does not agree"

CONDITION = f"""
    residents >= 8 AND weight_address > 0
    AND (
        least(weight_forename, weight_date_of_birth) < 0
        OR weight_surname < 0
            AND NOT (level_surname = 1 AND level_forename = 8 AND level_date_of_birth = 9 AND NOT {HALF_A_NAME})
        OR level_date_of_birth IN (0, 1, 2, 3)
        OR (level_date_of_birth IN (6, 7)
                OR level_date_of_birth = 4 AND (level_forename IN (1, 2, 3, 4) OR level_surname IN (2, 3)))
            AND NOT {OWN_MIDDLE_NAME}
            AND NOT {SAME_NUMBER}
    )
"""
