"""The answer of an evaluation → its main figures as (label, value) for a terminal."""

from typing import Any

from linkage.evaluation.causes import LINKED
from linkage.pages.wording import counted


def evaluation_table(result: dict[str, Any]) -> list[tuple[str, str]]:
    """The main figures of `evaluate`'s answer."""
    rows: list[tuple[str, str]] = [("Records with a known truth", f"{result['truth_records']:,}")]
    if "counts" in result:
        rows += _link_rows(result)
    if "clusters" in result:
        rows += _cluster_rows(result["clusters"])
    return rows


def _link_rows(result: dict[str, Any]) -> list[tuple[str, str]]:
    counts, strangers = result["counts"], result["not_in_register"]
    return [
        ("  whose number is in the register", f"{counts['in_register']:,}"),
        *_outside_rows(result),
        ("Accepted, in review, no link", f"{counts['accept']:,}, {counts['review']:,}, {counts['none']:,}"),
        ("Screened out, absent from the run", f"{counts['screened']:,}, {counts['absent']:,}"),
        ("Precision of accepted links", with_interval(result["precision"], result["precision_interval"])),
        ("Recall of accepted links", with_interval(result["recall"], result["recall_interval"])),
        ("Recall, counting screened records", number(result["recall_with_screened"])),
        ("F1", number(result["f1"])),
        ("Wrong links accepted", f"{result['wrong']:,}"),
        ("  of people who are not in the register", f"{strangers['accepted']:,} of {strangers['n']:,}"),
        *_trap_rows(result["traps"]),
        *_decided_rows(result["decided"]),
        ("Share in review", number(result["review_share"])),
        ("Right proposals in review", number(result["review"]["precision"])),
        ("Recall if every right proposal is taken up", number(result["proposals"]["recall"])),
        *miss_rows(result["misses"]),
        *guard_rows(result["guards"]),
        *_certainty_rows(result),
        *gap_rows(result["recall_gaps"]),
    ]


def _outside_rows(result: dict[str, Any]) -> list[tuple[str, str]]:
    """What the truth and the run do not know of each other, if anything."""
    rows = []
    if outside := result["numbers_outside_register"]:
        rows.append(("  whose number this register does not have: nobody's", f"{outside:,}"))
    if untold := result["links_without_truth"]:
        rows.append(
            (
                "NOT JUDGED: records of the run that the truth does not tell of",
                f"{untold:,}, {result['accepted_without_truth']:,} of them linked",
            )
        )
    return rows


def _decided_rows(decided: dict[str, int]) -> list[tuple[str, str]]:
    if not decided["accepted"]:
        return []
    said = f"{decided['accepted']:,}, of which wrong {decided['wrong']:,}"
    return [("Accepted because people said so (counted above)", said)]


def _trap_rows(traps: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    rows = []
    for name, found in traps.items():
        label = "holding somebody else's number" if name == "held_wrong" else f"absent, {name} present"
        rows.append((f"  {label}", f"{found['wrong']:,} of {found['n']:,}"))
    return rows


def miss_rows(misses: dict[str, Any]) -> list[tuple[str, str]]:
    """How often the right number was a candidate, whatever became of the record; then what became of records that were
    not linked rightly."""
    rows = []
    if misses["reach"] is not None:
        rows += [
            ("Right number among the candidates", with_interval(misses["reach"], misses["reach_interval"])),
            ("  not among them, linked or not", f"{misses['never_a_candidate']:,}"),
        ]
        if misses["not_told"]:
            rows.append(("  not known of, so not in that share", f"{misses['not_told']:,}"))
    return rows + [
        (f"Missed: {name}", f"{count:,}") for name, count in misses["fates"].items() if name != LINKED
    ]


def guard_rows(guards: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    """For each guard the records in review that it fired on, and the links among them that it stopped."""
    return [
        (
            f"Guard {name.replace('_', ' ').replace('nhs', 'NHS')}, records in review",
            f"{found['fired']:,}, of which wrong {found['fired_wrong']:,}; "
            f"sure enough to accept {found['stopped']:,}, of which wrong {found['wrong']:,}",
        )
        for name, found in guards.items()
    ]


def _certainty_rows(result: dict[str, Any]) -> list[tuple[str, str]]:
    sure, held = result["confident"], result["calibration"]
    return [
        (
            "Calibration error of proposed links (15 bins)",
            f"{number(held['ece'])}, of {held['n']:,} that the model accepted or left for review",
        ),
        ("  Brier score of the same", number(held["brier"])),
        (
            f"Right among confidence {sure['from']} or more",
            with_interval(sure["share"], sure["share_interval"]),
        ),
        ("Recall at precision 0.999 (threshold chosen with the truth)", number(result["oracle"]["recall"])),
    ]


def gap_rows(gaps: dict[str, dict[str, Any]]) -> list[tuple[str, str]]:
    """Recall of the best large group less that of the worst, by kind of group, and what that leaves out."""
    rows = []
    for kind, gap in gaps.items():
        if kind != "scenario":
            ends = f": {gap['best']}, {gap['worst']}" if gap["best"] else ""
            told = f"of {counted(gap['groups'], 'group')} of {gap['least']} or more"
            if small := gap["left_out"]["groups"]:
                records = counted(gap["left_out"]["in_register"], "record")
                told += f"; left out {counted(small, 'smaller group')}, {records}"
            difference = with_interval(gap["difference"], gap["interval"])
            rows.append((f"Recall by {kind}, best less worst", f"{difference}{ends}, {told}"))
    return rows


def _cluster_rows(clusters: dict[str, Any]) -> list[tuple[str, str]]:
    rows = []
    if absent := clusters["absent"]:
        rows.append(("Records of the truth that this run did not have", f"{absent:,}"))
    rows.append(("Records whose people are judged", f"{clusters['records']:,}"))
    if merged := clusters["merged_before"]:
        rows.append(("  left out: merged by the council itself", f"{merged:,}"))
    rows.append(("Clusters found, people there are", f"{clusters['clusters']:,}, {clusters['people']:,}"))
    for name, label in (("pairwise", "pairs"), ("b_cubed", "B-cubed")):
        scores = clusters[name]
        told = ", ".join(number(scores[measure]) for measure in ("precision", "recall", "f1"))
        rows.append((f"Clusters by {label}: precision, recall, F1", told))
    return [*rows, ("Pairs put together wrongly", f"{clusters['wrong_pairs']:,}")]


def number(value: float | None) -> str:
    """A share to four decimals; a dash for none."""
    return "-" if value is None else f"{value:.4f}"


def with_interval(value: float | None, interval: list[float] | None) -> str:
    """A share with its interval."""
    return number(value) + (f" ({interval[0]:.4f} to {interval[1]:.4f})" if interval else "")
