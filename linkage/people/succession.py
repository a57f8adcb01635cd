"""This run's clusters and the records as they were last seen → the person_id of each cluster.

A record votes for the person_id that it had. It is recognised by its id and values; by its values alone, if they say who it is,
so that new ids change nothing; or by its id alone, unless birth date and names have both changed, which is another person under
an old id. Of several person_ids in one cluster the one with most council records lives on, then the one with most NHS records,
then the oldest; the others are retired and lead to it. Of a person who was split, the part with most records keeps the
person_id and the others get new ones. No person_id is ever given out again.
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
"""Condition that a row's values say who it is: a forename and surname, and something that sets apart people of that name. A care
home's address or telephone does not."""


class Seen(NamedTuple):
    """A record of this run and its cluster. `former`: NHS Numbers that it replaces. `telling`: whether its values alone
    are enough to recognise it (`TELLING`)."""

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
    """`names`: cluster → its person_id. `events`: (person_id, "merged" | "split", other). `known`: cluster → how many of its
    records had that person_id before, for clusters in which any did."""

    names: dict[int, str]
    events: tuple[tuple[str, str, str], ...] = ()
    known: dict[int, int] = field(default_factory=dict)


def succeed(seen: Sequence[Seen], past: Past) -> Succession:
    """The person_id of every cluster of `seen` that has a council record."""
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
    """The person_id that each record had before, or None where it is not recognised."""
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
    """The id that a held record has now: for a superseded NHS Number the one that replaced it, unless it is itself among
    this run's `numbers`."""
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
    """Whether a record has become another person's: birth date and names (hashes) are known before and now, and both changed."""
    pairs = ((held.birth, birth), (held.names, names))
    return all(before and after and before != after for before, after in pairs)


def _votes(seen: Sequence[Seen], past: Past) -> Votes:
    """(cluster, person_id) → how many of the cluster's council records and NHS records had that person_id."""
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
    """Cluster → the person_id that lives on in it, for clusters in which one does."""
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
