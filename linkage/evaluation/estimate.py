"""A run's folder and its labelled sample → estimates of precision and recall, with intervals.

The estimate is the stratified one: each stratum's share of "same", weighted by the stratum's size (source: Cochran 1977,
chapter 5). Intervals are simulated with a fixed seed. For the lower end, each stratum's unlabelled pairs vary as the beta
posterior with Jeffreys' prior; for the upper end, as in Clopper and Pearson's upper bound (source: Brown, Cai and
DasGupta 2001; the finite stratum by prediction). So an interval is honest where a stratum has no wrong pair, and for a
ratio such as recall. With Jeffreys' prior for both ends, a truth of nearly 1 would lie above the interval if the few
wrong links were not drawn.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from linkage.errors import InputError
from linkage.evaluation.judged import read_links
from linkage.evaluation.labels import read_sample
from linkage.evaluation.measures import harmonic_mean, rounded, share
from linkage.evaluation.sample import best_candidates
from linkage.evaluation.table import number, with_interval
from linkage.past import CANNOT_TELL, DIFFERENT, SAME
from linkage.tables import LINKABLE_BANDS, NONE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DRAWS = 20_000
SEED = 1
JEFFREYS, AT_BEST = 0.5, 1.0
"""One more label is added in each stratum: this part of it speaks for high precision and recall."""
IMPOSSIBLE = 1e-9


@dataclass(frozen=True)
class Stratum:
    """A stratum of the run: how many pairs it has, how many were labelled what, and whether it was accepted."""

    name: str
    size: int
    same: int
    different: int
    unsure: int
    accepted: bool

    @property
    def labelled(self) -> int:
        """Pairs with a clear label."""
        return self.same + self.different


def estimate(folder: Path, sample: Path) -> dict[str, Any]:
    """Precision, recall and F1 of the run from its labelled sample.

    Recall is an upper bound, and so is F1: people whose best candidate is somebody else, or who have none, cannot be seen
    in a sample of best candidates. "recall_at_least" is what recall would be if every record that may be linked had its
    person in the register. "Cannot tell" counts as not labelled, as if such pairs were right as often as the others of
    their stratum; `worst_case` has the other extreme.
    """
    strata = labelled_strata(folder, sample)
    linkable = [row for row in read_links(folder) if row["band"] in LINKABLE_BANDS]
    result: dict[str, Any] = rounded(
        {
            "labelled": sum(stratum.labelled for stratum in strata),
            "cannot_tell": sum(stratum.unsure for stratum in strata),
            **estimate_of(strata),
            "recall_at_least": share(_same([one for one in strata if one.accepted]), len(linkable)),
            "if_cannot_tell_is_against": worst_case(strata),
            "without_candidate": sum(
                row["band"] == NONE and row.get("candidates", "0") == "0" for row in linkable
            ),
            "strata": [
                {
                    "name": s.name,
                    "size": s.size,
                    "same": s.same,
                    "different": s.different,
                    "cannot_tell": s.unsure,
                }
                for s in strata
            ],
        }
    )
    return result


def estimate_of(strata: Sequence[Stratum]) -> dict[str, Any]:
    """Precision, recall and F1 of labelled strata, with their intervals."""
    accepted = [stratum for stratum in strata if stratum.accepted]
    precision = share(_same(accepted), sum(stratum.size for stratum in accepted))
    recall = share(_same(accepted), _same(strata))
    f1 = harmonic_mean(precision, recall)
    likely, best = simulated(strata, JEFFREYS), simulated(strata, AT_BEST)
    return {
        "precision": precision,
        "precision_interval": interval(likely[0], best[0], precision),
        "recall": recall,
        "recall_interval": interval(likely[1], best[1], recall),
        "f1": f1,
        "f1_interval": interval(_f1(likely), _f1(best), f1),
    }


def worst_case(strata: Sequence[Stratum]) -> dict[str, Any]:
    """`estimate_of` if every accepted pair of which people cannot tell were wrong, and every other one right."""
    return estimate_of(
        [
            replace(one, different=one.different + one.unsure, unsure=0)
            if one.accepted
            else replace(one, same=one.same + one.unsure, unsure=0)
            for one in strata
        ]
    )


def labelled_strata(folder: Path, sample: Path) -> list[Stratum]:
    """The strata of the run with the labels of the pairs drawn; InputError if a stratum has no clear label, or the sample
    is of another run."""
    best = best_candidates(folder)
    sizes = Counter(one.stratum for one in best)
    accepted = {one.stratum for one in best if one.accepted}
    labels: dict[str, Counter[str]] = {name: Counter() for name in sizes}
    for label in read_sample(sample, best):
        labels[label.stratum][label.said] += 1
    strata = [
        Stratum(name, sizes[name], found[SAME], found[DIFFERENT], found[CANNOT_TELL], name in accepted)
        for name, found in sorted(labels.items())
    ]
    for stratum in strata:
        if not stratum.labelled:
            raise InputError(
                f"{sample.name} has no pair of the stratum '{stratum.name}' labelled {SAME} or {DIFFERENT}; "
                "label at least one, or draw a larger sample."
            )
    return strata


def interval(
    likely: "NDArray[np.float64]", best: "NDArray[np.float64]", value: float | None
) -> list[float] | None:
    """An interval from the 2.5 % point of the `likely` draws to the 97.5 % point of the `best` ones, widened to include
    `value`."""
    import numpy as np

    if value is None:
        return None
    return [min(float(np.quantile(likely, 0.025)), value), max(float(np.quantile(best, 0.975)), value)]


def estimate_table(result: dict[str, Any]) -> list[tuple[str, str]]:
    """The figures of `estimate`'s answer as (label, value) for a terminal."""
    return [
        ("Pairs labelled, not clear", f"{result['labelled']:,}, {result['cannot_tell']:,}"),
        ("Precision of accepted links", with_interval(result["precision"], result["precision_interval"])),
        (
            "Recall, at most (of right best candidates)",
            with_interval(result["recall"], result["recall_interval"]),
        ),
        ("  at least (if all were in the register)", number(result["recall_at_least"])),
        ("F1, at most", with_interval(result["f1"], result["f1_interval"])),
        *(_against(result["if_cannot_tell_is_against"]) if result["cannot_tell"] else []),
        ("Records without a candidate, not seen here", f"{result['without_candidate']:,}"),
        *(
            (f"  {s['name']}", f"{s['same']:,} same, {s['different']:,} different of {s['size']:,}")
            for s in result["strata"]
        ),
    ]


