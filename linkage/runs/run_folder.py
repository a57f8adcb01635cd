"""The folder of a run → its manifest and the rows of its Parquet files, or what is wrong with it.

Arrow reads the files, since DuckDB takes the name of a folder such as `run [2]` for a pattern, which others fit as well.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from linkage.errors import InputError
from linkage.pages.wording import TEST_DATA

Filters = list[tuple[str, str, Any]] | list[list[tuple[str, str, Any]]]
"""Filters on rows for Arrow: a list of conditions (column, operator, value) that all hold, or a list of such lists of which one holds. Only
the row groups that may have such rows are read."""


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a link run's folder; InputError where it is not one."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError(f"{folder} is not the folder of a run") from None
    if not isinstance(manifest, dict) or not (folder / "records.parquet").is_file():
        raise InputError(f"{folder} is not the folder of a run that can be compared")
    if not (folder / "links.parquet").is_file():
        raise InputError(f"{folder} has no links: it is not a run of `linkage link` or `linkage run`")
    made = set(table_of(folder, "links.parquet", ("run_id",))["run_id"].unique().to_pylist())
    if made - {manifest.get("run_id")}:
        raise InputError(
            f"{folder} holds files of two runs, as when a copy was broken off: copy one run's folder anew"
        )
    return manifest


def banner_of(folder: Path) -> str:
    """What stands above every page about a run on test data; "" for any other, or where no manifest can be read."""
    try:
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return TEST_DATA if isinstance(told, dict) and told.get("test_data") else ""


def refuse_dedupe(folder: Path, so: str) -> None:
    """InputError, which says `so`, if the folder is that of a run on one dataset."""
    if (folder / "duplicates.csv").is_file() and not (folder / "links.parquet").exists():
        raise InputError(
            f"{folder} is a run of `linkage dedupe`, which links nobody, so {so}. "
            "Its pairs stand in duplicates.csv, each with its reason."
        )


def table_of(
    folder: Path, name: str, columns: Sequence[str] | None = None, filters: Filters | None = None
) -> Any:
    """The Parquet file `name` of a run as an Arrow table: the `columns` of the rows that meet the `filters`.

    InputError if the file is missing or cannot be read; its message has nothing of the contents.
    """
    import pyarrow.parquet

    try:
        return pyarrow.parquet.read_table(
            folder / name, columns=list(columns) if columns else None, filters=filters
        )
    except FileNotFoundError:
        raise InputError(f"{folder} has no {name}. Name the folder that `linkage link` wrote.") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{folder / name} cannot be read ({type(error).__name__}).") from None


def rows_of(
    folder: Path, name: str, columns: Sequence[str] | None = None, filters: Filters | None = None
) -> list[dict[str, Any]]:
    """The same, row by row."""
    rows: list[dict[str, Any]] = table_of(folder, name, columns, filters).to_pylist()
    return rows
