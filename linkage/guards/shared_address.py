"""Many people share the address (a care home, a hostel, a block of flats), and name or birth date does not agree well.

At such an address a link needs more agreement. The guard fires where forename, surname or birth date speaks against it; where
the birth date has two slips or more; and, unless a held NHS Number or a middle name of the person's own says otherwise, where it
is an estimate that is not the same, or has one slip and a name is only alike. A woman with the same forename and whole birth
date may have another surname: she has married, since two such women in one home are rare.
"""

from linkage.guards import HALF_A_NAME, OWN_MIDDLE_NAME, SAME_NUMBER, TWO_SLIPS, at

WORDING = "the address is shared by many people and the name or birth date does not agree"

CONDITION = f"""
    residents >= 8 AND weight_address > 0
    AND (
        least(weight_forename, weight_date_of_birth) < 0
        OR weight_surname < 0
            AND NOT ({at("surname", "differs_woman")} AND {at("forename", "exact")} AND {at("date_of_birth", "exact")}
                AND NOT {HALF_A_NAME})
        OR {TWO_SLIPS}
        OR ({at("date_of_birth", "estimated_near", "estimated_year")}
                OR {at("date_of_birth", "one_digit")}
                    AND ({at("forename", "like", "close", "initial", "nickname")} OR {at("surname", "like", "close")}))
            AND NOT {OWN_MIDDLE_NAME}
            AND NOT {SAME_NUMBER}
    )
"""
