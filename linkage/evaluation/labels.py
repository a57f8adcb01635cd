"""A file in which people labelled pairs → the labels of a run's best candidates, with the strata that they were drawn from.

A pair of a stratified sample stands for as many records as its stratum had to a label in the run that it was drawn from. By the
strata of another run, which the pairs were not drawn by, shares would be estimated with a bias.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

from linkage.clerical.verdicts import plain
from linkage.errors import InputError
from linkage.evaluation.judged import read_table
from linkage.evaluation.sample import LAST, Best
from linkage.fields.nhs_number import read_number
from linkage.past import CANNOT_TELL, DIFFERENT, SAME


@dataclass(frozen=True)
class Label:
    """A label of a record's best candidate: its row in the file, and the stratum that the pair was drawn from with its
    number of records ("" and 0 if the file is not a sample)."""

    of: Best
    said: str
    row: int = field(compare=False)
    stratum: str = ""
    size: int = 0


def read_sample(path: Path, best: Sequence[Best]) -> list[Label]:
    """The labels of a sample that `linkage sample` drew; InputError as for `read_labels`, or if it is not a sample, or is
    one of a run with other strata than those of `best`."""
    labels = read_labels(path, best)
    if not labels[0].stratum:
        raise InputError(_lacks(path, LAST))
    sizes = Counter(one.stratum for one in best)
    for label in labels:
        own = label.of.stratum
        if (label.stratum, label.size) != (own, sizes[own]):
            # A text that is no stratum is not shown: if a column slipped it may be a person's value.
            drawn = (
                f"'{label.stratum}' of {label.size:,} records" if label.stratum in sizes else "another name"
            )
            raise InputError(
                f"{path.name} was drawn from another run: by row {label.row} the pair is of a stratum of {drawn}, in this run of "
                f"'{own}' of {sizes[own]:,}. It does not stand for this run. Judge the run that it was drawn from, or draw a "
                "sample of this one with `linkage sample`; `linkage calibrate --labels` takes these labels too"
            )
    return labels


def read_labels(path: Path, best: Sequence[Best]) -> list[Label]:
    """Labelled pairs of a list with record_id, nhs_number and label, each once; rows without a label are left out.

    Samples of one run put together are one simple random sample of each stratum: which pairs are in at least one of
    them depends on none of their labels, and no pair is likelier to be than another of its stratum. InputError if a
    label is none of the three, a row is not a best candidate of the run, a pair is labelled in two ways, or the file says only
    part of what a sample says of strata, or two things of one stratum.
    """
    rows = read_table(path, ("record_id", "nhs_number", "label"))
    is_sample = _is_sample(path, rows)
    known = {one.record_id: one for one in best}
    found: dict[str, Label] = {}
    strata: dict[str, Label] = {}
    disputed = []
    for number, row in enumerate(rows, start=2):
        said = plain(row["label"])
        if not said:
            continue
        if said not in (SAME, DIFFERENT, CANNOT_TELL):
            raise InputError(
                f"{path.name}, row {number}: label must be {SAME}, {DIFFERENT}, {CANNOT_TELL} or empty."
            )
        one = known.get(row["record_id"])
        if one is None or one.nhs_number != read_number(row["nhs_number"])[0]:
            raise InputError(
                f"{path.name}, row {number}: record_id and nhs_number are not a best candidate of this run. "
                "Name the run that the pairs were taken from."
            )
        label = Label(one, said, number, *(_drawn(path, number, row) if is_sample else ()))
        of_stratum = strata.setdefault(label.stratum, label)
        if of_stratum.size != label.size:
            raise InputError(
                f"{path.name}, rows {of_stratum.row} and {number}: one stratum with two sizes, so samples of two runs were put "
                "together. Give those of one run only."
            )
        first = found.setdefault(one.record_id, label)
        if first.said != said:
            disputed.append(f"rows {first.row} and {number}")
    if disputed:
        raise InputError(
            f"{path.name}, {', '.join(disputed)}: one pair with two labels each. Settle which is right, and leave the "
            "other empty."
        )
    if not found:
        raise InputError(f"{path.name} has no row with a label.")
    return list(found.values())


def records_to_a_label(labels: Sequence[Label]) -> dict[str, float]:
    """Stratum → how many records each clear label of a sample stands for, in the run that the sample was drawn from."""
    clear = [label for label in labels if label.said != CANNOT_TELL]
    sizes = {label.stratum: label.size for label in clear}
    return {name: sizes[name] / number for name, number in Counter(x.stratum for x in clear).items()}


def _is_sample(path: Path, rows: Sequence[dict[str, str]]) -> bool:
    """Whether the file has the columns of a sample; InputError if it has some of them only."""
    missing = [name for name in LAST if rows and name not in rows[0]]
    if missing and len(missing) < len(LAST):
        raise InputError(_lacks(path, missing))
    return bool(rows) and not missing


def _lacks(path: Path, missing: Sequence[str]) -> str:
    return (
        f"{path.name} has no column {', '.join(missing)}, which a sample of `linkage sample` has: without it nobody knows "
        "which records the labels stand for. Put it back as it was drawn."
    )


def _drawn(path: Path, number: int, row: dict[str, str]) -> tuple[str, int]:
    """The stratum of a row and its size, also if a spreadsheet wrote that with a point or with commas."""
    try:
        size = float(row["stratum_size"].replace(",", ""))
    except ValueError:
        size = 0.0
    if not (isfinite(size) and size >= 1 and row["stratum"].strip()):
        raise InputError(
            f"{path.name}, row {number}: stratum_size and stratum are not what `linkage sample` wrote. Put them back as they "
            "were drawn."
        )
    return row["stratum"].strip(), round(size)
