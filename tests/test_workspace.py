"""A workspace: settings, weekly runs that are all there or not there, and a trail that shows what was changed."""

import csv
import errno
import json
import os
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest

from linkage.errors import InputError, OutputError
from linkage.reading.lists import read_rows
from linkage.software import software
from linkage.values.dates import today
from linkage.weekly import audit
from linkage.weekly.memory import holdings, past_people
from linkage.weekly.run_names import current, find_run
from linkage.weekly.settings import Settings
from linkage.weekly.state import STATE
from linkage.weekly.store import (
    MAKING,
    SCHEMA,
    STORE,
    append,
    only_one_run,
    open_store,
    runs,
    writing,
)
from linkage.weekly.workspace import init, run

COUNCIL = """Person ID,Forename,Surname,Date of Birth,Postcode
1,Zyxwvutia,Qwertson,02/03/1941,M13 0AQ
2,Barnabas,Uppingly,12/11/1950,M14 5RR
"""
NHS = """NHS Number,Forename,Surname,Date of Birth,Postcode
9000000009,Zyxwvutia,Qwertson,02/03/1941,M13 0AQ
9000000017,Barnabas,Uppingly,12/11/1950,M14 5RR
"""


def make(folder: Path) -> Path:
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "council.csv").write_text(COUNCIL, encoding="utf-8")
    (folder / "in" / "nhs.csv").write_text(NHS, encoding="utf-8")
    init(folder, Settings(purpose="discharge planning"), "ada")
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return make(tmp_path / "weekly")


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after two weeks, to be copied."""
    folder = make(tmp_path_factory.mktemp("kept") / "weekly")
    run(folder, "grace")
    run(folder, "grace")
    return folder


@pytest.fixture
def used(two_runs: Path, tmp_path: Path) -> Path:
    """A copy of the workspace after two weeks."""
    return Path(shutil.copytree(two_runs, tmp_path / "used"))


def wrongs(folder: Path) -> list[str]:
    with open_store(folder) as store:
        return audit.verify(store, folder)


def tamper(folder: Path, *statements: str) -> None:
    """Change the store behind the product's back."""
    store = sqlite3.connect(folder / STORE)
    for table in SCHEMA:
        for change in ("update", "delete"):
            store.execute(f"DROP TRIGGER no_{change}_of_{table}")
    for statement in statements:
        store.executescript(statement)
    store.commit()
    store.close()


def test_a_run_is_published_under_its_own_name_and_is_the_current_one(workspace: Path) -> None:
    manifest, out = run(workspace, "ada")
    assert out == current(workspace) == workspace / "runs" / f"0001-{manifest['run_id']}"
    assert {"links.csv", "persons.csv", "report.html", "manifest.json"} <= {
        file.name for file in out.iterdir()
    }
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8")) == manifest
    assert manifest["purpose"] == "discharge planning"
    assert {entry.name for entry in (workspace / "runs").iterdir()} == {out.name}


def test_an_older_run_stays_as_it_was(used: Path) -> None:
    older = current(used)
    before = {file.name: file.read_bytes() for file in older.iterdir()}
    _, newer = run(used)
    assert current(used) == newer != older
    assert {file.name: file.read_bytes() for file in older.iterdir()} == before


def test_the_same_week_again_gives_the_same_bytes(used: Path) -> None:
    _, third = run(used)
    second = third.parent / sorted(entry.name for entry in third.parent.iterdir())[1]
    names = {"links.csv", "links.parquet", "persons.csv", "records.parquet", "review.csv", "report.html"}
    assert all((second / name).read_bytes() == (third / name).read_bytes() for name in names)


def test_the_newest_file_of_a_pattern_is_read(workspace: Path) -> None:
    settings = workspace / "linkage.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("in/council.csv", "in/council*.csv"), encoding="utf-8"
    )
    (workspace / "in" / "council-2.csv").write_text("\n".join(COUNCIL.splitlines()[:2]), encoding="utf-8")
    manifest, _ = run(workspace)
    assert manifest["inputs"]["council"]["name"] == "council.csv"
    (workspace / "in" / "council.csv").unlink()
    manifest, _ = run(workspace)
    assert manifest["inputs"]["council"]["name"] == "council-2.csv"


def test_thresholds_of_the_workspace_outrank_the_models(workspace: Path) -> None:
    settings = workspace / "linkage.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("# accept = 0.995", "accept = 0.9999999"), encoding="utf-8")
    manifest, _ = run(workspace)
    assert manifest["thresholds"]["accept"] == 0.9999999
    assert "accept" not in manifest["counts"]


