"""SQL for the hashes by which the values of a row are recognised in a later run.

The hashes have no key: whoever tries all names and dates can find out what they stand for.
"""

import re

from linkage import shelf

DIGITS = 16
HASH = re.compile(rf"v[0-9a-f]{{{DIGITS}}}")


def hash_sql(value: str) -> str:
    """Expression for the hash of a text: "v" and `DIGITS` hexadecimal digits; "" for NULL. It begins with a letter because
    spreadsheets take digits for a number."""
    return f"coalesce('v' || left(sha256({value}), {DIGITS}), '')"


def is_hash(text: str) -> bool:
    """Whether `text` has the form that `hash_sql` gives."""
    return HASH.fullmatch(text) is not None


def received_sql() -> str:
    """Expression over `received` for the hash of all compared inputs of a row, without regard to case and repeated spaces."""
    values = ", ".join(f"""'{name}=' || received."{name}" """ for name in compared())
    content = f"concat_ws(chr(31), {values})"
    spaced = f"regexp_replace({content}, ' {{2,}}', ' ', 'g')"
    return hash_sql(f"upper(CASE WHEN contains({content}, '  ') THEN {spaced} ELSE {content} END)")


def compared() -> list[str]:
    """Names of the inputs that fields with a comparison read, sorted, without `WORKED_OUT` ones."""
    found: set[str] = set()
    worked_out: set[str] = set()
    for field in shelf.load_all("fields").values():
        worked_out.update(getattr(field, "WORKED_OUT", {}))
        if hasattr(field, "COMPARISON"):
            found.update(getattr(field, "READS", [declared.name for declared in field.INPUTS]))
    return sorted(found - worked_out)


def compared_cleaned() -> list[str]:
    """Names of the fields' columns that are made from a compared input, without flags and what is only shown (`_received`)."""
    read = set(compared())
    return [
        column
        for field in shelf.load_all("fields").values()
        if read & set(getattr(field, "READS", [declared.name for declared in field.INPUTS]))
        for column in field.COLUMNS
        if not column.endswith(("_received", "_flags"))
    ]
