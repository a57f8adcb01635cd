"""Record table → `fingerprint`: for every subject, hashes by which a later run recognises its record and its values.

`received` is a hash of all compared inputs as received, but for case and spacing: what a person was shown. `cleaned` is a hash of
the cleaned columns that are compared. `fingerprint` is `received`, or in a workspace the fingerprint of an earlier run, if the
record still says the same (`linkage.weekly.same_values`). The hashes of birth date and names tell a corrected record from an id
that was given to somebody else.
"""

import duckdb

from linkage.hashed import compared_cleaned, hash_sql
from linkage.tables import FINGERPRINT, NHS, RECORD, ensure_sql


def fingerprint(database: duckdb.DuckDBPyConnection, subjects: str = "") -> None:
    """Add all subjects to `fingerprint`, or those of `subjects`, a SELECT of subject_id; former_numbers stay empty.

    The order of a subject's rows changes nothing.
    """
    columns = ", ".join(f'"{name}"' for name in compared_cleaned())
    cleaned = f"hash({columns})"
    birth, names = "CAST(date_of_birth AS VARCHAR)", "forename || chr(31) || surname"
    rows = f"""(FROM "{RECORD.name}" {subjects and f"WHERE subject_id IN ({subjects})"})"""
    database.execute(ensure_sql(FINGERPRINT))
    database.execute(
        f"""
        INSERT INTO "{FINGERPRINT.name}" BY NAME
        WITH several AS (SELECT subject_id FROM {rows} GROUP BY subject_id HAVING count(*) > 1)
        SELECT subject_id, dataset, record_id, received AS fingerprint, {hash_sql(birth)} AS birth, {hash_sql(names)} AS names,
            CAST([] AS VARCHAR[]) AS former_numbers, received, {cleaned} AS cleaned
        FROM {rows} WHERE subject_id NOT IN (FROM several)
        UNION ALL
        SELECT subject_id, any_value(dataset), min(record_id), {_one("received")} AS said,
            {hash_sql(_together(birth))}, {hash_sql(_together(names))}, [], said, hash(list_sort(list(DISTINCT {cleaned})))
        FROM {rows} WHERE subject_id IN (FROM several) GROUP BY subject_id
        """
    )


def tell_former_numbers(database: duckdb.DuckDBPyConnection) -> None:
    """Fill `former_numbers` in `fingerprint`: the NHS Numbers that each person of the register had before.

    These are the numbers of rows that `resolve_superseded` gave to the person, and superseded numbers that only this person's
    rows name; never one that somebody has now.
    """
    database.execute(f"""UPDATE "{FINGERPRINT.name}" SET former_numbers = [] WHERE len(former_numbers) > 0""")
    database.execute(
        f"""
        UPDATE "{FINGERPRINT.name}" SET former_numbers = former.numbers
        FROM (
            WITH told AS (
                SELECT subject_id, record_id, nhs_number, unnest(nhs_numbers) AS old FROM "{RECORD.name}"
                WHERE dataset = '{NHS}' AND nhs_number IS NOT NULL AND (len(nhs_numbers) > 1 OR nhs_number <> record_id)
            ),
            led AS (
                SELECT old, coalesce(min(subject_id) FILTER (old = nhs_number), min(subject_id)) AS subject_id
                FROM told WHERE old <> record_id AND old NOT IN (
                    SELECT record_id FROM "{RECORD.name}" WHERE dataset = '{NHS}' AND nhs_number IS NOT NULL)
                GROUP BY old
                HAVING min(subject_id) = max(subject_id) OR bool_or(old = nhs_number)
            )
            SELECT subject_id, list(old ORDER BY old) AS numbers FROM led GROUP BY subject_id
        ) former
        WHERE "{FINGERPRINT.name}".subject_id = former.subject_id
        """
    )


def _together(value: str) -> str:
    """Expression for all different values of a subject's rows as one text; the value itself where all rows agree."""
    return f"array_to_string(list_sort(list(DISTINCT {value}) FILTER ({value} IS NOT NULL)), chr(30))"


def _one(hashed: str) -> str:
    """Expression for one hash from the hashes of a subject's rows; the hash itself where all rows agree."""
    return (
        f"CASE WHEN min({hashed}) = max({hashed}) THEN min({hashed}) ELSE {hash_sql(_together(hashed))} END"
    )
