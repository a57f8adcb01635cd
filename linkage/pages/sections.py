"""The figures of a run → the sections of its report as HTML; none shows a value of a person."""

from collections.abc import Sequence

from linkage import shelf
from linkage.outputs import Run
from linkage.pages import charts, data_quality, disclosure, figures, wording
from linkage.pages.charts import Part
from linkage.pages.page import Html, element, figure, joined, table
from linkage.tables import LINKABLE_BANDS

SIDES = {"council": "Council", "nhs": "NHS"}


def outcome(run: Run) -> Html:
    """Where every council row went, as a bar and as a table that adds up."""
    account = figures.account(run)
    numbers = account.bands | {"rejected": account.rejected, "repeated": account.repeated}
    shares = {band: percent(number, account.received) for band, number in numbers.items()}
    linkable = sum(account.bands[band] for band in LINKABLE_BANDS)
    accepted = account.bands["accept"]
    lead = (
        f"{accepted:,} of {linkable:,} council records that may be linked ({percent(accepted, linkable)}) "
        f"now have an NHS Number; {account.bands['review']:,} more wait for a person to decide."
    )
    parts = [Part(wording.BANDS[band], n, band, f"{n:,} ({shares[band]})") for band, n in numbers.items()]
    rows = [
        (wording.BANDS[band], wording.BAND_MEANINGS[band], n, shares[band]) for band, n in numbers.items()
    ]
    rows.append(("Rows", "", account.accounted, percent(account.accounted, account.received)))
    if account.received == account.accounted:
        check = f"All {account.received:,} rows of the council's file are accounted for."
    else:
        check = f"Beware: {account.received:,} rows came in, but {account.accounted:,} are accounted for."
    return joined(
        [
            element("p", lead, class_="lead"),
            charts.stacked_bar("Where every row went", lead, parts),
            table(
                "Every row of the council's file", ("Outcome", "Meaning", "Number", "Share"), rows, total=True
            ),
            element("p", check),
            element("p", wording.REGISTER_ROWS.format(**run.manifest["register"])),
        ]
    )


def certainty(run: Run) -> Html:
    """How match weights and confidences are distributed."""
    thresholds = (
        f"Accepted at a confidence of {run.model.accept:g} or more; proposed for a decision from "
        f"{run.model.review:g}, also where two people of the register together are as likely. {calibrated(run)}"
    )
    return joined(
        [
            element("p", thresholds),
            element("h3", "Match weight"),
            _weights(run),
            element("h3", "Confidence"),
            _confidences(run),
        ]
    )


def calibrated(run: Run) -> str:
    """What the confidence was learnt on, in a sentence or two."""
    if not run.model.calibration:
        return wording.NOT_CALIBRATED
    return wording.CALIBRATED.format(on=run.model.calibrated_on)


def _weights(run: Run) -> Html:
    bins, series = figures.weights(run.database)
    if not bins:
        return element("p", "No record has a candidate.")
    labels = {band: wording.BANDS[band] for band in LINKABLE_BANDS}
    words = wording.WEIGHTS.format(
        bits=figures.BIN_BITS, lowest=figures.LOWEST_BITS, highest=figures.HIGHEST_BITS
    )
    rows = list(zip(bins, *series.values(), strict=True))
    return figure(
        charts.stacked_columns("Match weights", words, bins, series, labels),
        words,
        table("Records by match weight", ("Bits from", *labels.values()), rows),
    )


def _confidences(run: Run) -> Html:
    ranges = figures.confidences(run.database)
    parts = [
        Part(f"{name}, {wording.SHORT_BANDS[band]}", number, band, f"{number:,}")
        for name, *numbers in ranges
        for band, number in zip(("accept", "review"), numbers, strict=True)
        if number
    ]
    largest = max((part.value for part in parts), default=1)
    headings = ("Confidence", wording.BANDS["accept"], wording.BANDS["review"])
    return figure(
        charts.bars("Confidence of links", wording.CONFIDENCE, parts, largest),
        wording.CONFIDENCE,
        table("Links by confidence", headings, ranges),
    )


def uncertain(run: Run) -> Html:
    """Why records are in review or without a link."""
    guards = [(guard_words(name), number) for name, number in figures.guards(run.database)]
    if unsure := figures.unguarded(run.database):
        guards.append((wording.NO_GUARD, unsure))
    review, none = (figures.reasons(run.database, band) for band in ("review", "none"))
    return joined(
        [
            element("p", wording.TO_DECIDE),
            either(
                guards,
                "Guards of the records that a person has to decide",
                ("Guard", "Records"),
                "No link waits for a decision.",
            ),
            either(
                review,
                "Commonest reasons why a person has to decide",
                ("Reason", "Records"),
                "No record needs a decision.",
            ),
            either(
                none,
                "Commonest reasons why there is no link",
                ("Reason", "Records"),
                "No record is without a link.",
            ),
        ]
    )


