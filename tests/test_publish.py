"""A run is all there or not there."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from small_run import small_run

from linkage import shelf
from linkage.errors import OutputError
from linkage.publish import WORKED, files_of_a_run, is_former_run, prepare, publish


def names(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> BaseException:
    """The shelf's last output fails with the error that the test names, after the others have written."""
    kind, *arguments = request.param
    error = kind(*arguments)
    assert isinstance(error, BaseException)

    def fail(_run: object, folder: Path) -> None:
        (folder / "links.csv").write_text("half", encoding="utf-8")
        raise error

    load_all = shelf.load_all
    failing = {"outputs": {"zz": SimpleNamespace(FILES=(), write=fail)}}
    monkeypatch.setattr(shelf, "load_all", lambda name: {**load_all(name), **failing.get(name, {})})
    return error


def test_all_files_are_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    found = publish(small_run(), tmp_path / "deep" / "out")
    assert {path.name for path in found} == files_of_a_run()
    assert names(tmp_path / "deep") == {"out"}


def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    found = publish(small_run(), tmp_path / "out")
    if os.name == "posix":
        assert {path.stat().st_mode & 0o077 for path in [tmp_path / "out", *found]} == {0}
    assert all(path.stat().st_size for path in found)


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert publish(small_run(), tmp_path / "out")


def test_a_former_run_is_replaced(tmp_path: Path) -> None:
    publish(small_run(), tmp_path / "out")
    publish(small_run("dedupe", run_id="run-2"), tmp_path / "out")
    assert "run-2" in (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    assert not (tmp_path / "out" / "links.csv").exists()
    assert names(tmp_path) == {"out"}


@pytest.mark.parametrize("stranger", ["notes.txt", "links.csv", "manifest.json"])
def test_a_folder_that_is_not_a_former_run_is_left_alone(tmp_path: Path, stranger: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / stranger).write_text("mine", encoding="utf-8")
    for attempt in (lambda: prepare(out), lambda: publish(small_run(), out)):
        with pytest.raises(OutputError, match="not from a former run"):
            attempt()
    assert (out / stranger).read_text(encoding="utf-8") == "mine"


def test_a_former_run_to_which_somebody_added_a_file_is_left_alone(tmp_path: Path) -> None:
    publish(small_run(), tmp_path / "out")
    assert is_former_run(tmp_path / "out")
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError):
        publish(small_run(), tmp_path / "out")
    assert (tmp_path / "out" / "links.csv").exists()


@pytest.mark.parametrize("name", WORKED)
def test_a_former_run_in_which_somebody_wrote_a_verdict_is_left_alone(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    publish(small_run(), out)
    (out / name).write_text("record_id,verdict\nC1,\nC2,same\n", encoding="utf-8")
    with pytest.raises(OutputError, match="holds verdicts"):
        prepare(out)
    assert "same" in (out / name).read_text(encoding="utf-8")


def test_a_file_that_stands_in_the_way_is_named_since_windows_may_not_show_it(tmp_path: Path) -> None:
    publish(small_run(), tmp_path / "out")
    (tmp_path / "out" / "desktop.ini").write_text("[.ShellClassInfo]", encoding="utf-8")
    with pytest.raises(OutputError, match=r"not from a former run, such as desktop\.ini, so"):
        prepare(tmp_path / "out")


def test_a_whole_drive_is_no_folder_for_a_run() -> None:
    with pytest.raises(OutputError, match="is a whole drive"):
        prepare(Path("/"))


def test_a_path_that_will_be_too_long_for_the_files_of_a_run_is_told_before_any_work(tmp_path: Path) -> None:
    out = tmp_path
    while len(str(out)) < 4000:
        out /= "a" * min(200, 4060 - len(str(out)))
    out.mkdir(parents=True)
    with pytest.raises(OutputError, match="its path may be too long"):
        prepare(out)
    assert names(out.parent) == {out.name}


def test_windows_says_of_a_path_that_is_too_long_that_it_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, _: bytes) -> None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(OutputError, match="its path may be too long"):
        prepare(tmp_path / ("a" * 190))


