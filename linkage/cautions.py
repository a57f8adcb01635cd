"""The cleaned rows of a run and its files → cautions: sentences with counts on what a person should know before using the
results."""

import re
from collections.abc import Mapping, Sequence

import duckdb

from linkage.ingest import Ingested
from linkage.name_order import surname_first
from linkage.objections import lost_objections
from linkage.pages.wording import counted
from linkage.past import LastRun
from linkage.reading import roles
from linkage.register_sql import CONFUSED, ROWS_OF_TWO
from linkage.sparse import hardly_told
from linkage.tables import COUNCIL, NHS, RECORD
from linkage.weekly.since_last import since_last
from linkage.weekly.slipped_ids import since_held

CUT_NUMBER = "list_contains(flags, 'nhs_number_precision_lost')"
CUT_ID = f"dataset = '{COUNCIL}' AND regexp_full_match(record_id, '[0-9]([.][0-9]+)?[Ee][+][0-9]+')"
"""Conditions that a spreadsheet has rounded a row's NHS Number or record id."""
OBJECTS = re.compile(r"objection|object(s|ed|ing|or)(?![a-z])|dissent|opt(s|ed)?[ _-]?out", re.IGNORECASE)
"""Headings of columns that may say who objects."""
MANY = 0.1
"""Share of unusable birth dates or NHS Numbers from which there is a caution."""
BORN = "date_of_birth_received IS NOT NULL"
NUMBERED = """nhs_number_received IS NOT NULL
    AND NOT list_has_any(flags, ['nhs_number_placeholder', 'nhs_number_precision_lost'])"""
UNREAD_MARKS = {
    (COUNCIL, "confidential"): "and counts as a yes: those records are left out",
    (COUNCIL, "is_client"): "and counts as a no: those records are left out",
    (NHS, "confidential"): "and counts as a yes: the home and telephone of those people are withheld",
}
"""(dataset, input that says who may not be linked or shown) → what happens to rows where its text is not understood, in words."""
UNREAD_BIRTHS = "{share:.0%} of the birth dates of {file} cannot be used"
CAUSES = {
    "date_of_birth_impossible": ", most often because there is no such day: is the month before the day?",
    "date_of_birth_format": ", most often because they are in no form that is read, such as 31/12/1960 or 1960-12-31.",
    "date_of_birth_default": ", most often because they stand for an unknown date, such as 01/01/1900.",
    "date_of_birth_future": ", most often because they are in the future.",
}
UNREAD_NUMBERS = (
    "{share:.0%} of the NHS Numbers of {file} are not valid, so they are not used: has a spreadsheet rounded them, or is "
    "it another column?"
)


def cautions(
    database: duckdb.DuckDBPyConnection,
    received: Sequence[Ingested],
    last: LastRun | None = None,
    accepted: int = 0,
) -> list[str]:
    """The cautions of a run, the weightiest first. None has a value of a person.

    `last` is the last run of the workspace; `accepted` is how many records this run linked.
    """
    others = since_held(database)
    return [
        *roles.doubt(database, received),
        *_lost_objections(database),
        *_unused_objections(received),
        *(f"In {found.file} {others[found.dataset]}" for found in received if found.dataset in others),
        *unread_marks(database, received),
        *_told(
            database,
            received,
            CUT_ID,
            "{rows} of {file} {have} a record id that a spreadsheet has cut (as in 1E+06), so "
            "that different people are taken for one: export the file again with the record id as text.",
        ),
        *_told(
            database,
            received,
            CUT_NUMBER,
            "{rows} of {file} {have} an NHS Number that a spreadsheet has cut (as in "
            "9E+09), so it is not used: export the file again with the NHS Number as text.",
        ),
        *_shared_ids(database, received),
        *_confused_numbers(database, received),
        *_unread(database, received, NUMBERED, "nhs_number", dict.fromkeys((COUNCIL, NHS), UNREAD_NUMBERS)),
        *_not_there(received),
        *surname_first(database, received),
        *_unread_births(database, received),
        *hardly_told(database, received),
        *(since_last(last, received, accepted) if last else []),
    ]


def _lost_objections(database: duckdb.DuckDBPyConnection) -> list[str]:
    """A caution if people objected under a record id that is gone, and were not recognised under another."""
    lost = lost_objections(database)
    if not lost:
        return []
    names = counted(lost, "of the objections names a record", "of the objections name records")
    return [
        f"{names} that an earlier run knew and that nobody in these files is known as: whoever is there under another id, with "
        "another name or birth date, may have been linked. Look them up, and add their new ids to the list."
    ]


def _unused_objections(received: Sequence[Ingested]) -> list[str]:
    """A caution for each file with a column that may say who objects, if no list of objections was given."""
    if any(found.dataset == "objection" for found in received):
        return []
    return [
        f'{found.file} has the column "{heading}", which is not used, and no list of objections was given: if it tells who objects to the use '
        "of their NHS Number, none of them was left out. Give a list of them with --objections, or as file under [objections] of a workspace."
        for found in received
        for heading in found.unused
        if OBJECTS.search(heading)
    ]


