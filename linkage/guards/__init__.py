"""The shelf of guards: rules that can stop an automatic link, one file a rule.

A file on this shelf holds

- `WORDING`: one plain sentence that says why a human should look, put into the link's reason;
- `CONDITION`: a DuckDB expression that is true where the guard fires, over one row per proposed link with
  `<column>_l` (council row) and `<column>_r` (NHS row) of `record`, `level_<comparison>` and `weight_<comparison>` (bits) of the pair, and what
  `linkage.proposal.PROPOSED` lists (weights, margin, the number of people at the address …).

A guard turns an accept into a review; it never makes or changes a link.
"""

from linkage.tabular import literal
from linkage.values.names import HALVES_OF_NAMES

OWN_MIDDLE_NAME = "coalesce(middle_names_l = middle_names_r AND NOT middle_names_shared, false)"
"""Condition that the middle names agree and are the person's own: Singh, Kaur and Bibi are a family's."""
SAME_NUMBER = "coalesce(list_has_any(nhs_numbers_l, nhs_numbers_r), false)"
"""Condition that the council holds an NHS Number of the proposed person."""
OWN_MOBILE = """
coalesce(list_has_any(
    list_filter(contacts_l, lambda contact: starts_with(contact, '07') OR contains(contact, '@')), own_contacts
), false)
"""
"""Condition that a mobile number or e-mail address of the council record is the proposed person's and nobody else's."""
HALF_NAMES = ", ".join(map(literal, sorted(HALVES_OF_NAMES)))
"""Names of a family or of half a name, as SQL: Kaur, Singh, Bibi, Abdul."""
HALF_A_NAME = f"(coalesce(forename_skeleton_l = 'MOHMD', false) OR forename_l IN ({HALF_NAMES}))"
"""Condition that the forename is one that brothers or sisters share, and the name behind it the person's own."""
_ANOTHER = "forename_l <> forename_r AND NOT list_has_any(forename_variants_l, forename_variants_r)"
OTHER_BESIDE = f"""
({_ANOTHER}
    AND list_contains(forename_others_r, forename_l) AND NOT list_contains(forename_others_l, forename_r)
    AND length(middle_names_l) > 1 AND len(forename_others_l) > 0
    AND len(list_filter(forename_others_l, lambda told: jaro_winkler_similarity(told, forename_r) >= 0.9
        OR len(list_filter(forename_others_r, lambda known: jaro_winkler_similarity(told, known) >= 0.9)) > 0)) = 0)
"""
"""Condition that the forename is a later name of the other side, but what stands beside it is another: Kaur Davinder and Jaswinder
Kaur, John Oliver and James John."""
LATER_NAME = f"""
({_ANOTHER}
    AND list_contains(forename_others_l, forename_r) AND NOT list_contains(forename_others_r, forename_l))
"""
"""Condition that the register only knows one of the council's later names, as forename: it is the one that has names in full."""
WOMANS_FORM = "((forename_l = forename_r || 'A' OR forename_r = forename_l || 'A') AND NOT coalesce(gender_l = gender_r, false))"
"""Condition that one forename is the other's with an A behind it, as a sister's may be (Nadir and Nadira), and that nothing says
that both are men or both women."""
