"""An address of many unrelated people (care home, hostel, block) says little; the rest must carry the link."""

WORDING = "the address is shared by many people and the name or birth date does not agree fully"

CONDITION = """
    residents >= 8
    AND NOT (date_of_birth_l = date_of_birth_r AND forename_l = forename_r)
    AND NOT (forename_l = forename_r AND surname_l = surname_r AND level_date_of_birth > 0)
    AND NOT (date_of_birth_l = date_of_birth_r AND surname_l = surname_r AND level_forename > 0)
"""