def test_a_folder_that_is_no_workspace_is_told_plainly(tmp_path: Path, workspace: Path) -> None:
    with pytest.raises(InputError, match="linkage init"):
        run(tmp_path)
    with pytest.raises(InputError, match="no run yet"):
        current(workspace)
    with pytest.raises(OutputError, match="a workspace already"):
        init(workspace, Settings())


def test_a_failed_run_leaves_the_current_one_and_nothing_half_made(used: Path) -> None:
    before, runs_before = current(used), {entry.name for entry in (used / "runs").iterdir()}
    (used / "in" / "nhs.csv").unlink()
    with pytest.raises(InputError):
        run(used)
    assert current(used) == before
    assert {entry.name for entry in (used / "runs").iterdir()} == runs_before


def test_what_a_killed_run_left_is_cleared_and_nothing_else(workspace: Path) -> None:
    folder = workspace / "runs"
    for name in (".making", "..making-abc", ".spill-abc", "my notes"):
        (folder / name).mkdir()
    _, out = run(workspace)
    assert {entry.name for entry in folder.iterdir()} == {out.name, "my notes"}


def test_two_runs_at_once_are_refused(workspace: Path) -> None:
    with only_one_run(workspace), pytest.raises(OutputError, match="another run is going on"):
        run(workspace)
    run(workspace)


def test_a_lock_that_cannot_be_used_is_not_taken_for_another_run(workspace: Path) -> None:
    (workspace / "lock.sqlite").mkdir()
    with pytest.raises(OutputError, match=r"lock\.sqlite cannot be used"):
        run(workspace)


def test_the_trail_says_who_ran_what_for_which_purpose(used: Path) -> None:
    manifest = json.loads((current(used) / "manifest.json").read_text(encoding="utf-8"))
    with open_store(used) as store:
        entry = audit.entries(store)[-1]
    detail = json.loads(entry["detail"])
    assert (entry["who"], entry["action"], entry["purpose"]) == ("grace", "run", "discharge planning")
    assert detail["run"] == current(used).name
    assert detail["inputs"]["council"]["sha256"] == manifest["inputs"]["council"]["sha256"]
    assert {"model", "versions", "year", "stages", "counts", "thresholds"} <= detail.keys()
    assert (detail["versions"], detail["year"]) == (software(), today().year)
    assert "Zyxwvutia" not in entry["detail"]
    assert manifest["audit"] == {"entry": entry["number"], "hash": entry["hash"]}


def test_a_trail_that_nobody_touched_is_in_order(two_runs: Path) -> None:
    assert wrongs(two_runs) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE act SET who = 'eve' WHERE number = 2", "Entry 2 was edited."),
        ("DELETE FROM act WHERE number = 2", "Entry 2 was removed."),
        ("DELETE FROM act WHERE number = 3", "The trail was cut short"),
        ("DELETE FROM run WHERE number = 2; DELETE FROM act WHERE number = 3", "The trail was cut short"),
        ("UPDATE act SET number = 9 WHERE number = 3", "Entry 3 was removed."),
        ("UPDATE act SET detail = 'of eve' WHERE number = 3", "Entry 3 was edited."),
        ("UPDATE act SET detail = '[]' WHERE number = 3", "Entry 3 was edited."),
        ("DELETE FROM run WHERE number = 2", "Run 0002-"),
        ("INSERT INTO run VALUES (9, 'x', 'x', 'x')", "Run x is in no entry"),
        (
            "INSERT INTO decision VALUES (1, 'council', '1', '', 'nhs', '2', '', 'same', 'eve', '', '')",
            "Decision 1 is in no entry",
        ),
        ("UPDATE holding SET person_id = 'P9' WHERE number = 2", "the people of run 0001-"),
        ("DELETE FROM holding WHERE number = 2", "the people of run 0001-"),
        ("INSERT INTO succession VALUES (9, 2, 'P1', 'merged', 'P2')", "the people of run 0002-"),
        ("INSERT INTO superseded VALUES (9, 7, '1', '2')", "People were added to run 7"),
    ],
)
def test_an_edited_removed_or_truncated_entry_is_found(used: Path, statement: str, told: str) -> None:
    tamper(used, statement)
    assert any(told in wrong for wrong in wrongs(used))


def test_an_entry_that_was_made_up_anew_with_its_hash_is_found_by_the_published_head(used: Path) -> None:
    with open_store(used) as store:
        entry = audit.entries(store)[-1]
    content = [value for name, value in (entry | {"who": "eve"}).items() if name != "hash"]
    tamper(used, f"UPDATE act SET who = 'eve', hash = '{audit.digest(content)}' WHERE number = 3")
    assert [wrong for wrong in wrongs(used) if "is not the one that run" in wrong]


