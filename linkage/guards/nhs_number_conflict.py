"""The council holds a valid NHS Number that is not the proposed person's."""

WORDING = "the council holds a different NHS Number"

CONDITION = "len(list_filter(held_numbers, lambda held: NOT list_contains(nhs_numbers_r, held))) > 0"
