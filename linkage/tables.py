"""The tables that stages hand over: their names, their grain and their columns.

*row*: one row received. *subject*: one person as one dataset knows them: all rows that carry the same record id
(a register may send a row per former name or address). Council subjects are what gets linked.

Where a table pairs a council record with a register person, `left_` is the council's side. `match_weight` is in bits.
"""

from dataclasses import dataclass

COUNCIL = "council"
NHS = "nhs"

ACCEPT, REVIEW, NONE, SCREENED_BAND = "accept", "review", "none", "screened"
LINKABLE_BANDS = (ACCEPT, REVIEW, NONE)
"""Bands of the records that may be linked."""
NOT_LINKED = "Not linked: "
"""The start of a screened record's reason in `link`; its reason in `screened` and a full stop follow."""
CANDIDATES_SHOWN = 3
"""How many candidates of a record the review list shows."""
CANDIDATES_EXPLAINED = 5
"""How many candidates of a record have their evidence kept, and are in the answer of a look-up."""

DECISION = "decision"
"""The `method` of a link that people decided on."""


@dataclass(frozen=True)
class Table:
    """One table: its name, what one row of it is (its grain), and its columns, `listed` as in CREATE TABLE."""

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
    "row of the list of objections: the council's id, an NHS Number or both (the table exists only if there is a list)",
    "record_id VARCHAR, nhs_number VARCHAR",
)

RECORD = Table(
    "record",
    "row that was received and not rejected; `received` is a hash of what came in, the fields' columns follow these",
    """
    row_id BIGINT, dataset VARCHAR, subject_id BIGINT, record_id VARCHAR, row_number BIGINT, flags VARCHAR[], received VARCHAR
    """,
)

FINGERPRINT = Table(
    "fingerprint",
    "subject: hashes of its values (`fingerprint`: the one it is known by; as received; as cleaned), of its birth dates and "
    "of its names; and the NHS Numbers it had before",
    """
    subject_id BIGINT, dataset VARCHAR, record_id VARCHAR, fingerprint VARCHAR, birth VARCHAR,
    names VARCHAR, former_numbers VARCHAR[], received VARCHAR, cleaned UBIGINT
    """,
)

FOLLOWED = Table(
    "followed",
    "former record id on the list of objections, as `plain_id_sql` writes it, and a council subject of the person who had it "
    "(NULL: that person was not recognised)",
    "name VARCHAR, subject_id BIGINT",
)

