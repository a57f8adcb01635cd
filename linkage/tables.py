"""The tables that stages hand over: their names, their grain and their columns.

*row*: one row received. *subject*: one person as one dataset knows them: all rows that carry the same record id
(a register may send a row per former name or address). Council subjects are what gets linked.
"""

from dataclasses import dataclass

COUNCIL = "council"
NHS = "nhs"

ACCEPT, REVIEW, NONE, SCREENED_BAND = "accept", "review", "none", "screened"
LINKABLE_BANDS = (ACCEPT, REVIEW, NONE)
"""Bands of the records that may be linked."""
NOT_LINKED = "Not linked: "
"""How the reason of a link begins whose record was screened; the reason in `screened` and a full stop follow."""
CANDIDATES_SHOWN = 3
"""Candidates of a record that a human sees beside each other."""
CANDIDATES_EXPLAINED = 5
"""Candidates of a record whose evidence is kept, and that a look-up tells of."""

DECISION = "decision"
"""The `method` of a link that people decided on."""


@dataclass(frozen=True)
class Table:
    """One table: what one row stands for, and its columns as `listed`: each with its DuckDB type behind it."""

    name: str
    grain: str
    listed: str

    @property
    def columns(self) -> dict[str, str]:
        """Column → its type, in order."""
        return {name: kind for each in self.listed.split(",") for name, kind in [each.split()]}


def raw(dataset: str) -> str:
    """Name of the table of rows received from `dataset`: row_number and one VARCHAR column per input."""
    return f"raw_{dataset}"


REJECT = Table(
    "reject",
    "one thing wrong with a row that was set aside",
    "file VARCHAR, row_number BIGINT, column_name VARCHAR, problem VARCHAR",
)

OBJECTION = Table(
    "objection",
    "person of the list of objections, by the council's id, an NHS Number or both; there is none without a list",
    "record_id VARCHAR, nhs_number VARCHAR",
)

RECORD = Table(
    "record",
    "row that was received and not rejected, with a hash of what was received; the fields' own columns follow these",
    """
    row_id BIGINT, dataset VARCHAR, subject_id BIGINT, record_id VARCHAR, row_number BIGINT, flags VARCHAR[], received VARCHAR
    """,
)

FINGERPRINT = Table(
    "fingerprint",
    "subject: hashes of its values (as known, as received and as cleaned), of its birth dates and of its names; NHS Numbers it "
    "had before",
    """
    subject_id BIGINT, dataset VARCHAR, record_id VARCHAR, fingerprint VARCHAR, birth VARCHAR,
    names VARCHAR, former_numbers VARCHAR[], received VARCHAR, cleaned UBIGINT
    """,
)

FOLLOWED = Table(
    "followed",
    "former record id of the list of objections, however it was written (`plain_id_sql`), and a council subject of the person who "
    "had it (NULL: nobody is known again)",
    "name VARCHAR, subject_id BIGINT",
)

HELD = Table(
    "held",
    "record that a workspace remembers, as it was last seen: whose it is, and its hashes (no fingerprint of a number that another "
    "replaced, or that replaced one)",
    """
    dataset VARCHAR, record_id VARCHAR, fingerprint VARCHAR, birth VARCHAR, names VARCHAR, person_id VARCHAR
    """,
)

SCREENED = Table(
    "screened",
    "subject that may not be linked, with the first reason that holds",
    "subject_id BIGINT, reason VARCHAR",
)

MERGED = "merged into another record by the council"
"""The one reason in `screened` for which a record still belongs to a person: that of the record it was merged into."""

KNOWN_DUPLICATE = Table(
    "known_duplicate",
    "two council subjects that the source itself has merged",
    "left_subject BIGINT, right_subject BIGINT",
)

RULING = Table(
    "ruling",
    "standing decision of a person on two records: the subjects that it is about now, and what became of it",
    """
    number BIGINT, left_subject BIGINT, right_subject BIGINT, verdict VARCHAR, state VARCHAR, day VARCHAR,
    left_dataset VARCHAR, left_record VARCHAR, right_dataset VARCHAR, right_record VARCHAR
    """,
)

ONE_PERSON = Table(
    "one_person",
    "subject that people decided to be one person with others of its group",
    "subject_id BIGINT, group_id BIGINT",
)

TWO_PEOPLE = Table(
    "two_people",
    "two subjects that people decided not to be one person, smaller first",
    "left_subject BIGINT, right_subject BIGINT",
)

CANDIDATE_PAIR = Table(
    "candidate_pair",
    "two rows worth comparing; left is a council row; `rules` has a bit for each blocking rule that found it",
    "left_id BIGINT, right_id BIGINT, rules BIGINT",
)

PAIR = Table(
    "pair",
    "two rows compared; level_<comparison> columns follow (Splink's numbering: 0 none, -1 missing)",
    "left_id BIGINT, right_id BIGINT, match_weight DOUBLE",
)

