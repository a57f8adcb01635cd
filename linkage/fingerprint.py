"""Received rows and record table → `fingerprint`: for every subject, hashes by which a later run knows its record and
its values again.

`received` stands for everything that is compared, as received, whatever its case and spacing: it is what a person was shown.
`cleaned` stands for what it is cleaned to, which is what is compared. The fingerprint is `received`, or in a workspace an
earlier one of a record that still says the same (`linkage.weekly.same_values`). The hashes of birth date and names tell a
corrected record from an identifier given to somebody else.
"""

import duckdb

from linkage import shelf
from linkage.tables import FINGERPRINT, NHS, RECORD, raw

DIGITS = 16


def fingerprint(database: duckdb.DuckDBPyConnection, datasets: list[str]) -> None:
    """Make `fingerprint`, but for former numbers; the order of a subject's rows and of the columns changes nothing."""
    received = " UNION ALL ".join(_content_sql(dataset) for dataset in datasets)
    columns = ", ".join(f'"{name}"' for name in compared_cleaned())
    cleaned = f"hash({columns})"
    birth, names = "CAST(date_of_birth AS VARCHAR)", "forename || chr(31) || surname"
    database.execute(
        f"""
        CREATE TABLE "{FINGERPRINT.name}" AS
        WITH received AS ({received}),
        several AS (SELECT subject_id FROM "{RECORD.name}" GROUP BY subject_id HAVING count(*) > 1)
        SELECT subject_id, dataset, record_id, received AS fingerprint, {_hash(birth)} AS birth, {_hash(names)} AS names,
            CAST([] AS VARCHAR[]) AS former_numbers, received, {cleaned} AS cleaned
        FROM "{RECORD.name}" JOIN (
            SELECT dataset, row_number, {_hash("content")} AS received FROM received
        ) USING (dataset, row_number)
        WHERE subject_id NOT IN (FROM several)
        UNION ALL
        SELECT subject_id, any_value(dataset), min(record_id), {_hash(_together("content"))},
            {_hash(_together(birth))}, {_hash(_together(names))}, [],
            {_hash(_together("content"))}, hash(list_sort(list(DISTINCT {cleaned})))
        FROM (FROM "{RECORD.name}" WHERE subject_id IN (FROM several)) JOIN received USING (dataset, row_number)
        GROUP BY subject_id
        """
    )


def tell_former_numbers(database: duckdb.DuckDBPyConnection) -> None:
    """Put into `fingerprint` the NHS Numbers that each person of the register had before.

    These are the numbers of rows that `resolve_superseded` gave to the person, and numbers that only rows of that person name as
    superseded; not one that is somebody's now.
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


def _content_sql(dataset: str) -> str:
    """SELECT of everything that is compared of a row, as received, whatever its case and spacing."""
    values = ", ".join(f"""'{name}=' || "{name}" """ for name in compared())
    spaced = "regexp_replace(content, ' {2,}', ' ', 'g')"
    return f"""
        SELECT '{dataset}' AS dataset, row_number,
            upper(CASE WHEN contains(content, '  ') THEN {spaced} ELSE content END) AS content
        FROM (SELECT row_number, concat_ws(chr(31), {values}) AS content FROM "{raw(dataset)}")
    """


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


def _hash(value: str) -> str:
    """SQL for the hash of a value, "" where there is none.

    It begins with a letter: spreadsheets take digits for a number.
    """
    return f"coalesce('v' || left(sha256({value}), {DIGITS}), '')"


def _together(value: str) -> str:
    """SQL for all values of a subject's rows in one, which is the value itself where they agree."""
    return f"array_to_string(list_sort(list(DISTINCT {value}) FILTER ({value} IS NOT NULL)), chr(30))"
