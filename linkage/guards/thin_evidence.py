"""No home, telephone or held NHS Number in common, and the birth date, surname or middle name does not agree either.

A postcode is not a home: where the birth date has two slips or more, or is an estimate, a cousin of that name may live round the
corner. A middle name makes up for another surname, but not for a birth date: there are many called John William Taylor.
"""

from linkage.guards import SAME_NUMBER, at, at_most

WORDING = "names and birth date leave doubt, and little else speaks for the link"

CONDITION = f"""
    (weight_address < 3
        OR shows_relatives AND {at_most("address", "same_postcode")}
            AND {at("date_of_birth", "differs", "year", "two_digits", "two_parts", "estimated_near", "estimated_year")}
        OR (
        postcode_sector_l IS NOT NULL AND postcode_outcode_l <> postcode_outcode_r
        AND NOT list_has_any(postcodes_l, postcodes_r)
    ))
    AND NOT coalesce(list_has_any(contacts_l, contacts_r), false)
    AND NOT {SAME_NUMBER}
    AND (
        NOT coalesce(date_of_birth_l = date_of_birth_r AND NOT date_of_birth_weak_r, false)
        OR {at("middle_names", "differs")}
        OR NOT list_has_any(surname_parts_l, surname_parts_r) AND weight_surname < 0
            AND NOT coalesce(middle_names_l = middle_names_r, false)
    )
"""
