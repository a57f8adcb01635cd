"""Neither the forename nor the birth date agrees: family and home alone make a relative, not the person."""

WORDING = "neither the forename nor the birth date agrees, as with another member of the family"

CONDITION = "shows_relatives AND level_forename <= 0 AND level_date_of_birth <= 0"
