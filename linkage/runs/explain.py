"""A run's folder and a record id → why the record was linked as it was, by candidate and field.

The answer shows the values of a person, to somebody who may see them: it goes to a terminal or a page, never
to a log.
"""

import math
from pathlib import Path
from typing import Any

from linkage.errors import InputError
from linkage.pages import charts
from linkage.pages.charts import Part
from linkage.pages.page import Html, element, page, section, table
from linkage.pages.wording import BANDS
from linkage.runs.run_folder import refuse_dedupe, rows_of
from linkage.tables import ACCEPT, DECISION, REVIEW
from linkage.values.text import printable

TERMINAL_BAR = 24
NAME_WIDTH, LONGEST_NAME = 36, 56
NOT_COMPARED = (
    "The record and this NHS Number were not compared by this run: the candidates shown are other people."
)
FACTS = {
    "NHS Number": "nhs_number",
    "NHS Number held by the council": "nhs_number_held",
    "Confidence": "confidence",
    "Match weight, bits": "match_weight",
    "Margin to the next, bits": "margin",
    "Candidates": "candidates",
    "Guards": "guards",
    "Person": "person_id",
    "Run": "run_id",
    "Model": "model",
}


def explain(folder: Path, record_id: str) -> dict[str, Any]:
    """The decision on a council record and the evidence for and against each of its candidates.

    Returns {"decision": the columns of links.parquet, "candidates": [{"rank", "nhs_number", "match_weight",
    "evidence": [{"comparison", "level", "wording", "weight", "value_council", "value_nhs"}]}]}; weights in
    bits. InputError if the folder is not that of a link run or has no such record.
    """
    refuse_dedupe(folder, "there is no link to explain")
    known = [("record_id", "=", record_id)]
    links = rows_of(folder, "links.parquet", filters=known)
    if not links:
        raise InputError(
            f"{folder} has no council record with that id. Ids are in the column record_id of links.csv."
        )
    candidates: dict[int, dict[str, Any]] = {}
    for row in rows_of(folder, "evidence.parquet", filters=known):
        head = {name: row[name] for name in ("rank", "nhs_number", "match_weight")}
        candidate = candidates.setdefault(row["rank"], head | {"evidence": []})
        told = ("comparison", "level", "wording", "weight", "value_council", "value_nhs")
        candidate["evidence"].append({name: row[name] for name in told})
    return {"decision": links[0], "candidates": [candidates[rank] for rank in sorted(candidates)]}


def explain_text(result: dict[str, Any]) -> str:
    """`explain`'s answer for a terminal; our own characters are ASCII, the values as received."""
    decision = result["decision"]
    lines = [f"Record {decision['record_id']}: {_outcome(decision)}", decision["reason"] or ""]
    if decision["guards"]:
        lines.append(f"Guards: {decision['guards'].replace(';', ', ')}")
    lines += [NOT_COMPARED] if _is_not_compared(result) else []
    for candidate in result["candidates"]:
        lines += ["", f"Candidate {candidate['rank']}: {candidate['nhs_number']}", *_ladder(candidate)]
    return "".join(f"{printable(line)}\n" for line in lines)


def explain_page(result: dict[str, Any], banner: str = "") -> str:
    """`explain`'s answer as a page, with a picture of how the evidence of each candidate adds up."""
    decision = result["decision"]
    title = f"Record {decision['record_id']}"
    facts = [
        (name, decision[column])
        for name, column in FACTS.items()
        if decision[column] is not None and decision[column] != ""
    ]
    return page(
        title,
        element("h1", title),
        element("p", f"{_outcome(decision)}.", class_="lead"),
        element("p", decision["reason"] or ""),
        *([element("p", NOT_COMPARED)] if _is_not_compared(result) else []),
        table("The decision", ("What", "Value"), [(name, _told(value)) for name, value in facts]),
        *(_candidate_section(candidate) for candidate in result["candidates"]),
        banner=banner,
    )


