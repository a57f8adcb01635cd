"""An address of many people (care home, hostel, block) counts for the person who is named there, not for a near one: another
name, or a birth date with two slips or more."""

WORDING = "the address is shared by many people and the name or birth date does not agree"

CONDITION = """
    residents >= 8 AND weight_address > 0
    AND (least(weight_forename, weight_surname, weight_date_of_birth) < 0 OR level_date_of_birth IN (0, 1, 2, 3))
"""
