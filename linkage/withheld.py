"""Records whose register person is marked sensitive → SQL that shows their address and contact details to nobody.

PDS marks such people (codes R, V and S, or a flag) and leaves the home and telephone out of its answers. The council's
own address for them may be the secret, so it is withheld too, for every candidate of that council record.
"""

WITHHELD = "withheld: sensitive record"
FIELDS = ("address", "postcode", "contact")

SENSITIVE = """
    SELECT DISTINCT subject_id FROM record WHERE dataset = 'nhs' AND coalesce(is_confidential, false)
"""

PROTECTED = f"""
    SELECT subject_id FROM ({SENSITIVE})
    UNION
    SELECT candidate.subject_id FROM candidate JOIN ({SENSITIVE}) sensitive ON sensitive.subject_id = candidate.other_id
    WHERE candidate.rank <= 5
"""
"""Subjects of either side of which `FIELDS` are not shown: those that are sensitive, and those that may be one of them."""


def shown_sql(side: str, field: str, column: str) -> str:
    """Expression for `column` of the record aliased `side`, or the word that it is withheld.

    The query has to have a CTE `protected` that is `PROTECTED`.
    """
    if field not in FIELDS:
        return f'{side}."{column}"'
    return (
        f"CASE WHEN {side}.subject_id IN (SELECT subject_id FROM protected) THEN '{WITHHELD}' "
        f'ELSE {side}."{column}" END'
    )
