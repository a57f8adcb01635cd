"""Same birth date, family, telephone or home, but another first name: twins share everything that is not their own. Of a home
its street and number will do, or its postcode: there may be no more of it.

A forename that the register only knows as one of the council's later names counts as another one: the register is the
one that has people's names in full. So does one of two names where what stands beside it is another (Kaur Davinder, Jaswinder
Kaur), another gender with another surname, Singh and Kaur, and another name behind Mohammed, which brothers share, or behind
a short, a like or a double one: Mary Ann is not Mary Jane. A near forename is a slip of the pen, unless somebody is called so:
Ronald and Donald, Harpreet and Gurpreet are two names, and so are Nadir and Nadira where no gender says otherwise. An initial or
a short form fits a twin of the other sex as well, so it does not outweigh another gender, nor does a held number, which may have
been looked up for the twin. The telephone is both's, and so may a rare middle name be: their mother's family's.
"""

from linkage.guards import HALF_A_NAME, LATER_NAME, OTHER_BESIDE, SAME_NUMBER, WOMANS_FORM

WORDING = "the first names differ although all else agrees, as with twins"

SYLLABLE = 3
"""Letters of a forename that may be a syllable which brothers or sisters share: Wai Ming and Wai Keung."""

CONDITION = f"""
    shows_relatives AND date_of_birth_l = date_of_birth_r
    AND (level_address >= 5 OR list_has_any(surname_names_l, surname_names_r) OR list_has_any(contacts_l, contacts_r))
    AND (
        level_forename = 0
        OR level_forename IN (1, 2, 3, 4) AND gender_l <> gender_r
        OR ((level_forename = 1
                OR level_forename = 2
                    AND (forename_bearers >= 1 OR len(forename_variants_l) > 0 OR {WOMANS_FORM}))
            AND NOT {SAME_NUMBER})
        OR (level_middle_names = 0 AND ({HALF_A_NAME} OR length(forename_l) <= {SYLLABLE} OR forename_l <> forename_r
                OR middle_names_l IN ('SINGH', 'KAUR') AND middle_names_r IN ('SINGH', 'KAUR')
                OR forename_joined_l <> forename_l OR forename_joined_r <> forename_r))
        OR (gender_l <> gender_r AND level_surname <= 1 AND surname_l <> surname_r)
        OR {OTHER_BESIDE} OR {LATER_NAME}
    )
"""
