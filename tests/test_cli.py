"""The command line: exit codes, clear messages, no personal value in what is printed, nothing half-written."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import CommandLine, written

from linkage import __version__, model_folder, shelf
from linkage.errors import LinkageError
from linkage.model_folder import named

CANARY = "Zyxwvutia"
COUNCIL = f"Person ID,Forename,Surname,Date of Birth,Postcode\n1,{CANARY},Qwertson,02/03/1941,M13 0AQ\n"
NHS = f"NHS Number,Forename,Surname,Date of Birth,Postcode\n9000000009,{CANARY},Qwertson,02/03/1941,M13 0AQ\n"


@pytest.fixture
def linkage(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


def files(folder: Path, council: str = COUNCIL, nhs: str = NHS) -> tuple[Path, Path]:
    (folder / "council.csv").write_text(council, encoding="utf-8")
    (folder / "nhs.csv").write_text(nhs, encoding="utf-8")
    return folder / "council.csv", folder / "nhs.csv"


def test_one_record_and_one_person_give_a_complete_run_that_prints_nobody(
    linkage: CommandLine, tmp_path: Path
) -> None:
    done = linkage("link", *files(tmp_path), "--out", tmp_path / "run")
    assert done.code == 0, done.err
    assert "TEST DATA" in done.out
    assert CANARY not in done.out + done.err
    assert CANARY not in (tmp_path / "run" / "manifest.json").read_text(encoding="utf-8")
    assert CANARY not in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")


def test_a_run_ends_with_what_was_recognised_left_out_and_found(linkage: CommandLine, tmp_path: Path) -> None:
    council, nhs = files(tmp_path)
    council.write_text(
        "Person ID,Forename,Surname,Date of Birth,Postcode,Shoe Size\n"
        f"1,{CANARY},Qwertson,02/03/1941,M13 0AQ,4\n,{CANARY},Qwertson,02/03/1941,M13 0AQ,4\n",
        encoding="utf-8",
    )
    told = linkage("link", council, nhs, "--out", tmp_path / "run").out
    assert "council: council.csv, 2 rows, recognised by" in told
    assert "Date of Birth -> date_of_birth" in told
    assert "not used  Shoe Size" in told
    assert "set aside 1 row; " in told
    assert "accept               1  100.0%  linked" in told
    assert str(tmp_path / "run" / "report.html") in told
    alone = linkage("dedupe", council, "--out", tmp_path / "people").out
    assert "1 record is 1 person; 0 were left out" in alone
    assert CANARY not in told + alone


def test_a_model_is_listed_and_known_by_the_name_of_its_folder(
    linkage: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert named('title = "a"\nname = "default"\n# name = "b"\n', "leeds") == (
        'title = "a"\nname = "leeds"\n# name = "b"\n'
    )
    shutil.copytree(model_folder.find("default"), tmp_path / "models" / "leeds")
    monkeypatch.chdir(tmp_path)
    assert [line.split()[0] for line in linkage("models").out.splitlines()] == ["default", "leeds"]


def test_a_saved_profile_can_be_given_back(linkage: CommandLine, tmp_path: Path) -> None:
    council, nhs = files(tmp_path, COUNCIL.replace("Surname", "Nom"))
    saved = tmp_path / "ours.toml"
    first = linkage(
        "link", council, nhs, "--out", tmp_path / "a", "--map", "surname=Nom", "--save-profile", saved
    )
    assert first.code == 0, first.err
    second = linkage("link", council, nhs, "--out", tmp_path / "b", "--council-profile", saved)
    assert second.code == 0, second.err


def test_every_command_has_help(linkage: CommandLine) -> None:
    listed = linkage("--help").out
    for command in shelf.names("commands"):
        assert command in listed
        assert "Usage: linkage" in linkage(command, "-h").out


def test_the_help_says_what_it_is_and_what_each_exit_code_means(linkage: CommandLine) -> None:
    told = " ".join(linkage("--help").out.split())
    assert "Link council adult-social-care records to NHS Numbers" in told
    for kind in LinkageError.__subclasses__():
        assert f"{kind.exit_code}: {(kind.__doc__ or '')[:20]}" in told
    assert "1: A fault of the program, or `linkage audit verify` found something wrong." in told
    assert "130: Stopped" in told


def test_the_help_offers_what_the_command_takes(linkage: CommandLine) -> None:
    told = {name: " ".join(linkage(name, "--help").out.split()) for name in shelf.names("commands")}
    assert {name for name, text in told.items() if 'nhs.field="Column"' in text} == {"link", "train"}
    assert {name for name, text in told.items() if "--map" in text} >= {"check", "dedupe", "index"}
    assert "a former run in it is replaced" not in told["generate"]
    assert "ends in .register" in told["index"]


def test_a_column_of_the_one_file_is_named_with_or_without_its_dataset(
    linkage: CommandLine, tmp_path: Path
) -> None:
    council = written(tmp_path / "people.csv", COUNCIL.replace("Surname", "Nom"))
    for given in ("surname=Nom", "council.surname=Nom", "nhs.surname=Nom"):
        done = linkage("dedupe", council, "--map", given, "--out", tmp_path / "people")
        assert (done.code, "Nom -> surname" in done.out) == (0, True)


def test_the_version_is_told(linkage: CommandLine) -> None:
    assert linkage("--version").out == f"linkage {__version__}\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("lnik",), "Did you mean 'link'?"),
        (("link", "one.csv"), "Missing argument 'NHS'"),
        (("link", "one.csv", "two.csv"), "Missing option '--out'"),
        (("dedupe", "one.csv", "--uot", "x"), "No such option"),
    ],
)
def test_a_command_that_is_not_understood_says_what_is_missing(
    linkage: CommandLine, words: tuple[str, ...], told: str
) -> None:
    done = linkage(*words)
    assert done.code == 2
    assert told in " ".join(done.err.split())
    assert "-h" in done.err


def test_an_old_console_shows_what_it_can(tmp_path: Path) -> None:
    """A Windows console of the code page 1252 has neither the boxes of the help nor every heading."""
    council = tmp_path / "council.csv"
    council.write_text(COUNCIL.replace("Postcode", "Postcode,→ 李"), encoding="utf-8")
    for words in (("--help",), ("check", council), ("check", tmp_path / "李.csv")):
        done = subprocess.run(
            [sys.executable, "-c", "from linkage.cli import main; main()", *map(str, words)],
            capture_output=True,
            env=os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
            check=False,
        )
        assert done.returncode in (0, 3)
        assert b"Traceback" not in done.stderr
        assert (done.stdout + done.stderr).decode("cp1252")


def test_the_command_needs_no_program_of_its_own() -> None:
    """A locked-down computer may run nothing but Python."""
    words = [sys.executable, "-m", "linkage", "--version"]
    assert (
        subprocess.run(words, capture_output=True, text=True, check=True).stdout == f"linkage {__version__}\n"
    )


def test_a_file_that_is_open_in_excel_is_told_with_what_helps(
    linkage: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "decided.csv")

    council, _ = files(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "touch", refuse)
        page = linkage("check", council, "--page", tmp_path / "page.html")
    assert (page.code, "page.html may not be written: close it if it is open" in page.err) == (6, True)
    monkeypatch.setattr("linkage.cli.app", refuse)
    done = linkage("decisions")
    assert (done.code, "decided.csv may not be read or written: close it if" in done.err) == (6, True)


class Windows:
    """The module `os` of a part of typer, as it is on Windows."""

    name = "nt"

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)


def test_windows_keeps_the_pattern_of_a_workspace_and_what_looks_like_a_variable(
    linkage: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that fits today would be read every week."""
    monkeypatch.setattr("typer.core.os", Windows())
    monkeypatch.setenv("WEEKLY", "elsewhere")
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "council-2026-01-05.csv", COUNCIL)
    made = linkage(
        "init", "weekly", "--council", "council-*.csv", "--nhs", "council-?.csv", "--purpose", "$WEEKLY"
    )
    settings = (tmp_path / "weekly" / "linkage.toml").read_text(encoding="utf-8")
    assert (made.code, "is already" in made.err) == (0, False)
    assert [text in settings for text in ('"council-*.csv"', '"council-?.csv"', '"$WEEKLY"')] == [True] * 3


