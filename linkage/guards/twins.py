"""Same birth date and the same surname, telephone or home, but another first name: twins share everything but that.

A street line or a postcode in common counts as a home, since an address may have no more. The guard fires, in the order
of the conditions, where

- the forename differs;
- the forename is only alike, an initial or a short form, and the gender differs: these fit a twin of the other sex as
  well, and the held NHS Number may have been looked up for the twin;
- the forename is only alike and both are names (Ronald and Donald, Harpreet and Gurpreet; Nadir and Nadira unless the
  gender is the same), unless a held NHS Number agrees. Otherwise a near forename is a slip of the pen;
- the middle names differ, and the forename is one that twins may share: half a name (Mohammed), a short one, one that is
  only alike, or a double one (Mary Ann is not Mary Jane); or the middle names are Singh and Kaur;
- both gender and surname differ;
- the forename is one of several names of the other side, and the names beside it differ (Kaur Davinder, Jaswinder Kaur),
  or the register does not have the council's forename, though it has names in full.

A telephone in common or a rare middle name is no evidence against twins: both may be the family's.
"""

from linkage.guards import (
    HALF_A_NAME,
    LATER_NAME,
    OTHER_BESIDE,
    SAME_NUMBER,
    WOMANS_FORM,
    at,
    at_least,
    at_most,
)

WORDING = "the first names differ although all else agrees, as with twins"

SYLLABLE = 3
"""Letters up to which a forename may be a syllable that brothers or sisters share: Wai Ming and Wai Keung."""

CONDITION = f"""
    shows_relatives AND date_of_birth_l = date_of_birth_r
    AND ({at_least("address", "former_postcode")} OR list_has_any(surname_names_l, surname_names_r) OR list_has_any(contacts_l, contacts_r))
    AND (
        {at("forename", "differs")}
        OR {at("forename", "like", "close", "initial", "nickname")} AND gender_l <> gender_r
        OR (({at("forename", "like")}
                OR {at("forename", "close")}
                    AND (forename_bearers >= 1 OR len(forename_variants_l) > 0 OR {WOMANS_FORM}))
            AND NOT {SAME_NUMBER})
        OR ({at("middle_names", "differs")} AND ({HALF_A_NAME} OR length(forename_l) <= {SYLLABLE} OR forename_l <> forename_r
                OR middle_names_l IN ('SINGH', 'KAUR') AND middle_names_r IN ('SINGH', 'KAUR')
                OR forename_joined_l <> forename_l OR forename_joined_r <> forename_r))
        OR (gender_l <> gender_r AND {at_most("surname", "differs_woman")} AND surname_l <> surname_r)
        OR {OTHER_BESIDE} OR {LATER_NAME}
    )
"""
