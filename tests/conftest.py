"""What all tests share: properties are tried on the same examples in every run, so that a failure repeats; a town
and a workspace."""

import shutil
from pathlib import Path

import pytest
from hypothesis import settings
from small_workspace import make_workspace

from linkage.population import generate

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def undecided(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after one week without decisions, for looking at."""
    return make_workspace(tmp_path_factory.mktemp("undecided") / "weekly")


@pytest.fixture
def fresh(undecided: Path, tmp_path: Path) -> Path:
    """A workspace after one week without decisions, for a test to use."""
    return Path(shutil.copytree(undecided, tmp_path / "fresh"))


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A council of 400 clients and a register of 4,000 people, for looking at."""
    folder = tmp_path_factory.mktemp("town") / "made"
    generate(4_000, 400, 3, folder)
    return folder
