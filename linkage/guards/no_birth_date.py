"""One side has no birth date, no surname or no forename, and no middle name, telephone or held NHS Number makes up for it."""

WORDING = "the birth date, the surname or the forename is missing on one side"

CONDITION = """
    shows_relatives AND (level_date_of_birth = -1 OR level_forename = -1 OR surname_l IS NULL OR surname_r IS NULL)
    AND NOT coalesce(middle_names_l = middle_names_r, false)
    AND NOT coalesce(list_has_any(contacts_l, contacts_r), false)
    AND NOT coalesce(list_has_any(nhs_numbers_l, nhs_numbers_r), false)
"""
