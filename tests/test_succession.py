"""A person keeps the identifier: what must hold whatever happens to records from one run to the next."""

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.past import Holding, Past
from linkage.people.succession import MERGED, SPLIT, Seen, person_id, succeed

# Records by number; a partition says which of them are one person.
PARTITIONS = st.lists(st.integers(0, 6), min_size=1, max_size=12)


def seen(partition: list[int], keys: list[str] | None = None, version: str = "") -> list[Seen]:
    """One council record per place; `keys` are the record ids (the place itself if not given)."""
    return [
        Seen(cluster, "council", keys[place] if keys else f"r{place:02}", f"values{place}{version}", f"birth{place}", f"names{place}", telling=True)
        for place, cluster in enumerate(partition)
    ]  # fmt: skip


def past(records: list[Seen], names: dict[int, str], since: dict[str, int] | None = None) -> Past:
    holdings = tuple(
        Holding(r.dataset, r.record_id, r.fingerprint, r.birth, r.names, names[r.cluster]) for r in records
    )
    return Past((), holdings, since or dict.fromkeys(names.values(), 1))


def after(partition: list[int]) -> Past:
    """What is remembered of a first run with these clusters."""
    records = seen(partition)
    return past(records, succeed(records, Past()).names)


@given(PARTITIONS, st.randoms(use_true_random=False))
def test_order_new_record_ids_and_other_numbers_of_clusters_change_nothing(
    partition: list[int], chance: random.Random
) -> None:
    before = after(partition)
    keys = [f"r{place:02}" for place in range(len(partition))]
    chance.shuffle(keys)
    again = seen([cluster + 100 for cluster in partition], keys)
    known = {record.fingerprint: record.person_id for record in before.holdings}
    chance.shuffle(again)
    found = succeed(again, before)
    assert {r.fingerprint: found.names[r.cluster] for r in again} == known
    assert found.events == ()


@given(PARTITIONS)
def test_corrected_values_under_the_same_record_id_change_nothing(partition: list[int]) -> None:
    before = after(partition)
    again = seen(partition, version=" moved")
    found = succeed(again, before)
    assert {r.record_id: found.names[r.cluster] for r in again} == {
        record.record_id: record.person_id for record in before.holdings
    }


@settings(max_examples=200)
@given(PARTITIONS, st.data())
def test_however_people_merge_and_split_every_identifier_is_accounted_for(
    partition: list[int], data: st.DataObject
) -> None:
    before = after(partition)
    now = data.draw(st.lists(st.integers(0, 6), min_size=len(partition), max_size=len(partition)))
    found = succeed(seen(now), before)
    assert len(set(found.names.values())) == len(found.names)
    retired = {person for person, event, _ in found.events if event == MERGED}
    made = {person for person, event, _ in found.events if event == SPLIT}
    living = set(found.names.values())
    assert retired == set(before.since) - living
    assert made == living - set(before.since)
    assert all(other in living for _, event, other in found.events if event == MERGED)


@given(PARTITIONS, st.data())
def test_an_unchanged_person_keeps_the_identifier_whatever_happens_to_others(
    partition: list[int], data: st.DataObject
) -> None:
    before = after(partition)
    held = dict(
        zip([r.record_id for r in before.holdings], [r.person_id for r in before.holdings], strict=True)
    )
    others = [place for place, cluster in enumerate(partition) if cluster != partition[0]]
    now = list(partition)
    for place in others:
        now[place] = data.draw(st.integers(10, 16))
    records = seen(now)
    found = succeed(records, before)
    assert all(found.names[r.cluster] == held[r.record_id] for r in records if r.cluster == partition[0])


def test_the_identifier_with_most_records_lives_on() -> None:
    before = after([1, 1, 2])
    found = succeed(seen([5, 5, 5]), before)
    lives, retired = before.holdings[0].person_id, before.holdings[2].person_id
    assert found.names == {5: lives}
    assert found.events == ((retired, MERGED, lives),)


