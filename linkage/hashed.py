"""What is compared of a row → SQL for the hashes by which its values are known again.

They have no key: whoever tries names and dates reads them back.
"""

import re

from linkage import shelf

DIGITS = 16
HASH = re.compile(rf"v[0-9a-f]{{{DIGITS}}}")


def hash_sql(value: str) -> str:
    """SQL for the hash of a value, "" where there is none.

    It begins with a letter: spreadsheets take digits for a number.
    """
    return f"coalesce('v' || left(sha256({value}), {DIGITS}), '')"


def is_hash(text: str) -> bool:
    """Whether `text` is what `hash_sql` makes of a value, or of several."""
    return HASH.fullmatch(text) is not None


def received_sql() -> str:
    """Expression over `received` for the hash of everything that is compared of a row, as received, whatever its case and spacing."""
    values = ", ".join(f"""'{name}=' || received."{name}" """ for name in compared())
    content = f"concat_ws(chr(31), {values})"
    spaced = f"regexp_replace({content}, ' {{2,}}', ' ', 'g')"
    return hash_sql(f"upper(CASE WHEN contains({content}, '  ') THEN {spaced} ELSE {content} END)")


def compared() -> list[str]:
    """Names of the inputs that the comparisons read, without what is worked out from them."""
    found: set[str] = set()
    worked_out: set[str] = set()
    for field in shelf.load_all("fields").values():
        worked_out.update(getattr(field, "WORKED_OUT", {}))
        if hasattr(field, "COMPARISON"):
            found.update(getattr(field, "READS", [declared.name for declared in field.INPUTS]))
    return sorted(found - worked_out)


def compared_cleaned() -> list[str]:
    """Names of the columns of `record` that follow from what is compared, but for what only shows it."""
    read = set(compared())
    return [
        column
        for field in shelf.load_all("fields").values()
        if read & set(getattr(field, "READS", [declared.name for declared in field.INPUTS]))
        for column in field.COLUMNS
        if not column.endswith(("_received", "_flags"))
    ]
