"""A sample to label, and what its labels say of the run."""

import random
from collections import Counter
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_run import made_up_number

from linkage.errors import InputError, OutputError
from linkage.evaluation.costs import Costs
from linkage.evaluation.estimate import (
    Stratum,
    estimate,
    estimate_of,
    estimate_table,
    worst_case,
)
from linkage.evaluation.labels import read_labels
from linkage.evaluation.learns_from import labels_by_people
from linkage.evaluation.page import sample_page
from linkage.evaluation.sample import allocate, best_candidates, draw_sample, sizes_needed, stratum
from linkage.evaluation.threshold import trade_off
from linkage.reading.lists import read_rows
from linkage.tabular import write_rows

# Confidence and band of the records of a run, 40 of each; the last kind has no candidate.
KINDS = (
    (0.99995, "accept"),
    (0.9995, "accept"),
    (0.995, "review"),
    (0.6, "review"),
    (0.1, "none"),
    (0.0, "none"),
)
EACH = 40
NUMBERS = [made_up_number(place * 50) for place in range(len(KINDS) * EACH)]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of 240 records."""
    folder = tmp_path_factory.mktemp("run")
    links, evidence = [], []
    for place, number in enumerate(NUMBERS):
        confidence, band = KINDS[place // EACH]
        found = confidence > 0
        links.append((f"r{place:03d}", number if band != "none" else "", band, confidence, int(found), ""))
        for comparison, value in (("prior", None), ("surname", "=Quill"), ("forename", "Ada")):
            if found:
                evidence.append((f"r{place:03d}", number, 1, comparison, value, value))
    write_rows(
        folder / "links.csv", ("record_id", "nhs_number", "band", "confidence", "candidates", "guards"), links
    )
    names = ("record_id", "nhs_number", "rank", "comparison", "value_council", "value_nhs")
    columns = [list(column) for column in zip(*evidence, strict=True)]
    pyarrow.parquet.write_table(pyarrow.table(columns, names=list(names)), folder / "evidence.parquet")
    return folder


def labelled(
    run: Path, sample: Path, label: Callable[[dict[str, str]], str], size: int = 100, seed: int = 1
) -> Path:
    """A sample of `run` with labels."""
    draw_sample(run, size, seed, sample)
    rows = read_rows(sample)
    write_rows(
        sample, list(rows[0]), [[label(row) if n == "label" else v for n, v in row.items()] for row in rows]
    )
    return sample


def test_a_sample_shows_both_sides_beside_each_other_and_an_empty_label(run: Path, tmp_path: Path) -> None:
    draw_sample(run, 50, 1, tmp_path / "sample.csv")
    rows = read_rows(tmp_path / "sample.csv")
    assert len(rows) == 50
    assert list(rows[0])[:5] == ["label", "record_id", "nhs_number", "surname_council", "surname_nhs"]
    assert (rows[0]["label"], rows[0]["surname_nhs"], rows[0]["forename_council"]) == ("", "=Quill", "Ada")


def test_a_sample_never_starts_a_formula(run: Path, tmp_path: Path) -> None:
    draw_sample(run, 50, 1, tmp_path / "sample.csv")
    assert ",'=Quill," in (tmp_path / "sample.csv").read_text(encoding="utf-8")


def test_weights_add_up_to_the_records_that_have_a_candidate(run: Path, tmp_path: Path) -> None:
    draw_sample(run, 60, 1, tmp_path / "sample.csv")
    assert sum(float(row["weight"]) for row in read_rows(tmp_path / "sample.csv")) == pytest.approx(
        200, abs=0.1
    )


def test_the_same_seed_draws_the_same_sample_and_another_one_another(run: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        draw_sample(run, 50, seed, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").read_bytes() != (tmp_path / "c").read_bytes()


def test_a_file_that_may_hold_labels_is_never_replaced(run: Path, tmp_path: Path) -> None:
    (tmp_path / "sample.csv").write_text("labels", encoding="utf-8")
    with pytest.raises(OutputError, match="may hold labels"):
        draw_sample(run, 50, 1, tmp_path / "sample.csv")


def test_strata_are_by_band_and_confidence_including_just_below_the_threshold(run: Path) -> None:
    assert stratum("accept", 0.9999, 0.99) == "accepted, 0.9999 and above"
    assert stratum("accept", 0.995, 0.99) == "accepted, below 0.999"
    assert stratum("review", 0.995, 0.99) == "review, stopped by a guard"
    assert stratum("review", 0.98, 0.99) == "review, just below acceptance"
    assert stratum("none", 0.3, 0.99) == "no link, just below review"
    assert {one.stratum for one in best_candidates(run) if one.accepted} == {
        "accepted, 0.9999 and above",
        "accepted, 0.999 to 0.9999",
    }


@given(
    st.dictionaries(
        st.sampled_from("abcdef"), st.tuples(st.integers(1, 500), st.floats(0.05, 0.5)), min_size=1
    ),
    st.integers(20, 700),
)
def test_a_sample_takes_from_every_stratum_and_never_more_than_there_are(
    strata: dict[str, tuple[int, float]], size: int
) -> None:
    drawn = allocate(strata, size)
    there = sum(number for number, _ in strata.values())
    assert all(1 <= drawn[name] <= number for name, (number, _) in strata.items())
    assert sum(drawn.values()) == min(size, there) or sum(drawn.values()) <= len(strata) * round(size * 0.05)


def test_sizes_needed_are_the_exact_ones_of_a_run_s_own_links() -> None:
    """Of 401 at most 0 may be wrong, and a draw of n misses a single wrong one with a chance of 1 - n / 401."""
    assert sizes_needed(0.001, 401) == [(0, 381)]
    assert sizes_needed(0.05, 20) == [(0, 16), (1, 20)]
    assert sizes_needed(0.01, 0) == []


def test_sizes_needed_of_ever_more_links_are_those_of_clopper_and_pearson() -> None:
    assert sizes_needed(0.001, 50_000_000) == [(0, 2995), (1, 4742), (2, 6294)]
    assert sizes_needed(0.01, 5_000_000)[0] == (0, 299)


def test_a_sample_of_all_right_links_says_so_with_room_for_doubt(run: Path, tmp_path: Path) -> None:
    sample = labelled(
        run, tmp_path / "s.csv", lambda row: "same" if row["stratum"][0] == "a" else "different"
    )
    found = estimate(run, sample)
    assert (found["precision"], found["recall"]) == (1.0, 1.0)
    assert 0.8 < found["precision_interval"][0] < 1.0
    assert found["f1_interval"][0] < found["f1"] == found["f1_interval"][1] == 1.0
    assert dict(estimate_table(found))["F1, at most"].startswith("1.0000 (0.")
    assert found["without_candidate"] == 40


def test_recall_lies_between_what_the_sample_sees_and_that_everybody_is_in_the_register(
    run: Path, tmp_path: Path
) -> None:
    found = estimate(run, labelled(run, tmp_path / "s.csv", by_stratum))
    assert (found["recall"], found["recall_at_least"]) == (1.0, pytest.approx(80 / 240, abs=1e-6))
    told = dict(estimate_table(found))
    assert told["Recall, at most (of right best candidates)"].startswith("1.0000 (")
    assert told["  at least (if all were in the register)"] == "0.3333"


def test_strata_count_by_their_size(run: Path, tmp_path: Path) -> None:
    def label(row: dict[str, str]) -> str:
        return "different" if row["stratum"] in ("accepted, 0.999 to 0.9999", "no link, other") else "same"

    found = estimate(run, labelled(run, tmp_path / "s.csv", label, 61))
    assert found["precision"] == 0.5
    assert found["recall"] == pytest.approx(40 / 120, abs=1e-6)


def test_what_cannot_be_told_is_left_out_and_the_worst_case_told(run: Path, tmp_path: Path) -> None:
    turns = cycle(("same", "same", "same", "cannot tell"))
    found = estimate(run, labelled(run, tmp_path / "s.csv", lambda _: next(turns), 120))
    assert found["precision"] == 1.0
    assert found["cannot_tell"] == 30
    worst = found["if_cannot_tell_is_against"]
    assert 0.6 < worst["precision"] < 0.9
    assert worst["precision_interval"][0] < worst["precision"] < worst["precision_interval"][1] < 1
    assert worst["recall"] < found["recall"]
    assert "Cannot tell" in sample_page(found)
    assert dict(estimate_table(found))["Pairs labelled, not clear"] == "90, 30"


def test_labels_that_do_not_fit_are_refused_without_their_values(run: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="row 2: label must be same, different, cannot tell or empty"):
        estimate(run, labelled(run, tmp_path / "a.csv", lambda _: "secret"))
    with pytest.raises(InputError, match="no row with a label"):
        estimate(run, labelled(run, tmp_path / "b.csv", lambda _: ""))
    with pytest.raises(InputError, match="no pair of the stratum"):
        estimate(
            run, labelled(run, tmp_path / "c.csv", lambda row: "same" if row["stratum"][0] == "a" else "")
        )


def test_a_sample_is_taken_as_somebody_wrote_it_and_rows_count_as_the_file_counts_them(
    run: Path, tmp_path: Path
) -> None:
    once = labelled(
        run, tmp_path / "s.csv", lambda row: "same" if row["stratum"][0] == "a" else "cannot tell"
    )
    head, first, *rest = once.read_text(encoding="utf-8-sig").splitlines()
    head = head.replace("label,record_id", "Label ,Record_ID")
    text = "\n".join([head, first, "", *rest, ""]).replace("\ncannot tell,", "\nCannot-Tell,")
    again = tmp_path / "again.csv"
    again.write_text(text, encoding="utf-8")
    best = best_candidates(run)
    assert read_labels(again, best) == read_labels(once, best)
    again.write_text(text + rest[0].replace(rest[0].split(",")[0], "perhaps", 1), encoding="utf-8")
    with pytest.raises(InputError, match=rf"again\.csv, row {len(rest) + 4}: label must be"):
        read_labels(again, best)


def by_stratum(row: dict[str, str]) -> str:
    """A label that goes by how sure the run was."""
    return "same" if row["stratum"][0] == "a" else "different"


def put_together(out: Path, *samples: Path) -> Path:
    """One file with the rows of several."""
    rows = [row for sample in samples for row in read_rows(sample)]
    write_rows(out, list(rows[0]), [list(row.values()) for row in rows])
    return out


def test_a_pair_labelled_twice_alike_is_one_label(run: Path, tmp_path: Path) -> None:
    once = labelled(run, tmp_path / "s.csv", by_stratum)
    twice = put_together(tmp_path / "twice.csv", once, once)
    assert estimate(run, twice) == estimate(run, once)
    assert trade_off(run, Costs(), sample=twice) == trade_off(run, Costs(), sample=once)
    assert labels_by_people(run, twice).pairs == labels_by_people(run, once).pairs


def test_two_samples_put_together_are_one_of_the_pairs_in_either(run: Path, tmp_path: Path) -> None:
    samples = [labelled(run, tmp_path / f"{seed}.csv", by_stratum, 120, seed) for seed in (1, 2)]
    both = put_together(tmp_path / "both.csv", *samples)
    drawn = {row["record_id"] for sample in samples for row in read_rows(sample)}
    assert len(drawn) < 240
    assert estimate(run, both)["labelled"] == len(drawn)
    assert sum(one.weight for one in labels_by_people(run, both).observations) == pytest.approx(200)


def test_a_pair_with_two_labels_is_refused_by_its_rows_alone(run: Path, tmp_path: Path) -> None:
    once = labelled(run, tmp_path / "s.csv", by_stratum)
    other = labelled(run, tmp_path / "other.csv", lambda _: "same")
    both = put_together(tmp_path / "both.csv", once, other)
    first = next(n for n, row in enumerate(read_rows(once), start=2) if row["label"] == "different")
    with pytest.raises(InputError, match=rf"both\.csv, rows {first} and {first + 100}[,:]") as raised:
        estimate(run, both)
    assert not any(row["record_id"] in str(raised.value) for row in read_rows(once))


def test_labels_of_another_run_are_refused(run: Path, tmp_path: Path) -> None:
    write_rows(tmp_path / "s.csv", ("record_id", "nhs_number", "label"), [("r001", NUMBERS[5], "same")])
    with pytest.raises(InputError, match="not a best candidate of this run"):
        estimate(run, tmp_path / "s.csv")


def test_where_wrong_links_are_those_that_people_cannot_tell_the_worst_case_holds_the_truth() -> None:
    """Of 2,000 accepted links 40 are wrong, of which people can tell none; of 300 others nobody is right."""
    rng, held, fooled = random.Random(2), 0, 0
    for _ in range(40):
        wrong = sum(place < 40 for place in rng.sample(range(2000), 200))
        told = worst_case(
            [Stratum("a", 2000, 200 - wrong, 0, wrong, True), Stratum("b", 300, 0, 60, 0, False)]
        )
        held += told["precision_interval"][0] <= 0.98 <= told["precision_interval"][1]
        fooled += wrong > 0
    assert held >= 36
    assert fooled == 40


@pytest.mark.parametrize(
    ("sizes", "rates", "drawn"),
    [
        ((2000, 400, 300), (0.998, 0.95, 0.3), (150, 80, 60)),
        ((2900, 220, 300), (0.9995, 0.98, 0.3), (50, 10, 20)),
    ],
)
def test_the_interval_holds_the_truth_about_as_often_as_it_says(
    sizes: tuple[int, ...], rates: tuple[float, ...], drawn: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two accepted strata and one below, drawn 150 times; a 95 % interval may miss a few."""
    monkeypatch.setattr("linkage.evaluation.estimate.DRAWS", 4_000)
    rng = random.Random(1)
    held = Counter[str]()
    for _ in range(150):
        people = [[rng.random() < rate for _ in range(size)] for size, rate in zip(sizes, rates, strict=True)]
        strata = []
        for place, (found, number) in enumerate(zip(people, drawn, strict=True)):
            same = sum(found[:number])
            strata.append(Stratum(str(place), len(found), same, number - same, 0, place < 2))
        accepted = sizes[0] + sizes[1]
        right, everywhere = sum(people[0] + people[1]), sum(map(sum, people))
        true = {"precision": right / accepted, "f1": 2 * right / (accepted + everywhere)}
        told = estimate_of(strata)
        for measure, value in true.items():
            low, high = told[f"{measure}_interval"] or [0, 0]
            held[measure] += low <= value <= high
    assert held["precision"] >= 138
    assert held["f1"] >= 138
