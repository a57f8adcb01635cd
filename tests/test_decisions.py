"""What people decide lasts: it outranks the model, follows the records, and is asked again when they change."""

import configparser
import multiprocessing
import re
import shutil
from pathlib import Path

import pytest
from small_run import made_up_number
from small_workspace import COUNCIL, NHS, N, write

from linkage.clerical import crow, decisions
from linkage.clerical.keep import Kept, keep
from linkage.errors import InputError, MappingError, OutputError
from linkage.past import Decision, Side
from linkage.reading.lists import read_list, read_rows
from linkage.runs.explain import explain, explain_text
from linkage.runs.run_records import fingerprints
from linkage.weekly import audit
from linkage.weekly.run_names import current
from linkage.weekly.settings import Settings, settings_text
from linkage.weekly.store import open_store
from linkage.weekly.workspace import run


@pytest.fixture(scope="module")
def decided(undecided: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace after decisions of each kind and the week that follows."""
    folder = Path(shutil.copytree(undecided, tmp_path_factory.mktemp("decided") / "weekly"))
    decisions.decide(folder, ("1", N[0]), "different", "ada", "moved abroad")
    decisions.decide(folder, ("2", f"nhs:{N[1]}"), "cannot-tell", "ada")
    decisions.decide(folder, ("3", N[2]), "same", "ada", "new name")
    decisions.decide(folder, ("4", "council:3"), "same", "grace")
    run(folder)
    return folder


@pytest.fixture
def used(decided: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(decided, tmp_path / "weekly"))


def links(folder: Path) -> dict[str, dict[str, str]]:
    return {row["record_id"]: row for row in read_rows(current(folder) / "links.csv")}


def states(folder: Path) -> dict[int, str]:
    return {row["number"]: row["state"] for row in decisions.overview(folder)}


def test_without_decisions_the_model_links_who_is_alike(undecided: Path) -> None:
    found = links(undecided)
    assert [found[record]["band"] for record in "123456"].count("accept") >= 3
    assert (found["1"]["nhs_number"], found["3"]["nhs_number"]) == (N[0], "")


def test_different_is_neither_linked_nor_in_one_cluster(decided: Path) -> None:
    assert links(decided)["1"]["nhs_number"] == ""
    people = {(row["dataset"], row["record_id"]): row for row in read_rows(current(decided) / "persons.csv")}
    assert ("nhs", N[0]) not in people


def test_cannot_tell_is_not_linked_and_not_asked_again(decided: Path) -> None:
    link = links(decided)["2"]
    assert (link["band"], link["nhs_number"]) == ("none", "")
    assert "could not tell" in link["reason"]
    assert "2" not in {row["record_id"] for row in read_rows(current(decided) / "review.csv")}


def test_same_is_accepted_for_all_who_are_one_person(decided: Path) -> None:
    found = links(decided)
    for record in "34":
        assert (found[record]["band"], found[record]["method"], found[record]["nhs_number"]) == (
            "accept", "decision", N[2],
        )  # fmt: skip
        assert found[record]["nhs_number_status"] == "02"
    assert found["3"]["person_id"] == found["4"]["person_id"]
    assert "register" in explain_text(explain(current(decided), "3"))


def test_other_records_are_linked_as_before(undecided: Path, decided: Path) -> None:
    before, after = links(undecided)["5"], links(decided)["5"]
    assert {name: after[name] for name in after if name not in ("run_id", "confidence", "match_weight")} == {
        name: before[name] for name in before if name not in ("run_id", "confidence", "match_weight")
    }


def test_every_decision_is_told_with_what_became_of_it(decided: Path) -> None:
    assert states(decided) == dict.fromkeys((1, 2, 3, 4), "applied")
    with open_store(decided) as store:
        assert audit.verify(store, decided) == []


def test_decisions_follow_records_that_got_new_ids(used: Path) -> None:
    write(used, [[f"9{row[0]}", *row[1:]] for row in COUNCIL])
    run(used)
    found = links(used)
    assert found["91"]["nhs_number"] == ""
    assert found["93"]["nhs_number"] == found["94"]["nhs_number"] == N[2]


def test_a_decision_on_changed_records_is_asked_again_and_not_reused(used: Path) -> None:
    council = [list(row) for row in COUNCIL]
    council[0][4], council[2][4] = "M13 0AR", "M40 2XY"
    write(used, council)
    run(used)
    found = links(used)
    assert (found["1"]["band"], found["1"]["nhs_number"]) == ("review", N[0])
    assert (found["3"]["band"], found["3"]["nhs_number"]) == ("review", N[2])
    assert all("decide again" in found[record]["reason"] for record in "13")
    assert {("1", N[0]), ("3", N[2])} <= {
        (row["record_id"], row["nhs_number"]) for row in read_rows(current(used) / "review.csv")
    }
    assert found["4"]["nhs_number"] == ""
    assert "changed since" in states(used)[3]
    decisions.decide(used, ("3", N[2]), "same", "ada")
    run(used)
    assert links(used)["3"]["band"] == "accept"


def test_what_speaks_against_a_proposal_is_told_where_it_is_asked_again(used: Path) -> None:
    write(used, COUNCIL)
    file = used / "in" / "council.csv"
    heading, *rows = file.read_text(encoding="utf-8").splitlines()
    rows = [f"{row},{made_up_number(900) if row[0] in '13' else ''}" for row in rows]
    file.write_text("\n".join([f"{heading},NHS Number", *rows]), encoding="utf-8")
    run(used)
    found = links(used)
    told = {record: (found[record]["guards"], found[record]["nhs_number_status"]) for record in "13"}
    assert told == {"1": ("nhs_number_conflict", "05"), "3": ("", "04")}
    assert all("decide again" in found[record]["reason"] for record in "13")


def test_a_decision_on_a_superseded_number_is_asked_again_for_the_one_that_replaced_it(used: Path) -> None:
    live = made_up_number(900)
    write(used, COUNCIL, [*NHS, [live, *NHS[2][1:]]])
    file = used / "in" / "nhs.csv"
    heading, *rows = file.read_text(encoding="utf-8").splitlines()
    rows = [f"{row},{live if row.startswith(N[2]) else ''}" for row in rows]
    file.write_text("\n".join([f"{heading},Superseded By", *rows]), encoding="utf-8")
    run(used)
    assert (links(used)["3"]["band"], links(used)["3"]["nhs_number"]) == ("review", live)
    decisions.decide(used, ("3", N[2]), "same", "ada")
    assert decisions.all_decisions(used)[-1].right.record_id == live
    run(used)
    assert (links(used)["3"]["band"], links(used)["3"]["nhs_number"]) == ("accept", live)


def test_a_decision_follows_a_number_that_is_only_named_in_the_row_of_its_replacement(used: Path) -> None:
    """As PDS has it: the old number has no row of its own any more."""
    replaced = {N[0]: made_up_number(900), N[2]: made_up_number(1000)}
    write(used, COUNCIL, [[replaced.get(row[0], row[0]), *row[1:]] for row in NHS])
    file = used / "in" / "nhs.csv"
    older = {live: old for old, live in replaced.items()}
    heading, *lines = file.read_text(encoding="utf-8").splitlines()
    lines = [f"{line},{older.get(line[:10], '')}" for line in lines]
    file.write_text("\n".join([f"{heading},SUPERSEDED_NHS_NUMBERS", *lines]), encoding="utf-8")
    before = {record: link["person_id"] for record, link in links(used).items()}
    run(used)
    found = links(used)
    assert all("decide again" in found[record]["reason"] for record in "13")
    assert [(found[record]["band"], found[record]["nhs_number"]) for record in "13"] == [
        ("review", replaced[N[0]]), ("review", replaced[N[2]])
    ]  # fmt: skip
    assert {record: link["person_id"] for record, link in found.items()} == before


def test_a_decision_on_a_number_counts_again_when_the_register_takes_its_replacement_back(used: Path) -> None:
    before = {record: link["person_id"] for record, link in links(used).items()}
    replaced = {N[0]: made_up_number(900), N[2]: made_up_number(1000)}
    rows = [[live, *row[1:]] for row in NHS if (live := replaced.get(row[0]))]
    write(used, COUNCIL, [*NHS, *rows])
    file = used / "in" / "nhs.csv"
    heading, *lines = file.read_text(encoding="utf-8").splitlines()
    lines = [f"{line},{replaced.get(line[:10], '')}" for line in lines]
    file.write_text("\n".join([f"{heading},Superseded By", *lines]), encoding="utf-8")
    run(used)
    assert "decide again" in links(used)["1"]["reason"]
    write(used, COUNCIL, NHS)
    run(used)
    found = links(used)
    assert (found["1"]["nhs_number"], found["3"]["nhs_number"]) == ("", N[2])
    assert states(used) == dict.fromkeys((1, 2, 3, 4), "applied")
    assert {record: link["person_id"] for record, link in found.items()} == before


def test_a_number_may_be_written_in_groups_whatever_stands_in_front_of_it(fresh: Path) -> None:
    grouped = f"{N[0][:3]} {N[0][3:6]} {N[0][6:]}"
    for said in (grouped, f"nhs:{grouped}"):
        assert decisions.decide(fresh, ("1", said), "different").right.record_id == N[0]
    held = fingerprints(current(fresh), {"1", N[0]})
    row = {
        "record_id": "1",
        "nhs_number": grouped,
        "council_shown": held["council", "1"][2],
        "nhs_shown": held["nhs", N[0]][2],
        "verdict": "same",
    }
    (kept,) = decisions.import_rows(fresh, [row], "review.csv").new
    assert kept.right.record_id == N[0]


def test_an_undone_decision_gives_the_pair_back_to_the_model_and_stays_in_the_store(used: Path) -> None:
    withdrawn = decisions.undo(used, 1, "grace", "mistaken")
    run(used)
    assert links(used)["1"]["nhs_number"] == N[0]
    assert [each.number for each in decisions.all_decisions(used)] == [1, 2, 3, 4, withdrawn.number]


def test_what_cannot_be_withdrawn_says_why(used: Path) -> None:
    withdrawn = decisions.undo(used, 1)
    replacing = decisions.decide(used, ("2", f"nhs:{N[1]}"), "same", "grace")
    before = decisions.all_decisions(used)
    for number, told in (
        (1, f"decision 1 was withdrawn already, by decision {withdrawn.number} of 20"),
        (2, f"decision 2 was replaced already, by decision {replacing.number} of 20"),
        (withdrawn.number, "withdraws another and cannot be withdrawn itself"),
        (99, "there is no decision 99"),
    ):
        with pytest.raises(InputError, match=told):
            decisions.undo(used, number)
    assert decisions.all_decisions(used) == before


def test_contradictions_are_listed_at_once_and_join_nobody(used: Path) -> None:
    decisions.decide(used, ("4", N[2]), "different", "eve")
    assert {number for number, state in states(used).items() if "contradicts" in state} >= {5}
    run(used)
    assert {number for number, state in states(used).items() if "contradicts" in state} == {3, 4, 5}
    found = links(used)
    assert [found[record]["band"] for record in "34"] == ["review", "review"]
    assert found["3"]["person_id"] != found["4"]["person_id"]


def test_who_objects_is_not_linked_by_a_decision(used: Path) -> None:
    (used / "in" / "objections.csv").write_text("record_id\n3\n", encoding="utf-8")
    settings = used / "linkage.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace('[objections]\nfile = ""', '[objections]\nfile = "in/objections.csv"'), encoding="utf-8"
    )
    run(used)
    found = links(used)
    assert (found["3"]["band"], found["3"]["nhs_number"]) == ("screened", "")
    assert found["3"]["person_id"] != found["4"]["person_id"]
    assert states(used)[3] == "a record may not be linked"


def test_exported_decisions_can_be_imported_and_are_not_doubled(
    used: Path, fresh: Path, tmp_path: Path
) -> None:
    assert decisions.export(used, tmp_path / "decisions.csv") == 4
    rows = read_rows(tmp_path / "decisions.csv")
    for _ in range(2):
        decisions.import_rows(fresh, rows, "decisions.csv")
        decisions.import_rows(used, rows, "decisions.csv")
    assert len(decisions.all_decisions(used)) == len(decisions.all_decisions(fresh)) == 4
    run(fresh)
    assert {record: link["nhs_number"] for record, link in links(fresh).items()} == {
        record: link["nhs_number"] for record, link in links(used).items()
    }


def test_crow_gets_the_review_list_and_its_answers_come_back(used: Path, tmp_path: Path) -> None:
    council = [list(row) for row in COUNCIL]
    council[2][4] = "M40 2XY"
    write(used, council)
    run(used)
    file = tmp_path / "pairs.csv"
    pairs = crow.export(used, file)
    rows = read_list(file)
    assert pairs == len(rows) > 0
    settings = configparser.ConfigParser()
    settings.read(file.with_suffix(".ini"), encoding="utf-8")
    told = [
        value.replace(" ", "").split(",") for value in dict(settings["columnfile_info_and_order"]).values()
    ]
    assert {column for column, *_ in told} <= set(rows[0])
    assert (
        {side for _, side, _ in told} == set(dict(settings["dataset_names"]).values()) == {"council", "nhs"}
    )
    for row in rows:
        row["match"] = "1.0" if row["id_nhs"] == f"x{N[2]}" else ""
        row["comments"] = "known to the social worker"
    assert crow.is_crow(set(rows[0]))
    (kept,) = crow.import_rows(used, rows, "review.csv", "ada").new
    assert (kept.verdict, kept.why, kept.right.record_id) == ("same", "known to the social worker", N[2])
    assert crow.import_rows(used, rows, "review.csv", "ada").known == [kept]
    run(used)
    assert links(used)["3"]["method"] == "decision"


def test_verdicts_written_into_the_review_list_are_kept_and_rows_without_one_passed_over(used: Path) -> None:
    council = [list(row) for row in COUNCIL]
    council[2][4] = "M40 2XY"
    write(used, council)
    run(used)
    rows = read_rows(current(used) / "review.csv")
    assert decisions.import_rows(used, rows, "decisions.csv") == Kept()
    asked = next(row for row in rows if row["nhs_number"] == N[2])
    asked |= {"verdict": "Same", "why": "telephoned"}
    # The list may be a week old when it comes back: what counts is what it showed.
    write(used, COUNCIL)
    run(used)
    (kept,) = decisions.import_rows(used, rows, "review.csv", "ada").new
    assert (kept.verdict, kept.why, kept.left.record_id, kept.right.record_id) == (
        "same",
        "telephoned",
        "3",
        N[2],
    )
    assert kept.left.shown == asked["council_shown"]
    assert "waits" in states(used)[kept.number]


def test_what_cannot_be_decided_is_told_without_the_value(fresh: Path) -> None:
    with pytest.raises(InputError, match="the first record named is not among the council records"):
        decisions.decide(fresh, ("Zyx", N[0]), "same")
    with pytest.raises(MappingError, match="same, different"):
        decisions.decide(fresh, ("1", N[0]), "perhaps")
    with pytest.raises(MappingError, match=r"worked\.csv has no column verdict"):
        decisions.import_rows(fresh, [{"left_record": "1"}], "worked.csv")
    assert decisions.all_decisions(fresh) == []


def test_a_number_that_is_only_not_in_the_register_is_not_called_invalid(fresh: Path) -> None:
    absent = made_up_number(90_000)
    with pytest.raises(InputError, match=r"not among the nhs records of the current run$"):
        decisions.decide(fresh, ("1", absent), "same")
    typed = absent[:-1] + str((int(absent[-1]) + 1) % 10)
    with pytest.raises(InputError, match=r"current run \(nor is it a valid NHS Number\)$"):
        decisions.decide(fresh, ("1", typed), "same")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"verdict": "yes"}, "review.csv row 3: a decision is one of"),
        ({"nhs_number": "9.38E+09", "verdict": "same"}, "review.csv row 3: the NHS Number is not valid"),
        ({"nhs_number": "", "verdict": "same"}, "review.csv row 3: both records"),
        ({"record_id": "3.0"}, "review.csv row 3: the council record is in no run of"),
        (
            {"council_shown": "Otherby"},
            "review.csv row 3: what stands for the values shown is no hash that a run wrote",
        ),
        ({"verdict": "different"}, "review.csv row 3: another verdict .* stands in review.csv row 2"),
    ],
)
def test_a_worked_list_with_a_fault_is_refused_whole(used: Path, changes: dict[str, str], told: str) -> None:
    shown = {"council_shown": f"v{1:016x}", "nhs_shown": f"v{2:016x}"}
    row = {"record_id": "3", "nhs_number": N[2], **shown, "verdict": "same"}
    before = decisions.all_decisions(used)
    with pytest.raises((InputError, MappingError), match=told):
        decisions.import_rows(used, [row, row | changes], "review.csv")
    assert decisions.all_decisions(used) == before


def test_a_record_that_left_or_has_another_id_now_may_still_be_decided_on_as_it_was_shown(used: Path) -> None:
    held = fingerprints(current(used), {"5", "6", N[3], N[4]})
    rows = [
        {"record_id": record, "nhs_number": number, "council_shown": held["council", record][2],
         "nhs_shown": held["nhs", number][2], "verdict": "same"}
        for record, number in (("5", N[3]), ("6", N[4]))
    ]  # fmt: skip
    write(used, [*COUNCIL[:4], ["66", *COUNCIL[5][1:]]])
    run(used)
    assert len(decisions.import_rows(used, rows, "review.csv", "ada").new) == 2


def test_two_answers_that_contradict_each_other_are_refused_whichever_record_stands_first(
    used: Path,
) -> None:
    told = "row 3: another verdict on the same two records stands in .* row 2"
    sides = {"left_record": "1", "right_record": "2", "verdict": "same"}
    turned = {"left_record": "2", "right_record": "1", "verdict": "different"}
    with pytest.raises(MappingError, match=told):
        decisions.import_rows(used, [sides, turned], "duplicates.csv")
    held = fingerprints(current(used), {"1", N[2]})
    row = {
        "id_council": "x1",
        "id_nhs": f"x{N[2]}",
        "shown_council": f"x{held['council', '1'][2]}",
        "shown_nhs": f"x{held['nhs', N[2]][2]}",
        "match": "1",
    }
    with pytest.raises(MappingError, match=told):
        crow.import_rows(used, [row, row | {"match": "0"}], "crow.csv", "ada")
    assert len(decisions.all_decisions(used)) == 4


def test_a_list_that_is_no_parquet_file_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "worked.parquet").write_text("verdict", encoding="utf-8")
    with pytest.raises(InputError, match=r"worked\.parquet cannot be read as Parquet"):
        read_rows(tmp_path / "worked.parquet")


@pytest.mark.parametrize("name", ["pairs.ini", "mine.csv"])
def test_crows_configuration_never_takes_the_place_of_anything(
    fresh: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "mine.ini").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="CROW's configuration would be"):
        crow.export(fresh, tmp_path / name)
    assert (tmp_path / "mine.ini").read_text(encoding="utf-8") == "mine"


def test_a_review_list_that_a_spreadsheet_has_changed_in_its_run_is_told(used: Path, tmp_path: Path) -> None:
    decisions.decide(used, ("4", N[2]), "different", "eve")
    run(used)
    file = current(used) / "review.csv"
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    file.write_text("\n".join([lines[0], f"1E9,{lines[1].partition(',')[2]}"]), encoding="utf-8-sig")
    with pytest.raises(InputError, match=r"review\.csv row 2 names a record that is not in the run"):
        crow.export(used, tmp_path / "pairs.csv")


def test_two_numbers_are_not_decided_to_be_one_person(fresh: Path) -> None:
    pair = (f"nhs:{N[2]}", f"nhs:{N[3]}")
    with pytest.raises(InputError, match="both are NHS Numbers, and a person has one"):
        decisions.decide(fresh, pair, "same")
    assert decisions.all_decisions(fresh) == []
    assert decisions.decide(fresh, pair, "different").number == 1


def test_two_numbers_that_were_decided_to_be_one_person_may_become_one_in_the_register(fresh: Path) -> None:
    # As a workspace may have it of a time when that could be said.
    sides = decisions.show(fresh, [("nhs", N[2]), ("nhs", N[3])])
    keep(fresh, [Decision(0, sides[0], sides[1], "same", "ada", "2026-01-05T09:00:00Z")])
    file = fresh / "in" / "nhs.csv"
    heading, *rows = file.read_text(encoding="utf-8").splitlines()
    rows = [f"{row},{N[3] if row.startswith(N[2]) else ''}" for row in rows]
    file.write_text("\n".join([f"{heading},Superseded By", *rows]), encoding="utf-8")
    run(fresh)
    assert states(fresh) == {1: "applied"}


def test_an_answer_of_crow_on_a_record_that_there_never_was_is_refused(used: Path) -> None:
    row = {
        "id_council": "x77",
        "id_nhs": f"x{N[2]}",
        "shown_council": "xv1",
        "shown_nhs": "xv2",
        "match": "1",
    }
    before = decisions.all_decisions(used)
    with pytest.raises(InputError, match=r"crow\.csv row 2: the council record is in no run of"):
        crow.import_rows(used, [row], "crow.csv", "ada")
    assert decisions.all_decisions(used) == before


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"nhs_number": N[0]}, "what was shown is not the nhs record that is named"),
        ({"nhs_number": N[5]}, "what was shown is not the nhs record that is named"),
        ({"record_id": "4"}, "what was shown is not the council record that is named"),
        ({"record_id": "77"}, "the council record is in no run"),
    ],
)
def test_an_id_or_a_number_that_was_typed_over_is_not_taken_for_what_was_shown(
    used: Path, changes: dict[str, str], told: str
) -> None:
    council, nhs = decisions.show(used, [("council", "3"), ("nhs", N[1])])
    row = {"record_id": "3", "nhs_number": N[1], "council_shown": council.shown, "nhs_shown": nhs.shown}
    row |= {"verdict": "same"}
    before = decisions.all_decisions(used)
    with pytest.raises(InputError, match=rf"review\.csv row 2: {told}"):
        decisions.import_rows(used, [row | changes], "review.csv")
    assert decisions.all_decisions(used) == before
    assert decisions.import_rows(used, [row], "review.csv").new


def decide_many(folder: Path, who: str) -> None:
    for record in "123456":
        sides = Side("council", record, "v1"), Side("nhs", N[0], "v2")
        keep(folder, [Decision(0, *sides, "different", who, "2026-01-01T00:00:00Z")])


def test_eight_processes_deciding_at_once_lose_and_double_nothing(fresh: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=decide_many, args=(fresh, f"p{number}")) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    made = decisions.all_decisions(fresh)
    assert [each.number for each in made] == list(range(1, 49))
    assert sorted((each.who, each.left.record_id) for each in made) == sorted(
        (f"p{number}", record) for number in range(8) for record in "123456"
    )
    with open_store(fresh) as store:
        assert audit.verify(store, fresh) == []


def test_who_was_decided_to_be_different_is_not_said_to_be_like_nobody(decided: Path) -> None:
    assert re.fullmatch(
        "Decided on [0-9-]{10} to be somebody else than a person of the register; nobody else there .*",
        links(decided)["1"]["reason"],
    )
    assert links(decided)["1"]["band"] == "none"


def test_a_different_person_of_the_register_does_not_undo_who_is_the_same(fresh: Path) -> None:
    decisions.decide(fresh, ("1", N[0]), "different", "ada")
    decisions.decide(fresh, ("1", "council:2"), "same", "ada")
    run(fresh)
    assert (links(fresh)["1"]["band"], links(fresh)["1"]["nhs_number"]) == ("accept", N[1])


def test_an_objection_reaches_whom_somebody_decided_to_be_the_same_person(
    decided: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(decided, tmp_path / "objecting"))
    assert [links(folder)[record]["nhs_number"] for record in "34"] == [N[2], N[2]]
    (folder / "in" / "objections.csv").write_text("record_id\n4\n", encoding="utf-8")
    text = settings_text(Settings(objections="in/objections.csv"))
    (folder / "linkage.toml").write_text(text, encoding="utf-8")
    run(folder)
    assert {links(folder)[record]["band"] for record in "34"} == {"screened"}
    assert all(row["nhs_number"] != N[2] for row in links(folder).values())


def test_an_objection_does_not_follow_decisions_that_do_not_stand(undecided: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(undecided, tmp_path / "objecting"))
    for one, other, verdict in (("3", "4", "same"), ("4", "6", "same"), ("3", "6", "different")):
        decisions.decide(folder, (one, f"council:{other}"), verdict, "ada")
    (folder / "in" / "objections.csv").write_text("record_id\n3\n", encoding="utf-8")
    text = settings_text(Settings(objections="in/objections.csv"))
    (folder / "linkage.toml").write_text(text, encoding="utf-8")
    run(folder)
    assert [links(folder)[record]["band"] == "screened" for record in "346"] == [True, False, False]


@pytest.mark.parametrize(("verdict", "band"), [("different", "none"), ("cannot-tell", "screened")])
def test_an_objection_does_not_reach_a_namesake_who_was_decided_to_be_somebody_else(
    fresh: Path, verdict: str, band: str
) -> None:
    decisions.decide(fresh, ("1", N[0]), verdict, "ada")
    (fresh / "in" / "objections.csv").write_text(f"nhs_number\n{N[0]}\n", encoding="utf-8")
    text = settings_text(Settings(objections="in/objections.csv"))
    (fresh / "linkage.toml").write_text(text, encoding="utf-8")
    run(fresh)
    assert links(fresh)["1"]["band"] == band


def test_two_records_decided_to_be_different_do_not_both_get_the_number_that_fits_both(fresh: Path) -> None:
    write(fresh, [*COUNCIL, ["7", *COUNCIL[0][1:]]])
    run(fresh)
    assert [links(fresh)[record]["band"] for record in "17"] == ["accept", "accept"]
    decisions.decide(fresh, ("council:1", "council:7"), "different", "ada")
    run(fresh)
    for record in "17":
        link = links(fresh)[record]
        assert (link["band"], link["nhs_number"]) == ("review", N[0])
        assert (
            link["reason"]
            == "Decided to be somebody else than another record, which fits this NHS Number too."
        )
    assert {row["record_id"] for row in read_rows(current(fresh) / "review.csv")} >= {"1", "7"}
    decisions.decide(fresh, ("1", N[0]), "same", "ada")
    run(fresh)
    assert [links(fresh)[record]["band"] for record in "17"] == ["accept", "none"]
