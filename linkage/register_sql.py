"""SELECTs over `record` of what guards read about a register's people, homes and names."""

from linkage.tables import COUNCIL, NHS, RECORD

HOMES = f"""
    SELECT place, count(DISTINCT subject_id) AS residents FROM "{RECORD.name}"
    WHERE dataset = '{NHS}' AND place IS NOT NULL GROUP BY place
"""
BEARERS = f"""
    SELECT forename, count(*) AS bearers FROM "{RECORD.name}"
    WHERE dataset = '{NHS}' AND forename IS NOT NULL GROUP BY forename
"""
DEATHS = f"""
    SELECT subject_id, min(date_of_death) AS first_date_of_death FROM "{RECORD.name}"
    WHERE dataset = '{NHS}' AND date_of_death IS NOT NULL GROUP BY subject_id
"""
ROWS_OF_TWO = "min(forename_initial) < max(forename_initial) AND min(date_of_birth) < max(date_of_birth)"
"""Condition on the rows of a subject: they differ in the forename's initial and in the birth date, so they are two people's."""
FORENAMES_OF = """
    flatten(list(list_append(forename_variants, forename)) FILTER (gender = '{gender}' AND length(forename) > 1))
"""
ROWS_DISAGREE = f"""
    (count(DISTINCT date_of_birth) > 1 OR count(DISTINCT forename_initial) > 1
    OR NOT list_has_any({FORENAMES_OF.format(gender="male")}, {FORENAMES_OF.format(gender="female")}))
"""
"""Condition on the rows of a council subject: they differ in the birth date or in the forename's initial; or in both gender and
forename, as a woman Jane and a man John do."""
CONFUSED = f"""
    SELECT subject_id FROM "{RECORD.name}" WHERE dataset = '{NHS}' AND nhs_number IS NOT NULL
    GROUP BY subject_id HAVING {ROWS_OF_TWO}
"""
MOST_ALIKE = 0.1
"""Share of the other people of a surname from which middle names are shared names and not a person's own."""
SHARED_MIDDLE_NAMES = f"""
    SELECT surname, middle_names, true AS middle_names_shared FROM (
        SELECT surname, middle_names, count(DISTINCT subject_id) AS people FROM "{RECORD.name}"
        WHERE dataset = '{NHS}' AND surname IS NOT NULL AND middle_names IS NOT NULL GROUP BY ALL
    )
    QUALIFY people - 1 > {MOST_ALIKE} * (sum(people) OVER (PARTITION BY surname) - 1)
"""
"""Surnames with the middle names that more than `MOST_ALIKE` of the other people of that surname have: Singh, Kaur, Bibi, or a
name that a family hands on."""
KNOWN_TO_COUNCIL = (
    f"""contact IN (SELECT unnest(contacts) FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}')"""
)
"""Condition that the council has a `contact` too. Guards only ask about such, so a run looks at no others."""


def own_contacts_sql(wanted: str = "true") -> str:
    """SELECT of subject_id and own_contacts: the telephone numbers and e-mail addresses that only this person of the
    register has, of those that meet the condition `wanted` on `contact`. Others may be a household's."""
    return f"""
        SELECT subject_id, list(contact ORDER BY contact) AS own_contacts FROM (
            SELECT contact, min(subject_id) AS subject_id
            FROM (SELECT subject_id, unnest(contacts) AS contact FROM "{RECORD.name}" WHERE dataset = '{NHS}')
            WHERE {wanted} GROUP BY contact HAVING min(subject_id) = max(subject_id)
        ) GROUP BY subject_id
    """
