"""Finished tables of a run → the counts that its report shows; nothing here is a value of a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import duckdb

from linkage.database import columns_of, count
from linkage.outputs import Run
from linkage.pages.disclosure import gathered
from linkage.shown import SENSITIVE
from linkage.tables import LINKABLE_BANDS, SCREENED_BAND

COMMONEST_REASONS = 6
BIN_BITS = 4
LOWEST_BITS, HIGHEST_BITS = -20, 60
# The last range holds 1 itself.
ALL = 1.0 + 1e-9
CONFIDENCES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, ALL)
NOT_GIVEN = "Not given"
DECADE = "(extract(year FROM min(date_of_birth)) // 10 * 10)::INTEGER || 's'"
WAYS = {
    "sex": ("Sex", "gender", "upper(left(max(gender), 1)) || substr(max(gender), 2)"),
    "born": ("Decade of birth", "date_of_birth", DECADE),
    "ethnicity": ("Ethnic group", "ethnicity", "max(ethnicity)"),
    "deprivation": ("Deprivation", "deprivation", "max(deprivation)"),
}
"""Kind of group → its title, the column of `record` it needs, and the group of a subject's rows."""


@dataclass(frozen=True)
class Account:
    """Where every council row went: rows received, set aside, repeats of a record, and records by band."""

    received: int
    rejected: int
    repeated: int
    bands: dict[str, int]

    @property
    def accounted(self) -> int:
        """Sum of everything that rows became."""
        return self.rejected + self.repeated + sum(self.bands.values())


def account(run: Run) -> Account:
    """The account of the council's rows; `manifest["inputs"]["council"]` says how many were received."""
    database = run.database
    council = run.manifest.get("inputs", {}).get("council", {})
    further = run.manifest["stages"]["further_rows"]
    rejected = database.execute(
        "SELECT count(DISTINCT row_number) FROM reject WHERE file = coalesce(?, file)", [council.get("name")]
    ).fetchall()[0][0]
    found = dict(database.execute("SELECT band, count(*) FROM link GROUP BY band").fetchall())
    bands = {band: int(found.get(band, 0)) for band in (*LINKABLE_BANDS, SCREENED_BAND)}
    return Account(council.get("rows", rejected + further + sum(bands.values())), rejected, further, bands)


def weights(database: duckdb.DuckDBPyConnection) -> tuple[list[str], dict[str, list[int]]]:
    """Bins of match weight (bits, by their lower ends) and the number of records in each, by band."""
    rows = database.execute(
        """
        SELECT band, least(?, greatest(?, floor(match_weight / ?) * ?))::INTEGER AS bin, count(*)
        FROM link
        WHERE match_weight IS NOT NULL AND band <> 'screened'
        GROUP BY band, bin
        ORDER BY bin
        """,
        [HIGHEST_BITS, LOWEST_BITS, BIN_BITS, BIN_BITS],
    ).fetchall()
    if not rows:
        return [], {}
    starts = list(range(rows[0][1], rows[-1][1] + 1, BIN_BITS))
    found = {(band, start): number for band, start, number in rows}
    return [str(start) for start in starts], {
        band: [found.get((band, start), 0) for start in starts] for band in LINKABLE_BANDS
    }


def confidences(database: duckdb.DuckDBPyConnection) -> list[tuple[str, int, int]]:
    """Range of confidence, accepted records, records in review."""
    found = []
    for low, high in pairwise(CONFIDENCES):
        rows = database.execute(
            """
            SELECT count(*) FILTER (WHERE band = 'accept'), count(*) FILTER (WHERE band = 'review')
            FROM link
            WHERE confidence >= ? AND confidence < ?
            """,
            [low, high],
        ).fetchall()
        found.append((f"{low:g} to {min(high, 1.0):g}", *rows[0]))
    return found[::-1]


