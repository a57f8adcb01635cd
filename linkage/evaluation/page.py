"""The answer of an evaluation → one HTML page with its figures, its reliability chart and its tables by group."""

from collections.abc import Sequence
from typing import Any

from linkage.evaluation.estimate import estimate_table
from linkage.evaluation.group_tables import missed_tables, recall_tables
from linkage.evaluation.table import evaluation_table
from linkage.pages import plots
from linkage.pages.page import Html, element, figure, joined, page, section, table
from linkage.pages.plots import Series, certainty_axis, certainty_place
from linkage.pages.wording import NOT_FOR_RELEASE, RATES, counted

RELIABILITY = (
    "Each dot is the proposed links of one range of confidence: how sure the run was of them, and what share was right, "
    "with the 95% interval. On the dotted line a 0.99 is right 99 times in 100; below it the run is too sure of itself."
)
DIFFERENCES = (
    "Of the people who are in the register: the share of each group among those linked rightly and among those missed, "
    "who are all the others, also those linked to somebody else. A standardised difference is bold where it is beyond 0.1 either way, which is usually taken to matter, and its 95% interval "
    "excludes 0. By chance alone about one in twenty intervals does, so look at a single one of many with care. A group is told where at "
    "least 100 of its records are in the register and at least 8 were linked rightly and 8 missed; so where few are missed in all, a "
    "small group is told only if many of them are of it, and looks worse than it is. Where the others would give away "
    "how many a hidden group missed, the next smallest is hidden with it."
)
SAMPLE = (
    "Each stratum counts by its size. Intervals are 95% and allow for pairs that were not drawn, but not for mistakes of those who "
    "labelled. Pairs of which they cannot tell are taken to be right as often as the others of their stratum; what all of them "
    "would make if they were not is told beside. People whose best candidate was somebody else or nobody cannot be seen in such "
    "a sample, so recall and F1 are at most what is told here. The least that recall can be takes every record that may be linked to be of "
    "somebody in the register."
)
GROUPS = (
    "Recall counts records whose number is in the register. Groups stand in the order of their names. Small groups are put "
    f"together, or left out where a record can be in several groups; counts of fewer than 8 are shown as *, others rounded to the nearest 5. {RATES} "
    "Precision, wrong links and the exact figures of every group are told by --json only."
)
STOPPED = (
    "A guard stopped those links that were as sure as the least sure link accepted. The other records in review that it fired "
    "on would have been for people to decide without it, too; the report of the run counts both together."
)


def evaluation_page(result: dict[str, Any], banner: str = "") -> str:
    """The page of `evaluate`'s answer."""
    title = "How right the links are" if "counts" in result else "How right the people found are"
    parts = [section("Main figures", table("Main figures", ("What", "Figure"), evaluation_table(result)))]
    if "counts" in result:
        parts += [
            section(
                "Is the confidence what it says",
                reliability(result["calibration"]),
                _confident(result["confident"]),
            ),
            section("What became of those in the register", _fates(result["misses"])),
            section("What the guards stopped", _guards(result["guards"])),
            section("Who invites a wrong link", _traps(result["traps"])),
            section("By group", element("p", GROUPS), *recall_tables(result["by"])),
            section(
                "Who is missed",
                element("p", DIFFERENCES),
                *missed_tables(result["linked_unlinked"], result["misses"]["fates"]),
            ),
        ]
    return page(title, element("h1", title), element("p", NOT_FOR_RELEASE), *parts, banner=banner)


def sample_page(result: dict[str, Any], banner: str = "") -> str:
    """The page of `estimate`'s answer."""
    title = "How right the links are, by a labelled sample"
    rows = [
        (s["name"].capitalize(), s["size"], s["same"], s["different"], s["cannot_tell"])
        for s in result["strata"]
    ]
    headings = ("Stratum", "Records", "Same", "Different", "Cannot tell")
    return page(
        title,
        element("h1", title),
        element("p", NOT_FOR_RELEASE),
        section("Estimates", table("Estimates", ("What", "Figure"), estimate_table(result))),
        section("What was labelled", table("Labels by stratum", headings, rows), element("p", SAMPLE)),
        banner=banner,
    )


