"""Neither all forenames nor the birth date are the same: family and home alone make a relative, not the person. Where the
forename is another one altogether, so is a birth date with a slip, whatever the middle names are: a father's name is his children's.

Mary may be Maria, and a birth date may have two slips, but where both are so a sister may be meant, unless something else is
the person's own: a held NHS Number, or a middle name that few of that surname have. The household's telephone is the sister's too.
Nor are Mohammed Ali and Mohammed Umar, or John Patrick and Patrick John, one person where the birth date is not the same too,
and the initial J may be Jean's or Joan's, unless a mobile number or e-mail address is that person's own, beside most of a birth date
or a home: a brother of that initial who lives elsewhere may be whom the council calls. Mohammed may be another than Mohammed Aqil,
and where two have a first of January each, of different years, they may be brothers. Kaur Davinder is not Jaswinder Kaur, whatever
her middle name.
"""

from linkage.guards import HALF_A_NAME, LATER_NAME, OTHER_BESIDE, OWN_MIDDLE_NAME, OWN_MOBILE, SAME_NUMBER

WORDING = "neither all forenames nor the birth date are the same, as with another member of the family"

CONDITION = f"""
    shows_relatives AND (
        level_forename <= 0 AND (level_date_of_birth <= 0 OR date_of_birth_l <> date_of_birth_r AND NOT {SAME_NUMBER})
        OR (level_forename <= 5 AND level_date_of_birth IN (0, 1, 2, 3)
            AND NOT {OWN_MIDDLE_NAME}
            AND NOT {SAME_NUMBER})
        OR ((level_middle_names = 0
                OR level_forename IN (3, 6) AND NOT ({OWN_MOBILE} AND (level_date_of_birth >= 0 OR level_address >= 5))
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