def guards(database: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    """Guard, records in which it fired; the most frequent first."""
    return database.execute(
        """
        SELECT guard, count(*) AS records
        FROM (SELECT unnest(guards) AS guard FROM link WHERE band = 'review')
        GROUP BY guard
        ORDER BY records DESC, guard
        """
    ).fetchall()


def unguarded(database: duckdb.DuckDBPyConnection) -> int:
    """Records that wait for a decision although no guard fired."""
    return count(database, "link", "band = 'review' AND coalesce(len(guards), 0) = 0")


def sensitive(database: duckdb.DuckDBPyConnection) -> int:
    """Records that were linked or proposed to somebody whom the register marks as sensitive."""
    rows = f"SELECT row_id FROM record WHERE subject_id IN ({SENSITIVE})"
    return count(database, "link", f"band IN ('accept', 'review') AND right_id IN ({rows})")


def pairs_to_decide(database: duckdb.DuckDBPyConnection) -> int:
    """Pairs of council records that may be one person and wait for a human to decide."""
    return count(database, "duplicate", "band = 'review'")


def clusters_to_check(database: duckdb.DuckDBPyConnection) -> int:
    """People whose records may not be one person's."""
    return count(database, "cluster_to_check")


def reasons(database: duckdb.DuckDBPyConnection, band: str) -> list[tuple[str, int]]:
    """Kinds of reason in `band` (the reasons without their figures), and how many records have each; the most frequent first."""
    rows = database.execute(
        """
        SELECT regexp_replace(reason, '[0-9]+([.][0-9]+)?', '…', 'g') AS kind, count(*) AS records
        FROM link
        WHERE band = ?
        GROUP BY kind
        ORDER BY records DESC, kind
        """,
        [band],
    ).fetchall()
    return shortened(rows)


def screened(run: Run) -> list[tuple[str, str, int]]:
    """Dataset, reason, and how many records of the council or rows of the register were left out for it."""
    counted = run.manifest["stages"]["screened"].items()
    return [(side, reason, number) for key, number in counted for side, _, reason in [key.partition(": ")]]


def groups(database: duckdb.DuckDBPyConnection) -> dict[str, dict[str, list[int]]]:
    """Title → group → council records that may be linked, accepted, in review.

    By each of `WAYS` for which anything is known. No group is of up to 7 records, so that a rare value (or a name in
    the wrong column) is never shown.
    """
    columns = columns_of(database, "record")
    found = {}
    for title, column, expression in WAYS.values():
        if column not in columns:
            continue
        rows = database.execute(
            f"""
            SELECT
                coalesce(category, '{NOT_GIVEN}') AS told,
                count(*),
                count(*) FILTER (WHERE band = 'accept'),
                count(*) FILTER (WHERE band = 'review')
            FROM link JOIN (
                SELECT subject_id, {expression} AS category
                FROM record
                WHERE dataset = 'council'
                GROUP BY subject_id
            ) USING (subject_id)
            WHERE band <> 'screened'
            GROUP BY told
            ORDER BY told = '{NOT_GIVEN}', told
            """
        ).fetchall()
        told = gathered({group: counts for group, *counts in rows})
        if told and any(group != NOT_GIVEN for group in told):
            found[title] = told
    return found


def clusters(database: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    """Number of council records that are one person, people with that many."""
    return database.execute(
        """
        SELECT records, count(*)
        FROM (SELECT person_id, count(*) AS records FROM person WHERE dataset = 'council' GROUP BY person_id)
        GROUP BY records
        ORDER BY records
        """
    ).fetchall()


def conflicts(database: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    """What is in conflict, people."""
    return database.execute(
        """
        SELECT conflict, count(DISTINCT person_id) AS people
        FROM person
        WHERE conflict <> ''
        GROUP BY conflict
        ORDER BY people DESC, conflict
        """
    ).fetchall()


def shortened(rows: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The first rows, and all the others as one."""
    rest = rows[COMMONEST_REASONS:]
    others = [(f"{len(rest):,} other kinds", sum(number for _, number in rest))] if rest else []
    return [*rows[:COMMONEST_REASONS], *others]
