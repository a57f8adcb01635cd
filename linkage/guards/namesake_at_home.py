"""Same or similar forename, or its initial, but a birth date years apart: a parent and child, or a grandchild named after."""

WORDING = "the birth dates lie years apart, as with a parent and child of one name"

CONDITION = """
    shows_relatives AND abs(date_of_birth_year_l - date_of_birth_year_r) >= 12
    AND level_forename > 0
"""
