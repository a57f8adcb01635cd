"""Parts of a page → one HTML file that needs nothing else: no network, no script, fit for paper.

Text is escaped unless it is `Html`, which only this module and those that draw (`charts`, `plots`) make.
"""

import html
import re
from collections.abc import Iterable, Sequence

STYLE = """
:root { color-scheme: light; --ink: #1d2733; --soft: #4a5866; --line: #c4ccd4; --paper: #fff; }
* { box-sizing: border-box; }
html { font: 100%/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
body { margin: 0; color: var(--ink); background: var(--paper); overflow-wrap: break-word; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 1rem 0 .25rem; }
h2 { font-size: 1.35rem; margin: 2.75rem 0 .5rem; padding-top: .75rem; border-top: 2px solid var(--ink); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
p, li, dd { max-width: 44rem; }
.lead { font-size: 1.15rem; }
.soft { color: var(--soft); }
a { color: #00519e; }
a:focus-visible, summary:focus-visible { outline: 3px solid #b35c00; outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { position: static; }
.banner { margin: 0; max-width: none; padding: .75rem 1.25rem; background: #ffdd00; color: #000;
  border-bottom: 4px solid #000; font-weight: 700; text-align: center; letter-spacing: .04em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; min-width: 22rem; margin: .75rem 0 1.25rem;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .35rem; }
th, td { padding: .3rem 1.2rem .3rem 0; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--ink); }
th[scope=row] { font-weight: 400; min-width: 8rem; white-space: pre-wrap; }
.number { text-align: right; white-space: nowrap; }
tr.total > * { font-weight: 700; border-top: 2px solid var(--ink); }
figure { margin: 1rem 0; }
figure svg { display: block; width: 100%; max-width: 52rem; height: auto; }
figcaption { color: var(--soft); max-width: 44rem; }
details { margin: .25rem 0 1rem; }
summary { cursor: pointer; color: #00519e; }
dt { font-weight: 600; margin-top: .6rem; }
dd { margin: 0; }
nav ol { columns: 2 16rem; padding-left: 1.2rem; }
@media print {
  html { font-size: 9pt; }
  main { max-width: none; padding: 0; }
  .skip, nav { display: none; }
  .banner { background: #fff; border: 3px solid #000; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .scroll { overflow: visible; }
  svg, tr { break-inside: avoid; }
  h2, h3, caption, thead, thead tr { break-after: avoid; }
  summary { display: none; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  a { color: inherit; text-decoration: none; }
}
@page { margin: 15mm; }
"""

# A number or a share as it is written in a table.
NUMBER = re.compile(r"[+−-]?[\d,]+(\.\d+)?( ?%)?")

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


class Html(str):
    """Text that is HTML already and is not escaped again."""

    __slots__ = ()


def text(value: object) -> Html:
    """`value` as HTML: escaped, unless it is `Html`."""
    return value if isinstance(value, Html) else Html(html.escape(str(value), quote=True))


def element(name: str, *content: object, **attributes: object) -> Html:
    """One element; an attribute's "_" stands for "-" and a trailing one is dropped (class_, for_)."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(str(value), quote=True)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{written}>{joined(content)}</{name}>")


def joined(parts: Iterable[object]) -> Html:
    """`parts`, one after the other."""
    return Html("".join(text(part) for part in parts))


def table(
    caption: str, headings: Sequence[str], rows: Iterable[Sequence[object]], total: bool = False
) -> Html:
    """A table whose first column names the row; numbers and shares stand to the right.

    With `total`, the last row is set apart.
    """
    listed = [list(row) for row in rows]
    numeric = [
        place > 0 and bool(listed) and all(_is_number(row[place]) for row in listed)
        for place in range(len(headings))
    ]
    looks = ["number" if right else None for right in numeric]
    head = joined(
        element("th", heading, scope="col", class_=look)
        for heading, look in zip(headings, looks, strict=True)
    )
    body = []
    for place, row in enumerate(listed):
        cells = [element("th", row[0], scope="row")]
        cells += [
            element("td", shown(value), class_=look) for value, look in zip(row[1:], looks[1:], strict=True)
        ]
        last = total and place == len(listed) - 1
        body.append(element("tr", *cells, class_="total" if last else None))
    whole = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", head)),
        element("tbody", *body),
    )
    return element("div", whole, class_="scroll")


def shown(value: object) -> object:
    """A whole number with thousands separated, None as a dash, anything else as it is."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else value


def figure(picture: Html, caption: str, alternative: Html) -> Html:
    """A picture with what it shows in words, and the same figures as a table that can be opened."""
    numbers = element("details", element("summary", "The same as a table"), alternative)
    return element("figure", picture, element("figcaption", caption), numbers)


def section(title: str, *content: object) -> Html:
    """A part of the page that the list of contents can point at."""
    name = anchor(title)
    return element("section", element("h2", title, id=name), *content, aria_labelledby=name)


def anchor(title: str) -> str:
    """A title as the id of its place in the page."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in title.lower()).split())


def page(title: str, *content: object, banner: str = "") -> str:
    """The whole file. `banner` stands above everything, on every screen that shows the page's top."""
    head = element(
        "head",
        Html('<meta charset="utf-8">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'),
        Html('<meta name="referrer" content="no-referrer">'),
        element("title", title),
        element("style", Html(STYLE)),
    )
    body = element(
        "body",
        element("a", "Skip to the content", href="#content", class_="skip"),
        element("p", banner, class_="banner", role="note") if banner else "",
        element("main", *content, id="content"),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en-GB')}\n"


def _is_number(value: object) -> bool:
    if value is None or value == "*" or isinstance(value, (int, float)):
        return True
    return isinstance(value, str) and NUMBER.fullmatch(value) is not None
