"""Received rows and record table → `fingerprint`: for every subject, hashes by which a later run knows its record and
its values again.

The fingerprint stands for everything that is compared, as received, whatever its case and spacing: it is what a person
was shown. The hashes of birth date and names tell a corrected record from an identifier given to somebody else.
"""

import duckdb

from linkage import shelf
from linkage.tables import FINGERPRINT, NHS, RECORD, raw

DIGITS = 16


def fingerprint(database: duckdb.DuckDBPyConnection, datasets: list[str]) -> None:
    """Make `fingerprint`; the order of a subject's rows and of the columns changes nothing."""
    values = ", ".join(f"""'{name}=' || "{name}" """ for name in compared())
    contents = [
        f"""
        SELECT '{dataset}' AS dataset, row_number,
            upper(regexp_replace(concat_ws(chr(31), {values}), ' {{2,}}', ' ', 'g')) AS content
        FROM "{raw(dataset)}"
        """
        for dataset in datasets
    ]
    database.execute(
        f"""
        CREATE TABLE "{FINGERPRINT.name}" AS
        WITH received AS ({" UNION ALL ".join(contents)})
        SELECT subject_id, any_value(dataset) AS dataset, min(record_id) AS record_id,
            {_hash("content")} AS fingerprint,
            {_hash("CAST(date_of_birth AS VARCHAR)")} AS birth,
            {_hash("forename || chr(31) || surname")} AS names,
            coalesce(
                list_sort(list(DISTINCT nhs_number) FILTER (dataset = '{NHS}' AND nhs_number <> record_id)), []
            ) AS former_numbers
        FROM "{RECORD.name}" JOIN received USING (dataset, row_number)
        GROUP BY subject_id ORDER BY subject_id
        """
    )


def compared() -> list[str]:
    """Names of the inputs that the comparisons read, without what is worked out from them."""
    found: set[str] = set()
    worked_out: set[str] = set()
    for field in shelf.load_all("fields").values():
        worked_out.update(getattr(field, "WORKED_OUT", {}))
        if hasattr(field, "COMPARISON"):
            found.update(getattr(field, "READS", [declared.name for declared in field.INPUTS]))
    return sorted(found - worked_out)


def _hash(value: str) -> str:
    """SQL for the hash of all values of a subject's rows, "" where there are none.

    It begins with a letter: spreadsheets take digits for a number.
    """
    together = f"array_to_string(list_sort(list(DISTINCT {value}) FILTER ({value} IS NOT NULL)), chr(30))"
    return f"coalesce('v' || left(sha256({together}), {DIGITS}), '')"