@pytest.mark.parametrize("name", ["links.csv", "links.parquet", "persons.csv", "report.html"])
def test_a_file_of_a_run_that_was_edited_is_found(used: Path, name: str) -> None:
    with (current(used) / name).open("ab") as file:
        file.write(b"eve")
    assert wrongs(used) == [f"{name} of run {current(used).name} was edited."]


def test_a_count_that_was_edited_in_the_manifest_of_a_former_run_is_found(used: Path) -> None:
    folder = find_run(used, "1")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["counts"]["accept"] = 99
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert wrongs(used) == [f"manifest.json of run {folder.name} was edited."]


def test_verdicts_in_the_lists_for_them_and_files_that_were_deleted_are_no_fault(used: Path) -> None:
    with (current(used) / "review.csv").open("ab") as file:
        file.write(b"1,9000000009,same\n")
    (current(used) / "evidence.parquet").unlink()
    shutil.rmtree(find_run(used, "1"))
    assert wrongs(used) == []


def test_the_store_itself_refuses_changes(workspace: Path) -> None:
    with open_store(workspace) as store:
        for statement in ("UPDATE act SET who = 'eve'", "DELETE FROM act"):
            with pytest.raises(sqlite3.IntegrityError, match="only appended to"):
                store.execute(statement)


def test_a_transaction_that_fails_leaves_nothing(workspace: Path) -> None:
    def fail(store: sqlite3.Connection) -> None:
        with writing(store):
            append(store, "run", [("x", "x", "x")])
            raise ZeroDivisionError

    with open_store(workspace) as store:
        with pytest.raises(ZeroDivisionError):
            fail(store)
        assert runs(store) == []


def test_a_store_needs_no_memory_that_computers_on_a_network_drive_would_have_to_share(used: Path) -> None:
    """Also one of former software, which kept it in WAL mode: sqlite.org/wal.html says what that does there."""
    former = sqlite3.connect(used / STORE)
    assert former.execute("PRAGMA journal_mode = WAL").fetchall() == [("wal",)]
    former.close()
    for _ in range(2):
        with open_store(used) as store, writing(store):
            append(store, "succession", [(1, "P1", "retired", "")])
            assert [*used.glob("*-wal"), *used.glob("*-shm")] == []
    with (used / STORE).open("rb") as file:
        assert file.read(20)[18:] == b"\1\1"


def test_who_looks_into_a_store_waits_for_the_moment_in_which_another_writes(used: Path) -> None:
    with open_store(used) as store:
        store.execute("BEGIN EXCLUSIVE")
        with ThreadPoolExecutor() as another:
            looked = another.submit(wrongs, used)
            sleep(0.5)
            assert not looked.done()
            store.execute("COMMIT")
            assert looked.result(60) == []


def test_a_transaction_that_sqlite_has_ended_by_itself_fails_for_its_own_reason(workspace: Path) -> None:
    def fail(store: sqlite3.Connection) -> None:
        with writing(store):
            store.execute("ROLLBACK")
            raise ZeroDivisionError

    with open_store(workspace) as store, pytest.raises(ZeroDivisionError):
        fail(store)


def people(folder: Path) -> dict[str, str]:
    """Forename → person_id, which needs the file that the run has read."""
    with (folder / "in" / "council.csv").open(encoding="utf-8", newline="") as file:
        names = {row["Person ID"]: row["Forename"] for row in csv.DictReader(file)}
    links = read_rows(current(folder) / "links.csv")
    return {names[row["record_id"]]: row["person_id"] for row in links}


def test_people_keep_their_identifiers_when_rows_move_and_record_ids_are_exchanged(used: Path) -> None:
    before = people(used)
    heading, first, second = COUNCIL.splitlines()
    rows = [
        heading,
        second.replace("2,Barn", "1,Barn"),
        first.replace("1,Zyx", "2,Zyx"),
        "3,Nova,Newman,01/02/1960,",
    ]
    (used / "in" / "council.csv").write_text("\n".join(rows), encoding="utf-8")
    run(used)
    after = people(used)
    assert {name: after[name] for name in before} == before
    assert after["Nova"] not in before.values()


def test_a_record_without_a_birth_date_is_known_under_a_new_id_by_its_telephone_or_home(
    workspace: Path,
) -> None:
    heading = "Person ID,Forename,Surname,Date of Birth,House No,Street,Postcode,Telephone"
    rows = [
        "{0}1,Nova,Newman,,,,,01632 960111",
        "{0}2,Otto,Oldham,,7,Quarry Bank,OL16 3ZZ,",
        "{0}3,Bare,Barton,,,,,",
        "{0}4,Rhea,Rowley,,Sunny Care Home,Mill Lane,OL16 3ZZ,01632 960222",
    ]
    found = []
    for start in ("1", "2"):
        text = "\n".join([heading, *(row.format(start) for row in rows)])
        (workspace / "in" / "council.csv").write_text(text, encoding="utf-8")
        run(workspace)
        found.append(people(workspace))
    assert {name for name, person in found[0].items() if found[1][name] == person} == {"Nova", "Otto"}
    assert not {found[1]["Bare"], found[1]["Rhea"]} & set(found[0].values())


