"""Neither the forenames nor the birth date are quite the same, so that another member of the family may be meant: surname and
home alone make a relative, not the person. A held NHS Number in common makes up for it, unless the forename and the birth date
both differ altogether or are missing. It fires, in the order of the conditions, where

- the forename differs altogether or is missing, and the birth date is not the same or is missing; a middle name does not help,
  since a father's name is his children's;
- the forename is not the same and the birth date has two slips or more: Mary may be Maria, or her sister. A middle name of the
  person's own makes up for it; the household's telephone does not, as it is the sister's too;
- the birth date is not the same, or is a first of January or an estimate, and either the middle names differ (Mohammed Ali and
  Mohammed Umar); or the forenames are in another order (John Patrick and Patrick John) or one is an initial (J may be Jean or
  Joan), unless a mobile number or e-mail address of the person's own agrees beside a birth date that is there or a home (else the
  council may mean a brother of that initial who lives elsewhere); or the forename is half a name and one side has no middle name
  (Mohammed may be another than Mohammed Aqil);
- the forename is one of several names of the other side, the names beside it differ (Kaur Davinder, Jaswinder Kaur), and so do
  the birth dates;
- both birth dates are estimates or a first of January, of different years: two brothers.
"""

from linkage.guards import (
    HALF_A_NAME,
    LATER_NAME,
    OTHER_BESIDE,
    OWN_MIDDLE_NAME,
    OWN_MOBILE,
    SAME_NUMBER,
    TWO_SLIPS,
    at,
    at_least,
    at_most,
)

WORDING = "neither all forenames nor the birth date are the same, as with another member of the family"

CONDITION = f"""
    shows_relatives AND (
        {at_most("forename", "differs")}
            AND ({at_most("date_of_birth", "differs")} OR date_of_birth_l <> date_of_birth_r AND NOT {SAME_NUMBER})
        OR ({at_most("forename", "other_name")} AND {TWO_SLIPS}
            AND NOT {OWN_MIDDLE_NAME}
            AND NOT {SAME_NUMBER})
        OR (({at("middle_names", "differs")}
                OR {at("forename", "initial", "reordered")}
                    AND NOT ({OWN_MOBILE} AND ({at_least("date_of_birth", "differs")} OR {at_least("address", "former_postcode")}))
                OR {HALF_A_NAME} AND (middle_names_l IS NULL) <> (middle_names_r IS NULL))
            AND NOT coalesce(date_of_birth_l = date_of_birth_r AND NOT date_of_birth_weak_r, false)
            AND NOT {OWN_MIDDLE_NAME}
            AND NOT {SAME_NUMBER})
        OR (({OTHER_BESIDE} OR {LATER_NAME}) AND date_of_birth_l <> date_of_birth_r AND NOT {SAME_NUMBER})
        OR (date_of_birth_weak_l AND date_of_birth_weak_r
            AND NOT coalesce(date_of_birth_l = date_of_birth_r, false)
            AND NOT {OWN_MIDDLE_NAME}
            AND NOT {SAME_NUMBER})
    )
"""
