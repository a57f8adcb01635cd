"""A second NHS Number fits almost as well.

Forename and surname the other way round weigh the same whatever the names, so Ali Mohamed outweighs Mohamed Ali, as whom the record
has it: there a rival may be further behind.
"""

WORDING = "a second NHS Number fits almost as well"

CONDITION = "margin < 5 OR level_forename = 7 AND margin < 12"
