"""The shelf of outputs: forms that results leave in, one file a form.

A file on this shelf holds `FILES` (the names it writes) and `write(run, folder)`: the finished tables of a
`Run` → its files in `folder`. Files do not know each other; each reads the tables of `linkage.tables` in
`run.database`. A run on one dataset (`kind` is "dedupe") has no links, so files that need them write nothing.
Nothing but the files in `FILES` may stand in a run's folder: that is how `publish` knows one that it may replace.
"""

from dataclasses import dataclass, field
from typing import Any

import duckdb


@dataclass(frozen=True)
class Run:
    """One finished run: the database that holds its tables, and what the run knows about itself.

    `manifest` is what manifest.json will hold: run_id, purpose, model, inputs (dataset → name, sha256, rows),
    recognised columns, counts by stage, versions (name → version), seed, test_data. `model` is the
    `linkage.model.Model` that scored.
    """

    database: duckdb.DuckDBPyConnection
    run_id: str
    model: Any
    manifest: dict[str, Any] = field(default_factory=dict)
    kind: str = "link"
