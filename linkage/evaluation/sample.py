"""A run's folder → a stratified sample of its best candidates for people to label, both sides' values side by side."""

import hashlib
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, fsum, lgamma, sqrt
from pathlib import Path
from typing import Any

from linkage.errors import InputError, OutputError
from linkage.evaluation.judged import read_links
from linkage.runs.run_folder import refuse_dedupe, rows_of, table_of
from linkage.tables import ACCEPT, DECISION, LINKABLE_BANDS, REVIEW
from linkage.tabular import write_rows

SURE, VERY_SURE = 0.999, 0.9999
JUST_BELOW_ACCEPT = 0.9
JUST_BELOW_REVIEW = 0.2
SMALLEST_SHARE = 0.05
# No stratum is taken to be surer than this when the sample is spread, so that none is hardly looked at.
SUREST = 0.99
# So that a chance that is just the one allowed is not taken for more.
ROUNDING = 1e-9
FIRST = ("label", "record_id", "nhs_number")
LAST = ("stratum", "stratum_size", "weight")


@dataclass(frozen=True)
class Best:
    """A record's best candidate: what could be labelled. `decided`: people decided on the record, so the confidence is not
    the model's."""

    record_id: str
    nhs_number: str
    confidence: float
    stratum: str
    guarded: bool
    decided: bool = False

    @property
    def accepted(self) -> bool:
        """Whether the run linked the two without asking anybody."""
        return self.stratum.startswith("accepted")

    @property
    def guards_known(self) -> bool:
        """Whether it is known if a guard would stop the link: not where the run proposed nothing."""
        return not self.stratum.startswith("no link")


def draw_sample(folder: Path, size: int, seed: int, out: Path) -> dict[str, Any]:
    """Write a sample of about `size` pairs of the run in `folder` to `out`; return how it was drawn.

    Rows are in random order, with an empty `label` for "same", "different" or "cannot tell"; the run's own results are in
    the last columns. OutputError if `out` exists, since it might have labels in it.
    """
    if out.exists():
        raise OutputError(f"{out} exists and may hold labels, so it is not replaced. Name another file.")
    listed = best_candidates(folder)
    strata: dict[str, list[Best]] = defaultdict(list)
    for one in listed:
        strata[one.stratum].append(one)
    if not strata:
        raise InputError(f"no record of {folder} has a candidate, so there is nothing to label.")
    wanted = allocate({name: (len(found), _spread(found)) for name, found in strata.items()}, size)
    drawn = [one for name in sorted(strata) for one in _drawn(strata[name], wanted[name], seed)]
    drawn.sort(key=lambda one: _shuffled(one, seed))
    names, values = _values(folder, {one.record_id for one in drawn})
    rows = [
        ("", one.record_id, one.nhs_number, *values.get(one.record_id, [""] * len(names)), one.stratum,
         len(strata[one.stratum]), len(strata[one.stratum]) / wanted[one.stratum])
        for one in drawn
    ]  # fmt: skip
    write_rows(out, (*FIRST, *names, *LAST), rows)
    out.chmod(0o600)
    return {
        "drawn": len(drawn),
        "accepted": sum(one.accepted for one in listed),
        "strata": {name: {"size": len(strata[name]), "drawn": wanted[name]} for name in sorted(strata)},
    }


def best_candidates(folder: Path) -> list[Best]:
    """The best candidate of every record of a link run that has one and may be linked, by record id."""
    refuse_dedupe(folder, "there is no link to sample or to choose a threshold for")
    shown = table_of(folder, "evidence.parquet", ("record_id", "nhs_number"), [("rank", "=", 1)])
    best = dict(zip(*shown.to_pydict().values(), strict=True))
    links = read_links(folder)
    accepted = min((float(row["confidence"]) for row in links if row["band"] == ACCEPT), default=1.0)
    found = []
    for row in links:
        if row["band"] in LINKABLE_BANDS and row["record_id"] in best:
            confidence, guarded = float(row["confidence"] or 0), bool(row.get("guards"))
            name = stratum(row["band"], confidence, accepted)
            decided = row.get("method") == DECISION
            found.append(Best(row["record_id"], best[row["record_id"]], confidence, name, guarded, decided))
    return sorted(found, key=lambda one: one.record_id)


