"""A run's folder and a file with the truth → how right the run was, in measures of links and of clusters.

Truth columns: record_id; nhs_number (empty: not in the register) for a link run; person for clusters; and,
where there are any, scenarios (joined with ";"), origin, sex and birth_year to report by.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linkage.errors import InputError
from linkage.measures import calibration, harmonic_mean, judge_clusters, oracle, rounded, share, wilson
from linkage.tabular import read_rows


@dataclass(frozen=True)
class Judged:
    """One record of the truth with what the run said of it; `band` is "absent" if it said nothing."""

    record_id: str
    truth: str
    band: str
    proposed: str
    confidence: float
    groups: tuple[tuple[str, str], ...] = ()

    @property
    def in_register(self) -> bool:
        """Whether there is a right answer."""
        return self.truth != ""

    @property
    def right(self) -> bool:
        """Whether the number proposed is the right one."""
        return self.in_register and self.proposed == self.truth


def evaluate(folder: Path, truth: Path) -> dict[str, Any]:
    """Judge the run in `folder` by `truth` (CSV or Parquet); InputError if either lacks what is needed.

    Shares are 0–1, rounded to 6 decimals; one that has no denominator is None.
    """
    persons = _read(folder / "persons.csv", ("person_id", "dataset", "record_id"))
    answers = _read(truth, ("record_id",))
    has = answers[0].keys() if answers else set()
    result: dict[str, Any] = {"truth_records": len(answers)}
    if (folder / "links.csv").is_file():
        if "nhs_number" not in has:
            raise InputError(f"{truth.name} has no column nhs_number, so links cannot be judged by it.")
        links = _read(folder / "links.csv", ("record_id", "nhs_number", "band", "confidence"))
        result |= judge_links(judged(links, answers))
        result["links_without_truth"] = len(
            {row["record_id"] for row in links} - {row["record_id"] for row in answers}
        )
    if "person" in has:
        predicted = {row["record_id"]: row["person_id"] for row in persons if row["dataset"] != "nhs"}
        result["clusters"] = judge_clusters(predicted, {row["record_id"]: row["person"] for row in answers})
    if len(result) == 1:
        raise InputError(f"{truth.name} has neither nhs_number nor person, so there is nothing to judge by.")
    answer: dict[str, Any] = rounded(result)
    return answer


def judged(links: Iterable[dict[str, str]], answers: Iterable[dict[str, str]]) -> list[Judged]:
    """One `Judged` per record of the truth, in the order of its record ids."""
    said = {row["record_id"]: row for row in links}
    nothing = {"band": "absent", "nhs_number": "", "confidence": ""}
    found = []
    for answer in answers:
        link = said.get(answer["record_id"], nothing)
        found.append(
            Judged(
                record_id=answer["record_id"],
                truth=answer["nhs_number"].replace(" ", ""),
                band=link["band"],
                proposed=link["nhs_number"],
                confidence=float(link["confidence"] or 0),
                groups=_groups(answer),
            )
        )
    return sorted(found, key=lambda record: record.record_id)


def judge_links(records: Sequence[Judged]) -> dict[str, Any]:
    """Everything about the links of a run; recall counts records whose number is in the register.

    `recall` leaves out those that were screened (nobody may link them); `recall_with_screened` does not.
    """
    eligible = [record for record in records if record.band != "screened"]
    proposals = [record for record in eligible if record.band in ("accept", "review") and record.proposed]
    bands = Counter(record.band for record in records)
    return {
        "counts": {
            "in_register": sum(record.in_register for record in records),
            "not_in_register": sum(not record.in_register for record in records),
            **{band: bands[band] for band in ("accept", "review", "none", "screened", "absent")},
        },
        **quality(eligible),
        "recall_with_screened": quality(records)["recall"],
        "review_share": share(bands["review"], len(eligible)),
        "proposals": {**_shares_right(proposals), "recall": share(_right(proposals), _findable(eligible))},
        "review": _shares_right([record for record in proposals if record.band == "review"]),
        "not_in_register": _false_accepts(eligible),
        "by": by_group(eligible),
        "calibration": calibration([(record.confidence, record.right) for record in proposals]),
        "oracle": oracle([(record.confidence, record.right) for record in proposals], _findable(eligible)),
    }


def quality(records: Sequence[Judged]) -> dict[str, Any]:
    """Precision, recall and F1 of the accepted links, with Wilson 95 % intervals, and how many are wrong."""
    accepted = [record for record in records if record.band == "accept"]
    right, findable = _right(accepted), _findable(records)
    precision, recall = share(right, len(accepted)), share(right, findable)
    return {
        "n": len(records),
        "precision": precision,
        "precision_interval": wilson(right, len(accepted)),
        "recall": recall,
        "recall_interval": wilson(right, findable),
        "f1": harmonic_mean(precision, recall),
        "right": right,
        "wrong": len(accepted) - right,
    }


def by_group(records: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """Kind of group ("scenario", "origin", "sex", "born") → group → its `quality`."""
    members: dict[str, dict[str, list[Judged]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        for kind, group in record.groups:
            members[kind][group].append(record)
    return {
        kind: {group: quality(found) for group, found in sorted(groups.items())}
        for kind, groups in sorted(members.items())
    }


def evaluation_table(result: dict[str, Any]) -> list[tuple[str, str]]:
    """The main figures of `evaluate`'s answer as (label, value) for a terminal."""
    rows: list[tuple[str, str]] = [("Records with a known truth", f"{result['truth_records']:,}")]
    if "counts" in result:
        rows += _link_rows(result)
    if "clusters" in result:
        rows += _cluster_rows(result["clusters"])
    return rows


