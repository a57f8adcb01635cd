"""What changed between two runs → a page for a manager: counts and reasons, no names."""

from typing import Any

from linkage.pages import charts
from linkage.pages.charts import Part
from linkage.pages.page import Html, element, figure, joined, page, section, table
from linkage.pages.wording import NOT_FOR_RELEASE
from linkage.runs.compare import (
    ARRIVED,
    ARRIVED_LINKED,
    CHANGED,
    DATA,
    DECISION,
    GAINED,
    LEFT,
    LEFT_LINKED,
    LEFT_OUT,
    LOST,
    MERGED,
    MODEL,
    OTHERS,
    REASONS,
    SOFTWARE,
    SPLIT,
    THRESHOLD,
)

WORDS = {
    GAINED: "Gained an NHS Number",
    LOST: "Lost the NHS Number",
    CHANGED: "Changed to another NHS Number",
    ARRIVED: "New council records",
    ARRIVED_LINKED: "New council records that are linked",
    LEFT: "Council records that are gone",
    LEFT_LINKED: "Council records that are gone and were linked",
    MERGED: "People who became one",
    SPLIT: "People who were taken apart",
}
LOOKS = {GAINED: "for", LOST: "against", CHANGED: "review", MERGED: "council", SPLIT: "nhs"}
ADDS_UP = (
    "The linked after are those before, and those who gained a number and new records that are linked, less those who lost "
    "it and records that are gone and were linked."
)
EXPLAINED = {
    LEFT_OUT: "The record may not be linked any more, as after an objection or when it was merged, or may be again.",
    DECISION: "Somebody decided on the record or undid a decision, or one has to be made again.",
    DATA: "The record, or the register's record of the person, came, went or was changed.",
    MODEL: "The runs were made with different models.",
    THRESHOLD: "The runs accept links from different confidences.",
    SOFTWARE: "The runs were made with different versions of the software.",
    OTHERS: "A rival candidate came or went, or a name became more or less common.",
}


def compare_page(result: dict[str, Any], banner: str = "") -> str:
    """The page's HTML."""
    title = "What changed between two runs"
    counts = result["counts"]
    before, after = (
        f"{run['folder']} ({run['linked']:,} linked)" for run in (result["before"], result["after"])
    )
    told = f"From run {before} to run {after}. {ADDS_UP}"
    lead = (
        f"{counts[GAINED]:,} records gained an NHS Number, {counts[LOST]:,} lost it, {counts[CHANGED]:,} have another; "
        f"{counts[MERGED]:,} people came out of several, {counts[SPLIT]:,} were taken apart."
    )
    return page(
        title,
        element("h1", title),
        element("p", told, class_="soft"),
        element("p", NOT_FOR_RELEASE),
        *(element("p", f"Beware: {caution}", class_="lead") for caution in result["cautions"]),
        element("p", lead, class_="lead"),
        section("What changed", _picture(counts)),
        section("Why", _reasons(result["why"]), element("dl", *_explanations())),
        banner=banner,
    )


def _picture(counts: dict[str, int]) -> Html:
    shown = [kind for kind in WORDS if kind in LOOKS]
    parts = [Part(WORDS[kind], counts[kind], LOOKS[kind], f"{counts[kind]:,}") for kind in shown]
    numbers = table(
        "Changes", ("Change", "How many"), [(words, counts[kind]) for kind, words in WORDS.items()]
    )
    drawn = charts.bars(
        "Changes of links and people",
        "A bar per kind of change",
        parts,
        max([1, *(counts[kind] for kind in shown)]),
    )
    return figure(drawn, "Records whose link changed, and people who merged or split.", numbers)


def _reasons(why: dict[str, dict[str, int]]) -> Html:
    used = [reason for reason in REASONS if any(reason in found for found in why.values())]
    rows = [
        [words, *(why[kind].get(reason, 0) for reason in used)]
        for kind, words in WORDS.items()
        if kind in why
    ]
    if not rows:
        return element("p", "Nothing changed.")
    return table("Changes by reason", ["Change", *(reason.capitalize() for reason in used)], rows)


def _explanations() -> list[Html]:
    return [
        joined((element("dt", reason.capitalize()), element("dd", words)))
        for reason, words in EXPLAINED.items()
    ]