def test_a_retired_identifier_resolves_to_its_successor_and_history_stays(used: Path) -> None:
    before = people(used)
    twice = COUNCIL + "3,Zyxwvutia,Qwertson,02/03/1941,M13 0AQ\n"
    (used / "in" / "council.csv").write_text(twice, encoding="utf-8")
    _, out = run(used)
    assert len({row["person_id"] for row in read_rows(out / "links.csv")}) == 2
    with open_store(used) as store, writing(store):
        append(
            store,
            "succession",
            [(4, "Pold", "merged", "Pmiddle"), (5, "Pmiddle", "merged", before["Barnabas"])],
        )
        append(store, "holding", [(1, "council", "former", "v1", "v2", "v3", "Pold")])
    with open_store(used) as store:
        known = {found.record_id: found.person_id for found in past_people(store, holdings(store)).holdings}
        assert known["former"] == known["2"] == before["Barnabas"]
        held = store.execute(
            "SELECT run, record_id, person_id FROM holding WHERE dataset = 'council'"
        ).fetchall()
    assert (1, "1", before["Zyxwvutia"]) in held
    assert (3, "3", before["Zyxwvutia"]) in held


def test_a_superseded_nhs_number_keeps_the_person_and_its_chain(used: Path) -> None:
    before = people(used)
    nhs = "NHS Number,Superseded By,Forename,Surname,Date of Birth,Postcode\n"
    nhs += "9000000009,9000000025,Zyxwvutia,Qwertson,02/03/1941,M13 0AQ\n"
    nhs += "9000000025,,Zyxwvutia,Qwertson,02/03/1941,M13 0AQ\n"
    nhs += "9000000017,,Barnabas,Uppingly,12/11/1950,M14 5RR\n"
    (used / "in" / "nhs.csv").write_text(nhs, encoding="utf-8")
    (used / "in" / "council.csv").write_text(
        COUNCIL.replace("1,Zyx", "7,Zyx").replace("M13 0AQ", ""), encoding="utf-8"
    )
    run(used)
    assert people(used) == before
    with open_store(used) as store:
        assert past_people(store, holdings(store)).live_numbers == {"9000000009": "9000000025"}


def test_a_run_whose_folder_cannot_get_its_name_yet_says_so_and_nothing_removes_it(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def refuse_as_windows_does_while_a_file_is_open(path: Path, target: Path) -> Path:
        if path.name == MAKING:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse_as_windows_does_while_a_file_is_open)
    for attempt in (run, run, current):
        with pytest.raises(OutputError, match=r"run 0001-\w+ is done and counts, but its folder"):
            attempt(workspace)
        assert wrongs(workspace) == []
    monkeypatch.undo()
    _, second = run(workspace)
    with open_store(workspace) as store:
        assert sorted(entry.name for entry in (workspace / "runs").iterdir()) == runs(store)
        assert runs(store)[1:] == [second.name]


def test_a_state_that_cannot_take_its_place_costs_no_run(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if target.name == STATE:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    _, first = run(workspace)
    assert current(workspace) == first
    manifest, _ = run(workspace)
    assert manifest["weekly"]["way"] == "full"
    assert not list(workspace.glob(".making*"))
    assert wrongs(workspace) == []


def test_a_last_run_that_is_missing_is_found(used: Path) -> None:
    last = current(used)
    shutil.rmtree(last)
    assert wrongs(used) == [f"The folder of run {last.name}, which is the last, is missing."]


@pytest.mark.parametrize(
    ("kept", "damaged"),
    [
        (b"discharge", b"disch\xffrge"),
        (b'CREATE TRIGGER "no_update_of_act"', b'CREAT\xff TRIGGER "no_update_of_act"'),
    ],
    ids=["what was written", "how it is laid out"],
)
def test_a_store_that_is_damaged_says_so_without_what_stands_in_it(
    used: Path, kept: bytes, damaged: bytes
) -> None:
    whole = (used / STORE).read_bytes()
    assert kept in whole
    (used / STORE).write_bytes(whole.replace(kept, damaged))
    with pytest.raises(InputError, match="is damaged") as refused, open_store(used) as store:
        audit.verify(store, used)
    assert "disch" not in str(refused.value)
