"""The columns of `record` → what a person who compares two records is shown, in which order, and what is withheld.

PDS marks some people as sensitive (codes R, V and S, or a flag). What is withheld are the home and telephone of them and of
the council subjects that may be one of them, and of whoever shares these: all that `protected` holds.
"""

from linkage.tables import PROTECTED

RECEIVED = "_received"
ORDER = (
    "forename", "middle_names", "surname", "date_of_birth", "gender", "address", "postcode", "contact", "nhs_number",
)  # fmt: skip

WITHHELD = "withheld: sensitive record"
HOME, CONTACT = "home", "contact"
WITHHELD_FIELDS = {"address": HOME, "postcode": HOME, "contact": CONTACT}
"""Field → which part of a protected subject it shows (`what` in `protected`)."""

SENSITIVE = "SELECT DISTINCT subject_id FROM record WHERE coalesce(is_confidential, false)"
"""People of a register whom PDS marks as sensitive, and council records that are marked confidential."""

CURRENT_NUMBERS = """
    SELECT subject_id, any_value(record_id) AS nhs_number FROM record
    WHERE dataset = 'nhs' AND subject_id IN (SELECT other_id FROM candidate) GROUP BY subject_id
"""
"""The NHS Number that each candidate has now."""


def shown_columns(columns: list[str]) -> dict[str, str]:
    """Field → the column of `record` that shows it, in the order in which people compare; other fields come last."""
    found = {
        field: f"{field}{RECEIVED}" if f"{field}{RECEIVED}" in columns else field
        for field in ORDER
        if {field, f"{field}{RECEIVED}"} & set(columns)
    }
    others = {name.removesuffix(RECEIVED): name for name in columns if name.endswith(RECEIVED)}
    return found | {field: name for field, name in others.items() if field not in found}


def shown_sql(side: str, other: str, field: str, column: str) -> str:
    """Expression for `column` of the record aliased `side`, or the words that it is withheld. It is withheld if that
    record is protected, or the one aliased `other` that it is shown beside, since the two may share the value."""
    if field not in WITHHELD_FIELDS:
        return f'{side}."{column}"'
    protected = f"(SELECT subject_id FROM \"{PROTECTED.name}\" WHERE what = '{WITHHELD_FIELDS[field]}')"
    return (
        f"CASE WHEN {side}.subject_id IN {protected} OR {other}.subject_id IN {protected} THEN '{WITHHELD}' "
        f'ELSE {side}."{column}" END'
    )


def both_sides_sql(shown: dict[str, str], endings: dict[str, str]) -> str:
    """Columns for a SELECT that show every field in `shown` (field → its column) of both records side by side, each
    followed by a comma.

    `endings`: alias of each of the two records → the ending of its columns' names.
    """
    one, two = endings
    return "".join(
        f"""
            {shown_sql(side, other, field, column)} AS "{field}_{endings[side]}","""
        for field, column in shown.items()
        for side, other in ((one, two), (two, one))
    )
