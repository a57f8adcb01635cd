"""The answer of a trade-off → one HTML page with the chart and the bands it suggests."""

from typing import Any

from linkage.evaluation.rests_on import is_shown, rests_on_words
from linkage.evaluation.threshold import NOT_KNOWN, cost_words
from linkage.pages import plots
from linkage.pages.page import Html, element, figure, page, section, table
from linkage.pages.plots import Series, certainty_axis, certainty_place, share_axis

READING = (
    "From left to right links must be surer to be accepted: more of them are right, and fewer are found. Cost has a "
    "scale of its own, from 0 at the bottom to the highest one shown at the top. Where there are few wrong links, prefer the "
    "stricter of two that cost about the same."
)


def threshold_page(result: dict[str, Any], banner: str = "") -> str:
    """The page of `trade_off`'s answer."""
    title = "Where to draw the line"
    suggested, costs = result["suggested"], result["costs"]
    accepting = f"accept from {suggested['accept']:.6g}" if suggested["accepted"] else "accept nothing"
    words = (
        f"At {costs['false']:g} for a wrong link, {costs['missed']:g} for a missed one and {costs['review']:g} for a pair "
        f"looked at, {accepting} and have people look at pairs from {suggested['review']:.6g}. "
        f"Judged by {result['source']}{'' if is_shown(result) else ', which does not show it to be right'}."
    )
    below = f"What accepting from {result['unknown']:.6g} or less would give is {NOT_KNOWN}."
    headings = (
        "Accept from",
        "Accepted",
        "Wrong",
        "Precision",
        "Recall",
        "To review",
        "Missed",
        "Cost per record",
    )
    rows = [
        (f"{row['accept']:.6g}", f"{row['accepted']:,.0f}", f"{row['wrong']:,.1f}", _share(row["precision"]),
         _share(row["recall"]), f"{row['reviewed']:,.0f}", f"{row['missed']:,.1f}", f"{row['cost']:.4f}")
        for row in result["thresholds"]
    ]  # fmt: skip
    return page(
        title,
        element("h1", title),
        element("p", words, class_="lead"),
        *([element("p", " ".join(rests))] if (rests := rests_on_words(result)) else []),
        *(element("p", f"Beware: {caution}.") for caution in result["cautions"]),
        section(
            "The trade-off",
            element(
                "p",
                f"At each threshold people look at pairs from {suggested['review']:.6g}, as suggested. Cost is {cost_words(result)}.",
            ),
            figure(_chart(result), READING, table("At each threshold", headings, rows)),
            *([element("p", below)] if result["unknown"] else []),
        ),
        banner=banner,
    )


def _chart(result: dict[str, Any]) -> Html:
    rows = result["thresholds"]
    shares = [row[name] for row in rows for name in ("precision", "recall") if row[name] is not None]
    low = min(0.98, *(int(value * 50) / 50 for value in shares)) if shares else 0.0
    highest = max(row["cost"] for row in rows) or 1.0
    lines = {
        name: [
            (certainty_place(row["accept"]), (row[name] - low) / (1 - low))
            for row in rows
            if row[name] is not None
        ]
        for name in ("precision", "recall")
    }
    cost = [(certainty_place(row["accept"]), row["cost"] / highest) for row in rows]
    chosen = certainty_place(result["suggested"]["accept"])
    return plots.plot(
        "Trade-off",
        READING,
        certainty_axis("Accept from a confidence of"),
        share_axis("Share", low),
        [
            Series("precision", "line", lines["precision"]),
            Series("recall", "dashes", lines["recall"]),
            Series("cost", "fine", cost),
            Series("suggested", "dots", [(chosen, 0.0)], [(chosen, 0.0, 1.0)]),
        ],
    )


def _share(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"