def _is_not_compared(result: dict[str, Any]) -> bool:
    """Whether only other people than the one whose number is told are among the candidates, as a person may have decided."""
    number, candidates = result["decision"]["nhs_number"], result["candidates"]
    return bool(number and candidates) and number not in {each["nhs_number"] for each in candidates}


def _outcome(decision: dict[str, Any]) -> str:
    band, number = decision["band"], decision["nhs_number"]
    if band not in (ACCEPT, REVIEW):
        return BANDS[band]
    if band == ACCEPT and decision["method"] == DECISION:
        return f"{BANDS[band]}, NHS Number {number}, by what a person decided"
    return proposed(band, number, decision["confidence"], bool(decision["guards"]))


def proposed(band: str, number: str, confidence: float, guarded: bool) -> str:
    """A link, or what a person has to decide, in words that cannot be taken for each other; guards do not lower a confidence."""
    if band == ACCEPT:
        return f"{BANDS[band]}, NHS Number {number}, confidence {below_one(confidence)}"
    without = " but for the guards" if guarded else ""
    return f"{BANDS[band]}: perhaps NHS Number {number}, confidence {below_one(confidence)}{without}"


def below_one(confidence: float) -> str:
    """A confidence with four decimals, never rounded up to certainty."""
    return f"{math.floor(confidence * 10_000) / 10_000:.4f}"


def _ladder(candidate: dict[str, Any]) -> list[str]:
    """A line for each piece of evidence: words, bits and a bar from the running sum to the next."""
    steps = candidate["evidence"]
    sums = [0.0]
    for step in steps:
        sums.append(sums[-1] + step["weight"])
    low, span = min(sums), (max(sums) - min(sums)) or 1.0
    wide = min(LONGEST_NAME, max(NAME_WIDTH, *(len(_name(step)) for step in steps)))
    lines = []
    for place, step in enumerate(steps):
        start, end = (round((value - low) / span * TERMINAL_BAR) for value in sorted(sums[place : place + 2]))
        mark = "+" if step["weight"] >= 0 else "-"
        bar = " " * start + mark * max(end - start, 1)
        lines.append(
            f"  {_name(step):<{wide}} {step['weight']:+7.1f}  {bar:<{TERMINAL_BAR + 1}} {_values(step)}"
        )
    lines.append(f"  {'all the evidence together':<{wide}} {candidate['match_weight']:+7.1f}")
    return [line.rstrip() for line in lines]


def _candidate_section(candidate: dict[str, Any]) -> Html:
    steps = candidate["evidence"]
    parts = [
        Part(
            _name(step), step["weight"], "for" if step["weight"] >= 0 else "against", f"{step['weight']:+.1f}"
        )
        for step in steps
    ]
    rows = [
        (
            _words(step["comparison"]),
            step["value_council"],
            step["value_nhs"],
            step["wording"],
            f"{step['weight']:+.1f}",
        )
        for step in steps
    ]
    rows.append(("All together", "", "", "", f"{candidate['match_weight']:+.1f}"))
    title = f"Candidate {candidate['rank']}: {candidate['nhs_number']}"
    words = "Each step is one piece of evidence in bits: to the right for this person, to the left against."
    caption = element("figcaption", words)
    headings = ("Field", "Council", "NHS", "Agreement", "Bits")
    return section(
        title,
        element("figure", charts.waterfall(f"Evidence {candidate['rank']}", words, parts), caption),
        table(f"Both sides of candidate {candidate['rank']}", headings, rows, total=True),
    )


def _name(step: dict[str, Any]) -> str:
    return str(step["wording"] or _words(step["comparison"]))


def _values(step: dict[str, Any]) -> str:
    council, nhs = step["value_council"], step["value_nhs"]
    if council is None and nhs is None:
        return ""
    return f"{council or '-'} | {nhs or '-'}"


def _words(name: str) -> str:
    return (name[:1].upper() + name[1:]).replace("_", " ")


def _told(value: object) -> object:
    if isinstance(value, float):
        return f"{value:g}"
    return value.replace(";", ", ") if isinstance(value, str) else value
