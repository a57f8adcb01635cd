"""A list of people who object to the use of their NHS Number → `objection`; a row that cannot be honoured stops the run."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from linkage import shelf
from linkage.database import insert_rows
from linkage.errors import InputError, MappingError
from linkage.ingest import Ingested, empty_among, load_file, make_raw, name_of, sha256_of, unchanged
from linkage.reading.recognise import fill
from linkage.tables import OBJECTION, create_sql

NOBODY = "The list has no row, so nobody objects."


def ingest_objections(database: duckdb.DuckDBPyConnection, path: Path) -> Ingested:
    """Make `objection` (record_id, nhs_number) from a file with one or both of these columns.

    NHS Numbers are read as the field reads them. Wholly empty rows are passed over; headings without rows mean that
    nobody objects, and a note says so. InputError where a row does not fit the headings, has neither of the two, or has
    only a number that cannot be read, since that objection could not be honoured. MappingError where no column is one of
    the two (in a list without headings the first person would be lost), or where two columns have the same heading.
    """
    with unchanged(path):
        return _ingest_objections(database, path)


def _ingest_objections(database: duckdb.DuckDBPyConnection, path: Path) -> Ingested:
    file = name_of(database, "objection", path)
    try:
        loaded = load_file(database, path, file, lambda headings: bool(_columns(headings)))
    except InputError as refused:
        raise InputError(
            f"{refused}. If nobody objects, leave the list out (--objections, or file under [objections] in linkage.toml)"
        ) from None
    if loaded.problems:
        row_number, problem = loaded.problems[0]
        raise InputError(
            f"{file}, row {row_number}: {problem}, so this objection could not be honoured. Mend the row."
        )
    columns = _columns(loaded.headings)
    for heading in loaded.duplicated:
        if [heading] in columns.values():
            raise MappingError(
                f'{file} has more than one column called "{heading}": leave the one that names the person'
            )
    if not columns:
        raise MappingError(
            f"{file} has no column of record ids or NHS Numbers. Call the column record_id or "
            "nhs_number; if the file has no headings, put them above the first person."
        )
    empty = make_raw(database, "raw_objection", loaded, columns)
    _make_objection(database, file)
    unfilled = empty_among(database, "raw_objection", columns)
    database.execute("DROP TABLE raw_objection")
    received = loaded.rows - empty
    return Ingested(
        dataset="objection",
        file=file,
        sha256=sha256_of(path),
        received=received,
        rejected=0,
        profile="",
        recognised=columns,
        unused=[heading for heading in loaded.headings if [heading] not in columns.values()],
        notes=[*loaded.notes, *([] if received else [NOBODY])],
        empty=unfilled,
    )


def _columns(headings: Sequence[str]) -> dict[str, list[str]]:
    """record_id and nhs_number → the headings that fill them, as far as there are any."""
    found = fill(headings, {}, None)
    return {name: found[name] for name in ("record_id", "nhs_number") if name in found}


def _make_objection(database: duckdb.DuckDBPyConnection, file: str) -> None:
    """Make `objection` from `raw_objection`, with NHS Numbers cleaned; InputError where a row names nobody."""
    read_number = shelf.load("fields", "nhs_number").read_number
    rows = database.execute(
        "SELECT row_number, record_id, nhs_number FROM raw_objection ORDER BY row_number"
    ).fetchall()
    objections = []
    for row_number, record_id, received in rows:
        if record_id is None and received is None:
            raise InputError(
                f"{file}, row {row_number}: there is neither a record id nor an NHS Number, so this objection could not be "
                "honoured. Give one of them under the heading that is read, or take the row out."
            )
        nhs_number, problem = read_number(received)
        if problem and record_id is None:
            raise InputError(
                f"{file}, row {row_number}: the NHS Number is not valid ({problem}) and there is no record id, so this "
                "objection could not be honoured. Mend the row or give the record id."
            )
        objections.append((record_id, nhs_number))
    database.execute(create_sql(OBJECTION))
    insert_rows(database, OBJECTION.name, objections)