STEERS = "\x1b]0;title\x07\x9b31m\u202e"


def test_no_file_heading_or_person_steers_the_terminal(linkage: CommandLine, tmp_path: Path) -> None:
    """Also a line that somebody's name would add to the trail is none."""
    forged = f"eve{STEERS}\n     9  2026-01-01T00:00:00Z  bob  run"
    council, register = files(tmp_path)
    heading, person = council.read_text(encoding="utf-8").splitlines()
    council.write_text(f"{heading},Team{STEERS}\n{person},North{STEERS}\n", encoding="utf-8")
    folder = tmp_path / f"weekly{STEERS}"
    said = [
        linkage("check", council),
        linkage("check", tmp_path / f"none{STEERS}.csv"),
        linkage("check", council, "--map", f"date_of_birth=Born{STEERS}"),
        linkage("link", council, register, "--out", tmp_path / "run"),
        linkage("known", tmp_path / "run", "9000000009", "--council", council, "--show", f"Team{STEERS}"),
        linkage("init", folder, "--council", council, "--nhs", register),
        linkage("run", folder, "--who", forged),
        linkage("decide", "1", "9000000009", "same", "--workspace", folder, "--who", forged),
        linkage("decisions", folder),
        linkage("audit", "show", folder),
    ]
    assert [done.code for done in said] == [0, 3, 4, 0, 0, 0, 0, 0, 0, 0]
    told = "".join(done.out + done.err for done in said)
    assert "North" in told
    assert not set("\x1b\x07\x9b\u202e") & set(told)
    assert len(said[-2].out.splitlines()) == 1
    assert len(said[-1].out.splitlines()) == 3


