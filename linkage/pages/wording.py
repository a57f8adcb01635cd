"""What the report says in the same words every time: how linking works, what bands mean, and a glossary."""


def counted(number: int, one: str, several: str = "") -> str:
    """How many there are of something: "1 row", "2,000 rows"; `several` where it is not `one` with an "s", as with a verb."""
    return f"{number:,} {one if number == 1 else several or one + 's'}"


BANDS = {
    "accept": "Linked",
    "review": "For a person to decide",
    "none": "No link",
    "screened": "May not be linked",
    "rejected": "Row could not be read",
    "repeated": "Further row of the same record",
}

SHORT_BANDS = {"accept": "linked", "review": "to decide"}

BAND_MEANINGS = {
    "accept": "sure enough to be used as it stands",
    "review": "there is a likely person, but it takes a human to say so",
    "none": "nobody in the register is likely enough to be proposed",
    "screened": "left out before any comparing, for the reasons given below",
    "rejected": "set aside, with file, row and column in rejects.csv",
    "repeated": "an earlier name or address of a record that is counted above",
}

LEFT_OUT = {"council": "Council records", "nhs": "NHS rows"}
REGISTER_ROWS = (
    "Of the {received:,} rows of the register, {linkable:,} ({people:,} people) could be linked to; {left_out:,} were left "
    "out and {set_aside:,} set aside."
)

SET_ASIDE = (
    "A value that more than 100 rows share, such as a common surname alone, says too little to compare all of them "
    "for it. Most of these records were compared by other rules all the same. Of {records:,} records that may be "
    "linked {nobody:,} had such a value and were linked to nobody: had every one of them a person in the register whom "
    "only such a value would have found, that is what was missed, {share} of them and the {accepted:,} accepted together."
)
SET_ASIDE_OF_CHANGES = (
    "This run compared only rows that are new or have changed: the table is of these, and tells nothing of what was missed "
    "among the others. The report of the last full run does."
)
NOTHING_SET_ASIDE = "No value was shared by too many rows."

METHOD = (
    "Names, dates of birth, addresses and the other fields were cleaned in the same way on both sides. "
    "Records that may not be linked were taken out first.",
    "Council and NHS records that share something telling (such as a surname and a date of birth) were "
    "compared field by field. Every agreement counts for a pair and every disagreement against it, as much "
    "as the model has learnt that it should: two people rarely share a rare surname, but often share a sex.",
    "People of one household agree on surname and address without being the same person. What they share is "
    "counted once.",
    "The NHS Numbers that a council record might have compete with each other, and with the possibility that "
    "the person is not in the register. The outcome is a confidence: of links with a confidence of 0.9, "
    "nine in ten should be right.",
    "A link is accepted only above a high confidence and if no guard speaks against it. What is likely but "
    "not sure enough waits for a human decision. No NHS Number here has been verified with the Personal "
    "Demographics Service.",
)

WEIGHTS = (
    "Records by the match weight of their best candidate. A column is {bits} bits wide and is named by its "
    "lower end; {lowest} has all below too, and {highest} all above. Good links stand far to the right of the rest. Records without any candidate are left out."
)
CONFIDENCE = "Records by the confidence of the link that was accepted or proposed."
COMPLETENESS = "Rows with a value that can be used, by field; of addresses those that tell a home. What is missing cannot speak for or against a link."
NOT_FOR_RELEASE = (
    "This page names nobody, but many of its counts are exact, down to a single person. Keep it with the run, for those "
    "who work with it; the page as a whole is not for release."
)
RATES = (
    "Shares are of the exact counts, with their 95% interval (Wilson), and told of groups of 100 or more: below that they are too "
    "few to say, and rounded counts must not be divided. Where fewer than 8 are in a share, or all but fewer than 8, it is told "
    "as at most or at least."
)
GROUPS = (
    "Whose records are linked less often? Of records that may be linked, whether or not their people are in the register: a group "
    "of whom fewer are there is linked less often, too, though nobody of it is missed. This table cannot tell the two apart, nor how "
    "many links are wrong; linkage evaluate can where the truth is known. No group is of fewer than 8 records; counts of "
    f"fewer than 8 are shown as *, others rounded to the nearest 5. {RATES} "
    "One of these tables may be released by itself, not beside another of them, the same of another run, or an exact figure of this "
    "page: taken together they can tell what is hidden."
)

