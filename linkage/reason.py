"""Levels of agreement, guards and margin → one plain sentence that says why.

The words come from the fields (each level's wording) and from the guards; nothing here knows a field by name.
"""

from dataclasses import dataclass
from functools import lru_cache

from linkage import shelf
from linkage.guards import CLOSE
from linkage.model import Model


@dataclass(frozen=True)
class Compared:
    """What a reason is made from: the levels (gamma) in the order of the model's comparisons, the guards that fired, the
    margin in bits (None: no other candidate) and the number of candidates."""

    gammas: tuple[int, ...]
    guards: tuple[str, ...]
    margin: float | None
    candidates: int

    def is_exact(self, model: Model) -> bool:
        """Whether the method is "exact": every comparison is at its strongest level or missing, names and date of birth are not
        missing, no guard fired, and the next candidate is more than 10 bits behind."""
        alone = self.margin is None or self.margin > 10
        return alone and not self.guards and _is_top(model, self.gammas)


def sentence(model: Model, compared: Compared, band: str) -> str:
    """One sentence: why a human must look, what agrees, what does not, and whether there are other candidates.

    "Same forename, same surname; postcode differs; no other candidate within 12 bits."
    """
    evidence = _evidence(model, compared.gammas)
    warnings = "; ".join(shelf.load("guards", guard).WORDING for guard in compared.guards)
    rivals = _rivals(compared)
    parts = [part for part in (warnings, evidence, rivals) if part]
    text = "; ".join(parts)
    closing = {"none": "; not enough to propose anybody"}.get(band, "")
    return text[:1].upper() + text[1:] + closing + "."


def agreement(model: Model, gammas: tuple[int, ...]) -> str:
    """What agrees and what does not, from the levels (gamma) in the order of the model's comparisons."""
    text = _evidence(model, gammas)
    return text[:1].upper() + text[1:]


def _rivals(compared: Compared) -> str:
    if compared.margin is None:
        return "no other candidate"
    if compared.margin < 3:
        return "another candidate is about as good"
    if compared.margin < CLOSE or "close_rival" in compared.guards:
        return f"another candidate is {compared.margin:.1f} bits behind"
    return f"no other candidate within {int(compared.margin)} bits"


# A run calls this a million times, with few different combinations of levels.
@lru_cache(maxsize=4096)
def _evidence(model: Model, gammas: tuple[int, ...]) -> str:
    """What agrees, then what speaks against it, in the fields' own words."""
    levels = [
        comparison.by_number[gamma] for comparison, gamma in zip(model.comparisons, gammas, strict=True)
    ]
    agreeing = [level.wording for level in levels if level.weight > 0 and not level.missing]
    against = [level.wording for level in levels if level.weight <= 0 and not level.missing]
    return "; ".join(part for part in (", ".join(agreeing), ", ".join(against)) if part)


@lru_cache(maxsize=4096)
def _is_top(model: Model, gammas: tuple[int, ...]) -> bool:
    """Whether every level is the strongest or, but for names and date of birth, missing."""
    return all(
        gamma == max(comparison.by_number)
        or (gamma == -1 and comparison.name not in ("forename", "surname", "date_of_birth"))
        for comparison, gamma in zip(model.comparisons, gammas, strict=True)
    )