def stratum(band: str, confidence: float, accepted_from: float) -> str:
    """The stratum of a record, by its band and confidence."""
    if band == ACCEPT:
        if confidence >= VERY_SURE:
            return f"accepted, {VERY_SURE} and above"
        return f"accepted, {SURE} to {VERY_SURE}" if confidence >= SURE else f"accepted, below {SURE}"
    if band == REVIEW:
        if confidence >= accepted_from:
            return "review, stopped by a guard"
        return "review, just below acceptance" if confidence >= JUST_BELOW_ACCEPT else "review, other"
    return "no link, just below review" if confidence >= JUST_BELOW_REVIEW else "no link, other"


def allocate(strata: dict[str, tuple[int, float]], size: int) -> dict[str, int]:
    """How many to draw of each stratum, given its size and the expected spread (standard deviation) of its labels.

    In proportion to size times spread, which makes the estimate of a total most precise (source: Neyman 1934; Cochran
    1977, 5.5), but at least a twentieth of `size` of each and never more than there are.
    """
    least = max(1, round(size * SMALLEST_SHARE))
    drawn = {name: min(number, least) for name, (number, _) in strata.items()}
    while (left := size - sum(drawn.values())) > 0:
        pull = {n: number * spread for n, (number, spread) in strata.items() if drawn[n] < number}
        if not pull:
            break
        total = sum(pull.values())
        for name in sorted(pull, key=lambda name: (-pull[name], name)):
            part = max(1, int(left * pull[name] / total))
            part = min(part, strata[name][0] - drawn[name], size - sum(drawn.values()))
            drawn[name] += part
    return drawn


def sizes_needed(bound: float, links: int, certainty: float = 0.95) -> list[tuple[int, int]]:
    """Wrong links found, and how many of the run's `links` must be labelled to show that at most `bound` of them are wrong.

    The smallest n for which so few wrong ones are unlikely (1 - `certainty`) if one more than `bound` were wrong and the n
    drawn at random from all: the exact one-sided bound of a finite number (hypergeometric; source: Cochran 1977, 3.6).
    Numbers of wrong ones that already are more than `bound` are left out.
    """
    too_many = int(round(bound * links, 9)) + 1
    return [
        (wrong, _smallest(wrong, too_many, links, 1 - certainty + ROUNDING))
        for wrong in (0, 1, 2)
        if wrong < too_many <= links
    ]


def _smallest(wrong: int, bad: int, links: int, unlikely: float) -> int:
    low, high = wrong + 1, links
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _at_most(wrong, middle, bad, links) <= unlikely else (middle + 1, high)
    return low


def _at_most(wrong: int, labelled: int, bad: int, links: int) -> float:
    """Chance of at most `wrong` among `labelled` of `links`, if `bad` of them are wrong."""
    least = max(0, labelled + bad - links)
    ways = (
        _ways(bad, k) + _ways(links - bad, labelled - k) for k in range(least, min(wrong, labelled, bad) + 1)
    )
    return fsum(exp(way - _ways(links, labelled)) for way in ways)


def _ways(number: int, drawn: int) -> float:
    """The logarithm of the number of ways to draw so many."""
    return lgamma(number + 1) - lgamma(drawn + 1) - lgamma(number - drawn + 1)


def _spread(found: Sequence[Best]) -> float:
    expected = sum(one.confidence for one in found) / len(found)
    kept = min(SUREST, max(1 - SUREST, expected))
    return sqrt(kept * (1 - kept))


def _drawn(found: Sequence[Best], number: int, seed: int) -> list[Best]:
    return random.Random(seed).sample(list(found), number)


def _shuffled(one: Best, seed: int) -> str:
    return hashlib.sha256(f"{seed} {one.record_id}".encode()).hexdigest()


def _values(folder: Path, wanted: Iterable[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Headings, and by record id the received values of both sides of its best candidate, field by field."""
    rows = rows_of(
        folder,
        "evidence.parquet",
        ("record_id", "comparison", "value_council", "value_nhs"),
        [("rank", "=", 1), ("record_id", "in", set(wanted))],
    )
    sides = ("value_council", "value_nhs")
    shown = [
        name
        for name in dict.fromkeys(row["comparison"] for row in rows)
        if any(row[side] is not None for row in rows if row["comparison"] == name for side in sides)
    ]
    names = [f"{name}_{side}" for name in shown for side in ("council", "nhs")]
    place = {name: 2 * at for at, name in enumerate(shown)}
    found: dict[str, list[str]] = {}
    for row in rows:
        if row["comparison"] in place:
            values = found.setdefault(row["record_id"], [""] * len(names))
            at = place[row["comparison"]]
            values[at : at + 2] = [row[side] or "" for side in sides]
    return names, found
