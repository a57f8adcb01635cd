"""Same birth date, family and home, but another first name: twins share everything that is not their own."""

WORDING = "the first names differ although all else agrees, as with twins"

CONDITION = """
    level_forename = 0 AND date_of_birth_l = date_of_birth_r
    AND (list_has_any(places_l, places_r) OR list_has_any(surname_names_l, surname_names_r))
"""
