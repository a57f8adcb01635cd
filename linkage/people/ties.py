"""Compared pairs of council records → `tie`: those that are one person; `opposed`: those that look like two; and `untied`:
those with much evidence that are no tie, with the reason.

A pair with enough evidence is a tie, unless something speaks against it: in the two records, in the register, in their home,
or in a third record. One that fits two different people about equally well does not say which of them it is.
"""

import math

import duckdb

from linkage.clerical.rulings import TORN
from linkage.guards import CLOSE
from linkage.model import DECIMALS, Model
from linkage.past import CANNOT_TELL
from linkage.people.cluster_risk import WEAK_BITS
from linkage.people.housemates import housemates_sql
from linkage.people.tie_conditions import CALLED, kin_sql, opposed_sql, thin_sql
from linkage.tables import (
    ACCEPT,
    CANDIDATE,
    COUNCIL,
    DECISION,
    EDGE,
    FINGERPRINT,
    LAST_TIE,
    LINK,
    ONE_PERSON,
    OPPOSED,
    PAIR,
    RECORD,
    REVIEW,
    RULING,
    TWO_PEOPLE,
    UNTIED,
    create_sql,
)

WAVER = 1.0
"""Bits that are added for two records that were a tie in the last run and have not changed. Term frequencies are counted anew in
each run, and that alone should give nobody another person_id."""

TORN_APART = "decisions on one of them contradict each other"
TWO_IN_REGISTER = "the register has a person for each of them"
FITS_TWO = "one of them fits two people of the register"
TWO_PERSONS = "a different forename or birth date, as another member of the family has"
TWO_NUMBERS = "they hold different NHS Numbers"
NAMELESS = "no forename speaks for it"
THIN = "too little of names, birth date and home agrees"
SHORT = "the evidence is not strong enough"
HOUSEMATE = "it may just as well be somebody else at that address"
RIVAL = "one of them fits a third record about as well, and that one looks like somebody else"

PROPOSED = f"""
    SELECT subject_id, other_id AS number, list_contains(guards, 'close_rival') AS tied
    FROM "{LINK.name}" JOIN "{CANDIDATE.name}" USING (subject_id)
    WHERE rank = 1 AND (band IN ('{ACCEPT}', '{REVIEW}') OR method = '{DECISION}')
"""
"""SELECT of the register person (`number`) who is proposed for a council subject, or whom people decided about; `tied`: whether
another fits about as well."""

KNOWN_ROW = f'SELECT row_id, fingerprint FROM "{RECORD.name}" JOIN "{FINGERPRINT.name}" USING (subject_id)'
LAST_TIED = f"""
    SELECT DISTINCT least(l.row_id, r.row_id) AS left_id, greatest(l.row_id, r.row_id) AS right_id, {WAVER!r} AS in_hand
    FROM "{LAST_TIE.name}"
    JOIN ({KNOWN_ROW}) l ON l.fingerprint = left_fingerprint
    JOIN ({KNOWN_ROW}) r ON r.fingerprint = right_fingerprint
"""
"""SELECT of the pairs of rows (left_id, right_id) whose subjects were a tie in the last run and have not changed, and their
`WAVER`."""


