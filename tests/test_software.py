"""What a run is done with: another revision or package is told from the one before, the same one is not."""

import re
import tomllib
from importlib.metadata import distributions, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from linkage.software import CODE, PACKAGES, code_of, software

ROOT = Path(__file__).parent.parent
FOR_THE_SCREEN = {"typer", "rich"}


def test_every_file_of_the_package_that_is_not_for_people_counts() -> None:
    endings = {file.suffix for file in (ROOT / "linkage").rglob("*") if file.is_file()}
    assert endings - {".pyc", ".md"} <= set(CODE)


def test_every_package_that_a_run_is_made_with_is_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {name.partition(">=")[0] for name in project["dependencies"]}
    assert set(PACKAGES) == needed - FOR_THE_SCREEN
    assert set(software()) == {"linkage", "code", "python", *PACKAGES}


def test_a_line_more_a_file_more_and_another_name_are_another_revision(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("a = 1\n", encoding="utf-8")
    found = [code_of(tmp_path)]
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "one.pyc").write_text("compiled", encoding="utf-8")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "parameters.json").write_text("{}", encoding="utf-8")
    assert code_of(tmp_path) == found[0]
    (tmp_path / "one.py").write_text("a = 2\n", encoding="utf-8")
    found.append(code_of(tmp_path))
    (tmp_path / "two.toml").write_text("", encoding="utf-8")
    found.append(code_of(tmp_path))
    (tmp_path / "two.toml").rename(tmp_path / "three.toml")
    found.append(code_of(tmp_path))
    assert len(set(found)) == 4


WINDOWS = {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "extra": ""}


def test_what_is_locked_is_all_that_windows_needs() -> None:
    """pip, which takes nothing that is not locked where hashes are asked for, would install nothing at all there."""
    locked = set(
        re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    )
    needed = {
        canonicalize_name(requirement.name)
        for name in locked & {canonicalize_name(each.name) for each in distributions()}
        for requirement in map(Requirement, requires(name) or [])
        if not requirement.marker or requirement.marker.evaluate(WINDOWS)
    }
    assert {"colorama", "numpy"} <= needed
    assert needed <= locked
