"""Nobody's data goes where it should not: the database reaches no file, and nothing that is printed names a person."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from linkage.database import lend_file, open_database, private_folder


@pytest.fixture
def database(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    (tmp_path / "work").mkdir()
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with open_database(tmp_path / "work", memory="50MB") as opened:
        yield opened


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('{folder}/secret.csv')",
        "SELECT * FROM read_text('{folder}/secret.csv')",
        "SELECT * FROM '{folder}/secret.csv'",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM read_text('/etc/passwd')",
        "COPY (SELECT 1) TO '{folder}/stolen.csv'",
        "ATTACH '{folder}/stolen.db'",
        "EXPORT DATABASE '{folder}/stolen'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET temp_directory = '{folder}'",
        "RESET lock_configuration",
    ],
)
def test_no_statement_reaches_a_file_or_changes_a_setting(
    database: duckdb.DuckDBPyConnection, tmp_path: Path, statement: str
) -> None:
    with pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException, duckdb.CatalogException)):
        database.execute(statement.format(folder=tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.csv", "work"]


def test_a_file_is_lent_only_for_as_long_as_it_is_read(
    database: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    with lend_file(database, tmp_path / "secret.csv") as name:
        assert database.execute("SELECT * FROM read_csv(?)", [name]).fetchall() == [(1, 2)]
    assert not Path(name).exists()
    assert (tmp_path / "secret.csv").exists()


def test_intermediate_results_spill_where_only_the_owner_can_look_and_are_wiped(tmp_path: Path) -> None:
    with open_database(tmp_path, threads=1, memory="50MB") as database:
        database.execute(
            "CREATE TABLE large AS SELECT range, md5(CAST(range AS VARCHAR)) FROM range(2000000)"
        )
        spill = private_folder(database)
        assert any(spill.iterdir())
        if os.name == "posix":
            assert stat.S_IMODE(spill.stat().st_mode) & 0o077 == 0
    assert list(tmp_path.iterdir()) == []
