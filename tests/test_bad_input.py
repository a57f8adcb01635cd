"""Whatever a file holds, a command ends in a clear message and leaves nothing, or in a result that is complete."""

import _thread
import csv
import json
import os
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pyarrow.parquet
import pytest
from command_line import (
    ANN,
    CANARIES,
    CANARY,
    COUNCIL,
    ONE_CLIENT,
    PERSON,
    REGISTER,
    TWO_PEOPLE,
    CommandLine,
    names,
    written,
)
from make_xlsx import make_xlsx

from linkage import pipeline, publish
from linkage.database import open_database
from linkage.errors import LimitError, LinkageError
from linkage.screen import NO_NHS_NUMBER

ATTACK = "x'); DROP TABLE record; --"
SHEET = [["Person ID", "Surname", "Date of Birth"], ["1", CANARY, "02/03/1941"]]
OLD_WORKBOOK = Path(__file__).parent / "people.xls"


@pytest.fixture
def linkage(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


def workbook(path: Path) -> bytes:
    return make_xlsx(path, {"People": SHEET}).read_bytes()


def bomb(path: Path) -> bytes:
    """A workbook of 60 kB that unpacks to 60 MB."""
    make_xlsx(path, {"People": SHEET})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as container:
        container.writestr("xl/worksheets/sheet2.xml", b"0" * 60_000_000)
    return path.read_bytes()


def far_cell(path: Path) -> bytes:
    """A workbook with one stray cell in the last row and column that there can be."""
    with zipfile.ZipFile(make_xlsx(path, {"People": SHEET})) as container:
        parts = {name: container.read(name) for name in container.namelist()}
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", stray)
    with zipfile.ZipFile(path, "w") as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return path.read_bytes()


def spreadsheet_of_another_kind(path: Path) -> bytes:
    with zipfile.ZipFile(path, "w") as container:
        container.writestr("content.xml", "<office/>")
    return path.read_bytes()


def table(path: Path, **columns: list[Any]) -> bytes:
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    return path.read_bytes()


def no_rows(path: Path) -> bytes:
    return table(path, id=pyarrow.array([], pyarrow.string()), surname=pyarrow.array([], pyarrow.string()))


Content = str | bytes | Callable[[Path], bytes]

# what it is, name of the file, what is in it, exit code, words of the message
REFUSED: list[tuple[str, str, Content, int, str]] = [
    ("empty", "people.csv", "", 3, "people.csv is empty"),
    ("white space", "people.csv", "  \n\n \n", 3, "people.csv is empty"),
    ("an empty workbook", "people.xlsx", b"", 3, "people.xlsx is empty"),
    ("headings only", "people.csv", COUNCIL, 3, "it has headings but no rows"),
    ("a sheet of headings", "people.xlsx", lambda path: make_xlsx(path, {"S": SHEET[:1]}).read_bytes(), 3, "no rows"),
    ("a table without rows", "people.parquet", no_rows, 3, "it has headings but no rows"),
    ("no headings", "people.csv", f"1,{PERSON}2,{ANN}", 3, "no headings"),
    ("a PDF", "people.csv", b"%PDF-1.4\n", 3, "looks like a PDF"),
    ("a workbook named .csv", "people.csv", workbook, 3, "looks like an Excel workbook"),
    ("text named .xlsx", "people.xlsx", ONE_CLIENT, 3, "is not an Excel workbook"),
    ("text named .parquet", "people.parquet", ONE_CLIENT, 3, "is not a Parquet file"),
    ("a web page named .xls", "people.xls", "<html><table>", 3, "looks like a web page"),
    ("another zip named .xlsx", "people.xlsx", spreadsheet_of_another_kind, 3, "another kind of zip file"),
    ("an old workbook named .xlsx", "people.xlsx", lambda _: OLD_WORKBOOK.read_bytes(), 3, "save it as .xlsx"),
    ("half an old workbook", "people.xls", lambda _: OLD_WORKBOOK.read_bytes()[:3000], 3, "is damaged"),
    ("half a workbook", "people.xlsx", lambda path: workbook(path)[:-200], 3, "is damaged"),
    ("half a table", "people.parquet", lambda path: table(path, id=["1"])[:200], 3, "is damaged"),
    ("a Word document", "people.docx", ONE_CLIENT, 3, "of a kind that is not read"),
    ("a bomb", "people.xlsx", bomb, 7, "unpacks to more than 200 times its size"),
    ("a stray far cell", "people.xlsx", far_cell, 7, "so far to the right or down"),
    ("every row ragged", "people.csv", f"{COUNCIL}1,{CANARY}\n2\n", 3, "no row has the 5 cells"),
    ("an open quote", "people.csv", f'{COUNCIL}1,"{PERSON}2,{ANN}', 3, "row 2: a quote opens there"),
    ("an open quote far from the end", "people.csv", f'{COUNCIL}1,"{PERSON * 4000}', 3, "people.csv row 2"),
    ("a byte of no encoding", "people.csv", ONE_CLIENT.encode() + b"2,Zo\x81" + ANN.encode(), 3, "row 3"),
    ("a NUL byte", "people.csv", f"{ONE_CLIENT}2,A\0{ANN}", 3, "row 3 holds a NUL"),
    ("UTF-16 without its mark", "people.csv", ONE_CLIENT.encode("utf-16-le"), 3, "UTF-16 without its mark"),
    ("two columns of one name", "people.csv", ONE_CLIENT.replace("Postcode", "Surname"), 4, "--map"),
    ("no column of record ids", "people.csv", ONE_CLIENT.replace("Person ID", "Colour"), 4, "It has: Colour"),
    ("no column of names", "people.csv", "Person ID,Date of Birth\n1,02/03/1941\n", 4, "--map surname="),
    ("no record ids", "people.csv", f"{COUNCIL},{PERSON}  ,{ANN}", 3, "no row that has a record id"),
    ("a cell without end", "people.csv", f'{COUNCIL}1,"{"Z" * 200_000}",B,,\n', 3, "row 2 holds a cell"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "name", "content", "code", "told"), REFUSED, ids=[case[0] for case in REFUSED]
)
def test_a_file_that_cannot_be_used_is_refused_in_words_and_nothing_is_left(
    linkage: CommandLine, tmp_path: Path, what: str, name: str, content: Content, code: int, told: str
) -> None:
    bad = tmp_path / name
    written(bad, content(bad) if callable(content) else content)
    good = written(tmp_path / "register.csv", TWO_PEOPLE)
    commands = (
        ("link", bad, good, "--out", tmp_path / "run"),
        ("dedupe", bad, "--out", tmp_path / "run"),
        ("check", bad, "--page", tmp_path / "page.html"),
    )
    for words in commands:
        done = linkage(*words)
        assert (done.code, done.out) == (code, ""), what
        assert told in done.err
        assert name in done.err
        assert len(done.err.splitlines()) == 1
        assert not [canary for canary in CANARIES if canary in done.err]
        assert names(tmp_path) == {name, "register.csv"}


NUMBERED = ONE_CLIENT.replace("Postcode\n", "Postcode,NHS Number\n").replace("0AQ\n", "0AQ,9000000009.0\n")
WIDE = ",".join(f"More {place}" for place in range(295))

# what it is, name of the file, what is in it, rows received, (row, problem) of the rows set aside
COMPLETE: list[tuple[str, str, Content, int, list[tuple[int, str]]]] = [
    ("one record", "people.csv", ONE_CLIENT, 1, []),
    ("ragged rows", "people.csv", f"{ONE_CLIENT}2,Ann\n3,{ANN.strip()},x,y\n4,{ANN}", 4,
     [(3, "the row has 2 cells where the heading row has 5"), (4, "the row has 7 cells where the heading row has 5")]),
    ("text after a quote", "people.csv", f'{ONE_CLIENT}2,"A"nn,Otherby,,\n', 2, [(3, "text follows a closing quote: a quote inside a cell must be doubled")]),
    ("mixed encodings", "people.csv", ONE_CLIENT.encode() + f"2,Zoë{ANN}".encode("cp1252") + f"3,Zoë{ANN}".encode(), 3, []),
    ("UTF-16 with its mark", "people.csv", ONE_CLIENT.encode("utf-16"), 1, []),
    ("duplicate record ids", "people.csv", f"{ONE_CLIENT}1,{ANN}1,{PERSON}", 3, []),
    ("missing record ids", "people.csv", f"{ONE_CLIENT},{ANN} ,{ANN}", 3, [(3, "no record id"), (4, "no record id")]),
    ("two unused columns of one name", "people.csv", ONE_CLIENT.replace("Postcode", "Postcode,Note,Note").replace("0AQ", "0AQ,a,b"), 1, []),
    ("300 columns", "people.csv", f"{COUNCIL.strip()},{WIDE}\n1,{PERSON.strip()}{',x' * 295}\n", 1, []),
    ("formulas", "people.csv", f"{COUNCIL}=1+1,=2+2,@cmd,02/03/1941,M13 0AQ\n", 1, []),
    ("SQL in cells", "people.csv", f'{COUNCIL}"{ATTACK}","{ATTACK}","{ATTACK}","{ATTACK}",\n', 1, []),
    ("SQL in headings", "people.csv", ONE_CLIENT.replace("Postcode", f'"{ATTACK}"'), 1, []),
    ("dates in three formats", "people.csv", f"{COUNCIL}1,A,B,1941-03-02,\n2,A,B,02-MAR-1941,\n3,A,B,31/02/1941,\n", 3, []),
    ("NHS Numbers as floats", "people.csv", NUMBERED + f"2,{ANN.strip()},9E+09\n", 2, []),
    ("nobody who could be linked", "people.csv", f"{COUNCIL}1,,,,\n2,?,,,x\n", 2, []),
    ("line ends and other alphabets in cells", "people.csv", f'{COUNCIL}"1\n2","李\r\n",\u202e💩,,\n', 1, []),
    ("an old workbook", "people.xls", lambda _: OLD_WORKBOOK.read_bytes(), 2, []),
]  # fmt: skip


def test_every_row_of_a_register_is_accounted_for_whatever_stands_in_place_of_its_nhs_number(
    linkage: CommandLine, tmp_path: Path
) -> None:
    held = ["123", "123", "123", "9000000008", "9000000008", "", ""]
    register = written(tmp_path / "nhs.csv", TWO_PEOPLE + "".join(f"{number},{ANN}" for number in held))
    council = written(tmp_path / "council.csv", f"{COUNCIL}1,{ANN}")
    done = linkage("link", council, register, "--out", tmp_path / "run")
    found = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert found["register"] == {"received": 9, "set_aside": 2, "left_out": 5, "linkable": 2, "people": 2}
    assert found["stages"]["screened"] == {f"nhs: {NO_NHS_NUMBER}": 5}
    assert f"nhs: {NO_NHS_NUMBER} 5 rows" in done.out
    assert "2 of 9 rows, of 2 people, could be linked to; 5 were left out" in done.out
    told = "Of the 9 rows of the register, 2 (2 people) could be linked to; 5 were left out and 2 set aside."
    assert told in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    checked = linkage("check", register, "--kind", "nhs")
    assert f"5 of 7 rows would be left out of a run. By row: {NO_NHS_NUMBER} 5." in checked.out


@pytest.mark.parametrize(
    ("what", "name", "content", "received", "set_aside"), COMPLETE, ids=[case[0] for case in COMPLETE]
)
def test_a_file_with_faults_gives_a_complete_result_that_accounts_for_every_row(
    linkage: CommandLine,
    tmp_path: Path,
    what: str,
    name: str,
    content: Content,
    received: int,
    set_aside: list[tuple[int, str]],
) -> None:
    people = tmp_path / name
    written(people, content(people) if callable(content) else content)
    register = written(tmp_path / "register.csv", TWO_PEOPLE)
    done = linkage("link", people, register, "--out", tmp_path / "run", "--json")
    assert (done.code, done.err) == (0, ""), what
    manifest = json.loads(done.out)
    read = manifest["inputs"]["council"]
    assert (read["rows"], read["rejected"]) == (received, len(set_aside))
    became = read["rejected"] + manifest["stages"]["further_rows"] + sum(manifest["counts"].values())
    assert became == received
    rejects = rows(tmp_path / "run" / "rejects.csv")
    assert [(int(row["row"]), row["problem"]) for row in rejects] == set_aside
    assert {row["file"] for row in rejects} <= {name}
    checked = linkage("check", people, "--json")
    assert json.loads(checked.out)["rows"]["received"] == received
    assert names(tmp_path) == {name, "register.csv", "run"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def link_words(folder: Path, council: str = ONE_CLIENT, register: str = TWO_PEOPLE) -> tuple[object, ...]:
    people = written(folder / "people.csv", council)
    return ("link", people, written(folder / "register.csv", register), "--out", folder / "run")


def test_what_looks_like_a_formula_is_neutralised_wherever_a_spreadsheet_may_open_it(
    linkage: CommandLine, tmp_path: Path
) -> None:
    formula = '=HYPERLINK("a","b")'
    quoted = '"' + formula.replace('"', '""') + '"'
    person = f"{quoted},@Qwertson,02/03/1941,M13 0AQ\n"
    other = f"{quoted},@Qwertson,02/03/1941,LS1 1AA\n"
    words = link_words(
        tmp_path, f"{COUNCIL}{quoted},{person}", f"{REGISTER}9000000009,{other}9000000017,{other}"
    )
    assert linkage(*words).code == 0
    for output in ("links.csv", "persons.csv", "review.csv", "rejects.csv"):
        cells = [cell for row in rows(tmp_path / "run" / output) for cell in row.values()]
        assert not [
            cell for cell in cells if cell.startswith(("=", "@", "+", "-", "\t")) and not is_number(cell)
        ]
    assert rows(tmp_path / "run" / "links.csv")[0]["record_id"] == f"'{formula}"


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("register", "code", "told"),
    [
        ("", 3, "register.csv is empty"),
        (REGISTER, 3, "register.csv holds nothing"),
        (TWO_PEOPLE.replace("NHS Number", "Colour"), 4, "--map nhs.nhs_number="),
        (f"{REGISTER}123,{PERSON}", 3, "register.csv has no row with a valid NHS Number"),
    ],
)
def test_a_register_that_cannot_be_used_is_named(
    linkage: CommandLine, tmp_path: Path, register: str, code: int, told: str
) -> None:
    done = linkage(*link_words(tmp_path, register=register))
    assert done.code == code
    assert told in done.err
    assert names(tmp_path) == {"people.csv", "register.csv"}


def test_a_column_of_the_register_can_be_named(linkage: CommandLine, tmp_path: Path) -> None:
    words = link_words(tmp_path, register=TWO_PEOPLE.replace("NHS Number", "Colour"))
    assert linkage(*words, "--map", "nhs.nhs_number=Colour").code == 0


def test_without_any_overlap_everybody_is_answered_with_nobody(linkage: CommandLine, tmp_path: Path) -> None:
    assert linkage(*link_words(tmp_path, register=f"{REGISTER}9000000017,{ANN}")).code == 0
    assert [row["band"] for row in rows(tmp_path / "run" / "links.csv")] == ["none"]


def test_two_files_of_one_name_are_told_apart(linkage: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "council").mkdir()
    (tmp_path / "nhs").mkdir()
    council = written(tmp_path / "council" / "export.csv", f"{ONE_CLIENT}2,Ann\n")
    nhs = written(tmp_path / "nhs" / "export.csv", f"{TWO_PEOPLE}3\n4\n")
    done = linkage("link", council, nhs, "--out", tmp_path / "run", "--json")
    read = json.loads(done.out)["inputs"]
    assert [(read[side]["name"], read[side]["rejected"]) for side in ("council", "nhs")] == [
        ("export.csv", 1),
        ("export.csv (nhs)", 2),
    ]
    rejects = rows(tmp_path / "run" / "rejects.csv")
    assert [(row["file"], row["row"]) for row in rejects] == [
        ("export.csv", "3"),
        ("export.csv (nhs)", "4"),
        ("export.csv (nhs)", "5"),
    ]
    written(nhs, "")
    assert "export.csv (nhs) is empty" in linkage("link", council, nhs, "--out", tmp_path / "run").err


# what is wrong, the words that replace or follow those of a good command, exit code, words of the message
WRONG_WORDS: list[tuple[str, tuple[str, ...], int, str]] = [
    ("memory in words", ("--memory", "plenty"), 7, '--memory takes text such as "4GB"'),
    ("no memory", ("--memory", "0"), 7, "--memory takes text"),
    ("negative memory", ("--memory", "-1GB"), 7, "--memory takes text"),
    ("far too little memory", ("--memory", "1KB"), 7, "more than the 1KB memory"),
    ("too little memory", ("--memory", "20MB"), 7, "more than the 20MB memory"),
    ("negative threads", ("--threads", "-1"), 2, "--threads"),
    ("threads in words", ("--threads", "all"), 2, "--threads"),
    ("a model that is not there", ("--model", "nope"), 5, "no model called nope"),
    ("a profile that is not there", ("--council-profile", "nope"), 4, "no profile nope"),
    ("a field that is not there", ("--map", "shoe_size=Surname"), 4, "shoe_size, which does not exist"),
    ("a column that is not there", ("--map", "surname=Nom"), 4, 'people.csv has no column "Nom"'),
    (
        "two columns for a field",
        ("--map", "surname=Surname", "--map", "surname=Forename"),
        4,
        "two columns for surname",
    ),
    ("a mapping without a column", ("--map", "surname"), 4, '--map takes field="Column"'),
    ("objections that are not there", ("--objections", "nope.csv"), 3, "no file nope.csv"),
    ("a profile saved over a file of records", ("--save-profile", "people.csv"), 2, "must end in .toml"),
    ("an option that is not there", ("--fast",), 2, "No such option"),
]


@pytest.mark.parametrize(
    ("what", "words", "code", "told"), WRONG_WORDS, ids=[case[0] for case in WRONG_WORDS]
)
def test_words_that_make_no_sense_are_refused(
    linkage: CommandLine, tmp_path: Path, what: str, words: tuple[str, ...], code: int, told: str
) -> None:
    done = linkage(*link_words(tmp_path), *words)
    assert done.code == code, what
    assert told in done.err
    assert names(tmp_path) == {"people.csv", "register.csv"}


@pytest.mark.parametrize("words", [("--threads", "100000"), ("--memory", "99999TB")])
def test_more_than_the_machine_has_is_no_error(
    linkage: CommandLine, tmp_path: Path, words: tuple[str, ...]
) -> None:
    assert linkage(*link_words(tmp_path), *words).code == 0


def test_a_missing_file_and_a_folder_are_named(linkage: CommandLine, tmp_path: Path) -> None:
    out = ("--out", tmp_path / "deep" / "run")
    missing = linkage("link", tmp_path / "none.csv", tmp_path / "none.csv", *out)
    assert (missing.code, "there is no file" in missing.err, "none.csv" in missing.err) == (3, True, True)
    folder = linkage("dedupe", tmp_path, *out)
    assert (folder.code, "is a folder" in folder.err) == (3, True)
    assert names(tmp_path) == set()


@pytest.mark.parametrize("taken", ["letter.txt", "links.csv", "manifest.json"])
def test_a_folder_that_holds_other_files_is_never_replaced(
    linkage: CommandLine, tmp_path: Path, taken: str
) -> None:
    (tmp_path / "run").mkdir()
    written(tmp_path / "run" / taken, "mine")
    done = linkage(*link_words(tmp_path))
    assert done.code == 6
    assert "not from a former run" in done.err
    assert (tmp_path / "run" / taken).read_text(encoding="utf-8") == "mine"


def test_a_file_that_comes_into_the_folder_during_the_run_stays(
    linkage: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert linkage(*link_words(tmp_path)).code == 0
    write_all = publish._write_all

    def meanwhile(*arguments: Any) -> None:
        write_all(*arguments)
        written(tmp_path / "run" / "letter.txt", "mine")

    monkeypatch.setattr(publish, "_write_all", meanwhile)
    assert linkage(*link_words(tmp_path)).code == 6
    assert {"letter.txt", "links.csv"} <= names(tmp_path / "run")


def test_a_place_that_cannot_be_written_is_named_before_any_work(
    linkage: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = link_words(tmp_path)
    in_a_file = linkage(*words[:3], "--out", tmp_path / "people.csv" / "run")
    assert (in_a_file.code, "cannot be written" in in_a_file.err) == (6, True)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    refused = linkage(*words)
    assert (refused.code, "may not be written" in refused.err) == (6, True)
    assert names(tmp_path) == {"people.csv", "register.csv"}


@pytest.fixture(autouse=True)
def interrupts_are_heard() -> Iterator[None]:
    """Whoever starts the tests in the background may have them ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("stage", ["ingest", "standardise", "block", "resolve", "publish"])
def test_ctrl_c_at_any_stage_leaves_nothing(
    linkage: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    monkeypatch.setattr(pipeline, stage, lambda *_: signal.raise_signal(signal.SIGINT))
    done = linkage(*link_words(tmp_path))
    assert (done.code, done.out) == (130, "")
    assert "stopped before the end" in done.err
    assert names(tmp_path) == {"people.csv", "register.csv"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_request_to_end_is_heard_in_the_middle_of_a_statement(
    linkage: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def count_for_ever(database: duckdb.DuckDBPyConnection, *_: object) -> None:
        threading.Timer(0.2, _thread.interrupt_main, [number]).start()
        database.execute("SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range > b.range")

    monkeypatch.setattr(pipeline, "block", count_for_ever)
    assert linkage(*link_words(tmp_path)).code == 130
    assert names(tmp_path) == {"people.csv", "register.csv"}


def test_a_stopped_run_leaves_the_former_run(
    linkage: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert linkage(*link_words(tmp_path)).code == 0
    before = {path: path.read_bytes() for path in (tmp_path / "run").iterdir()}
    monkeypatch.setattr(publish, "_swap", lambda *_: signal.raise_signal(signal.SIGINT))
    assert linkage(*link_words(tmp_path)).code == 130
    assert {path: path.read_bytes() for path in (tmp_path / "run").iterdir()} == before
    assert names(tmp_path) == {"people.csv", "register.csv", "run"}


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, resource.RLIM_INFINITY))
{then}
"""
SPILL = """
from pathlib import Path
from linkage.database import open_database
from linkage.errors import LinkageError
try:
    with open_database(Path(sys.argv[1]), threads=1, memory="50MB") as database:
        database.execute("CREATE TABLE large AS SELECT range, md5(CAST(range AS VARCHAR)) FROM range(3000000)")
except LinkageError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
"""


def limited(size: int, then: str, *words: object) -> subprocess.CompletedProcess[str]:
    """Run a program whose files may not grow beyond `size` bytes, as on a disk that fills up."""
    return subprocess.run(
        [sys.executable, "-c", LIMITED.format(size=size, then=then), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_disk_that_fills_up_ends_the_run_and_leaves_nothing(tmp_path: Path) -> None:
    if os.name == "posix":
        done = limited(2000, "from linkage.cli import main; main()", *link_words(tmp_path))
        assert done.returncode == 6
        assert "is full" in done.stderr
        assert "Traceback" not in done.stderr
        assert names(tmp_path) == {"people.csv", "register.csv"}


def test_a_disk_that_fills_up_while_spilling_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    if os.name == "posix":
        done = limited(1_000_000, SPILL, tmp_path)
        assert done.returncode in {kind.exit_code for kind in LinkageError.__subclasses__()}
        assert "free disk space" in done.stderr
        assert names(tmp_path) == set()


def test_training_on_files_that_cannot_be_used_leaves_no_model(linkage: CommandLine, tmp_path: Path) -> None:
    people = written(tmp_path / "people.csv", "")
    assert linkage("train", people, people, "--out", tmp_path / "model").code == 3
    assert names(tmp_path) == {"people.csv"}
    assert linkage("train", people, people, "--out", tmp_path).code == 6
    assert names(tmp_path) == {"people.csv"}


def test_a_fault_of_the_database_ends_in_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match="higher --memory"), open_database(tmp_path):
        raise duckdb.InternalException("a trace")
    assert not list(tmp_path.iterdir())
