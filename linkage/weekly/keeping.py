"""Tables of a full run → the tables of its workspace's state (`kept_…`); and the statistics back from the state."""

from pathlib import Path

import duckdb

from linkage.model import Model
from linkage.scoring.statistics import Statistics, frequency_tables, from_numbers
from linkage.tables import CANDIDATE_PAIR, FINGERPRINT, PAIR, RECORD
from linkage.weekly import state
from linkage.weekly.changes import waits_for_a_day_sql
from linkage.weekly.reuse import KEPT_RECORD
from linkage.weekly.row_ids import spread_sql
from linkage.weekly.score_changes import in_play_sql
from linkage.weekly.state import Kept


def keep_records(database: duckdb.DuckDBPyConnection, making: Path) -> None:
    """Keep `record` as it is after cleaning, and the subjects with their record ids."""
    row_id, subject_id = spread_sql("row_id"), spread_sql("subject_id")
    state.keep(
        database, making, KEPT_RECORD,
        f'SELECT * REPLACE ({row_id} AS row_id, {subject_id} AS subject_id) FROM "{RECORD.name}"',
    )  # fmt: skip
    state.keep(
        database, making, "kept_subject",
        f'SELECT DISTINCT dataset, record_id, {subject_id} AS subject_id FROM "{RECORD.name}"',
    )  # fmt: skip


def keep_comparisons(database: duckdb.DuckDBPyConnection, making: Path, model: Model) -> None:
    """Keep the pairs as the scoring model weighs them, before `adapt` changes the weights; the rows, with whether they
    were compared; the fingerprints, large keys and frequencies."""
    row_id, subject_id = spread_sql("row_id"), spread_sql("subject_id")
    state.keep(
        database, making, "kept_row",
        f"""
        SELECT {row_id} AS kept_id, row_key.dataset, row_key.record_id, content, copy, line, filled, {subject_id} AS kept_subject,
            in_play.row_id IS NOT NULL AS was_in_play, coalesce(is_open, false) AS was_open,
            {waits_for_a_day_sql()} AS waits_for_a_day
        FROM row_key JOIN "{RECORD.name}" record USING (dataset, row_number)
        LEFT JOIN row_line USING (dataset, row_number)
        LEFT JOIN ({in_play_sql()}) in_play USING (row_id)
        """,
    )  # fmt: skip
    state.keep(
        database, making, "kept_fingerprint",
        f'SELECT * REPLACE ({subject_id} AS subject_id) FROM "{FINGERPRINT.name}"',
    )  # fmt: skip
    state.keep(
        database, making, "kept_pair",
        f"""
        SELECT pair.* REPLACE ({spread_sql("left_id")} AS left_id, {spread_sql("right_id")} AS right_id),
            rules < {1 << len(model.blocking)} AS strict
        FROM "{PAIR.name}" pair JOIN "{CANDIDATE_PAIR.name}" USING (left_id, right_id)
        """,
    )  # fmt: skip
    for name in ("large_key", "rarest", *frequency_tables(model)):
        state.keep(database, making, name, f'SELECT * FROM "{name}"')


def take_statistics(database: duckdb.DuckDBPyConnection, kept: Kept, trained: Model) -> Statistics:
    """The kept statistics; make their tables: `large_key`, `rarest` and `frequency_<column>`."""
    for name in ("large_key", "rarest", *frequency_tables(trained)):
        state.take(database, kept, name)
    return from_numbers(kept.told["statistics"], trained)