def reliability(calibration: dict[str, Any]) -> Html:
    """The chart of confidence against the share that was right, with its figures as a table."""
    claims = calibration["claims"]
    if not claims:
        return element("p", "No link was proposed, so there is nothing to hold against its confidence.")
    points, spans, rows = [], [], []
    for claim in claims:
        low, high = claim["interval"]
        right = claim["right"] / claim["n"]
        place = certainty_place(claim["confidence"])
        points.append((place, certainty_place(right)))
        spans.append((place, certainty_place(low), certainty_place(high)))
        rows.append(
            (f"above {claim['above']:g}", f"{claim['confidence']:.5f}", claim["n"], claim["right"],
             _share(right), _interval((low, high)))
        )  # fmt: skip
    chart = plots.plot(
        "Reliability",
        RELIABILITY,
        certainty_axis("Confidence said"),
        certainty_axis("Share that was right"),
        [Series("as good as its word", "fine", [(0, 0), (1, 1)]), Series("found", "dots", points, spans)],
    )
    headings = ("Confidence", "Its mean", "Links", "Right", "Share", "95% interval")
    return figure(chart, RELIABILITY, table("Reliability", headings, rows))


def _confident(sure: dict[str, Any]) -> Html:
    row = (
        sure["n"],
        sure["right"],
        _share(sure["share"]),
        _interval(sure["share_interval"]),
        _share(sure["claimed"]),
    )
    headings = ("Links", "Right", "Share", "95% interval", "Claimed")
    return table(f"Links with a confidence of {sure['from']} or more", headings, [row])


def _fates(misses: dict[str, Any]) -> Html:
    total = sum(misses["fates"].values())
    rows = [(name.capitalize(), count, f"{count / total:.2%}") for name, count in misses["fates"].items()]
    listed = table("Records whose number is in the register", ("What became of it", "Records", "Share"), rows)
    if misses["reach"] is None:
        return joined(
            [listed, element("p", "The run kept no evidence, so what blocking missed is not known.")]
        )
    told = (
        f"The right number was among the candidates of {_share(misses['reach'])} of these records "
        f"({_interval(misses['reach_interval'])}); of {misses['never_a_candidate']:,} it was not, linked or not, "
        "because no blocking rule brought the two together or the evidence was too weak to keep. "
    )
    unknown = (
        f"That leaves out {counted(misses['not_told'], 'record')} of which the run does not tell: it had more candidates than it "
        "kept, or had not the record."
    )
    return joined([listed, element("p", told, unknown if misses["not_told"] else "")])


def _guards(guards: dict[str, dict[str, Any]]) -> Html:
    if not guards:
        return element("p", "No guard fired.")
    rows = [
        (
            name.replace("_", " "),
            told["fired"],
            told["fired_wrong"],
            told["stopped"],
            told["wrong"],
            _share(told["share_wrong"]),
            told["alone"],
            told["alone_wrong"],
        )
        for name, told in guards.items()
    ]
    headings = (
        "Guard", "Records in review it fired on", "Proposed wrongly", "Of these, sure enough to accept", "Proposed wrongly",
        "Share", "Stopped by it alone", "Proposed wrongly",
    )  # fmt: skip
    return joined([element("p", STOPPED), table("What each guard stopped", headings, rows)])


def _traps(traps: dict[str, dict[str, Any]]) -> Html:
    if not traps:
        return element(
            "p", "The truth does not say which records have relatives or namesakes in the register."
        )
    rows = []
    for name, told in traps.items():
        label = (
            "Holds somebody else's NHS Number" if name == "held_wrong" else f"Absent, but a {name} is present"
        )
        rows.append(
            (label, told["n"], told["wrong"], _share(told["share"]), _interval(told["share_interval"]))
        )
    return table("Wrongly accepted", ("Kind", "Records", "Wrongly accepted", "Share", "95% interval"), rows)


def _share(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"


def _interval(interval: Sequence[float] | None) -> str | None:
    return None if interval is None else f"{interval[0]:.4f} to {interval[1]:.4f}"