def test_a_terminal_sees_the_stages_and_a_log_does_not(
    linkage: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("link", *files(tmp_path), "--out", tmp_path / "run")
    assert linkage(*words).err == ""
    monkeypatch.setattr("linkage.commands.is_terminal", lambda: True)
    watched = linkage(*words)
    assert [stage for stage in ("reading", "comparing", "writing") if stage not in watched.err] == []
    assert "reading" not in watched.out
    assert watched.out.endswith(f"Results are in {tmp_path / 'run'}\n")


def test_a_superseded_number_is_answered_with_the_live_one(linkage: CommandLine, tmp_path: Path) -> None:
    nhs = (
        "NHS Number,Forename,Surname,Date of Birth,Postcode,Superseded By\n"
        f"9000000009,{CANARY},Qwertson,02/03/1941,M13 0AQ,9000000017\n"
        f"9000000017,{CANARY},Otherby,02/03/1941,LS1 1AA,\n"
    )
    done = linkage("link", *files(tmp_path, nhs=nhs), "--out", tmp_path / "run")
    assert done.code == 0, done.err
    links = (tmp_path / "run" / "links.csv").read_text(encoding="utf-8-sig")
    assert "9000000017" in links
    assert "9000000009" not in links


def test_an_objection_is_found_by_a_number_however_it_is_written(
    linkage: CommandLine, tmp_path: Path
) -> None:
    objections = tmp_path / "objections.csv"
    objections.write_text("NHS Number\n900 000 0009\n", encoding="utf-8")
    council = COUNCIL.replace("Postcode\n", "Postcode,NHS Number\n").replace("0AQ\n", "0AQ,9000000009\n")
    nhs = NHS + "9000000017,Ann,Otherby,02/03/1951,LS1 1AA\n"
    done = linkage(
        "link",
        *files(tmp_path, council, nhs),
        "--objections",
        objections,
        "--out",
        tmp_path / "run",
        "--json",
    )
    assert done.code == 0, done.err
    assert '"screened": 1' in done.out


def test_an_objection_that_cannot_be_read_stops_the_run(linkage: CommandLine, tmp_path: Path) -> None:
    objections = tmp_path / "objections.csv"
    objections.write_text("NHS Number\n9000000008\n", encoding="utf-8")
    done = linkage("link", *files(tmp_path), "--objections", objections, "--out", tmp_path / "run")
    assert done.code == 3
    assert "objections.csv, row 2" in done.err
    assert "9000000008" not in done.err


@pytest.mark.parametrize(
    ("folder", "as_typed"),
    [("weekly", "weekly"), ("OneDrive - Café", '"OneDrive - Café"'), ("b&c", '"b&c"')],
)
def test_a_command_that_is_proposed_can_be_typed_as_it_stands(
    linkage: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, as_typed: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert f"make one with `linkage init {as_typed}`" in linkage("run", folder).err
    assert f"then `linkage run {as_typed}`" in linkage("init", folder).out
