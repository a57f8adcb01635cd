"""A workspace's settings that are wrong are refused by file, part and key, with what may stand there."""

import shutil
import sqlite3
from pathlib import Path, PureWindowsPath

import pytest
from small_workspace import COUNCIL, write

from linkage.errors import InputError, LinkageError, MappingError, ModelError, OutputError
from linkage.model_folder import find, load
from linkage.weekly.settings import SETTINGS, Settings, below_root, not_there_yet, read_job, read_purpose
from linkage.weekly.workspace import init, run

SHARE = "must be a number above 0 and below 1"
NUMBER = "must be a whole number, 0 or more"
PATH = "the path of a file, or a pattern, in quotation marks"


@pytest.mark.parametrize(
    ("pattern", "root", "below"),
    [
        ("in/council-*.csv", "", "in\\council-*.csv"),
        ("C:/care/council-*.csv", "C:\\", "care\\council-*.csv"),
        ("C:\\care\\council-*.csv", "C:\\", "care\\council-*.csv"),
        ("//server/care/in/council-*.csv", "\\\\server\\care\\", "in\\council-*.csv"),
    ],
)
def test_a_pattern_may_be_written_with_either_stroke_on_windows(pattern: str, root: str, below: str) -> None:
    assert below_root(PureWindowsPath(pattern)) == (root, below)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "weekly"
    (folder / "in").mkdir(parents=True)
    write(folder, COUNCIL)
    init(folder, Settings(), "ada")
    return folder


def change(workspace: Path, old: str, new: str) -> None:
    settings = workspace / "linkage.toml"
    text = settings.read_text(encoding="utf-8")
    assert old in text
    settings.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[thresholds]", "[thresholds]\naccept = 1.5", f"[thresholds] accept {SHARE}"),
        ("[thresholds]", "[thresholds]\nreview = \"x\"", f"[thresholds] review {SHARE}"),
        ("[thresholds]", "[thresholds]\nreview = true", f"[thresholds] review {SHARE}"),
        ("seed = 1", 'seed = "x"', f"[limits] seed {NUMBER}"),
        ("seed = 1", "seed = true", f"[limits] seed {NUMBER}"),
        ("threads = 0", "threads = -1", f"[limits] threads {NUMBER}"),
        ('memory = ""', 'memory = "lots"', '[limits] memory must be text such as "4GB"'),
        ('memory = ""', "memory = 4", '[limits] memory must be text such as "4GB"'),
        ('model = "default"', "model = 3", "model must be text in quotation marks"),
        ('purpose = "direct care"', "purpose = 3", "purpose must be text in quotation marks"),
        ('file = "in/council.csv"', 'file = ""', f"[council] file must be {PATH}"),
        ('file = "in/nhs.csv"', "", f"[nhs] file is missing: give {PATH}"),
        ('profile = ""', "profile = 3", "[council] profile must be text in quotation marks"),
        ('profile = ""', 'profile = "nosuch"', "[council] profile: there is no profile nosuch"),
        ("[nhs.columns]", "[nhs.columns]\nsurname = 3", "[nhs] columns must be lines such as"),
        ("[nhs.columns]", '[nhs.columns]\nshoe = "x"', "[nhs.columns] names the field shoe, which does not exist"),
        ("[council]", "[councl]", "the file knows no councl; it knows council, limits"),
        ("threads = 0", "thread = 0", "[limits] knows no thread; it knows memory, seed, threads"),
        ('purpose = "direct care"', 'limit = "4GB"', "the file knows no limit"),
        ("purpose =", "purpose", "is not TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_file_part_and_key(
    workspace: Path, old: str, new: str, told: str
) -> None:
    change(workspace, old, new)
    with pytest.raises(MappingError) as refused:
        run(workspace)
    assert str(refused.value).startswith(str(workspace / "linkage.toml"))
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("review = 0.99\naccept = 0.9", "review (0.99) is above accept (0.9)"),
        ("accept = 0.0001", "is above accept (0.0001); review is the model's"),
    ],
)
def test_thresholds_that_cross_say_which_of_them_is_the_models(workspace: Path, new: str, told: str) -> None:
    change(workspace, "[thresholds]", f"[thresholds]\n{new}")
    with pytest.raises(MappingError) as refused:
        run(workspace)
    assert told in str(refused.value)
    assert "linkage.toml: [thresholds]" in str(refused.value)


def test_a_model_that_is_not_there_is_told_before_a_workspace_is_made_and_before_it_is_run(
    workspace: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="no model called nosuch"):
        init(tmp_path / "new", Settings(model="nosuch"))
    assert not (tmp_path / "new").exists()
    change(workspace, 'model = "default"', 'model = "nosuch"')
    with pytest.raises(ModelError, match=r"linkage\.toml: model: there is no model called nosuch"):
        run(workspace)