def _against(worst: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (f"{name} if every unclear pair is against it", with_interval(worst[key], worst[f"{key}_interval"]))
        for name, key in (("Precision", "precision"), ("Recall, at most,", "recall"))
    ]


def _same(strata: Sequence[Stratum]) -> float:
    return sum(stratum.size * stratum.same / stratum.labelled for stratum in strata)


def simulated(strata: Sequence[Stratum], added: float) -> tuple["NDArray[np.float64]", "NDArray[np.float64]"]:
    """Draws of precision and recall, as if each stratum had one more label, of which the part `added` speaks for both."""
    import numpy as np

    rng = np.random.default_rng(SEED)
    accepted, everywhere = np.zeros(DRAWS), np.zeros(DRAWS)
    for stratum in strata:
        more = added if stratum.accepted else 1 - added
        same, different = stratum.same + more, stratum.different + 1 - more
        right = rng.beta(max(same, IMPOSSIBLE), max(different, IMPOSSIBLE), DRAWS)
        total = stratum.same + rng.binomial(stratum.size - stratum.labelled, right)
        everywhere += total
        accepted += total if stratum.accepted else 0
    size = sum(stratum.size for stratum in strata if stratum.accepted)
    return accepted / max(size, 1), accepted / np.maximum(everywhere, 1)


def _f1(drawn: tuple["NDArray[np.float64]", "NDArray[np.float64]"]) -> "NDArray[np.float64]":
    """F1 of each draw. It rises with precision and with recall, so its interval is found in the same way."""
    import numpy as np

    precision, recall = drawn
    found: NDArray[np.float64] = 2 * precision * recall / np.maximum(precision + recall, IMPOSSIBLE)
    return found
