"""No home, telephone or held NHS Number in common, and the birth date or the middle name does not agree fully either."""

WORDING = "only the name and most of the birth date agree, as they may with a stranger"

CONDITION = """
    weight_address < 3
    AND NOT coalesce(list_has_any(contacts_l, contacts_r), false)
    AND NOT coalesce(list_has_any(nhs_numbers_l, nhs_numbers_r), false)
    AND NOT coalesce(middle_names_l = middle_names_r, false)
    AND (NOT coalesce(date_of_birth_l = date_of_birth_r AND NOT date_of_birth_weak_r, false) OR level_middle_names = 0)
"""
