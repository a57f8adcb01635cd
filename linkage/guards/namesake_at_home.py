"""Same or similar forename, or its initial, but another birth date: a parent and child, a grandchild named after, or a cousin.

A birth date that agrees in nothing is another one, unless something of the person's own says that it was mistyped.
"""

from linkage.guards import OWN_MIDDLE_NAME, SAME_NUMBER

WORDING = "the birth dates lie years apart or differ altogether, as with relatives of one name"

CONDITION = f"""
    shows_relatives AND level_forename > 0 AND (
        abs(date_of_birth_year_l - date_of_birth_year_r) >= 12
        OR level_date_of_birth = 0
            AND NOT {OWN_MIDDLE_NAME}
            AND NOT {SAME_NUMBER}
    )
"""
