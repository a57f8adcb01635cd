"""The guides for analysts name everything that there is: fields, profiles, endings, exit codes, guards, files, columns."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import CommandLine
from small_run import ADA, BEN, small_run

from linkage import shelf
from linkage.clerical.decisions import WAITING
from linkage.clerical.rulings import ABSENT, APPLIED, BARRED, CHANGED, CONTRADICTED, REPLACED
from linkage.errors import LinkageError
from linkage.publish import files_of_a_run, publish
from linkage.reading.lists import read_rows
from linkage.reading.profile import inputs, shipped_profiles

ROOT = Path(__file__).parents[1]
COMMAND = re.compile(r"\blinkage ([a-z]+)\b(?=[^`\n]*`)")
FENCED = re.compile("^```.*?^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
FOLDERS = ("docs", "models", "linkage", "benchmarks", "tests")


def guide(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def missing(names: set[str], text: str) -> set[str]:
    return {name for name in names if f"`{name}`" not in text}


def test_every_field_profile_and_ending_is_in_the_guide_to_inputs() -> None:
    text = guide("docs/inputs.md")
    # Lines 2 to 4 are within "`address_line_1` … `address_line_5`".
    within = {f"address_line_{number}" for number in (2, 3, 4)}
    assert missing(set(inputs()) - within, text) == set()
    assert missing(set(shipped_profiles()), text) == set()
    endings = {ending for source in shelf.load_all("sources").values() for ending in source.SUFFIXES}
    assert missing(endings, text) == set()


def test_every_exit_code_is_in_the_guide_to_inputs() -> None:
    text = guide("docs/inputs.md")
    assert [kind for kind in LinkageError.__subclasses__() if f"\n| {kind.exit_code} |" not in text] == []


def test_every_state_of_a_decision_is_in_the_guide_to_weekly_runs() -> None:
    states = {APPLIED, CHANGED, CONTRADICTED, ABSENT, BARRED, REPLACED, WAITING}
    assert missing(states, guide("docs/weekly.md")) == set()


def test_every_guard_and_file_of_a_run_is_in_the_guide_to_outputs() -> None:
    text = guide("docs/outputs.md")
    assert missing(set(shelf.names("guards")), text) == set()
    assert missing(files_of_a_run(), text) == set()


def test_every_column_of_a_csv_file_is_in_the_guide_to_outputs(tmp_path: Path) -> None:
    for kind in ("link", "dedupe"):
        for output in shelf.load_all("outputs").values():
            output.write(small_run(kind), tmp_path)
    text = guide("docs/outputs.md")
    for file in tmp_path.glob("*.csv"):
        with file.open(encoding="utf-8-sig", newline="") as opened:
            headings = {
                re.sub("_(council|nhs|left|right)$", "", heading) for heading in next(csv.reader(opened))
            }
        assert missing(headings, text) == set(), file.name


def test_every_command_that_the_guides_name_exists() -> None:
    guides = ["README.md", "GLOSSARY.md", *(f"docs/{file.name}" for file in (ROOT / "docs").glob("*.md"))]
    named = {name for path in guides for name in COMMAND.findall(guide(path))}
    assert named
    assert named - set(shelf.names("commands")) == set()


def test_every_file_of_a_run_is_told_to_name_people_or_names_nobody(tmp_path: Path) -> None:
    publish(small_run(), tmp_path / "out")
    rows = re.findall(r"^\| (`[^|]+) \|[^|]*\|[^|]*\| ([^|]+) \|$", guide("docs/outputs.md"), re.MULTILINE)
    told = {file: names for files, names in rows for file in re.findall("`([^`]+)`", files)}
    assert set(told) == files_of_a_run()
    nobody = {file for file, names in told.items() if names == "nobody"}
    assert nobody == {"rejects.csv", "report.html", "manifest.json"}
    for file in nobody:
        text = (tmp_path / "out" / file).read_text(encoding="utf-8")
        assert [name for name in ("Quill", "Vale", "P-1", ADA, BEN) if name in text] == [], file


def test_the_example_makes_a_file_for_research_without_identifiers(tmp_path: Path) -> None:
    publish(small_run(), tmp_path / "out")
    example = guide("docs/outputs.md").partition("```python\n")[2].partition("```")[0]
    made = []
    for key in (32 * b"1", 32 * b"2"):
        (tmp_path / "research.key").write_bytes(key)
        subprocess.run([sys.executable, "-c", example], cwd=tmp_path, check=True)
        made.append(read_rows(tmp_path / "research.csv"))
    links = {row["person_id"]: row for row in read_rows(tmp_path / "out" / "links.csv")}
    assert [row["band"] for row in made[0]].count("accept") == 1
    assert "screened" not in {row["band"] for row in made[0]}
    assert len({row["person"] for rows in made for row in rows}) == 2 * len(made[0])
    written = (tmp_path / "research.csv").read_text(encoding="utf-8")
    for row in links.values():
        for column in ("record_id", "nhs_number", "nhs_number_held", "person_id", "reason"):
            assert not row[column] or row[column] not in written
    assert {row["confidence_from"] for row in made[0]} <= {"0.9999", "0.999", "0.99", "0.9", "0.5", "0"}
    (tmp_path / "research.key").write_bytes(b"")
    refused = subprocess.run([sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True)
    assert "too short" in refused.stderr


def test_the_example_of_the_readme_gives_the_rows_that_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = guide("README.md")
    for name, heading in (("council.csv", "Person ID,"), ("nhs.csv", "NHS Number,")):
        rows = text.partition(f"```\n{heading}")[2].partition("```")[0]
        (tmp_path / name).write_text(heading + rows, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert "`linkage link council.csv nhs.csv --out results`" in text
    CommandLine(monkeypatch, capsys)("link", "council.csv", "nhs.csv", "--out", "results")
    header, _, *shown = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in re.findall(r"\n(?=\| record_id )((?:\|.*\n)+)", text)[0].splitlines()
    ]
    links = read_rows(tmp_path / "results" / "links.csv")
    assert [[row[name] for name in header] for row in links] == shown
    assert {row["band"] for row in links} == {"accept", "review", "none"}


def anchors(text: str) -> set[str]:
    """The anchors of a guide's headings, as GitHub and GitLab make them: small letters, spaces as hyphens, no other signs."""
    headings = re.findall("^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_of_a_guide_leads_to_a_file_and_a_heading_that_are_there() -> None:
    guides = [*ROOT.glob("*.md"), *(path for name in FOLDERS for path in (ROOT / name).rglob("*.md"))]
    lost = []
    links = 0
    for path in guides:
        text = path.read_text(encoding="utf-8")
        for link in LINK.findall(FENCED.sub("", text)):
            file, _, anchor = link.partition("#")
            target = path.parent / file if file else path
            links += 1
            if not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
                lost.append(f"{path.relative_to(ROOT)}: {link}")
    assert links
    assert lost == []