def test_a_file_in_the_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="is a file"):
        prepare(tmp_path / "out")


def test_a_parent_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        prepare(tmp_path / "file" / "out")


def test_preparing_leaves_nothing_behind(tmp_path: Path) -> None:
    prepare(tmp_path / "out")
    assert names(tmp_path) == set()


@pytest.mark.parametrize(
    ("failing", "said"),
    [((OSError, 28, "full"), "is full"), ((PermissionError, 13, "held"), "open in another program")],
    indirect=["failing"],
)
def test_a_fault_of_the_disk_says_what_to_do_and_leaves_the_former_run(
    tmp_path: Path, failing: BaseException, said: str
) -> None:
    before = former_run(tmp_path / "out")
    with pytest.raises(OutputError, match=said) as caught:
        publish(small_run(), tmp_path / "out")
    assert caught.value.__cause__ is failing
    assert contents(tmp_path / "out") == before
    assert names(tmp_path) == {"out"}


@pytest.mark.parametrize("failing", [(KeyboardInterrupt,)], indirect=True)
def test_an_interrupted_run_leaves_nothing(tmp_path: Path, failing: BaseException) -> None:
    with pytest.raises(type(failing)):
        publish(small_run(), tmp_path / "out")
    assert names(tmp_path) == set()


def test_the_former_run_comes_back_if_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(small_run(), tmp_path / "out")
    before = contents(tmp_path / "out")
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if target == tmp_path / "out" and not path.name.endswith("-old"):
            raise PermissionError(13, "held by another program")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OutputError, match=r"What this run found is in .*out-run-1$"):
        publish(small_run(run_id="run-2"), tmp_path / "out")
    assert contents(tmp_path / "out") == before
    assert names(tmp_path) == {"out", "out-run-1"}


# Says when it stands before the given rename of the two that put a run in its place, and waits to be killed.
KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from small_run import small_run
from linkage.publish import publish
rename, renames = Path.rename, []
def wait(path, target):
    renames.append(path)
    if len(renames) == int(sys.argv[2]):
        print("ready", flush=True)
        sys.stdin.read()
    return rename(path, target)
Path.rename = wait
publish(small_run(run_id="run-2"), Path(sys.argv[1]))
"""


@pytest.mark.parametrize("before_rename", [1, 2])
def test_what_a_job_left_that_was_killed_while_publishing_is_mended_by_the_next_and_not_while_it_lives(
    tmp_path: Path, before_rename: int
) -> None:
    out, other = tmp_path / "out", tmp_path / "out-2"
    before = former_run(out)
    former_run(other)
    job = [sys.executable, "-c", KILLED, str(out), str(before_rename), str(Path(__file__).parent)]
    with subprocess.Popen(job, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as publishing:
        assert publishing.stdout is not None
        assert publishing.stdout.readline() == "ready\n"
        left = names(tmp_path)
        assert out.exists() == (before_rename == 1)
        for each in (out, other):
            prepare(each)
        assert names(tmp_path) == left > {"out-2"}
        publishing.kill()
    prepare(other)
    assert names(tmp_path) == left
    prepare(out)
    assert names(tmp_path) == {"out", "out-2"}
    assert contents(out) == before


def test_the_former_run_that_a_killed_job_had_set_aside_goes_where_the_new_one_is_in_its_place(
    tmp_path: Path,
) -> None:
    former_run(tmp_path / "out")
    former_run(tmp_path / ".out-0123abcd-old")
    (tmp_path / ".out-notes").mkdir()
    prepare(tmp_path / "out")
    assert names(tmp_path) == {"out", ".out-notes"}


def former_run(out: Path) -> dict[str, bytes]:
    """A folder as a run leaves it, made without the shelf."""
    out.mkdir()
    (out / "manifest.json").write_text('{"run_id": "old"}', encoding="utf-8")
    return contents(out)


def contents(folder: Path) -> dict[str, bytes]:
    return {entry.name: entry.read_bytes() for entry in folder.iterdir()}
