"""What Windows refuses while another program holds a file, here only told by the error that it gives."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_run import small_run

from linkage import file_locks
from linkage.commands import write_page
from linkage.errors import OutputError
from linkage.population import generate
from linkage.publish import is_former_run, prepare, publish


def refused(number: int = errno.EACCES) -> OSError:
    """What Python makes of a refusal of Windows."""
    return OSError(number, os.strerror(number))


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Path]]:
    """`hold(method, times, fits)` has a method of Path refused so many times for the paths that fit; returns those refused."""

    def start(method: str, times: int, fits: Callable[[Path], bool]) -> list[Path]:
        met: list[Path] = []
        whole = getattr(Path, method)

        def refuse(path: Path, *arguments: Any, **named: Any) -> Any:
            if fits(path) and len(met) < times:
                met.append(path)
                raise refused()
            return whole(path, *arguments, **named)

        monkeypatch.setattr(Path, method, refuse)
        return met

    return start


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_locks, "WINDOWS", True)
    monkeypatch.setattr(file_locks, "PAUSE", 0.0)
    monkeypatch.setattr(file_locks, "SECONDS", 0.3)


def test_what_is_held_for_a_moment_is_waited_for_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[OSError | str] = [refused(), refused(errno.ENOTEMPTY), "done"]

    def act() -> str:
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer

    assert file_locks.patiently(act) == "done"
    answers += [refused(errno.ENOENT), refused(), "never asked"]
    with pytest.raises(FileNotFoundError):
        file_locks.patiently(act)
    monkeypatch.setattr(file_locks, "WINDOWS", False)
    with pytest.raises(PermissionError):
        file_locks.patiently(act)
    assert answers == ["never asked"]


def test_what_is_held_for_long_is_told_in_the_end() -> None:
    def act() -> None:
        raise refused()

    with pytest.raises(PermissionError):
        file_locks.patiently(act)


def test_a_run_takes_its_place_though_a_virus_scanner_still_reads_it(
    tmp_path: Path, hold: Callable[..., list[Path]]
) -> None:
    publish(small_run(), tmp_path / "out")
    met = hold("rename", 5, lambda path: path.name in ("fresh", "out"))
    publish(small_run(run_id="run-2"), tmp_path / "out")
    assert len(met) == 5
    assert "run-2" in (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_a_former_run_that_a_spreadsheet_holds_open_is_told_before_any_work(
    tmp_path: Path, hold: Callable[..., list[Path]]
) -> None:
    publish(small_run(), tmp_path / "out")
    hold("rename", 10**9, lambda path: path.name == "out")
    with pytest.raises(OutputError, match="open in another program, such as Excel"):
        prepare(tmp_path / "out")
    assert is_former_run(tmp_path / "out")
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_what_a_run_found_is_not_lost_where_somebody_opened_the_former_one_meanwhile(
    tmp_path: Path, hold: Callable[..., list[Path]]
) -> None:
    publish(small_run(), tmp_path / "out")
    before = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    hold("rename", 10**9, lambda path: path.name == "out")
    for beside in ("out-run-1", "out-run-1-again"):
        with pytest.raises(OutputError, match=f"such as Excel.* What this run found is in .*{beside}$"):
            publish(small_run(run_id="run-2"), tmp_path / "out")
        assert is_former_run(tmp_path / beside)
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == before
    assert len(list(tmp_path.iterdir())) == 3


def test_a_page_is_written_though_what_stood_there_is_held_for_a_moment(
    tmp_path: Path, hold: Callable[..., list[Path]]
) -> None:
    page = tmp_path / "page.html"
    page.write_text("former", encoding="utf-8")
    removed, made = (hold(method, 2, lambda path: path.name == page.name) for method in ("unlink", "touch"))
    write_page(page, "new")
    assert page.read_text(encoding="utf-8") == "new"
    assert len(removed) == len(made) == 2


def test_a_made_up_council_takes_its_place_though_it_is_held_for_a_moment(
    tmp_path: Path, hold: Callable[..., list[Path]]
) -> None:
    met = hold("rename", 2, lambda path: path.name.startswith(".made-"))
    generate(200, 20, 3, tmp_path / "made")
    assert (len(met), [entry.name for entry in tmp_path.iterdir()]) == (2, ["made"])
