"""Files of which only the lines are read that were not there before: what is known of them is what a whole reading tells."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from linkage.config import Dataset
from linkage.database import open_database
from linkage.ingest import Ingested, ingest
from linkage.standardise import content_sql
from linkage.tables import NHS, raw
from linkage.weekly import lines
from linkage.weekly.changes import add_known, find_changes, number_rows
from linkage.weekly.lines import ReadWholeError, keep_lines, lines_of, read_new_lines

HEADINGS = "NHS_NUMBER,FAMILY_NAME,GIVEN_NAME,DATE_OF_BIRTH,TELEPHONE"
ADA = "9000000009,Byron,Ada,1815-12-10,"
MARY = "9000000017,Somerville,Mary,1780-12-26,01632 960001"
JANE = '9000000025,"Marcet, born Haldimand",Jane,1769-01-01,'
CAROLINE = "9000000033,Herschel,Caroline,1750-03-16,"
NOBODY = ",Nobody,,,"
BEFORE = [HEADINGS, ADA, MARY, JANE, NOBODY]

LATER = {
    "as it was": BEFORE,
    "in another order": [HEADINGS, JANE, NOBODY, ADA, MARY],
    "one is gone, of the only one with a telephone": [HEADINGS, ADA, JANE, NOBODY],
    "one has come": [HEADINGS, CAROLINE, ADA, MARY, JANE, NOBODY],
    "one has changed": [HEADINGS, ADA.replace("Ada", "Augusta"), MARY, JANE, NOBODY],
    "one stands there twice": [HEADINGS, ADA, MARY, MARY, JANE, NOBODY],
    "another cannot be used": [HEADINGS, NOBODY, ADA, ",Somebody,,,", MARY, JANE, ",,,,"],
    "one is written another way": [HEADINGS, ADA.replace("Byron", " Byron "), MARY, JANE, NOBODY],
    "blank lines at the end": [*BEFORE, "", ""],
}
WHOLE = {
    "other headings": [HEADINGS.replace("FAMILY_NAME,GIVEN_NAME", "GIVEN_NAME,FAMILY_NAME"), *BEFORE[1:]],
    "nobody is there who was": [HEADINGS, CAROLINE],
    "a line break in quotes": [*BEFORE, CAROLINE.replace("Herschel", '"Her\nschel"')],
    "a quote that is not closed": [*BEFORE, CAROLINE.replace("Herschel", '"Herschel')],
    "another end of lines": [*BEFORE, f"{CAROLINE}\r"],
}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(tmp_path) as opened:
        yield opened


def rows_of(database: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """The rows of the register in the raw table, by row number, as numbers that stand for their values."""
    query = f'SELECT row_number, {content_sql()} FROM "{raw(NHS)}" ORDER BY row_number'
    return database.execute(query).fetchall()


def rejects_of(database: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return database.execute("SELECT * FROM reject ORDER BY ALL").fetchall()


def remember(database: duckdb.DuckDBPyConnection, file: Dataset) -> None:
    """Make `kept_row` of the rows of a file, with ids of their own, and let go of the rest."""
    found = ingest(database, file)
    number_rows(database, [NHS])
    keep_lines(database, [file], [found])
    database.execute(
        """
        CREATE TABLE kept_row AS
        SELECT dataset, row_number * 100 AS kept_id, content, copy, line, filled, false AS waits_for_a_day
        FROM row_key LEFT JOIN row_line USING (dataset, row_number);
        DROP TABLE row_key; DROP TABLE row_line; DROP TABLE reject
        """
    )


def read_both_ways(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, later: bytes
) -> tuple[Dataset, Ingested, list[tuple[object, ...]], list[tuple[object, ...]]]:
    """A week with `BEFORE`, then one with the file `later`: what a whole reading tells of that, and its rows and rejects."""
    file = Dataset(NHS, tmp_path / "nhs.csv")
    ending = b"\r\n" if b"\r\n" in later[:100] else b"\n"
    file.path.write_bytes(ending.join(line.encode() for line in [*BEFORE, ""]))
    remember(database, file)
    file.path.write_bytes(later)
    with open_database(tmp_path) as other:
        return file, ingest(other, file), rows_of(other), rejects_of(other)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("what", LATER)
def test_what_is_told_of_a_file_is_what_a_whole_reading_tells(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, what: str, end: str
) -> None:
    text = end.join([*LATER[what], ""])
    file, told, rows, rejects = read_both_ways(database, tmp_path, text.encode())
    assert read_new_lines(database, file) == told
    assert rejects_of(database) == rejects
    assert len(rows_of(database)) < len(rows)
    number_rows(database, [NHS])
    add_known(database)
    find_changes(database)
    known = """
        SELECT row_number, coalesce(row_key.content, kept_row.content) FROM row_key LEFT JOIN kept_row USING (kept_id)
        ORDER BY row_number
    """
    assert database.execute(known).fetchall() == rows


def test_a_last_line_may_have_no_end(database: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    text = "\n".join([HEADINGS, MARY, ADA, CAROLINE])
    file, told, _, _ = read_both_ways(database, tmp_path, text.encode())
    assert read_new_lines(database, file) == told
    assert len(rows_of(database)) == 1


@pytest.mark.parametrize("what", WHOLE)
def test_a_file_whose_lines_say_too_little_is_read_whole(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, what: str
) -> None:
    file = Dataset(NHS, tmp_path / "nhs.csv")
    file.path.write_text("\n".join([*BEFORE, ""]), encoding="utf-8")
    remember(database, file)
    file.path.write_text("\n".join([*WHOLE[what], ""]), encoding="utf-8", newline="")
    with pytest.raises(ReadWholeError):
        read_new_lines(database, file)


@pytest.mark.parametrize(
    "text",
    [
        "A title,,,,\n" + "\n".join(BEFORE),
        "\n".join(BEFORE).replace("Byron", "Byr\u00f6n").encode("cp1252"),
        "\n".join(BEFORE).replace("Byron", '"By\nron"'),
        "\n".join([HEADINGS, ADA, "", MARY]),
    ],
)
def test_lines_of_a_file_that_is_not_plain_are_not_kept(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, text: str | bytes
) -> None:
    file = Dataset(NHS, tmp_path / "nhs.csv")
    file.path.write_bytes(text if isinstance(text, bytes) else text.encode())
    keep_lines(database, [file], [ingest(database, file)])
    assert database.execute("FROM row_line").fetchall() == []


def test_a_workbook_is_read_whole(database: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(ReadWholeError):
        read_new_lines(database, Dataset(NHS, tmp_path / "nhs.xlsx"))


def test_a_file_that_may_not_be_opened_is_left_to_what_tells_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "nhs.csv"
    file.write_text(HEADINGS, encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("linkage.weekly.lines.numpy.fromfile", refuse)
    with pytest.raises(ReadWholeError):
        lines_of(file)


@pytest.mark.parametrize("changed", [0, 1])
def test_of_two_rows_that_say_the_same_the_one_whose_line_changed_is_not_new(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, changed: int
) -> None:
    file = Dataset(NHS, tmp_path / "nhs.csv")
    headings, printed = f"{HEADINGS},PRINTED", [f"{ADA},monday", f"{ADA},tuesday"]
    file.path.write_text("\n".join([headings, *printed, MARY + ",", ""]), encoding="utf-8")
    remember(database, file)
    printed[changed] = f"{ADA},friday"
    file.path.write_text("\n".join([headings, *printed, MARY + ",", ""]), encoding="utf-8")
    read_new_lines(database, file)
    number_rows(database, [NHS])
    add_known(database)
    found = find_changes(database)[NHS]
    assert (found.new, found.gone) == (0, 0)


def cut_short(path: Path) -> None:
    os.truncate(path, 20)


def reverse(path: Path) -> None:
    headings, *rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([headings, *rows[::-1]]))


def replace_by_another(path: Path) -> None:
    other = path.with_name("other")
    other.write_text(f"{HEADINGS}\n{CAROLINE}\n", encoding="utf-8")
    other.replace(path)


MEDDLING: list[Callable[[Path], None]] = [cut_short, reverse, replace_by_another, Path.unlink]


def meddle(monkeypatch: pytest.MonkeyPatch, step: str, path: Path, how: Callable[[Path], None]) -> None:
    """Let another program change the file just before this step."""
    whole = getattr(lines, step)

    def changed_first(*arguments: object) -> object:
        monkeypatch.undo()
        how(path)
        return whole(*arguments)

    monkeypatch.setattr(lines, step, changed_first)


@pytest.mark.skipif(os.name == "nt", reason="a file that is open is not replaced there")
@pytest.mark.parametrize("how", MEDDLING)
@pytest.mark.parametrize("step", ["number_lines", "are_rows", "ingest"])
def test_a_file_that_changes_once_its_lines_are_read_is_told_as_it_was(
    database: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    how: Callable[[Path], None],
) -> None:
    text = "\n".join([HEADINGS, MARY, ADA, CAROLINE])
    file, told, _, _ = read_both_ways(database, tmp_path, text.encode())
    meddle(monkeypatch, step, file.path, how)
    assert read_new_lines(database, file) == told
    assert len(rows_of(database)) == 1


@pytest.mark.parametrize("how", MEDDLING)
def test_of_a_file_that_has_changed_since_it_was_read_no_lines_are_kept(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, how: Callable[[Path], None]
) -> None:
    file = Dataset(NHS, tmp_path / "nhs.csv")
    file.path.write_text("\n".join([*BEFORE, ""]), encoding="utf-8")
    found = ingest(database, file)
    how(file.path)
    keep_lines(database, [file], [found])
    assert database.execute("FROM row_line").fetchall() == []


@pytest.mark.skipif(os.name == "nt", reason="a file that is open is not replaced there")
@pytest.mark.parametrize("how", MEDDLING)
def test_lines_of_a_file_that_changes_while_they_are_read_are_not_kept(
    database: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: Callable[[Path], None],
) -> None:
    file = Dataset(NHS, tmp_path / "nhs.csv")
    file.path.write_text("\n".join([*BEFORE, ""]), encoding="utf-8")
    found = ingest(database, file)
    meddle(monkeypatch, "are_rows", file.path, how)
    keep_lines(database, [file], [found])
    assert database.execute("FROM row_line").fetchall() == []
