"""A second NHS Number fits almost as well."""

WORDING = "a second NHS Number fits almost as well"

CONDITION = "margin < 5"