def left_out(run: Run) -> Html:
    """Who may not be linked, and rows that could not be read."""
    screened = [(wording.LEFT_OUT[side], reason, number) for side, reason, number in figures.screened(run)]
    rejected = data_quality.rejections(run.database)
    sensitive = figures.sensitive(run.database)
    rows = ("File", "Column", "Problem", "Rows")
    return joined(
        [
            either(
                screened, "Who was left out", ("Dataset", "Reason", "Number"), "Nobody had to be left out."
            ),
            "" if "objection" in run.manifest["inputs"] else element("p", wording.NO_LIST),
            either(rejected, "Rows that were set aside", rows, "No row was set aside."),
            element("p", wording.SENSITIVE.format(number=sensitive)) if sensitive else "",
        ]
    )


def quality(run: Run) -> Html:
    """How complete the fields are on both sides, and what cleaning found."""
    fields = data_quality.completeness(run.database)
    sides = [side for side in SIDES if any(side in received for _, received, _ in fields)]
    parts = [
        Part(f"{words(name)}, {SIDES[side]}", usable.get(side, 0.0), side, percent(usable.get(side, 0.0), 1))
        for name, _, usable in fields
        for side in sides
    ]
    headings = ("Field", *(f"{SIDES[side]}, {what}" for side in sides for what in ("given", "usable")))
    rows = [
        (words(name), *(percent(shares.get(side, 0.0), 1) for side in sides for shares in (received, usable)))
        for name, received, usable in fields
    ]
    flags = [(words(name), *numbers) for name, *numbers in data_quality.flags(run.database)]
    findings = ("Finding", "Council rows", "NHS rows")
    return joined(
        [
            figure(
                charts.bars("Completeness of the fields", wording.COMPLETENESS, parts, 1.0),
                wording.COMPLETENESS,
                table("Completeness of the fields", headings, rows),
            ),
            either(flags, "What cleaning found", findings, "Cleaning found nothing out of the ordinary."),
        ]
    )


def fairness(run: Run) -> Html:
    """Linkage by sex, decade of birth, ethnic group and deprivation: each table by itself may be released."""
    headings = ("Group", "Records", "Linked, share", "95% interval", "To decide")
    tables = []
    for title, groups in figures.groups(run.database).items():
        rows = [
            (
                group,
                disclosure.published(total),
                *disclosure.rate(accepted, total),
                disclosure.published(review),
            )
            for group, (total, accepted, review) in groups.items()
        ]
        tables.append(table(title, headings, rows))
    return joined([element("p", wording.GROUPS), *tables])


def people(run: Run) -> Html:
    """How many council records are one person, and which of them are in conflict."""
    sizes = figures.clusters(run.database)
    conflicts = [(words(conflict), number) for conflict, number in figures.conflicts(run.database)]
    several = sum(number for records, number in sizes if records > 1)
    nothing = "No person's records are in conflict."
    waiting = figures.pairs_to_decide(run.database)
    told = f"{several:,} people have more than one council record. They are in persons.csv. "
    return joined(
        [
            element("p", told + wording.DUPLICATES.format(number=waiting)),
            element("p", wording.CLUSTERS_TO_CHECK.format(number=figures.clusters_to_check(run.database))),
            table("Council records that are one person", ("Records of one person", "People"), sizes),
            either(conflicts, "People whose records are in conflict", ("Conflict", "People"), nothing),
        ]
    )


def method(_run: Run) -> Html:
    """How linking works, in plain words."""
    return joined(element("p", paragraph) for paragraph in wording.METHOD)


def glossary(_run: Run) -> Html:
    """What the words of the report mean."""
    terms = wording.GLOSSARY.items()
    return element("dl", *(joined([element("dt", term), element("dd", told)]) for term, told in terms))


def either(rows: Sequence[Sequence[object]], caption: str, headings: Sequence[str], nothing: str) -> Html:
    """A table of `rows`, or the sentence `nothing` if there are none."""
    return table(caption, headings, rows) if rows else element("p", nothing)


def percent(part: float, whole: float) -> str:
    """A share as a percentage; a dash of nothing."""
    return f"{part / whole:.1%}" if whole else "–"


def guard_words(name: str) -> str:
    """The wording of the guard, or its name if it is not on the shelf any more."""
    said = str(shelf.load("guards", name).WORDING) if name in shelf.names("guards") else words(name)
    return said[:1].upper() + said[1:]


def words(name: str) -> str:
    """A name from the code in words: "nhs_number" is "NHS Number"."""
    spaced = name.replace("_", " ").replace("nhs number", "NHS Number")
    return spaced[:1].upper() + spaced[1:]
