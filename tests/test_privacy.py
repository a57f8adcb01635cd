"""Nobody's data goes where it should not: the database reaches no file, and nothing that is printed names a person."""

import csv
import logging
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from command_line import CommandLine, names

from linkage.database import lend_file, open_database, private_folder
from linkage.population import generate


@pytest.fixture
def database(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    (tmp_path / "work").mkdir()
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with open_database(tmp_path / "work", memory="50MB") as opened:
        yield opened


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('{folder}/secret.csv')",
        "SELECT * FROM read_text('{folder}/secret.csv')",
        "SELECT * FROM '{folder}/secret.csv'",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM read_text('/etc/passwd')",
        "COPY (SELECT 1) TO '{folder}/stolen.csv'",
        "ATTACH '{folder}/stolen.db'",
        "EXPORT DATABASE '{folder}/stolen'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET temp_directory = '{folder}'",
        "RESET lock_configuration",
    ],
)
def test_no_statement_reaches_a_file_or_changes_a_setting(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, statement: str
) -> None:
    with pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException, duckdb.CatalogException)):
        database.execute(statement.format(folder=tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.csv", "work"]


def test_a_file_is_lent_only_for_as_long_as_it_is_read(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    with lend_file(database, tmp_path / "secret.csv") as name:
        assert database.execute("SELECT * FROM read_csv(?)", [name]).fetchall() == [(1, 2)]
    assert not Path(name).exists()
    assert (tmp_path / "secret.csv").exists()


def test_intermediate_results_spill_where_only_the_owner_can_look_and_are_wiped(tmp_path: Path) -> None:
    with open_database(tmp_path, threads=1, memory="50MB") as database:
        database.execute(
            "CREATE TABLE large AS SELECT range, md5(CAST(range AS VARCHAR)) FROM range(2000000)"
        )
        spill = private_folder(database)
        assert any(spill.iterdir())
        if os.name == "posix":
            assert stat.S_IMODE(spill.stat().st_mode) & 0o077 == 0
    assert list(tmp_path.iterdir()) == []


KILLED = """
import sys
from pathlib import Path
from linkage.spill import private_place
with private_place(Path(sys.argv[1])) as place:
    (place / "values").write_text("personal", encoding="utf-8")
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_job_left_is_wiped_by_the_next_and_a_living_jobs_is_not(tmp_path: Path) -> None:
    job = [sys.executable, "-c", KILLED, str(tmp_path)]
    with subprocess.Popen(job, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        left = set(tmp_path.iterdir())
        with open_database(tmp_path) as database:
            assert left < set(tmp_path.iterdir())
            with open_database(tmp_path):
                assert private_folder(database).is_dir()
        assert set(tmp_path.iterdir()) == left != set()
        other.kill()
    assert set(tmp_path.iterdir()) == left
    with open_database(tmp_path):
        assert not left & set(tmp_path.iterdir())
    assert set(tmp_path.iterdir()) == set()


def test_a_command_without_a_folder_of_its_own_wipes_what_a_killed_one_left_among_temporary_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    job = [sys.executable, "-c", KILLED, str(tmp_path)]
    with subprocess.Popen(job, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        other.kill()
    assert names(tmp_path)
    with open_database():
        assert len(names(tmp_path)) == 1
    assert names(tmp_path) == set()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no owner here")
def test_what_somebody_else_left_in_a_shared_folder_is_let_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".spill-abcd1234" / "results").mkdir(parents=True)
    monkeypatch.setattr("linkage.spill.os.geteuid", lambda: tmp_path.stat().st_uid + 1)
    with open_database(tmp_path):
        pass
    assert names(tmp_path) == {".spill-abcd1234"}


NAMED = ("FORENAME", "SURNAME", "NAME", "STREET", "BUILDING", "ADDRESS", "EMAIL")
MARK = "Zyx"
EXACT = ("POST_CODE", "NHS", "BIRTH", "TELEPHONE")


class Canaries:
    """A made-up council and register in which every name and address is marked, so that one is known anywhere."""

    def __init__(self, folder: Path) -> None:
        generate(600, 150, 3, folder / "made")
        self.council, self.register = folder / "council.csv", folder / "nhs.csv"
        self.exact: set[str] = set()
        for path in (self.council, self.register):
            self._mark(folder / "made" / path.name, path)
        self.truth = folder / "made" / "truth.csv"

    def _mark(self, made: Path, marked: Path) -> None:
        with made.open(encoding="utf-8-sig", newline="") as file:
            heading, *rows = csv.reader(file)
        for row in rows:
            for place, (name, value) in enumerate(zip(heading, row, strict=True)):
                if value and any(each in name.upper() for each in NAMED) and not value.isdigit():
                    row[place] = MARK + value
                elif len(value) > 5 and any(each in name.upper() for each in EXACT):
                    self.exact.add(value)
        with marked.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heading, *rows])

    def in_text(self, text: str) -> list[str]:
        """The canaries that `text` holds."""
        words = set(re.findall(r"[\w@.+/-]+(?: \w+)?", text)) | set(re.findall(r"\w+", text))
        return sorted((words & self.exact) | {word for word in words if MARK.lower() in word.lower()})

    def in_files(self, *paths: Path) -> list[str]:
        """The canaries that the files, or the files of the folders, hold."""
        files = [file for path in paths for file in (path.rglob("*") if path.is_dir() else [path])]
        return [canary for file in files for canary in self.in_text(file.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def canaries(tmp_path_factory: pytest.TempPathFactory) -> Canaries:
    return Canaries(tmp_path_factory.mktemp("canaries"))


def test_the_canaries_sing_where_people_are_meant_to_be_seen(canaries: Canaries) -> None:
    assert len(canaries.exact) > 500
    assert len(canaries.in_files(canaries.council, canaries.register)) > 2000


def test_no_command_prints_logs_or_keeps_a_person(
    canaries: Canaries,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    linkage = CommandLine(monkeypatch, capsys)
    run, page = tmp_path / "run", tmp_path / "page.html"
    silent = (
        ("check", canaries.council, "--page", page),
        ("check", canaries.register, "--kind", "nhs", "--json"),
        ("link", canaries.council, canaries.register, "--out", run),
        ("link", canaries.council, canaries.register, "--out", run, "--json"),
        ("dedupe", canaries.council, "--out", tmp_path / "people", "--json"),
        ("evaluate", run, "--truth", canaries.truth),
        ("train", canaries.council, canaries.register, "--out", tmp_path / "model"),
    )
    for words in silent:
        done = linkage(*words)
        assert (done.code, done.err) == (0, ""), words
        assert canaries.in_text(done.out) == [], words
    kept = [run / "manifest.json", run / "report.html", page, tmp_path / "model"]
    kept += [tmp_path / "people" / "manifest.json", tmp_path / "people" / "report.html"]
    assert canaries.in_files(*kept) == []
    assert canaries.in_text(caplog.text) == []


def test_explaining_shows_a_person_on_the_screen_and_nowhere_else(
    canaries: Canaries, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    linkage = CommandLine(monkeypatch, capsys)
    assert linkage("link", canaries.council, canaries.register, "--out", tmp_path / "run").code == 0
    before = names(tmp_path / "run")
    with (tmp_path / "run" / "links.csv").open(encoding="utf-8-sig", newline="") as file:
        accepted = next(row["record_id"] for row in csv.DictReader(file) if row["band"] == "accept")
    shown = linkage("explain", tmp_path / "run", accepted)
    assert (shown.code, shown.err) == (0, "")
    assert canaries.in_text(shown.out)
    refused = linkage("explain", tmp_path / "run", f"{MARK}Nobody")
    assert refused.code == 3
    assert canaries.in_text(refused.out + refused.err) == []
    assert (names(tmp_path), names(tmp_path / "run")) == ({"run"}, before)


FAULTY = """
import duckdb
from linkage import cli
def app(words, prog_name):
    duckdb.sql("SELECT CAST('Zyxwvutia' AS INTEGER)").fetchall()
cli.app = app
cli.main()
"""


@pytest.mark.parametrize("debug", ["", "1"])
def test_a_fault_of_the_program_tells_where_it_is_and_no_value_unless_it_is_asked_for(debug: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FAULTY],
        env=os.environ | {"LINKAGE_DEBUG": debug},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "ConversionException" in done.stderr
    assert ", in app" in done.stderr
    assert ("Zyxwvutia" in done.stderr) == bool(debug)
