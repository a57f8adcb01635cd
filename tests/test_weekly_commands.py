"""A new user's first weeks, command by command: what the README's section on them promises."""

import json
from pathlib import Path

import pytest
from small_workspace import COUNCIL, N, write
from typer.testing import CliRunner

from linkage.cli import app
from linkage.errors import MappingError, OutputError


def linkage(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.output


def test_two_weeks_one_decision_undo_and_compare(fresh: Path, tmp_path: Path) -> None:
    assert "Decision 1 is kept: same" in linkage(
        "decide", "3", N[2], "same", "--workspace", fresh, "--who", "ada"
    )
    assert "waits for the next run" in linkage("decisions", fresh)
    assert "0002-" in linkage("run", fresh, "--who", "ada")
    assert "applied" in linkage("decisions", fresh)
    page, changes = tmp_path / "changes.html", tmp_path / "changes.csv"
    told = linkage("compare", 1, 2, "--workspace", fresh, "--page", page, "--csv", changes)
    assert "decision 1" in told
    assert N[2] not in told
    torn = CliRunner().invoke(
        app, ["compare", "1", "2", "--workspace", str(fresh), "--page", str(tmp_path / "no" / "a.html")]
    )
    assert isinstance(torn.exception, OutputError)
    assert "Ottoline" not in page.read_text(encoding="utf-8")
    assert N[2] in changes.read_text(encoding="utf-8")
    assert "withdrawn by decision 2" in linkage("undo", 1, "--workspace", fresh)
    linkage("run", fresh)
    assert json.loads(linkage("compare", 1, 3, "--workspace", fresh, "--json"))["counts"]["gained"] == 0


def test_a_run_says_which_decisions_it_did_not_obey_and_why(fresh: Path) -> None:
    linkage("decide", "3", N[2], "same", "--workspace", fresh)
    assert "not obeyed" not in linkage("run", fresh)
    write(fresh, [*COUNCIL[:2], [*COUNCIL[2][:4], "M40 2XY", "F"], *COUNCIL[3:]])
    told = linkage("run", fresh)
    assert (
        "1 of the decisions not obeyed: a record has changed since: decide again. See decisions.csv" in told
    )


def test_the_trail_is_shown_and_verified(fresh: Path) -> None:
    assert "ada  init  direct care" in linkage("audit", "show", fresh)
    assert "in order: 2 entries" in linkage("audit", "verify", fresh)
    manifest = next((fresh / "runs").glob("*/manifest.json"))
    manifest.write_text(
        manifest.read_text(encoding="utf-8").replace('"entry": 2', '"entry": 9'), encoding="utf-8"
    )
    done = CliRunner().invoke(app, ["audit", "verify", str(fresh)])
    assert done.exit_code == 1
    assert "cut short" in done.output


def test_decisions_go_out_and_come_in_as_files(fresh: Path, tmp_path: Path) -> None:
    linkage("decide", "1", N[0], "cannot-tell", "--workspace", fresh)
    assert "1 decision is in" in linkage("decisions", fresh, "--export", tmp_path / "out.csv")
    assert "1 decision is kept: 0 of them new, 1 known already" in linkage(
        "decisions", fresh, "--import", tmp_path / "out.csv"
    )
    assert "pairs are in" in linkage("decisions", fresh, "--crow", tmp_path / "pairs.csv")
    assert len(json.loads(linkage("decisions", fresh, "--json"))) == 1


@pytest.mark.parametrize(
    "words", [("decisions", "--export"), ("decisions", "--crow"), ("compare", "1", "1", "--csv")]
)
def test_a_file_that_is_there_is_never_written_over(
    fresh: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    file = tmp_path / "council.csv"
    file.write_text("mine", encoding="utf-8")
    command, *rest = words
    where = [str(fresh)] if command == "decisions" else ["--workspace", str(fresh)]
    done = CliRunner().invoke(app, [command, *rest, str(file), *where])
    assert (done.exit_code, file.read_text(encoding="utf-8")) == (2, "mine")


def test_decisions_are_imported_or_exported_not_both(fresh: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["decisions", str(fresh), "--export", str(tmp_path / "a.csv"), "--crow", str(tmp_path / "b.csv")]
    )
    assert isinstance(done.exception, MappingError)


def test_that_no_decision_stands_is_said(fresh: Path) -> None:
    assert "No decision stands." in linkage("decisions", fresh)
    assert "No decision stands." in linkage("decisions", "--workspace", fresh)


def test_a_new_workspace_tells_which_of_its_files_are_not_there_yet(tmp_path: Path) -> None:
    (tmp_path / "council.csv").write_text("x", encoding="utf-8")
    told = linkage("init", tmp_path / "w", "--council", "../council.csv", "--nhs", "in/nhs-*.csv")
    assert f"There is no file {tmp_path / 'w' / 'in' / 'nhs-*.csv'} yet" in told
    assert told.count("There is no file") == 1
    (tmp_path / "w" / "in").mkdir()
    (tmp_path / "w" / "in" / "nhs-1.csv").write_text("x", encoding="utf-8")
    (tmp_path / "w" / "linkage.toml").unlink()
    assert "There is no file" not in linkage(
        "init", tmp_path / "w", "--council", "../council.csv", "--nhs", "in/nhs-*.csv"
    )


def test_a_column_that_is_not_recognised_is_to_be_named_in_the_settings(fresh: Path) -> None:
    file = fresh / "in" / "council.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("Person ID", "Our Number"), encoding="utf-8")
    refused = CliRunner().invoke(app, ["run", str(fresh)])
    assert isinstance(refused.exception, MappingError)
    assert "[council.columns]" in str(refused.exception)


def test_a_workspace_is_made_once(tmp_path: Path) -> None:
    assert "[objections] file" in linkage("init", tmp_path / "new")
    given = linkage("init", tmp_path / "other", "--objections", "in/objections.csv")
    assert "is a workspace" in given
    assert "[objections] file" not in given
    assert CliRunner().invoke(app, ["init", str(tmp_path / "new")]).exit_code != 0


def test_what_is_asked_of_a_run_may_be_asked_of_a_workspace(fresh: Path) -> None:
    decided = ("3", N[2], "same", "--workspace", fresh)
    linkage("decide", *decided)
    linkage("run", fresh)
    for question, *words in (("explain", "3"), ("known", N[2])):
        runs = sorted((fresh / "runs").iterdir())
        first, second, workspace = (linkage(question, folder, *words) for folder in (*runs, fresh))
        assert workspace == second
        assert workspace != first, question
    done = CliRunner().invoke(app, ["explain", str(fresh / "in"), "3"])
    assert "has no links.parquet" in str(done.exception)
