"""What a file held comes out as it went in, and what cannot be read is named by file, row and column only."""

import csv
import datetime
import io
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from make_xlsx import ERROR, Cell, Xml, date, formula, make_xlsx

from linkage import shelf
from linkage.database import count, open_database
from linkage.errors import InputError, LimitError, LinkageError
from linkage.reading import census
from linkage.sources import Fits, Loaded
from linkage.tables import REJECT, create_sql
from linkage.values.dates import read_date

CANARY = "Zanzibarella"

FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
TRICKY = st.text(st.sampled_from(list("\"',;\t|\r\n ab\\é#\ufeff")), max_size=8)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS | TRICKY, min_size=width, max_size=width), min_size=1, max_size=8)
)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_database(tmp_path_factory.mktemp("database"), threads=2) as opened:
        yield opened


def load_file(
    database: duckdb.DuckDBPyConnection, source: str, path: Path, fits: Fits | None = None
) -> Loaded:
    database.execute(create_sql(REJECT).replace("CREATE TABLE", "CREATE OR REPLACE TABLE"))
    database.execute("DROP TABLE IF EXISTS received")
    loaded: Loaded = shelf.load("sources", source).load(database, path, "received", fits)
    return loaded


def received(database: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return database.execute("FROM received ORDER BY row_number").fetchall()


def refusal(
    database: duckdb.DuckDBPyConnection, source: str, path: Path, kind: type[LinkageError] = InputError
) -> str:
    with pytest.raises(kind) as caught:
        load_file(database, source, path)
    message = str(caught.value)
    assert CANARY not in message
    assert path.name in message
    return message


def written(folder: Path, content: str | bytes, name: str = "people.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


# Text


def test_a_plain_file_is_read_as_it_is_with_the_rows_numbered_from_two(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = written(tmp_path, 'id,born,town\n01,1/2/1931,"Ely, Cambs"\n02,1931-02-01,\n03,01-FEB-31," x "\n')
    loaded = load_file(database, "csv", path)
    assert loaded == Loaded(["id", "born", "town"], 3, [], [], [])
    assert received(database) == [
        (2, "01", "1/2/1931", "Ely, Cambs"),
        (3, "02", "1931-02-01", None),
        (4, "03", "01-FEB-31", " x "),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_ends_do_not_matter(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, delimiter: str, line_end: str
) -> None:
    lines = [delimiter.join(cells) for cells in (["id", "name"], ["1", "Ann"], ["2", "Bo"])]
    loaded = load_file(database, "csv", written(tmp_path, line_end.join(lines)))
    assert loaded.headings == ["id", "name"]
    assert received(database) == [(2, "1", "Ann"), (3, "2", "Bo")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_accents_survive_in_every_encoding(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, encoding: str
) -> None:
    path = written(tmp_path, "id,name\n1,Zoë O’Brien\n".encode(encoding))
    loaded = load_file(database, "csv", path)
    assert loaded.headings == ["id", "name"]
    assert ("Windows-1252" in " ".join(loaded.notes)) == (encoding == "cp1252")
    assert received(database) == [(2, "1", "Zoë O’Brien")]


def test_a_file_of_two_encodings_is_read_as_the_wider_one_and_the_notes_say_so(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = written(tmp_path, b"id,name\n1," + "Zoë".encode() + b"\n2," + "Zoë".encode("cp1252") + b"\n")
    loaded = load_file(database, "csv", path)
    assert "some accented letters will be wrong" in " ".join(loaded.notes)
    assert received(database) == [(2, "1", "ZoÃ«"), (3, "2", "Zoë")]


def test_a_byte_that_no_encoding_knows_is_named_by_its_row(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = written(tmp_path, f"id,name\n1,Ann\n2,{CANARY}".encode() + b"\xff\x81\n")
    assert "row 3" in refusal(database, "csv", path)


def test_nul_bytes_are_named_by_their_row(database: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = written(tmp_path, f'id,name\n1,"two\nlines"\n2,{CANARY}\0\n')
    assert "row 3 holds a NUL" in refusal(database, "csv", path)


def test_rows_with_too_many_or_too_few_cells_are_set_aside_and_counted(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = written(tmp_path, f"id,name\n1,Ann\n2,{CANARY},x\n\n3\n4,Bo\n")
    loaded = load_file(database, "csv", path)
    assert (loaded.rows, loaded.rejected) == (2, 2)
    assert loaded.notes == ["Blank lines passed over: 1."]
    assert received(database) == [(2, "1", "Ann"), (6, "4", "Bo")]
    assert loaded.problems == [
        (3, "the row has 3 cells where the heading row has 2"),
        (5, "the row has 1 cells where the heading row has 2"),
    ]


def test_a_delimiter_too_many_at_the_end_of_a_row_is_no_matter(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert load_file(database, "csv", written(tmp_path, "id,name\n1,Ann,\n2,Bo,,,\n")).rejected == 0
    assert received(database) == [(2, "1", "Ann"), (3, "2", "Bo")]


def test_text_after_a_closing_quote_sets_the_row_aside(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    loaded = load_file(database, "csv", written(tmp_path, 'id,name\n1,"Ann" Lee\n2,"Bo"\n'))
    assert loaded.rejected == 1
    assert received(database) == [(3, "2", "Bo")]


@pytest.mark.parametrize(
    "rest", [f'2,"{CANARY}\n3,Bo\n', f'2,"{CANARY}\n3,"Bo"\n4,Cy\n'], ids=["to the end", "to another quote"]
)
def test_a_quote_that_is_not_closed_is_named_by_the_row_where_it_opens(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, rest: str
) -> None:
    assert "row 3: a quote opens there" in refusal(
        database, "csv", written(tmp_path, f"id,name\n1,Ann\n{rest}")
    )


def test_a_cell_beyond_the_limit_is_refused(database: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = written(tmp_path, f"id,name\n1,{CANARY * 9000}\n")
    assert "row 2 holds a cell of more than 100,000 characters" in refusal(database, "csv", path)


@pytest.mark.parametrize(
    ("title", "headings_in"),
    [
        ("People known,,\n", 2),
        ('"People, known",,\n,,\nAs of Monday;,,\n\n', 5),
        (",,People known\n\n", 3),
        ('"People known\non Monday",,\n', 2),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_titles_above_the_headings_of_a_text_file_are_passed_over_and_rows_keep_their_numbers(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, title: str, headings_in: int, encoding: str
) -> None:
    text = f"{title}id,name,né\n1,Ann,x\n2,Bo\n3,,\n"
    loaded = load_file(database, "csv", written(tmp_path, text.encode(encoding)))
    assert loaded.headings == ["id", "name", "né"]
    assert f"The headings are in row {headings_in}; the rows above were passed over." in loaded.notes
    assert loaded.problems == [(headings_in + 2, "the row has 2 cells where the heading row has 3")]
    assert received(database) == [(headings_in + 1, "1", "Ann", "x"), (headings_in + 3, "3", None, None)]


@pytest.mark.parametrize(
    ("content", "headings", "rows"),
    [
        ("id\n1\n2\n", ["id"], [(2, "1"), (3, "2")]),
        ("id,\n1,\n2,\n", ["id", "column 2"], [(2, "1", None), (3, "2", None)]),
        ("id;name\nx,y;Ann\n", ["id", "name"], [(2, "x,y", "Ann")]),
        ("\n" * 200 + "id;name\n1;Ann\n", ["id", "name"], [(202, "1", "Ann")]),
    ],
)
def test_what_is_no_title_is_not_passed_over(
    database: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    content: str,
    headings: list[str],
    rows: list[tuple[object, ...]],
) -> None:
    loaded = load_file(database, "csv", written(tmp_path, content))
    assert loaded.headings == headings
    assert not [note for note in loaded.notes if "passed over" in note and "headings" in note]
    assert received(database) == rows


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("", "is empty"),
        ("Known,,\n1,Ann,02/03/1931\n2,Bo,\n", "has no headings: row 2 holds a date"),
        ("Known\nid,name\n1,Ann\n", "if row 1 is a title"),
        ("\n\n", "is empty"),
        (",,\na,b,c\n4,5,6,7\n", "no row has the 3 cells"),
        (f"1,{CANARY},01/02/1931\n2,Bo,02/02/1931\n", "has no headings"),
        ("9000000009,Ann\n9000000017,Bo\n", "has no headings"),
        *(
            (f"1,{CANARY},{born}\n2,Bo,x\n", "has no headings")
            for born in ("14-Feb-1948", "3 March 1950", "31 Feb 1948", "1948-02-14T00:00:00", "19480214")
        ),
        ('id,"name\n1,Ann\n', "quote that is not closed"),
    ],
)
def test_a_file_with_nothing_to_use_says_why(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, content: str, wanted: str
) -> None:
    assert wanted in refusal(database, "csv", written(tmp_path, content))


def test_a_year_a_month_or_a_number_may_head_a_column(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    loaded = load_file(
        database,
        "csv",
        written(tmp_path, "id,2019,1,May,Mar 2024,03/2024,03.2024,13/2024\n7,a,b,c,d,e,f,g\n"),
    )
    assert loaded.headings == ["id", "2019", "1", "May", "Mar 2024", "03/2024", "03.2024", "13/2024"]


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"PK\x03\x04\x14\0", "an Excel workbook or a zip file"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Excel workbook"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"\n <TABLE><tr>", "a web page"),
        (b"%PDF-1.7", "a PDF"),
    ],
)
@pytest.mark.parametrize("name", ["people.csv", "people.parquet", "people.xlsx"])
def test_a_file_that_is_not_what_its_name_says_is_named_for_what_it_is(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, start: bytes, kind: str, name: str
) -> None:
    source = {"csv": "csv", "parquet": "parquet", "xlsx": "excel"}[name.partition(".")[2]]
    message = refusal(database, source, written(tmp_path, start, name))
    own = ("parquet", b"PAR1") if source == "parquet" else ("excel", b"PK")
    password = source == "excel" and start.startswith(b"\xd0\xcf")
    assert (
        "damaged" if start.startswith(own[1]) and source == own[0] else "password" if password else kind
    ) in message


def test_columns_of_one_name_are_numbered_and_reported(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    loaded = load_file(database, "csv", written(tmp_path, "id,name,name,,name (2)\n1,a,b,c,d\n"))
    assert loaded.headings == ["id", "name", "name (3)", "column 4", "name (2)"]
    assert loaded.duplicated == ["name"]
    assert len(loaded.notes) == 2


def test_three_hundred_columns_are_no_matter(database: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    headings = ",".join(f"h{place}" for place in range(300))
    row = ",".join(str(place) for place in range(300))
    loaded = load_file(database, "csv", written(tmp_path, f"{headings}\n{row}\n{row}\n"))
    assert (len(loaded.headings), loaded.rows) == (300, 2)
    assert received(database)[1] == (3, *(str(place) for place in range(300)))


def test_a_name_that_looks_like_a_pattern_is_one_file(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    written(tmp_path, "id\nwrong\n", "export1.csv")
    load_file(database, "csv", written(tmp_path, "id\nright\n", "export[1]{a,b}.csv"))
    assert received(database) == [(2, "right")]


def test_statements_in_headings_and_cells_are_only_text(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    attack = "x'); DROP TABLE reject; --"
    for name, source in (("a.csv", "csv"), ("a.parquet", "parquet"), ("a.xlsx", "excel")):
        path = tmp_path / name
        if source == "csv":
            written(tmp_path, f'"{attack}","y"\n"{attack}","1"\n', name)
        elif source == "parquet":
            pyarrow.parquet.write_table(pyarrow.table({attack: [attack], "y": ["1"]}), path)
        else:
            make_xlsx(path, {"Sheet": [[attack, "y"], [attack, "1"]]})
        loaded = load_file(database, source, path)
        assert loaded.headings == [attack, "y"]
        assert received(database) == [(2, attack, "1")]
        assert count(database, "reject") == 0


@pytest.mark.parametrize("quick", [True, False])
def test_rows_keep_their_numbers_in_a_large_file_with_line_ends_inside_cells(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, quick: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = 300_000 if quick else 30_000
    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "notes", "more"])
        writer.writerows(
            [number, f'he said "{number}"\nand\r\nleft' if number % 3 else "", "x" * (number % 50)]
            for number in range(2, rows + 2)
        )
    if not quick:
        monkeypatch.setattr(census.Census, "is_plain", lambda _: False)
    loaded = load_file(database, "csv", path)
    assert (loaded.rows, loaded.rejected) == (rows, 0)
    notes = "concat('he said \"', column_1, '\"', chr(10), 'and', chr(13), chr(10), 'left')"
    wrong = f"""
        CAST(row_number AS VARCHAR) <> column_1
        OR coalesce(column_2, '') <> if(row_number % 3 > 0, {notes}, '')
    """
    assert count(database, "received", wrong) == 0
    assert count(database, "received", "row_number IS NOT NULL") == rows


@FUZZ
@given(TABLES)
def test_what_a_csv_writer_wrote_is_read_back_by_both_readers(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, table: list[list[str]]
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([f"heading {place}" for place in range(len(table[0]))])
    writer.writerows(table)
    path = written(tmp_path, text.getvalue())
    expected = [(number, *(cell or None for cell in row)) for number, row in enumerate(table, start=2)]
    loaded = load_file(database, "csv", path)
    assert loaded.rejected == 0
    assert received(database) == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(census.Census, "is_plain", lambda _: False)
        load_file(database, "csv", path)
        assert received(database) == expected


@FUZZ
@given(st.lists(st.text(st.sampled_from(list("aé’€ÿ \n,")), max_size=9), min_size=1, max_size=9))
def test_both_readers_agree_on_windows_1252(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, cells: list[str]
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["id", "né"], *([cell, "x"] for cell in cells)])
    path = written(tmp_path, text.getvalue().encode("cp1252"))
    expected = [(number, cell or None, "x") for number, cell in enumerate(cells, start=2)]
    for trusted in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            if not trusted:
                patch.setattr(census.Census, "is_plain", lambda _: False)
            assert load_file(database, "csv", path).headings == ["id", "né"]
        assert received(database) == expected
    [(spill,)] = database.execute("SELECT current_setting('temp_directory')").fetchall()
    assert list(Path(spill).iterdir()) == []


@FUZZ
@given(st.lists(st.text(st.sampled_from(list('",\nab é')), max_size=14), min_size=1, max_size=6))
def test_both_readers_agree_on_any_text(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, lines: list[str]
) -> None:
    path = written(tmp_path, "one,two\n" + "\n".join(lines))
    answers = []
    for trusted in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            if not trusted:
                patch.setattr(census.Census, "is_plain", lambda _: False)
            try:
                loaded = load_file(database, "csv", path)
                answers.append((loaded, received(database)))
            except InputError as error:
                answers.append((Loaded([], 0, [], [str(error)]), []))
    assert answers[0] == answers[1]


@FUZZ
@given(st.text(st.sampled_from(list('",\n\ra')), min_size=1, max_size=30), st.integers(1, 9))
def test_a_file_is_counted_alike_in_blocks_of_any_size(tmp_path: Path, text: str, size: int) -> None:
    path = written(tmp_path, f"a{text}")
    whole = census.take_census(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(census, "BLOCK", size)
        assert census.take_census(path) == whole


@FUZZ
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"id,name\n", b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0", b"\xff\xfe"]),
)
@pytest.mark.parametrize(
    ("source", "name"), [("csv", "x.csv"), ("excel", "x.xlsx"), ("excel", "x.xls"), ("parquet", "x.pq")]
)
def test_any_bytes_load_or_are_refused_in_words(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, source: str, name: str, content: bytes, start: bytes
) -> None:
    path = written(tmp_path, start + content, name)
    try:
        answer: Loaded | str = load_file(database, source, path)
    except LinkageError as error:
        answer = str(error)
    if isinstance(answer, str):
        assert answer.startswith(path.name)
    else:
        assert count(database, "received") == answer.rows


# Excel


def test_cells_of_a_workbook_are_text_as_a_person_sees_them(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = make_xlsx(
        tmp_path / "people.xlsx",
        {
            "Front": [],
            "People": [
                ["Person ID", "NHS Number", "Born", "Client", "Share", "Town"],
                [1.0, 9000000009.0, date(11355), True, 0.5, formula('"E"&"ly"', "Ely")],
                [],
                ["002", "900 000 0009", "1/2/31", False, 12345678901, ERROR],
            ],
            "Notes": [["x"], ["y"]],
        },
    )
    loaded = load_file(database, "excel", path, lambda headings: "Person ID" in headings)
    assert (loaded.rows, loaded.rejected) == (2, 0)
    assert loaded.notes == [
        "Read from the sheet People; not read: Notes.",
        "Blank rows passed over: 1.",
        "Cells that hold an Excel error such as #REF!, taken as empty: 1.",
    ]
    assert received(database) == [
        (2, "1", "9000000009", "1931-02-01", "TRUE", "0.5", "Ely"),
        (4, "002", "900 000 0009", "1/2/31", "FALSE", "12345678901", None),
    ]


def has_ids(headings: Sequence[str]) -> bool:
    return "id" in headings


COVER: list[list[Cell]] = [["Made on", "05/01/2026"], ["By", "Ada"], ["For", "Eve"]]
PEOPLE: list[list[Cell]] = [["id", "name"], ["1", "Ann"]]


@pytest.mark.parametrize(
    "others", [{"Cover": COVER}, {"Pivot": [["Team", "Count"], ["A", 3]]}, {"Blank form": [["id", "name"]]}]
)
def test_the_sheet_with_the_headings_that_are_wanted_is_read_wherever_it_stands(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, others: dict[str, list[list[Cell]]]
) -> None:
    for sheets in ({**others, "People": PEOPLE}, {"People": PEOPLE, **others}):
        loaded = load_file(database, "excel", make_xlsx(tmp_path / "people.xlsx", sheets), has_ids)
        assert received(database) == [(2, "1", "Ann")]
        assert loaded.notes == [f"Read from the sheet People; not read: {next(iter(others))}."]


@pytest.mark.parametrize(
    ("sheets", "told"),
    [
        ({"A": PEOPLE, "B": PEOPLE, "C": COVER}, "several sheets that may be meant: A, B. Keep the right one only"),
        ({"A": COVER, "B": PEOPLE[1:] * 2}, "several sheets, and none with the headings needed: A, B. Keep"),
        # Else a list of objections without headings would be nobody's.
        ({"A": PEOPLE[:1], "B": PEOPLE[1:] * 2}, "headings without rows in the sheet that is meant, and rows in: B. Keep"),
    ],
)  # fmt: skip
def test_sheets_of_which_none_or_several_may_be_meant_are_named(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, sheets: dict[str, list[list[Cell]]], told: str
) -> None:
    with pytest.raises(InputError, match=told):
        load_file(database, "excel", make_xlsx(tmp_path / "people.xlsx", sheets), has_ids)


def test_a_title_above_the_headings_is_passed_over(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = make_xlsx(
        tmp_path / "people.xlsx", {"A": [["People known"], [], ["id", "name"], ["1", "Ann", "x"]]}
    )
    loaded = load_file(database, "excel", path)
    assert loaded.headings == ["id", "name"]
    assert "The headings are in row 3; the rows above were passed over." in loaded.notes
    assert "Rows that hold something to the right of the last heading, which is not read: 1." in loaded.notes
    assert received(database) == [(4, "1", "Ann")]


def test_a_formula_whose_result_was_not_stored_is_counted(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = make_xlsx(tmp_path / "people.xlsx", {"A": [["id", "name"], ["1", Xml("><f>B1</f>")]]})
    loaded = load_file(database, "excel", path)
    assert any(note.startswith("Formulas without a stored result") for note in loaded.notes)


def test_cells_without_a_value_count_on_the_sheet_that_is_read(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    notes: list[list[Cell]] = [["who", "when", "why"], [ERROR, Xml("><f>B1</f>"), "so"]]
    for sheets in ({"Notes & sums": notes, "A": PEOPLE}, {"A": PEOPLE, "Notes & sums": notes}):
        loaded = load_file(database, "excel", make_xlsx(tmp_path / "people.xlsx", sheets), has_ids)
        assert loaded.notes == ["Read from the sheet A; not read: Notes & sums."]
        lost = load_file(
            database, "excel", tmp_path / "people.xlsx", lambda headings: "who" in headings
        ).notes
        assert [note.rpartition(" ")[2] for note in lost[1:]] == ["1.", "1."]


def test_a_workbook_with_nothing_to_use_says_so(database: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    assert "every sheet is empty" in refusal(
        database, "excel", make_xlsx(tmp_path / "people.xlsx", {"A": []})
    )


def test_headings_without_rows_are_a_table_of_nobody(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    nobody = pyarrow.array([], pyarrow.string())
    pyarrow.parquet.write_table(pyarrow.table({"id": nobody, "name": nobody}), tmp_path / "people.parquet")
    for source, path in (
        ("csv", written(tmp_path, "id,name\n")),
        ("excel", make_xlsx(tmp_path / "people.xlsx", {"A": [["id", "name"]]})),
        ("parquet", tmp_path / "people.parquet"),
    ):
        loaded = load_file(database, source, path)
        assert (loaded.rows, loaded.headings, received(database)) == (0, ["id", "name"], [])


def test_a_workbook_that_would_unpack_to_far_more_than_its_size_is_refused(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = make_xlsx(tmp_path / "bomb.xlsx", {"A": [["id", "name"], ["1", "Ann"]]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as container:
        container.writestr("xl/sharedStrings.xml", b"\0" * 3_000_000)
    assert path.stat().st_size < 10_000
    assert "200 times its size" in refusal(database, "excel", path, LimitError)


def test_a_damaged_workbook_is_refused(database: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = make_xlsx(tmp_path / "people.xlsx", {"A": [["id", "name"], ["1", CANARY]]})
    content = bytearray(path.read_bytes())
    content[content.index(b"xl/worksheets/sheet1.xml") + 60] ^= 0xFF
    path.write_bytes(content)
    assert "damaged" in refusal(database, "excel", path)


# Parquet


def test_a_parquet_file_with_a_heading_that_is_no_text_is_damaged(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "people.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"id": ["1"], "surname": ["Lee"]}), path)
    path.write_bytes(path.read_bytes().replace(b"surname", b"surnam\xff"))
    with pytest.raises(InputError, match="damaged or encrypted"):
        load_file(database, "parquet", path)


def test_columns_of_a_parquet_file_are_text(database: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    table = pyarrow.table(
        {
            "id": [1, 2],
            "number": [9000000009.0, float("nan")],
            "decimal": pyarrow.array([9000000009, Decimal("12.50")], pyarrow.decimal128(38, 10)),
            "names": [["Ann", "Bo"], None],
            "born": [datetime.date(1931, 2, 1), None],
            "moved": [datetime.datetime(1931, 2, 1), datetime.datetime(1931, 2, 1, 9, 30)],
            "empty": ["", "x"],
            "bytes": [b"abc", None],
        }
    )
    pyarrow.parquet.write_table(table, path)
    loaded = load_file(database, "parquet", path)
    assert loaded.headings == table.column_names
    assert received(database) == [
        (2, "1", "9000000009", "9000000009", "Ann;Bo", "1931-02-01", "1931-02-01", None, "abc"),
        (3, "2", None, "12.5000000000", None, None, "1931-02-01 09:30:00", "x", None),
    ]


def test_a_moment_with_a_time_zone_is_read_by_the_clock_of_england(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "people.parquet"
    utc = [
        (1960, 6, 1, 0, 0),
        (1960, 5, 31, 23, 0),
        (1960, 1, 2, 0, 0),
        (1960, 1, 2, 15, 30),
        (1753, 1, 1, 0, 0),
    ]
    born = [datetime.datetime(*moment, tzinfo=datetime.UTC) for moment in utc]
    pyarrow.parquet.write_table(pyarrow.table({"id": list("abcde"), "born": born}), path)
    load_file(database, "parquet", path)
    told = [row[2] for row in received(database)]
    assert told == ["1960-06-01 01:00:00", "1960-06-01", "1960-01-02", "1960-01-02 15:30:00", "1753-01-01"]
    days = [str(read_date(text).value) for text in told]
    assert days == ["1960-06-01", "1960-06-01", "1960-01-02", "1960-01-02", "1753-01-01"]


def test_a_parquet_file_that_is_cut_short_is_refused(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "people.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"id": [CANARY]}), path)
    path.write_bytes(path.read_bytes()[:-20])
    assert "damaged" in refusal(database, "parquet", path)