def make_ties(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `opposed`, `untied` and `tie`: pairs of rows (left_id, right_id, left_subject, right_subject) with `weight` and
    `relative_weight` in bits, prior included. `edge` has the links and merges by then."""
    needed, review = (math.log2(share / (1 - share)) for share in (model.join, model.review))
    _find_close(database, model, needed, min(needed - CLOSE, review))
    _find_opposed(database, model)
    _doubt(database, f"(left_id, right_id) IN ({housemates_sql(model, needed)})", HOUSEMATE)
    _doubt_rivals(database)
    database.execute(create_sql(UNTIED))
    database.execute(
        f"""
        INSERT INTO "{UNTIED.name}"
        SELECT left_subject, right_subject, arg_max(why, (weight, -left_id, -right_id)) FROM close_pair
        GROUP BY left_subject, right_subject HAVING min(why) <> '' AND max(weight) >= {review!r}
        """
    )
    database.execute("DROP TABLE tie")
    database.execute("CREATE TEMP TABLE tie AS SELECT * EXCLUDE (why) FROM close_pair WHERE why = ''")
    database.execute("DROP TABLE close_pair")


def _find_close(database: duckdb.DuckDBPyConnection, model: Model, needed: float, lowest: float) -> None:
    """Make `close_pair`: pairs of rows of at least `lowest` bits, and in `why` the first reason against a tie ('' if
    there is none); and `tie`: those without a reason, for `housemates_sql`. `needed` are the bits of a tie. The smaller
    subject is left."""
    database.execute(
        f"""
        CREATE TEMP TABLE close_pair AS
        WITH proposed AS ({PROPOSED}),
        called AS ({CALLED}),
        side AS (SELECT * FROM "{RECORD.name}" LEFT JOIN called USING (forename) WHERE dataset = '{COUNCIL}'),
        known AS (
            SELECT p.* REPLACE (
                p.weight + coalesce(in_hand, 0) AS weight, relative_weight + coalesce(in_hand, 0) AS relative_weight
            )
            FROM ({council_pairs_sql(database, model)}) p LEFT JOIN ({LAST_TIED}) USING (left_id, right_id)
        )
        SELECT p.left_id, p.right_id, least(l.subject_id, r.subject_id) AS left_subject,
            greatest(l.subject_id, r.subject_id) AS right_subject, p.weight, p.relative_weight,
            CASE
                WHEN l.subject_id IN ({TORN}) OR r.subject_id IN ({TORN}) THEN '{TORN_APART}'
                WHEN one.number <> other.number THEN '{TWO_IN_REGISTER}'
                WHEN one.tied OR other.tied THEN '{FITS_TWO}'
                WHEN {opposed_sql(model)} THEN '{TWO_PERSONS}'
                WHEN p.weight < {WEAK_BITS!r} AND NOT list_has_any(l.nhs_numbers, r.nhs_numbers)
                    AND l.nhs_number IS NOT NULL AND r.nhs_number IS NOT NULL THEN '{TWO_NUMBERS}'
                WHEN {kin_sql(model)} THEN '{NAMELESS}'
                WHEN p.weight < {needed!r} THEN '{SHORT}'
                WHEN {thin_sql(model, "p.weight")} THEN '{THIN}'
                ELSE ''
            END AS why
        FROM known p
        JOIN side l ON l.row_id = p.left_id
        JOIN side r ON r.row_id = p.right_id
        LEFT JOIN proposed one ON one.subject_id = l.subject_id
        LEFT JOIN proposed other ON other.subject_id = r.subject_id
        WHERE p.weight >= {lowest!r}
        """
    )
    database.execute("CREATE TEMP TABLE tie AS SELECT * FROM close_pair WHERE why = ''")


def _find_opposed(database: duckdb.DuckDBPyConnection, model: Model) -> None:
    """Make `opposed`, among the subjects that are in `close_pair` or have a link or merge.

    Of two subjects with several rows the best pair counts. Subjects that people decided to be one person are not opposed;
    those decided to be different are.
    """
    database.execute(create_sql(OPPOSED))
    database.execute(
        f"""
        CREATE TEMP TABLE near AS
        SELECT left_subject AS subject_id FROM close_pair UNION SELECT right_subject FROM close_pair
        UNION SELECT left_subject FROM "{EDGE.name}" UNION SELECT right_subject FROM "{EDGE.name}"
        """
    )
    database.execute(
        f"""
        INSERT INTO "{OPPOSED.name}"
        WITH proposed AS ({PROPOSED}),
        called AS ({CALLED}),
        side AS MATERIALIZED (
            SELECT *
            FROM "{RECORD.name}" SEMI JOIN near USING (subject_id) LEFT JOIN proposed USING (subject_id)
            LEFT JOIN called USING (forename)
        ),
        found AS (
            SELECT least(l.subject_id, r.subject_id) AS left_subject, greatest(l.subject_id, r.subject_id) AS right_subject,
                p.weight, {opposed_sql(model)} OR coalesce(l.number <> r.number, false) AS unlike
            FROM ({council_pairs_sql(database, model)}) p
            JOIN side l ON l.row_id = p.left_id
            JOIN side r ON r.row_id = p.right_id
        ),
        decided AS (
            SELECT a.subject_id, b.subject_id
            FROM "{ONE_PERSON.name}" a JOIN "{ONE_PERSON.name}" b USING (group_id) WHERE a.subject_id < b.subject_id
        )
        SELECT left_subject, right_subject FROM found GROUP BY ALL
        HAVING max(weight) FILTER (unlike) > coalesce(max(weight) FILTER (NOT unlike), CAST('-infinity' AS DOUBLE))
        UNION SELECT left_subject, right_subject FROM "{TWO_PEOPLE.name}"
        EXCEPT FROM decided
        """
    )
    database.execute("DROP TABLE near")


def _doubt(database: duckdb.DuckDBPyConnection, condition: str, why: str) -> None:
    """Give the pairs of `close_pair` that meet the condition, and have no reason against a tie yet, the reason `why`."""
    database.execute(f"UPDATE close_pair SET why = ? WHERE why = '' AND {condition}", [why])


def _doubt_rivals(database: duckdb.DuckDBPyConnection) -> None:
    """Take away the ties of subjects that fit two opposed people about equally well: it is not clear which of the two they are.

    A tie stays if it is at least `CLOSE` bits better than the weaker of the two. Where people could not tell whether two
    records are one person, these fit with infinite weight.
    """
    # fits: each subject with the people it is close to and not opposed to. untold: subjects that fit both of two opposed
    # people, with the weight of the weaker fit.
    database.execute(
        f"""
        CREATE TEMP TABLE fits AS
        WITH untellable AS (
            SELECT left_subject, right_subject, CAST('infinity' AS DOUBLE) AS weight FROM "{RULING.name}"
            WHERE verdict = '{CANNOT_TELL}' AND left_dataset = '{COUNCIL}' AND right_dataset = '{COUNCIL}'
        )
        SELECT one AS subject_id, other AS person, max(weight) AS weight FROM (
            SELECT left_subject AS one, right_subject AS other, weight FROM close_pair
            UNION ALL SELECT right_subject, left_subject, weight FROM close_pair
            UNION ALL FROM untellable UNION ALL SELECT right_subject, left_subject, weight FROM untellable
        )
        WHERE (least(one, other), greatest(one, other)) NOT IN (SELECT (left_subject, right_subject) FROM "{OPPOSED.name}")
        GROUP BY ALL
        """
    )
    database.execute(
        f"""
        CREATE TEMP TABLE untold AS
        SELECT one.subject_id, max(least(one.weight, other.weight)) AS weight
        FROM fits one
        JOIN "{OPPOSED.name}" ON left_subject = one.person
        JOIN fits other ON other.subject_id = one.subject_id AND other.person = right_subject
        GROUP BY one.subject_id
        """
    )
    for side in ("left_subject", "right_subject"):
        best = f"SELECT weight FROM untold WHERE subject_id = {side}"
        _doubt(database, f"close_pair.weight - {CLOSE!r} < ({best})", RIVAL)
    database.execute("DROP TABLE fits")
    database.execute("DROP TABLE untold")


def duplicate_prior(database: duckdb.DuckDBPyConnection, model: Model) -> float:
    """Prior log2 odds that two given council records are one person."""
    subjects = database.execute(
        f"""SELECT count(DISTINCT subject_id) FROM "{RECORD.name}" WHERE dataset = '{COUNCIL}'"""
    ).fetchall()[0][0]
    return round(math.log2(model.share_duplicate / max(subjects, 2)), DECIMALS)


def council_pairs_sql(database: duckdb.DuckDBPyConnection, model: Model) -> str:
    """SELECT of the rows of `pair` that are of two council rows, with `weight`: the evidence in bits, prior included."""
    return f"""
        SELECT p.*, p.match_weight + {duplicate_prior(database, model)!r} AS weight
        FROM "{PAIR.name}" p
        JOIN "{RECORD.name}" r ON r.row_id = p.right_id AND r.dataset = '{COUNCIL}'
    """