def test_of_two_with_as_many_records_the_oldest_lives_on() -> None:
    records = seen([1, 2])
    before = past(records, {1: "Pnew", 2: "Pold"}, {"Pnew": 2, "Pold": 1})
    assert succeed(seen([1, 1]), before).names == {1: "Pold"}


def test_the_larger_part_of_a_split_keeps_the_identifier() -> None:
    before = after([1, 1, 1])
    held = before.holdings[0].person_id
    found = succeed(seen([7, 8, 8]), before)
    assert found.names[8] == held
    assert found.events == ((found.names[7], SPLIT, held),)


def test_an_identifier_that_was_retired_is_never_given_out_again() -> None:
    retired = person_id("r00")
    before = Past((), (), {retired: 1})
    assert succeed(seen([1]), before).names[1] not in {retired}


def test_an_id_that_was_given_to_somebody_else_is_another_person() -> None:
    before = after([1])
    stranger = Seen(1, "council", "r00", "other values", "other birth", "other names")
    assert succeed([stranger], before).names[1] != before.holdings[0].person_id


def test_values_that_do_not_tell_who_it_is_are_no_identity_under_a_new_id() -> None:
    before = after([1])
    held = before.holdings[0].person_id
    values = ("values0", "birth0", "names0")
    assert succeed([Seen(1, "council", "new", *values, telling=True)], before).names == {1: held}
    assert succeed([Seen(1, "council", "new", *values)], before).names != {1: held}
    assert succeed([Seen(1, "council", "r00", *values)], before).names == {1: held}


def test_values_that_two_people_had_are_nobodys_under_a_new_id() -> None:
    records = [Seen(place, "council", f"r{place}", "same", "", "names", telling=True) for place in (1, 2)]
    before = past(records, {1: "P1", 2: "P2"})
    new = Seen(3, "council", "new", "same", "", "names", telling=True)
    assert succeed([new], before).names[3] not in {"P1", "P2"}
    assert succeed([records[0], new], before).names[3] == "P2"


def test_a_married_name_or_a_corrected_birth_date_is_the_same_person() -> None:
    before = after([1])
    married = Seen(1, "council", "r00", "other", "birth0", "new names")
    corrected = Seen(1, "council", "r00", "other", "new birth", "names0")
    for changed in (married, corrected):
        assert succeed([changed], before).names[1] == before.holdings[0].person_id


def test_an_nhs_number_stands_for_the_person_also_after_it_was_superseded() -> None:
    held = (Holding("nhs", "9000000009", "v", "b", "n", "Pkept"),)
    new_id = Seen(1, "council", "new", "x", "y", "z")
    told_by_the_row = Seen(1, "nhs", "9000000017", "v2", "b", "n", former=("9000000009",))
    told_before = Seen(1, "nhs", "9000000017", "v2", "b", "n")
    assert succeed([new_id, told_by_the_row], Past((), held, {"Pkept": 1})).names == {1: "Pkept"}
    chain = {"9000000009": "9000000017"}
    assert succeed([new_id, told_before], Past((), held, {"Pkept": 1}, chain)).names == {1: "Pkept"}


def test_an_nhs_number_that_is_nobodys_now_has_no_identifier() -> None:
    records = [Seen(1, "council", "r00", "v", "b", "n"), Seen(1, "nhs", "9000000009", "v", "b", "n")]
    before = past(records, {1: "P1"})
    alone = records[1]._replace(cluster=2)
    assert succeed([records[0], alone], before).names == {1: "P1"}
    assert succeed([alone], before).names == {}


@given(PARTITIONS)
def test_a_copy_of_a_record_does_not_take_the_identifier_from_the_original(partition: list[int]) -> None:
    before = after(partition)
    copies = [Seen(50 + r.cluster, "council", f"copy{r.record_id}", r.fingerprint, r.birth, r.names, telling=True) for r in seen(partition)]  # fmt: skip
    found = succeed([*seen(partition), *copies], before)
    counted = Counter(found.names.values())
    assert max(counted.values()) == 1
    assert {r.record_id: found.names[r.cluster] for r in seen(partition)} == {
        r.record_id: r.person_id for r in before.holdings
    }
