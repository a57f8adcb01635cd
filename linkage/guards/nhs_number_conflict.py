"""The council holds a valid NHS Number that is not the proposed person's."""

WORDING = "the council holds a different NHS Number"

CONDITION = "nhs_number_l IS NOT NULL AND NOT list_contains(nhs_numbers_r, nhs_number_l)"
