"""What a run is given of former runs of its workspace: people's decisions, and who was who.

A one-off run is given `Past()`, which is empty.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

SAME, DIFFERENT, CANNOT_TELL, WITHDRAWN = "same", "different", "cannot tell", "withdrawn"
VERDICTS = (SAME, DIFFERENT, CANNOT_TELL, WITHDRAWN)


@dataclass(frozen=True, order=True)
class Side:
    """One record of a pair that somebody decided on: its dataset and id, and the fingerprint of the values that were shown."""

    dataset: str
    record_id: str
    shown: str = ""


@dataclass(frozen=True)
class Decision:
    """What a person decided about two records. `left` comes before `right` in the order of dataset and record id;
    `verdict` is one of `VERDICTS`, `at` a time in ISO 8601."""

    number: int
    left: Side
    right: Side
    verdict: str
    who: str
    at: str
    why: str = ""

    @property
    def pair(self) -> tuple[str, str, str, str]:
        """The two records, without what was shown of them."""
        return (self.left.dataset, self.left.record_id, self.right.dataset, self.right.record_id)


class Holding(NamedTuple):
    """A record as it was in a former run: its fingerprint, the hashes of its birth date and names, and whose it was."""

    dataset: str
    record_id: str
    fingerprint: str
    birth: str
    names: str
    person_id: str


class LastRun(NamedTuple):
    """What the last run read and linked. `columns`: dataset → inputs of which its file had values; `rows`: dataset → rows
    of the file; `accepted`: how many records were linked."""

    columns: dict[str, tuple[str, ...]]
    rows: dict[str, int]
    accepted: int


@dataclass(frozen=True)
class Past:
    """Everything a run is given of former runs.

    - `decisions`: the latest decision or withdrawal on each pair.
    - `holdings`: the latest holding of every record ever seen.
    - `since`: every person_id ever given → the number of the run in which it first appeared.
    - `live_numbers`: superseded NHS Number → the one that replaced it.
    - `shown`: for each fingerprint on which somebody decided, the holdings of the council records that had it.
    - `others`: former holdings of council records whose birth date and name have both changed, since their ids may be somebody
      else's now.
    - `rewritten`: (dataset, fingerprint, received), other hashes of what was received for the values of a fingerprint.
    - `last`: the last run, and `folder` its folder; None if there was none.
    """

    decisions: tuple[Decision, ...] = ()
    holdings: tuple[Holding, ...] = ()
    since: dict[str, int] = field(default_factory=dict)
    live_numbers: dict[str, str] = field(default_factory=dict)
    shown: tuple[Holding, ...] = ()
    others: tuple[Holding, ...] = ()
    rewritten: tuple[tuple[str, str, str], ...] = ()
    last: LastRun | None = None
    folder: Path | None = field(default=None, repr=False)


def end_of_chain(successors: dict[str, str], start: str) -> str:
    """The end of the chain that `successors` make from `start`; in a circle the last one before it repeats."""
    seen = {start}
    while (following := successors.get(start)) is not None and following not in seen:
        seen.add(following)
        start = following
    return start
