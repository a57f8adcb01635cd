"""The proposed person had died before the council's care began, or both sides know a different date of death."""

WORDING = "the proposed person died before this care began"

CONDITION = """
    last_service_start > first_date_of_death + INTERVAL 3 DAY
    OR abs(date_diff('day', date_of_death_l, first_date_of_death)) > 31
"""
