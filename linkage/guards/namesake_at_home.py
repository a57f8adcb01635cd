"""Same or similar forename, or its initial, but another birth date: a parent and child, a grandchild named after, or a cousin.

A birth date that agrees in nothing is another one, unless something of the person's own says that it was mistyped. Two digits of the
year that are exchanged (1958 and 1985) on the same day and month are a slip: one parent in 365 has that birthday, and few of these that
very year. One other digit (1950 and 1980) is a generation as often.
"""

from linkage.guards import OWN_MIDDLE_NAME, SAME_NUMBER

WORDING = "the birth dates lie years apart or differ altogether, as with relatives of one name"

YEAR_EXCHANGED = (
    "level_date_of_birth = 3 AND damerau_levenshtein(date_of_birth_text_l, date_of_birth_text_r) = 1"
)
"""Condition that day and month are the same, and two neighbouring digits of the year are exchanged."""

CONDITION = f"""
    shows_relatives AND level_forename > 0 AND (
        abs(date_of_birth_year_l - date_of_birth_year_r) >= 12
            AND NOT (forename_l = forename_r AND {YEAR_EXCHANGED})
        OR level_date_of_birth = 0
            AND NOT {OWN_MIDDLE_NAME}
            AND NOT {SAME_NUMBER}
    )
"""