TEST_NUMBERS = "TEST DATA: the NHS Numbers are from the range kept for tests"
TEST_DATA = "TEST DATA: these people are made up. Do not use any result for care."
TO_DECIDE = (
    "The candidates stand side by side in review.csv. A record may have several guards. The guards of all these records are "
    "counted, also of those too unsure to be accepted without a guard. The confidence of a record tells how well what was compared fits and "
    "is not lowered by a guard: near 1 it does not mean that nothing is in doubt."
)
NO_GUARD = "No guard: less sure than the threshold, or a decision that has to be made again"
PAIRS_NOT_CALIBRATED = "nothing: labels of pairs of one file are not used, the confidence is the model's own"
NO_LIST = "No list of objections was given, so nobody was left out for one."
SENSITIVE = (
    "Records linked or proposed to people whom the register marks as sensitive: {number:,}. Their address and telephone "
    "are withheld in review.csv, duplicates.csv and by linkage explain, sample and known, and so are those of whoever shares them. "
    "Do not send the council's own address for any of them on to anybody."
)
DUPLICATES = "Pairs of council records that may be one person and wait for a decision: {number:,}. They are in duplicates.csv."
CLUSTERS_TO_CHECK = (
    "People whose records are held together by little, or who grew suddenly: {number:,}. They are in clusters_to_check.csv, "
    "most risky first."
)

# Share of a model → what it is. Those that a run estimates from its own files are told with both values.
ADAPTED = {
    "share_in_register": "Share of the council's records whose person is found to be in the register (whoever shares too little with their own rows there is not counted)",
    "share_duplicate": "Further records of the same person, for each record",
    "relatives": "Others of one home born on another day, for each person",
    "twins": "Others of one home born on the same day, for each person",
}
STRANGERS = (
    "How often strangers agree (u) is the model's, or more where strangers of these files agree more often."
)
ADAPTED_LEVELS = (
    "How often true pairs agree to each degree (m, below) began with the model's figures and was estimated anew from the "
    f"pairs of this run, because it is a habit of those who typed the records. {STRANGERS}"
)
SAME_LEVELS = (
    "How often true pairs agree to each degree (m, below) is the model's: these files have too few pairs to estimate it anew, "
    f"or such that the estimate could not be relied on. {STRANGERS}"
)

GLOSSARY = {
    "Record": "One person as one export knows them. It may have several rows.",
    "Band": "What became of a record: linked, for a person to decide, no link, or may not be linked.",
    "Confidence": "The probability, between 0 and 1, that a link is right.",
    "Match weight": "The evidence that two records are one person, in bits. Each bit doubles the odds.",
    "Margin": "How many bits the best candidate is ahead of the next.",
    "Candidate": "A person of the register that a council record may be.",
    "Guard": "A rule that stops a link from being accepted automatically, such as the possibility of twins.",
    "Person": "All records that are taken to be one human being, under one person_id.",
    "m": "The share of true pairs that agree to this degree.",
    "u": "The share of pairs of strangers that agree to this degree.",
}

NOT_CALIBRATED = (
    "The confidence is the model's own: it was not held against labelled pairs. Label a sample (linkage sample) and "
    "calibrate on it (linkage calibrate) before you rely on the last decimals."
)
CALIBRATED = (
    "Confidence was calibrated on {on}. Where your records differ from those, hold it against a labelled sample of your "
    "own: linkage sample, linkage evaluate, linkage calibrate."
)