def _link_rows(result: dict[str, Any]) -> list[tuple[str, str]]:
    counts, strangers, oracle_row = result["counts"], result["not_in_register"], result["oracle"]
    return [
        ("  whose number is in the register", f"{counts['in_register']:,}"),
        ("Accepted, in review, no link", f"{counts['accept']:,}, {counts['review']:,}, {counts['none']:,}"),
        ("Screened out, absent from the run", f"{counts['screened']:,}, {counts['absent']:,}"),
        ("Precision of accepted links", _with_interval(result["precision"], result["precision_interval"])),
        ("Recall of accepted links", _with_interval(result["recall"], result["recall_interval"])),
        ("Recall, counting screened records", _number(result["recall_with_screened"])),
        ("F1", _number(result["f1"])),
        ("Wrong links accepted", f"{result['wrong']:,}"),
        ("  of people who are not in the register", f"{strangers['accepted']:,} of {strangers['n']:,}"),
        ("Share in review", _number(result["review_share"])),
        ("Right proposals in review", _number(result["review"]["precision"])),
        ("Recall if every right proposal is taken up", _number(result["proposals"]["recall"])),
        ("Calibration error (15 equal bins)", _number(result["calibration"]["ece"])),
        ("Brier score", _number(result["calibration"]["brier"])),
        ("Recall at precision 0.999 (threshold chosen with the truth)", _number(oracle_row["recall"])),
    ]


def _cluster_rows(clusters: dict[str, Any]) -> list[tuple[str, str]]:
    rows = [("Clusters found, people there are", f"{clusters['clusters']:,}, {clusters['people']:,}")]
    for name, label in (("pairwise", "pairs"), ("b_cubed", "B-cubed")):
        scores = clusters[name]
        told = ", ".join(_number(scores[measure]) for measure in ("precision", "recall", "f1"))
        rows.append((f"Clusters by {label}: precision, recall, F1", told))
    return [*rows, ("Pairs put together wrongly", f"{clusters['wrong_pairs']:,}")]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _with_interval(value: float | None, interval: list[float] | None) -> str:
    return _number(value) + (f" ({interval[0]:.4f} to {interval[1]:.4f})" if interval else "")


def _right(records: Iterable[Judged]) -> int:
    return sum(record.right for record in records)


def _findable(records: Iterable[Judged]) -> int:
    return sum(record.in_register for record in records)


def _shares_right(records: Sequence[Judged]) -> dict[str, Any]:
    right = _right(records)
    return {
        "n": len(records),
        "right": right,
        "precision": share(right, len(records)),
        "precision_interval": wilson(right, len(records)),
    }


def _false_accepts(records: Sequence[Judged]) -> dict[str, Any]:
    strangers = [record for record in records if not record.in_register]
    accepted = sum(record.band == "accept" for record in strangers)
    return {
        "n": len(strangers),
        "accepted": accepted,
        "share": share(accepted, len(strangers)),
        "share_interval": wilson(accepted, len(strangers)),
    }


def _groups(answer: dict[str, str]) -> tuple[tuple[str, str], ...]:
    groups = [("scenario", name.strip()) for name in answer.get("scenarios", "").split(";")]
    groups += [("origin", answer.get("origin", "")), ("sex", answer.get("sex", ""))]
    year = answer.get("birth_year", "")[:4]
    groups += [("born", f"{year[:3]}0s")] if year.isdigit() else []
    return tuple((kind, group) for kind, group in groups if group)


def _read(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    try:
        rows = read_rows(path)
    except FileNotFoundError:
        raise InputError(f"{path} does not exist.") from None
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} cannot be read as {path.suffix or 'CSV'} ({type(error).__name__})."
        ) from None
    missing = [name for name in needed if rows and name not in rows[0]]
    if missing:
        raise InputError(f"{path} has no column {', '.join(missing)}. It has: {', '.join(rows[0])}.")
    return rows
