"""This run's clusters and the records as they were last seen → which person_id each cluster goes by.

The rule. A record stands for the identifier that it had: it is known again by its id and values, by its values alone
where they tell who it is (so that new ids change nothing), or by its id alone unless birth date and names have both
changed, which is another person under an old id. Of the identifiers that meet in a cluster the one with most council
records there lives on; then the one with most NHS records there, then the oldest. The others are retired and resolve to
it. Of a person who is split the part with most records keeps the identifier; the others get new ones. No identifier is
ever given out again.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from linkage.past import Holding, Past
from linkage.tables import COUNCIL, NHS

MERGED, SPLIT = "merged", "split"
Votes = dict[tuple[int, str], tuple[int, int]]
TELLING = """
    forename IS NOT NULL AND surname IS NOT NULL AND (
        date_of_birth IS NOT NULL OR nhs_number IS NOT NULL
        OR NOT coalesce(address_care_home, false) AND (place IS NOT NULL OR len(contacts) > 0)
    )
"""
"""Condition that a row's values tell who it is: a whole name, and what nobody else of that name has. In a care home the
home and its telephone are not that."""


class Seen(NamedTuple):
    """A record of this run, and the cluster it is in. `former` are NHS Numbers that it replaces; `telling`: its values are
    enough to know it again by them alone."""

    cluster: int
    dataset: str
    record_id: str
    fingerprint: str
    birth: str
    names: str
    former: Sequence[str] = ()
    telling: bool = False


@dataclass(frozen=True)
class Succession:
    """The identifier of each cluster; how many of its records stood for it before, where any did; and what became of
    identifiers: (person_id, "merged" | "split", other)."""

    names: dict[int, str]
    events: tuple[tuple[str, str, str], ...] = ()
    known: dict[int, int] = field(default_factory=dict)


def succeed(seen: Sequence[Seen], past: Past) -> Succession:
    """Give every cluster of `seen` that has a council record its identifier."""
    first = _first_records(seen)
    votes = {key: given for key, given in _votes(seen, past).items() if key[0] in first}
    names = _survivors(votes, past.since, first)
    taken = {*past.since, *names.values()}
    for record_id, cluster in sorted((first[cluster], cluster) for cluster in first.keys() - names.keys()):
        names[cluster] = unused(record_id, taken)
        taken.add(names[cluster])
    known = {cluster: sum(given) for (cluster, person), given in votes.items() if names[cluster] == person}
    return Succession(names, tuple(sorted(_events(votes, names, past.since))), known)


def person_id(record_id: str, attempt: int = 1) -> str:
    """An identifier made from the first council record of a person: "P" and 16 hexadecimal digits.

    It is never made from the NHS Number, which anyone could recover from a hash by trying them all.
    """
    text = f"{COUNCIL}\0{record_id}" + (f"\0{attempt}" if attempt > 1 else "")
    return "P" + hashlib.sha256(text.encode()).hexdigest()[:16]


def unused(record_id: str, taken: set[str]) -> str:
    """The first identifier for `record_id` that was never given out."""
    attempt = 1
    while (found := person_id(record_id, attempt)) in taken:
        attempt += 1
    return found


def known_as(seen: Sequence[Seen], past: Past) -> list[str | None]:
    """The identifier that each record stands for, or None where it was never seen."""
    numbers = {found.record_id for found in seen if found.dataset == NHS}
    by_id = {(held.dataset, _live(held, past, numbers)): held for held in past.holdings}
    present = {(found.dataset, found.record_id, found.fingerprint) for found in seen}
    by_values: dict[str, set[str]] = defaultdict(set)
    for held in past.holdings:
        gone = (held.dataset, held.record_id, held.fingerprint) not in present
        if held.dataset == COUNCIL and gone:
            by_values[held.fingerprint].add(held.person_id)
    return [
        _known_number(found, by_id) if found.dataset == NHS else _known_record(found, by_id, by_values)
        for found in seen
    ]


def _live(held: Holding, past: Past, numbers: Container[str]) -> str:
    """The id by which a record goes now: a number that replaced it, unless it is among this run's `numbers` itself."""
    if held.dataset != NHS or held.record_id in numbers:
        return held.record_id
    return past.live_numbers.get(held.record_id, held.record_id)


def _known_number(found: Seen, by_id: Mapping[tuple[str, str], Holding]) -> str | None:
    for number in (found.record_id, *found.former):
        if (held := by_id.get((NHS, number))) is not None:
            return held.person_id
    return None


def _known_record(
    found: Seen, by_id: Mapping[tuple[str, str], Holding], by_values: Mapping[str, set[str]]
) -> str | None:
    held = by_id.get((found.dataset, found.record_id))
    if held is not None and held.fingerprint == found.fingerprint:
        return held.person_id
    moved = by_values.get(found.fingerprint, set()) if found.telling else set()
    if len(moved) == 1:
        return next(iter(moved))
    return held.person_id if held is not None and not somebody_else(held, found.birth, found.names) else None


def somebody_else(held: Holding, birth: str, names: str) -> bool:
    """Whether birth date and names, as hashes, are there on both sides and have both changed."""
    pairs = ((held.birth, birth), (held.names, names))
    return all(before and after and before != after for before, after in pairs)


def _votes(seen: Sequence[Seen], past: Past) -> Votes:
    """(cluster, person_id) → council records and NHS records that stand for it."""
    votes: Votes = {}
    for found, known in zip(seen, known_as(seen, past), strict=True):
        if known is not None:
            council, nhs = votes.get((found.cluster, known), (0, 0))
            own = found.dataset == COUNCIL
            votes[found.cluster, known] = (council + own, nhs + (not own))
    return votes


def _first_records(seen: Sequence[Seen]) -> dict[int, str]:
    first: dict[int, str] = {}
    for found in seen:
        if found.dataset == COUNCIL:
            first[found.cluster] = min(found.record_id, first.get(found.cluster, found.record_id))
    return first


def _survivors(votes: Votes, since: Mapping[str, int], first: Mapping[int, str]) -> dict[int, str]:
    """Cluster → the identifier that lives on in it, for clusters that have one."""
    clusters, people = Counter(cluster for cluster, _ in votes), Counter(person for _, person in votes)
    contested = {key: given for key, given in votes.items() if clusters[key[0]] > 1 or people[key[1]] > 1}
    names = {cluster: person for cluster, person in votes if (cluster, person) not in contested}
    given: set[str] = set()

    def order(item: tuple[tuple[int, str], tuple[int, int]]) -> tuple[int, int, int, str, str]:
        (cluster, person), (council, nhs) = item
        return (-council, -nhs, since.get(person, 0), person, first[cluster])

    for (cluster, person), _ in sorted(contested.items(), key=order):
        if cluster not in names and person not in given:
            names[cluster] = person
            given.add(person)
    return names


def _events(votes: Votes, names: Mapping[int, str], since: Mapping[str, int]) -> set[tuple[str, str, str]]:
    living = set(names.values())
    events: set[tuple[str, str, str]] = set()
    strongest: dict[str, tuple[tuple[int, int, str], str]] = {}
    changed = (item for item in votes.items() if names[item[0][0]] != item[0][1])
    for (cluster, person), (council, nhs) in changed:
        if names[cluster] not in since and person in living:
            events.add((names[cluster], SPLIT, person))
        key = (-council, -nhs, names[cluster])
        if person not in living and key < strongest.get(person, ((1, 1, ""), ""))[0]:
            strongest[person] = (key, names[cluster])
    return events | {(person, MERGED, name) for person, (_, name) in strongest.items()}
