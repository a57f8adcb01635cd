"""The forenames agree or are alike, but the birth date is another one: a parent and child, a grandchild or a cousin of
that name.

Birth dates 12 years or more apart are a relative's, unless two digits of the year are exchanged (1958 and 1985) on the
same day and month: that is a slip, since one parent in 365 has the same birthday, and few of them that very year. One
other digit (1950 and 1980) is a generation as often as a slip. A birth date that differs altogether is a relative's too,
unless a middle name of the person's own or a held NHS Number says that it was mistyped.
"""

from linkage.guards import A_GENERATION, OWN_MIDDLE_NAME, SAME_NUMBER, at, at_least

WORDING = "the birth dates lie years apart or differ altogether, as with relatives of the same name"

YEAR_EXCHANGED = f"{at('date_of_birth', 'two_parts')} AND damerau_levenshtein(date_of_birth_text_l, date_of_birth_text_r) = 1"
"""Condition that day and month are the same, and two neighbouring digits of the year are exchanged."""

CONDITION = f"""
    shows_relatives AND {at_least("forename", "like")} AND (
        abs(date_of_birth_year_l - date_of_birth_year_r) >= {A_GENERATION}
            AND NOT (forename_l = forename_r AND {YEAR_EXCHANGED})
        OR {at("date_of_birth", "differs")}
            AND NOT {OWN_MIDDLE_NAME}
            AND NOT {SAME_NUMBER}
    )
"""
