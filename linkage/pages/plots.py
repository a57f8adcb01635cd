"""Points on two axes → a picture as static SVG text: series are told apart by mark and label, not by colour alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from linkage.pages.charts import INK, LINE, WIDTH, drawing, written
from linkage.pages.page import Html, element

LEFT, TOP, HEIGHT, BELOW = 76, 40, 300, 52
# Line dashes and colours (by Okabe and Ito) of the kinds of series; dots have no line.
STROKES = {
    "line": ("#0072b2", None),
    "dashes": ("#d55e00", "8 4"),
    "fine": ("#4a5866", "2 4"),
    "dots": ("#0072b2", None),
}
CERTAINTIES = (0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999)


@dataclass(frozen=True)
class Axis:
    """What an axis shows, and its ticks as (place from 0 to 1, label)."""

    title: str
    ticks: Sequence[tuple[float, str]]


@dataclass(frozen=True)
class Series:
    """Points with places from 0 to 1 on both axes; `look` is one of `STROKES`; spans are (x, low, high)."""

    label: str
    look: str
    points: Sequence[tuple[float, float]]
    spans: Sequence[tuple[float, float, float]] = ()


def certainty_place(probability: float) -> float:
    """Place from 0 to 1 on an axis where 0.9, 0.99 and 0.999 are equally far apart: log odds, cut at both ends."""
    low, high = (_log_odds(CERTAINTIES[end]) for end in (0, -1))
    if probability <= CERTAINTIES[0]:
        return 0.0
    if probability >= CERTAINTIES[-1]:
        return 1.0
    return (_log_odds(probability) - low) / (high - low)


def certainty_axis(title: str) -> Axis:
    """An axis of probabilities with room for the nines."""
    return Axis(title, [(certainty_place(value), f"{value:g}") for value in CERTAINTIES])


def share_axis(title: str, low: float = 0.0) -> Axis:
    """An axis of shares from `low` to 1."""
    return Axis(title, [(step / 5, f"{low + (1 - low) * step / 5:.3g}") for step in range(6)])


def plot(title: str, description: str, across: Axis, up: Axis, series: Sequence[Series]) -> Html:
    """All series on one pair of axes, with a key above."""
    drawn = [_across(place, words) for place, words in across.ticks]
    drawn += [_up(place, words) for place, words in up.ticks]
    drawn.append(written((LEFT + WIDTH) / 2, TOP + HEIGHT + 42, across.title, "middle"))
    drawn.append(written(0, TOP - 26, up.title))
    key = LEFT + 120.0
    for one in series:
        drawn += [_mark(one, key), written(key + 40, TOP - 26, one.label)]
        key += 62 + 7.4 * len(one.label)
        drawn += _spans(one)
        drawn += _dots(one) if one.look == "dots" else [_line(one)]
    return drawing(title, description, TOP + HEIGHT + BELOW, *drawn)


def _log_odds(probability: float) -> float:
    return log10(probability / (1 - probability))


def _x(place: float) -> float:
    return LEFT + 8 + (WIDTH - LEFT - 44) * place


def _y(place: float) -> float:
    return TOP + HEIGHT - (HEIGHT - 12) * place


def _across(place: float, words: str) -> Html:
    tick = element("path", d=f"M{_x(place):.1f} {TOP}V{TOP + HEIGHT}", stroke=LINE, stroke_width=1)
    return Html(tick + written(_x(place), TOP + HEIGHT + 20, words, "middle"))


def _up(place: float, words: str) -> Html:
    tick = element("path", d=f"M{LEFT} {_y(place):.1f}H{WIDTH}", stroke=LINE, stroke_width=1)
    return Html(tick + written(LEFT - 8, _y(place) + 5, words, "end"))


def _line(one: Series) -> Html:
    places = "L".join(f"{_x(x):.1f} {_y(y):.1f}" for x, y in one.points)
    colour, dashes = STROKES[one.look]
    return element(
        "path",
        d=f"M{places}" if places else "",
        fill="none",
        stroke=colour,
        stroke_width=2.2,
        stroke_dasharray=dashes,
    )


def _dots(one: Series) -> list[Html]:
    colour, _ = STROKES[one.look]
    return [
        element("circle", cx=f"{_x(x):.1f}", cy=f"{_y(y):.1f}", r=4.5, fill=colour, stroke=INK)
        for x, y in one.points
    ]


def _spans(one: Series) -> list[Html]:
    return [
        element(
            "path",
            d=f"M{_x(x):.1f} {_y(low):.1f}V{_y(high):.1f}",
            stroke=STROKES[one.look][0],
            stroke_width=1.4,
        )
        for x, low, high in one.spans
    ]


def _mark(one: Series, left: float) -> Html:
    colour, dashes = STROKES[one.look]
    middle = TOP - 31
    if one.look == "dots":
        return element("circle", cx=f"{left + 18:.1f}", cy=middle, r=4.5, fill=colour, stroke=INK)
    return element(
        "path",
        d=f"M{left:.1f} {middle}h34",
        stroke=colour,
        stroke_width=2.2,
        stroke_dasharray=dashes,
        fill="none",
    )