def _told(
    database: duckdb.DuckDBPyConnection, received: Sequence[Ingested], condition: str, words: str
) -> list[str]:
    """For each file with rows of `record` that meet the condition: `words` with {rows}, {have} and {file} filled in."""
    found = dict(
        database.execute(
            f'SELECT dataset, count(*) FROM "{RECORD.name}" WHERE {condition} GROUP BY dataset'
        ).fetchall()
    )
    return [
        words.format(
            rows=counted(found[x.dataset], "row"),
            have="has" if found[x.dataset] == 1 else "have",
            file=x.file,
        )
        for x in received
        if x.dataset in found
    ]


def unread_marks(database: duckdb.DuckDBPyConnection, received: Sequence[Ingested]) -> list[str]:
    """For each input in `UNREAD_MARKS` with text that is neither yes nor no: what happens to these rows, and whether they
    are so many that the column may be about something else."""
    told = []
    for found in received:
        for (dataset, name), outcome in UNREAD_MARKS.items():
            if dataset != found.dataset:
                continue
            [(rows, of)] = database.execute(
                f"""
                SELECT count(*) FILTER (list_contains(flags, '{name}_format')), count(*)
                FROM "{RECORD.name}" WHERE dataset = '{dataset}'
                """
            ).fetchall()
            if not rows:
                continue
            hold = counted(rows, "row holds", "rows hold")
            heading = " + ".join(found.recognised.get(name, [name]))
            much = (
                f" That is {rows / of:.0%} of all rows: is the column about something else? Then rename it."
            )
            told.append(
                f"In {found.file} {hold} something in {heading} that is neither a yes nor a no, {outcome}."
                f"{much if rows >= MANY * of else ' Look at them, and write Y or N.'}"
            )
    return told


def _shared_ids(database: duckdb.DuckDBPyConnection, received: Sequence[Ingested]) -> list[str]:
    """A caution if rows of one record id differ in both the forename's initial and the birth date."""
    [(shared,)] = database.execute(
        f"""
        SELECT count(*) FROM (
            SELECT subject_id FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}' GROUP BY subject_id
            HAVING {ROWS_OF_TWO}
        )
        """
    ).fetchall()
    if not shared:
        return []
    file = next(found.file for found in received if found.dataset == COUNCIL)
    return [
        f"In {file} rows of one record id have different forenames and birth dates ({counted(shared, 'id')}), so that different people "
        "are taken for one; if one of them may not be linked, none is. Was an id used again for somebody else?"
    ]


def _confused_numbers(database: duckdb.DuckDBPyConnection, received: Sequence[Ingested]) -> list[str]:
    """A caution if rows of one NHS Number in the register are two people's."""
    [(confused,)] = database.execute(f"SELECT count(*) FROM ({CONFUSED})").fetchall()
    return [
        f"In {found.file} rows of one NHS Number have different forenames and birth dates ({counted(confused, 'number')}): a link to "
        "one of these numbers is for a person to decide."
        for found in received
        if confused and found.dataset == NHS
    ]


def _unread(
    database: duckdb.DuckDBPyConnection,
    received: Sequence[Ingested],
    held: str,
    column: str,
    words: Mapping[str, str],
) -> list[str]:
    """`words` of its dataset for each file in which `column` is NULL in a tenth or more of the rows that meet the
    condition `held`."""
    found = dict(
        database.execute(
            f"""
            SELECT dataset, count(*) FILTER ("{column}" IS NULL) / count(*) FROM "{RECORD.name}"
            WHERE {held} GROUP BY dataset
            """
        ).fetchall()
    )
    return [
        words[x.dataset].format(share=found[x.dataset], file=x.file)
        for x in received
        if found.get(x.dataset, 0) >= MANY
    ]


def _unread_births(database: duckdb.DuckDBPyConnection, received: Sequence[Ingested]) -> list[str]:
    """The cautions of `_unread` on birth dates, each with its commonest cause (the rows are in rising order of counts, so
    that it is the last to be put into `causes`)."""
    counted = database.execute(
        f"""
        SELECT dataset, flag, count(*)
        FROM (SELECT dataset, unnest(flags) AS flag FROM "{RECORD.name}" WHERE date_of_birth IS NULL)
        GROUP BY dataset, flag ORDER BY count(*), flag
        """
    ).fetchall()
    causes = {dataset: CAUSES[flag] for dataset, flag, _ in counted if flag in CAUSES}
    words = {
        dataset: f"{UNREAD_BIRTHS}{causes.get(dataset, '.')} `linkage check` counts every cause."
        for dataset in (COUNCIL, NHS)
    }
    return _unread(database, received, BORN, "date_of_birth", words)


def _not_there(received: Sequence[Ingested]) -> list[str]:
    """A caution for each file in which no column was recognised as the birth date."""
    return [
        f"{x.file} has no column that is recognised as the date of birth, so nobody is told apart by it"
        + (f" (not used: {', '.join(x.unused)})." if x.unused else ".")
        for x in received
        if x.dataset in (COUNCIL, NHS) and "date_of_birth" not in x.recognised
    ]