SET_ASIDE = Table(
    "set_aside",
    "council subject with a key of a blocking rule that too many rows share, so that the rule looked for nobody by it",
    "subject_id BIGINT, rule BIGINT",
)

CERTAIN = Table(
    "certain",
    "council subject whose match the strict blocking rules have made certain, so that no loose rule is tried for it",
    "subject_id BIGINT",
)

CANDIDATE = Table(
    "candidate",
    "council subject and a subject it may be (NHS: an NHS Number), best pair of rows, rank 1 is the best of so many candidates",
    """
    subject_id BIGINT, other_id BIGINT, left_id BIGINT, right_id BIGINT, match_weight DOUBLE, rank BIGINT,
    candidates BIGINT
    """,
)

EVIDENCE = Table(
    "evidence",
    "explained candidate's best pair and comparison, or the starting odds, or what a shared home takes off: bits",
    "left_id BIGINT, right_id BIGINT, comparison VARCHAR, level VARCHAR, wording VARCHAR, weight DOUBLE",
)

LINK = Table(
    "link",
    "council subject: the decision",
    """
    subject_id BIGINT, record_id VARCHAR, nhs_number VARCHAR, band VARCHAR, confidence DOUBLE,
    match_weight DOUBLE, margin DOUBLE, candidates BIGINT, method VARCHAR, guards VARCHAR[], reason VARCHAR,
    nhs_number_held VARCHAR, nhs_number_status VARCHAR, left_id BIGINT, right_id BIGINT
    """,
)

EDGE = Table(
    "edge",
    "two subjects that something speaks for being one person: links and merges of the source (firm), close council records; bits",
    "left_subject BIGINT, right_subject BIGINT, match_weight DOUBLE, firm BOOLEAN",
)

OPPOSED = Table(
    "opposed",
    "two council subjects close to anybody that look like two people, by themselves or in the register, or were decided to "
    "be; smaller first",
    "left_subject BIGINT, right_subject BIGINT",
)

LAST_TIE = Table(
    "last_tie",
    "fingerprints of two council records that were one person by their evidence in a workspace's last run; smaller first",
    "left_fingerprint VARCHAR, right_fingerprint VARCHAR",
)

UNTIED = Table(
    "untied",
    "two council subjects of at least the review threshold whom no pair of rows joins, smaller first; and why not",
    "left_subject BIGINT, right_subject BIGINT, why VARCHAR",
)

CLUSTER = Table(
    "cluster",
    "council subject, or NHS subject that a council subject was linked to: which cluster, and what is in conflict",
    "subject_id BIGINT, cluster_id BIGINT, conflict VARCHAR",
)

DUPLICATE = Table(
    "duplicate",
    "two council records that are or may be one person: their best pair of rows, and whether they were joined or a "
    "human should look (review)",
    """
    left_id BIGINT, right_id BIGINT, match_weight DOUBLE, confidence DOUBLE, band VARCHAR, reason VARCHAR
    """,
)

PROTECTED = Table(
    "protected",
    "subject and what of it is not shown, home or contact: a sensitive person's, one's who may be, or shared with one of them",
    "subject_id BIGINT, what VARCHAR",
)

PERSON = Table(
    "person",
    "council or linked NHS subject: its stable person_id",
    """
    person_id VARCHAR, subject_id BIGINT, dataset VARCHAR, record_id VARCHAR, nhs_number VARCHAR,
    cluster_size BIGINT, conflict VARCHAR
    """,
)

SUCCESSION = Table(
    "succession",
    'what became of an identifier in this run: "merged" into `other`, or made when `other` was "split"',
    "person_id VARCHAR, event VARCHAR, other VARCHAR",
)

PERSON_KEY = Table(
    "person_key",
    "cluster: its identifier, and how many of its records went by that in former runs (none: it is new)",
    "cluster_id BIGINT, person_id VARCHAR, records_before BIGINT",
)

CLUSTER_TO_CHECK = Table(
    "cluster_to_check",
    "cluster that may not be one person: the strongest tie of its weakest cut, and the records on one side of that",
    """
    cluster_id BIGINT, risk DOUBLE, reason VARCHAR, left_subject BIGINT, right_subject BIGINT, bits DOUBLE,
    density DOUBLE, records BIGINT, records_before BIGINT, part VARCHAR[]
    """,
)


def create_sql(table: Table) -> str:
    """A CREATE TABLE statement for `table`."""
    columns = ", ".join(f'"{name}" {kind}' for name, kind in table.columns.items())
    return f'CREATE TABLE "{table.name}" ({columns})'


def ensure_sql(table: Table) -> str:
    """A statement that makes `table` where it is not there yet."""
    return create_sql(table).replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1)
