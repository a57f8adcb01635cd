"""The proposed person had died before the council's care began, or both sides know a different date of death."""

WORDING = "the proposed person died before this care began"

CONDITION = """
    (date_of_death_r IS NOT NULL AND service_start_l > date_of_death_r + INTERVAL 3 DAY)
    OR abs(date_diff('day', date_of_death_l, date_of_death_r)) > 31
"""
