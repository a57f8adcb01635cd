"""The command line: exit codes, clear messages, no personal value in what is printed, nothing half-written."""

import subprocess
import sys
from pathlib import Path

import pytest

CANARY = "Zyxwvutia"
COUNCIL = f"Person ID,Forename,Surname,Date of Birth,Postcode\n1,{CANARY},Qwertson,02/03/1941,M13 0AQ\n"
NHS = f"NHS Number,Forename,Surname,Date of Birth,Postcode\n9000000009,{CANARY},Qwertson,02/03/1941,M13 0AQ\n"


def linkage(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from linkage.cli import main; main()", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )


def files(folder: Path, council: str = COUNCIL, nhs: str = NHS) -> tuple[Path, Path]:
    (folder / "council.csv").write_text(council, encoding="utf-8")
    (folder / "nhs.csv").write_text(nhs, encoding="utf-8")
    return folder / "council.csv", folder / "nhs.csv"


def test_one_record_and_one_person_give_a_complete_run_that_prints_nobody(tmp_path: Path) -> None:
    done = linkage("link", *files(tmp_path), "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    assert "TEST DATA" in done.stdout
    assert CANARY not in done.stdout + done.stderr
    assert CANARY not in (tmp_path / "run" / "manifest.json").read_text(encoding="utf-8")
    assert CANARY not in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("council", "code", "told"),
    [
        ("", 3, "empty"),
        ("Person ID,Forename,Surname,Date of Birth,Postcode\n", 3, "council.csv"),
        ("Person ID,Forename\n1,Ada\n", 4, "--map"),
        ('Person ID,Forename,Surname,Date of Birth\n1,"Ada,B,02/03/1941\n', 3, "row 2"),
    ],
)
def test_bad_input_ends_in_a_clear_message_and_leaves_nothing(
    tmp_path: Path, council: str, code: int, told: str
) -> None:
    done = linkage("link", *files(tmp_path, council), "--out", tmp_path / "run")
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["council.csv", "nhs.csv"]


def test_a_saved_profile_can_be_given_back(tmp_path: Path) -> None:
    council, nhs = files(tmp_path, COUNCIL.replace("Surname", "Nom"))
    saved = tmp_path / "ours.toml"
    first = linkage(
        "link", council, nhs, "--out", tmp_path / "a", "--map", "surname=Nom", "--save-profile", saved
    )
    assert first.returncode == 0, first.stderr
    second = linkage("link", council, nhs, "--out", tmp_path / "b", "--council-profile", saved)
    assert second.returncode == 0, second.stderr


def test_a_folder_that_is_not_a_run_is_never_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    (out / "letter.txt").write_text("dear all", encoding="utf-8")
    done = linkage("link", *files(tmp_path), "--out", out)
    assert done.returncode == 6
    assert (out / "letter.txt").read_text(encoding="utf-8") == "dear all"


def test_a_register_without_overlap_and_the_same_file_twice_are_complete_runs(tmp_path: Path) -> None:
    council, nhs = files(
        tmp_path, nhs=NHS.replace(CANARY, "Bert").replace("Qwertson", "Oldroyd").replace("1941", "1960")
    )
    assert linkage("link", council, nhs, "--out", tmp_path / "a").returncode == 0
    both = NHS.replace("NHS Number,", "Person ID,NHS Number,").replace("900000", "1,900000", 1)
    (tmp_path / "both.csv").write_text(both, encoding="utf-8")
    assert (
        linkage("link", tmp_path / "both.csv", tmp_path / "both.csv", "--out", tmp_path / "b").returncode == 0
    )


def test_every_command_has_help() -> None:
    for command in ("link", "dedupe", "check", "generate", "demo", "evaluate", "train", "models", "explain"):
        assert linkage(command, "--help").returncode == 0


def test_a_superseded_number_is_answered_with_the_live_one(tmp_path: Path) -> None:
    nhs = (
        "NHS Number,Forename,Surname,Date of Birth,Postcode,Superseded By\n"
        f"9000000009,{CANARY},Qwertson,02/03/1941,M13 0AQ,9000000017\n"
        f"9000000017,{CANARY},Otherby,02/03/1941,LS1 1AA,\n"
    )
    done = linkage("link", *files(tmp_path, nhs=nhs), "--out", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    links = (tmp_path / "run" / "links.csv").read_text(encoding="utf-8-sig")
    assert "9000000017" in links
    assert "9000000009" not in links


def test_an_objection_is_found_by_a_number_however_it_is_written(tmp_path: Path) -> None:
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
    assert done.returncode == 0, done.stderr
    assert '"screened": 1' in done.stdout


def test_an_objection_that_cannot_be_read_stops_the_run(tmp_path: Path) -> None:
    objections = tmp_path / "objections.csv"
    objections.write_text("NHS Number\n9000000008\n", encoding="utf-8")
    done = linkage("link", *files(tmp_path), "--objections", objections, "--out", tmp_path / "run")
    assert done.returncode == 3
    assert "objections.csv, row 2" in done.stderr
    assert "9000000008" not in done.stderr
