"""Neither the forename nor the birth date is the same: family and home alone make a relative, not the person.

Mary may be Maria, and a birth date may have two slips, but where both are so a sister may be meant, unless something else is
the person's own: a held NHS Number, or a middle name that few of that surname have. The household's telephone is the sister's too.
"""

WORDING = "neither the forename nor the birth date is the same, as with another member of the family"

CONDITION = """
    shows_relatives AND (
        level_forename <= 0 AND level_date_of_birth <= 0
        OR (level_forename <= 5 AND level_date_of_birth IN (0, 1, 2, 3)
            AND NOT coalesce(middle_names_l = middle_names_r AND NOT middle_names_shared, false)
            AND NOT coalesce(list_has_any(nhs_numbers_l, nhs_numbers_r), false))
    )
"""
