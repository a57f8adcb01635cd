"""Figures of the benchmarks → each of them against its bar: what the product has to reach, on data not used to build it.

A bar on confidence 0.999 or more holds overall and in the worst of the scenarios and origins with 300 such links.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Figures = dict[str, Any]
OWN = ("plain", "hard")
TRAPS = ("twin", "sibling", "parent", "child", "spouse", "namesake")
SCENARIOS = (
    "estimated_dob", "day_month_swap", "married_name", "name_order", "no_dob", "transliteration", "nickname",
    "middle_name_first",
)  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """What a figure of a benchmark has to be: `sign` is ≥ or ≤, `find` takes it from the product's figures."""

    benchmark: str
    name: str
    sign: str
    limit: float
    find: Callable[[Figures], float | None]


def at(*path: str) -> Callable[[Figures], float | None]:
    """The figure at this path; None where a step of it is not there."""

    def find(figures: Figures) -> float | None:
        value: Any = figures
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        return value if value is None else float(value)

    return find


def wrong_share(figures: Figures) -> float | None:
    """Wrong links among those accepted."""
    accepted = figures["right"] + figures["wrong"]
    return float(figures["wrong"] / accepted) if accepted else None


def least_right_of_a_group(figures: Figures) -> float | None:
    """The lowest share right among very confident links, of all groups that are told."""
    groups = figures["confident"]["by"]
    shares = [
        told["share"]
        for kind in ("scenario", "origin")
        for told in groups.get(kind, {}).values()
        if told["n"] >= 300
    ]
    return min(shares, default=None)


def _own(benchmark: str, limits: tuple[float, float, float, float]) -> list[Bar]:
    precision, recall, oracle, review = limits
    return [
        Bar(benchmark, "precision of accepted links", "≥", precision, at("precision")),
        Bar(benchmark, "recall of accepted links", "≥", recall, at("recall")),
        Bar(
            benchmark,
            "recall where the threshold of weight gives precision 0.999 (chosen with the truth)",
            "≥",
            oracle,
            at("oracle_by_weight", "recall"),
        ),
        Bar(benchmark, "share sent to review", "≤", review, at("review_share")),
        *(
            Bar(benchmark, f"absent, {kind} present: wrongly accepted", "≤", 0.02, at("traps", kind, "share"))
            for kind in TRAPS
        ),
        Bar(
            benchmark,
            "holds another's number: wrongly accepted",
            "≤",
            0.01,
            at("traps", "held_wrong", "share"),
        ),
        Bar(benchmark, "right among confidence 0.999 or more", "≥", 0.999, at("confident", "share")),
        Bar(
            benchmark,
            "the same in the worst scenario or origin of 300 such links",
            "≥",
            0.999,
            least_right_of_a_group,
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
            Bar(benchmark, f"recall where {tag}", "≥", 0.75, at("by", "scenario", tag, "recall"))
            for tag in SCENARIOS
        ),
        Bar(benchmark, "reach of blocking", "≥", 0.999, at("reach")),
    ]


BARS = (
    *_own("plain", (0.999, 0.955, 0.96, 0.025)),
    *_own("hard", (0.998, 0.88, 0.89, 0.05)),
    Bar("second_judge", "recall of accepted links", "≥", 0.975, at("recall")),
    Bar("second_judge", "wrong among accepted links (2 in 16,000)", "≤", 2 / 16_000, wrong_share),
    Bar("febrl4", "F1 of accepted links", "≥", 0.9985, at("f1")),
    Bar("febrl3", "pairwise F1", "≥", 0.997, at("pairwise", "f1")),
    Bar("historical", "pairwise F1", "≥", 0.88, at("pairwise", "f1")),
    Bar("historical", "B-cubed F1", "≥", 0.89, at("b_cubed", "f1")),
    Bar("historical", "reach of blocking", "≥", 0.85, at("reach")),
)


def against_bars(benchmarks: Figures) -> list[Figures]:
    """Each bar of the benchmarks that were run: name, bar, what was measured and whether that is met.

    `measured` and `met` are None where the data of the benchmark cannot show the figure.
    """
    told = []
    for bar in BARS:
        figures = benchmarks.get(bar.benchmark, {}).get("linkage")
        if figures:
            measured = bar.find(figures)
            told.append(
                {
                    "benchmark": bar.benchmark,
                    "name": bar.name,
                    "bar": f"{bar.sign} {bar.limit:g}",
                    "measured": measured,
                    "met": None if measured is None else _met(bar, measured),
                }
            )
    return told


def _met(bar: Bar, measured: float) -> bool:
    return measured >= bar.limit if bar.sign == "≥" else measured <= bar.limit