HELD = Table(
    "held",
    "record that a workspace remembers, as it was last seen: its hashes, and whose it is (an NHS Number that was superseded or "
    "superseded another has no fingerprint)",
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
"""A reason in `screened`, the only one that leaves a record its person: the person of the record it was merged into."""

KNOWN_DUPLICATE = Table(
    "known_duplicate",
    "two council subjects that the council itself has merged",
    "left_subject BIGINT, right_subject BIGINT",
)

RULING = Table(
    "ruling",
    "a person's standing decision on two records: which subjects these are in this run (NULL: not there), and what became of it",
    """
    number BIGINT, left_subject BIGINT, right_subject BIGINT, verdict VARCHAR, state VARCHAR, day VARCHAR,
    left_dataset VARCHAR, left_record VARCHAR, right_dataset VARCHAR, right_record VARCHAR
    """,
)

ONE_PERSON = Table(
    "one_person",
    "subject that people decided to be the same person as the others of its group",
    "subject_id BIGINT, group_id BIGINT",
)

TWO_PEOPLE = Table(
    "two_people",
    "two subjects that people decided to be different, smaller first",
    "left_subject BIGINT, right_subject BIGINT",
)

CANDIDATE_PAIR = Table(
    "candidate_pair",
    "two rows worth comparing; left is a council row; bit n of `rules` is set if blocking rule n found the pair",
    "left_id BIGINT, right_id BIGINT, rules BIGINT",
)

PAIR = Table(
    "pair",
    "two rows compared: evidence in bits, without the prior; level_<comparison> (Splink's gamma: 0 is the last level, -1 missing) "
    "and weight_<comparison> follow, and the sums against strangers, relatives and twins",
    "left_id BIGINT, right_id BIGINT, match_weight DOUBLE",
)

SET_ASIDE = Table(
    "set_aside",
    "council subject with a blocking key that too many rows share, so that this rule made no pairs from that key",
    "subject_id BIGINT, rule BIGINT",
)

CERTAIN = Table(
    "certain",
    "council subject whose match is certain after the strict blocking rules, so that no loose rule is tried for it",
    "subject_id BIGINT",
)

CANDIDATE = Table(
    "candidate",
    "council subject and a register subject it may be, with their best pair of rows; weight with prior; rank 1 is best; "
    "`candidates` is how many the council subject has",
    """
    subject_id BIGINT, other_id BIGINT, left_id BIGINT, right_id BIGINT, match_weight DOUBLE, rank BIGINT,
    candidates BIGINT
    """,
)

EVIDENCE = Table(
    "evidence",
    "candidate and one part of its weight, in bits: a comparison, the starting odds (`prior`), or the correction because a "
    "shared home counts once (`household`)",
    "left_id BIGINT, right_id BIGINT, comparison VARCHAR, level VARCHAR, wording VARCHAR, weight DOUBLE",
)

LINK = Table(
    "link",
    "council subject: the decision on it",
    """
    subject_id BIGINT, record_id VARCHAR, nhs_number VARCHAR, band VARCHAR, confidence DOUBLE,
    match_weight DOUBLE, margin DOUBLE, candidates BIGINT, method VARCHAR, guards VARCHAR[], reason VARCHAR,
    nhs_number_held VARCHAR, nhs_number_status VARCHAR, left_id BIGINT, right_id BIGINT
    """,
)

EDGE = Table(
    "edge",
    "two subjects that belong together: accepted link or merge by the council (firm), or a tie of two council records",
    "left_subject BIGINT, right_subject BIGINT, match_weight DOUBLE, firm BOOLEAN",
)

OPPOSED = Table(
    "opposed",
    "two council subjects that look like two people, by their own values or because the register has one for each, or that "
    "were decided to be different; smaller first",
    "left_subject BIGINT, right_subject BIGINT",
)

LAST_TIE = Table(
    "last_tie",
    "fingerprints of two council records that a workspace's last run joined by their evidence; smaller first",
    "left_fingerprint VARCHAR, right_fingerprint VARCHAR",
)

UNTIED = Table(
    "untied",
    "two council subjects, smaller first, above the review threshold but without a tie (others may join them), and why not",
    "left_subject BIGINT, right_subject BIGINT, why VARCHAR",
)

CLUSTER = Table(
    "cluster",
    "council subject, or register subject that one was linked to: its cluster (smallest member), and what is in conflict there",
    "subject_id BIGINT, cluster_id BIGINT, conflict VARCHAR",
)

DUPLICATE = Table(
    "duplicate",
    "two council records that are or may be one person: their best pair of rows, and the band: joined, or review by a human",
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
    "council subject, or register subject that one was linked to: its person_id, which later runs keep",
    """
    person_id VARCHAR, subject_id BIGINT, dataset VARCHAR, record_id VARCHAR, nhs_number VARCHAR,
    cluster_size BIGINT, conflict VARCHAR
    """,
)

SUCCESSION = Table(
    "succession",
    'person_id that this run retired ("merged" into `other`) or made because `other` was "split"',
    "person_id VARCHAR, event VARCHAR, other VARCHAR",
)

PERSON_KEY = Table(
    "person_key",
    "cluster: its person_id, and how many of its records had that in former runs (NULL: it is new)",
    "cluster_id BIGINT, person_id VARCHAR, records_before BIGINT",
)

CLUSTER_TO_CHECK = Table(
    "cluster_to_check",
    "cluster that may be several people: the bits of its weakest cut, the strongest tie across it, and the record ids on one side",
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
    """A statement that makes `table` unless it is there."""
    return create_sql(table).replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1)