def test_profiles_and_patterns_are_looked_for_from_the_workspace(workspace: Path) -> None:
    columns = '[columns]\nrecord_id = ["Person ID"]\nsurname = ["Surname"]\n'
    (workspace / "ours.toml").write_text(f'name = "ours"\ndataset = "council"\n{columns}', encoding="utf-8")
    change(workspace, 'profile = ""', 'profile = "ours.toml"')
    change(workspace, "in/council.csv", (workspace / "in" / "coun*.csv").as_posix())
    job = read_job(workspace, workspace / "out")
    assert job.council.profile == str(workspace / "ours.toml")
    shutil.copytree(find("default"), workspace / "models" / "ours")
    change(workspace, 'model = "default"', 'model = "models/ours"')
    assert read_job(workspace, workspace / "out").model == str(workspace / "models" / "ours")
    assert job.council.path == workspace / "in" / "council.csv"
    (workspace / "in" / "council.xlsx").touch()
    (workspace / "in" / "~$council.xlsx").touch()
    change(workspace, "coun*.csv", "*.xlsx")
    assert read_job(workspace, workspace / "out").council.path == workspace / "in" / "council.xlsx"
    change(workspace, "*.xlsx", "coun*.csv")
    change(workspace, "coun*.csv", "nobody-*.csv")
    with pytest.raises(InputError, match=r"linkage.toml: \[council\] file: no file fits .*nobody-\*.csv"):
        read_job(workspace, workspace / "out")


def test_settings_and_profiles_may_begin_with_a_byte_order_mark_as_some_windows_programs_write_it(
    workspace: Path,
) -> None:
    (workspace / "ours.toml").write_text(
        'name = "ours"\ndataset = "council"\n[columns]\nsurname = "Surname"\n', encoding="utf-8-sig"
    )
    change(workspace, 'profile = ""', 'profile = "ours.toml"')
    settings = workspace / SETTINGS
    settings.write_text(settings.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert read_job(workspace, workspace / "out").council.profile == str(workspace / "ours.toml")
    assert read_purpose(workspace) == "direct care"


def test_what_is_not_there_yet_is_told_when_a_workspace_is_made(tmp_path: Path) -> None:
    named = Settings(council="council-*.csv", nhs=(tmp_path / "n*.csv").as_posix())
    assert not_there_yet(tmp_path, named) == [named.council, named.nhs]
    (tmp_path / "nhs.csv").write_text("x", encoding="utf-8")
    assert not_there_yet(tmp_path, named) == [named.council]


@pytest.mark.parametrize("taken", ["store.sqlite", "runs", "runs/0001-abc/links.csv", ""])
def test_a_folder_in_which_something_else_has_a_name_of_a_workspace_is_left_alone(
    tmp_path: Path, taken: str
) -> None:
    other = tmp_path / "other" / taken
    other.parent.mkdir(parents=True, exist_ok=True)
    other.write_text("a letter", encoding="utf-8")
    with pytest.raises(OutputError, match="is there already and is not of a workspace"):
        init(tmp_path / "other", Settings())
    assert other.read_text(encoding="utf-8") == "a letter"
    assert not (tmp_path / "other" / "linkage.toml").exists()


def test_a_folder_with_files_of_other_names_or_a_store_from_a_backup_becomes_a_workspace(
    workspace: Path, tmp_path: Path
) -> None:
    run(workspace)
    new = tmp_path / "new"
    new.mkdir()
    (new / "letter.txt").write_text("a letter", encoding="utf-8")
    with sqlite3.connect(workspace / "store.sqlite") as kept, sqlite3.connect(new / "store.sqlite") as copy:
        kept.backup(copy)
    init(new, Settings(council="../weekly/in/council.csv", nhs="../weekly/in/nhs.csv"))
    _, second = run(new)
    assert second.name.startswith("0002-")


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_settings_that_an_editor_saved_in_another_encoding_are_refused_with_what_helps(
    workspace: Path, encoding: str
) -> None:
    change(workspace, "direct care", "café")
    text = (workspace / "linkage.toml").read_text(encoding="utf-8")
    (workspace / "linkage.toml").write_text(text, encoding=encoding)
    with pytest.raises(LinkageError, match=r"linkage\.toml is not UTF-8: save it with that encoding"):
        run(workspace)


def test_a_model_may_begin_with_a_byte_order_mark_as_well(tmp_path: Path) -> None:
    ours = Path(shutil.copytree(find("default"), tmp_path / "ours"))
    text = (ours / "model.toml").read_text(encoding="utf-8")
    (ours / "model.toml").write_text(text, encoding="utf-8-sig")
    assert load(str(ours)).version == load("default").version
