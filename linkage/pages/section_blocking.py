"""What blocking set aside → a section of the report: what that may have cost at most; it shows no value of a person."""

import duckdb

from linkage.config import CHANGES
from linkage.outputs import Run
from linkage.pages import wording
from linkage.pages.page import Html, element, joined
from linkage.pages.sections import either, percent, words
from linkage.tables import ACCEPT, LINK, NONE, SCREENED_BAND, SET_ASIDE

HEADINGS = (
    "Agreeing on", "Pairs found", "Pairs set aside", "Records", "Linked to nobody", "Recall at stake, at most",
)  # fmt: skip


def blocking(run: Run) -> Html:
    """For each blocking rule with keys that too many rows share, the records that it may have failed to find."""
    found = by_rule(run.database)
    nobody, records, accepted = at_stake(run.database)
    rows = [
        (
            ", ".join(words(key) for key in rule["keys"]),
            rule["pairs"],
            rule["set_aside"],
            *found[number],
            percent(most_lost(found[number][1], accepted), 1),
        )
        for number, rule in enumerate(run.manifest["stages"]["blocking"])
        if number in found
    ]
    share = percent(most_lost(nobody, accepted), 1)
    lead = wording.SET_ASIDE.format(nobody=nobody, records=records, accepted=accepted, share=share)
    table = either(rows, "Values that too many rows share", HEADINGS, wording.NOTHING_SET_ASIDE)
    by_changes = run.manifest.get("weekly", {}).get("way") == CHANGES
    return joined([element("p", wording.SET_ASIDE_OF_CHANGES if by_changes else lead), table])


def by_rule(database: duckdb.DuckDBPyConnection) -> dict[int, tuple[int, int]]:
    """Number of a rule → how many council records have a key of it that too many rows share, and how many of these are
    linked to nobody."""
    rows = database.execute(
        f"""
        SELECT rule, count(DISTINCT subject_id), count(DISTINCT subject_id) FILTER (band = '{NONE}')
        FROM "{SET_ASIDE.name}" JOIN "{LINK.name}" USING (subject_id) GROUP BY rule
        """
    ).fetchall()
    return {rule: (records, nobody) for rule, records, nobody in rows}


def most_lost(nobody: int, accepted: int) -> float:
    """An upper bound of the share (0–1) of recall that these unlinked records cost: as if all of them, and nobody else
    but the accepted, were in the register."""
    return nobody / (nobody + accepted) if nobody else 0.0


def at_stake(database: duckdb.DuckDBPyConnection) -> tuple[int, int, int]:
    """How many council records with such a key of any rule are linked to nobody, how many records may be linked, and how
    many were accepted."""
    rows = database.execute(
        f"""
        SELECT count(DISTINCT subject_id) FILTER (
                band = '{NONE}' AND subject_id IN (SELECT subject_id FROM "{SET_ASIDE.name}")
            ),
            count(DISTINCT subject_id), count(DISTINCT subject_id) FILTER (band = '{ACCEPT}')
        FROM "{LINK.name}" WHERE band <> '{SCREENED_BAND}'
        """
    ).fetchall()
    nobody, records, accepted = rows[0]
    return int(nobody), int(records), int(accepted)
