"""Record table → `fingerprint`: for every subject, hashes by which a later run knows its record and its values again.

The fingerprint stands for the values as received, whatever their case and spacing: it is what a person was shown. The
hashes of birth date and names tell a corrected record from an identifier that was given to somebody else.
"""

import duckdb

from linkage.database import columns_of
from linkage.tables import FINGERPRINT, RECORD

RECEIVED = "_received"
DIGITS = 16


def fingerprint(database: duckdb.DuckDBPyConnection) -> None:
    """Make `fingerprint`; the order of a subject's rows and of its columns changes nothing."""
    names = sorted(name for name in columns_of(database, RECORD.name) if name.endswith(RECEIVED))
    values = ", ".join(
        f"""'{name.removesuffix(RECEIVED)}=' || upper(regexp_replace(trim("{name}"), '\\s+', ' ', 'g'))"""
        for name in names
    )
    database.execute(
        f"""
        CREATE TABLE "{FINGERPRINT.name}" AS
        SELECT subject_id, any_value(dataset) AS dataset, min(record_id) AS record_id,
            {_hash("concat_ws(chr(31), " + values + ")")} AS fingerprint,
            {_hash("CAST(date_of_birth AS VARCHAR)")} AS birth,
            {_hash("forename || chr(31) || surname")} AS names,
            coalesce(list_sort(list(DISTINCT nhs_number) FILTER (dataset = 'nhs' AND nhs_number <> record_id)), [])
                AS former_numbers
        FROM "{RECORD.name}" GROUP BY subject_id ORDER BY subject_id
        """
    )


def _hash(value: str) -> str:
    """SQL for the hash of all values of a subject's rows, "" where there are none.

    It begins with a letter: spreadsheets take digits for a number.
    """
    together = f"array_to_string(list_sort(list(DISTINCT {value}) FILTER ({value} IS NOT NULL)), chr(30))"
    return f"coalesce('v' || left(sha256({together}), {DIGITS}), '')"
