"""Each notebook runs from top to bottom as it stands, and prints counts but nobody's values."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
SECONDS = 120
TELLING = (
    "Person ID",
    "NHS Number",
    "Postcode",
    "Date of Birth",
    "Email",
    "NHS_NUMBER",
    "DATE_OF_BIRTH",
    "POST_CODE",
)


def test_there_are_notebooks_in_percent_format() -> None:
    assert {notebook.stem for notebook in NOTEBOOKS} >= {"main_job", "train_and_judge"}
    for notebook in NOTEBOOKS:
        text = notebook.read_text(encoding="utf-8")
        assert "# %% [markdown]\n" in text
        assert "\n# %%\n" in text


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_a_notebook_runs_without_arguments_and_prints_no_value_of_a_person(
    notebook: Path, tmp_path: Path
) -> None:
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(tmp_path))
    finished = subprocess.run(
        [sys.executable, str(notebook)],
        cwd=tmp_path,
        env={**os.environ, **places, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    values = _values(tmp_path)
    assert len(values) > 1_000
    assert {value for value in values if value in finished.stdout + finished.stderr} == set()
    [pictures] = tmp_path.glob("*/pictures.html")
    assert pictures.read_text(encoding="utf-8").count("<svg") >= 2


def _values(folder: Path) -> set[str]:
    """What identifies the made-up people whose files the notebook left in `folder`."""
    found = set()
    for file in [*folder.glob("*/*/council.csv"), *folder.glob("*/*/nhs.csv")]:
        with file.open(encoding="utf-8-sig", newline="") as text:
            for row in csv.DictReader(text):
                found |= {row[column] for column in TELLING if row.get(column)}
    return found
