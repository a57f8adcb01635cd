"""What a workspace remembers → what the next run is given of it: decisions, and who was who.

A one-off run is given `Past()`, which remembers nothing.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

SAME, DIFFERENT, CANNOT_TELL, WITHDRAWN = "same", "different", "cannot tell", "withdrawn"
VERDICTS = (SAME, DIFFERENT, CANNOT_TELL, WITHDRAWN)


@dataclass(frozen=True, order=True)
class Side:
    """One record of a pair that was decided on: which it is, and the fingerprint of the values that were shown."""

    dataset: str
    record_id: str
    shown: str = ""


@dataclass(frozen=True)
class Decision:
    """What a person said of two records; `left` is before `right` in the order of dataset and record id."""

    number: int
    left: Side
    right: Side
    verdict: str
    who: str
    at: str
    why: str = ""

    @property
    def pair(self) -> tuple[str, str, str, str]:
        """The two records, whatever was shown of them."""
        return (self.left.dataset, self.left.record_id, self.right.dataset, self.right.record_id)


class Holding(NamedTuple):
    """A record as it was last seen: the fingerprint of its values, of its birth date and names, and whose it is."""

    dataset: str
    record_id: str
    fingerprint: str
    birth: str
    names: str
    person_id: str


class LastRun(NamedTuple):
    """What the run before read and linked: dataset → the inputs that its file had values of, and its rows; and how many
    records were accepted."""

    columns: dict[str, tuple[str, ...]]
    rows: dict[str, int]
    accepted: int


@dataclass(frozen=True)
class Past:
    """Everything a run is given from before.

    `decisions` are the latest on each pair, withdrawals too. `holdings` has the latest of every record ever seen. `since`
    is the number of the run in which a person_id first appeared, for every one ever given. `live_numbers` is superseded
    NHS Number → the one that replaced it. `shown` has every council record that ever had the values on which somebody
    decided, as it was then. `others` has the council records of which birth date and name have both changed since, as they
    were before: some of their ids are somebody else's now. `rewritten` is what else was received for the
    values of a fingerprint: (dataset, fingerprint, received). `last` is the run before, if there was
    one, and `folder` its folder.
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
    """Follow `successors` from `start` to the end; a circle ends where it would begin again."""
    seen = {start}
    while (following := successors.get(start)) is not None and following not in seen:
        seen.add(following)
        start = following
    return start
