"""Figures → pictures as static SVG text: told apart by pattern and label, not by colour alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linkage.pages.page import Html, anchor, element, joined

WIDTH = 720
INK, LINE = "#1d2733", "#c4ccd4"
FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

# Colours by Okabe and Ito, which the colour-blind tell apart; the patterns do it on a black-and-white print.
LOOKS = {
    "accept": ("#0072b2", ""),
    "review": ("#e69f00", '<path d="M-2 2l4-4M0 8l8-8M6 10l4-4" stroke="#1d2733" stroke-width="1.4"/>'),
    "none": (
        "#dfe4e9",
        '<circle cx="2" cy="2" r="1" fill="#1d2733"/><circle cx="6" cy="6" r="1" fill="#1d2733"/>',
    ),
    "screened": ("#cc79a7", '<path d="M0 2h8M0 6h8" stroke="#1d2733" stroke-width="1"/>'),
    "rejected": ("#d55e00", '<path d="M0 0l8 8M8 0l-8 8" stroke="#fff" stroke-width="1.2"/>'),
    "repeated": ("#f7f9fb", '<path d="M4 0v8" stroke="#4a5866" stroke-width="1"/>'),
    "council": ("#0072b2", ""),
    "nhs": ("#f0e442", '<path d="M-2 2l4-4M0 8l8-8M6 10l4-4" stroke="#1d2733" stroke-width="1.2"/>'),
    "for": ("#0072b2", ""),
    "against": ("#e69f00", '<path d="M-2 2l4-4M0 8l8-8M6 10l4-4" stroke="#1d2733" stroke-width="1.4"/>'),
    "total": ("#1d2733", ""),
}


@dataclass(frozen=True)
class Part:
    """One thing drawn: its label, its size, one of `LOOKS`, and what is written beside it."""

    label: str
    value: float
    look: str
    note: str = ""


def stacked_bar(title: str, description: str, parts: Sequence[Part]) -> Html:
    """One bar that is everything, cut into `parts`, with a labelled key below."""
    whole = sum(part.value for part in parts) or 1
    drawn, left = [], 0.0
    for part in parts:
        width = WIDTH * part.value / whole
        if part.value:
            drawn.append(_box(title, part.look, left, 4, max(width, 1), 44))
        left += width
    key = []
    for place, part in enumerate(parts):
        top = 66 + 26 * place
        key.append(_box(title, part.look, 0, top, 26, 16))
        key.append(written(34, top + 13, part.label))
        key.append(written(WIDTH, top + 13, part.note, anchor_at="end"))
    return drawing(
        title,
        description,
        66 + 26 * len(parts),
        _patterns(title, [part.look for part in parts]),
        *drawn,
        *key,
    )


def bars(title: str, description: str, parts: Sequence[Part], scale: float, label_width: int = 230) -> Html:
    """Bars from the left, one a part; `scale` is the value that fills the width."""
    room = WIDTH - label_width - 110
    drawn = []
    for place, part in enumerate(parts):
        top = 4 + 28 * place
        drawn.append(written(label_width - 10, top + 15, part.label, anchor_at="end"))
        drawn.append(_box(title, part.look, label_width, top, max(room * part.value / (scale or 1), 0.5), 20))
        drawn.append(written(label_width + room * part.value / (scale or 1) + 8, top + 15, part.note))
    axis = element("path", d=f"M{label_width} 0V{4 + 28 * len(parts)}", stroke=INK, stroke_width=1.5)
    return drawing(
        title, description, 8 + 28 * len(parts), _patterns(title, [part.look for part in parts]), *drawn, axis
    )


def stacked_columns(
    title: str,
    description: str,
    bins: Sequence[str],
    series: Mapping[str, Sequence[int]],
    labels: Mapping[str, str],
) -> Html:
    """A histogram: a column per bin, cut by series (look → counts); `labels` of the looks make the key."""
    left, top, height = 64, 40, 220
    highest = max((sum(column) for column in zip(*series.values(), strict=True)), default=0)
    step = _step(highest)
    ceiling = step * max(1, -(-highest // step))
    wide = (WIDTH - left) / max(1, len(bins))
    drawn = [
        _grid(left, top + height - height * tick / ceiling, f"{tick:,}")
        for tick in range(0, ceiling + 1, step)
    ]
    for place, name in enumerate(bins):
        base = float(top + height)
        for look, counts in series.items():
            tall = height * counts[place] / ceiling
            if counts[place]:
                base -= tall
                drawn.append(_box(title, look, left + wide * place + 1, base, wide - 2, tall))
        if wide >= 44 or place % 2 == 0:
            drawn.append(written(left + wide * place, top + height + 18, name, anchor_at="middle"))
    key, across = [], float(left)
    for look in series:
        key += [_box(title, look, across, 4, 26, 16), written(across + 33, 17, labels[look])]
        across += 62 + 7.4 * len(labels[look])
    floor = element("path", d=f"M{left} {top + height}H{WIDTH}", stroke=INK, stroke_width=1.5)
    return drawing(title, description, top + height + 28, _patterns(title, list(series)), *drawn, floor, *key)


def waterfall(title: str, description: str, parts: Sequence[Part]) -> Html:
    """Steps that add up: each bar starts where the one before ended; the last line is the sum."""
    label_width, note_width = 330, 70
    sums = [0.0]
    for part in parts:
        sums.append(sums[-1] + part.value)
    low, high = min(sums), max(sums)
    scale = (WIDTH - label_width - note_width) / ((high - low) or 1)
    total = Part("All the evidence together", sums[-1], "total", f"{sums[-1]:+.1f}")
    drawn = []
    for place, part in enumerate([*parts, total]):
        start = 0.0 if part is total else sums[place]
        left, right = sorted((start, start + part.value))
        top = 4 + 28 * place
        drawn.append(written(0, top + 15, _cut(part.label, 46)))
        drawn.append(
            _box(
                title, part.look, label_width + (left - low) * scale, top, max((right - left) * scale, 1), 20
            )
        )
        drawn.append(written(WIDTH, top + 15, part.note, anchor_at="end"))
    zero = label_width - low * scale
    floor = 8 + 28 * (len(parts) + 1)
    axis = element("path", d=f"M{zero:.1f} 0V{floor}", stroke=INK, stroke_width=1, stroke_dasharray="3 3")
    looks = [part.look for part in [*parts, total]]
    return drawing(title, description, floor + 2, _patterns(title, looks), *drawn, axis)


def drawing(title: str, description: str, height: float, *content: Html) -> Html:
    """A picture `WIDTH` wide with its title and what it shows in words, for those who cannot see it."""
    name = anchor(title)
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-description"),
        *content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"-4 0 {WIDTH + 8} {height:g}",
        role="img",
        aria_labelledby=f"{name}-title {name}-description",
        font_family=FONT,
        font_size=14,
    )


def _patterns(title: str, looks: Sequence[str]) -> Html:
    """A pattern for each look used; ids carry the title, so that several pictures can share a page."""
    made = []
    for look in dict.fromkeys(looks):
        colour, drawing = LOOKS[look]
        ground = element("rect", width=8, height=8, fill=colour)
        size = {"width": 8, "height": 8, "patternUnits": "userSpaceOnUse"}
        made.append(element("pattern", ground, Html(drawing), id=f"{anchor(title)}-{look}", **size))
    return element("defs", joined(made))


def _box(title: str, look: str, left: float, top: float, width: float, height: float) -> Html:
    place = {"x": f"{left:.1f}", "y": f"{top:.1f}", "width": f"{width:.1f}", "height": f"{height:.1f}"}
    return element("rect", fill=f"url(#{anchor(title)}-{look})", stroke=INK, stroke_width=0.8, **place)


def written(left: float, top: float, words: str, anchor_at: str = "start") -> Html:
    """Words in a picture; `anchor_at` is "start", "middle" or "end"."""
    return element("text", words, x=f"{left:.1f}", y=f"{top:.1f}", text_anchor=anchor_at, fill=INK)


def _grid(left: float, top: float, words: str) -> Html:
    line = element("path", d=f"M{left} {top:.1f}H{WIDTH}", stroke=LINE, stroke_width=1)
    return joined([line, written(left - 8, top + 5, words, anchor_at="end")])


def _step(highest: int) -> int:
    """The distance of gridlines: 1, 2 or 5 times a power of ten, for three to six lines."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if highest <= 5 * factor * power:
                return factor * power
        power *= 10


def _cut(words: str, length: int) -> str:
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"
