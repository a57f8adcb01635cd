"""Figures of the benchmarks → each beside its bar: what the product has to reach on data that were not used to build it.

A bar on confidence 0.999 or more has to hold overall, and in the worst of the scenarios and origins with 300 such links. A
share of few records proves little: a bar is shown to be met only where the share's 95 % interval lies on the right side of it
as well. Figures that are no share of independent records (F1, of pairs, calibration error, differences) have no interval here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from linkage.evaluation.measures import wilson

Figures = dict[str, Any]
OWN = ("plain", "hard")
TRAPS = ("twin", "sibling", "parent", "child", "spouse", "namesake")
SCENARIOS = (
    "estimated_dob", "day_month_swap", "married_name", "name_order", "no_dob", "transliteration", "nickname",
    "middle_name_first",
)  # fmt: skip


def no_number(_figures: Figures) -> None:
    """Of a figure that is no share of independent records."""
    return


@dataclass(frozen=True)
class Bar:
    """What a figure of a benchmark has to be: `sign` is ≥ or ≤, `find` takes it from the product's figures.

    `of` takes from them of how many records the figure is a share.
    """

    benchmark: str
    name: str
    sign: str
    limit: float
    find: Callable[[Figures], float | None]
    of: Callable[[Figures], float | None] = no_number


def at(*path: str) -> Callable[[Figures], float | None]:
    """The figure at this path; None where a step of it is not there."""

    def find(figures: Figures) -> float | None:
        value: Any = figures
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        return value if value is None else float(value)

    return find


def accepted(figures: Figures) -> float:
    """Accepted links."""
    return float(figures["right"] + figures["wrong"])


def findable(figures: Figures) -> float | None:
    """Records that may be linked and whose number is in the register, of which recall and reach are shares."""
    recall = figures.get("recall")
    return figures["right"] / recall if recall else None


def wrong_share(figures: Figures) -> float | None:
    """Wrong links among those accepted."""
    return figures["wrong"] / accepted(figures) if accepted(figures) else None


def eligible(figures: Figures) -> float:
    """Records that may be linked."""
    return float(sum(figures["counts"][band] for band in ("accept", "review", "none", "absent")))


def right_of_the_worst_group(figures: Figures) -> float | None:
    """The lowest share right among very confident links, of all groups that are told."""
    return _worst_group(figures)[0]


def links_of_the_worst_group(figures: Figures) -> float | None:
    """The very confident links of that group; of the smallest such group where several are as low."""
    return _worst_group(figures)[1]


def _worst_group(figures: Figures) -> tuple[float, float] | tuple[None, None]:
    groups = figures["confident"]["by"]
    return min(
        (
            (told["share"], told["n"])
            for kind in ("scenario", "origin")
            for told in groups.get(kind, {}).values()
            if told["n"] >= 300
        ),
        default=(None, None),
    )


def _own(benchmark: str, limits: tuple[float, float, float, float]) -> list[Bar]:
    precision, recall, oracle, review = limits
    return [
        Bar(benchmark, "precision of accepted links", "≥", precision, at("precision"), accepted),
        Bar(benchmark, "recall of accepted links", "≥", recall, at("recall"), findable),
        Bar(
            benchmark,
            "recall where the threshold of weight gives precision 0.999 (chosen with the truth)",
            "≥",
            oracle,
            at("oracle_by_weight", "recall"),
            findable,
        ),
        Bar(benchmark, "share sent to review", "≤", review, at("review_share"), eligible),
        *(
            Bar(
                benchmark,
                f"absent, {kind} present: wrongly accepted",
                "≤",
                0.02,
                at("traps", kind, "share"),
                at("traps", kind, "n"),
            )
            for kind in TRAPS
        ),
        Bar(
            benchmark,
            "holds another's number: wrongly accepted",
            "≤",
            0.01,
            at("traps", "held_wrong", "share"),
            at("traps", "held_wrong", "n"),
        ),
        Bar(
            benchmark,
            "right among confidence 0.999 or more",
            "≥",
            0.999,
            at("confident", "share"),
            at("confident", "n"),
        ),
        Bar(
            benchmark,
            "the same in the worst scenario or origin of 300 such links",
            "≥",
            0.999,
            right_of_the_worst_group,
            links_of_the_worst_group,
        ),
        Bar(benchmark, "calibration error (ECE)", "≤", 0.005, at("ece")),
        Bar(
            benchmark,
            "recall of the best less that of the worst origin",
            "≤",
            0.04,
            at("recall_gaps", "origin", "difference"),
        ),
        *(
            Bar(
                benchmark,
                f"recall where {tag}",
                "≥",
                0.75,
                at("by", "scenario", tag, "recall"),
                at("by", "scenario", tag, "in_register"),
            )
            for tag in SCENARIOS
        ),
        Bar(benchmark, "reach of blocking", "≥", 0.999, at("reach"), findable),
    ]


BARS = (
    *_own("plain", (0.999, 0.955, 0.96, 0.025)),
    *_own("hard", (0.998, 0.88, 0.89, 0.05)),
    Bar("second_judge", "recall of accepted links", "≥", 0.975, at("recall"), findable),
    Bar("second_judge", "wrong among accepted links (2 in 16,000)", "≤", 2 / 16_000, wrong_share, accepted),
    Bar("febrl4", "F1 of accepted links", "≥", 0.9985, at("f1")),
    Bar("febrl3", "pairwise F1", "≥", 0.997, at("pairwise", "f1")),
    Bar("historical", "pairwise F1", "≥", 0.88, at("pairwise", "f1")),
    Bar("historical", "B-cubed F1", "≥", 0.89, at("b_cubed", "f1")),
    Bar("historical", "reach of blocking", "≥", 0.85, at("reach")),
)


def against_bars(benchmarks: Figures) -> list[Figures]:
    """Each bar of the benchmarks that were run: name, bar, what was measured, of how many records, and the verdict.

    `bound` is the end of the 95 % score interval (Wilson 1927) that lies towards the bar; `of` and `bound` are None of a
    figure without one. `verdict` is "yes", "no", "not shown" where the figure meets the bar and its bound does not, or "not
    told", with `measured` None, where the data of the benchmark cannot show the figure.
    """
    return [
        {
            "benchmark": bar.benchmark,
            "name": bar.name,
            "bar": f"{bar.sign} {bar.limit:g}",
            **_held(bar, figures),
        }
        for bar in BARS
        if (figures := benchmarks.get(bar.benchmark, {}).get("linkage"))
    ]


def _held(bar: Bar, figures: Figures) -> Figures:
    measured = bar.find(figures)
    if measured is None:
        return {"measured": None, "of": None, "bound": None, "verdict": "not told"}
    number = round(bar.of(figures) or 0)
    interval = wilson(round(measured * number), number)
    bound = round(interval[0 if bar.sign == "≥" else 1], 6) if interval else None
    if not _meets(bar, measured):
        verdict = "no"
    else:
        verdict = "yes" if bound is None or _meets(bar, bound) else "not shown"
    return {"measured": measured, "of": number or None, "bound": bound, "verdict": verdict}


def _meets(bar: Bar, value: float) -> bool:
    return value >= bar.limit if bar.sign == "≥" else value <= bar.limit
